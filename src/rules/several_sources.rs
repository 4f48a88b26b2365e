//! DL3021: several sources and a destination that may be a file.

use super::{Context, Findings, meta};
use crate::config::Builder;
use crate::diagnostic::{Applicability, Edit, Fix};
use crate::model::visit_steps;
use crate::syntax::{Instruction, Keyword};

pub(super) fn check(cx: &Context<'_, '_>, out: &mut Findings) {
    let concerned = |i: &Instruction<'_>| matches!(i.keyword, Keyword::Copy | Keyword::Add) && i.words().len() > 2;
    if !cx.file.instructions.iter().any(concerned) {
        return;
    }
    visit_steps(cx.model, |_, step, variables| {
        let Some(to) = step.destination().filter(|_| concerned(step)) else { return };
        let Some(path) = variables.expand(&to.text, cx.file.escape).known() else { return };
        // Only the classic builder does not see by itself that these are folders.
        let dots = cx.builder != Builder::Classic && matches!(path.rsplit('/').next(), Some("." | ".."));
        if dots || path.is_empty() || path.ends_with(['/', '\\']) {
            return;
        }
        let name = step.keyword.name();
        let message = format!("{name} of several sources to {}, which has no `/` at its end", cx.plain(&path));
        let finding = out
            .report(&meta::SEVERAL_SOURCES, to.span, message)
            .note(match cx.builder {
                Builder::Classic => "the classic builder refuses the line, so the build fails",
                _ => "unless it is a folder by then, one file is left of them, the last; the classic builder refuses the line",
            })
            .help("put a `/` at the end of the destination");
        if to.span.of(cx.file.text) == to.text && !to.text.ends_with(['"', '\'']) {
            let edit = Edit::insert(to.span.end, "/");
            finding.fix(Fix::new("put a `/` behind it", Applicability::Unsafe, vec![edit]));
        }
    });
}
