//! Text that is safe to show: nothing in a file or a message may steer the terminal or the pipeline.
//!
//! An escape sequence in a comment could repaint the screen, a bidirectional control could make
//! a line read as something it is not, and a folder could be called like a command of the service that shows the log.
//! Each such character, and one of each such command, becomes U+FFFD, one column wide.

use crate::source::{Span, is_command_mark, is_unsafe};
use memchr::memchr_iter;
use std::borrow::Cow;

const SHOWN: char = '\u{fffd}';

/// `text` on one line: unsafe characters replaced, each run of line breaks folded into a space. A line that starts
/// with it is no command of GitHub Actions (`::add-mask::`).
pub fn line(text: &str) -> Cow<'_, str> {
    let mut out = Cow::Borrowed(text);
    if text.contains('\n') {
        let lines = text.lines().map(str::trim).filter(|l| !l.is_empty());
        out = Cow::Owned(lines.collect::<Vec<_>>().join(" "));
    }
    if has_bad(&out) {
        out = Cow::Owned(shown(&out));
    }
    let start = out.len() - out.trim_start().len();
    if out[start..].starts_with("::") {
        out.to_mut().replace_range(start..=start, SHOWN.encode_utf8(&mut [0; 4]));
    }
    out
}

/// `text` with its lines kept and unsafe characters replaced.
pub fn block(text: &str) -> String {
    if is_plain(text) {
        return text.strip_suffix('\n').unwrap_or(text).to_owned();
    }
    text.lines().map(shown).collect::<Vec<_>>().join("\n")
}

fn has_bad(text: &str) -> bool {
    !is_plain(text) && (text.contains(is_unsafe) || text.contains("##"))
}

/// Whether `text` has nothing but what every terminal prints, as most have: told faster than character by character.
fn is_plain(text: &str) -> bool {
    let bytes = text.as_bytes();
    // Not `all`, which can't look at several bytes at once.
    let printable = bytes.iter().fold(true, |all, b| all & matches!(b, b' '..=b'~' | b'\t' | b'\n'));
    printable && !memchr_iter(b'#', bytes).any(|at| bytes.get(at + 1) == Some(&b'#'))
}

fn shown(text: &str) -> String {
    let is_bad = |at: usize, c: char| is_unsafe(c) || c == '#' && is_command_mark(text, at);
    text.char_indices().map(|(at, c)| if is_bad(at, c) { SHOWN } else { c }).collect()
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
        if is_plain(text) {
            return Self { text: Cow::Borrowed(text), moved: Vec::new() };
        }
        // The carriage return of a CRLF ends a line and is not printed.
        let bad = |at: usize, c: char| match c {
            '#' => is_command_mark(text, at),
            '\r' => text.as_bytes().get(at + 1) != Some(&b'\n'),
            c => is_unsafe(c),
        };
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
    fn commands_of_services_are_broken() {
        assert_eq!(line("##vso[task.x]e;/Dockerfile"), "#\u{fffd}vso[task.x]e;/Dockerfile");
        assert_eq!(line("a ##VSO[x] ##[error] ###[b] ## [c] ##vs[d]"), {
            "a #\u{fffd}VSO[x] #\u{fffd}[error] ##\u{fffd}[b] ## [c] ##vs[d]"
        });
        assert_eq!(line("::add-mask::x"), "\u{fffd}:add-mask::x");
        assert_eq!(line("\n ::warning::x"), "\u{fffd}:warning::x");
        assert_eq!(line(" ::x"), " \u{fffd}:x");
        assert_eq!(line("a::b ##"), "a::b ##");
        assert_eq!(block("##\n[a]\n##[b]"), "##\n[a]\n#\u{fffd}[b]");
        let text = "# é ##vso[x]\nRUN a";
        let shown = Shown::new(text);
        assert_eq!(shown.text, "# é #\u{fffd}vso[x]\nRUN a");
        assert_eq!(shown.span(Span::new(14, 17)).of(&shown.text), "RUN");
    }

    #[test]
    fn lines_fold_and_blocks_keep_their_lines() {
        assert_eq!(line("a\r\n\n  b\x1b[0m"), "a b\u{fffd}[0m");
        assert_eq!(block("a\x07\nb"), "a\u{fffd}\nb");
        assert_eq!((block("a\n\n"), block("a\r\n\n"), block("")), ("a\n".into(), "a\n".into(), String::new()));
    }
}
