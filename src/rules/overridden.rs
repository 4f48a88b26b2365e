//! MultipleInstructionsDisallowed: a CMD, ENTRYPOINT or HEALTHCHECK that a later one replaces.

use super::{Context, Findings, meta};
use crate::diagnostic::{Applicability, Edit, Fix};
use crate::syntax::{Instruction, Keyword, TriviaKind};

/// The instructions of which a stage keeps the last, with the name that hadolint has for each.
const KINDS: [(Keyword, &str); 3] =
    [(Keyword::Cmd, "DL4003"), (Keyword::Entrypoint, "DL4004"), (Keyword::Healthcheck, "DL3012")];

pub(super) fn check(cx: &Context<'_, '_>, out: &mut Findings) {
    for stage in &cx.model.stages {
        for (keyword, other_name) in KINDS {
            let all: Vec<&Instruction<'_>> = cx.model.steps(stage).iter().filter(|s| s.keyword == keyword).collect();
            for pair in all.windows(2) {
                let [dead, next] = pair else { continue };
                let name = keyword.name();
                let finding = out
                    .report(
                        &meta::MULTIPLE_INSTRUCTIONS_DISALLOWED,
                        dead.span,
                        format!("this {name} does nothing: another one in the stage takes its place"),
                    )
                    .member(next.span, "takes its place")
                    .note("an image has one of each; readers who find the first one believe it")
                    .help(format!("keep the {name} that is meant"))
                    .also(other_name);
                // A comment inside would be lost, and one above would be taken for one about what follows.
                let trivia = &cx.file.trivia[..cx.file.trivia.partition_point(|t| t.span.end <= dead.lines.start)];
                let commented = trivia.last().filter(|t| t.span.end == dead.lines.start).into_iter().chain(&dead.inner);
                if commented.into_iter().all(|t| t.kind != TriviaKind::Comment) && dead.heredocs.is_empty() {
                    let title = format!("take the {name} without effect out");
                    finding.fix(Fix::new(title, Applicability::Safe, vec![Edit::delete(dead.lines)]));
                }
            }
        }
    }
}
