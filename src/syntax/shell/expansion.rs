//! What `$`, backquotes and `<(` start.

use super::ast::{ParameterOp, ParameterOpKind, Script, ShellErrorKind, WordPart};
use super::cursor::Cursor;
use super::quoted::OperandRules;
use super::token::{self, Closers};
use crate::source::Span;

impl Cursor<'_> {
    /// The expansion at the `$`; its span starts at `start`, which is earlier when backquotes escape the `$`.
    pub(super) fn dollar(&mut self, start: usize, quoted: bool) -> WordPart {
        match self.peek_at(1) {
            b'(' if self.peek_at(2) == b'(' => match self.arithmetic_end(self.pos + 3) {
                Some(end) => {
                    self.pos += 3;
                    WordPart::Arithmetic(self.arithmetic(start, end, "))"))
                }
                None => self.command_substitution(start),
            },
            b'(' => self.command_substitution(start),
            b'{' => self.braced_parameter(start, quoted),
            b'[' => self.bracket_arithmetic(start),
            b'\'' if !quoted => self.ansi_quoted(start),
            b'"' if !quoted => {
                self.pos += 2;
                self.double_quoted_from(start, "\"")
            }
            _ => {
                self.pos += 1;
                match self.take(token::parameter) {
                    Some((name, _)) => WordPart::Parameter { span: self.since(start), name, braced: false, op: None },
                    None => WordPart::Literal(self.since(start)),
                }
            }
        }
    }

    fn command_substitution(&mut self, start: usize) -> WordPart {
        self.pos += 2;
        let script = self.parenthesized(start);
        WordPart::Command { span: self.since(start), script, backquoted: false }
    }

    /// `<(...)` or `>(...)`
    pub(super) fn process_substitution(&mut self) -> WordPart {
        let start = self.pos;
        let output = self.peek() == b'>';
        self.pos += 2;
        let script = self.parenthesized(start);
        WordPart::ProcessSubstitution { span: self.since(start), script, output }
    }

    /// The list from the position to its `)`; what opens it stands at `start`.
    pub(super) fn parenthesized(&mut self, start: usize) -> Box<Script> {
        let opening = self.since(start);
        let script = self.isolated(Closers::PAREN);
        if !self.eat(")") {
            self.error(opening, ShellErrorKind::Missing(")"));
        }
        Box::new(script)
    }

    /// The list in the pair of backquotes at the position; double quotes around them make `\"` a quote inside.
    pub(super) fn backquoted(&mut self, quoted: bool) -> WordPart {
        let start = self.pos;
        self.pos += 1;
        let end = self.backquote_end(self.pos);
        self.backquoted_until(start, end, "`", quoted)
    }

    /// The list in the pair of escaped backquotes at the position, inside backquotes.
    pub(super) fn nested_backquoted(&mut self, start: usize) -> WordPart {
        self.pos += 1;
        let bytes = self.rest().as_bytes();
        let mut at = 0;
        let end = loop {
            match bytes.get(at) {
                None => break None,
                Some(b'\\') if bytes.get(at + 1) == Some(&b'`') => break Some(self.pos + at),
                Some(b'\\') => at += 2,
                Some(_) => at += 1,
            }
        };
        self.backquoted_until(start, end, "\\`", false)
    }

    fn backquoted_until(&mut self, start: usize, end: Option<usize>, closing: &str, quoted: bool) -> WordPart {
        let opening = self.since(start);
        let outer = (self.backquotes, self.backquotes_quoted);
        self.backquotes += 1;
        self.backquotes_quoted = quoted;
        let script = self.within(end.unwrap_or(self.end), |c| c.isolated(Closers::NONE));
        (self.backquotes, self.backquotes_quoted) = outer;
        if !self.eat(closing) {
            self.error(opening, ShellErrorKind::Missing("`"));
        }
        WordPart::Command { span: self.since(start), script: Box::new(script), backquoted: true }
    }

    /// `$[...]`, which bash still reads as arithmetic.
    fn bracket_arithmetic(&mut self, start: usize) -> WordPart {
        let bytes = &self.text.as_bytes()[self.pos..self.end.min(self.pos + 256)];
        let end = bytes.iter().position(|&b| b == b']').map(|length| self.pos + length);
        match end {
            Some(end) => {
                self.pos += 2;
                WordPart::Arithmetic(self.arithmetic(start, end, "]"))
            }
            None => {
                self.pos += 1;
                WordPart::Literal(self.since(start))
            }
        }
    }

    /// `$'...'`
    fn ansi_quoted(&mut self, start: usize) -> WordPart {
        self.pos += 2;
        let opening = self.since(start);
        loop {
            match self.peek() {
                _ if self.at_end() => {
                    self.error(opening, ShellErrorKind::Missing("'"));
                    break;
                }
                b'\'' => {
                    self.pos += 1;
                    break;
                }
                b'\\' => {
                    self.pos += 1;
                    self.bump();
                }
                _ => self.bump(),
            }
        }
        WordPart::AnsiCQuoted(self.since(start))
    }

    /// `${...}`
    fn braced_parameter(&mut self, start: usize, quoted: bool) -> WordPart {
        self.pos += 2;
        let opening = self.since(start);
        let prefix = self.parameter_prefix();
        let Some((name, _)) = self.take(token::braced_parameter) else {
            return self.bad_substitution(start, opening);
        };
        let subscript = self.subscript();
        let op = match (self.peek(), prefix) {
            (b'}', None) => subscript.map(|span| ParameterOp {
                span: Span::empty(span.end),
                kind: ParameterOpKind::Subscript,
                subscript,
                operand: None,
                replacement: None,
            }),
            (b'}', Some((span, kind))) => Some(ParameterOp { span, kind, subscript, operand: None, replacement: None }),
            // `${!prefix*}` lists names.
            (b'*' | b'@', Some((span, ParameterOpKind::Indirect))) if self.peek_at(1) == b'}' => {
                self.pos += 1;
                Some(ParameterOp { span, kind: ParameterOpKind::Indirect, subscript, operand: None, replacement: None })
            }
            _ => match self.take(token::parameter_op) {
                Some((span, kind)) => Some(self.parameter_operands(span, kind, subscript, quoted)),
                None => return self.bad_substitution(start, opening),
            },
        };
        if !self.eat("}") {
            self.error(opening, ShellErrorKind::Missing("}"));
        }
        WordPart::Parameter { span: self.since(start), name, braced: true, op: op.map(Box::new) }
    }

    /// The `#` or `!` in front of a name, which are names of their own when an operator or nothing follows.
    fn parameter_prefix(&mut self) -> Option<(Span, ParameterOpKind)> {
        let kind = match self.peek() {
            b'#' => ParameterOpKind::Length,
            b'!' => ParameterOpKind::Indirect,
            _ => return None,
        };
        let next = self.peek_at(1);
        let special = matches!(next, b'@' | b'*' | b'#' | b'?' | b'-' | b'$' | b'!') && self.peek_at(2) == b'}';
        if !(next == b'_' || next.is_ascii_alphanumeric() || special) {
            return None;
        }
        self.pos += 1;
        Some((Span::new(self.pos as u32 - 1, self.pos as u32), kind))
    }

    fn subscript(&mut self) -> Option<Span> {
        if self.peek() != b'[' {
            return None;
        }
        let start = self.pos;
        let close = self.find_outside(start + 1, false, |b| matches!(b, b']' | b'}' | b'\n'));
        if self.byte(close) != b']' {
            return None;
        }
        self.pos = close + 1;
        Some(self.since(start))
    }

    fn parameter_operands(
        &mut self,
        span: Span,
        kind: ParameterOpKind,
        subscript: Option<Span>,
        quoted: bool,
    ) -> ParameterOp {
        use ParameterOpKind::{RemovePrefix, RemoveSuffix, Replace};
        let quoted = quoted && !matches!(kind, RemovePrefix | RemoveSuffix | Replace);
        let operand = self.operand(OperandRules { quoted, to_slash: kind == Replace });
        let replacement = match kind {
            Replace if self.eat("/") => self.operand(OperandRules { quoted, to_slash: false }),
            _ => None,
        };
        ParameterOp { span, kind, subscript, operand, replacement }
    }

    /// Takes everything up to the `}` as a parameter without a name.
    fn bad_substitution(&mut self, start: usize, opening: Span) -> WordPart {
        let name = Span::empty(self.pos as u32);
        let close = self.find_outside(self.pos, false, |b| matches!(b, b'}' | b'\n' | b'"'));
        self.pos = close;
        if self.eat("}") {
            self.error(self.since(start), ShellErrorKind::BadSubstitution);
        } else {
            self.error(opening, ShellErrorKind::Missing("}"));
        }
        WordPart::Parameter { span: self.since(start), name, braced: true, op: None }
    }
}
