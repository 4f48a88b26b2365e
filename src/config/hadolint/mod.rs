//! What hadolint is told, said as a configuration of ours.
//!
//! `read` reads its file, `settings` makes a `Config` of it, `write` the text of one. What hadolint makes of each key was
//! measured on version 2.15.1.

mod read;
mod settings;
#[cfg(test)]
mod tests;
mod write;

pub(super) use read::{load, read};

use super::mistake::ConfigError;
use crate::diagnostic::Severity;
use std::path::Path;

/// The names of its file, the one that wins first.
pub const NAMES: [&str; 2] = [".hadolint.yaml", ".hadolint.yml"];

/// What hadolint is told, by its file, its options or its environment variables.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Hadolint {
    /// `ignored`: rules that don't run.
    pub ignored: Vec<String>,
    /// `override`: severities of rules.
    pub severities: Vec<(Severity, String)>,
    /// `trustedRegistries`: the registries that images may come from.
    pub registries: Vec<String>,
    /// `label-schema`: the labels that there have to be, with their formats.
    pub labels: Vec<(String, String)>,
    /// `strict-labels`: whether other labels are reported.
    pub strict_labels: Option<bool>,
    /// `failure-threshold`: the lightest finding that makes the run fail.
    pub threshold: Option<Severity>,
    /// `no-fail`: whether findings never make the run fail.
    pub no_fail: Option<bool>,
    /// `disable-ignore-pragma`: whether comments switch nothing off.
    pub no_pragmas: Option<bool>,
    /// What has no counterpart in a configuration, with what to do instead.
    pub remarks: Vec<String>,
}

impl Hadolint {
    /// Reads hadolint's file at `path`, called `name` in messages. Fails when it can't be read, and with all its mistakes.
    pub fn load(path: &Path, name: &str) -> Result<Self, ConfigError> {
        load(path, name)
    }

    /// This over `weaker`, as hadolint does it: lists are put together, of single values the stronger one counts.
    pub fn over(mut self, weaker: Hadolint) -> Self {
        self.ignored.extend(weaker.ignored);
        self.severities.extend(weaker.severities);
        self.registries.extend(weaker.registries);
        let new: Vec<_> =
            weaker.labels.into_iter().filter(|(l, _)| self.labels.iter().all(|(own, _)| own != l)).collect();
        self.labels.extend(new);
        self.remarks.extend(weaker.remarks);
        self.strict_labels = self.strict_labels.or(weaker.strict_labels);
        self.threshold = self.threshold.or(weaker.threshold);
        self.no_fail = self.no_fail.or(weaker.no_fail);
        self.no_pragmas = self.no_pragmas.or(weaker.no_pragmas);
        self
    }

    /// Whether it says nothing at all.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// The severity that hadolint's `--failure-threshold` means by `word`. With `none` and `ignore`, every finding counts.
    pub fn threshold(word: &str) -> Option<Severity> {
        if matches!(word, "none" | "ignore") { Some(Severity::Style) } else { Severity::from_name(word) }
    }

    /// A label with its format, as `--require-label` takes it: `maintainer:text`.
    pub fn label(word: &str) -> Option<(String, String)> {
        let (label, format) = word.rsplit_once(':')?;
        LABEL_FORMATS.contains(&format).then(|| (label.to_owned(), format.to_owned()))
    }

    /// Whether `word` is written like the number of a rule of hadolint.
    pub fn is_code(word: &str) -> bool {
        let digits = word.strip_prefix("DL").or_else(|| word.strip_prefix("SC"));
        digits.is_some_and(|digits| digits.len() == 4 && digits.bytes().all(|b| b.is_ascii_digit()))
    }
}

/// The formats that a label may have.
const LABEL_FORMATS: [&str; 7] = ["text", "url", "rfc3339", "semver", "hash", "spdx", "email"];
/// The words for a threshold.
pub(super) const THRESHOLDS: [&str; 6] = ["error", "warning", "info", "style", "ignore", "none"];
