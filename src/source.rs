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

/// What a column counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// Unicode scalar values.
    Character,
    /// Code units of UTF-16, as Java and JavaScript have them.
    Utf16,
    /// Bytes of UTF-8.
    Byte,
}

/// How far apart the marks of a [`Ruler`] are, in bytes.
const STEP: usize = 256;

/// How many characters stand in front of a place. A line may be as long as its file and hold thousands of findings, so
/// the count is written down at every few hundred bytes, and no more than those between two marks are ever read again.
#[derive(Clone, Debug)]
pub struct Ruler {
    /// The characters, and the code units of UTF-16, in front of every [`STEP`]th byte. None if each byte is a character.
    marks: Vec<[u32; 2]>,
}

impl Ruler {
    /// Reads `text` once.
    pub fn new(text: &str) -> Self {
        if text.is_ascii() {
            return Self { marks: Vec::new() };
        }
        let mut sum = [0, 0];
        let marks = text.as_bytes().chunks(STEP).map(|step| {
            let before = sum;
            let [characters, units] = counted(step);
            sum = [sum[0] + characters, sum[1] + units];
            before
        });
        Self { marks: marks.collect() }
    }

    /// The units in front of the byte `at` of `text`, the text that this was made from.
    pub fn before(&self, text: &str, at: usize, unit: Unit) -> usize {
        if unit == Unit::Byte || self.marks.is_empty() {
            return at;
        }
        let mark = (at / STEP).min(self.marks.len() - 1);
        let rest = counted(&text.as_bytes()[mark * STEP..at]);
        let which = usize::from(unit == Unit::Utf16);
        (self.marks[mark][which] + rest[which]) as usize
    }

    /// The last border of characters with no more than `count` units in front of it.
    pub fn place(&self, text: &str, count: usize, unit: Unit) -> usize {
        if unit == Unit::Byte || self.marks.is_empty() {
            return border(text, count);
        }
        let which = usize::from(unit == Unit::Utf16);
        let mark = self.marks.partition_point(|mark| mark[which] as usize <= count) - 1;
        let start = mark * STEP;
        let left = count - self.marks[mark][which] as usize;
        // The mark may stand inside a character, which counts as one in front of it.
        let from = (start..text.len()).find(|&at| text.is_char_boundary(at)).unwrap_or(text.len());
        let mut units = 0;
        for (at, c) in text[from..].char_indices() {
            units += if which == 1 { c.len_utf16() } else { 1 };
            if units > left {
                return from + at;
            }
        }
        text.len()
    }
}

