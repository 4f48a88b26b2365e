//! DL3000: a WORKDIR that is relative.

use super::{Context, Findings, meta};
use crate::model::Base;
use crate::syntax::Keyword;

pub(super) fn check(cx: &Context<'_, '_>, out: &mut Findings) {
    let mut set_in: Vec<bool> = Vec::with_capacity(cx.model.stages.len());
    for stage in &cx.model.stages {
        let mut set = matches!(stage.base, Base::Stage(base) if set_in[base]);
        for step in cx.model.steps(stage).iter().filter(|s| s.keyword == Keyword::Workdir) {
            report(cx, out, step, set);
            set = true;
        }
        set_in.push(set);
    }
    let elsewhere = cx.file.instructions[cx.model.fragment.clone()].iter();
    let triggers = cx.file.instructions.iter().filter_map(|i| i.trigger());
    for step in elsewhere.chain(triggers).filter(|s| s.keyword == Keyword::Workdir) {
        report(cx, out, step, true);
    }
}

fn report(cx: &Context<'_, '_>, out: &mut Findings, step: &crate::syntax::Instruction<'_>, set: bool) {
    let Some(word) = step.single() else { return };
    let path = word.text.trim_matches(['"', '\'']);
    if is_absolute(path) || path.starts_with('$') {
        return;
    }
    let finding = out
        .report(&meta::ABSOLUTE_WORKDIR, word.span, format!("WORKDIR {} is relative", cx.plain(path)))
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
