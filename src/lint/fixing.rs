//! Fixing a file until nothing changes any more.

use super::{Settings, lint, unused};
use crate::context::Project;
use crate::diagnostic::{Applicability, Diagnostic, Fix};
use crate::fix::apply::apply;
use crate::fix::validate::{validate_comments, validate_safe_in, validate_unsafe};
use crate::model::Model;
use crate::syntax::parse;
use std::collections::{BTreeMap, HashMap, HashSet};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::PathBuf;

/// What fixing a file gave.
#[derive(Clone, Debug, Default)]
pub struct Fixed {
    /// The new text; the same as the old one if nothing was fixed.
    pub text: String,
    /// How many findings of each rule were fixed.
    pub applied: BTreeMap<&'static str, usize>,
    /// What each of them did, in the order in which it was done: the rule, and the title of the fix.
    pub titles: Vec<(&'static str, String)>,
    /// The findings that are left, in `text`.
    pub findings: Vec<Diagnostic>,
    /// The lines that fixes add to other files.
    pub additions: BTreeMap<PathBuf, Vec<String>>,
    /// The rules whose fixes undo each other, if there are such; their last round was not applied.
    pub oscillating: Vec<&'static str>,
}

/// Fixes that were refused.
struct Refused {
    /// The reasons, by the text of the place of the finding and its rule.
    reasons: HashMap<String, Vec<(&'static str, String)>>,
    /// How many more times the validator may say no.
    attempts: usize,
}

/// So often the validator may say no about one file: each answer takes time in proportion to its length.
const MOST_ATTEMPTS: usize = 1_000;
const NOT_TRIED: &str = "too many others in this file were not shown to be right";

impl Refused {
    fn add(&mut self, finding: &Diagnostic, text: &str, reason: String) {
        let place = finding.primary.span.of(text).to_owned();
        self.reasons.entry(place).or_default().push((finding.code, reason));
    }

