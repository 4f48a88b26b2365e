//! UndefinedArgInFrom, InvalidDefaultArgInFrom and LW015: a base image that can't be.

use super::findings::Finding;
use super::{Context, Findings, meta};
use crate::model::{Expanded, Value, Variables, global_variables, reference_fault};
use crate::source::Span;
use crate::suggest::Suggestions;
use crate::syntax::word::{lex, variables};
use crate::syntax::{Flag, Instruction, Keyword, Word, mount_fields};
use std::ops::Range;

pub(super) fn undefined(cx: &Context<'_, '_>, out: &mut Findings) {
    let globals = global_variables(cx.model);
    let suggestions = Suggestions::default();
    for from in froms(cx) {
        let platform = from.flag("platform").and_then(|f| Some((f.value()?, f.value_span)));
        let image = from.words().first().map(|w| (w.text.as_ref(), w.span));
        for (text, span) in platform.into_iter().chain(image) {
            let Ok(parts) = lex(text, cx.file.escape) else { continue };
            let mut found = Vec::new();
            variables(&parts, &mut found);
            for variable in found {
                let name = &text[variable.name.clone()];
                if globals.says(name) || cx.model.declares(name) {
                    continue;
                }
                let message = format!("no ARG above the first FROM declares {}", cx.plain(&format!("${name}")));
                let finding = out
                    .report(&meta::UNDEFINED_ARG_IN_FROM, part(cx, span, text, &variable.range), message)
                    .note("it is empty here, and no build argument can fill it");
                match suggestions.closest(name, || globals.names().chain(cx.model.globals.names())) {
                    Some(near) => finding.help(format!("did you mean `${near}`?")),
                    None => finding.help(format!("put `ARG {name}=...` above the first FROM")),
                };
            }
        }
    }
}

pub(super) fn invalid_default(cx: &Context<'_, '_>, out: &mut Findings) {
    let globals = global_variables(cx.model);
    for from in froms(cx) {
        let Some(word) = from.words().first().filter(|w| w.text.contains('$')) else { continue };
        let Some((fault, name)) = with_defaults(cx, &globals, word) else { continue };
        // What no ARG declares is told by UndefinedArgInFrom.
        let Some(arg) = first_without_value(cx, &globals, word) else { continue };
        let what = match name.is_empty() {
            true => "the base image has no name".to_owned(),
            false => format!("the base image would be {}: {fault}", cx.plain(&name)),
        };
        out.report(&meta::INVALID_DEFAULT_ARG_IN_FROM, word.span, format!("without `--build-arg {arg}=...`, {what}"))
            .note("a plain `docker build` fails, and so does every tool that builds the file without knowing of it")
            .help(format!("give it a default: `ARG {arg}=...` above the first FROM"));
    }
}

/// LW015: names that no build argument mends.
pub(super) fn invalid(cx: &Context<'_, '_>, out: &mut Findings) {
    let globals = global_variables(cx.model);
    for stage in &cx.model.stages {
        let from = &cx.file.instructions[stage.from];
        let Some(word) = from.words().first() else { continue };
        let text = word.text.as_ref();
        let exact = |name: &str| cx.model.last_named(name, stage.index).is_some();
        let stage_in_capitals = exact(&text.to_lowercase()) && !exact(text);
        if text.contains('$') {
            let Some((fault, name)) = with_defaults(cx, &globals, word) else { continue };
            if !name.is_empty() && first_without_value(cx, &globals, word).is_none() && all_declared(cx, &globals, word)
            {
                report(cx, out, word.span, &name, fault).also("InvalidDefaultArgInFrom");
            }
        } else if stage_in_capitals && reference_fault(text).is_some() {
            let message = format!("FROM does not find the stage {}, as it is not in lower case", cx.plain(text));
            out.report(&meta::INVALID_IMAGE, word.span, message)
                .note("BuildKit then takes the name for an image, and refuses capitals in one")
                .help(format!("write `{}`", text.to_lowercase()))
                .also("InvalidDefaultArgInFrom");
        } else if let Expanded::Known(name) = globals.expand(text, cx.file.escape)
            && !exact(&name)
            && let Some(fault) = reference_fault(&name)
        {
            report(cx, out, word.span, &name, fault).also("InvalidDefaultArgInFrom");
        }
    }
    for step in &cx.file.instructions {
        for (name, span) in sources(step) {
            let index = step.keyword == Keyword::Copy && name.bytes().all(|b| b.is_ascii_digit());
            let is_stage = cx.model.last_named(&name.to_lowercase(), cx.model.stages.len()).is_some();
            if !index
                && !is_stage
                && !name.is_empty()
                && !name.contains('$')
                && let Some(fault) = reference_fault(&name)
            {
                report(cx, out, span, &name, fault);
            }
        }
    }
}

