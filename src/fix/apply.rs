//! Applying fixes: each one whole or not at all.
//!
//! Fixes that come near each other are not combined. One that touches an accepted fix is left for
//! the next pass, where its rule sees the new text and makes the edits that fit it; unless it does all that
//! the accepted one does, and more: then it takes its place, and both are applied.

use crate::diagnostic::{Edit, Fix};
use crate::source::Span;
use std::collections::{BTreeMap, BTreeSet};
use thiserror::Error;

/// A text with fixes applied.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Applied {
    /// The new text.
    pub text: String,
    /// The fixes that went in, as ascending indices into what was given.
    pub applied: Vec<usize>,
    /// The fixes left out because they touch one that went in, or have no edit, as ascending indices.
    pub skipped: Vec<usize>,
}

/// A fix that can't be applied to any part of the text: a mistake in the rule that made it.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum ApplyError {
    /// An edit ends behind the text, or before it starts.
    #[error("the fix \"{title}\" edits bytes {} to {}, but the file has {len} bytes", .span.start, .span.end)]
    OutOfBounds {
        /// What the fix does.
        title: String,
        /// The place of the edit.
        span: Span,
        /// The length of the text in bytes.
        len: usize,
    },
    /// An edit starts or ends inside a character.
    #[error("the fix \"{title}\" edits bytes {} to {}, which cuts a character in two", .span.start, .span.end)]
    InsideCharacter {
        /// What the fix does.
        title: String,
        /// The place of the edit.
        span: Span,
    },
    /// Two edits of one fix replace the same bytes.
    #[error("the fix \"{title}\" edits the bytes {} to {} more than once", .span.start, .span.end)]
    SelfOverlap {
        /// What the fix does.
        title: String,
        /// The place of the second edit.
        span: Span,
    },
}

/// Applies `fixes` to `text` in the order given; an earlier one wins over a later one that overlaps
/// or touches it, but for one that extends it. Fails, with nothing applied, when an edit of any fix doesn't fit the text.
pub fn apply(text: &str, fixes: &[&Fix]) -> Result<Applied, ApplyError> {
    let mut taken = Taken::default();
    // The edits of each fix, while they count.
    let mut edits: Vec<Vec<&Edit>> = Vec::with_capacity(fixes.len());
    let (mut applied, mut skipped) = (Vec::new(), Vec::new());
    for (index, fix) in fixes.iter().enumerate() {
        let sorted = check(text, fix)?;
        let touched = taken.touched(&sorted);
        // A fix without edits would count as progress for ever.
        if sorted.is_empty() || !touched.iter().all(|&other| extends(&sorted, &edits[other])) {
            skipped.push(index);
            edits.push(Vec::new());
            continue;
        }
        touched.into_iter().for_each(|other| edits[other].clear());
        sorted.iter().for_each(|e| taken.add(e.span, index));
        edits.push(sorted);
        applied.push(index);
    }
    let mut edits = edits.concat();
    // Stable: insertions at one point are of one fix, and stay in its order.
    edits.sort_by_key(|e| e.span);
    Ok(Applied { text: splice(text, &edits), applied, skipped })
}

/// Whether `edits` do all that `accepted` do: the same in the same places, and perhaps more lines where some are put in.
fn extends(edits: &[&Edit], accepted: &[&Edit]) -> bool {
    let at = |list: &[&Edit], span: Span| {
        let start = list.partition_point(|e| e.span < span);
        list[start..].iter().take_while(|e| e.span == span).map(|e| e.replacement.as_str()).collect::<String>()
    };
    accepted.iter().all(|edit| {
        let (old, new) = (at(accepted, edit.span), at(edits, edit.span));
        let there = edits.binary_search_by_key(&edit.span, |e| e.span).is_ok();
        there && (new == old || edit.span.is_empty() && old.ends_with('\n') && new.starts_with(&old))
    })
}

/// The edits of `fix` in order of position, once they are known to fit `text` and each other.
fn check<'a>(text: &str, fix: &'a Fix) -> Result<Vec<&'a Edit>, ApplyError> {
    let title = || fix.title.clone();
    let mut edits: Vec<&Edit> = fix.edits.iter().collect();
    edits.sort_by_key(|e| e.span);
    let mut end = 0;
    for edit in &edits {
        let span = edit.span;
        if span.start > span.end || span.end as usize > text.len() {
            return Err(ApplyError::OutOfBounds { title: title(), span, len: text.len() });
        }
        if !text.is_char_boundary(span.start as usize) || !text.is_char_boundary(span.end as usize) {
            return Err(ApplyError::InsideCharacter { title: title(), span });
        }
        if span.start < end {
            return Err(ApplyError::SelfOverlap { title: title(), span });
        }
        end = span.end;
    }
    Ok(edits)
}