    fn reason(&self, finding: &Diagnostic, text: &str) -> Option<&str> {
        // A text is not hashed for nothing.
        let reasons = (!self.reasons.is_empty()).then(|| self.reasons.get(finding.primary.span.of(text)))??;
        reasons.iter().find(|(code, _)| *code == finding.code).map(|(_, reason)| reason.as_str())
    }
}

/// What the fixes of a round have in common, the first round last.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Promise {
    /// Nothing but our own comments differs. What they are good for is known when all else is mended.
    Comments,
    Unsafe,
    Safe,
}

fn promise(finding: &Diagnostic) -> Option<Promise> {
    finding.fix.as_ref().map(|fix| match fix.applicability {
        _ if finding.code == unused::RULE.code => Promise::Comments,
        Applicability::Safe => Promise::Safe,
        Applicability::Unsafe | Applicability::Display => Promise::Unsafe,
    })
}

/// After so many rounds the fixes are taken to go round in a circle. Each round mends a finding, and
/// a file of this many that depend on one another has not been seen.
const MOST_ROUNDS: usize = 10_000;
/// So many lines are read in all rounds together before a file is left as it is: some twenty seconds. One of 10,000
/// lines has a hundred rounds then, and the next run goes on.
const MOST_READ: usize = 1_000_000;
/// So many rounds any file has.
const LEAST_ROUNDS: usize = 20;
const TOO_LONG: &str = "this file needs too many rounds for one run; the next `--fix` goes on";

/// Applies the fixes of at least `least` until none is left, or so many lines were read that the rest has to wait for the
/// next run; then their findings say so. Each round is checked by the validator;
/// a fix that can't be shown to keep its promise is not applied, and its finding says why.
pub fn fix(text: &str, settings: &Settings, least: Applicability) -> Fixed {
    fix_within(MOST_READ, text, settings, least)
}

/// The same, reading at most so many lines.
fn fix_within(most: usize, text: &str, settings: &Settings, least: Applicability) -> Fixed {
    let mut fixed = Fixed { text: text.to_owned(), ..Fixed::default() };
    let mut refused = Refused { reasons: HashMap::new(), attempts: MOST_ATTEMPTS };
    // Whether something was applied since a fix was refused.
    let mut progress = false;
    let mut seen = HashSet::from([digest(&fixed.text)]);
    let mut read = 0;
    for rounds in 0.. {
        fixed.findings = lint(&fixed.text, settings);
        let wanted: Vec<&Diagnostic> =
            fixed.findings.iter().filter(|f| wanted(f, least, &refused, &fixed.text)).collect();
        // Safe fixes go first, so that each round has one promise to keep.
        let Some(kind) = wanted.iter().filter_map(|f| promise(f)).max() else {
            // What could not be shown before may be shown of the new text.
            if std::mem::take(&mut progress) && !refused.reasons.is_empty() && refused.attempts > 0 {
                refused.reasons.clear();
                continue;
            }
            break;
        };
        read += fixed.text.lines().count();
        if read > most && rounds >= LEAST_ROUNDS {
            wanted.iter().for_each(|finding| refused.add(finding, &fixed.text, TOO_LONG.to_owned()));
            break;
        }
        let round: Vec<&Diagnostic> = wanted.into_iter().filter(|f| promise(f) == Some(kind)).collect();
        let Some((next, done)) = apply_round(&fixed.text, &round, kind, project(text, settings), &mut refused) else {
            continue;
        };
        let done: Vec<&Diagnostic> = done.into_iter().map(|at| round[at]).collect();
        if rounds >= MOST_ROUNDS || !seen.insert(digest(&next)) {
            fixed.oscillating = done.iter().map(|finding| finding.code).collect();
            fixed.oscillating.sort_unstable();
            fixed.oscillating.dedup();
            break;
        }
        for finding in done {
            *fixed.applied.entry(finding.code).or_default() += 1;
            fixed.titles.extend(finding.fix.as_ref().map(|fix| (finding.code, fix.title.clone())));
        }
        fixed.text = next;
        progress = true;
    }
    add(&mut fixed, least);
    let Fixed { text, findings, .. } = &mut fixed;
    for finding in findings {
        if let Some(reason) = refused.reason(finding, text) {
            finding.notes.push(format!("the fix was not applied: {reason}"));
        }
    }
    fixed
}

/// Tells the texts of the rounds apart; a long file may have many.
fn digest(text: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    text.hash(&mut hasher);
    hasher.finish()
}

/// The text with the fix of `finding` alone, checked as [`fix`] checks it.
///
/// # Errors
/// Why the fix can't be shown to keep its promise, or that there is none that edits the file.
pub fn fix_one(text: &str, finding: &Diagnostic, settings: &Settings) -> Result<String, String> {
    match (&finding.fix, promise(finding)) {
        (Some(fix), Some(promise)) if fix.applicability != Applicability::Display && fix.addition.is_none() => {
            attempt(text, &[fix], promise, project(text, settings)).map(|(new, _)| new)
        }
        _ => Err("it has no fix that edits the file".to_owned()),
    }
}

/// Takes the findings that lines in another file mend, and keeps the lines.
fn add(fixed: &mut Fixed, least: Applicability) {
    for finding in std::mem::take(&mut fixed.findings) {
        let addition = finding.fix.as_ref().filter(|f| f.applicability >= least).and_then(|f| f.addition.as_ref());
        let Some(addition) = addition else {
            fixed.findings.push(finding);
            continue;
        };
        *fixed.applied.entry(finding.code).or_default() += 1;
        fixed.titles.extend(finding.fix.as_ref().map(|fix| (finding.code, fix.title.clone())));
        let lines = fixed.additions.entry(addition.path.clone()).or_default();
        let new: Vec<String> = addition.lines.iter().filter(|line| !lines.contains(line)).cloned().collect();
        lines.extend(new);
    }
}

/// The build context. The original says what it needs of one; mending it does not change that.
fn project<'s>(text: &str, settings: &'s Settings) -> Option<&'s Project> {
    let sources = || Model::new(&parse(text)).context_sources();
    settings.project.as_deref().and_then(|project| project.get(sources).ok().flatten())
}

