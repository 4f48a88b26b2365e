//! ConsistentInstructionCasing and FromAsCasing: keywords in more than one case.

use super::{Context, Findings, meta};
use crate::diagnostic::{Applicability, Edit, Fix};
use crate::syntax::{Instruction, Keyword};

/// The case of a keyword; one like `From` has none.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Case {
    Lower,
    Upper,
}

impl Case {
    fn of(word: &str) -> Option<Self> {
        if !word.bytes().any(|b| b.is_ascii_uppercase()) {
            Some(Case::Lower)
        } else if !word.bytes().any(|b| b.is_ascii_lowercase()) {
            Some(Case::Upper)
        } else {
            None
        }
    }

    fn apply(self, word: &str) -> String {
        match self {
            Case::Lower => word.to_ascii_lowercase(),
            Case::Upper => word.to_ascii_uppercase(),
        }
    }

    const fn name(self) -> &'static str {
        match self {
            Case::Lower => "lower case",
            Case::Upper => "capitals",
        }
    }
}

pub(super) fn instructions(cx: &Context<'_, '_>, out: &mut Findings) {
    let all = || {
        let below = cx.model.stages.first().map_or(cx.file.instructions.len(), |s| s.from);
        cx.file.instructions[below..].iter().filter(|i| i.keyword != Keyword::Unknown)
    };
    let (mut lower, mut upper) = (0, 0);
    for i in all() {
        match Case::of(i.keyword_text()) {
            Some(Case::Lower) => lower += 1,
            Some(Case::Upper) => upper += 1,
            None => {}
        }
    }
    let most = if lower > upper { Case::Lower } else { Case::Upper };
    for i in all() {
        let written = i.keyword_text();
        if Case::of(written) == Some(most) {
            continue;
        }
        let wanted = most.apply(written);
        let mut edits = vec![Edit::replace(i.keyword_span, wanted.clone())];
        // `as` goes by its FROM, so both change at once.
        if let Some((word, text)) = as_word(i)
            && Case::of(text) != Some(most)
        {
            edits.push(Edit::replace(word, most.apply(text)));
        }
        let message = format!("`{written}` is not in {}, as most instructions of this file are", most.name());
        out.report(&meta::CONSISTENT_INSTRUCTION_CASING, i.keyword_span, message)
            .note("builders take any case; readers find instructions sooner where all look alike")
            .help(format!("write `{wanted}`"))
            .fix(Fix::new(format!("write `{wanted}`"), Applicability::Safe, edits));
    }
}

pub(super) fn from_as(cx: &Context<'_, '_>, out: &mut Findings) {
    for stage in &cx.model.stages {
        let from = &cx.file.instructions[stage.from];
        let (Some((span, text)), Some(case)) = (as_word(from), Case::of(from.keyword_text())) else { continue };
        if Case::of(text) == Some(case) {
            continue;
        }
        let wanted = case.apply(text);
        let message = format!("`{text}` and `{}` are in different cases", from.keyword_text());
        out.report(&meta::FROM_AS_CASING, span, message)
            .note("both are keywords of one instruction; builders take any case")
            .help(format!("write `{wanted}`"))
            .fix(Fix::new(format!("write `{wanted}`"), Applicability::Safe, vec![Edit::replace(span, wanted)]));
    }
}

/// The `AS` of a FROM.
fn as_word<'i>(from: &'i Instruction<'_>) -> Option<(crate::source::Span, &'i str)> {
    from.stage_name()?;
    // A word cut by a continuation is read whole, and left as it is.
    from.words().get(1).filter(|w| w.span.len() as usize == w.text.len()).map(|w| (w.span, w.text.as_ref()))
}
