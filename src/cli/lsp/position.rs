//! Places of the protocol: lines and columns from 0, where a column counts code units of UTF-16, or bytes if the
//! client takes them. Lines end as the protocol has it, at `\n`, `\r\n` and `\r`; for Docker only `\n` ends one.

use super::chunks::ends;
use crate::source::{Ruler, Span, Unit};
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

    fn unit(self) -> Unit {
        match self {
            Encoding::Utf8 => Unit::Byte,
            Encoding::Utf16 => Unit::Utf16,
        }
    }

    pub(super) fn width(self, c: char) -> usize {
        match self {
            Encoding::Utf8 => c.len_utf8(),
            Encoding::Utf16 => c.len_utf16(),
        }
    }
}

/// Where the lines of a text start. A line may be as long as the text and hold thousands of places, so no place reads all
/// of it.
#[derive(Debug)]
pub(super) struct Lines<'t> {
    text: &'t str,
    starts: Vec<usize>,
    ruler: Ruler,
    encoding: Encoding,
}

impl<'t> Lines<'t> {
    pub(super) fn new(text: &'t str, encoding: Encoding) -> Self {
        let starts = std::iter::once(0).chain(ends(text)).collect();
        Self { text, starts, ruler: Ruler::new(text), encoding }
    }

    /// The offset of a place. A column behind the end of its line is that end, a line behind the last one the end of
    /// the text, and a place inside a character the start of it.
    pub(super) fn offset(&self, position: Position) -> usize {
        let line = position.line as usize;
        let Some(&start) = self.starts.get(line) else { return self.text.len() };
        let end = self.starts.get(line + 1).map_or(self.text.len(), |&next| self.line_end(next));
        let unit = self.encoding.unit();
        let wanted = self.ruler.before(self.text, start, unit) + position.character as usize;
        self.ruler.place(self.text, wanted, unit).min(end)
    }

    /// The place of an offset. One between the two characters of a line end is the end of that line.
    pub(super) fn position(&self, offset: usize) -> Position {
        let mut offset = offset.min(self.text.len());
        let line = self.starts.partition_point(|&start| start <= offset) - 1;
        let start = self.starts[line];
        while !self.text.is_char_boundary(offset) {
            offset += 1;
        }
        if offset > 0 && self.text.as_bytes()[offset - 1..].starts_with(b"\r\n") {
            offset -= 1;
        }
        let before = |at| self.ruler.before(self.text, at, self.encoding.unit());
        Position::new(line as u32, (before(offset) - before(start)) as u32)
    }

    pub(super) fn range(&self, span: Span) -> Range {
        Range::new(self.position(span.start as usize), self.position(span.end as usize))
    }

    /// The bytes between two places, in whichever order they stand.
    pub(super) fn span(&self, range: Range) -> Span {
        let (a, b) = (self.offset(range.start), self.offset(range.end));
        Span::from(a.min(b)..a.max(b))
    }

    /// Where the line in front of the one that starts at `next` ends, without its line end.
    fn line_end(&self, next: usize) -> usize {
        next - if self.text[..next].ends_with("\r\n") { 2 } else { 1 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::time::{Duration, Instant};

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

    #[test]
    fn many_places_on_one_long_line_are_soon_found() {
        // With a look at the line for each place it takes many minutes.
        let text = "é\t\u{1f600} ".repeat(500_000);
        let (lines, start) = (Lines::new(&text, Encoding::Utf16), Instant::now());
        for at in (0..text.len()).step_by(80).filter(|&at| text.is_char_boundary(at)) {
            assert_eq!(lines.offset(lines.position(at)), at);
        }
        assert!(start.elapsed() < Duration::from_secs(60), "{:?}", start.elapsed());
    }

    /// The same as [`Lines::offset`] and [`Lines::position`], with a look at the whole line.
    fn looked_for(text: &str, encoding: Encoding, at: usize) -> Position {
        let head = &text[..at];
        let start = ends(text).take_while(|&end| end <= at).last().unwrap_or_default();
        let line = ends(text).take_while(|&end| end <= at).count();
        let column = head[start..].trim_end_matches('\r').chars().map(|c| encoding.width(c)).sum::<usize>();
        Position::new(line as u32, column as u32)
    }

    proptest! {
        #[test]
        fn a_long_line_has_the_places_of_short_ones(
            text in "([a\t\r\n\u{1f600}é\u{feff}]{0,9}|a{250,260}|(a\u{1f600}){60,70}|é{120,130}|\r\n){0,4}",
            bytes in any::<bool>(),
        ) {
            let encoding = if bytes { Encoding::Utf8 } else { Encoding::Utf16 };
            let lines = Lines::new(&text, encoding);
            for at in (0..=text.len()).filter(|&at| text.is_char_boundary(at)) {
                prop_assert_eq!(lines.position(at), looked_for(&text, encoding, at));
            }
        }

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
