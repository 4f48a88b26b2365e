//! The commands of a RUN, each with the folder that it runs in.

use super::super::commands::base_name;
use super::super::effects::State;
use super::super::expand::Value;
use super::super::path::{AbsolutePath, join};
use crate::syntax::shell::{
    self, AndOr, AndOrKind, Command, CommandKind, Pipeline, Redirect, RedirectOp, ShellErrorKind, SimpleCommand, Word,
    WordPart,
};
use crate::syntax::{Form, Instruction};
use std::ops::Range;

/// A command, its words, and where it runs.
#[derive(Clone, Debug)]
pub(super) struct Call {
    /// The words; one that only the build knows is empty.
    pub(super) words: Vec<String>,
    /// The folder, while it is known.
    pub(super) folder: AbsolutePath,
    /// Whether variables are set for it alone.
    pub(super) assigns: bool,
}

impl Call {
    /// The name of the program, without the folders in front.
    pub(super) fn name(&self) -> &str {
        self.words.first().map_or("", |w| base_name(w))
    }

    /// The words behind the name.
    pub(super) fn rest(&self) -> &[String] {
        self.words.get(1..).unwrap_or_default()
    }

    /// `path` as the command sees it.
    pub(super) fn path(&self, path: &str) -> Option<AbsolutePath> {
        let known = !path.is_empty() && !path.starts_with('~') && !path.contains(['*', '?', '[']);
        if !known { None } else { join(Some(&self.folder), path) }
    }
}

/// What a RUN runs.
#[derive(Debug, Default)]
pub(super) struct Script {
    /// The commands that run whenever those in front of them succeed, in order.
    pub(super) calls: Vec<Call>,
    /// Whether that is all there is to it: no branch, no pipe, no file written by the shell.
    pub(super) plain: bool,
}

/// Whether one of the commands of `step`, a RUN, may be a `wanted` one: its name is, or depends on variables.
pub(super) fn may_run(step: &Instruction<'_>, wanted: fn(&str) -> bool) -> bool {
    match step.command() {
        Some(Form::Exec(_)) => true,
        Some(Form::Shell { range, .. }) => {
            script_of(step, range).is_some_and(|(text, script)| may_call(text, script, wanted))
        }
        _ => false,
    }
}

/// The script of `step`, a RUN whose command stands at `range`, with its text; `None` if it is in another language, or
/// not in one piece.
fn script_of<'i>(step: &'i Instruction<'_>, range: &Range<usize>) -> Option<(&'i str, &'i shell::Script)> {
    let joined = step.logical.text();
    match &step.heredocs[..] {
        [] => Some((joined, step.shell_tree()?)),
        [only] if joined[range.clone()].trim() == only.span.of(step.logical.source()) => {
            // A first line like `#!/usr/bin/env python3` names another language.
            let is_other = only.content.trim_start().starts_with("#!");
            (!is_other).then(|| (only.content, only.shell_tree()))
        }
        _ => None,
    }
}

fn may_call(text: &str, script: &shell::Script, wanted: fn(&str) -> bool) -> bool {
    let firsts = script.lists.iter().map(|list| &list.first);
    let further = script.lists.iter().flat_map(|list| &list.rest).map(|(_, pipeline)| pipeline);
    let mut commands = firsts.chain(further).flat_map(|pipeline| &pipeline.commands);
    let may_be = |word: &Word| word.literal(text).is_none_or(|name| wanted(base_name(&name)));
    commands.any(|command| match &command.kind {
        CommandKind::Simple(simple) => simple.words.first().is_some_and(may_be),
        _ => false,
    })
}

/// Reads the commands of `step`, a RUN, whose surroundings are `state`.
pub(super) fn read(step: &Instruction<'_>, state: &State) -> Script {
    let Some(folder) = state.workdir.clone() else { return Script::default() };
    match step.command() {
        Some(Form::Exec(words)) => {
            let words = words.iter().map(|w| w.text.to_string()).collect();
            Script { calls: vec![Call { words, folder, assigns: false }], plain: true }
        }
        Some(Form::Shell { range, .. }) if is_posix(state) => {
            script_of(step, range).map_or_else(Script::default, |(text, tree)| commands(text, tree, state, folder))
        }
        _ => Script::default(),
    }
}

