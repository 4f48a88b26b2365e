//! JSONArgsRecommended: CMD and ENTRYPOINT in shell form.

mod broken_array;

use super::{Context, Findings, meta};
use crate::diagnostic::{Applicability, Edit, Fix};
use crate::model::{Base, Stage};
use crate::source::Span;
use crate::syntax::shell::{self, CommandKind};
use crate::syntax::{Form, Instruction, Keyword};
use broken_array::{is_meant_as_array, mistake};
use std::ops::Range;

/// Commands that only a shell has.
const OF_THE_SHELL: [&str; 16] = [
    ".", ":", "alias", "cd", "command", "eval", "exit", "export", "read", "set", "shift", "source", "trap", "ulimit",
    "umask", "wait",
];

/// Shells that people start to work in.
const SHELLS: [&str; 7] = ["ash", "bash", "dash", "fish", "ksh", "sh", "zsh"];

pub(super) fn check(cx: &Context<'_, '_>, out: &mut Findings) {
    // Whether a SHELL was chosen, in a stage or below it: then the author has thought of shells.
    let mut chosen: Vec<bool> = Vec::with_capacity(cx.model.stages.len());
    for stage in &cx.model.stages {
        let mut shell = matches!(stage.base, Base::Stage(base) if chosen[base]);
        for step in cx.model.steps(stage) {
            match (step.keyword, step.command()) {
                (Keyword::Shell, Some(Form::Exec(_))) => shell = true,
                (Keyword::Cmd | Keyword::Entrypoint, Some(Form::Shell { span, range })) if !shell => {
                    let text = step.logical.text();
                    let Some(script) = step.shell_tree() else { continue };
                    if !leaves_no_shell(text, range.clone(), script) && !is_windows(cx, stage) {
                        report(cx, out, stage, step, (*span, script));
                    }
                }
                _ => {}
            }
        }
        chosen.push(shell);
    }
}

/// Whether the shell is what the container is for, or gives its place to the program.
fn leaves_no_shell(text: &str, range: Range<usize>, script: &shell::Script) -> bool {
    let words: Vec<&str> = text[range].split_whitespace().collect();
    let wanted = words.first().is_some_and(|word| SHELLS.contains(&word.rsplit('/').next().unwrap_or_default()))
        && words[1..].iter().all(|word| matches!(*word, "-i" | "-l" | "--login"));
    let last = last_command(script).and_then(|command| match &command.kind {
        CommandKind::Simple(simple) => simple.name(text),
        _ => None,
    });
    wanted || words.first() == Some(&"exec") || last.as_deref() == Some("exec")
}

/// The command that ends a script, unless it is part of a pipe.
fn last_command(script: &shell::Script) -> Option<&shell::Command> {
    let list = script.lists.last()?;
    let pipeline = list.rest.last().map_or(&list.first, |(_, pipeline)| pipeline);
    match &pipeline.commands[..] {
        [command] => Some(command),
        _ => None,
    }
}

/// Windows tells every process of a container to end, not only the first.
fn is_windows(cx: &Context<'_, '_>, stage: &Stage) -> bool {
    let image = cx.model.image(stage.index);
    cx.file.escape != '\\' || image.is_some_and(|i| i.contains("windows") || i.contains("nanoserver"))
}

fn report(
    cx: &Context<'_, '_>,
    out: &mut Findings,
    stage: &Stage,
    step: &Instruction<'_>,
    (form, script): (Span, &shell::Script),
) {
    let name = step.keyword.name();
    if let Some(Form::Shell { range, .. }) = step.command()
        && let text = step.logical.text()[range.clone()].trim()
        && is_meant_as_array(text)
    {
        out.report(
            &meta::SHELL_FORM_COMMAND,
            step.keyword_span,
            format!("{name} looks like a JSON array and is none, so a shell is given the brackets, too"),
        )
        .note("the shell does not run what the array names: the container ends at once")
        .help(mistake(text));
        return;
    }
    let finding = out
        .report(
            &meta::SHELL_FORM_COMMAND,
            step.keyword_span,
            format!("{name} is no JSON array, so a shell is started around the command"),
        )
        .note("the shell may keep signals to itself: `docker stop` then waits 10 s and kills what runs");
    let Some(array) = array(cx, step, script) else {
        let several = script.lists.len() > 1 || script.lists.iter().any(|list| !list.rest.is_empty());
        finding.help(match several {
            // In front of the first command, it would be the only one to run.
            true => "write `exec` in front of the last command, which then takes the place of the shell".to_owned(),
            false => format!("write `{name} [\"program\", \"argument\"]`, or start the line with `exec`"),
        });
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
fn array(cx: &Context<'_, '_>, step: &Instruction<'_>, script: &shell::Script) -> Option<String> {
    if cx.file.escape != '\\' || !step.inner.is_empty() || step.unfinished {
        return None;
    }
    let text = step.logical.text();
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
    if OF_THE_SHELL.contains(&program.as_str()) || program.starts_with('[') || program.is_empty() {
        return None;
    }
    let quoted: Vec<String> = words.iter().map(|w| serde_json::Value::from(w.as_str()).to_string()).collect();
    Some(format!("[{}]", quoted.join(", ")))
}
