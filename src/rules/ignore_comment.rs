//! DL1001: a comment that switches rules off.

use super::{Context, Findings, meta};
use crate::syntax::{IgnoreComment, TriviaKind};

pub(super) fn check(cx: &Context<'_, '_>, out: &mut Findings) {
    let inner = cx.file.instructions.iter().flat_map(|i| &i.inner);
    let comments = cx.file.trivia.iter().chain(inner).filter(|t| t.kind == TriviaKind::Comment);
    for span in comments.map(|t| t.span) {
        let line = span.of(cx.file.text);
        if IgnoreComment::read(cx.file.text, span).is_none() {
            continue;
        }
        let shown = crate::source::Span::new(span.start, span.start + line.trim_end().len() as u32);
        out.report(&meta::IGNORE_COMMENT, shown, "this comment switches rules off")
            .note("who reads the findings does not see what was left out, and nobody looks at the comment again")
            .help("mend what the rule says, or switch it off in the configuration, for all to see");
    }
    for directive in cx.file.directives.iter().filter(|d| d.name.eq_ignore_ascii_case("check")) {
        if directive.value.split(';').any(|part| part.trim().starts_with("skip=")) {
            out.report(&meta::IGNORE_COMMENT, directive.span, "this directive switches checks off")
                .note("who reads the findings does not see what was left out, and nobody looks at the line again")
                .help("mend what the check says, or switch it off in the configuration, for all to see");
        }
    }
}
