//! The parser's state: where it stands, how deep it is, and what it has found wrong.

use super::ast::{Script, ShellError, ShellErrorKind, WordPart};
use super::token;
use crate::source::Span;

/// The nesting at which the parser gives up, well before the stack of any thread does.
pub(super) const MAX_DEPTH: u32 = 100;

/// A position in the text and all that parsing carries along.
pub(super) struct Cursor<'t> {
    pub(super) text: &'t str,
    pub(super) pos: usize,
    /// Where the text ends for now: inside backquotes and heredocs, before the whole text does.
    pub(super) end: usize,
    pub(super) depth: u32,
    /// How many backquotes are around, and whether the innermost stand inside double quotes.
    pub(super) backquotes: u32,
    pub(super) backquotes_quoted: bool,
    /// The closing tokens that the constructs around are waiting for.
    pub(super) awaited: token::Closers,
    /// The newline after which heredoc bodies follow, and where they end.
    pub(super) bodies: Option<(usize, usize)>,
    /// The heredoc bodies that have been read, without those inside others.
    pub(super) read: Vec<Span>,
    pub(super) comments: Vec<Span>,
    pub(super) errors: Vec<ShellError>,
    extglob: Option<bool>,
    pub(super) gave_up: bool,
}

impl<'t> Cursor<'t> {
    pub(super) fn new(text: &'t str, range: Span) -> Self {
        let end = text.floor_char_boundary_at(range.end as usize);
        let pos = text.floor_char_boundary_at((range.start as usize).min(end));
        Self {
            text,
            pos,
            end,
            depth: 0,
            backquotes: 0,
            backquotes_quoted: false,
            awaited: token::Closers::NONE,
            bodies: None,
            read: Vec::new(),
            comments: Vec::new(),
            errors: Vec::new(),
            extglob: None,
            gave_up: false,
        }
    }

    pub(super) fn at_end(&self) -> bool {
        self.pos >= self.end
    }

    /// The byte at the position, or NUL at the end, which no token starts with.
    #[inline]
    pub(super) fn peek(&self) -> u8 {
        self.byte(self.pos)
    }

    /// The byte `ahead` of the position.
    #[inline]
    pub(super) fn peek_at(&self, ahead: usize) -> u8 {
        self.byte(self.pos + ahead)
    }

    #[inline]
    pub(super) fn byte(&self, at: usize) -> u8 {
        if at < self.end { self.text.as_bytes()[at] } else { 0 }
    }

