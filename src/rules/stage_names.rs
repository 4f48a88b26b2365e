//! DuplicateStageName and ReservedStageName: names that find another stage, or none.

use super::{Context, Findings, meta};

pub(super) fn duplicate(cx: &Context<'_, '_>, out: &mut Findings) {
    for stage in &cx.model.stages {
        let from = &cx.file.instructions[stage.from];
        let (Some(word), Some(name)) = (from.stage_name(), &stage.name) else { continue };
        let earlier = cx.model.last_named(name, stage.index);
        let Some(first) = earlier.and_then(|s| cx.file.instructions[s.from].stage_name()) else { continue };
        out.report(&meta::DUPLICATE_STAGE_NAME, word.span, format!("two stages are called {}", cx.plain(name)))
            .member(first.span, "the other one")
            .note("a `--from` or `--target` with the name finds the last of them above it; the other is out of reach")
            .help("give each stage a name of its own");
    }
}

pub(super) fn reserved(cx: &Context<'_, '_>, out: &mut Findings) {
    for stage in &cx.model.stages {
        let from = &cx.file.instructions[stage.from];
        let (Some(word), Some(name)) = (from.stage_name(), &stage.name) else { continue };
        let means = match name.as_str() {
            "scratch" => "the empty image",
            "context" => "the build context",
            _ => continue,
        };
        out.report(
            &meta::RESERVED_STAGE_NAME,
            word.span,
            format!("the stage is called `{name}`, which is BuildKit's own name for {means}"),
        )
        .note("what refers to the name may get that in place of the stage")
        .help("give the stage another name");
    }
}
