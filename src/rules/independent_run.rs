//! LW105: a RUN that does not need the files of the COPY above it.

use super::rerun::{MADE_BY_WORKDIR, cost, severity};
use super::{Context, Findings, layout, meta};
use crate::cache::RunMove;
use crate::diagnostic::{Applicability, Fix};

pub(super) fn check(cx: &Context<'_, '_>, out: &mut Findings) {
    for run in cx.plans().iter().flat_map(|plan| &plan.runs) {
        report(cx, out, run);
    }
}

fn report(cx: &Context<'_, '_>, out: &mut Findings, found: &RunMove) {
    let to = &found.to;
    let step = |index: usize| &cx.file.instructions[index];
    let copy = step(to.passes);
    let quoted = cx.quote(copy);
    let message = format!("this RUN does not need the files of {quoted} above it, but runs again whenever they change");
    let companions: Vec<String> = to.with.iter().map(|&i| cx.quote(step(i))).collect();
    let title = match &companions[..] {
        [] => format!("move it above {quoted}"),
        [only] => format!("move it, with {only}, above {quoted}"),
        [first, ..] => format!("move it, with the lines from {first} on that it needs, above {quoted}"),
    };
    let edits = layout::moves(cx.file, &to.pairs());
    let mut finding = out
        .report(&meta::INDEPENDENT_RUN_BELOW_SOURCES, step(to.step).span, message)
        .severity(severity(cx, found.seconds, found.gain))
        .label("runs again with each change of the files")
        .why(copy.span, "brings files that change");
    for &i in &to.with {
        finding = finding.why(step(i).span, "goes along, the RUN needs it");
    }
    finding = finding.note(cost(cx, found.seconds, found.runs));
    let applicability = match found.makes_folder {
        true => {
            finding = finding.note(format!("the fix is unsafe: {MADE_BY_WORKDIR}"));
            Applicability::Unsafe
        }
        false => Applicability::Safe,
    };
    finding.help(title.clone()).fix(Fix::new(title, applicability, edits));
}
