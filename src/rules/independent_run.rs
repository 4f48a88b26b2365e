//! LW105: a RUN that does not need the files of the COPY above it.

use super::{Context, Findings, layout, meta};
use crate::cache::RunMove;
use crate::diagnostic::{Applicability, Fix, Severity};

/// From this many seconds on, running again is worth a warning.
const SLOW: f32 = 5.0;
/// What a move has to save for a warning, in seconds per commit, where commits were counted.
const WORTH_WARNING: f64 = 0.5;

pub(super) fn check(cx: &Context<'_, '_>, out: &mut Findings) {
    for run in cx.plans().iter().flat_map(|plan| &plan.runs) {
        report(cx, out, run);
    }
}

fn report(cx: &Context<'_, '_>, out: &mut Findings, found: &RunMove) {
    let to = &found.to;
    let step = |index: usize| &cx.file.instructions[index];
    let copy = step(to.passes[0]);
    let quoted = cx.quote(copy);
    let message = format!("this RUN does not need the files of {quoted} above it, but runs again whenever they change");
    let slow = found.seconds.is_some_and(|s| s >= SLOW);
    let worth = !cx.chances().is_measured() || found.gain >= WORTH_WARNING;
    let severity = if slow && worth { Severity::Warning } else { Severity::Style };
    let companions: Vec<String> = to.with.iter().map(|&i| cx.quote(step(i))).collect();
    let title = match &companions[..] {
        [] => format!("move it above {quoted}"),
        [only] => format!("move it, with {only}, above {quoted}"),
        [first, ..] => format!("move it, with the lines from {first} on that it needs, above {quoted}"),
    };
    let edits = layout::moves(cx.file, to.pairs().into_iter());
    let mut finding = out
        .report(&meta::INDEPENDENT_RUN_BELOW_SOURCES, step(to.step).span, message)
        .severity(severity)
        .label("runs again with each change of the files")
        .why(copy.span, "brings files that change");
    for &i in &to.with {
        finding = finding.why(step(i).span, "goes along, the RUN needs it");
    }
    finding.note(cost(cx, found)).help(title.clone()).fix(Fix::new(title, Applicability::Safe, edits));
}

/// What it costs, counted where there is a history.
fn cost(cx: &Context<'_, '_>, found: &RunMove) -> String {
    let each = match found.seconds {
        Some(seconds) if seconds >= SLOW => format!("about {seconds:.0} s"),
        _ => "a few seconds".to_owned(),
    };
    if cx.chances().is_measured() {
        let (share, commits) = (100.0 * found.runs as f64 / cx.chances().commits() as f64, cx.chances().commits());
        return format!("it runs again in {share:.0} % of the last {commits} commits, {each} each time (an estimate)");
    }
    format!("each change to those files costs {each} here (an estimate)")
}