fn report<'f>(cx: &Context<'_, '_>, out: &'f mut Findings, span: Span, name: &str, fault: &str) -> Finding<'f> {
    out.report(&meta::INVALID_IMAGE, span, format!("{} can't name an image: {fault}", cx.plain(name)))
        .note("the build fails before its first step")
        .help("an image is `registry/name:tag`, its name in lower case")
}

/// What COPY and mounts take from: a stage or an image.
fn sources(step: &Instruction<'_>) -> Vec<(String, Span)> {
    match step.keyword {
        Keyword::Copy => {
            step.flag("from").and_then(|f| Some((f.value()?.to_owned(), f.value_span))).into_iter().collect()
        }
        Keyword::Run => {
            let of = |flag: &Flag<'_>| {
                let field = mount_fields(flag.value()?)?.into_iter().find(|f| f.key.eq_ignore_ascii_case("from"))?;
                Some((field.value?.into_owned(), flag.value_span))
            };
            step.flags.iter().filter(|f| f.name() == "mount").filter_map(of).collect()
        }
        _ => Vec::new(),
    }
}

fn froms<'c, 'a>(cx: &Context<'c, 'a>) -> impl Iterator<Item = &'c Instruction<'a>> {
    let froms = cx.model.stages.iter().map(|s| &cx.file.instructions[s.from]);
    froms.filter(|from| from.joined().contains('$'))
}

/// What is wrong with the name that the defaults give, and the name; nothing if it is right or not known.
fn with_defaults(cx: &Context<'_, '_>, globals: &Variables, word: &Word<'_>) -> Option<(&'static str, String)> {
    let name = globals.expand(&word.text, cx.file.escape).known()?;
    if cx.model.stages.iter().any(|s| s.name.as_deref() == Some(&name)) {
        return None;
    }
    Some((reference_fault(&name)?, name))
}

fn names_in<'w>(cx: &Context<'_, '_>, word: &'w Word<'_>) -> Vec<&'w str> {
    let Ok(parts) = lex(&word.text, cx.file.escape) else { return Vec::new() };
    let mut found = Vec::new();
    variables(&parts, &mut found);
    found.into_iter().map(|v| &word.text[v.name.clone()]).collect()
}

/// The first ARG of a name that has no value, or an empty one, and that a build argument can fill.
fn first_without_value(cx: &Context<'_, '_>, globals: &Variables, word: &Word<'_>) -> Option<String> {
    let names = names_in(cx, word);
    let empty = |name: &&&str| {
        let value = globals.value(name);
        cx.model.declares(name) && (!globals.says(name) || value == Value::Known(String::new()))
    };
    names.iter().find(empty).map(|name| (*name).to_owned())
}

fn all_declared(cx: &Context<'_, '_>, globals: &Variables, word: &Word<'_>) -> bool {
    names_in(cx, word).iter().all(|name| globals.says(name) || cx.model.declares(name))
}

/// Where a part of a word stands, if the word stands there as it is.
fn part(cx: &Context<'_, '_>, span: Span, text: &str, range: &Range<usize>) -> Span {
    if span.of(cx.file.text) != text {
        return span;
    }
    Span::new(span.start + range.start as u32, span.start + range.end as u32)
}
