//! The variables that a script sets itself.

use crate::syntax::shell::{Command, CommandKind, Context, ForHead, Script, SimpleCommand, Visitor};

/// The variables that `script`, which is read from `text`, sets anywhere.
pub(super) fn assigned_names<'t>(text: &'t str, script: &Script) -> Vec<&'t str> {
    let mut names = Names { text, found: Vec::new() };
    script.accept(&mut names, Context::default());
    names.found
}

struct Names<'t> {
    text: &'t str,
    found: Vec<&'t str>,
}

impl<'s> Visitor<'s> for Names<'_> {
    fn command(&mut self, command: &'s Command, _: Context) {
        if let CommandKind::For(head) = &command.kind
            && let ForHead::Words { name, .. } = &head.head
        {
            self.found.push(name.of(self.text));
        }
    }

    fn simple(&mut self, _: &'s Command, simple: &'s SimpleCommand, _: Context) {
        let text = self.text;
        self.found.extend(simple.assignments.iter().map(|a| a.name.of(text)));
        // `export A=b` and `read a` set variables too; any word may be a name.
        if matches!(simple.name(text).as_deref(), Some("export" | "read" | "local" | "declare" | "readonly")) {
            let words = simple.words.iter().skip(1).map(|w| w.span.of(text));
            self.found.extend(words.map(|w| w.split('=').next().unwrap_or(w)));
        }
    }
}
