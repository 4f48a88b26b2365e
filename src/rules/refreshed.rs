//! What makes the cache give way on purpose, so that a result below it is not stale.

use super::Context;
use crate::model::{Stage, is_remote};
use crate::syntax::{Instruction, Keyword};

/// Whether the step `at` of `stage` stands below something that is there to run it again: a build
/// argument with such a name, or an ADD that asks a server at each build. The stages that it starts
/// from count.
pub(super) fn is_refreshed(cx: &Context<'_, '_>, stage: &Stage, at: usize) -> bool {
    let above = &cx.file.instructions[stage.steps.start..at];
    above.iter().any(refreshes)
        || cx.model.lineage(stage).skip(1).any(|base| cx.model.steps(base).iter().any(refreshes))
}

fn refreshes(step: &Instruction<'_>) -> bool {
    match step.keyword {
        Keyword::Arg => step.args().iter().any(|a| is_buster(&a.name.text)),
        Keyword::Add => {
            step.flag("checksum").is_none()
                && step.sources().iter().any(|w| is_remote(&w.text) && !w.text.bytes().any(|b| b.is_ascii_digit()))
        }
        _ => false,
    }
}

/// Names of build arguments whose only use is another value for each build, or for each commit.
fn is_buster(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    BUSTERS.iter().any(|word| name.contains(word))
}

const BUSTERS: &[&str] = &[
    "bust",
    "cache",
    "date",
    "time",
    "refresh",
    "rebuild",
    "force",
    "invalid",
    "random",
    "nonce",
    "build_id",
    "build_number",
    "build_no",
    "commit",
    "sha",
    "revision",
    "git_",
    "today",
    "now",
];
