//! The line scanner: physical lines into trivia and logical lines.

use super::ast::{Directive, Trivia, TriviaKind};
use super::error::{ErrorKind, SyntaxError};
use super::logical::Logical;
use crate::source::{BOM, Span};
use memchr::memchr;
use std::collections::HashMap;

/// The longest line that BuildKit reads, in bytes with the newline: the limit of Go's `bufio.Scanner`.
const MAX_LINE: u32 = 64 * 1024;

/// A physical line.
#[derive(Clone, Copy)]
pub(super) struct Line {
    /// All of it, with its newline.
    pub(super) span: Span,
    /// Without the newline.
    pub(super) content: Span,
    /// Its number, from 1.
    pub(super) number: u32,
}

/// The lines of one instruction, before its heredocs.
pub(super) struct Group<'a> {
    pub(super) logical: Logical<'a>,
    /// All lines so far, with the final newline.
    pub(super) lines: Span,
    /// Up to the last byte that belongs to the instruction.
    pub(super) end: u32,
    pub(super) line_numbers: (u32, u32),
    pub(super) inner: Vec<Trivia>,
    /// Whether the file ends where a further line should come.
    pub(super) unfinished: bool,
}

/// Reads a text from top to bottom.
pub(super) struct Scanner<'a> {
    pub(super) text: &'a str,
    at: usize,
    number: u32,
    pub(super) escape: char,
    /// Parser directives may still follow.
    at_top: bool,
    pub(super) directives: Vec<Directive<'a>>,
    pub(super) trivia: Vec<Trivia>,
    pub(super) errors: Vec<SyntaxError>,
    /// Where each line last stands, once a here-document was found that is never closed.
    last: Option<HashMap<&'a str, u32>>,
}

