//! Places as other programs want them: on character borders, never empty, never behind the end of a line.
//!
//! Some readers refuse a whole report for one place that does not exist in the file.

use super::clamp;
use crate::source::{BOM, LineIndex, Span};

/// What a column counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Unit {
    /// Unicode scalar values.
    Character,
    /// Code units of UTF-16, as Java and JavaScript have them.
    Utf16,
    /// Bytes of UTF-8.
    Byte,
}

/// A text, and where its lines start.
pub(super) struct Lines<'a> {
    text: &'a str,
    index: LineIndex,
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
        let head = &self.text[..offset as usize];
        let head = head[head.rfind('\n').map_or(0, |at| at + 1)..].trim_start_matches(BOM);
        let before = match unit {
            Unit::Character => head.chars().count(),
            Unit::Utf16 => head.encode_utf16().count(),
            Unit::Byte => head.len(),
        };
        (self.index.line(offset), before as u32 + 1)
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
    let start = span.start as usize;
    let (before, after) = text.split_at(start);
    let line_after = after.trim_start_matches(BOM).split('\n').next().unwrap_or_default().trim_end_matches('\r');
    if let Some(next) = line_after.chars().next() {
        let from = start + after.len() - after.trim_start_matches(BOM).len();
        return Span::from(from..from + next.len_utf8());
    }
    // At the end of a line: its last character, which is not the carriage return of a CRLF.
    let line_before = before[before.rfind('\n').map_or(0, |at| at + 1)..].trim_start_matches(BOM);
    let kept = line_before.trim_end_matches('\r');
    let end = start - (line_before.len() - kept.len());
    let last = kept.chars().next_back().map_or(0, char::len_utf8);
    Span::from(end - last..end)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

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

    proptest! {
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
