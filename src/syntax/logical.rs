//! A logical line: the physical lines of one instruction, joined as the builder joins them, with a
//! map from each byte of the joined text back to the source.

use crate::source::Span;
use std::borrow::Cow;
use std::ops::Range;

/// The joined text of an instruction. An instruction on one line borrows from the source.
#[derive(Clone, Debug)]
pub struct Logical<'a> {
    source: &'a str,
    text: Cow<'a, str>,
    /// Where the first byte of the text stands in the source.
    start: u32,
    /// The further pieces: (offset in the text, offset in the source), both ascending.
    pieces: Vec<(u32, u32)>,
}

impl<'a> Logical<'a> {
    /// A logical line that starts as `first`, a piece of `source`.
    pub(super) fn new(source: &'a str, first: Span) -> Self {
        Self { source, text: Cow::Borrowed(first.of(source)), start: first.start, pieces: Vec::new() }
    }

    /// Joins the next physical line.
    pub(super) fn push(&mut self, piece: Span) {
        if !piece.is_empty() {
            self.pieces.push((self.text.len() as u32, piece.start));
            self.text.to_mut().push_str(piece.of(self.source));
        }
    }

    /// The joined text: continuations, comments and newlines gone.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The source that the text was joined from.
    pub fn source(&self) -> &'a str {
        self.source
    }

    /// The bytes `range` of the text, cut into what stands in one piece in the source: the part of the text,
    /// and where it starts in the source.
    pub fn pieces(&self, range: Range<usize>) -> impl Iterator<Item = (Range<usize>, u32)> {
        let starts = std::iter::once((0, self.start)).chain(self.pieces.iter().copied());
        let ends = self.pieces.iter().map(|p| p.0 as usize).chain([self.text.len()]);
        starts.zip(ends).filter_map(move |((from, source), end)| {
            let part = range.start.max(from as usize)..range.end.min(end);
            (part.start < part.end).then(|| (part.clone(), source + part.start as u32 - from))
        })
    }

    fn piece_of(&self, at: u32) -> (u32, u32) {
        match self.pieces.partition_point(|p| p.0 <= at) {
            0 => (0, self.start),
            n => self.pieces[n - 1],
        }
    }

    /// Where the bytes `range` of the text stand in the source; what was cut out between them is
    /// inside the span.
    pub fn span(&self, range: Range<usize>) -> Span {
        let (first, last) = (range.start as u32, range.end as u32);
        if self.pieces.is_empty() {
            return Span::new(self.start + first, self.start + last.max(first));
        }
        let (from, source) = self.piece_of(first);
        let start = source + (first - from);
        if last <= first {
            return Span::empty(start);
        }
        let (from, source) = self.piece_of(last - 1);
        Span::new(start, source + (last - from))
    }

    /// The text of `range`, borrowed from the source where it stands there in one piece.
    pub fn slice(&self, range: Range<usize>) -> Cow<'a, str> {
        let span = self.span(range.clone());
        if span.len() as usize == range.len() {
            Cow::Borrowed(span.of(self.source))
        } else {
            Cow::Owned(self.text[range].to_owned())
        }
    }

    /// The range of `part`, which must be a slice of [`Logical::text`].
    pub(super) fn range_of(&self, part: &str) -> Range<usize> {
        let start = part.as_ptr() as usize - self.text.as_ptr() as usize;
        start..start + part.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_across_a_continuation_map_to_both_lines() {
        let source = "RUN a\\\nb c";
        let mut line = Logical::new(source, Span::new(0, 5));
        line.push(Span::new(7, 10));
        assert_eq!(line.text(), "RUN ab c");
        assert_eq!(line.span(4..6).of(source), "a\\\nb");
        assert_eq!(line.span(7..8).of(source), "c");
        assert_eq!(line.span(4..5).of(source), "a");
        assert!(matches!(line.slice(7..8), Cow::Borrowed("c")));
        assert_eq!(line.slice(4..6), "ab");
    }
}
