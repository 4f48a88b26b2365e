//! The leaves of the tree. Joined, their spans give the text back, byte for byte.

use super::ast::{Dockerfile, Instruction, TriviaKind};
use crate::source::Span;

/// What a leaf is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenKind {
    /// Blanks, and the escape characters and newlines that continue a line.
    Blank,
    /// The name of an instruction.
    Keyword,
    /// `--name=value`
    Flag,
    /// A piece of the arguments.
    Argument,
    /// A comment line, with its newline.
    Comment,
    /// A parser directive, with its newline.
    Directive,
    /// The lines of a here-document.
    HeredocBody,
    /// The line that ends a here-document.
    HeredocEnd,
    /// The byte order mark.
    Bom,
}

/// A leaf of the tree.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Token {
    /// What it is.
    pub kind: TokenKind,
    /// Where it stands; never empty.
    pub span: Span,
}

/// All leaves of `file`, in order.
pub fn tokens(file: &Dockerfile<'_>) -> Vec<Token> {
    let mut out = Tokens(Vec::new());
    let mut trivia = file.trivia.iter().peekable();
    for instruction in &file.instructions {
        while let Some(t) = trivia.next_if(|t| t.span.start < instruction.lines.start) {
            out.push(of_trivia(t.kind), t.span);
        }
        instruction_tokens(instruction, &mut out);
    }
    for t in trivia {
        out.push(of_trivia(t.kind), t.span);
    }
    out.0
}

struct Tokens(Vec<Token>);

impl Tokens {
    fn push(&mut self, kind: TokenKind, span: Span) {
        if !span.is_empty() {
            self.0.push(Token { kind, span });
        }
    }
}

fn of_trivia(kind: TriviaKind) -> TokenKind {
    match kind {
        TriviaKind::Bom => TokenKind::Bom,
        TriviaKind::Blank => TokenKind::Blank,
        TriviaKind::Comment => TokenKind::Comment,
        TriviaKind::Directive => TokenKind::Directive,
    }
}

/// The marked places of an instruction in order, and between them blanks and arguments.
fn instruction_tokens(i: &Instruction<'_>, out: &mut Tokens) {
    let mut marks = vec![(i.keyword_span, TokenKind::Keyword)];
    marks.extend(i.flags.iter().map(|f| (f.span, TokenKind::Flag)));
    marks.extend(i.inner.iter().map(|t| (t.span, of_trivia(t.kind))));
    for heredoc in &i.heredocs {
        marks.push((heredoc.content_span, TokenKind::HeredocBody));
        marks.push((heredoc.terminator, TokenKind::HeredocEnd));
    }
    marks.retain(|(span, _)| !span.is_empty());
    marks.sort_by_key(|(span, _)| *span);
    let source = i.logical.source();
    let mut at = i.lines.start;
    for (span, kind) in marks {
        // A word can go on behind a comment line; the later mark then starts inside the earlier one.
        if span.start < at {
            continue;
        }
        gap(source, Span::new(at, span.start), out);
        out.push(kind, span);
        at = span.end;
    }
    gap(source, Span::new(at, i.lines.end), out);
}

/// Text between marks: arguments with the blanks around them taken apart.
fn gap(source: &str, span: Span, out: &mut Tokens) {
    let text = span.of(source);
    let start = span.start + (text.len() - text.trim_start().len()) as u32;
    let end = span.end - (text.len() - text.trim_end().len()) as u32;
    if start >= end {
        out.push(TokenKind::Blank, span);
        return;
    }
    out.push(TokenKind::Blank, Span::new(span.start, start));
    out.push(TokenKind::Argument, Span::new(start, end));
    out.push(TokenKind::Blank, Span::new(end, span.end));
}
