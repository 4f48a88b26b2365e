//! `ast --format tree`: an indented tree for people.

use crate::report::safe;
use crate::syntax::{Body, Dockerfile, Form, Instruction, Word};
use std::io::{self, Write};

/// Writes the tree of `file`, which is called `name`.
pub(super) fn write(name: &str, file: &Dockerfile<'_>, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "{}", safe::line(name))?;
    for d in &file.directives {
        writeln!(out, "  directive {} = {}", shown(d.name), shown(d.value))?;
    }
    for i in &file.instructions {
        instruction(i, 1, out)?;
    }
    for e in &file.errors {
        writeln!(out, "  error at byte {}: {}", e.span.start, safe::line(&e.message))?;
    }
    Ok(())
}

/// `text` with its line breaks as escapes.
fn shown(text: &str) -> String {
    safe::line(&text.escape_debug().to_string()).into_owned()
}

fn item(depth: usize, what: &str, text: &str, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "{:indent$}{what} {}", "", shown(text), indent = depth * 2)
}

fn words(depth: usize, what: &str, words: &[Word<'_>], out: &mut dyn Write) -> io::Result<()> {
    words.iter().try_for_each(|w| item(depth, what, &w.text, out))
}

fn instruction(i: &Instruction<'_>, depth: usize, out: &mut dyn Write) -> io::Result<()> {
    let (first, last) = i.line_numbers;
    let lines = if first == last { format!("line {first}") } else { format!("lines {first}-{last}") };
    let name = if i.keyword.name().is_empty() { i.keyword_text() } else { i.keyword.name() };
    writeln!(out, "{:indent$}{} ({lines})", "", shown(name), indent = depth * 2)?;
    let depth = depth + 1;
    i.flags.iter().try_for_each(|f| item(depth, "flag", &f.text, out))?;
    match &i.body {
        Body::Words { words: list, json } => words(depth, if *json { "json" } else { "word" }, list, out)?,
        Body::Pairs { pairs, .. } => {
            for p in pairs {
                item(depth, "pair", &format!("{} = {}", p.key.text, p.value.text), out)?;
            }
        }
        Body::Args(args) => args.iter().try_for_each(|a| item(depth, "arg", &a.text, out))?,
        Body::Single(word) => words(depth, "word", word.as_slice(), out)?,
        Body::Command(form) => command(i, form, depth, out)?,
        Body::Healthcheck { kind, command: form } => {
            words(depth, "kind", kind.as_slice(), out)?;
            command(i, form, depth, out)?;
        }
        Body::Onbuild(inner) => inner.iter().try_for_each(|inner| instruction(inner, depth, out))?,
        Body::Unknown => item(depth, "unknown", i.joined(), out)?,
    }
    for h in &i.heredocs {
        item(depth, "heredoc", &h.name, out)?;
        h.content.lines().try_for_each(|line| item(depth + 1, "|", line, out))?;
    }
    Ok(())
}

fn command(i: &Instruction<'_>, form: &Form<'_>, depth: usize, out: &mut dyn Write) -> io::Result<()> {
    match form {
        Form::Exec(list) => words(depth, "exec", list, out),
        Form::Shell { range, .. } => item(depth, "shell", &i.logical.text()[range.clone()], out),
        Form::Empty => Ok(()),
    }
}
