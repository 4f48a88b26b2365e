//! Values that are there to tell a build from others: the time, or an identifier of the build. They
//! are meant to be new with each build, and wrong only if the cache keeps them while the image changes.

use super::super::refreshed::is_refreshed;
use super::Context;
use super::sources::{Kind, Source};
use crate::model::Stage;
use crate::syntax::{Instruction, mount_fields};

/// Whether `source`, written to `path`, tells builds from each other.
pub(super) fn is_stamp(source: &Source, path: Option<&str>) -> bool {
    let unique = matches!(source.name.as_str(), "uuidgen" | "/proc/sys/kernel/random/uuid");
    source.kind == Kind::Time || (unique && path.is_some_and(is_about_builds))
}

fn is_about_builds(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path).to_ascii_lowercase();
    ["build", "version", "release", "revision"].iter().any(|word| name.contains(word))
}

/// Whether the cache keeps what the RUN at `at` writes although the image changes: the file brings
/// sources, and none of them stand above.
pub(super) fn is_stale(cx: &Context<'_, '_>, stage: &Stage, at: usize) -> bool {
    let brings = |stage: &Stage| cx.model.steps(stage).iter().any(|s| cx.model.brings_sources(s, stage.index));
    !binds_sources(&cx.file.instructions[at])
        && !is_refreshed(cx, stage, at)
        && !sources_above(cx, stage, at)
        && cx.model.stages.iter().any(brings)
}

fn sources_above(cx: &Context<'_, '_>, stage: &Stage, at: usize) -> bool {
    let above = &cx.file.instructions[stage.steps.start..at];
    let brings =
        |stage: &Stage, steps: &[Instruction<'_>]| steps.iter().any(|s| cx.model.brings_sources(s, stage.index));
    brings(stage, above) || cx.model.lineage(stage).skip(1).any(|base| brings(base, cx.model.steps(base)))
}

/// Whether the RUN mounts files of the context.
fn binds_sources(step: &Instruction<'_>) -> bool {
    let mounts = step.flags.iter().filter(|f| f.name() == "mount").filter_map(|f| mount_fields(f.value()?));
    mounts.into_iter().any(|fields| {
        let is = |key: &str| fields.iter().find(|f| f.key == key);
        let bind = is("type").is_none_or(|f| f.value.as_deref() == Some("bind"));
        bind && is("from").is_none()
    })
}
