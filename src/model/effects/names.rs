//! The variables that a script sets itself.

use crate::syntax::shell::{Command, CommandKind, Context, ForHead, ParameterOpKind};
use crate::syntax::shell::{Script, SimpleCommand, Visitor, WordPart};

/// Commands that set the variables among their words, or take them away.
const SETTERS: [&str; 12] = [
    "declare",
    "export",
    "getopts",
    "let",
    "local",
    "mapfile",
    "printf",
    "read",
    "readarray",
    "readonly",
    "typeset",
    "unset",
];

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
        if simple.name(text).is_some_and(|name| SETTERS.contains(&name.as_ref())) {
            let words = simple.words.iter().skip(1).map(|w| w.span.of(text));
            self.found.extend(words.map(|w| w.split('=').next().unwrap_or(w)));
        }
    }

    fn part(&mut self, part: &'s WordPart, _: Context) {
        if let WordPart::Parameter { name, op: Some(op), .. } = part
            && op.kind == ParameterOpKind::Assign
        {
            self.found.push(name.of(self.text));
        }
    }
}
