//! Source text: byte spans, the line index, line endings and the byte order mark.
//!
//! Every position in layerwise is a byte offset into the UTF-8 text of one file. Lines and columns
//! exist only at the edges (reports, editors) and are computed here.

use memchr::memchr_iter;
use std::ops::Range;

/// The byte order mark that some editors put in front of UTF-8 text.
pub const BOM: &str = "\u{feff}";

/// A half-open range of byte offsets into one source text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    /// Offset of the first byte.
    pub start: u32,
    /// Offset one past the last byte.
    pub end: u32,
}

impl Span {
    /// The span from `start` up to, not including, `end`.
    pub const fn new(start: u32, end: u32) -> Self {
        Self { start, end }
    }

    /// The span of no bytes at `at`.
    pub const fn empty(at: u32) -> Self {
        Self { start: at, end: at }
    }

    /// The number of bytes.
    pub const fn len(self) -> u32 {
        self.end - self.start
    }

    /// Whether the span covers no byte.
    pub const fn is_empty(self) -> bool {
        self.start == self.end
    }

    /// As indices into the source text.
    pub const fn range(self) -> Range<usize> {
        self.start as usize..self.end as usize
    }

    /// The bytes of `text` that the span covers.
    pub fn of(self, text: &str) -> &str {
        &text[self.range()]
    }

    /// The smallest span that covers both.
    pub fn to(self, other: Span) -> Span {
        Span::new(self.start.min(other.start), self.end.max(other.end))
    }

    /// Whether `other` lies inside this span.
    pub const fn contains(self, other: Span) -> bool {
        self.start <= other.start && other.end <= self.end
    }

    /// Whether the two share a byte, or one is an insertion point inside the other.
    pub const fn overlaps(self, other: Span) -> bool {
        self.start < other.end && other.start < self.end
    }
}

impl From<Range<usize>> for Span {
    fn from(range: Range<usize>) -> Self {
        Span::new(range.start as u32, range.end as u32)
    }
}

/// A line and a column, both counted from 1; the column counts Unicode scalar values.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    /// The line, from 1.
    pub line: u32,
    /// The column, from 1, in characters.
    pub column: u32,
}

/// Where each line of a text starts.
#[derive(Clone, Debug)]
pub struct LineIndex {
    starts: Vec<u32>,
    /// Whether each byte is a character: a line may be long, and have thousands of findings.
    is_ascii: bool,
}

impl LineIndex {
    /// Reads `text` once. Lines end at `\n` only, as BuildKit's scanner has it.
    pub fn new(text: &str) -> Self {
        let newlines = memchr_iter(b'\n', text.as_bytes());
        let starts = std::iter::once(0).chain(newlines.map(|at| at as u32 + 1)).collect();
        Self { starts, is_ascii: text.is_ascii() }
    }

    /// The line of `offset`, from 1.
    pub fn line(&self, offset: u32) -> u32 {
        self.starts.partition_point(|&start| start <= offset) as u32
    }

    /// Where `line` starts, from 1, if there is one.
    pub fn start(&self, line: u32) -> Option<u32> {
        self.starts.get(line.checked_sub(1)? as usize).copied()
    }

    /// The line and column of `offset` in `text`, the text that the index was made from.
    pub fn position(&self, text: &str, offset: u32) -> Position {
        let line = self.line(offset);
        let start = self.starts[line as usize - 1] as usize;
        let head = &text[start..(offset as usize).min(text.len())];
        let characters = if self.is_ascii { head.len() } else { head.trim_start_matches(BOM).chars().count() };
        Position { line, column: characters as u32 + 1 }
    }

    /// The offset of a line and a column, both from 1, in `text`; the column counts characters, and may be one
    /// behind the last. Nothing if there is no such place.
    pub fn offset(&self, text: &str, line: u32, column: u32) -> Option<u32> {
        let start = self.start(line)? as usize;
        let skipped = column.checked_sub(1)? as usize;
        let line = text[start..].split('\n').next().unwrap_or_default();
        let ends = line.char_indices().map(|(at, _)| at).chain([line.len()]);
        ends.into_iter().nth(skipped).map(|at| (start + at) as u32)
    }
}

/// Whether `c` steers a terminal or the reading direction, so that it must not be shown as it is. Tab
/// and line feed don't count.
pub fn is_unsafe(c: char) -> bool {
    match c {
        '\t' | '\n' => false,
        '\u{061c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => true,
        c => c.is_control(),
    }
}

/// Whether the character of `text` at the byte `at` is the second `#` of `##vso[` or `##[`: Azure Pipelines obeys what
/// follows, wherever in a line it stands.
pub fn is_command_mark(text: &str, at: usize) -> bool {
    let Some(rest) = text.as_bytes()[..=at].ends_with(b"##").then(|| &text.as_bytes()[at + 1..]) else { return false };
    rest.starts_with(b"[") || rest.get(..4).is_some_and(|head| head.eq_ignore_ascii_case(b"vso["))
}

/// How the lines of a file end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LineEnding {
    /// `\n`
    Lf,
    /// `\r\n`
    CrLf,
}

impl LineEnding {
    /// The line ending that most lines of `text` have; `\n` when there is a tie or no line.
    pub fn of(text: &str) -> Self {
        let bytes = text.as_bytes();
        let all = memchr_iter(b'\n', bytes).count();
        let crlf = memchr_iter(b'\r', bytes).filter(|&at| bytes.get(at + 1) == Some(&b'\n')).count();
        if crlf * 2 > all { LineEnding::CrLf } else { LineEnding::Lf }
    }

    /// The bytes of the line ending.
    pub const fn as_str(self) -> &'static str {
        match self {
            LineEnding::Lf => "\n",
            LineEnding::CrLf => "\r\n",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn positions_count_characters_and_skip_the_byte_order_mark() {
        let text = "\u{feff}FROM a\r\n# é x\n";
        let index = LineIndex::new(text);
        assert_eq!(index.position(text, 3), Position { line: 1, column: 1 });
        let x = text.find(" x").unwrap() as u32 + 1;
        assert_eq!(index.position(text, x), Position { line: 2, column: 5 });
        assert_eq!(index.line(text.len() as u32), 3);
        assert_eq!(index.offset(text, 2, 5), Some(x));
        assert_eq!(index.offset(text, 2, 6), Some(x + 1), "the end of a line");
        assert_eq!(index.offset(text, 2, 7), None);
        assert_eq!((index.offset(text, 4, 1), index.offset(text, 0, 1), index.offset(text, 1, 0)), (None, None, None));
    }

    #[test]
    fn the_usual_line_ending_wins() {
        assert_eq!(LineEnding::of("a\r\nb\r\nc\n"), LineEnding::CrLf);
        assert_eq!(LineEnding::of("a\nb\r\n"), LineEnding::Lf);
        assert_eq!(LineEnding::of(""), LineEnding::Lf);
    }
}
