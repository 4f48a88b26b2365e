//! Lists, pipelines and simple commands.

use super::ast::{
    AndOr, AndOrKind, AndOrOp, Assignment, Command, CommandKind, Pipe, Pipeline, Script, ShellErrorKind, SimpleCommand,
    Word, WordPart,
};
use super::cursor::Cursor;
use super::token::{self, BREAK, Closers, NAME};
use super::word::{Place, push};
use crate::source::Span;
use smallvec::smallvec;

/// One more than the length of the longest keyword.
const KEYWORD: usize = 9;

impl<'t> Cursor<'t> {
    /// Commands up to one of `closers`, or up to a token that something further out waits for.
    pub(super) fn list(&mut self, closers: Closers) -> Script {
        let awaited = self.awaited;
        self.awaited = awaited.and(closers);
        let start = self.pos;
        let lists = self.nested(Self::and_ors);
        self.awaited = awaited;
        Script { span: self.since(start), lists, ..Script::default() }
    }

    fn and_ors(&mut self) -> Vec<AndOr> {
        let mut lists = Vec::new();
        loop {
            self.skip_lines();
            if self.at_end() {
                return lists;
            }
            if let Some((closer, length)) = self.closer() {
                if self.awaited.has(closer) {
                    return lists;
                }
                self.unexpected(length);
                continue;
            }
            let Some(mut and_or) = self.and_or() else {
                // Only an operator can be in the way.
                let length = if self.peek() == self.peek_at(1) { 2 } else { 1 };
                self.unexpected(length);
                continue;
            };
            self.skip_blanks();
            match self.peek() {
                b';' if !matches!(self.peek_at(1), b';' | b'&') => self.pos += 1,
                b'&' => {
                    self.pos += 1;
                    and_or.background = true;
                }
                b'\n' | b')' | b';' | b'#' => {}
                _ if self.at_end() || self.closer().is_some() => {}
                _ => self.unexpected_rest(),
            }
            if lists.is_empty() {
                lists.reserve_exact(1);
            }
            lists.push(and_or);
        }
    }

    /// The closing token at the position, and its length.
    fn closer(&self) -> Option<(Closers, usize)> {
        match self.peek() {
            b')' => Some((Closers::PAREN, 1)),
            b';' if self.starts_with(";;&") => Some((Closers::SEMICOLONS, 3)),
            b';' if matches!(self.peek_at(1), b';' | b'&') => Some((Closers::SEMICOLONS, 2)),
            b'}' | b't' | b'e' | b'f' | b'd' => {
                let word = self.keyword();
                Some((Closers::keyword(word)?, word.len()))
            }
            _ => None,
        }
    }

