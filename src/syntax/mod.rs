//! The lossless syntax tree of a Dockerfile.
//!
//! It agrees with BuildKit's own parser on all that BuildKit accepts, and records what BuildKit
//! refuses as errors with a place, while the rest of the file is still read.

mod ast;
mod error;
mod flags;
mod heredoc;
mod ignore_comment;
mod instruction;
mod json;
mod keyvalue;
mod keyword;
mod lines;
mod logical;
mod mention;
mod refuse;
pub mod shell;
mod tokens;
pub mod word;

pub use ast::{ArgItem, Body, Directive, Dockerfile, Flag, Form, Heredoc, Instruction, Pair, Trivia, TriviaKind, Word};
pub use error::{ErrorKind, SyntaxError};
pub use flags::{MountField, mount_fields};
pub use ignore_comment::IgnoreComment;
pub use keyword::Keyword;
pub use logical::Logical;
pub use refuse::{flag_names, is_stage_name};
pub use tokens::{Token, TokenKind, tokens};

use crate::source::Span;
use instruction::Reader;
use lines::{Group, Scanner};
use std::cell::OnceCell;

/// Parses `text`. Never fails: what can't be read is in [`Dockerfile::errors`].
///
/// Offsets are 32 bits wide; text beyond 4 GiB is not looked at.
pub fn parse(text: &str) -> Dockerfile<'_> {
    let mut scanner = Scanner::new(text);
    // Room for as many as such a text has, more or less: a list that grows moves them all.
    let mut instructions = Vec::with_capacity(text.len().min(8 << 10) / 64 + 1);
    while let Some(group) = scanner.group() {
        instructions.push(instruction(&mut scanner, group));
    }
    let Scanner { escape, directives, trivia, mut errors, .. } = scanner;
    if instructions.is_empty() {
        let end = Span::empty(text.trim_end().len() as u32);
        let message = "the file has no instruction";
        errors.push(SyntaxError::parser(ErrorKind::NoInstruction, end, message).help("start it with FROM"));
    }
    let mut file = Dockerfile { text, escape, directives, instructions, trivia, errors };
    refuse::check(&mut file);
    file
}

fn instruction<'a>(scanner: &mut Scanner<'a>, group: Group<'a>) -> Instruction<'a> {
    let Group { logical, mut lines, end, mut line_numbers, inner, unfinished } = group;
    let range = 0..logical.text().len();
    let escape = scanner.escape;
    let mut reader = Reader { logical: &logical, escape, errors: &mut scanner.errors, line_numbers };
    let parsed = reader.read(range.clone(), 0);
    let mut span = Span::new(parsed.span.start, end.max(parsed.span.end));
    let mut heredocs = Vec::new();
    if takes_heredocs(&parsed.body, parsed.keyword) && logical.text().contains("<<") {
        let last;
        (heredocs, last) = heredoc::read(scanner, &logical);
        if let Some(line) = last {
            lines.end = line.span.end;
            span.end = line.content.end;
            line_numbers.1 = line.number;
        }
    }
    Instruction {
        keyword: parsed.keyword,
        keyword_span: parsed.keyword_span,
        flags: parsed.flags,
        body: parsed.body,
        heredocs,
        span,
        lines,
        line_numbers,
        logical,
        range,
        inner,
        unfinished,
        shell_tree: OnceCell::new(),
        triples: OnceCell::new(),
    }
}

/// Whether `<<` opens heredocs here; below ONBUILD the inner instruction decides.
fn takes_heredocs(body: &Body<'_>, keyword: Keyword) -> bool {
    match body {
        Body::Onbuild(Some(inner)) => inner.keyword.takes_heredocs() && !is_json(&inner.body),
        body => keyword.takes_heredocs() && !is_json(body),
    }
}

fn is_json(body: &Body<'_>) -> bool {
    matches!(body, Body::Words { json: true, .. } | Body::Command(Form::Exec(_)))
}
