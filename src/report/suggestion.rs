//! A fix as one replacement of whole lines, for reviewers who take it with a click.
//!
//! A fix that moves lines has several edits, and half of it would break the file; so all between the first and the
//! last edit is replaced at once.

use crate::diagnostic::{Applicability, Edit, Fix};
use crate::fix::apply::apply;
use crate::source::{LineIndex, Span};

/// Lines from `first` to `last`, from 1, and what comes in their place, without the last line break.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Suggestion {
    pub(super) first: usize,
    pub(super) last: usize,
    pub(super) text: String,
}

/// The longest lines, in bytes, for which there is one: of many findings on one line, each holds the whole line.
const LONGEST: usize = 16 << 10;

/// `fix` as such a replacement, if it can be applied to `text`, whose lines are `lines`, and changes lines that are there.
/// No more of the text is read than these.
pub(super) fn of(text: &str, lines: &LineIndex, fix: &Fix) -> Option<Suggestion> {
    let from = fix.edits.iter().map(|e| e.span.start).min()?;
    let to = fix.edits.iter().map(|e| e.span.end).max()?;
    let fits = |e: &Edit| e.span.start <= e.span.end && e.span.end as usize <= text.len();
    if fix.applicability == Applicability::Display || !fix.edits.iter().all(fits) {
        return None;
    }
    let (start, line_end) = (lines.line_around(text, from).start, lines.line_around(text, to).end);
    let (from, to) = (start as u32, to as usize);
    let window = &text[start..line_end];
    if window.len() > LONGEST {
        return None;
    }
    let moved = |e: &Edit| Edit::replace(Span::new(e.span.start - from, e.span.end - from), e.replacement.clone());
    let here = Fix::new(fix.title.clone(), fix.applicability, fix.edits.iter().map(moved).collect());
    let new = apply(window, &[&here]).ok()?.text;
    let whole_lines = |end: usize| &new[..new.len() - (line_end - end)];
    // An edit that ends with a line break does not touch the next line, if it leaves one there. An insertion alone needs
    // a line to replace.
    let leaves_break = |end| whole_lines(end).is_empty() || whole_lines(end).ends_with('\n');
    let is_at_start = to > start && text[..to].ends_with('\n') && leaves_break(to);
    let end = if is_at_start { to } else { line_end };
    // A text without any character takes the lines out, so an empty line in their place can't be told.
    if start == end || matches!(whole_lines(end), "\n" | "\r\n") {
        return None;
    }
    let replaced = whole_lines(end);
    let replaced = replaced.strip_suffix('\n').unwrap_or(replaced);
    let last = text[start..end].strip_suffix('\n').map_or(end, |old| start + old.len());
    let line = |at: usize| lines.line(at as u32) as usize;
    let text = replaced.strip_suffix('\r').unwrap_or(replaced).to_owned();
    Some(Suggestion { first: line(start), last: line(last), text })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::time::{Duration, Instant};

    fn of(text: &str, edits: Vec<Edit>) -> Option<(usize, usize, String)> {
        let fix = Fix::new("mend it", Applicability::Safe, edits);
        super::of(text, &LineIndex::new(text), &fix).map(|s| (s.first, s.last, s.text))
    }

    const TEXT: &str = "FROM a\nCOPY . .\nRUN b\nCMD c\n";

    #[test]
    fn a_line_that_no_one_reads_has_none() {
        let text = format!("a{}", "b".repeat(LONGEST - 1));
        assert!(of(&text, vec![Edit::delete(Span::new(0, 1))]).is_some());
        assert_eq!(of(&format!("{text}c"), vec![Edit::delete(Span::new(0, 1))]), None);
    }

    #[test]
    fn a_move_is_one_replacement_of_lines() {
        let moved = vec![Edit::insert(7, "RUN b\n"), Edit::delete(Span::new(16, 22))];
        assert_eq!(of(TEXT, moved), Some((2, 3, "RUN b\nCOPY . .".into())));
    }

    #[test]
    fn a_change_inside_a_line_replaces_the_line() {
        assert_eq!(of(TEXT, vec![Edit::replace(Span::new(20, 21), "x")]), Some((3, 3, "RUN x".into())));
        let crlf = TEXT.replace('\n', "\r\n");
        let at = crlf.find('b').expect("it is there") as u32;
        assert_eq!(of(&crlf, vec![Edit::replace(Span::new(at, at + 1), "x")]), Some((3, 3, "RUN x".into())));
    }

    #[test]
    fn insertions_and_deletions_of_lines() {
        assert_eq!(of(TEXT, vec![Edit::insert(16, "ARG x\n")]), Some((3, 3, "ARG x\nRUN b".into())));
        assert_eq!(of(TEXT, vec![Edit::delete(Span::new(7, 16))]), Some((2, 2, String::new())));
        let end = TEXT.len() as u32;
        assert_eq!(of("FROM a", vec![Edit::insert(6, "\nCMD x")]), Some((1, 1, "FROM a\nCMD x".into())));
        assert_eq!(of(TEXT, vec![Edit::insert(end, "USER x\n")]), None, "there is no line to replace");
        assert_eq!(of(TEXT, vec![]), None);
        assert_eq!(of(TEXT, vec![Edit::delete(Span::new(3, 99))]), None);
    }

    #[test]
    fn a_fix_of_each_line_of_a_long_file_is_soon_told() {
        // If each of them reads the whole file, it takes minutes.
        let (text, start) = ("RUN a\n".repeat(1_000_000), Instant::now());
        let lines = LineIndex::new(&text);
        for at in (0..100_000u32).map(|n| n * 60) {
            let fix = Fix::new("mend it", Applicability::Safe, vec![Edit::replace(Span::new(at + 4, at + 5), "b")]);
            let line = at as usize / 6 + 1;
            let suggestion = Suggestion { first: line, last: line, text: "RUN b".into() };
            assert_eq!(super::of(&text, &lines, &fix), Some(suggestion));
        }
        assert!(start.elapsed() < Duration::from_secs(60), "{:?}", start.elapsed());
    }

    proptest! {
        #[test]
        fn the_lines_replaced_are_what_the_fix_makes(
            text in "[ab\n]{1,20}",
            edits in proptest::collection::btree_map(0u32..20, "[xy\n]{0,4}", 1..4),
        ) {
            // Each edit takes the byte it stands at, or none.
            let len = text.len() as u32;
            let edit = |(at, new): (u32, String)| {
                let at = at.min(len);
                if new.len() % 2 == 0 { Edit::insert(at, new) } else { Edit::replace(Span::new(at, (at + 1).min(len)), new) }
            };
            let fix = Fix::new("mend it", Applicability::Safe, edits.into_iter().map(edit).collect());
            let Some(suggestion) = super::of(&text, &LineIndex::new(&text), &fix) else { return Ok(()) };
            let new = apply(&text, &[&fix]).expect("it was applied before").text;
            let lines: Vec<&str> = text.split('\n').collect();
            let (above, below) = (&lines[..suggestion.first - 1], &lines[suggestion.last..]);
            let changed = if suggestion.text.is_empty() { vec![] } else { vec![suggestion.text.as_str()] };
            let result = [above, &changed, below].concat().join("\n");
            // Whether the last line of the file has a line break can't be told.
            prop_assert_eq!(result.trim_end_matches('\n'), new.trim_end_matches('\n'));
        }
    }
}
