//! DL3003: `cd` where WORKDIR says it.

use super::calls::Call;
use super::runs::ShellRun;
use super::{Context, Findings, meta};
use crate::diagnostic::{Applicability, Edit, Fix};
use crate::source::Span;
use crate::syntax::shell::{AndOrKind, CommandKind};
use crate::syntax::{Instruction, Keyword};
use std::cell::LazyCell;

pub(super) fn check(cx: &Context<'_, '_>, out: &mut Findings) {
    let above = LazyCell::new(|| last_workdirs(cx));
    for run in cx.runs().iter().filter(|run| !run.trigger && run.mentions("cd")) {
        // The others of this RUN go with the first.
        let Some(call) = run.calls().iter().find(|c| c.name == "cd") else { continue };
        let finding = out
            .report(&meta::CHANGED_FOLDER, call.span, "`cd` changes the folder for the rest of this RUN only")
            .note("the reader has to keep track of it, and the next RUN starts in the old folder again")
            .help("put a `WORKDIR` above the RUN, or name whole paths");
        if let Some(fix) = fix(cx, run, call, || above[run.at]) {
            finding.fix(fix);
        }
    }
}

/// A WORKDIR in the place of the `cd` that the RUN starts with, and one below that goes back.
/// `above` finds the last WORKDIR of the stage above the RUN.
fn fix(
    cx: &Context<'_, '_>,
    run: &ShellRun<'_, '_>,
    call: &Call<'_>,
    above: impl FnOnce() -> Option<usize>,
) -> Option<Fix> {
    let step = run.instruction;
    let text = cx.file.text;
    let [script] = run.scripts() else { return None };
    let plain = step.flags.is_empty() && step.heredocs.is_empty() && !step.unfinished;
    if !plain || !script.tree.errors.is_empty() || !cx.file.errors.is_empty() || call.via.is_some() {
        return None;
    }
    let list = script.tree.lists.first()?;
    let [command] = &list.first.commands[..] else { return None };
    let alone =
        matches!(&command.kind, CommandKind::Simple(s) if s.assignments.is_empty()) && command.redirects.is_empty();
    let first = script.source(command.span) == call.span && !list.first.negated && !list.background;
    let next = match list.rest.first() {
        Some((op, next)) if op.kind == AndOrKind::And => next.span,
        Some(_) => return None,
        None => script.tree.lists.get(1)?.span,
    };
    let gone = Span::new(call.span.start, script.source(next).start);
    let [target] = &call.arguments[..] else { return None };
    let folder = target.span.of(text);
    // `cd -` goes back to the folder that the variable names.
    let returns = ["OLDPWD", "cd -"].iter().any(|w| run.mentions(w));
    if !alone || !first || returns || !is_plain(folder) || step.inner.iter().any(|t| t.span.overlaps(gone)) {
        return None;
    }
    let stage = &cx.model.stages[run.stage];
    let all = &cx.file.instructions;
    let before = above().and_then(|at| workdir(&all[at]));
    let newline = cx.added_newline();
    let mut edits = vec![Edit::delete(gone)];
    if before != Some(folder) {
        edits.push(Edit::insert(step.span.start, format!("WORKDIR {folder}{newline}")));
        let replaced = stage.steps.contains(&(run.at + 1)) && workdir(&all[run.at + 1]).is_some();
        if !replaced {
            edits.push(Edit::insert(step.span.end, format!("{newline}WORKDIR {}", before?)));
        }
    }
    Some(Fix::new("say the folder with WORKDIR", Applicability::Unsafe, edits))
}

/// For each instruction of the file, the last WORKDIR of its stage above it.
fn last_workdirs(cx: &Context<'_, '_>) -> Vec<Option<usize>> {
    let all = &cx.file.instructions;
    let mut last = None;
    let above = |(at, step): (usize, &Instruction<'_>)| {
        let above = last;
        match step.keyword {
            Keyword::From => last = None,
            Keyword::Workdir => last = Some(at),
            _ => {}
        }
        above
    };
    all.iter().enumerate().map(above).collect()
}

/// The folder that a WORKDIR sets, if the file tells all of it.
fn workdir<'a>(step: &Instruction<'a>) -> Option<&'a str> {
    let word = step.single().filter(|_| step.keyword == Keyword::Workdir)?;
    let folder = word.span.of(step.logical.source());
    is_plain(folder).then_some(folder)
}

/// Whether a path starts at the root and means the same to the shell and to the builder.
fn is_plain(path: &str) -> bool {
    let plain = |c: char| c.is_ascii_alphanumeric() || "/._-+@".contains(c);
    path.starts_with('/') && path.chars().all(plain) && !path.split('/').any(|part| matches!(part, "." | ".."))
}
