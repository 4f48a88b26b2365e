//! A text that takes many edits: each finds its place and is made without reading the whole text again.
//!
//! "Replace all" is one message with an edit for each line. So the text is kept in chunks, each of which knows how many
//! line ends and columns it has; an edit passes over those in front of it, and makes anew the few that it touches.

use super::position::Encoding;
use lsp_types::{Position, Range};

/// No chunk is shorter than this for its own sake, in bytes.
const SHORTEST: usize = 1024;

/// A text in chunks. None of them is empty, but for the only one of an empty text, and no `\r\n` lies across two.
pub(super) struct Chunks {
    list: Vec<Chunk>,
    /// About how long a chunk is, in bytes: there are about as many chunks then, and both are passed over for each edit.
    size: usize,
    encoding: Encoding,
}

struct Chunk {
    text: String,
    /// The line ends in it.
    ends: usize,
    /// The columns that all of it would have on one line.
    columns: usize,
}

/// A place between two characters: the number of a chunk, and the offset in it.
type Place = (usize, usize);

impl Chunks {
    pub(super) fn new(text: &str, encoding: Encoding) -> Self {
        let mut chunks = Self { list: Vec::new(), size: text.len().isqrt().max(SHORTEST), encoding };
        chunks.list = chunks.cut(text);
        chunks
    }

    /// The whole text.
    pub(super) fn text(&self) -> String {
        self.list.iter().map(|chunk| chunk.text.as_str()).collect()
    }

    /// Puts `new` where `range` is; its ends may stand in either order.
    pub(super) fn replace(&mut self, range: Range, new: &str) {
        let (a, b) = (self.place(range.start), self.place(range.end));
        let (from, to) = (a.min(b), a.max(b));
        let (mut first, mut last) = (from.0, to.0);
        let mut text = [&self.list[first].text[..from.1], new, &self.list[last].text[to.1..]].concat();
        // A chunk that became short is put to its neighbour, and so are the two characters of a line end.
        let is_short = |text: &str| text.len() < self.size / 4;
        if first > 0 && (is_short(&text) || text.starts_with('\n')) {
            first -= 1;
            text.insert_str(0, &self.list[first].text);
        }
        if last + 1 < self.list.len() && (is_short(&text) || text.ends_with('\r')) {
            last += 1;
            text.push_str(&self.list[last].text);
        }
        let made = self.cut(&text);
        self.list.splice(first..=last, made);
    }

    /// The place that the protocol means, as [`super::position::Lines::offset`] has it.
    fn place(&self, position: Position) -> Place {
        let end = (self.list.len() - 1, self.list[self.list.len() - 1].text.len());
        let Some((mut chunk, mut at)) = self.line(position.line as usize) else { return end };
        let mut left = position.character as usize;
        while let Some(Chunk { text, ends, columns }) = self.list.get(chunk) {
            if at == 0 && *ends == 0 && *columns <= left {
                left -= columns;
            } else {
                for (offset, c) in text[at..].char_indices() {
                    let width = self.encoding.width(c);
                    if matches!(c, '\r' | '\n') || width > left {
                        return (chunk, at + offset);
                    }
                    left -= width;
                }
            }
            (chunk, at) = (chunk + 1, 0);
        }
        end
    }

    /// Where a line starts, which may be the end of a chunk; none if there is no such line.
    fn line(&self, line: usize) -> Option<Place> {
        let mut left = line;
        for (number, chunk) in self.list.iter().enumerate() {
            if left <= chunk.ends {
                let start = if left == 0 { 0 } else { ends(&chunk.text).nth(left - 1)? };
                return Some((number, start));
            }
            left -= chunk.ends;
        }
        None
    }

    fn cut(&self, text: &str) -> Vec<Chunk> {
        let mut list = Vec::new();
        let mut rest = text;
        while rest.len() > 2 * self.size {
            let is_border = |&at: &usize| rest.is_char_boundary(at) && !rest.as_bytes()[at - 1..].starts_with(b"\r\n");
            let at = (self.size..rest.len()).find(is_border).unwrap_or(rest.len());
            list.push(self.chunk(&rest[..at]));
            rest = &rest[at..];
        }
        if !rest.is_empty() || list.is_empty() {
            list.push(self.chunk(rest));
        }
        list
    }

    fn chunk(&self, text: &str) -> Chunk {
        let columns = match self.encoding {
            Encoding::Utf8 => text.len(),
            Encoding::Utf16 => text.chars().map(char::len_utf16).sum(),
        };
        Chunk { text: text.to_owned(), ends: ends(text).count(), columns }
    }
}

/// Where each line end of `text` ends, as the protocol has it.
pub(super) fn ends(text: &str) -> impl Iterator<Item = usize> {
    let bytes = text.as_bytes();
    let is_end = |&at: &usize| match bytes[at] {
        b'\n' => true,
        b'\r' => bytes.get(at + 1) != Some(&b'\n'),
        _ => false,
    };
    (0..bytes.len()).filter(is_end).map(|at| at + 1)
}
