//! `ast --format buildkit`: the tree in the shape of BuildKit's own parser, a JSON line per file.

use crate::report::json_text;
use crate::syntax::{Body, Dockerfile, Form, Heredoc, Instruction, Word};
use serde::Serialize;
use std::io::{self, Write};

#[derive(Serialize)]
struct File<'a> {
    file: &'a str,
    parse_ok: bool,
    escape: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    nodes: Vec<Node<'a>>,
}

#[derive(Serialize)]
struct Node<'a> {
    cmd: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    flags: Vec<&'a str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    args: Vec<&'a str>,
    original: &'a str,
    start: u32,
    end: u32,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    json: bool,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    heredocs: Vec<Document<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    sub: Option<Box<Node<'a>>>,
}

#[derive(Serialize)]
struct Document<'a> {
    name: &'a str,
    fd: u32,
    expand: bool,
    chomp: bool,
    content: &'a str,
}

/// Writes the JSON line of `file`, which is called `name`.
pub(super) fn write(name: &str, file: &Dockerfile<'_>, out: &mut dyn Write) -> io::Result<()> {
    let parse_ok = !file.errors.iter().any(|e| e.in_parser);
    let nodes = if parse_ok { file.instructions.iter().map(node).collect() } else { Vec::new() };
    json_text::write(&File { file: name, parse_ok, escape: file.escape.to_string(), nodes }, out)?;
    writeln!(out)
}

fn node<'a>(i: &'a Instruction<'_>) -> Node<'a> {
    let (args, json) = args(i);
    Node {
        cmd: i.keyword_text().to_lowercase(),
        flags: i.flags.iter().map(|f| f.text.as_ref()).collect(),
        args,
        original: i.joined(),
        start: i.line_numbers.0,
        end: i.line_numbers.1,
        json,
        heredocs: i.heredocs.iter().map(document).collect(),
        // BuildKit gives the line numbers to the outer node only.
        sub: i.trigger().map(|inner| Box::new(Node { start: 0, end: 0, ..node(inner) })),
    }
}

fn document<'a>(h: &'a Heredoc<'_>) -> Document<'a> {
    Document { name: &h.name, fd: h.fd, expand: h.expand, chomp: h.chomp, content: h.content }
}

/// The arguments as BuildKit lists them, and whether they were JSON. ENV and LABEL give three per
/// pair: name, value, and `=` or nothing.
fn args<'a>(i: &'a Instruction<'_>) -> (Vec<&'a str>, bool) {
    let texts = |words: &'a [Word<'_>]| words.iter().map(|w| w.text.as_ref()).collect::<Vec<_>>();
    match &i.body {
        Body::Words { words, json } => (texts(words), *json),
        Body::Pairs { pairs, .. } => {
            let triple = |p: &'a crate::syntax::Pair<'_>| {
                [p.key.text.as_ref(), p.value.text.as_ref(), if p.equals { "=" } else { "" }]
            };
            (pairs.iter().flat_map(triple).collect(), false)
        }
        Body::Args(list) => (list.iter().map(|a| a.text.as_ref()).collect(), false),
        Body::Command(form) => form_args(i, form),
        Body::Single(word) => (word.iter().map(|w| w.text.as_ref()).collect(), false),
        Body::Healthcheck { kind, command } => {
            let (rest, json) = form_args(i, command);
            (kind.iter().map(|k| k.text.as_ref()).chain(rest).collect(), json)
        }
        Body::Onbuild(_) => (Vec::new(), false),
        Body::Unknown => (vec![""], false),
    }
}

fn form_args<'a>(i: &'a Instruction<'_>, form: &'a Form<'_>) -> (Vec<&'a str>, bool) {
    match form {
        Form::Exec(words) => (words.iter().map(|w| w.text.as_ref()).collect(), true),
        Form::Shell { range, .. } => (vec![&i.logical.text()[range.clone()]], false),
        Form::Empty => (Vec::new(), false),
    }
}