fn is_posix(state: &State) -> bool {
    let program = state.shell.as_ref().and_then(|words| words.first()).map_or("sh", String::as_str);
    matches!(program.rsplit('/').next(), Some("sh" | "bash" | "ash" | "dash"))
}

fn commands(text: &str, script: &shell::Script, state: &State, folder: AbsolutePath) -> Script {
    let plain = script.errors.iter().all(|e| e.kind == ShellErrorKind::UnterminatedHeredoc);
    let mut reader = Reader { text, state, folder: Some(folder), script: Script { calls: Vec::new(), plain } };
    script.lists.iter().for_each(|list| reader.list(list));
    reader.script
}

struct Reader<'r> {
    text: &'r str,
    state: &'r State,
    folder: Option<AbsolutePath>,
    script: Script,
}

impl Reader<'_> {
    fn list(&mut self, list: &AndOr) {
        let rescued = list.rest.iter().any(|(op, _)| op.kind == AndOrKind::Or);
        if list.background || rescued {
            self.script.plain = false;
        }
        self.pipeline(&list.first);
        for (op, pipeline) in &list.rest {
            // What follows `||` runs only after a failure.
            if op.kind == AndOrKind::Or {
                break;
            }
            self.pipeline(pipeline);
        }
    }

    fn pipeline(&mut self, pipeline: &Pipeline) {
        match &pipeline.commands[..] {
            [only] if !pipeline.negated => self.command(only),
            _ => self.script.plain = false,
        }
    }

    fn command(&mut self, command: &Command) {
        self.script.plain &= command.redirects.iter().all(|r| self.is_harmless(r));
        match &command.kind {
            CommandKind::Simple(simple) => self.simple(simple),
            _ => self.script.plain = false,
        }
    }

    fn is_harmless(&self, redirect: &Redirect) -> bool {
        let target = redirect.target.span.of(self.text);
        matches!(redirect.op, RedirectOp::DuplicateOutput | RedirectOp::DuplicateInput) || target == "/dev/null"
    }

    fn simple(&mut self, simple: &SimpleCommand) {
        let words: Vec<String> = simple.words.iter().map(|w| self.word(w).unwrap_or_default()).collect();
        let Some(folder) = self.folder.clone() else {
            self.script.plain = false;
            return;
        };
        let runs_commands = |part: &WordPart| {
            matches!(
                part,
                WordPart::Command { .. } | WordPart::ProcessSubstitution { .. } | WordPart::DoubleQuoted { .. }
            )
        };
        // The number of processors is read from the kernel.
        let odd = |w: &Word| w.parts.iter().any(runs_commands) && !w.span.of(self.text).contains("$(nproc)");
        if simple.words.iter().zip(&words).any(|(w, text)| text.is_empty() && odd(w)) {
            self.script.plain = false;
        }
        let call = Call { words, folder, assigns: !simple.assignments.is_empty() };
        match call.name() {
            "cd" => {
                self.folder = match call.rest() {
                    [target] => call.path(target),
                    _ => None,
                };
            }
            "pushd" | "popd" => self.folder = None,
            _ => {}
        }
        if call.words.is_empty() {
            // An assignment may change what all commands behind it see.
            self.script.plain = false;
        } else {
            self.script.calls.push(call);
        }
    }

    /// The text of `word`, if the file says all of it.
    fn word(&self, word: &Word) -> Option<String> {
        if let Some(text) = word.literal(self.text) {
            return Some(text.into_owned());
        }
        let mut text = String::new();
        self.parts(&word.parts, &mut text).then_some(text)
    }

    fn parts(&self, parts: &[WordPart], out: &mut String) -> bool {
        parts.iter().all(|part| match part {
            // A pattern stays as it is written.
            WordPart::Literal(span) | WordPart::Glob(span) | WordPart::Tilde(span) => {
                out.push_str(span.of(self.text));
                true
            }
            WordPart::DoubleQuoted { parts, .. } => self.parts(parts, out),
            WordPart::Parameter { name, op: None, .. } => {
                let name = name.of(self.text);
                // The script may set the variable itself.
                let assigned = self.text.contains(&format!("{name}=")) || self.text.contains(&format!("read {name}"));
                match self.state.variable(name) {
                    Value::Known(value) if !assigned && !value.contains([' ', '\t', '*', '?', '[']) => {
                        out.push_str(&value);
                        true
                    }
                    _ => false,
                }
            }
            _ => false,
        })
    }
}
