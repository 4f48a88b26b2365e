//! What gives another value each time.

use super::super::script::{Script, program};
use crate::source::Span;
use crate::syntax::Instruction;
use crate::syntax::shell::{self, Assignment, Command, SimpleCommand, Visitor, Word, WordPart};

/// Something that gives another value each time.
#[derive(Clone, Debug)]
pub(super) struct Source {
    /// Where it stands in the text of the script.
    pub(super) span: Span,
    /// What it is called in a message.
    pub(super) name: String,
    pub(super) kind: Kind,
}

/// What the value is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// The time.
    Time,
    /// A number or a name that nobody else is to have.
    Random,
}

/// One of these is in the text of each RUN that has a source.
pub(super) const HINTS: &[&str] = &["date", "uuidgen", "random", "RANDOM", "pwgen", "openssl"];

/// Whether a RUN that has one of the [`HINTS`] may have a source: `apt-get update` is none.
pub(super) fn may_be_in(step: &Instruction<'_>) -> bool {
    if HINTS.iter().any(|hint| *hint != "date" && step.mentions(hint)) {
        return true;
    }
    let text = step.span.of(step.logical.source());
    text.match_indices("date").any(|(at, _)| !text[..at].ends_with("up"))
}

/// The sources of `script`, with the uses of the variables that are set from one. `$RANDOM` counts if
/// `numbers` says that the shell sets it.
pub(super) fn find(script: &Script<'_>, numbers: bool) -> Vec<Source> {
    let mut reader = Reader { script, numbers, found: Vec::new(), variables: Vec::new() };
    script.tree.accept(&mut reader, shell::Context::default());
    let Reader { found, variables, .. } = reader;
    if variables.is_empty() || found.is_empty() {
        return found;
    }
    let mut uses = Uses { script, sources: found, variables };
    script.tree.accept(&mut uses, shell::Context::default());
    uses.sources
}

struct Reader<'s> {
    script: &'s Script<'s>,
    numbers: bool,
    found: Vec<Source>,
    /// The assignments: name and value.
    variables: Vec<(&'s str, Span)>,
}

impl Reader<'_> {
    fn add(&mut self, span: Span, name: &str, kind: Kind) {
        self.found.push(Source { span, name: name.to_owned(), kind });
    }
}

impl<'s> Visitor<'s> for Reader<'s> {
    fn simple(&mut self, command: &'s Command, simple: &'s SimpleCommand, _: shell::Context) {
        for Assignment { name, value, .. } in &simple.assignments {
            if let Some(value) = value {
                self.variables.push((name.of(self.script.text), value.span));
            }
        }
        let Some(first) = simple.words.first().map(|w| self.script.outline(w)) else { return };
        let name = program(&first);
        if !matches!(name, "date" | "uuidgen" | "pwgen" | "openssl") {
            return;
        }
        let words: Vec<String> = simple.words.iter().map(|w| self.script.outline(w).into_owned()).collect();
        match name {
            "date" if is_now(&words[1..]) => self.add(command.span, "date", Kind::Time),
            "uuidgen" if !words.iter().any(|w| matches!(w.as_str(), "-m" | "-s" | "--md5" | "--sha1")) => {
                self.add(command.span, "uuidgen", Kind::Random);
            }
            "pwgen" => self.add(command.span, "pwgen", Kind::Random),
            "openssl" if words.get(1).is_some_and(|w| w == "rand") => {
                self.add(command.span, "openssl rand", Kind::Random)
            }
            _ => {}
        }
    }

    fn word(&mut self, word: &'s Word, _: shell::Context) {
        let text = word.span.of(self.script.text);
        let text = text.strip_prefix("if=").unwrap_or(text);
        if matches!(text, "/dev/urandom" | "/dev/random" | "/proc/sys/kernel/random/uuid") {
            self.add(word.span, text, Kind::Random);
        }
    }

    fn part(&mut self, part: &'s WordPart, _: shell::Context) {
        if let WordPart::Parameter { span, name, .. } = part
            && self.numbers
            && name.of(self.script.text) == "RANDOM"
        {
            self.add(*span, "$RANDOM", Kind::Random);
        }
    }
}

/// Adds the uses of variables whose value holds a source.
struct Uses<'s> {
    script: &'s Script<'s>,
    sources: Vec<Source>,
    variables: Vec<(&'s str, Span)>,
}

impl<'s> Visitor<'s> for Uses<'s> {
    fn part(&mut self, part: &'s WordPart, _: shell::Context) {
        let WordPart::Parameter { span, name, .. } = part else { return };
        let name = name.of(self.script.text);
        // The assignment that counts is the last one above.
        let value = self.variables.iter().rev().find(|(n, value)| *n == name && value.end <= span.start);
        let source = value.and_then(|(_, value)| self.sources.iter().find(|s| value.contains(s.span)));
        if let Some(Source { name, kind, .. }) = source.cloned() {
            self.sources.push(Source { span: *span, name, kind });
        }
    }
}

/// Whether `date` with these words tells the time of the build. A year alone changes too seldom to
/// matter; a flag such as `-d` gives another time, and `-s` sets one.
fn is_now(words: &[String]) -> bool {
    words.iter().all(|word| {
        let other = match word.strip_prefix("--") {
            Some(long) => ["date", "reference", "file", "set", "help", "version"].iter().any(|f| long.starts_with(f)),
            None => word.starts_with('-') && !word.starts_with("-I") && word.contains(['d', 'r', 'f', 's', 'j', 'v']),
        };
        !other && word != "+%Y" && word != "+%y"
    })
}
