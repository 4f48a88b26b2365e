//! DL3049 and its kin: labels that a project asks for.

mod formats;

use super::{Context, Findings, meta};
use crate::model::{Base, Stage, Value, expand, visit_steps};
use crate::syntax::Keyword;
use formats::Format;

pub(super) fn check(cx: &Context<'_, '_>, out: &mut Findings) {
    let schema: Vec<(&str, Option<Format>)> = cx
        .pairs(&meta::LABEL_SCHEMA, "labels")
        .iter()
        .map(|(label, format)| (label.as_str(), Format::named(format)))
        .collect();
    let strict = cx.flag(&meta::LABEL_SCHEMA, "strict");
    if schema.is_empty() && !strict {
        return;
    }
    // The keys that each stage sets itself.
    let mut keys: Vec<Vec<String>> = vec![Vec::new(); cx.model.stages.len()];
    visit_steps(cx.model, |stage, step, variables| {
        if step.keyword != Keyword::Label {
            return;
        }
        for pair in step.pairs() {
            let plain = |text: &str| expand(text, cx.file.escape, &|_| Value::Unknown).known();
            let key = plain(&pair.key.text).unwrap_or_else(|| pair.key.text.to_string());
            keys[stage.index].push(key.clone());
            let Some((_, format)) = schema.iter().find(|(label, _)| *label == key) else {
                if strict {
                    let message = format!("the label {} is none of those that the project has", cx.plain(&key));
                    out.report(&meta::LABEL_SCHEMA, pair.key.span, message)
                        .note("`strict` is set, so each label has to be listed")
                        .help("add it to `labels` in the configuration, or take it out")
                        .also("DL3050");
                }
                continue;
            };
            // Only a build argument can tell what it will be.
            let Some(value) = variables.expand(&pair.value.text, cx.file.escape).known() else { continue };
            if value.is_empty() {
                out.report(&meta::LABEL_SCHEMA, pair.span, format!("the label {} is empty", cx.plain(&key)))
                    .note("the project asks for it, and nobody can use it so")
                    .help("give it a value")
                    .also("DL3051");
            } else if let Some(format) = format.filter(|f| !f.fits(&value)) {
                let message = format!("the label {} is no {}: {}", cx.plain(&key), format.what(), cx.plain(&value));
                out.report(&meta::LABEL_SCHEMA, pair.value.span, message)
                    .note("tools that read the label take it for one")
                    .help(format!("write it like {}", format.example()))
                    .also(format.code());
            }
        }
    });
    for stage in cx.model.targets() {
        for (label, _) in schema.iter().filter(|(label, _)| !has(cx, &keys, stage, label)) {
            let from = &cx.file.instructions[stage.from];
            out.report(&meta::LABEL_SCHEMA, from.keyword_span, format!("the image has no label {}", cx.plain(label)))
                .note("the project asks for it")
                .help(format!("add `LABEL {label}=\"...\"`"));
        }
    }
}

/// Whether `stage`, or one that it is built on, sets the label.
fn has(cx: &Context<'_, '_>, keys: &[Vec<String>], stage: &Stage, label: &str) -> bool {
    let mut stage = stage;
    loop {
        if keys[stage.index].iter().any(|key| key == label) {
            return true;
        }
        let Base::Stage(base) = stage.base else { return false };
        stage = &cx.model.stages[base];
    }
}
