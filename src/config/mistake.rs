//! Mistakes in a configuration file, shown at their place.

use super::yaml::{self, Place};
use crate::source::{Span, is_command_mark, is_unsafe};
use miette::{Diagnostic, LabeledSpan, NamedSource, SourceCode};
use std::fmt;
use std::sync::{Arc, OnceLock};
use thiserror::Error;

/// One mistake in a configuration file.
#[derive(Clone, Debug, Diagnostic, Error)]
#[error("{message}")]
pub struct Mistake {
    message: String,
    #[source_code]
    source_text: Option<NamedSource<Arc<str>>>,
    #[label(collection)]
    labels: Vec<LabeledSpan>,
    #[help]
    help: Option<String>,
}

/// Why a configuration can't be used: all its mistakes, in the order of the file. As a miette
/// diagnostic it is its first mistake, with the others as related ones.
#[derive(Clone, Debug)]
pub struct ConfigError {
    first: Box<Mistake>,
    others: Vec<Mistake>,
}

impl ConfigError {
    /// The error of `mistakes`, or none if there are none.
    pub(super) fn of(mistakes: Vec<Mistake>) -> Option<Self> {
        let mut mistakes = mistakes.into_iter();
        mistakes.next().map(|first| Self { first: Box::new(first), others: mistakes.collect() })
    }

    /// The error of a file that can't be read.
    pub(super) fn unreadable(name: &str, why: &std::io::Error) -> Self {
        let message = format!("can't read the configuration {}: {why}", shown(name));
        let first = Mistake { message, source_text: None, labels: vec![], help: None };
        Self { first: Box::new(first), others: vec![] }
    }

    /// The error of a file that was found, and is a link out of its repository.
    pub(super) fn link_out(name: &str) -> Self {
        let message = format!("the configuration {} is a link out of the repository, so it was not read", shown(name));
        let help = Some("keep a copy in the repository, or name the other file with `--config`".to_owned());
        Self { first: Box::new(Mistake { message, source_text: None, labels: vec![], help }), others: vec![] }
    }

    /// What stands for `count` mistakes that are not shown.
    pub(super) fn more(count: usize) -> Mistake {
        let noun = if count == 1 { "mistake" } else { "mistakes" };
        Mistake { message: format!("and {count} more {noun}"), source_text: None, labels: vec![], help: None }
    }

    /// The mistakes, at least one.
    pub fn mistakes(&self) -> impl Iterator<Item = &Mistake> {
        std::iter::once(&*self.first).chain(&self.others)
    }
}

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        self.first.fmt(f)
    }
}

impl std::error::Error for ConfigError {}

impl Diagnostic for ConfigError {
    fn help(&self) -> Option<Box<dyn fmt::Display + '_>> {
        self.first.help()
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        self.first.source_code()
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        self.first.labels()
    }

    fn related<'a>(&'a self) -> Option<Box<dyn Iterator<Item = &'a dyn Diagnostic> + 'a>> {
        let related = self.others.iter().map(|m| m as &dyn Diagnostic);
        (!self.others.is_empty()).then(|| Box::new(related) as Box<_>)
    }
}

/// The text of a configuration file, and what it is called in messages.
#[derive(Clone, Debug)]
pub(super) struct Source {
    name: String,
    text: Arc<str>,
    /// The text as mistakes show it, which all of them share.
    printed: OnceLock<Arc<str>>,
}

impl Source {
    pub fn new(name: &str, text: &str) -> Self {
        Self { name: shown(name), text: text.into(), printed: OnceLock::new() }
    }

    pub fn text(&self) -> &str {
        &self.text
    }

    /// The mistake `message` with a label at each of the spans; the first is where it happened.
    pub fn mistake_at(&self, message: String, labels: &[(Span, &str)], help: Option<String>) -> Mistake {
        let label = |(index, &(span, text)): (usize, &(Span, &str))| {
            let (text, range) = (Some(text.to_owned()), span.range());
            match index {
                0 => LabeledSpan::new_primary_with_span(text, range),
                _ => LabeledSpan::new_with_span(text, range),
            }
        };
        let labels = labels.iter().enumerate().map(label).collect();
        let printed = self.printed.get_or_init(|| same_length(&self.text).into());
        let source_text = Some(NamedSource::new(&self.name, Arc::clone(printed)));
        Mistake { message, source_text, labels, help }
    }

    /// The mistake `message` with a label at each of the places; the first is where it happened.
    pub fn mistake(&self, message: String, labels: &[(Place, &str)], help: Option<String>) -> Mistake {
        let labels: Vec<_> = labels.iter().map(|&(place, label)| (yaml::locate(&self.text, place), label)).collect();
        self.mistake_at(message, &labels, help)
    }
}

/// `text` for a message: characters that steer a terminal or a pipeline become escapes.
pub(super) fn shown(text: &str) -> String {
    let steers = |at: usize, c: char| is_unsafe(c) || matches!(c, '\n' | '\t') || c == '#' && is_command_mark(text, at);
    text.char_indices()
        .map(|(at, c)| if steers(at, c) { c.escape_unicode().to_string() } else { c.to_string() })
        .collect()
}

/// `text` with the characters that steer a terminal or a pipeline replaced by others of as many bytes, so that
/// labels stay where they are.
fn same_length(text: &str) -> String {
    let steers = |at: usize, c: char| is_unsafe(c) && c != '\r' || c == '#' && is_command_mark(text, at);
    let replaced = |(at, c): (usize, char)| match (steers(at, c), c.len_utf8()) {
        (false, _) => c,
        (true, 1) => '?',
        (true, 2) => '\u{bf}',
        (true, _) => '\u{fffd}',
    };
    text.char_indices().map(replaced).collect()
}

/// A JSON string is one in YAML too; nothing in it steers a terminal.
pub fn quoted(text: &str) -> String {
    text.chars().fold(String::from("\""), |mut text, c| {
        match c {
            '"' | '\\' => text.extend(['\\', c]),
            c if is_unsafe(c) || c.is_control() => text.push_str(&format!("\\u{:04x}", c as u32)),
            c => text.push(c),
        }
        text
    }) + "\""
}
