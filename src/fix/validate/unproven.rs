//! Why a rewrite is refused.

use thiserror::Error;

/// Why a rewrite can't be shown to be safe. Lines are those of the original unless said otherwise.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum Unproven {
    /// The builder would refuse other things than before.
    #[error("{}", match .now {
        Some(message) => format!("line {line} of the rewritten file has a syntax error of its own: {message}"),
        None => format!("the syntax error on line {line} would be gone, so the file would build what it didn't build"),
    })]
    Verdict {
        /// The line of the error.
        line: u32,
        /// The message, if the error is new.
        now: Option<String>,
    },
    /// A parser directive is new, changed or gone.
    #[error("the parser directive `{name}` would change")]
    Directive {
        /// Its name.
        name: String,
    },
    /// What was a JSON array is none any more, so that a shell would read it.
    #[error("the JSON array on line {line} of the rewritten file would be none any more")]
    Array {
        /// Its line in the rewritten file.
        line: u32,
    },
    /// A comment is gone.
    #[error("the comment on line {line} would be lost: {text}")]
    CommentLost {
        /// Its line.
        line: u32,
        /// Its text.
        text: String,
    },
    /// A comment is new.
    #[error("line {line} of the rewritten file has a comment that the original doesn't have: {text}")]
    CommentAdded {
        /// Its line in the rewritten file.
        line: u32,
        /// Its text.
        text: String,
    },
    /// A stage more, or one less.
    #[error("the file would have {now} build stages instead of {was}")]
    StageCount {
        /// How many there are.
        was: usize,
        /// How many there would be.
        now: usize,
    },
    /// A FROM builds on something else, or names its stage differently.
    #[error("the {what} of the FROM on line {line} would change")]
    From {
        /// The line of the FROM.
        line: u32,
        /// The part that changes.
        what: &'static str,
    },
    /// Stages would gain or lose their names.
    #[error("{now} stages would have a name instead of {was}")]
    StageNames {
        /// How many have a name.
        was: usize,
        /// How many would have one.
        now: usize,
    },
    /// What stands in front of the first FROM differs.
    #[error("what stands in front of the first FROM would change at {instruction} (line {line})")]
    Globals {
        /// The first instruction that differs.
        instruction: String,
        /// Its line.
        line: u32,
    },
    /// A step is gone or changed.
    #[error("{instruction} on line {line} would be dropped or do something else")]
    Dropped {
        /// The instruction.
        instruction: String,
        /// Its line.
        line: u32,
    },
    /// A step is new.
    #[error("the rewritten file has {instruction} on line {line}, which the original doesn't have")]
    Added {
        /// The instruction.
        instruction: String,
        /// Its line in the rewritten file.
        line: u32,
    },
    /// Files are copied for a RUN that may need more.
    #[error("RUN on line {line} can't be shown to find all that it needs above the COPY of the sources: {why}")]
    Split {
        /// The line of the RUN.
        line: u32,
        /// What is not known.
        why: String,
    },
    /// A step stays, but finds other circumstances.
    #[error("{instruction} on line {line} would see {what} differently")]
    Observes {
        /// The instruction.
        instruction: String,
        /// Its line.
        line: u32,
        /// What it would see differently.
        what: &'static str,
    },
    /// Two steps change places, and one may notice.
    #[error(
        "{first} on line {first_line} must stay above {second} on line {second_line}: one may touch what the other uses"
    )]
    Order {
        /// The one that stands first.
        first: String,
        /// Its line.
        first_line: u32,
        /// The one that stands behind it.
        second: String,
        /// Its line.
        second_line: u32,
    },
    /// The image would be configured differently.
    #[error("{what} of the image that stage {stage} builds (its last {instruction} is on line {line}) would change")]
    Config {
        /// The stage, from 0.
        stage: usize,
        /// The part of the config.
        what: String,
        /// The instruction that sets it.
        instruction: &'static str,
        /// The last line of the stage that sets it, or that of its FROM.
        line: u32,
    },
    /// The name of a variable depends on another variable.
    #[error("{instruction} on line {line} sets a variable whose name only the builder knows")]
    Name {
        /// The instruction.
        instruction: &'static str,
        /// Its line.
        line: u32,
    },
    /// The values grow beyond what is looked at.
    #[error("the values of the variables at {instruction} on line {line} grow too long to be compared")]
    TooLarge {
        /// The instruction.
        instruction: String,
        /// Its line.
        line: u32,
    },
}
