//! Applying the fixes of a round, all or as many as the validator takes.

use super::unused;
use crate::context::Project;
use crate::diagnostic::{Applicability, Diagnostic, Fix};
use crate::fix::apply::apply;
use crate::fix::validate::{Unproven, keeps_all_but_own_comments, keeps_image, keeps_stages};
use crate::model::Model;
use crate::syntax::parse;
use std::collections::HashMap;

/// What the fixes of a round have in common, the first round last.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Promise {
    /// Nothing but our own comments differs. What they are good for is known when all else is mended.
    Comments,
    Unsafe,
    Safe,
}

/// What the fix of `finding` promises, if it has one.
pub(super) fn promise(finding: &Diagnostic) -> Option<Promise> {
    finding.fix.as_ref().map(|fix| match fix.applicability {
        _ if finding.code == unused::RULE.code => Promise::Comments,
        Applicability::Safe => Promise::Safe,
        Applicability::Unsafe | Applicability::Display => Promise::Unsafe,
    })
}

/// Fixes that were refused.
pub(super) struct Refused {
    /// The reasons, by the text of the place of the finding and its rule.
    reasons: HashMap<String, Vec<(&'static str, String)>>,
    /// How many more times the validator may say no.
    attempts: usize,
}

/// So often the validator may say no about one file: each answer takes time in proportion to its length.
const MOST_ATTEMPTS: usize = 1_000;
const NOT_TRIED: &str = "too many others in this file were not shown to be right";

impl Default for Refused {
    fn default() -> Self {
        Self { reasons: HashMap::new(), attempts: MOST_ATTEMPTS }
    }
}

impl Refused {
    /// Refuses the fix of `finding`, in `text`, for `reason`.
    pub(super) fn add(&mut self, finding: &Diagnostic, text: &str, reason: String) {
        let place = finding.primary.span.of(text).to_owned();
        self.reasons.entry(place).or_default().push((finding.code, reason));
    }

    /// Why the fix of `finding`, in `text`, was refused, if it was.
    pub(super) fn reason(&self, finding: &Diagnostic, text: &str) -> Option<&str> {
        // A text is not hashed for nothing.
        let reasons = (!self.reasons.is_empty()).then(|| self.reasons.get(finding.primary.span.of(text)))??;
        reasons.iter().find(|(code, _)| *code == finding.code).map(|(_, reason)| reason.as_str())
    }

    /// Whether the validator may not be asked any more.
    pub(super) fn is_full(&self) -> bool {
        self.attempts == 0
    }

    /// Refuses `round` without asking it.
    pub(super) fn untried(&mut self, round: &[&Diagnostic], text: &str) {
        round.iter().for_each(|finding| self.add(finding, text, NOT_TRIED.to_owned()));
    }

    /// Lets all have another try; false if there are none, or the validator may not be asked any more.
    pub(super) fn try_again(&mut self) -> bool {
        let may = !self.reasons.is_empty() && !self.is_full();
        if may {
            self.reasons.clear();
        }
        may
    }

    /// Applies halves of `round`, down to single fixes, now that the validator refused the whole for `reason`. Gives the new
    /// text and what of the round was applied, or `None` if nothing was.
    pub(super) fn in_parts(
        &mut self,
        model: &Model<'_, '_>,
        round: &[&Diagnostic],
        kind: Promise,
        project: Option<&Project>,
        reason: String,
    ) -> Option<(String, Vec<usize>)> {
        let text = model.file.text;
        let fixes: Vec<&Fix> = round.iter().filter_map(|f| f.fix.as_ref()).collect();
        let mut best: Option<(String, Vec<usize>)> = None;
        let mut known = Some(reason);
        let all = 0..fixes.len();
        let mut open = vec![all];
        while let Some(part) = open.pop() {
            if self.is_full() {
                self.untried(&round[part], text);
                continue;
            }
            let good = best.as_ref().map_or(&[][..], |(_, good)| good);
            let tried: Vec<usize> = good.iter().copied().chain(part.clone()).collect();
            let chosen: Vec<&Fix> = tried.iter().map(|&at| fixes[at]).collect();
            let result = known.take().map_or_else(
                || attempt(model, &chosen, kind, project, |_, applied| applied.iter().map(|&at| tried[at]).collect()),
                |reason| Err(reason.into()),
            );
            let reason = match result {
                Ok(new) => {
                    best = Some(new);
                    continue;
                }
                Err(no) => no.reason,
            };
            self.attempts -= 1;
            if part.len() > 1 {
                let middle = part.start + part.len() / 2;
                open.extend([middle..part.end, part.start..middle]);
            } else if good.is_empty() {
                self.add(round[part.start], text, reason);
            }
            // One that does not go with the others gets its turn in the next round.
        }
        best
    }
}

/// Why fixes were not applied.
pub(super) struct No {
    pub(super) reason: String,
    /// Whether that is the file's doing, so that a part of them fares no better.
    pub(super) is_of_file: bool,
}

impl From<Unproven> for No {
    fn from(unproven: Unproven) -> Self {
        Self { reason: unproven.to_string(), is_of_file: matches!(unproven, Unproven::TooLarge { .. }) }
    }
}

impl From<String> for No {
    fn from(reason: String) -> Self {
        Self { reason, is_of_file: false }
    }
}

/// Applies `fixes`, has the result checked, and gives it to `then` with the numbers of those that were applied.
///
/// # Errors
/// Why it can't be shown to keep what `kind` promises, or that nothing changed.
pub(super) fn attempt<T>(
    model: &Model<'_, '_>,
    fixes: &[&Fix],
    kind: Promise,
    project: Option<&Project>,
    then: impl FnOnce(&Model<'_, '_>, &[usize]) -> T,
) -> Result<(String, T), No> {
    let applied = apply(model.file.text, fixes).map_err(|e| e.to_string())?;
    if applied.text == model.file.text {
        return Err("it changes nothing".to_owned().into());
    }
    let result = {
        let file = parse(&applied.text);
        let after = Model::new(&file);
        let checked = match kind {
            Promise::Safe => keeps_image(model, &after, project),
            Promise::Unsafe => keeps_stages(model, &after),
            Promise::Comments => keeps_all_but_own_comments(model.file, after.file),
        };
        checked?;
        then(&after, &applied.applied)
    };
    Ok((applied.text, result))
}