fn wanted(finding: &Diagnostic, least: Applicability, refused: &Refused, text: &str) -> bool {
    finding
        .fix
        .as_ref()
        .is_some_and(|f| f.applicability >= least && f.applicability != Applicability::Display && f.addition.is_none())
        && refused.reason(finding, text).is_none()
}

/// Applies all fixes of the round that don't conflict. If the validator refuses the result, halves of them are tried,
/// down to single ones. Gives the new text and what of the round was applied, or `None` if nothing was.
fn apply_round(
    text: &str,
    round: &[&Diagnostic],
    kind: Promise,
    project: Option<&Project>,
    refused: &mut Refused,
) -> Option<(String, Vec<usize>)> {
    let fixes: Vec<&Fix> = round.iter().filter_map(|f| f.fix.as_ref()).collect();
    let mut best: Option<(String, Vec<usize>)> = None;
    let all = 0..fixes.len();
    let mut open = vec![all];
    while let Some(part) = open.pop() {
        if refused.attempts == 0 {
            part.for_each(|at| refused.add(round[at], text, NOT_TRIED.to_owned()));
            continue;
        }
        let good = best.as_ref().map_or(&[][..], |(_, good)| good);
        let tried: Vec<usize> = good.iter().copied().chain(part.clone()).collect();
        let chosen: Vec<&Fix> = tried.iter().map(|&at| fixes[at]).collect();
        let reason = match attempt(text, &chosen, kind, project) {
            Ok((next, applied)) if next != text => {
                best = Some((next, applied.into_iter().map(|at| tried[at]).collect()));
                continue;
            }
            Ok(_) => "it changes nothing".to_owned(),
            Err(reason) => reason,
        };
        refused.attempts -= 1;
        if part.len() > 1 {
            let middle = part.start + part.len() / 2;
            open.extend([middle..part.end, part.start..middle]);
        } else if good.is_empty() {
            refused.add(round[part.start], text, reason);
        }
        // One that does not go with the others gets its turn in the next round.
    }
    best
}

/// Applies `fixes` and has the result checked.
fn attempt(
    text: &str,
    fixes: &[&Fix],
    kind: Promise,
    project: Option<&Project>,
) -> Result<(String, Vec<usize>), String> {
    let applied = apply(text, fixes).map_err(|e| e.to_string())?;
    let checked = match kind {
        Promise::Safe => validate_safe_in(text, &applied.text, project),
        Promise::Unsafe => validate_unsafe(text, &applied.text),
        Promise::Comments => validate_comments(text, &applied.text),
    };
    checked.map_err(|e| e.to_string())?;
    Ok((applied.text, applied.applied))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Builder;
    use crate::rules::{Overrides, Selection};

    #[test]
    fn what_takes_too_many_rounds_is_left_for_the_next_run() {
        let settings = Settings {
            selection: Selection::new(None, &Overrides::default()),
            builder: Builder::Buildkit,
            project: None,
            histories: None,
            shellcheck: None,
        };
        let lines = |i: usize| format!("COPY src/a{i}/ /b{i}/\nRUN pip install --target /t{i} x{i}\n");
        let text = "FROM debian:12\n".to_owned() + &(0..80).map(lines).collect::<String>();
        let whole = fix(&text, &settings, Applicability::Safe);
        let mut runs = 0;
        let mut part = Fixed { text: text.clone(), ..Fixed::default() };
        loop {
            part = fix_within(100, &part.text, &settings, Applicability::Safe);
            runs += 1;
            assert!(runs < 20, "no run leaves less than the one before");
            let left = part.findings.iter().filter(|f| f.notes.iter().any(|note| note.ends_with(TOO_LONG))).count();
            if left == 0 {
                break;
            }
        }
        assert!(runs > 1, "the file is fixed in {LEAST_ROUNDS} rounds");
        assert_eq!(part.text, whole.text);
    }
}