fn splice(text: &str, edits: &[&Edit]) -> String {
    let grown: usize = edits.iter().map(|e| e.replacement.len()).sum();
    let mut out = String::with_capacity(text.len() + grown);
    let mut at = 0;
    for edit in edits {
        let range = edit.span.range();
        out.push_str(&text[at..range.start]);
        out.push_str(&edit.replacement);
        at = range.end;
    }
    out.push_str(&text[at..]);
    out
}

/// The places of the accepted edits: the end of each by its start, and the last fix that it is of. Ends ascend with
/// starts, because edits don't overlap.
#[derive(Default)]
struct Taken(BTreeMap<u32, (u32, usize)>);

impl Taken {
    /// The accepted fixes that share a byte or a border with one of `edits`. A shared border counts: which
    /// of two texts put at the same point comes first would be chance.
    fn touched(&self, edits: &[&Edit]) -> BTreeSet<usize> {
        let by = |span: Span| self.0.range(..=span.end).rev().take_while(move |(_, (end, _))| *end >= span.start);
        edits.iter().flat_map(|e| by(e.span)).map(|(_, (_, fix))| *fix).collect()
    }

    fn add(&mut self, span: Span, fix: usize) {
        // An insertion directly in front of a deletion, in one fix, has the same start.
        let (end, last) = self.0.entry(span.start).or_insert((span.end, fix));
        *end = span.end.max(*end);
        *last = fix;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::Applicability;
    use proptest::prelude::*;

    fn fix(edits: Vec<Edit>) -> Fix {
        Fix::new("mend it", Applicability::Safe, edits)
    }

    fn run(text: &str, fixes: &[Fix]) -> Result<Applied, ApplyError> {
        apply(text, &fixes.iter().collect::<Vec<_>>())
    }

    #[test]
    fn a_fix_goes_in_whole_or_not_at_all() {
        let fixes = [
            fix(vec![Edit::delete(Span::new(2, 4))]),
            fix(vec![Edit::insert(0, "X"), Edit::delete(Span::new(3, 5))]),
            fix(vec![Edit::insert(8, "Y")]),
        ];
        let applied = run("01234567", &fixes).unwrap();
        assert_eq!(applied, Applied { text: "014567Y".into(), applied: vec![0, 2], skipped: vec![1] });
    }

    #[test]
    fn touching_fixes_wait_for_the_next_pass() {
        let base = fix(vec![Edit::replace(Span::new(3, 5), "_")]);
        for other in [(2, 3), (5, 6), (3, 3), (5, 5), (4, 4), (3, 5), (0, 8)] {
            let other = fix(vec![Edit::replace(Span::new(other.0, other.1), "!")]);
            assert_eq!(run("01234567", &[base.clone(), other]).unwrap().skipped, [1]);
        }
        let inserts = [fix(vec![Edit::insert(3, "a")]), fix(vec![Edit::insert(3, "b")])];
        assert_eq!(run("01234567", &inserts).unwrap().text, "012a34567");
    }

    #[test]
    fn edits_of_one_fix_may_touch() {
        let moved = fix(vec![Edit::delete(Span::new(2, 4)), Edit::insert(2, "a"), Edit::insert(4, "b")]);
        assert_eq!(run("012345", std::slice::from_ref(&moved)).unwrap().text, "01ab45");
        let near = fix(vec![Edit::insert(4, "c")]);
        assert_eq!(run("012345", &[moved, near]).unwrap().skipped, [1]);
    }

    #[test]
    fn a_fix_that_does_more_takes_the_place_of_one_that_does_less() {
        let moved = |text: &str, from: &[(u32, u32)]| {
            let gone = from.iter().map(|&(start, end)| Edit::delete(Span::new(start, end)));
            fix([Edit::insert(0, text)].into_iter().chain(gone).collect())
        };
        let text = "a\nb\nc\nd\n";
        let (one, two) = (moved("b\n", &[(2, 4)]), moved("b\nd\n", &[(2, 4), (6, 8)]));
        let applied = run(text, &[one.clone(), two.clone()]).unwrap();
        assert_eq!(applied, Applied { text: "b\nd\na\nc\n".into(), applied: vec![0, 1], skipped: vec![] });
        assert_eq!(run(text, &[two.clone(), one.clone()]).unwrap().skipped, [1], "the first one is not undone");
        let other_lines = moved("d\nb\n", &[(2, 4), (6, 8)]);
        let half = moved("b\n", &[(6, 8)]);
        let no_line = [fix(vec![Edit::insert(0, "b")]), fix(vec![Edit::insert(0, "bc")])];
        assert_eq!(run(text, &[one.clone(), other_lines]).unwrap().skipped, [1]);
        assert_eq!(run(text, &[one.clone(), half]).unwrap().skipped, [1]);
        assert_eq!(run(text, &no_line).unwrap().skipped, [1]);
        // A third that only one of them touches is in the way of both.
        let third = fix(vec![Edit::replace(Span::new(6, 7), "e")]);
        assert_eq!(run(text, &[one, third, two]).unwrap().skipped, [2]);
    }

    #[test]
    fn a_fix_without_edits_is_no_progress() {
        assert_eq!(run("a", &[fix(vec![])]).unwrap().skipped, [0]);
    }

    #[test]
    fn edits_that_do_not_fit_are_errors() {
        let error = |edits| run("aé", &[fix(edits)]).unwrap_err().to_string();
        assert_eq!(
            error(vec![Edit::insert(4, "")]),
            "the fix \"mend it\" edits bytes 4 to 4, but the file has 3 bytes"
        );
        assert_eq!(
            error(vec![Edit::delete(Span::new(0, 2))]),
            "the fix \"mend it\" edits bytes 0 to 2, which cuts a character in two"
        );
        let twice = vec![Edit::delete(Span::new(0, 1)), Edit::delete(Span::new(0, 3))];
        assert_eq!(error(twice), "the fix \"mend it\" edits the bytes 0 to 3 more than once");
        assert!(matches!(
            run("aé", &[fix(vec![Edit::delete(Span { start: 1, end: 0 })])]),
            Err(ApplyError::OutOfBounds { .. })
        ));
    }

    /// The same in a few slow lines: every pair compared, edits made from the back.
    fn naive(text: &str, fixes: &[Fix]) -> Applied {
        let touch = |a: Span, b: Span| a.start <= b.end && b.start <= a.end;
        let (mut applied, mut skipped, mut live) = (Vec::<usize>::new(), Vec::new(), Vec::<usize>::new());
        for (i, fix) in fixes.iter().enumerate() {
            let touches = |&j: &usize| fix.edits.iter().any(|a| fixes[j].edits.iter().any(|b| touch(a.span, b.span)));
            let at = |fix: &Fix, span: Span| {
                let edits: Vec<&str> =
                    fix.edits.iter().filter(|e| e.span == span).map(|e| e.replacement.as_str()).collect();
                (!edits.is_empty()).then(|| edits.concat())
            };
            let is_done = |&j: &usize| {
                fixes[j].edits.iter().map(|e| e.span).all(|span| match (at(&fixes[j], span), at(fix, span)) {
                    (Some(old), Some(new)) => {
                        old == new || span.is_empty() && old.ends_with('\n') && new.starts_with(&old)
                    }
                    _ => false,
                })
            };
            if fix.edits.is_empty() || live.iter().any(|j| touches(j) && !is_done(j)) {
                skipped.push(i);
            } else {
                live.retain(|j| !touches(j));
                live.push(i);
                applied.push(i);
            }
        }
        let mut edits: Vec<&Edit> = live.iter().flat_map(|&i| &fixes[i].edits).collect();
        edits.sort_by_key(|e| e.span);
        let mut out = text.to_owned();
        edits.iter().rev().for_each(|e| out.replace_range(e.span.range(), &e.replacement));
        Applied { text: out, applied, skipped }
    }

    /// Fixes for a text of `len` characters of two bytes each. Pairs of neighbours in a sorted list of
    /// points never overlap.
    fn fixes(len: u32) -> impl Strategy<Value = Vec<Fix>> {
        let points = proptest::collection::vec((0..=len, "([A-Z]{0,2}|(A\n){1,2})"), 0..6);
        let one = points.prop_map(|mut points| {
            points.sort();
            let edit = |p: &[(u32, String)]| Edit::replace(Span::new(p[0].0 * 2, p[1].0 * 2), p[0].1.clone());
            fix(points.chunks_exact(2).map(edit).collect())
        });
        proptest::collection::vec(one, 0..8)
    }

    proptest! {
        #[test]
        fn equals_the_naive_model(fixes in prop_oneof![fixes(30), fixes(3)]) {
            let text = "é".repeat(30);
            let got = run(&text, &fixes).unwrap();
            prop_assert_eq!(&got, &naive(&text, &fixes));
            // A skipped fix leaves no trace: the accepted ones alone give the same text.
            let alone: Vec<&Fix> = got.applied.iter().map(|&i| &fixes[i]).collect();
            let again = apply(&text, &alone).unwrap();
            prop_assert_eq!(again.text, got.text);
            prop_assert!(again.skipped.is_empty());
        }

        #[test]
        fn never_panics(edits in proptest::collection::vec((0u32..12, 0u32..12, "[a-z]{0,3}"), 0..6)) {
            let edits = edits.into_iter().map(|(start, end, new)| Edit::replace(Span { start, end }, new));
            let _ = run("aé\u{1f600}b\n", &[fix(edits.collect())]);
        }
    }
}
