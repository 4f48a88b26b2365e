//! StageNameCasing: a stage name that is not in lower case.

use super::{Context, Findings, meta};
use crate::diagnostic::{Applicability, Edit, Fix};
use crate::syntax::{Keyword, Word};

pub(super) fn check(cx: &Context<'_, '_>, out: &mut Findings) {
    for stage in &cx.model.stages {
        let from = &cx.file.instructions[stage.from];
        let Some(word) = from.stage_name() else { continue };
        let lower = word.text.to_lowercase();
        if lower == word.text {
            continue;
        }
        let mut edits = vec![Edit::replace(word.span, lower.clone())];
        for later in &cx.file.instructions[stage.from + 1..] {
            let referenced = match later.keyword {
                Keyword::From => later.words().first().map(|w| (w.span, w.text.as_ref())),
                Keyword::Copy => later.flag("from").and_then(|f| Some((f.value_span, f.value()?))),
                _ => None,
            };
            // A reference with quotes or continuations in it is left: names match in any case.
            let is_name = |&(span, text): &(crate::source::Span, &str)| {
                text.to_lowercase() == lower && text != lower && span.of(cx.file.text) == text
            };
            if let Some((span, _)) = referenced.filter(is_name) {
                edits.push(Edit::replace(span, lower.clone()));
            }
        }
        let finding = out
            .report(
                &meta::STAGE_NAME_CASING,
                word.span,
                format!("the stage name {} is not in lower case", cx.plain(&word.text)),
            )
            .note("names match in any case, so two spellings of one stage look like two stages")
            .help(format!("call it `{lower}`"));
        if is_contiguous(word, cx.file.text) {
            finding.fix(Fix::new(format!("call the stage `{lower}`"), Applicability::Safe, edits));
        }
    }
}

fn is_contiguous(word: &Word<'_>, text: &str) -> bool {
    word.span.of(text) == word.text
}
