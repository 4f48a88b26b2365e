//! Places as other programs want them: on character borders, never empty, never behind the end of a line.
//!
//! Some readers refuse a whole report for one place that does not exist in the file.

use super::clamp;
pub(super) use crate::source::Unit;
use crate::source::{BOM, LineIndex, Span};

/// A text, and where its lines start.
pub(super) struct Lines<'a> {
    text: &'a str,
    pub(super) index: LineIndex,
}

/// A place with lines and columns from 1; the end is exclusive.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Region {
    pub(super) line: u32,
    pub(super) end_line: u32,
    /// The columns of the start and the end; none if the line is empty, so that only the line can be named.
    pub(super) columns: Option<(u32, u32)>,
}

impl<'a> Lines<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        Self { text, index: LineIndex::new(text) }
    }

    /// The place of a finding.
    pub(super) fn region(&self, span: Span, unit: Unit) -> Region {
        let span = solid(self.text, span);
        if span.is_empty() {
            let line = self.index.line(span.start);
            return Region { line, end_line: line, columns: None };
        }
        self.exact(span, unit)
    }

    /// The place of an edit, which may be empty.
    pub(super) fn exact(&self, span: Span, unit: Unit) -> Region {
        let span = clamp(self.text, span);
        let (line, column) = self.place(span.start, unit);
        let (end_line, end_column) = self.place(span.end, unit);
        Region { line, end_line, columns: Some((column, end_column)) }
    }

    fn place(&self, offset: u32, unit: Unit) -> (u32, u32) {
        self.index.place(self.text, offset, unit)
    }
}

/// `span` without line breaks at its ends, and with a character in it if its line has one.
pub fn solid(text: &str, span: Span) -> Span {
    const NOTHING: [char; 3] = ['\r', '\n', '\u{feff}'];
    let span = clamp(text, span);
    let part = span.of(text);
    let (head, tail) = (part.trim_start_matches(NOTHING).len(), part.trim_end_matches(NOTHING).len());
    if head > 0 {
        return Span::new(span.end - head as u32, span.start + tail as u32);
    }
    let (before, after) = text.split_at(span.start as usize);
    let rest = after.trim_start_matches(BOM);
    if let Some(next) = first(rest) {
        let from = text.len() - rest.len();
        return Span::from(from..from + next.len_utf8());
    }
    // At the end of a line: its last character, which is not the carriage return of a CRLF.
    let kept = before.trim_end_matches('\r');
    let last = last(kept).map_or(0, char::len_utf8);
    Span::from(kept.len() - last..kept.len())
}

/// The first character of the line that `text` starts with. Its end is no part of it, and it may be too long to be looked
/// for each time.
fn first(text: &str) -> Option<char> {
    let next = text.trim_start_matches('\r').chars().next();
    if matches!(next, None | Some('\n')) { None } else { text.chars().next() }
}

