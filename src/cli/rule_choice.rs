//! `--select`, `--extend-select` and `--ignore`: the rules that the command line names.

use super::failure::Failure;
use super::notes::Notes;
use crate::config::{Hadolint, keep_code};
use crate::rules::{self, Overrides, Selection};

/// What the options say about rules.
#[derive(Debug, Default)]
pub(super) struct RuleChoice {
    pub(super) overrides: Overrides,
    /// Words that may name a rule of a project, with the failure if none has it. Which rules a project has, its
    /// configuration says, which is read later.
    pending: Vec<(&'static str, Failure)>,
}

impl RuleChoice {
    pub(super) fn read(
        select: Option<&Vec<String>>,
        extend_select: &[String],
        ignore: &[String],
        notes: &Notes,
    ) -> Result<Self, Failure> {
        let mut chosen = Self::default();
        // hadolint may have a rule of this number, or have had one: there is nothing to ignore then.
        let is_known = |word: &&String| !Hadolint::is_code(word.trim()) || rules::codes_of(word.trim()).is_some();
        let (known, unknown): (Vec<&String>, Vec<&String>) = ignore.iter().partition(is_known);
        unknown.iter().for_each(|word| notes.add(format!("warning: --ignore: there is no rule `{}`", word.trim())));
        chosen.overrides = Overrides {
            select: select.map(|list| chosen.codes("--select", list)).transpose()?,
            extend_select: chosen.codes("--extend-select", extend_select)?,
            ignore: chosen.codes("--ignore", known)?,
        };
        Ok(chosen)
    }

    fn codes<'w>(
        &mut self,
        option: &'static str,
        words: impl IntoIterator<Item = &'w String>,
    ) -> Result<Vec<&'static str>, Failure> {
        let mut codes = Vec::new();
        for word in words.into_iter().map(|word| word.trim()) {
            let unknown = match rules::resolve(word) {
                Ok(resolved) => {
                    codes.extend(resolved);
                    continue;
                }
                Err(unknown) => unknown,
            };
            let help = unknown.suggestion.map(|s| format!("did you mean `{s}`?"));
            let failure = Failure::Rule { option, unknown, help };
            if word.is_empty() {
                return Err(failure);
            }
            let code = keep_code(&word.to_ascii_uppercase());
            codes.push(code);
            self.pending.push((code, failure));
        }
        Ok(codes)
    }

    /// The failures about words that name no rule of any file either.
    pub(super) fn unknown<'s>(&mut self, selections: impl Iterator<Item = &'s Selection> + Clone) -> Vec<Failure> {
        let pending = std::mem::take(&mut self.pending);
        let is_unknown = |code: &str| !selections.clone().any(|selection| selection.declares(code));
        pending.into_iter().filter(|(code, _)| is_unknown(code)).map(|(_, failure)| failure).collect()
    }
}
