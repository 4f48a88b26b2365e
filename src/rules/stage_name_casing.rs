//! StageNameCasing: a stage name that is not in lower case.

use super::{Context, Findings, meta};
use crate::diagnostic::{Applicability, Edit, Fix, Severity};
use crate::source::Span;
use crate::syntax::{Flag, Instruction, Keyword, Word, mount_fields};
use std::cell::OnceCell;
use std::collections::HashMap;

pub(super) fn check(cx: &Context<'_, '_>, out: &mut Findings) {
    let all = OnceCell::new();
    for stage in &cx.model.stages {
        let from = &cx.file.instructions[stage.from];
        let Some(word) = from.stage_name() else { continue };
        let lower = word.text.to_lowercase();
        if lower == word.text {
            continue;
        }
        let mut edits = vec![Edit::replace(word.span, lower.clone())];
        let mut spelled_otherwise = None;
        let all = all.get_or_init(|| all_references(cx));
        // From the next stage of that name on, that one is meant.
        let named = cx.model.all_named(&lower);
        let next =
            named.get(named.partition_point(|&index| index <= stage.index)).map(|&index| &cx.model.stages[index]);
        let end = next.map_or(u32::MAX, |next| cx.file.instructions[next.from].span.end);
        let references = all.get(&lower).map(Vec::as_slice).unwrap_or_default();
        let first = references.partition_point(|(span, _)| span.start <= from.span.end);
        let below = references[first..].iter().take_while(|(span, _)| span.start < end);
        for (span, text) in below {
            if *text != word.text {
                spelled_otherwise.get_or_insert(*span);
            }
            // A reference with quotes or continuations in it is left: names match in any case.
            if *text != lower && span.of(cx.file.text) == text {
                edits.push(Edit::replace(*span, lower.clone()));
            }
        }
        let message = format!("the stage name {} is not in lower case", cx.plain(&word.text));
        let finding = out.report(&meta::STAGE_NAME_CASING, word.span, message).help(format!("call it `{lower}`"));
        let finding = match spelled_otherwise {
            Some(place) => finding
                .why(place, "the same stage, spelled otherwise")
                .note("names match in any case, so two spellings of one stage look like two stages"),
            None => finding.severity(Severity::Style).note("the build finds it; Docker warns of it each time"),
        };
        if is_contiguous(word, cx.file.text) {
            finding.fix(Fix::new(format!("call the stage `{lower}`"), Applicability::Safe, edits));
        }
    }
}

/// All places where a stage is named, by the name in lower case.
fn all_references(cx: &Context<'_, '_>) -> HashMap<String, Vec<(Span, String)>> {
    let mut all: HashMap<_, Vec<_>> = HashMap::new();
    for (span, text) in cx.file.instructions.iter().flat_map(references) {
        all.entry(text.to_lowercase()).or_default().push((span, text));
    }
    all
}

/// The places where an instruction names a stage.
fn references(i: &Instruction<'_>) -> Vec<(Span, String)> {
    match i.keyword {
        Keyword::From => i.words().first().map(|w| (w.span, w.text.to_string())).into_iter().collect(),
        Keyword::Copy => i.flag("from").and_then(|f| Some((f.value_span, f.value()?.to_owned()))).into_iter().collect(),
        Keyword::Run => i.flags.iter().filter(|f| f.name() == "mount").filter_map(mounted).collect(),
        _ => Vec::new(),
    }
}

/// The stage that `--mount=from=stage` names.
fn mounted(flag: &Flag<'_>) -> Option<(Span, String)> {
    let value = flag.value()?;
    let field = mount_fields(value)?.into_iter().find(|f| f.key == "from")?;
    let name = field.value?;
    let end = flag.value_span.start + field.range.end as u32;
    Some((Span::new(end - name.len() as u32, end), name.into_owned()))
}

fn is_contiguous(word: &Word<'_>, text: &str) -> bool {
    word.span.of(text) == word.text
}
