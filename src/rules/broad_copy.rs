//! LW108: a RUN that needs only a few files of the COPY above it.

mod remedy;
mod saving;
#[cfg(test)]
mod tests;

use super::rerun::{cost, severity};
use super::split_install::{Broad, BroadByPlace, by_place};
use super::{Context, Findings, layout, meta};
use crate::config::Builder;
use crate::diagnostic::{Applicability, Fix};
use crate::model::effects::{Effects, Resource};
use crate::model::{AbsolutePath, Stage};
use crate::syntax::Keyword;
use remedy::Remedy;
use saving::Saving;
use std::cell::LazyCell;

/// A RUN that is quicker than so many seconds may run again.
const WORTH_A_LOOK: f32 = 2.0;

pub(super) fn check(cx: &Context<'_, '_>, out: &mut Findings) {
    // What looks like an instruction in a file that no builder accepts may be a template's business.
    if !cx.file.errors.is_empty() {
        return;
    }
    for stage in cx.model.stages.iter().filter(|s| !cx.model.inherits_triggers(s)) {
        let steps = cx.model.steps(stage);
        let brings = |i: &usize| cx.model.brings_sources(&steps[*i], stage.index);
        let Some(first) = (0..steps.len()).find(brings) else { continue };
        let broad = LazyCell::new(|| cx.installs(stage).map(|read| by_place(cx, stage, read)).unwrap_or_default());
        for run in (first + 1..steps.len()).filter(|&i| steps[i].keyword == Keyword::Run) {
            if let Some(effects) = candidate(cx, stage, run) {
                look(cx, out, stage, (run, effects), &broad);
            }
        }
    }
}

/// The effects of a RUN, if all of its commands are known, it takes a while, and no other rule moves it.
fn candidate<'c>(cx: &'c Context<'_, '_>, stage: &Stage, run: usize) -> Option<&'c Effects> {
    let effects = &cx.effects(stage).effects[run];
    let slow = effects.seconds.is_some_and(|s| s >= WORTH_A_LOOK);
    let at = stage.steps.start + run;
    let is_moved = || cx.plans().iter().flat_map(|plan| &plan.runs).any(|found| found.to.step == at);
    let known = slow && !effects.is_unknown() && !cx.file.instructions[at].unfinished;
    (known && !is_moved()).then_some(effects)
}

/// Reports the RUN if there is a COPY above it of which it needs only a part. Of several, the one counts
/// that costs most.
fn look(
    cx: &Context<'_, '_>,
    out: &mut Findings,
    stage: &Stage,
    (run, effects): (usize, &Effects),
    broad: &BroadByPlace,
) {
    let Some(read) = cx.installs(stage) else { return };
    // What it installs has a rule of its own.
    if read.runs[run].is_some() {
        return;
    }
    let paths = effects.reads.iter().filter_map(|read| match read {
        Resource::Path(path) => Some(path),
        _ => None,
    });
    // Of several that bring the same folder, only the last one could go further down.
    let last = |folder: &str| {
        let all = broad.get(folder)?;
        all[..all.partition_point(|broad| broad.step < run)].last()
    };
    let mut above: Vec<&Broad> = paths.flat_map(AbsolutePath::with_folders).filter_map(last).collect();
    above.sort_by_key(|broad| broad.step);
    above.dedup_by_key(|broad| broad.step);
    let remedies = above.into_iter().filter_map(|broad| Remedy::find(cx, stage, read, effects, broad.clone(), run));
    let costly = remedies.filter_map(|remedy| {
        let saving = Saving::of(cx, stage, run, effects.seconds?, &remedy)?;
        Some((remedy, saving))
    });
    if let Some((remedy, saving)) = costly.max_by(|a, b| a.1.gain.total_cmp(&b.1.gain)) {
        report(cx, out, stage, run, &remedy, &saving);
    }
}

fn report(cx: &Context<'_, '_>, out: &mut Findings, stage: &Stage, run: usize, remedy: &Remedy, saving: &Saving) {
    let position = |step: usize| stage.steps.start + step;
    let (step, copy) = (&cx.file.instructions[position(run)], &cx.file.instructions[position(remedy.broad.step)]);
    let (quoted, names) = (cx.quote(copy), remedy.names());
    let message =
        format!("this RUN needs only {names} of {quoted} above it, but runs again whenever any of the files changes");
    let mut finding = out
        .report(&meta::BROAD_COPY_ABOVE_RUN, step.span, message)
        .severity(severity(cx, Some(saving.seconds), saving.gain))
        .label("runs again with each change of the files")
        .why(copy.span, "brings files that change")
        .note(cost(cx, Some(saving.seconds), saving.runs));
    let title = match &remedy.lines {
        Some(lines) if lines.is_empty() => format!("move {quoted} below it"),
        _ => format!("copy {names} above it, and move {quoted} below it"),
    };
    if remedy.growth > 0 {
        let grows = format!("with a COPY of its own the image has it twice, {} MB more", remedy.growth);
        let mount = if cx.builder == Builder::Classic { "" } else { "; `RUN --mount=type=bind` brings it without" };
        finding = finding.note(grows + mount);
    }
    let Some(lines) = &remedy.lines else {
        finding.help(title);
        return;
    };
    for doubt in remedy.doubts.iter().take(3) {
        finding = finding.note(format!("the fix is unsafe: {doubt}"));
    }
    let applicability = if remedy.doubts.is_empty() { Applicability::Safe } else { Applicability::Unsafe };
    let edits = layout::split(cx, lines, position(run), position(remedy.broad.step));
    finding.help(title.clone()).fix(Fix::new(title, applicability, edits));
}
