//! Redirections and the heredocs that some of them introduce.

use super::ast::{Heredoc, Redirect, RedirectOp, ShellErrorKind, Word, WordPart, WordParts};
use super::cursor::Cursor;
use super::token;
use super::word::Place;
use crate::source::Span;

impl Cursor<'_> {
    /// The redirection at the position, if there is one.
    pub(super) fn redirect(&mut self) -> Option<Redirect> {
        let start = self.pos;
        let fd = match self.peek() {
            b'0'..=b'9' | b'{' => Some(self.take(token::descriptor)?.0),
            _ => None,
        };
        // `<(` belongs to a word, and `&>` takes no file descriptor.
        let substitution = self.peek_at(1) == b'(' && fd.is_none();
        let op = match self.peek() {
            b'<' | b'>' if !substitution => self.take(token::redirect),
            b'&' if fd.is_none() => self.take(token::redirect),
            _ => None,
        };
        let Some((operator, op)) = op else {
            self.pos = start;
            return None;
        };
        let mut end = self.pos;
        self.skip_blanks();
        let target = self.word(Place::Command);
        if target.parts.is_empty() {
            self.error(operator, ShellErrorKind::Missing("word"));
        } else {
            end = self.pos;
        }
        self.pos = end;
        let target = if target.parts.is_empty() {
            Word { span: Span::empty(end as u32), parts: WordParts::new() }
        } else {
            target
        };
        let span = self.since(start);
        let heredoc = match op {
            RedirectOp::Heredoc | RedirectOp::HeredocTabs if !target.parts.is_empty() => {
                Some(Box::new(self.heredoc(&target, op == RedirectOp::HeredocTabs)))
            }
            _ => None,
        };
        Some(Redirect { span, fd, op, target, heredoc })
    }

    /// Reads the body, which starts after the line's end or after the body before it, ahead of the rest of the line.
    fn heredoc(&mut self, delimiter: &Word, tabs: bool) -> Heredoc {
        let (newline, start) = match self.bodies {
            Some(pending) if pending.0 >= self.pos => pending,
            _ => {
                let newline = self.find_outside(self.pos, false, |b| b == b'\n');
                (newline, (newline + 1).min(self.end))
            }
        };
        let plain = |part: &WordPart| {
            !matches!(
                part,
                WordPart::Escaped(_)
                    | WordPart::SingleQuoted(_)
                    | WordPart::DoubleQuoted { .. }
                    | WordPart::AnsiCQuoted(_)
            )
        };
        let quoted = !delimiter.parts.iter().all(plain);
        let first = Span::from(start..start + 1);
        if self.read.iter().any(|body| body.contains(first)) {
            // The substitution around ends above the body, and what is around that goes on there: many of them would
            // read the same lines again and again.
            self.error(delimiter.span, ShellErrorKind::UnterminatedHeredoc);
            let body = Span::empty(start as u32);
            return Heredoc { body, terminator: None, quoted, parts: vec![WordPart::Literal(body)] };
        }
        let value = delimiter.literal(self.text).unwrap_or_else(|| delimiter.span.of(self.text).into());
        let mut at = start;
        let mut terminator = None;
        while at < self.end {
            let rest = &self.text[at..self.end];
            let line = rest.split('\n').next().unwrap_or(rest);
            let text = if tabs { line.trim_start_matches('\t') } else { line };
            if text == value {
                terminator = Some(Span::from(at..at + line.len()));
                break;
            }
            at = (at + line.len() + 1).min(self.end);
        }
        let after = terminator.map_or(at, |line| (line.end as usize + 1).min(self.end));
        let body = Span::from(start..at);
        if terminator.is_none() {
            self.error(delimiter.span, ShellErrorKind::UnterminatedHeredoc);
        }
        let parts = match quoted || body.is_empty() {
            true => vec![WordPart::Literal(body)],
            false => self.heredoc_body(body),
        };
        self.read.retain(|inner| !body.contains(*inner));
        self.read.push(body);
        self.bodies = Some((newline, after));
        Heredoc { body, terminator, quoted, parts }
    }

    fn heredoc_body(&mut self, body: Span) -> Vec<WordPart> {
        let resume = self.pos;
        let awaited = self.awaited;
        self.pos = body.start as usize;
        let mut parts = self.within(body.end as usize, Self::heredoc_parts);
        if parts.is_empty() {
            // Too deep to be read.
            parts.push(WordPart::Literal(body));
        }
        self.awaited = awaited;
        if !self.gave_up {
            self.pos = resume;
        }
        parts
    }
}
