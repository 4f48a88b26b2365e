//! What a rule reports: findings with labels, and fixes made of edits.

use crate::source::Span;
use std::borrow::Cow;
use std::path::PathBuf;

/// How much a finding weighs. Ordered: `Style < Info < Warning < Error`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// For readers of the file; nothing is built differently.
    Style,
    /// Worth knowing; costs little.
    Info,
    /// Costs time, space or safety.
    Warning,
    /// The build fails, or the image is not what the file says.
    Error,
}

impl Severity {
    /// Every severity, the lightest first.
    pub const ALL: [Severity; 4] = [Severity::Style, Severity::Info, Severity::Warning, Severity::Error];

    /// The name in options, configuration and output.
    pub const fn name(self) -> &'static str {
        match self {
            Severity::Style => "style",
            Severity::Info => "info",
            Severity::Warning => "warning",
            Severity::Error => "error",
        }
    }

    /// The severity called `name`.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|s| s.name() == name)
    }
}

/// How far a fix may be trusted. Ordered: `Display < Unsafe < Safe`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Applicability {
    /// A suggestion with a hole in it that no tool can fill offline; never applied.
    Display,
    /// The image may differ, as the finding says how. Applied by `--fix --unsafe-fixes`.
    Unsafe,
    /// The built image is the same: config, files, modes, owners and contents. Applied by `--fix`.
    Safe,
}

impl Applicability {
    /// The name in documents and output.
    pub const fn name(self) -> &'static str {
        match self {
            Applicability::Display => "display",
            Applicability::Unsafe => "unsafe",
            Applicability::Safe => "safe",
        }
    }
}

/// One replacement of bytes of the source text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edit {
    /// The bytes that go; empty for an insertion.
    pub span: Span,
    /// The text that comes in their place.
    pub replacement: String,
}

impl Edit {
    /// Puts `text` in front of the byte at `at`.
    pub fn insert(at: u32, text: impl Into<String>) -> Self {
        Self { span: Span::empty(at), replacement: text.into() }
    }

    /// Puts `text` in the place of `span`.
    pub fn replace(span: Span, text: impl Into<String>) -> Self {
        Self { span, replacement: text.into() }
    }

    /// Takes `span` out.
    pub fn delete(span: Span) -> Self {
        Self { span, replacement: String::new() }
    }
}

/// A change that mends a finding: applied whole or not at all.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fix {
    /// What the fix does, as an order: "move CMD above COPY".
    pub title: String,
    /// How far it may be trusted.
    pub applicability: Applicability,
    /// Sorted by position, without overlap.
    pub edits: Vec<Edit>,
    /// What it adds to another file. A fix has edits or this, not both.
    pub addition: Option<Addition>,
}

/// Lines at the end of a file beside the Dockerfile, which is made if it is not there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Addition {
    /// The file.
    pub path: PathBuf,
    /// The lines, without line breaks.
    pub lines: Vec<String>,
}

impl Fix {
    /// A fix with its edits put in order.
    pub fn new(title: impl Into<String>, applicability: Applicability, mut edits: Vec<Edit>) -> Self {
        edits.sort_by_key(|e| e.span);
        Self { title: title.into(), applicability, edits, addition: None }
    }

    /// A fix that adds `lines` to the file at `path`. What is left out of the context by them is left out
    /// of the image, too, so it is never safe.
    pub fn adding(title: impl Into<String>, path: PathBuf, lines: Vec<String>) -> Self {
        let addition = Some(Addition { path, lines });
        Self { title: title.into(), applicability: Applicability::Unsafe, edits: Vec::new(), addition }
    }
}

/// A place in the source with a word on why it matters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Label {
    /// The place.
    pub span: Span,
    /// What it has to do with the finding; may be empty on the primary label.
    pub message: String,
}

/// A finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// The code of the rule.
    pub code: &'static str,
    /// The names under which other linters report this very finding.
    pub aliases: Vec<&'static str>,
    /// Its weight, after configuration.
    pub severity: Severity,
    /// What is wrong, in one breath.
    pub message: String,
    /// What to change.
    pub primary: Label,
    /// Why: the instructions that make it matter.
    pub secondary: Vec<Label>,
    /// The other instructions that the finding is about; a comment at any of them switches it off.
    pub members: Vec<Span>,
    /// What it costs.
    pub notes: Vec<String>,
    /// What to do.
    pub help: Option<Cow<'static, str>>,
    /// The change that does it.
    pub fix: Option<Fix>,
}
