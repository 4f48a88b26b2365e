//! `custom`: rules that a project writes itself, in its configuration.
//!
//! A rule is a pattern over instructions with a message; `read` reads it, `pattern` holds globs and regular expressions,
//! `code` keeps the codes. The rules run in `rules::custom`.

mod code;
mod pattern;
mod read;
#[cfg(test)]
mod tests;

pub use code::{is_custom_code, keep_code};
pub use pattern::{Pattern, Patterns};
pub(super) use read::rules;

use crate::diagnostic::Severity;

/// A rule of the project.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CustomRule {
    /// Its code.
    pub code: &'static str,
    /// What it looks for.
    pub subject: Subject,
    /// What is wrong.
    pub message: String,
    /// How its findings weigh.
    pub severity: Severity,
    /// What to do.
    pub help: Option<String>,
    /// What comes in place of the word that was matched.
    pub replace: Option<String>,
    /// Dockerfiles, or parts of some, that it reports.
    pub bad: Vec<String>,
    /// Those that it does not report.
    pub good: Vec<String>,
}

/// What a rule looks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Subject {
    /// `match`: what is reported where it stands.
    Match(Matcher),
    /// `require`: what each stage that is meant has to have.
    Require(Matcher),
}

impl Subject {
    /// The matcher, whatever it is for.
    pub fn matcher(&self) -> &Matcher {
        match self {
            Subject::Match(matcher) | Subject::Require(matcher) => matcher,
        }
    }
}

/// Which instructions are meant: all that is said has to fit.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Matcher {
    /// The names of the instructions, in capitals, at least one.
    pub instructions: Vec<&'static str>,
    /// The stage that it stands in.
    pub stage: Option<StageFilter>,
    /// What has to fit, and what must not.
    pub parts: Parts,
    /// An instruction that all of this fits is not meant.
    pub not: Option<Parts>,
}

/// The parts of an instruction that patterns are held against. One pattern of a list has to fit.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Parts {
    /// The image of FROM, as written, with variables replaced by their defaults.
    pub image: Option<Patterns>,
    /// A flag with its value, or its name alone: `--chown=1000`, `--chown`.
    pub flag: Option<Patterns>,
    /// The name of a command of RUN.
    pub command: Option<Patterns>,
    /// A word of that command behind its name; of other instructions, a word, `key=value`, or the command line.
    pub argument: Option<Patterns>,
}

/// Which stages are meant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StageFilter {
    /// The last one.
    Final,
    /// All but the last one.
    Build,
    /// All.
    Any,
    /// Those with such a name.
    Named(Patterns),
}

impl Parts {
    /// Whether nothing is said.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}