    #[inline]
    pub(super) fn rest(&self) -> &'t str {
        &self.text[self.pos..self.end]
    }

    pub(super) fn starts_with(&self, token: &str) -> bool {
        self.text.as_bytes()[self.pos..self.end].starts_with(token.as_bytes())
    }

    /// The span from `start` to the position.
    #[inline]
    pub(super) fn since(&self, start: usize) -> Span {
        Span::new(start as u32, self.pos as u32)
    }

    /// Moves past `token` if it is next.
    pub(super) fn eat(&mut self, token: &str) -> bool {
        let found = self.starts_with(token);
        if found {
            self.pos += token.len();
        }
        found
    }

    /// Moves past what a nom parser accepts.
    pub(super) fn take<O>(
        &mut self,
        mut parser: impl nom::Parser<&'t str, Output = O, Error = ()>,
    ) -> Option<(Span, O)> {
        let start = self.pos;
        let (rest, output) = parser.parse(self.rest()).ok()?;
        self.pos = self.end - rest.len();
        Some((self.since(start), output))
    }

    /// Moves past one whole character.
    pub(super) fn bump(&mut self) {
        let length = self.rest().chars().next().map_or(0, char::len_utf8);
        self.pos += length;
    }

    /// Moves on while bytes are not in the class `stop`.
    #[inline]
    pub(super) fn run(&mut self, stop: u8) -> Option<WordPart> {
        let start = self.pos;
        let bytes = &self.text.as_bytes()[start..self.end];
        let length = bytes.iter().position(|&b| token::is(b, stop)).unwrap_or(bytes.len());
        self.pos += length;
        (length > 0).then(|| WordPart::Literal(self.since(start)))
    }

    /// Moves past blanks and continued lines.
    #[inline]
    pub(super) fn skip_blanks(&mut self) {
        loop {
            match self.peek() {
                b' ' | b'\t' => self.pos += 1,
                b'\\' if self.peek_at(1) == b'\n' => self.pos += 2,
                _ => return,
            }
        }
    }

    /// Moves past blanks, comments and newlines, and with those past the heredocs that they introduce.
    pub(super) fn skip_lines(&mut self) {
        loop {
            self.skip_blanks();
            match self.peek() {
                b'\n' => self.newline(),
                b'#' => self.comment(),
                _ => return,
            }
        }
    }

    fn newline(&mut self) {
        self.pos = match self.bodies {
            Some((newline, after)) if newline == self.pos => after.min(self.end),
            _ => self.pos + 1,
        };
    }

    /// Moves past a comment, up to its newline.
    pub(super) fn comment(&mut self) {
        let start = self.pos;
        self.pos = self.text[start..self.end].find('\n').map_or(self.end, |length| start + length);
        self.comments.push(self.since(start));
    }

    pub(super) fn error(&mut self, span: Span, kind: ShellErrorKind) {
        // What follows a token too deep is not read, so that everything around it seems unclosed.
        if !self.gave_up {
            self.errors.push(ShellError { span, kind });
        }
    }

    /// Runs `parse` one level deeper, or gives up on the rest of the text.
    pub(super) fn nested<O: Default>(&mut self, parse: impl FnOnce(&mut Self) -> O) -> O {
        if self.depth >= MAX_DEPTH {
            let at = self.pos;
            self.bump();
            self.error(self.since(at), ShellErrorKind::TooDeep);
            self.gave_up = true;
            self.pos = self.end;
            return O::default();
        }
        self.depth += 1;
        let output = parse(self);
        self.depth -= 1;
        output
    }

    /// Runs `parse` on the text from the position to `end`, and leaves the position there.
    pub(super) fn within<O>(&mut self, end: usize, parse: impl FnOnce(&mut Self) -> O) -> O {
        let outer = (self.end, self.bodies.take());
        self.end = end;
        let output = parse(self);
        (self.end, self.bodies) = outer;
        self.pos = if self.gave_up { self.end } else { end };
        output
    }

    /// Whether the text switches on bash's `@(...)`, which is a syntax error otherwise.
    pub(super) fn extglob(&mut self) -> bool {
        let text = self.text;
        *self.extglob.get_or_insert_with(|| text.contains("extglob"))
    }

    /// Parses what stands in brackets, where the closers around are out of reach.
    pub(super) fn isolated(&mut self, closer: token::Closers) -> Script {
        let awaited = std::mem::replace(&mut self.awaited, token::Closers::NONE);
        let bodies = self.bodies.take();
        let script = self.list(closer);
        self.awaited = awaited;
        if bodies.is_some_and(|(newline, _)| newline >= self.pos) {
            self.bodies = bodies;
        }
        script
    }

    /// Ends the parse.
    pub(super) fn finish(mut self, mut script: Script) -> Script {
        // Heredoc bodies are read ahead of the rest of their line.
        self.comments.sort_unstable();
        // A substitution that runs on into the lines of a heredoc is read with it too: a comment there
        // is found twice.
        let mut end = 0;
        self.comments.retain(|comment| {
            let first = comment.start >= end;
            end = end.max(comment.end);
            first
        });
        self.errors.sort_by_key(|error| error.span);
        script.comments = self.comments;
        script.errors = self.errors;
        script
    }
}

/// Rounding to a character boundary, for ranges that come from elsewhere.
trait Boundary {
    fn floor_char_boundary_at(&self, at: usize) -> usize;
}

impl Boundary for str {
    fn floor_char_boundary_at(&self, at: usize) -> usize {
        (0..=at.min(self.len())).rev().find(|&at| self.is_char_boundary(at)).unwrap_or(0)
    }
}
