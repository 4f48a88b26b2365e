//! Words: runs of literals, quotes and expansions up to an unquoted blank or operator.

use super::ast::{ShellErrorKind, Word, WordPart, WordParts};
use super::cursor::Cursor;
use super::token::{self, BREAK, WORD};
use crate::source::Span;
use smallvec::smallvec;
use std::ops::DerefMut;

/// How far to look for the other end of `[` and `{`, so that many of them don't make parsing slow.
const LOOKAHEAD: usize = 256;

/// Where a word stands, as far as that changes what it may hold.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    Command,
    /// After the `=` of an assignment, where each path may start with a tilde.
    Value,
    /// Between `[[` and `]]`, where bash reads `@(...)` in any case.
    Test,
    /// After `=~`, where parentheses and bars belong to the expression.
    Regex,
}

impl Cursor<'_> {
    /// The word at the position; it has no parts if there is none.
    pub(super) fn word(&mut self, place: Place) -> Word {
        let start = self.pos;
        if place == Place::Command
            && self.peek() != b'~'
            && let Some(literal) = self.run(WORD)
        {
            if self.at_end() || matches!(self.peek(), b' ' | b'\n' | b';' | b'&' | b'|' | b')' | b'\t') {
                return Word { span: self.since(start), parts: smallvec![literal] };
            }
            self.pos = start;
        }
        let mut parts = WordParts::new();
        self.tilde(place, &mut parts);
        let mut parens = 0u32;
        loop {
            if let Some(part) = self.run(WORD) {
                push(&mut parts, part);
                if place == Place::Value {
                    self.later_tilde(&mut parts);
                }
            }
            if self.at_end() {
                break;
            }
            match self.word_part(place, &mut parts) {
                Some(part) => push(&mut parts, part),
                None if place == Place::Regex && self.in_regex(&mut parens) => {
                    let at = self.pos;
                    self.pos += 1;
                    push(&mut parts, WordPart::Literal(self.since(at)));
                }
                None => break,
            }
        }
        Word { span: self.since(start), parts }
    }

    /// The part that starts with a special byte; none when the byte ends the word.
    fn word_part(&mut self, place: Place, parts: &mut WordParts) -> Option<WordPart> {
        let start = self.pos;
        let next = self.peek_at(1);
        Some(match self.peek() {
            b'\'' => self.single_quoted(),
            b'"' => self.double_quoted(1),
            b'`' => self.backquoted(false),
            b'$' => self.dollar(start, false),
            b'\\' => self.backslash(),
            b'*' | b'?' => {
                let group = next == b'(' && place != Place::Regex;
                match if group { self.group_end(start + 1, place) } else { None } {
                    Some(end) => self.pos = end,
                    None => self.pos += 1,
                }
                WordPart::Glob(self.since(start))
            }
            b'[' => self.bracket(),
            b'{' => self.brace(),
            b'<' | b'>' if next == b'(' => self.process_substitution(),
            b'(' => {
                // The byte that makes it a pattern has been read as a literal.
                let before = parts.last_mut()?;
                let WordPart::Literal(literal) = before else { return None };
                if !matches!(self.text.as_bytes()[literal.end as usize - 1], b'@' | b'!' | b'+') {
                    return None;
                }
                let end = self.group_end(start, place)?;
                literal.end -= 1;
                let opening = literal.end;
                if literal.is_empty() {
                    parts.pop();
                }
                self.pos = end;
                WordPart::Glob(Span::new(opening, end as u32))
            }
            byte if token::is(byte, BREAK) => return None,
            _ => {
                self.bump();
                WordPart::Literal(self.since(start))
            }
        })
    }

    /// Whether the byte that would end a word is part of the regular expression.
    fn in_regex(&self, parens: &mut u32) -> bool {
        match self.peek() {
            b'(' => *parens += 1,
            b')' if *parens > 0 => *parens -= 1,
            b'|' => {}
            b'\n' => return false,
            _ => return *parens > 0,
        }
        true
    }

    /// Where the `(...)` of an extended pattern ends, if the shell would read one.
    fn group_end(&mut self, open: usize, place: Place) -> Option<usize> {
        if place != Place::Test && !self.extglob() {
            return None;
        }
        let close = self.find_outside(open + 1, true, |b| b == b')');
        (close < self.end).then_some(close + 1)
    }

    fn tilde(&mut self, place: Place, parts: &mut WordParts) {
        if self.peek() != b'~' {
            return;
        }
        let start = self.pos;
        let user = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-' | b'+' | b'.');
        let length = self.rest().bytes().skip(1).take_while(|&b| user(b)).count();
        self.pos += 1 + length;
        let ends = self.at_end() || self.peek() == b'/' || token::is(self.peek(), BREAK);
        let part = self.since(start);
        if ends || (place == Place::Value && self.peek() == b':') {
            parts.push(WordPart::Tilde(part));
        } else {
            parts.push(WordPart::Literal(part));
        }
    }

    /// Goes back to the first `:~` of the literal just read, so that what follows is read as a path of its own.
    fn later_tilde(&mut self, parts: &mut WordParts) {
        while let Some(WordPart::Literal(literal)) = parts.last_mut() {
            let from = literal.start as usize;
            let Some(at) = self.text[from..self.pos].find(":~") else { return };
            literal.end = (from + at + 1) as u32;
            self.pos = from + at + 1;
            self.tilde(Place::Value, parts);
            if let Some(part) = self.run(WORD) {
                parts.push(part);
            }
        }
    }

    pub(super) fn single_quoted(&mut self) -> WordPart {
        let start = self.pos;
        self.pos += 1;
        match self.rest().find('\'') {
            Some(length) => self.pos += length + 1,
            None => {
                self.error(self.since(start), ShellErrorKind::Missing("'"));
                self.pos = self.end;
            }
        }
        WordPart::SingleQuoted(self.since(start))
    }

    /// `[...]`, or a plain `[` when nothing closes it in the same word.
    fn bracket(&mut self) -> WordPart {
        let start = self.pos;
        let bytes = &self.text.as_bytes()[start..self.end.min(start + LOOKAHEAD)];
        let mut plain = true;
        let mut at = 1;
        // A `]` that comes first, also after the negation, is a member.
        if matches!(bytes.get(at), Some(b'!' | b'^')) {
            at += 1;
        }
        at += usize::from(bytes.get(at) == Some(&b']'));
        while let Some(&byte) = bytes.get(at) {
            match byte {
                b']' => {
                    self.pos = if plain { start + at + 1 } else { start + 1 };
                    return WordPart::Glob(self.since(start));
                }
                b'[' if bytes.get(at + 1) == Some(&b':') => at += 1,
                b'\'' | b'"' | b'$' | b'`' | b'\\' => plain = false,
                _ if token::is(byte, BREAK) => break,
                _ => {}
            }
            at += 1;
        }
        self.pos += 1;
        WordPart::Literal(self.since(start))
    }

    /// `{a,b}` or `{1..9}`, or a plain `{` when it is neither.
    fn brace(&mut self) -> WordPart {
        let start = self.pos;
        let bytes = &self.text.as_bytes()[start..self.end.min(start + LOOKAHEAD)];
        let mut plain = true;
        let mut listed = false;
        let mut open = 0u32;
        for (at, &byte) in bytes.iter().enumerate() {
            match byte {
                b'{' => open += 1,
                b'}' => {
                    open -= 1;
                    if open == 0 {
                        self.pos = if plain && listed { start + at + 1 } else { start + 1 };
                        let span = self.since(start);
                        return if listed { WordPart::BraceExpansion(span) } else { WordPart::Literal(span) };
                    }
                }
                b',' => listed = true,
                b'.' if bytes.get(at + 1) == Some(&b'.') => listed = true,
                b'\'' | b'"' | b'$' | b'`' | b'\\' | b'*' | b'?' | b'[' => plain = false,
                _ if token::is(byte, BREAK) => break,
                _ => {}
            }
        }
        self.pos += 1;
        WordPart::Literal(self.since(start))
    }
}

/// Appends `part`, as one with the literal before it if both are literals.
pub(super) fn push<P>(parts: &mut P, part: WordPart)
where
    P: Extend<WordPart> + DerefMut<Target = [WordPart]>,
{
    if let (Some(WordPart::Literal(last)), WordPart::Literal(more)) = (parts.last_mut(), &part)
        && last.end == more.start
    {
        last.end = more.end;
        return;
    }
    parts.extend([part]);
}
