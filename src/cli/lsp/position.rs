//! Places of the protocol: lines and columns from 0, where a column counts code units of UTF-16, or bytes if the
//! client takes them. Lines end as the protocol has it, at `\n`, `\r\n` and `\r`; for Docker only `\n` ends one.

use crate::source::Span;
use lsp_types::{Position, PositionEncodingKind, Range};

/// What a column counts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Encoding {
    /// Bytes.
    Utf8,
    /// Code units of UTF-16, which every client knows.
    #[default]
    Utf16,
}

impl Encoding {
    /// The best of what the client offers: bytes need no counting.
    pub(super) fn choose(offered: Option<&[PositionEncodingKind]>) -> Self {
        let bytes = offered.is_some_and(|list| list.contains(&PositionEncodingKind::UTF8));
        if bytes { Encoding::Utf8 } else { Encoding::Utf16 }
    }

    pub(super) fn kind(self) -> PositionEncodingKind {
        match self {
            Encoding::Utf8 => PositionEncodingKind::UTF8,
            Encoding::Utf16 => PositionEncodingKind::UTF16,
        }
    }

    fn width(self, c: char) -> usize {
        match self {
            Encoding::Utf8 => c.len_utf8(),
            Encoding::Utf16 => c.len_utf16(),
        }
    }
}

/// Where the lines of a text start.
#[derive(Debug)]
pub(super) struct Lines<'t> {
    text: &'t str,
    starts: Vec<usize>,
    encoding: Encoding,
}

impl<'t> Lines<'t> {
    pub(super) fn new(text: &'t str, encoding: Encoding) -> Self {
        let bytes = text.as_bytes();
        let ends = |&at: &usize| match bytes[at] {
            b'\n' => true,
            b'\r' => bytes.get(at + 1) != Some(&b'\n'),
            _ => false,
        };
        let starts = std::iter::once(0).chain((0..bytes.len()).filter(ends).map(|at| at + 1)).collect();
        Self { text, starts, encoding }
    }

    /// The offset of a place. A column behind the end of its line is that end, a line behind the last one the end of
    /// the text, and a place inside a character the start of it.
    pub(super) fn offset(&self, position: Position) -> usize {
        let Some(&start) = self.starts.get(position.line as usize) else { return self.text.len() };
        let wanted = position.character as usize;
        let mut column = 0;
        for (at, c) in self.line(start).char_indices() {
            column += self.encoding.width(c);
            if column > wanted {
                return start + at;
            }
        }
        start + self.line(start).len()
    }

    /// The place of an offset. One between the two characters of a line end is the end of that line.
    pub(super) fn position(&self, offset: usize) -> Position {
        let offset = offset.min(self.text.len());
        let line = self.starts.partition_point(|&start| start <= offset) - 1;
        let start = self.starts[line];
        let inside = self.line(start).char_indices().take_while(|(at, _)| start + at < offset);
        let column: usize = inside.map(|(_, c)| self.encoding.width(c)).sum();
        Position::new(line as u32, column as u32)
    }

    pub(super) fn range(&self, span: Span) -> Range {
        Range::new(self.position(span.start as usize), self.position(span.end as usize))
    }

    /// The bytes between two places, in whichever order they stand.
    pub(super) fn span(&self, range: Range) -> Span {
        let (a, b) = (self.offset(range.start), self.offset(range.end));
        Span::from(a.min(b)..a.max(b))
    }

    /// The line that starts at `start`, without its end.
    fn line(&self, start: usize) -> &'t str {
        let rest = &self.text[start..];
        &rest[..rest.find(['\n', '\r']).unwrap_or(rest.len())]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn at(line: u32, character: u32) -> Position {
        Position::new(line, character)
    }

    #[test]
    fn columns_count_what_was_agreed_on() {
        let text = "a\u{1f600}é x\r\nb";
        let x = text.find('x').expect("it is there");
        assert_eq!(Lines::new(text, Encoding::Utf16).position(x), at(0, 5));
        assert_eq!(Lines::new(text, Encoding::Utf8).position(x), at(0, 8));
        assert_eq!(Lines::new(text, Encoding::Utf16).offset(at(0, 5)), x);
        assert_eq!(Lines::new(text, Encoding::Utf8).offset(at(0, 8)), x);
    }

    #[test]
    fn a_place_that_is_none_is_the_nearest_one() {
        let lines = Lines::new("a\u{1f600}\r\nb\rc\n", Encoding::Utf16);
        assert_eq!(lines.offset(at(0, 2)), 1, "inside a pair of surrogates");
        assert_eq!(lines.offset(at(0, 99)), 5, "behind the end of a line, which has two characters");
        assert_eq!(lines.offset(at(1, 1)), 8);
        assert_eq!(lines.offset(at(2, 0)), 9, "a carriage return ends a line");
        assert_eq!(lines.offset(at(3, 7)), 11);
        assert_eq!(lines.offset(at(9, 0)), 11);
        assert_eq!(lines.position(6), at(0, 3), "between the two characters of a line end");
        assert_eq!(lines.position(99), at(3, 0));
        assert_eq!(Lines::new("", Encoding::Utf8).position(0), at(0, 0));
    }

    #[test]
    fn bytes_are_taken_if_they_are_offered() {
        let both = [PositionEncodingKind::UTF16, PositionEncodingKind::UTF8];
        assert_eq!(Encoding::choose(Some(&both)), Encoding::Utf8);
        assert_eq!(Encoding::choose(Some(&[PositionEncodingKind::UTF32])), Encoding::Utf16);
        assert_eq!(Encoding::choose(None), Encoding::Utf16);
    }

    proptest! {
        #[test]
        fn every_character_has_a_place_of_its_own(text in "[ab\r\n\u{1f600}é\u{feff}]{0,20}", bytes in any::<bool>()) {
            let lines = Lines::new(&text, if bytes { Encoding::Utf8 } else { Encoding::Utf16 });
            let mut last = None;
            for at in (0..=text.len()).filter(|&at| text.is_char_boundary(at)) {
                let place = lines.position(at);
                if at > 0 && text.as_bytes()[at - 1..].starts_with(b"\r\n") {
                    prop_assert_eq!(Some(place), last, "inside a line end");
                    continue;
                }
                prop_assert!(last < Some(place));
                prop_assert_eq!(lines.offset(place), at);
                last = Some(place);
            }
        }
    }
}
