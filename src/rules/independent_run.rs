//! LW105: a RUN that does not need the files of the COPY above it.

use super::{Context, Findings, layout, meta};
use crate::cache::Move;
use crate::diagnostic::{Applicability, Fix, Severity};

/// From this many seconds on, running again is worth a warning.
const SLOW: f32 = 5.0;

pub(super) fn check(cx: &Context<'_, '_>, out: &mut Findings) {
    for plan in cx.plans() {
        for (step, seconds) in plan.runs.iter().zip(&plan.seconds) {
            report(cx, out, step, *seconds);
        }
    }
}

fn report(cx: &Context<'_, '_>, out: &mut Findings, step: &Move, seconds: Option<f32>) {
    let run = &cx.file.instructions[step.step];
    let copy = &cx.file.instructions[step.passes[0]];
    let quoted = cx.quote(copy);
    let message = format!("this RUN does not need the files of {quoted} above it, but runs again whenever they change");
    let slow = seconds.is_some_and(|s| s >= SLOW);
    let cost = match seconds {
        Some(seconds) if slow => format!("each change to those files costs about {seconds:.0} s here (an estimate)"),
        Some(seconds) if seconds < 1.0 => "it is quick: well under a second each time (an estimate)".to_owned(),
        _ => "it takes a few seconds each time (an estimate)".to_owned(),
    };
    let title = format!("move it above {quoted}");
    let edits = layout::moves(cx.file, std::iter::once((step.step, step.below)));
    let severity = if slow { Severity::Warning } else { Severity::Style };
    out.report(&meta::INDEPENDENT_RUN_BELOW_SOURCES, run.span, message)
        .severity(severity)
        .label("runs again with each change of the files")
        .why(copy.span, "brings files that change")
        .note(cost)
        .help(title.clone())
        .fix(Fix::new(title, Applicability::Safe, edits));
}