/// The border of characters at `at`, or the last one in front of it.
pub fn border(text: &str, at: usize) -> usize {
    let mut at = at.min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

/// The characters that start in `bytes`, and their code units in UTF-16.
fn counted(bytes: &[u8]) -> [u32; 2] {
    // All but those that go on with a character; and those that start one of four bytes, which is a pair in UTF-16.
    let characters = bytes.iter().filter(|&&byte| byte & 0xc0 != 0x80).count();
    let pairs = bytes.iter().filter(|&&byte| byte >= 0xf0).count();
    [characters as u32, (characters + pairs) as u32]
}

/// Where each line of a text starts.
#[derive(Clone, Debug)]
pub struct LineIndex {
    starts: Vec<u32>,
    ruler: Ruler,
    /// The lines with a byte order mark in front: where they start, and where their text does.
    marked: Vec<(u32, u32)>,
}

impl LineIndex {
    /// Reads `text` once. Lines end at `\n` only, as BuildKit's scanner has it.
    pub fn new(text: &str) -> Self {
        let newlines = memchr_iter(b'\n', text.as_bytes());
        let starts: Vec<u32> = std::iter::once(0).chain(newlines.map(|at| at as u32 + 1)).collect();
        let ruler = Ruler::new(text);
        let mut marked = Vec::new();
        if !ruler.marks.is_empty() {
            for &start in &starts {
                let line = &text[start as usize..];
                let rest = line.trim_start_matches(BOM);
                if rest.len() < line.len() {
                    marked.push((start, start + (line.len() - rest.len()) as u32));
                }
            }
        }
        Self { starts, ruler, marked }
    }

    /// The line of `offset`, from 1.
    pub fn line(&self, offset: u32) -> u32 {
        self.starts.partition_point(|&start| start <= offset) as u32
    }

    /// Where `line` starts, from 1, if there is one.
    pub fn start(&self, line: u32) -> Option<u32> {
        self.starts.get(line.checked_sub(1)? as usize).copied()
    }

    /// The bytes of the line of `offset` in `text`, with its end.
    pub fn line_around(&self, text: &str, offset: u32) -> Range<usize> {
        let line = self.line(offset);
        let start = |line| self.start(line).map_or(text.len(), |start| start as usize);
        start(line)..start(line + 1)
    }

    /// The line and column of `offset` in `text`, the text that the index was made from.
    pub fn position(&self, text: &str, offset: u32) -> Position {
        let (line, column) = self.place(text, offset, Unit::Character);
        Position { line, column }
    }

    /// The same with a column in `unit`. A byte order mark in front of a line has none.
    pub fn place(&self, text: &str, offset: u32, unit: Unit) -> (u32, u32) {
        let line = self.line(offset);
        let start = self.starts[line as usize - 1];
        let marked = self.marked.binary_search_by_key(&start, |&(start, _)| start);
        let start = marked.map_or(start, |at| self.marked[at].1) as usize;
        let at = (offset as usize).min(text.len());
        let before = |at| self.ruler.before(text, at, unit);
        (line, (before(at) - before(start.min(at))) as u32 + 1)
    }

    /// The offset of a line and a column, both from 1, in `text`; the column counts characters, and may be one
    /// behind the last. Nothing if there is no such place.
    pub fn offset(&self, text: &str, line: u32, column: u32) -> Option<u32> {
        let start = self.start(line)? as usize;
        let skipped = column.checked_sub(1)? as usize;
        let end = self.start(line + 1).map_or(text.len(), |next| next as usize - 1);
        let count = self.ruler.before(text, start, Unit::Character) + skipped;
        let is_there = count <= self.ruler.before(text, end, Unit::Character);
        is_there.then(|| self.ruler.place(text, count, Unit::Character) as u32)
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
    use proptest::prelude::*;

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

    proptest! {
        #[test]
        fn a_long_line_is_counted_as_a_short_one(
            text in "(\u{feff}{0,2}[a\t\r\n\u{1f600}é]{0,9}|a{250,260}|(a\u{1f600}){60,70}|é{120,130}|\r\n){0,4}",
        ) {
            let (index, ruler) = (LineIndex::new(&text), Ruler::new(&text));
            for at in (0..=text.len()).filter(|&at| text.is_char_boundary(at)) {
                let head = &text[..at];
                let line = &head[head.rfind('\n').map_or(0, |at| at + 1)..];
                let line = if text.is_ascii() { line } else { line.trim_start_matches(BOM) };
                let number = head.matches('\n').count() as u32 + 1;
                let lengths = |text: &str| [text.chars().count(), text.encode_utf16().count(), text.len()];
                for (which, unit) in [Unit::Character, Unit::Utf16, Unit::Byte].into_iter().enumerate() {
                    let (count, column) = (lengths(head)[which], lengths(line)[which] as u32 + 1);
                    prop_assert_eq!(index.place(&text, at as u32, unit), (number, column));
                    prop_assert_eq!(ruler.before(&text, at, unit), count);
                    prop_assert_eq!(ruler.place(&text, count, unit), at);
                    // What ends inside a character goes back to its start.
                    let wide = text[at..].chars().next().is_some_and(|c| lengths(&c.to_string())[which] > 1);
                    prop_assert!(!wide || ruler.place(&text, count + 1, unit) == at);
                }
                let start = head.len() - head[head.rfind('\n').map_or(0, |at| at + 1)..].len();
                let column = text[start..at].chars().count() as u32 + 1;
                prop_assert_eq!(index.offset(&text, number, column), Some(at as u32));
                let is_end = text[at..].is_empty() || text[at..].starts_with('\n');
                prop_assert_eq!(index.offset(&text, number, column + 1).is_none(), is_end);
                let around = index.line_around(&text, at as u32);
                let end = text[at..].find('\n').map_or(text.len(), |end| at + end + 1);
                prop_assert_eq!(around, start..end);
            }
            prop_assert_eq!(ruler.place(&text, usize::MAX, Unit::Utf16), text.len());
        }
    }

    #[test]
    fn the_usual_line_ending_wins() {
        assert_eq!(LineEnding::of("a\r\nb\r\nc\n"), LineEnding::CrLf);
        assert_eq!(LineEnding::of("a\nb\r\n"), LineEnding::Lf);
        assert_eq!(LineEnding::of(""), LineEnding::Lf);
    }
}
