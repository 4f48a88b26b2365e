//! InvalidDefinitionDescription: a comment where BuildKit looks for a description.

use super::{Context, Findings, meta};
use crate::syntax::{Instruction, Keyword, Trivia, TriviaKind};

pub(super) fn check(cx: &Context<'_, '_>, out: &mut Findings) {
    for i in &cx.file.instructions {
        let names: Vec<String> = match i.keyword {
            Keyword::From => i.stage_name().map(|w| w.text.to_lowercase()).into_iter().collect(),
            Keyword::Arg => i.args().iter().map(|a| a.name.text.to_string()).collect(),
            _ => continue,
        };
        let (Some(first), Some(comment)) = (names.first(), comment_above(cx, i)) else { continue };
        let text = comment.span.of(cx.file.text).trim().trim_start_matches('#').trim();
        // An empty comment keeps what stands above it from being taken for a description.
        let word = text.split(' ').next().unwrap_or_default();
        if text.is_empty() || names.iter().any(|name| name == word) {
            continue;
        }
        let what = if i.keyword == Keyword::From { "stage" } else { "build argument" };
        let start = comment.span.start;
        let length = comment.span.of(cx.file.text).trim_end().len() as u32;
        out.report(
            &meta::INVALID_DEFINITION_DESCRIPTION,
            crate::source::Span::new(start, start + length),
            format!("this comment does not start with the name of the {what}"),
        )
        .note("`docker build --call=outline` shows the comment above a stage or an argument if it starts with its name")
        .help(format!("write `# {first} ...`, or put a blank line below the comment"));
    }
}

/// The last line of the comment directly above.
fn comment_above<'c>(cx: &Context<'c, '_>, i: &Instruction<'_>) -> Option<&'c Trivia> {
    let below = cx.file.trivia.partition_point(|t| t.span.start < i.lines.start);
    cx.file.trivia[..below].last().filter(|t| t.kind == TriviaKind::Comment && t.span.end == i.lines.start)
}
