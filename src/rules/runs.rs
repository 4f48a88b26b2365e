//! The RUNs of a file, each with the shell that reads it and the commands in it.

use super::calls::{Call, calls_of};
use super::script::{Script, scripts};
use crate::model::{Model, RunLine, program_name, run_lines};
use crate::syntax::{Form, Instruction, Word};
use std::cell::OnceCell;

/// A RUN, or one below ONBUILD.
#[derive(Debug)]
pub struct ShellRun<'c, 'a> {
    /// The number of its stage.
    pub stage: usize,
    /// The position of its line among the instructions of the file.
    pub at: usize,
    /// The RUN.
    pub instruction: &'c Instruction<'a>,
    /// Whether it is a trigger: it runs in another build, in a stage that is not known here.
    pub trigger: bool,
    /// The words of the SHELL in force; none for the default, `/bin/sh -c`.
    pub shell: Option<&'c [Word<'a>]>,
    /// Whether backslashes are no escapes in this file: then it is for Windows.
    windows: bool,
    scripts: OnceCell<Vec<Script<'c>>>,
    calls: OnceCell<Vec<Call<'c>>>,
}

impl<'c> ShellRun<'c, '_> {
    /// The name of the shell, without folders and `.exe`.
    pub fn shell_name(&self) -> &str {
        self.shell.and_then(|words| words.first()).map_or("sh", |w| program_name(&w.text))
    }

    /// Whether a shell of the Bourne family reads it, so that words and pipes mean what they mean there.
    pub fn is_posix(&self) -> bool {
        !self.windows && matches!(self.shell_name(), "sh" | "bash" | "ash" | "dash" | "zsh" | "ksh")
    }

    /// Its scripts; none for the exec form and for other shells.
    pub(super) fn scripts(&self) -> &[Script<'c>] {
        self.scripts.get_or_init(|| if self.is_posix() { scripts(self.instruction) } else { Vec::new() })
    }

    /// Every command in it, at any depth, in order. In exec form, that is its one command.
    pub(super) fn calls(&self) -> &[Call<'c>] {
        self.calls.get_or_init(|| match self.instruction.command() {
            Some(Form::Exec(words)) if !self.windows => Call::exec(words).into_iter().collect(),
            _ => self.scripts().iter().flat_map(calls_of).collect(),
        })
    }

    /// Whether `needle` stands anywhere in it: what does not name a program need not be read.
    pub fn mentions(&self, needle: &str) -> bool {
        self.instruction.mentions(needle)
    }
}

/// The RUNs of all stages, in order.
pub(super) fn runs_of<'c, 'a>(model: &'c Model<'c, 'a>) -> Vec<ShellRun<'c, 'a>> {
    let windows = model.file.escape != '\\';
    let run = |line: RunLine<'c, 'a>| {
        let RunLine { stage, at, instruction, trigger, shell } = line;
        let (scripts, calls) = (OnceCell::new(), OnceCell::new());
        ShellRun { stage, at, instruction, trigger, shell, windows, scripts, calls }
    };
    run_lines(model).into_iter().map(run).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::syntax::parse;

    #[test]
    fn a_stage_has_the_shell_of_the_stage_below_it() {
        let file = parse(concat!(
            "FROM a AS one\nRUN a\nSHELL [\"/bin/bash\", \"-c\"]\nRUN b\nFROM one\nONBUILD RUN c\n",
            "SHELL [\"pwsh.exe\"]\nRUN d\nRUN [\"e\", \"f\"]\nFROM b\nRUN g\n"
        ));
        let model = Model::new(&file);
        let seen: Vec<_> = runs_of(&model)
            .iter()
            .map(|r| {
                let names: Vec<String> = r.calls().iter().map(|c| c.name.to_string()).collect();
                (r.stage, r.trigger, r.shell_name().to_owned(), names.join(","))
            })
            .collect();
        let row = |stage, trigger, shell: &str, calls: &str| (stage, trigger, shell.to_owned(), calls.to_owned());
        let expected = [
            row(0, false, "sh", "a"),
            row(0, false, "bash", "b"),
            row(1, true, "bash", "c"),
            row(1, false, "pwsh", ""),
            row(1, false, "pwsh", "e"),
            row(2, false, "sh", "g"),
        ];
        assert_eq!(seen, expected);
    }
}
