//! Text that is safe to show: nothing in a file or a message may steer the terminal.
//!
//! An escape sequence in a comment could repaint the screen, and a bidirectional control could make
//! a line read as something it is not. Each such character becomes U+FFFD, one column wide.

use crate::source::{Span, is_unsafe};
use std::borrow::Cow;

const SHOWN: char = '\u{fffd}';

/// `text` on one line: unsafe characters replaced, each run of line breaks folded into a space.
pub fn line(text: &str) -> Cow<'_, str> {
    if !text.contains(|c| c == '\n' || is_unsafe(c)) {
        return Cow::Borrowed(text);
    }
    let lines = text.lines().map(str::trim).filter(|l| !l.is_empty());
    Cow::Owned(lines.collect::<Vec<_>>().join(" ").chars().map(shown).collect())
}

/// `text` with its lines kept and unsafe characters replaced.
pub fn block(text: &str) -> String {
    text.lines().map(|l| l.chars().map(shown).collect::<String>()).collect::<Vec<_>>().join("\n")
}

fn shown(c: char) -> char {
    if is_unsafe(c) { SHOWN } else { c }
}

/// A source text made safe, which knows where each byte of the original went.
pub struct Shown<'a> {
    /// The text to print.
    pub text: Cow<'a, str>,
    /// Behind each replaced character: its end in the original, and its end in `text`.
    moved: Vec<(u32, u32)>,
}

impl<'a> Shown<'a> {
    /// Reads `text` once; borrows it when there is nothing to replace, as is usual.
    pub fn new(text: &'a str) -> Self {
        // The carriage return of a CRLF ends a line and is not printed.
        let bad = |at: usize, c: char| is_unsafe(c) && !(c == '\r' && text.as_bytes().get(at + 1) == Some(&b'\n'));
        if !text.char_indices().any(|(at, c)| bad(at, c)) {
            return Self { text: Cow::Borrowed(text), moved: Vec::new() };
        }
        let mut safe = String::with_capacity(text.len() + 16);
        let mut moved = Vec::new();
        for (at, c) in text.char_indices() {
            if bad(at, c) {
                safe.push(SHOWN);
                moved.push(((at + c.len_utf8()) as u32, safe.len() as u32));
            } else {
                safe.push(c);
            }
        }
        Self { text: Cow::Owned(safe), moved }
    }

    /// Where `span` of the original, on character borders, lies in the text to print.
    pub fn span(&self, span: Span) -> Span {
        Span::new(self.offset(span.start), self.offset(span.end))
    }

    fn offset(&self, at: u32) -> u32 {
        match self.moved.partition_point(|&(from, _)| from <= at).checked_sub(1) {
            Some(last) => self.moved[last].1 + (at - self.moved[last].0),
            None => at,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn offsets_follow_the_replaced_characters() {
        let text = "a\u{1b}b\u{9b}c\u{202e}d\te\r\n\rf";
        let shown = Shown::new(text);
        assert_eq!(shown.text, "a\u{fffd}b\u{fffd}c\u{fffd}d\te\r\n\u{fffd}f");
        for (at, c) in text.char_indices() {
            let span = shown.span(Span::new(at as u32, (at + c.len_utf8()) as u32));
            let want = if "abcdef\t\n".contains(c) { c.to_string() } else { span.of(&shown.text).to_owned() };
            assert_eq!(span.of(&shown.text), want);
            assert_eq!(span.of(&shown.text).chars().count(), 1);
        }
    }

    #[test]
    fn plain_text_is_not_copied() {
        assert!(matches!(Shown::new("FROM a\r\n# é\tx\n").text, Cow::Borrowed(_)));
        assert!(matches!(line("plain é"), Cow::Borrowed(_)));
    }

    #[test]
    fn lines_fold_and_blocks_keep_their_lines() {
        assert_eq!(line("a\r\n\n  b\x1b[0m"), "a b\u{fffd}[0m");
        assert_eq!(block("a\x07\nb"), "a\u{fffd}\nb");
    }
}
