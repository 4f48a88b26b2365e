//! JSONArgsRecommended: CMD and ENTRYPOINT in shell form.

use super::{Context, Findings, meta};
use crate::diagnostic::{Applicability, Edit, Fix};
use crate::model::{Base, Stage};
use crate::source::Span;
use crate::syntax::shell::{self, CommandKind};
use crate::syntax::{Form, Instruction, Keyword};

/// Commands that only a shell has.
const OF_THE_SHELL: [&str; 16] = [
    ".", ":", "alias", "cd", "command", "eval", "exit", "export", "read", "set", "shift", "source", "trap", "ulimit",
    "umask", "wait",
];

pub(super) fn check(cx: &Context<'_, '_>, out: &mut Findings) {
    // Whether a SHELL was chosen, in a stage or below it: then the author has thought of shells.
    let mut chosen: Vec<bool> = Vec::with_capacity(cx.model.stages.len());
    for stage in &cx.model.stages {
        let mut shell = matches!(stage.base, Base::Stage(base) if chosen[base]);
        for step in cx.model.steps(stage) {
            match (step.keyword, step.command()) {
                (Keyword::Shell, Some(Form::Exec(_))) => shell = true,
                (Keyword::Cmd | Keyword::Entrypoint, Some(Form::Shell { span, range })) if !shell => {
                    let line = &step.logical.text()[range.clone()];
                    if line.split_whitespace().next() != Some("exec") {
                        report(cx, out, stage, step, *span);
                    }
                }
                _ => {}
            }
        }
        chosen.push(shell);
    }
}

fn report(cx: &Context<'_, '_>, out: &mut Findings, stage: &Stage, step: &Instruction<'_>, form: Span) {
    let name = step.keyword.name();
    let finding = out
        .report(
            &meta::SHELL_FORM_COMMAND,
            step.keyword_span,
            format!("{name} is no JSON array, so a shell is started around the command"),
        )
        .note("the shell may keep signals to itself: `docker stop` then waits 10 s and kills what runs");
    let Some(array) = array(cx, step) else {
        finding.help(format!("write `{name} [\"program\", \"argument\"]`, or start the line with `exec`"));
        return;
    };
    let gains = match step.keyword {
        Keyword::Entrypoint => "; the arguments of `docker run` then reach it",
        _ => "",
    };
    let finding =
        finding.help(format!("no shell is needed here: write {}{gains}", cx.plain(&format!("{name} {array}"))));
    // In JSON form, ENTRYPOINT is given what CMD holds.
    let has_cmd = cx.model.steps(stage).iter().any(|s| s.keyword == Keyword::Cmd);
    if !(step.keyword == Keyword::Entrypoint && has_cmd) {
        finding.fix(Fix::new("write a JSON array", Applicability::Unsafe, vec![Edit::replace(form, array)]));
    }
}

/// The command as a JSON array, if it needs nothing that only a shell does.
fn array(cx: &Context<'_, '_>, step: &Instruction<'_>) -> Option<String> {
    let Some(Form::Shell { range, .. }) = step.command() else { return None };
    if cx.file.escape != '\\' || !step.inner.is_empty() || step.unfinished {
        return None;
    }
    let text = step.logical.text();
    let script = shell::parse(text, Span::from(range.clone()));
    let [list] = &script.lists[..] else { return None };
    let plain = script.errors.is_empty() && script.comments.is_empty() && list.rest.is_empty() && !list.background;
    let pipeline = &list.first;
    let [command] = &pipeline.commands[..] else { return None };
    if !plain || pipeline.negated || pipeline.timed.is_some() || !command.redirects.is_empty() {
        return None;
    }
    let CommandKind::Simple(simple) = &command.kind else { return None };
    if !simple.assignments.is_empty() {
        return None;
    }
    let words: Vec<String> =
        simple.words.iter().map(|w| w.literal(text).map(|t| t.into_owned())).collect::<Option<_>>()?;
    let program = words.first()?;
    // A text that starts like an array was meant as one, and its mistake is for its author to mend.
    if OF_THE_SHELL.contains(&program.as_str()) || program.starts_with('[') || program.is_empty() {
        return None;
    }
    let quoted: Vec<String> = words.iter().map(|w| serde_json::Value::from(w.as_str()).to_string()).collect();
    Some(format!("[{}]", quoted.join(", ")))
}
