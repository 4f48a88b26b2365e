//! NoEmptyContinuation: a blank line between the lines of one instruction.

use super::{Context, Findings, meta};
use crate::diagnostic::{Applicability, Edit, Fix};
use crate::syntax::TriviaKind;

pub(super) fn check(cx: &Context<'_, '_>, out: &mut Findings) {
    for i in &cx.file.instructions {
        let mut blanks = i.inner.iter().filter(|t| t.kind == TriviaKind::Blank).map(|t| t.span).peekable();
        let Some(&first) = blanks.peek() else { continue };
        let blanks: Vec<_> = blanks.collect();
        let at_end = blanks.last().is_some_and(|b| b.end == i.lines.end);
        let mut finding = out
            .report(&meta::NO_EMPTY_CONTINUATION, i.keyword_span, "a blank line stands inside a continued instruction")
            .label("this instruction goes on below the blank line")
            .why(first, "the blank line")
            .note("the builder skips it for now and has announced that it will be an error")
            .help("take the blank line out");
        // At the very end there is nothing to continue; taking the line out would be no better.
        if !at_end {
            let edits = blanks.iter().map(|&span| Edit::delete(span)).collect();
            finding = finding.fix(Fix::new("take the blank lines out", Applicability::Safe, edits));
        }
        let _ = finding;
    }
}
