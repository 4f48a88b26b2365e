//! `ast --format json`: the whole tree with byte spans, for programs.

use crate::report::json_text;
use crate::source::Span;
use crate::syntax::{Body, Dockerfile, Form, Instruction, TriviaKind, Word};
use serde_json::{Value, json};
use std::io::{self, Write};

/// Writes the JSON line of `file`, which is called `name`.
pub(super) fn write(name: &str, file: &Dockerfile<'_>, out: &mut dyn Write) -> io::Result<()> {
    let directives = file.directives.iter().map(|d| json!({"name": d.name, "value": d.value, "span": span(d.span)}));
    let comments = file.trivia.iter().filter(|t| t.kind == TriviaKind::Comment).map(|t| span(t.span));
    let errors = file.errors.iter().map(|e| json!({"message": e.message, "span": span(e.span)}));
    let tree = json!({
        "file": name,
        "escape": file.escape,
        "directives": directives.collect::<Vec<_>>(),
        "instructions": file.instructions.iter().map(instruction).collect::<Vec<_>>(),
        "comments": comments.collect::<Vec<_>>(),
        "errors": errors.collect::<Vec<_>>(),
    });
    json_text::write(&tree, out)?;
    writeln!(out)
}

fn span(span: Span) -> Value {
    json!([span.start, span.end])
}

fn word(word: &Word<'_>) -> Value {
    json!({"text": word.text, "span": span(word.span)})
}

fn instruction(i: &Instruction<'_>) -> Value {
    let heredocs = i.heredocs.iter().map(|h| {
        json!({"name": h.name, "fd": h.fd, "expand": h.expand, "chomp": h.chomp, "span": span(h.span),
               "content": h.content, "content_span": span(h.content_span), "terminator": span(h.terminator)})
    });
    let inner = i.inner.iter().filter(|t| t.kind == TriviaKind::Comment).map(|t| span(t.span));
    json!({
        "keyword": i.keyword.name(),
        "keyword_span": span(i.keyword_span),
        "span": span(i.span),
        "lines": [i.line_numbers.0, i.line_numbers.1],
        "flags": i.flags.iter().map(|f| json!({"text": f.text, "span": span(f.span)})).collect::<Vec<_>>(),
        "body": body(i),
        "heredocs": heredocs.collect::<Vec<_>>(),
        "comments": inner.collect::<Vec<_>>(),
    })
}

fn body(i: &Instruction<'_>) -> Value {
    let list = |words: &[Word<'_>]| words.iter().map(word).collect::<Vec<_>>();
    match &i.body {
        Body::Words { words, json } => json!({"words": list(words), "json": json}),
        Body::Pairs { pairs, legacy } => {
            let pair = |p: &crate::syntax::Pair<'_>| json!({"key": word(&p.key), "value": word(&p.value), "span": span(p.span)});
            json!({"pairs": pairs.iter().map(pair).collect::<Vec<_>>(), "legacy": legacy})
        }
        Body::Args(args) => {
            let arg = |a: &crate::syntax::ArgItem<'_>| json!({"name": word(&a.name), "value": a.value.as_ref().map(word), "span": span(a.span)});
            json!({"args": args.iter().map(arg).collect::<Vec<_>>()})
        }
        Body::Command(form) => self::form(i, form),
        Body::Single(single) => json!({"word": single.as_ref().map(word)}),
        Body::Healthcheck { kind, command } => {
            json!({"kind": kind.as_ref().map(word), "command": self::form(i, command)})
        }
        Body::Onbuild(inner) => json!({"instruction": inner.as_deref().map(instruction)}),
        Body::Unknown => json!({"unknown": i.joined()}),
    }
}

fn form(i: &Instruction<'_>, form: &Form<'_>) -> Value {
    match form {
        Form::Exec(words) => json!({"exec": words.iter().map(word).collect::<Vec<_>>()}),
        Form::Shell { span: at, range } => json!({"shell": &i.logical.text()[range.clone()], "span": span(*at)}),
        Form::Empty => json!({}),
    }
}
