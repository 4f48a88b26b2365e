//! Compound commands: `if`, loops, `case`, groups, tests and functions.

use super::ast::{Branch, Case, CaseItem, CommandKind, For, ForHead, Script, ShellErrorKind, Word};
use super::cursor::Cursor;
use super::token::{self, BREAK, Closers};
use super::word::Place;
use crate::source::Span;

impl Cursor<'_> {
    /// The compound command at the position, if one starts here.
    pub(super) fn compound(&mut self) -> Option<CommandKind> {
        let start = self.pos;
        if self.peek() == b'(' {
            return Some(self.parentheses());
        }
        let keyword = self.keyword();
        if !matches!(keyword, "{" | "[[" | "if" | "while" | "until" | "for" | "select" | "case" | "function") {
            return None;
        }
        self.pos += keyword.len();
        let opening = self.since(start);
        Some(match keyword {
            "{" => {
                let body = Box::new(self.block(Closers::BRACE));
                self.expect("}", opening);
                CommandKind::Group(body)
            }
            "[[" => CommandKind::Test(self.test(opening)),
            "if" => self.if_clause(opening),
            "case" => CommandKind::Case(Box::new(self.case(opening))),
            "function" => return self.function(start),
            "for" | "select" => CommandKind::For(Box::new(self.for_clause(opening, keyword == "select"))),
            _ => {
                let condition = self.block(Closers::DO.and(Closers::DONE));
                let body = self.do_group(opening);
                CommandKind::While { until: keyword == "until", branch: Box::new(Branch { condition, body }) }
            }
        })
    }

    fn parentheses(&mut self) -> CommandKind {
        let start = self.pos;
        if self.peek_at(1) == b'('
            && let Some(end) = self.arithmetic_end(start + 2)
        {
            self.pos += 2;
            return CommandKind::Arithmetic(self.arithmetic(start, end, "))"));
        }
        self.pos += 1;
        let opening = self.since(start);
        let errors = self.errors.len();
        let script = self.parenthesized(start);
        self.require(&script, opening, errors);
        CommandKind::Subshell(script)
    }

    /// A list that must hold a command.
    fn block(&mut self, closers: Closers) -> Script {
        let before = Span::empty(self.pos as u32);
        let errors = self.errors.len();
        let script = self.list(closers);
        self.require(&script, before, errors);
        script
    }

    fn require(&mut self, script: &Script, at: Span, errors: usize) {
        if script.lists.is_empty() && self.errors.len() == errors {
            self.error(at, ShellErrorKind::Empty);
        }
    }

    /// Moves past `keyword`, which `opening` waits for.
    fn expect(&mut self, keyword: &'static str, opening: Span) -> bool {
        let found = self.eat_keyword(keyword);
        if !found {
            self.error(opening, ShellErrorKind::Missing(keyword));
        }
        found
    }

    fn if_clause(&mut self, opening: Span) -> CommandKind {
        let mut branches = Vec::new();
        let mut otherwise = None;
        let ends = Closers::ELIF.and(Closers::ELSE).and(Closers::FI);
        loop {
            let condition = self.block(Closers::THEN.and(ends));
            let found = self.expect("then", opening);
            let body =
                if found { self.block(ends) } else { Script { span: self.since(self.pos), ..Script::default() } };
            branches.push(Branch { condition, body });
            if !self.eat_keyword("elif") {
                break;
            }
        }
        if self.eat_keyword("else") {
            otherwise = Some(Box::new(self.block(Closers::FI)));
        }
        self.expect("fi", opening);
        CommandKind::If { branches, otherwise }
    }

    /// `do list done`
    fn do_group(&mut self, opening: Span) -> Script {
        if !self.expect("do", opening) {
            let body = Script { span: self.since(self.pos), ..Script::default() };
            self.eat_keyword("done");
            return body;
        }
        let body = self.block(Closers::DONE);
        self.expect("done", opening);
        body
    }

    fn for_clause(&mut self, opening: Span, select: bool) -> For {
        self.skip_blanks();
        let head = self.for_head(opening);
        self.skip_blanks();
        self.eat(";");
        self.skip_lines();
        // Bash also takes braces.
        let brace = Span::new(self.pos as u32, self.pos as u32 + 1);
        let body = if self.eat_keyword("{") {
            let body = self.block(Closers::BRACE);
            self.expect("}", brace);
            body
        } else {
            self.do_group(opening)
        };
        For { select, head, body }
    }

    fn for_head(&mut self, opening: Span) -> ForHead {
        let start = self.pos;
        if self.starts_with("((")
            && let Some(end) = self.arithmetic_end(start + 2)
        {
            self.pos += 2;
            return ForHead::Arithmetic(self.arithmetic(start, end, "))"));
        }
        let Some((name, _)) = self.take(token::name) else {
            self.error(opening, ShellErrorKind::Missing("name"));
            return ForHead::Words { name: Span::empty(start as u32), words: None };
        };
        self.skip_lines();
        if !self.eat_keyword("in") {
            return ForHead::Words { name, words: None };
        }
        let mut words = Vec::new();
        loop {
            self.skip_blanks();
            if self.peek() == b'#' {
                break;
            }
            let word = self.word(Place::Command);
            if word.parts.is_empty() {
                break;
            }
            words.push(word);
        }
        ForHead::Words { name, words: Some(words) }
    }

    fn case(&mut self, opening: Span) -> Case {
        self.skip_blanks();
        let subject = self.word(Place::Command);
        let mut items = Vec::new();
        self.skip_lines();
        if !self.expect("in", opening) {
            return Case { subject, items };
        }
        loop {
            self.skip_lines();
            if self.eat_keyword("esac") {
                break;
            }
            let Some(item) = self.case_item() else {
                self.error(opening, ShellErrorKind::Missing("esac"));
                break;
            };
            items.push(item);
        }
        Case { subject, items }
    }

    /// One alternative; none where no pattern can start.
    fn case_item(&mut self) -> Option<CaseItem> {
        let start = self.pos;
        self.eat("(");
        let mut patterns = Vec::new();
        loop {
            self.skip_blanks();
            let pattern = self.word(Place::Command);
            if pattern.parts.is_empty() {
                if patterns.is_empty() {
                    self.pos = start;
                    return None;
                }
                break;
            }
            patterns.push(pattern);
            self.skip_blanks();
            if !self.eat("|") {
                break;
            }
        }
        if !self.eat(")") {
            self.error(self.since(start), ShellErrorKind::Missing(")"));
        }
        let body = self.list(Closers::SEMICOLONS.and(Closers::ESAC));
        let at = self.pos;
        let ended = self.eat(";;&") || self.eat(";;") || self.eat(";&");
        let terminator = ended.then(|| self.since(at));
        Some(CaseItem { span: self.since(start), patterns, body, terminator })
    }

    /// The words up to `]]`.
    fn test(&mut self, opening: Span) -> Vec<Word> {
        let mut words = Vec::new();
        let mut place = Place::Test;
        let mut parens = 0u32;
        loop {
            self.skip_lines();
            if self.eat_keyword("]]") {
                break;
            }
            let start = self.pos;
            let operator = match (self.peek(), self.peek_at(1)) {
                (b'&', b'&') | (b'|', b'|') => 2,
                _ if place == Place::Regex => 0,
                (b'(', _) => {
                    parens += 1;
                    1
                }
                (b')', _) if parens > 0 => {
                    parens -= 1;
                    1
                }
                (b'<' | b'>', next) if next != b'(' => 1,
                _ => 0,
            };
            self.pos += operator;
            let word = if operator > 0 { self.literal_word(start) } else { self.word(place) };
            if word.parts.is_empty() {
                self.error(opening, ShellErrorKind::Missing("]]"));
                break;
            }
            place = if word.span.of(self.text) == "=~" { Place::Regex } else { Place::Test };
            words.push(word);
        }
        words
    }

    /// `function name` with or without `()`; the keyword has been read.
    fn function(&mut self, start: usize) -> Option<CommandKind> {
        self.skip_blanks();
        let at = self.pos;
        let bytes = self.rest().as_bytes();
        self.pos += bytes.iter().position(|&b| token::is(b, BREAK)).unwrap_or(bytes.len());
        let name = self.since(at);
        if name.is_empty() {
            self.pos = start;
            return None;
        }
        self.skip_blanks();
        let after = self.pos;
        if self.eat("(") {
            self.skip_blanks();
            if !self.eat(")") {
                self.pos = after;
            }
        }
        Some(self.function_body(name))
    }
}
