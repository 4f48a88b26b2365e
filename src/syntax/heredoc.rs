//! Here-documents: `<<EOF` words in RUN, COPY and ADD, and the lines that belong to them.

use super::ast::Heredoc;
use super::error::{ErrorKind, SyntaxError};
use super::keyword::Keyword;
use super::lines::{Line, Scanner};
use super::logical::Logical;
use super::word;
use crate::source::Span;
use std::cell::OnceCell;

/// Finds the heredocs that `logical` opens and reads their lines.
pub(super) fn read<'a>(scanner: &mut Scanner<'a>, logical: &Logical<'a>) -> (Vec<Heredoc<'a>>, Option<Line>) {
    let text = logical.text();
    // The builder reads the whole line, keyword and all, and always with a backslash as escape.
    let words = word::split(text, '\\').unwrap_or_default();
    let mut heredocs = Vec::new();
    let mut last = None;
    for range in words {
        let Some(mut heredoc) = opening(&text[range.clone()]) else { continue };
        heredoc.span = logical.span(range);
        last = body(scanner, &mut heredoc).or(last);
        heredocs.push(heredoc);
    }
    (heredocs, last)
}

/// Reads a word like `0<<-"EOF"`.
fn opening<'a>(word: &str) -> Option<Heredoc<'a>> {
    let digits = word.len() - word.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    let rest = word[digits..].strip_prefix("<<")?;
    let (chomp, raw) = rest.strip_prefix('-').map_or((false, rest), |raw| (true, raw));
    if raw.is_empty() || raw.contains('<') {
        return None;
    }
    let fd = if digits == 0 { 0 } else { word[..digits].parse().ok()? };
    if word::split(raw, '\\').ok()?.len() != 1 {
        return None;
    }
    let name = word::unquote(raw, &word::lex(raw, '\\').ok()?);
    let expand = name == raw;
    let none = Span::default();
    let shell_tree = OnceCell::new();
    Some(Heredoc { name, fd, expand, chomp, span: none, content: "", content_span: none, terminator: none, shell_tree })
}

/// Reads the lines up to the terminator; gives the last line read.
fn body<'a>(scanner: &mut Scanner<'a>, heredoc: &mut Heredoc<'a>) -> Option<Line> {
    let mut content: Option<Span> = None;
    let mut last = None;
    let mut looks_like_next = None;
    let may_end = scanner.may_follow(&heredoc.name);
    while let Some(line) = scanner.line() {
        let text = line.content.of(scanner.text);
        let candidate = if heredoc.chomp { text.trim_start_matches('\t') } else { text };
        if candidate == heredoc.name {
            heredoc.terminator = line.span;
            let content = content.unwrap_or(Span::empty(line.span.start));
            (heredoc.content, heredoc.content_span) = (content.of(scanner.text), content);
            return Some(line);
        }
        if looks_like_next.is_none() && starts_instruction(text) {
            looks_like_next = Some((line, content, last));
            if !may_end {
                break;
            }
        }
        content = Some(content.map_or(line.span, |c| c.to(line.span)));
        last = Some(line);
    }
    scanner.note_lines();
    let message = format!("the here-document `{}` is never closed", heredoc.name);
    let help = format!("put a line with nothing but `{}` behind its last line", heredoc.name);
    scanner.errors.push(SyntaxError::parser(ErrorKind::Heredoc, heredoc.span, message).help(help));
    // The rest of the file is still read: what looks like the next instruction most likely is.
    if let Some((line, before, previous)) = looks_like_next {
        scanner.rewind(line);
        (content, last) = (before, previous);
    }
    let content = content.unwrap_or(Span::empty(scanner.text.len() as u32));
    (heredoc.content, heredoc.content_span) = (content.of(scanner.text), content);
    heredoc.terminator = Span::empty(content.end);
    last
}

fn starts_instruction(line: &str) -> bool {
    let word = line.split(' ').next().unwrap_or(line);
    word.len() < line.len() && Keyword::names().any(|name| name == word)
}
