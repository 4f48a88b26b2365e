//! Quotes and escapes, and the other texts in which only `$`, backquotes and backslashes are special.

use super::ast::{Arithmetic, ShellErrorKind, Word, WordPart, WordParts};
use super::cursor::Cursor;
use super::token::{self, ARITHMETIC, EXPANDING, OPERAND};
use super::word::push;
use crate::source::Span;
use smallvec::smallvec;

/// Where the operand of `${name...}` ends and what is special in it.
#[derive(Clone, Copy)]
pub(super) struct OperandRules {
    /// Whether double quotes around make single quotes and patterns plain.
    pub(super) quoted: bool,
    /// Whether a `/` ends it.
    pub(super) to_slash: bool,
}

impl Cursor<'_> {
    /// `"..."`; the opening quote has `opening` bytes, two when backquotes inside quotes escape it.
    pub(super) fn double_quoted(&mut self, opening: usize) -> WordPart {
        let start = self.pos;
        self.pos += opening;
        let closing = if opening == 2 { "\\\"" } else { "\"" };
        self.double_quoted_from(start, closing)
    }

    pub(super) fn double_quoted_from(&mut self, start: usize, closing: &str) -> WordPart {
        let opening = self.since(start);
        let parts = self.nested(|c| {
            let mut parts = Vec::new();
            loop {
                if let Some(part) = c.run(EXPANDING) {
                    push(&mut parts, part);
                }
                if c.at_end() || c.starts_with(closing) {
                    return parts;
                }
                let part = c.quoted_part();
                push(&mut parts, part);
            }
        });
        if !self.eat(closing) {
            self.error(opening, ShellErrorKind::Missing("\""));
        }
        WordPart::DoubleQuoted { span: self.since(start), parts }
    }

    /// What starts with a special byte inside double quotes or a heredoc.
    fn quoted_part(&mut self) -> WordPart {
        let start = self.pos;
        match self.peek() {
            b'$' => self.dollar(start, true),
            b'`' => self.backquoted(true),
            b'\\' if matches!(self.peek_at(1), b'$' | b'`' | b'"' | b'\\' | b'\n') => self.backslash(),
            _ => {
                self.bump();
                WordPart::Literal(self.since(start))
            }
        }
    }

    /// `\` and a character, or what the two stand for inside backquotes, which are read twice.
    pub(super) fn backslash(&mut self) -> WordPart {
        let start = self.pos;
        self.pos += 1;
        if self.backquotes > 0 {
            match self.peek() {
                b'$' => return self.dollar(start, false),
                b'`' if self.backquotes == 1 => return self.nested_backquoted(start),
                b'"' if self.backquotes_quoted => {
                    self.pos += 1;
                    return self.double_quoted_from(start, "\\\"");
                }
                b'\\' => self.pos += 1,
                _ => {}
            }
        }
        if self.at_end() {
            return WordPart::Literal(self.since(start));
        }
        self.bump();
        WordPart::Escaped(self.since(start))
    }

    /// The text of a heredoc, up to the end.
    pub(super) fn heredoc_parts(&mut self) -> Vec<WordPart> {
        self.nested(|c| {
            let mut parts = Vec::new();
            while !c.at_end() {
                let part = c.run(EXPANDING).unwrap_or_else(|| c.quoted_part());
                push(&mut parts, part);
            }
            parts
        })
    }

    /// What follows the operator in `${name...}`, up to its `}`.
    pub(super) fn operand(&mut self, rules: OperandRules) -> Option<Word> {
        let start = self.pos;
        let mut parts = self.nested(|c| {
            let mut parts = WordParts::new();
            loop {
                if let Some(part) = c.run(OPERAND) {
                    push(&mut parts, part);
                }
                let at = c.pos;
                let part = match c.peek() {
                    _ if c.at_end() => return parts,
                    b'}' => return parts,
                    b'/' if rules.to_slash => return parts,
                    b'\'' if !rules.quoted => c.single_quoted(),
                    b'"' => c.double_quoted(1),
                    b'`' => c.backquoted(rules.quoted),
                    b'$' => c.dollar(at, rules.quoted),
                    b'\\' if !rules.quoted || !c.peek_at(1).is_ascii_alphanumeric() => c.backslash(),
                    b'*' | b'?' if !rules.quoted => {
                        c.pos += 1;
                        WordPart::Glob(c.since(at))
                    }
                    _ => {
                        c.bump();
                        WordPart::Literal(c.since(at))
                    }
                };
                push(&mut parts, part);
            }
        });
        let span = self.since(start);
        if parts.is_empty() {
            // Nothing, or too deep to be read.
            parts.push(WordPart::Literal(span));
        }
        (!span.is_empty()).then_some(Word { span, parts })
    }

    /// The expression from the position to `end` and its `closing`; it opened at `start`.
    pub(super) fn arithmetic(&mut self, start: usize, end: usize, closing: &str) -> Arithmetic {
        let parts = self.nested(|c| c.within(end, Self::arithmetic_parts));
        self.eat(closing);
        Arithmetic { span: self.since(start), parts }
    }

    fn arithmetic_parts(&mut self) -> Vec<WordPart> {
        let mut parts = Vec::new();
        while !self.at_end() {
            let start = self.pos;
            let part = match self.peek() {
                b'\\' | b'$' | b'`' => self.quoted_part(),
                b'"' => self.double_quoted(1),
                b'0'..=b'9' => {
                    // The letters in `0x1F` are no name.
                    self.take(nom::bytes::complete::take_while(|c: char| {
                        c.is_ascii() && token::is(c as u8, token::NAME)
                    }));
                    WordPart::Literal(self.since(start))
                }
                _ => match self.take(token::name) {
                    Some((name, _)) => WordPart::Parameter { span: name, name, braced: false, op: None },
                    None => self.run(ARITHMETIC).unwrap_or_else(|| {
                        self.bump();
                        WordPart::Literal(self.since(start))
                    }),
                },
            };
            push(&mut parts, part);
        }
        parts
    }

    /// A word that holds only what is between `start` and the position.
    pub(super) fn literal_word(&self, start: usize) -> Word {
        let span: Span = self.since(start);
        Word { span, parts: smallvec![WordPart::Literal(span)] }
    }
}
