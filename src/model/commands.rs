//! The commands of a RUN, as words.

use crate::syntax::{Form, Instruction, shell};

/// A command with its words. A word that only the build knows (a variable, a pattern, a substitution)
/// is empty.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Invocation {
    /// The words, the name of the command first.
    pub words: Vec<String>,
}

impl Invocation {
    /// The name of the command, without the folders in front.
    pub fn name(&self) -> &str {
        self.words.first().map_or("", |w| w.rsplit('/').next().unwrap_or(w))
    }

    /// The first word behind the name that is no flag: the subcommand of many programs.
    pub fn subcommand(&self) -> Option<&str> {
        self.words.iter().skip(1).map(String::as_str).find(|w| !w.starts_with('-'))
    }
}

/// Every command that `step`, a RUN, may run, at any depth. Its heredocs count if they are the script.
pub fn invocations(step: &Instruction<'_>) -> Vec<Invocation> {
    match step.command() {
        Some(Form::Exec(words)) => vec![Invocation { words: words.iter().map(|w| w.text.to_string()).collect() }],
        Some(Form::Shell { range, .. }) => {
            let joined = step.logical.text();
            let mut list = step.shell_tree().map(|tree| of_script(joined, tree)).unwrap_or_default();
            let is_script = |h: &&crate::syntax::Heredoc<'_>| !h.content.trim_start().starts_with("#!");
            if joined[range.clone()].starts_with("<<") {
                for heredoc in step.heredocs.iter().filter(is_script) {
                    list.extend(of_script(heredoc.content, heredoc.shell_tree()));
                }
            }
            list
        }
        _ => Vec::new(),
    }
}

fn of_script(text: &str, tree: &shell::Script) -> Vec<Invocation> {
    let mut list = Vec::new();
    tree.walk(|_, simple, _| {
        let words = simple.words.iter().map(|w| w.literal(text).unwrap_or_default().into_owned()).collect::<Vec<_>>();
        if !words.is_empty() {
            list.push(Invocation { words });
        }
    });
    list
}
