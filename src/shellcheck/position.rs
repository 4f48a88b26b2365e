//! A script and the way from its lines and columns back to the bytes of the file.

use crate::source::{LineIndex, Span};
use std::ops::Range;

/// A text put together from pieces of a file, and from words that stand in no file.
#[derive(Clone, Debug, Default)]
pub struct Mapped {
    text: String,
    pieces: Vec<Piece>,
}

/// Some bytes that stand in the file as they are.
#[derive(Clone, Copy, Debug)]
struct Piece {
    /// Where they start in the text.
    at: u32,
    /// Where they start in the file.
    source: u32,
    len: u32,
}

impl Piece {
    fn end(self) -> u32 {
        self.at + self.len
    }
}

impl Mapped {
    /// Adds what stands in no file.
    pub(super) fn own(&mut self, text: &str) {
        self.text.push_str(text);
    }

    /// Adds `text`, which stands in the file from `source` on.
    pub(super) fn piece(&mut self, text: &str, source: u32) {
        if !text.is_empty() {
            self.pieces.push(Piece { at: self.text.len() as u32, source, len: text.len() as u32 });
            self.text.push_str(text);
        }
    }

    /// The text.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Where the first byte that stands in the file stands there.
    pub fn start(&self) -> Option<u32> {
        self.pieces.first().map(|piece| piece.source)
    }

    /// Where each line of the text starts.
    pub(super) fn lines(&self) -> LineIndex {
        LineIndex::new(&self.text)
    }

    /// Where the bytes `range` of the text stand in the file; what was left out between them is inside.
    /// Nothing if none of them stands in the file.
    pub fn span(&self, range: Range<u32>) -> Option<Span> {
        let touched = self.touched(&range);
        let (first, last) = (touched.first()?, touched.last()?);
        let start = first.source + range.start.max(first.at) - first.at;
        let end = last.source + range.end.min(last.end()) - last.at;
        Some(Span::new(start, end.max(start)))
    }

    /// The end of the last piece, if `at` lies behind it: what a parser misses at the end of a script, it misses
    /// there.
    pub(super) fn end_before(&self, at: u32) -> Option<Span> {
        let last = self.pieces.last()?;
        (last.end() <= at).then(|| Span::empty(last.source + last.len))
    }

    /// The same as [`Mapped::span`], if these bytes stand in the file in one piece. A place between two pieces is none in the
    /// file, unless `edge` says whose end or start is meant.
    pub fn exact(&self, range: Range<u32>, edge: Edge) -> Option<Span> {
        let pieces = self.touched(&range);
        let piece = match (pieces, edge) {
            ([only], _) => only,
            ([_, next], Edge::Start) if range.is_empty() => next,
            ([previous, _], Edge::End) if range.is_empty() => previous,
            _ => return None,
        };
        let is_inside = piece.at <= range.start && range.end <= piece.end();
        is_inside.then(|| Span::new(piece.source + range.start - piece.at, piece.source + range.end - piece.at))
    }

    /// The pieces that share a byte with `range`; for an empty one, those that it stands in or beside.
    fn touched(&self, range: &Range<u32>) -> &[Piece] {
        let (first, last) = if range.is_empty() {
            let at = range.start;
            (self.pieces.partition_point(|p| p.end() < at), self.pieces.partition_point(|p| p.at <= at))
        } else {
            let first = self.pieces.partition_point(|p| p.end() <= range.start);
            (first, self.pieces.partition_point(|p| p.at < range.end))
        };
        self.pieces.get(first..last.max(first)).unwrap_or_default()
    }
}

/// Which side of a place between two pieces is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Edge {
    /// What follows.
    Start,
    /// What stands in front.
    End,
    /// It does not say.
    None,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_lies_across_pieces_has_a_span_but_no_exact_place() {
        let mut text = Mapped::default();
        text.own("#!/bin/sh\n");
        text.piece("ab", 4);
        text.piece("cd", 9);
        text.own("\nEOF");
        assert_eq!(text.text(), "#!/bin/sh\nabcd\nEOF");
        assert_eq!(text.span(0..9), None);
        assert_eq!(text.span(11..13), Some(Span::new(5, 10)));
        assert_eq!(text.span(14..16), None, "the last line is ours");
        assert_eq!(text.end_before(16), Some(Span::empty(11)));
        assert_eq!(text.end_before(9), None, "what stands in front is ours");
        assert_eq!(text.span(14..14), Some(Span::new(11, 11)), "the end of a script");
        assert_eq!(text.exact(11..13, Edge::None), None);
        assert_eq!(text.exact(12..14, Edge::None), Some(Span::new(9, 11)));
        assert_eq!(text.exact(12..12, Edge::None), None);
        assert_eq!(text.exact(12..12, Edge::Start), Some(Span::new(9, 9)));
        assert_eq!(text.exact(12..12, Edge::End), Some(Span::new(6, 6)));
        assert_eq!(text.exact(13..15, Edge::None), None, "a part of it is ours");
    }
}
