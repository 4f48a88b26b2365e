//! DL3000: a WORKDIR that is relative.

use super::{Context, Findings, meta};
use crate::model::{Base, Expanded, Stage, Variables, visit_steps};
use crate::syntax::{Instruction, Keyword};

pub(super) fn check(cx: &Context<'_, '_>, out: &mut Findings) {
    if !cx.instructions().any(|i| i.keyword == Keyword::Workdir) {
        return;
    }
    visit_steps(cx.model, |stage, step, variables| {
        if step.keyword == Keyword::Workdir {
            report(cx, out, step, !is_first(cx, stage, step), Some(variables));
        }
    });
    let elsewhere = cx.file.instructions[cx.model.fragment.clone()].iter();
    let triggers = cx.file.instructions.iter().filter_map(|i| i.trigger());
    for step in elsewhere.chain(triggers).filter(|s| s.keyword == Keyword::Workdir) {
        report(cx, out, step, true, None);
    }
}

/// Whether no WORKDIR stands above `step`, in its stage or in those that it is built on.
pub(super) fn is_first(cx: &Context<'_, '_>, stage: &Stage, step: &Instruction<'_>) -> bool {
    let (mut stage, mut above) = (stage, step.span.start);
    loop {
        if cx.model.steps(stage).iter().any(|s| s.keyword == Keyword::Workdir && s.span.start < above) {
            return false;
        }
        let Base::Stage(base) = stage.base else { return true };
        (stage, above) = (&cx.model.stages[base], u32::MAX);
    }
}

fn report(cx: &Context<'_, '_>, out: &mut Findings, step: &Instruction<'_>, set: bool, variables: Option<&Variables>) {
    let Some(word) = step.single() else { return };
    let written = word.text.trim_matches(['"', '\'']);
    // What is not set is told by UndefinedVar.
    let value = variables.map_or(Expanded::Unknown, |v| v.expand(&word.text, cx.file.escape)).known();
    let path = match value.as_deref() {
        _ if !written.starts_with('$') => written,
        Some(value) if !value.is_empty() => value,
        _ => return,
    };
    if is_absolute(path) {
        return;
    }
    let shown = cx.plain(written);
    let message = match path == written {
        true => format!("WORKDIR {shown} is relative"),
        false => format!("WORKDIR {shown} is relative: it stands for {}", cx.plain(path)),
    };
    let finding = out
        .report(&meta::ABSOLUTE_WORKDIR, word.span, message)
        .note("where it ends up depends on every WORKDIR above it and on the base image, which can change")
        .help("write the whole path, from `/` on");
    // BuildKit only minds the first WORKDIR: the others are relative to one in the file.
    if set {
        finding
    } else {
        finding.also("WorkdirRelativePath")
    };
}

/// Absolute on Linux, or on Windows: `C:\dir`, `\dir`.
fn is_absolute(path: &str) -> bool {
    let drive = matches!(path.as_bytes(), [letter, b':', ..] if letter.is_ascii_alphabetic());
    path.starts_with(['/', '\\']) || drive
}
