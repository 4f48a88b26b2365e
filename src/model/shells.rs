//! The RUNs of a file, each with the shell that reads it.

use super::stage::{Base, Model};
use crate::syntax::{Form, Instruction, Keyword, Word};

/// A RUN, or one below ONBUILD.
#[derive(Clone, Copy, Debug)]
pub struct RunLine<'c, 'a> {
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
}

/// The RUNs of all stages, in order.
pub fn run_lines<'c, 'a>(model: &Model<'c, 'a>) -> Vec<RunLine<'c, 'a>> {
    let all = &model.file.instructions;
    let mut runs = Vec::new();
    // The SHELL in force at the end of each stage.
    let mut last: Vec<Option<&'c [Word<'a>]>> = Vec::new();
    for stage in &model.stages {
        let mut shell = match stage.base {
            Base::Stage(base) => last.get(base).copied().flatten(),
            _ => None,
        };
        for at in stage.steps.clone() {
            let line = &all[at];
            let (instruction, trigger) = line.trigger().map_or((line, false), |inner| (inner, true));
            match (instruction.keyword, instruction.command()) {
                (Keyword::Shell, Some(Form::Exec(words))) if !trigger => shell = Some(words.as_slice()),
                (Keyword::Run, _) => runs.push(RunLine { stage: stage.index, at, instruction, trigger, shell }),
                _ => {}
            }
        }
        last.push(shell);
    }
    runs
}

/// The name of the program `path`, without folders and `.exe`.
pub fn program_name(path: &str) -> &str {
    let name = path.rsplit(['/', '\\']).next().unwrap_or(path);
    name.strip_suffix(".exe").unwrap_or(name)
}
