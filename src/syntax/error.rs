//! What BuildKit refuses, with its place.

use crate::source::Span;

/// The kinds of refusal. `parser.Parse` and `instructions.Parse` are BuildKit's two passes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ErrorKind {
    /// Nothing but comments and blank lines.
    NoInstruction,
    /// A first word that is no instruction.
    UnknownInstruction,
    /// Too few or too many arguments.
    Arguments,
    /// A flag that the instruction does not have, or that has no legal value.
    Flag,
    /// An instruction other than ARG in front of the first FROM.
    NoStage,
    /// A FROM that can't be read, or a stage name that is not allowed.
    Stage,
    /// A heredoc without its end.
    Heredoc,
    /// A parser directive twice, or with a value that it can't have.
    Directive,
    /// A JSON array of something else than strings, or none where one is needed.
    Json,
    /// `ENV`, `LABEL` and `ARG` words that are not `name=value`.
    KeyValue,
    /// A line longer than the builder reads.
    LineTooLong,
    /// An instruction that ONBUILD can't hold.
    Onbuild,
    /// A HEALTHCHECK of unknown kind or with an illegal value.
    Healthcheck,
}

/// A place that BuildKit refuses.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SyntaxError {
    /// The kind.
    pub kind: ErrorKind,
    /// The place.
    pub span: Span,
    /// What is wrong, in plain words.
    pub message: String,
    /// What to do, where more can be said than the message does.
    pub help: Option<String>,
    /// Whether BuildKit's first pass (`parser.Parse`) refuses it already.
    pub in_parser: bool,
}

impl SyntaxError {
    /// A refusal of BuildKit's first pass.
    pub(super) fn parser(kind: ErrorKind, span: Span, message: impl Into<String>) -> Self {
        Self { kind, span, message: message.into(), help: None, in_parser: true }
    }

    /// A refusal of BuildKit's second pass, `instructions.Parse`.
    pub(super) fn instruction(kind: ErrorKind, span: Span, message: impl Into<String>) -> Self {
        Self { kind, span, message: message.into(), help: None, in_parser: false }
    }

    pub(super) fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }
}