    /// The unquoted bytes at the position as far as they could be a keyword.
    pub(super) fn keyword(&self) -> &'t str {
        let bytes = &self.text.as_bytes()[self.pos..self.end.min(self.pos + KEYWORD)];
        let length = bytes.iter().position(|&b| token::is(b, BREAK)).unwrap_or(bytes.len());
        // A character cut in two is no part of a keyword.
        self.text.get(self.pos..self.pos + length).unwrap_or("")
    }

    pub(super) fn eat_keyword(&mut self, keyword: &str) -> bool {
        let found = self.keyword() == keyword;
        if found {
            self.pos += keyword.len();
        }
        found
    }

    fn unexpected(&mut self, length: usize) {
        let start = self.pos;
        self.pos = (start + length).min(self.end);
        self.error(self.since(start), ShellErrorKind::Unexpected);
    }

    /// Records the token at the position and goes on after the command.
    fn unexpected_rest(&mut self) {
        let start = self.pos;
        self.bump();
        self.error(self.since(start), ShellErrorKind::Unexpected);
        let stop = |b| matches!(b, b';' | b'\n' | b'&' | b'|' | b')');
        self.pos = self.find_outside(start, true, stop).max(self.pos);
    }

    fn and_or(&mut self) -> Option<AndOr> {
        let start = self.pos;
        let first = self.pipeline()?;
        let mut rest = Vec::new();
        let mut end = first.span.end;
        loop {
            self.skip_blanks();
            let kind = match (self.peek(), self.peek_at(1)) {
                (b'&', b'&') => AndOrKind::And,
                (b'|', b'|') => AndOrKind::Or,
                _ => break,
            };
            let at = self.pos;
            self.pos += 2;
            let span = self.since(at);
            self.skip_lines();
            let Some(pipeline) = self.pipeline() else {
                self.error(span, ShellErrorKind::Empty);
                break;
            };
            end = pipeline.span.end;
            rest.push((AndOrOp { span, kind }, pipeline));
        }
        Some(AndOr { span: Span::new(start as u32, end), first, rest, background: false })
    }

    fn pipeline(&mut self) -> Option<Pipeline> {
        let start = self.pos;
        let (negated, timed) = self.pipeline_prefix();
        let prefix = self.since(start);
        let Some(first) = self.command() else {
            if !prefix.is_empty() {
                self.error(prefix, ShellErrorKind::Empty);
                let nothing =
                    Command { span: prefix, kind: CommandKind::Simple(SimpleCommand::default()), redirects: vec![] };
                return Some(Pipeline { span: prefix, negated, timed, commands: vec![nothing], pipes: vec![] });
            }
            return None;
        };
        let mut commands = Vec::with_capacity(1);
        commands.push(first);
        let mut pipes = Vec::new();
        let mut end = self.pos;
        loop {
            self.skip_blanks();
            if self.peek() != b'|' || self.peek_at(1) == b'|' {
                break;
            }
            let at = self.pos;
            self.pos += 1;
            let stderr = self.eat("&");
            let span = self.since(at);
            self.skip_lines();
            let Some(command) = self.command() else {
                self.error(span, ShellErrorKind::Empty);
                break;
            };
            end = self.pos;
            pipes.push(Pipe { span, stderr });
            commands.push(command);
        }
        Some(Pipeline { span: Span::new(start as u32, end as u32), negated, timed, commands, pipes })
    }

    fn pipeline_prefix(&mut self) -> (bool, Option<Span>) {
        let (mut negated, mut timed) = (false, None);
        loop {
            let start = self.pos;
            match self.peek() {
                b'!' if self.keyword() == "!" => {
                    self.pos += 1;
                    negated = !negated;
                }
                b't' if timed.is_none() && self.eat_keyword("time") => {
                    self.skip_blanks();
                    if self.keyword() == "-p" {
                        self.pos += 2;
                    } else if self.at_end() || self.peek() == b'-' || token::is(self.peek(), BREAK & !NAME) {
                        // With options it is the program, and alone it is enough to be one.
                        self.pos = start;
                        return (negated, timed);
                    }
                    timed = Some(self.since(start));
                }
                _ => return (negated, timed),
            }
            self.skip_blanks();
        }
    }

    /// The command at the position; none, and no error, when no command can start here.
    pub(super) fn command(&mut self) -> Option<Command> {
        match self.peek() {
            _ if self.at_end() => None,
            b'\n' | b';' | b'|' | b'#' => None,
            b'&' if self.peek_at(1) != b'>' => None,
            _ if self.closer().is_some() => None,
            b'(' | b'{' | b'[' | b'c' | b'f' | b'i' | b's' | b'u' | b'w' => {
                let start = self.pos;
                match self.compound() {
                    Some(kind) => Some(self.with_redirects(start, kind)),
                    None => self.simple(),
                }
            }
            _ => self.simple(),
        }
    }

    fn with_redirects(&mut self, start: usize, kind: CommandKind) -> Command {
        let mut redirects = Vec::new();
        let mut end = self.pos;
        loop {
            self.skip_blanks();
            let Some(redirect) = self.redirect() else { break };
            redirects.push(redirect);
            end = self.pos;
        }
        self.pos = end;
        Command { span: self.since(start), kind, redirects }
    }

    fn simple(&mut self) -> Option<Command> {
        let start = self.pos;
        let mut end = start;
        let mut simple = SimpleCommand::default();
        let mut redirects = Vec::new();
        loop {
            self.skip_blanks();
            match self.peek() {
                _ if self.at_end() => break,
                b'\n' | b';' | b'|' | b')' | b'#' => break,
                b'&' if self.peek_at(1) != b'>' => break,
                b'&' | b'<' | b'>' | b'{' | b'0'..=b'9' if found(self.redirect(), &mut redirects) => {}
                b'&' => break,
                b'(' if simple.words.len() == 1 && simple.assignments.is_empty() && redirects.is_empty() => {
                    if let Some(kind) = self.function_after(&simple.words[0]) {
                        return Some(self.with_redirects(start, kind));
                    }
                    self.unexpected_rest();
                }
                b'(' => self.unexpected_rest(),
                b'a'..=b'z' | b'A'..=b'Z' | b'_' if simple.words.is_empty() => match self.assignment() {
                    Some(assignment) => simple.assignments.push(assignment),
                    None => {
                        simple.words.reserve_exact(self.words_ahead());
                        simple.words.push(self.word(Place::Command));
                    }
                },
                _ => {
                    let mut word = self.word(Place::Command);
                    if self.peek() == b'(' && self.declares(&simple) && word.span.of(self.text).ends_with('=') {
                        let array = self.array();
                        push(&mut word.parts, array);
                        word.span = self.since(word.span.start as usize);
                    }
                    simple.words.push(word);
                }
            }
            end = self.pos;
        }
        if end == start {
            return None;
        }
        self.pos = end;
        Some(Command { span: self.since(start), kind: CommandKind::Simple(simple), redirects })
    }

    /// About how many words the command at the position has: a list that grows moves them all.
    fn words_ahead(&self) -> usize {
        const WORD: usize = 8;
        let rest = &self.text.as_bytes()[self.pos..self.end.min(self.pos + 32 * WORD)];
        memchr::memchr3(b';', b'&', b'|', rest).unwrap_or(rest.len()) / WORD + 1
    }

    /// Whether the command takes assignments as arguments.
    fn declares(&self, simple: &SimpleCommand) -> bool {
        let name = simple.words.first().map_or("", |word| word.span.of(self.text));
        matches!(name, "export" | "declare" | "local" | "readonly" | "typeset")
    }

    /// `name=value`, if that is what comes next.
    fn assignment(&mut self) -> Option<Assignment> {
        let start = self.pos;
        let bytes = &self.text.as_bytes()[start..self.end];
        let mut at = bytes.iter().position(|&b| !token::is(b, NAME)).unwrap_or(bytes.len());
        let name = Span::new(start as u32, (start + at) as u32);
        let mut subscript = None;
        if bytes.get(at) == Some(&b'[') {
            let close = bytes[at..].iter().take(256).position(|&b| matches!(b, b']' | b'\n'))?;
            subscript = Some(Span::new((start + at + 1) as u32, (start + at + close) as u32));
            at += close + 1;
        }
        let append = bytes.get(at) == Some(&b'+');
        at += usize::from(append);
        if bytes.get(at) != Some(&b'=') {
            return None;
        }
        self.pos = start + at + 1;
        let value = if self.peek() == b'(' {
            let part = self.array();
            let WordPart::Array { span, .. } = part else { return None };
            Some(Word { span, parts: smallvec![part] })
        } else {
            Some(self.word(Place::Value)).filter(|word| !word.parts.is_empty())
        };
        Some(Assignment { span: self.since(start), name, subscript, append, value })
    }

    /// The `(...)` of an array.
    fn array(&mut self) -> WordPart {
        let start = self.pos;
        self.pos += 1;
        let opening = self.since(start);
        let words = self.nested(|c| {
            let mut words = Vec::new();
            loop {
                c.skip_lines();
                let word = c.word(Place::Value);
                if word.parts.is_empty() {
                    return words;
                }
                words.push(word);
            }
        });
        if !self.eat(")") {
            self.error(opening, ShellErrorKind::Missing(")"));
        }
        WordPart::Array { span: self.since(start), words }
    }

    /// The rest of `name()`, if the word before the position is a name and `()` follows.
    fn function_after(&mut self, word: &Word) -> Option<CommandKind> {
        let [WordPart::Literal(name)] = word.parts[..] else { return None };
        let start = self.pos;
        self.pos += 1;
        self.skip_blanks();
        if !self.eat(")") {
            self.pos = start;
            return None;
        }
        Some(self.function_body(name))
    }

    pub(super) fn function_body(&mut self, name: Span) -> CommandKind {
        self.skip_lines();
        let body = self.nested(|c| c.command().map(Box::new));
        if body.is_none() {
            self.error(name, ShellErrorKind::Empty);
        }
        CommandKind::Function { name, body }
    }
}

/// Appends what was found, and says whether something was.
fn found<T>(item: Option<T>, all: &mut Vec<T>) -> bool {
    let found = item.is_some();
    all.extend(item);
    found
}