/// The last character of the line that `text` ends with, but for byte order marks in front of the line.
fn last(text: &str) -> Option<char> {
    let before = text.trim_end_matches(BOM).chars().next_back();
    if matches!(before, None | Some('\n')) { None } else { text.chars().next_back() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::time::{Duration, Instant};

    fn region(text: &str, start: u32, end: u32, unit: Unit) -> (u32, u32, Option<(u32, u32)>) {
        let r = Lines::new(text).region(Span::new(start, end), unit);
        (r.line, r.end_line, r.columns)
    }

    #[test]
    fn columns_are_counted_in_the_unit_asked_for() {
        let text = "FROM a\nRUN \u{1f600}é x\n";
        let x = text.find('x').expect("it is there") as u32;
        assert_eq!(region(text, x, x + 1, Unit::Character), (2, 2, Some((8, 9))));
        assert_eq!(region(text, x, x + 1, Unit::Utf16), (2, 2, Some((9, 10))));
        assert_eq!(region(text, x, x + 1, Unit::Byte), (2, 2, Some((12, 13))));
    }

    #[test]
    fn line_breaks_at_the_end_are_not_part_of_a_place() {
        assert_eq!(region("ab\r\ncd\r\n", 0, 8, Unit::Character), (1, 2, Some((1, 3))));
        assert_eq!(region("ab\r\ncd\r\n", 2, 6, Unit::Character), (2, 2, Some((1, 3))));
    }

    #[test]
    fn an_empty_place_gets_a_character_of_its_line() {
        assert_eq!(region("ab\r\n\r\n", 0, 0, Unit::Character), (1, 1, Some((1, 2))));
        for at in 2..4 {
            assert_eq!(region("ab\r\n\r\n", at, at, Unit::Character), (1, 1, Some((2, 3))), "{at}");
            assert_eq!(region("ab\r\n\r\n", at, at + 1, Unit::Character), (1, 1, Some((2, 3))), "{at}");
        }
        assert_eq!(region("ab\r\n\r\n", 4, 4, Unit::Character), (2, 2, None));
        assert_eq!(region("ab\n", 3, 3, Unit::Character), (2, 2, None));
        assert_eq!(region("", 0, 9, Unit::Character), (1, 1, None));
        assert_eq!(region("\u{feff}ab", 0, 0, Unit::Character), (1, 1, Some((1, 2))));
        assert_eq!(region("\u{feff}", 3, 3, Unit::Character), (1, 1, None));
    }

    #[test]
    fn many_places_on_one_long_line_are_soon_found() {
        // With a look at the line for each place it takes many minutes.
        for text in ["a ".repeat(2_000_000), "é\t\u{1f600} ".repeat(500_000)] {
            let (lines, start) = (Lines::new(&text), Instant::now());
            for at in (0..text.len() as u32).step_by(80) {
                let span = clamp(&text, Span::empty(at));
                for unit in [Unit::Character, Unit::Utf16, Unit::Byte] {
                    assert!(lines.region(span, unit).columns.is_some());
                }
            }
            assert!(start.elapsed() < Duration::from_secs(60), "{:?}", start.elapsed());
        }
    }

    /// The same as [`solid`], with a look at the whole line.
    fn looked_for(text: &str, at: usize) -> Span {
        let (before, after) = text.split_at(at);
        let line_after = after.trim_start_matches(BOM).split('\n').next().unwrap_or_default().trim_end_matches('\r');
        if let Some(next) = line_after.chars().next() {
            let from = text.len() - after.trim_start_matches(BOM).len();
            return Span::from(from..from + next.len_utf8());
        }
        let line_before = before[before.rfind('\n').map_or(0, |at| at + 1)..].trim_start_matches(BOM);
        let kept = line_before.trim_end_matches('\r');
        let end = at - (line_before.len() - kept.len());
        Span::from(end - kept.chars().next_back().map_or(0, char::len_utf8)..end)
    }

    proptest! {
        #[test]
        fn a_character_is_found_without_a_look_at_the_line(text in "[ab\r\n\u{feff}]{0,9}") {
            for at in (0..=text.len()).filter(|&at| text.is_char_boundary(at)) {
                prop_assert_eq!(solid(&text, Span::empty(at as u32)), looked_for(&text, at), "{}", at);
            }
        }

        #[test]
        fn every_place_exists_and_is_not_empty(text in "\u{feff}?[ab\r\n\u{1f600}é]{0,12}", start in 0u32..40, len in 0u32..40) {
            for unit in [Unit::Character, Unit::Utf16, Unit::Byte] {
                let region = Lines::new(&text).region(Span::new(start, start + len), unit);
                let width = |line: u32| {
                    let line = text.trim_start_matches(BOM).split('\n').nth(line as usize - 1).expect("the line exists");
                    let line = line.strip_suffix('\r').unwrap_or(line);
                    1 + match unit {
                        Unit::Character => line.chars().count(),
                        Unit::Utf16 => line.encode_utf16().count(),
                        Unit::Byte => line.len(),
                    } as u32
                };
                let Some((from, to)) = region.columns else {
                    // Only carriage returns may stand there.
                    let line = text.trim_start_matches(BOM).split('\n').nth(region.line as usize - 1).expect("it exists");
                    prop_assert!(line.chars().all(|c| c == '\r'), "{line:?}");
                    continue;
                };
                prop_assert!((region.line, from) < (region.end_line, to), "{region:?}");
                prop_assert!(from >= 1 && from <= width(region.line) && to <= width(region.end_line), "{region:?}");
            }
        }
    }
}
