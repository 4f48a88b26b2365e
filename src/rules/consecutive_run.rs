//! DL3059: RUNs of one command each that stand together.

use super::runs::ShellRun;
use super::{Context, Findings, meta};
use crate::diagnostic::{Applicability, Edit, Fix};
use crate::source::Span;
use crate::syntax::{Flag, Form, Instruction, Keyword};

pub(super) fn check(cx: &Context<'_, '_>, out: &mut Findings) {
    let (all, runs) = (&cx.file.instructions, cx.runs());
    for pair in runs.windows(2) {
        let [above, run] = pair else { continue };
        let together = above.stage == run.stage && above.at + 1 == run.at && !above.trigger && !run.trigger;
        if !together || !cx.model.is_kept(run.stage) || !is_single(above) || !is_single(run) {
            continue;
        }
        if !same_flags(&all[above.at], &all[run.at]) {
            continue;
        }
        let finding = out
            .report(&meta::CONSECUTIVE_RUN, run.instruction.keyword_span, "this RUN and the one above it can be one")
            .why(above.instruction.keyword_span, "makes a layer of its own")
            .note("what one layer makes and the next one removes stays in the image")
            .help("join the commands with `&&`, unless the cache is to keep one without the other");
        if let Some(fix) = merge(cx, above, run) {
            finding.fix(fix);
        }
    }
}

/// Whether a RUN has no more than one command, and no here-document.
fn is_single(run: &ShellRun<'_, '_>) -> bool {
    let shell = matches!(run.instruction.command(), Some(Form::Shell { .. }));
    shell && run.is_posix() && run.instruction.heredocs.is_empty() && run.calls().len() < 2
}

fn same_flags(a: &Instruction<'_>, b: &Instruction<'_>) -> bool {
    let text = |flags: &[Flag<'_>]| flags.iter().map(|f| f.text.to_string()).collect::<Vec<_>>();
    a.flags.len() == b.flags.len() && text(&a.flags) == text(&b.flags)
}

/// Joins `run` to the one above; none where a command there could change what the next one does.
fn merge(cx: &Context<'_, '_>, above: &ShellRun<'_, '_>, run: &ShellRun<'_, '_>) -> Option<Fix> {
    const STAYS: [&str; 13] =
        ["cd", "export", "set", "source", ".", "umask", "shopt", "alias", "unset", "exec", "exit", "trap", "eval"];
    let (first, second) = (above.instruction, run.instruction);
    let ([upper], [lower]) = (above.scripts(), run.scripts()) else { return None };
    let readable = [upper, lower].iter().all(|s| s.tree.errors.is_empty() && s.tree.comments.is_empty());
    let flags = !first.flags.is_empty() || first.unfinished || !cx.file.errors.is_empty();
    let leaves = above.calls().iter().any(|c| STAYS.contains(&c.name.as_ref()));
    // A command without words sets variables.
    let ([list], false) = (&upper.tree.lists[..], above.calls().is_empty()) else { return None };
    if !readable || flags || leaves || list.background || second.keyword != Keyword::Run {
        return None;
    }
    let between = &cx.file.text[first.lines.end as usize..second.lines.start as usize];
    if between.lines().any(|line| line.trim().is_empty()) {
        return None;
    }
    let [next, ..] = &lower.tree.lists[..] else { return None };
    let end = upper.source(list.span).end;
    let start = lower.source(next.span).start;
    let edits = vec![
        Edit::replace(Span::new(end, first.span.end), " && \\"),
        Edit::replace(Span::new(second.span.start, start), "    "),
    ];
    Some(Fix::new("join it to the RUN above", Applicability::Unsafe, edits))
}
