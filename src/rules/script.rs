//! The shell scripts of a RUN, with the way from their words back to the file.

use super::Context;
use crate::model::Stage;
use crate::source::Span;
use crate::syntax::shell::{self, AndOrKind, Command, CommandKind, Pipeline, Word, WordPart};
use crate::syntax::{Form, Instruction, Keyword, Logical};
use std::borrow::Cow;

/// One script: the line of a RUN, or a here-document that is its script.
#[derive(Debug)]
pub(super) struct Script<'s> {
    /// The text that the spans of the tree point into.
    pub(super) text: &'s str,
    /// The commands.
    pub(super) tree: &'s shell::Script,
    place: Place<'s>,
}

#[derive(Debug)]
enum Place<'s> {
    Line(&'s Logical<'s>),
    /// Where the here-document starts in the file.
    Heredoc(u32),
}

impl<'s> Script<'s> {
    /// Where a span of the tree stands in the file.
    pub(super) fn source(&self, span: Span) -> Span {
        match &self.place {
            Place::Line(logical) => logical.span(span.range()),
            Place::Heredoc(start) => Span::new(start + span.start, start + span.end),
        }
    }

    /// Whether it is the line of a RUN, joined from those of the file, and no here-document.
    pub(super) fn is_line(&self) -> bool {
        matches!(self.place, Place::Line(_))
    }

    /// What a word says, with `$NAME` for each variable and `$()` for each substitution in it. A
    /// substitution that asks for the machine (`uname`, `dpkg --print-architecture`) is `$ARCH`.
    pub(super) fn outline(&self, word: &Word) -> Cow<'s, str> {
        if let Some(text) = word.literal(self.text) {
            return text;
        }
        let mut out = String::new();
        self.append(&word.parts, &mut out);
        Cow::Owned(out)
    }

    /// The pipelines that run whenever nothing fails: those behind `||`, behind a test, in a branch, in
    /// a loop or in a function are left out.
    pub(super) fn certain(&self) -> Vec<&Pipeline> {
        let mut out = Vec::new();
        self.certain_in(self.tree, &mut out);
        out
    }

    fn certain_in<'t>(&self, script: &'t shell::Script, out: &mut Vec<&'t Pipeline>) {
        for list in &script.lists {
            let rest = list.rest.iter().take_while(|(op, _)| op.kind == AndOrKind::And).map(|(_, p)| p);
            for pipeline in std::iter::once(&list.first).chain(rest) {
                if pipeline.commands.iter().any(|c| self.is_test(c)) {
                    break;
                }
                out.push(pipeline);
                for command in &pipeline.commands {
                    if let CommandKind::Group(inner) | CommandKind::Subshell(inner) = &command.kind {
                        self.certain_in(inner, out);
                    }
                }
            }
        }
    }

    fn is_test(&self, command: &Command) -> bool {
        match &command.kind {
            CommandKind::Test(_) => true,
            CommandKind::Simple(simple) => matches!(simple.name(self.text).as_deref(), Some("[" | "test")),
            _ => false,
        }
    }

    /// Where the simple commands of [`Script::certain`] stand in the text.
    pub(super) fn certain_commands(&self) -> Vec<Span> {
        let commands = self.certain().into_iter().flat_map(|p| &p.commands);
        commands.filter(|c| matches!(c.kind, CommandKind::Simple(_))).map(|c| c.span).collect()
    }

    fn append(&self, parts: &[WordPart], out: &mut String) {
        for part in parts {
            let text = part.span().of(self.text);
            match part {
                WordPart::DoubleQuoted { parts, .. } => self.append(parts, out),
                WordPart::SingleQuoted(_) => out.push_str(text.trim_matches('\'')),
                WordPart::Escaped(_) => out.extend(text.chars().next_back().filter(|&c| c != '\n')),
                WordPart::Parameter { name, .. } => {
                    out.push('$');
                    out.push_str(name.of(self.text));
                }
                WordPart::Command { .. } if text.contains("uname") || text.contains("arch") => out.push_str("$ARCH"),
                WordPart::Command { .. } | WordPart::ProcessSubstitution { .. } | WordPart::Arithmetic(_) => {
                    out.push_str("$()");
                }
                _ => out.push_str(text),
            }
        }
    }
}

/// The scripts of `step`; none for the exec form.
pub(super) fn scripts<'s>(step: &'s Instruction<'_>) -> Vec<Script<'s>> {
    let Some(Form::Shell { range, .. }) = step.command() else { return Vec::new() };
    let text = step.logical.text();
    if !text[range.clone()].starts_with("<<") {
        let script = |tree| Script { text, tree, place: Place::Line(&step.logical) };
        return step.shell_tree().map(script).into_iter().collect();
    }
    let script = |h: &&'s crate::syntax::Heredoc<'_>| is_for_shell(h.content.trim_start());
    let read = |h: &'s crate::syntax::Heredoc<'_>| Script {
        text: h.content,
        tree: h.shell_tree(),
        place: Place::Heredoc(h.content_span.start),
    };
    step.heredocs.iter().filter(script).map(read).collect()
}

/// The RUNs of `stage` that a POSIX shell runs and whose text holds one of `needles`, with their
/// positions among the instructions of the file.
pub(super) fn runs<'c, 'a>(
    cx: &Context<'c, 'a>,
    stage: &Stage,
    needles: &'static [&'static str],
) -> impl Iterator<Item = (usize, &'c Instruction<'a>)> {
    // On Windows, paths and commands are others.
    let steps = if cx.file.escape == '\\' { stage.steps.clone() } else { 0..0 };
    let mut posix = true;
    let instructions = &cx.file.instructions;
    steps.filter_map(move |at| {
        let step = &instructions[at];
        match (step.keyword, step.command()) {
            (Keyword::Shell, Some(Form::Exec(words))) => {
                posix = words.first().is_some_and(|w| is_posix(&w.text));
                None
            }
            (Keyword::Run, _) if posix => needles.iter().any(|needle| step.mentions(needle)).then_some((at, step)),
            _ => None,
        }
    })
}

/// Whether a here-document is a script for a shell: a first line like `#!/usr/bin/env python3` names
/// another language.
fn is_for_shell(content: &str) -> bool {
    let Some(line) = content.strip_prefix("#!").and_then(|rest| rest.lines().next()) else { return true };
    let mut words = line.split_whitespace();
    let named = words.next().filter(|w| program(w) != "env").or_else(|| words.find(|w| !w.starts_with('-')));
    named.is_some_and(is_posix)
}

fn is_posix(program: &str) -> bool {
    matches!(program.rsplit('/').next(), Some("sh" | "bash" | "ash" | "dash" | "zsh" | "ksh"))
}

/// The name of a program, without the folders in front.
pub(super) fn program(word: &str) -> &str {
    memchr::memrchr(b'/', word.as_bytes()).map_or(word, |slash| &word[slash + 1..])
}
