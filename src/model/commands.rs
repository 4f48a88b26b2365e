//! The commands of a RUN, as words.

use crate::syntax::{Form, Instruction, shell};
use std::borrow::Cow;

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
        self.words.first().map_or("", |w| base_name(w))
    }

    /// The first word behind the name that is no flag: the subcommand of many programs.
    pub fn subcommand(&self) -> Option<&str> {
        self.words.iter().skip(1).map(String::as_str).find(|w| !w.starts_with('-'))
    }
}

/// Every command that `step`, a RUN, may run, at any depth. Its heredocs count if they are the script.
pub fn invocations(step: &Instruction<'_>) -> Vec<Invocation> {
    let mut list = Vec::new();
    each_command(step, |words| list.push(Invocation { words: words.map(Cow::into_owned).collect() }));
    list
}

/// The words of a command, as those of an [`Invocation`].
pub(super) type Words<'w> = &'w mut dyn Iterator<Item = Cow<'w, str>>;

/// Shows each of the [`invocations`] to `visit`, without keeping them.
pub(super) fn each_command(step: &Instruction<'_>, mut visit: impl FnMut(Words<'_>)) {
    match step.command() {
        Some(Form::Exec(words)) => visit(&mut words.iter().map(|w| Cow::Borrowed(w.text.as_ref()))),
        Some(Form::Shell { range, .. }) => {
            let joined = step.logical.text();
            if let Some(tree) = step.shell_tree() {
                of_script(joined, tree, &mut visit);
            }
            let is_script = |h: &&crate::syntax::Heredoc<'_>| !h.content.trim_start().starts_with("#!");
            if joined[range.clone()].starts_with("<<") {
                for heredoc in step.heredocs.iter().filter(is_script) {
                    of_script(heredoc.content, heredoc.shell_tree(), &mut visit);
                }
            }
        }
        _ => {}
    }
}

fn of_script(text: &str, tree: &shell::Script, visit: &mut impl FnMut(Words<'_>)) {
    tree.walk(|_, simple, _| {
        if !simple.words.is_empty() {
            visit(&mut simple.words.iter().map(|w| w.literal(text).unwrap_or_default()));
        }
    });
}

/// The name of the command at `path`, without the folders in front.
pub(super) fn base_name(path: &str) -> &str {
    memchr::memrchr(b'/', path.as_bytes()).map_or(path, |slash| &path[slash + 1..])
}