impl<'a> Scanner<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        let mut scanner = Self {
            text,
            at: 0,
            number: 0,
            escape: '\\',
            at_top: true,
            directives: Vec::new(),
            trivia: Vec::new(),
            errors: Vec::new(),
            last: None,
        };
        if text.starts_with(BOM) {
            scanner.at = BOM.len();
            scanner.trivia.push(Trivia { kind: TriviaKind::Bom, span: Span::new(0, BOM.len() as u32) });
        }
        scanner
    }

    /// Whether a line like `wanted` may follow, with or without tabs in front of it. False only once
    /// [`Scanner::note_lines`] was called.
    pub(super) fn may_follow(&self, wanted: &str) -> bool {
        let Some(last) = &self.last else { return true };
        let follows = |line: &str| last.get(line).is_some_and(|&at| at as usize >= self.at);
        // Lines with tabs stand there without them, too.
        follows(wanted)
    }

    /// Remembers the lines, so that not each here-document without an end is looked for to the end of the file.
    pub(super) fn note_lines(&mut self) {
        if self.last.is_some() {
            return;
        }
        let mut last = HashMap::new();
        let mut at = 0;
        for line in self.text.split_inclusive('\n') {
            let content = line.trim_end_matches(['\r', '\n']);
            last.insert(content, at);
            last.insert(content.trim_start_matches('\t'), at);
            at += line.len() as u32;
        }
        self.last = Some(last);
    }

    /// The next physical line.
    pub(super) fn line(&mut self) -> Option<Line> {
        let rest = &self.text[self.at..];
        if rest.is_empty() {
            return None;
        }
        let len = memchr(b'\n', rest.as_bytes()).map_or(rest.len(), |i| i + 1);
        let content = rest[..len].trim_end_matches(['\r', '\n']).len();
        let start = self.at as u32;
        self.at += len;
        self.number += 1;
        let line = Line {
            span: Span::new(start, self.at as u32),
            content: Span::new(start, start + content as u32),
            number: self.number,
        };
        let limit = if rest[..len].ends_with('\n') { MAX_LINE } else { MAX_LINE - 1 };
        if line.span.len() > limit {
            let message = format!("this line has {} bytes; BuildKit reads at most {MAX_LINE}", line.span.len());
            self.errors.push(SyntaxError::parser(ErrorKind::LineTooLong, line.content, message));
        }
        Some(line)
    }

    /// Goes back so that `line` is the next one again.
    pub(super) fn rewind(&mut self, line: Line) {
        self.at = line.span.start as usize;
        self.number = line.number - 1;
    }

    /// The next logical line that is not empty; what stands in front of it becomes trivia.
    pub(super) fn group(&mut self) -> Option<Group<'a>> {
        loop {
            let line = self.line()?;
            let content = line.content.of(self.text);
            let trimmed = content.trim_start();
            if trimmed.starts_with('#') {
                let kind = if self.at_top { self.directive(line) } else { TriviaKind::Comment };
                self.trivia.push(Trivia { kind, span: line.span });
                continue;
            }
            self.at_top = false;
            if trimmed.is_empty() {
                self.trivia.push(Trivia { kind: TriviaKind::Blank, span: line.span });
                continue;
            }
            let start = line.content.end - trimmed.len() as u32;
            return Some(self.join(line, Span::new(start, line.content.end)));
        }
    }

    /// Joins `first`, the text of `line`, with the lines that continue it.
    fn join(&mut self, line: Line, first: Span) -> Group<'a> {
        let (mut piece, mut more) = self.continuation(first);
        let mut group = Group {
            logical: Logical::new(self.text, piece),
            lines: line.span,
            end: first.end,
            line_numbers: (line.number, line.number),
            inner: Vec::new(),
            unfinished: false,
        };
        while more {
            let Some(line) = self.line() else {
                group.unfinished = true;
                break;
            };
            group.lines.end = line.span.end;
            group.line_numbers.1 = line.number;
            let trimmed = line.content.of(self.text).trim_start();
            if trimmed.starts_with('#') || trimmed.is_empty() {
                let kind = if trimmed.is_empty() { TriviaKind::Blank } else { TriviaKind::Comment };
                group.inner.push(Trivia { kind, span: line.span });
                continue;
            }
            (piece, more) = self.continuation(line.content);
            group.logical.push(piece);
            group.end = line.content.end;
        }
        group
    }

    /// `content` without the escape character that continues it, and whether there was one.
    /// A doubled escape character at the end is no continuation.
    fn continuation(&self, content: Span) -> (Span, bool) {
        let text = content.of(self.text);
        let body = text.trim_end_matches([' ', '\t']);
        match body.strip_suffix(self.escape) {
            Some(head) if !head.ends_with(self.escape) => {
                (Span::new(content.start, content.start + head.len() as u32), true)
            }
            _ => (content, false),
        }
    }

    /// Reads `# name=value` while directives may still come.
    fn directive(&mut self, line: Line) -> TriviaKind {
        let Some((name, value)) = split_directive(line.content.of(self.text)) else {
            self.at_top = false;
            return TriviaKind::Comment;
        };
        let known = ["syntax", "escape", "check"].iter().find(|k| k.eq_ignore_ascii_case(name));
        let Some(known) = known else {
            self.at_top = false;
            return TriviaKind::Comment;
        };
        let value_start = value.as_ptr() as usize - self.text.as_ptr() as usize;
        let value_span = Span::from(value_start..value_start + value.len());
        if self.directives.iter().any(|d| d.name.eq_ignore_ascii_case(known)) {
            let message = format!("the parser directive `{known}` is given twice; only one is allowed");
            self.errors
                .push(SyntaxError::parser(ErrorKind::Directive, line.content, message).help("remove one of them"));
        } else if *known == "escape" {
            match value {
                "\\" => self.escape = '\\',
                "`" => self.escape = '`',
                _ => {
                    let message = format!("`{value}` can't be the escape character; only `\\` and a backtick can");
                    self.errors.push(SyntaxError::parser(ErrorKind::Directive, value_span, message));
                }
            }
        }
        self.directives.push(Directive { span: line.span, name, value, value_span });
        TriviaKind::Directive
    }
}

/// `# name = value` into its two sides.
fn split_directive(line: &str) -> Option<(&str, &str)> {
    let (name, value) = line.trim_start().strip_prefix('#')?.split_once('=')?;
    let (name, value) = (name.trim(), value.trim());
    let legal = name.starts_with(|c: char| c.is_ascii_alphabetic()) && name.bytes().all(|b| b.is_ascii_alphanumeric());
    (legal && !value.is_empty()).then_some((name, value))
}
