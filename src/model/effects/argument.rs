//! The words of a command, as far as they are known: a variable may hold anything, and become several words.

use super::super::expand::Value;
use super::run::Run;
use crate::syntax::shell::{self, WordPart};
use std::borrow::Cow;

/// A word, as far as it is known.
pub(super) struct Argument<'t> {
    /// The known text: all of it, or what stands in front of the first unknown part.
    pub(super) text: Cow<'t, str>,
    /// Whether nothing unknown follows.
    pub(super) complete: bool,
}

impl<'t> Argument<'t> {
    pub(super) fn whole(text: &'t str) -> Self {
        Self { text: Cow::Borrowed(text), complete: true }
    }
}

impl<'r> Run<'r> {
    pub(super) fn argument(&self, word: &shell::Word) -> Argument<'r> {
        if let Some(text) = word.literal(self.text) {
            return Argument { text, complete: true };
        }
        let mut text = String::new();
        let complete = self.known_parts(&word.parts, &mut text);
        if !complete && word.span.of(self.text).contains("..") {
            // What follows may lead out of the folder that is known.
            text.clear();
        }
        if !complete && text.is_empty() && word.parts.first().is_some_and(|part| self.may_be_flags(part)) {
            // The start of a flag of which nobody knows the name.
            text.push_str("-$");
        }
        Argument { text: Cow::Owned(text), complete }
    }

    /// Appends the known text of `parts`; false once something is not known.
    fn known_parts(&self, parts: &[WordPart], out: &mut String) -> bool {
        parts.iter().all(|part| match part {
            WordPart::Literal(span) => {
                out.push_str(span.of(self.text));
                true
            }
            WordPart::Escaped(span) => {
                out.push_str(&span.of(self.text)[1..]);
                true
            }
            WordPart::SingleQuoted(span) => {
                let quoted = span.of(self.text);
                out.push_str(quoted.get(1..quoted.len() - 1).unwrap_or_default());
                true
            }
            WordPart::DoubleQuoted { parts, .. } => self.known_parts(parts, out),
            WordPart::Parameter { name, op: None, .. } => {
                let name = name.of(self.text);
                match self.state.variable(name) {
                    // A value with blanks becomes several words.
                    Value::Known(value) if !value.contains([' ', '\t', '*', '?', '[']) && !self.assigns(name) => {
                        out.push_str(&value);
                        true
                    }
                    _ => false,
                }
            }
            _ => false,
        })
    }

    /// Whether the shell makes several words of `part`, some of which it may take for patterns.
    pub(super) fn may_be_pattern(&self, part: &WordPart) -> bool {
        match part {
            WordPart::Parameter { name, .. } => {
                let name = name.of(self.text);
                let is_known = || matches!(self.state.variable(name), Value::Known(value) if has_pattern(&value));
                self.patterns.iter().any(|n| n == name) || !self.assigns(name) && is_known()
            }
            // A file may hold anything.
            WordPart::Command { span, .. } => prints_a_file(span.of(self.text)),
            _ => false,
        }
    }

    /// Whether `part` may stand for flags: its value has some, or its name says so.
    fn may_be_flags(&self, part: &WordPart) -> bool {
        let WordPart::Parameter { name, .. } = part else { return false };
        let name = name.of(self.text);
        match self.state.variable(name) {
            Value::Known(value) if !self.assigns(name) => value.split_whitespace().any(|word| word.starts_with('-')),
            _ => {
                let upper = name.to_ascii_uppercase();
                upper.ends_with("OPT")
                    || ["ARGS", "FLAG", "OPTS", "OPTION", "PARAM"].iter().any(|part| upper.contains(part))
            }
        }
    }
}

/// Whether a variable whose value is written as `raw` may hold a pattern. Stars in a substitution are of its commands.
pub(super) fn may_become_pattern(raw: &str) -> bool {
    prints_a_file(raw) || has_pattern(raw) && !raw.contains(['(', '`'])
}

fn has_pattern(value: &str) -> bool {
    value.contains(['*', '?', '['])
}

fn prints_a_file(substitution: &str) -> bool {
    ["cat ", "crontab"].iter().any(|command| substitution.contains(command))
}
