//! Fixing a file until nothing changes any more.

use super::attempt::{No, Refused, attempt, promise};
use super::{Settings, findings};
use crate::context::Project;
use crate::diagnostic::{Applicability, Diagnostic, Fix};
use crate::model::Model;
use crate::shellcheck::PREFIX;
use crate::syntax::parse;
use std::collections::{BTreeMap, HashSet};
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
    /// Why some of them keep their fixes, and how many for each reason.
    pub refused: BTreeMap<String, usize>,
    /// The rules whose fixes undo each other, if there are such; their last round was not applied.
    pub oscillating: Vec<&'static str>,
}

impl Fixed {
    /// Counts the fix of `finding`.
    fn count(&mut self, finding: &Diagnostic) {
        *self.applied.entry(finding.code).or_default() += 1;
        self.titles.extend(finding.fix.as_ref().map(|fix| (finding.code, fix.title.clone())));
    }
}

/// After so many rounds the fixes are taken to go round in a circle. Each round mends a finding, and
/// a file of this many that depend on one another has not been seen.
const MOST_ROUNDS: usize = 10_000;
/// The same of rounds with fixes of ShellCheck alone. Each starts a process, and mends all scripts at once.
const MOST_OF_SHELLCHECK: usize = 100;
/// So many lines are read in all rounds together before a file is left as it is: some twenty seconds. One of 10,000
/// lines has a hundred rounds then, and the next run goes on.
const MOST_READ: usize = 1_000_000;
/// So many rounds any file has.
const LEAST_ROUNDS: usize = 20;
const TOO_LONG: &str = "this file needs too many rounds for one run; the next `--fix` goes on";

/// So many texts of this length at most, in bytes, are kept with all that was worked out of them: what the validator read of
/// a text serves the rules of the next round. A longer one is read again.
const MOST_KEPT: usize = 4;
const LONG: usize = 64 << 10;

/// Applies the fixes of at least `least` until none is left, or so many lines were read that the rest has to wait for the
/// next run; then their findings say so. Each round is checked by the validator;
/// a fix that can't be shown to keep its promise is not applied, and its finding says why.
pub fn fix(text: &str, settings: &Settings, least: Applicability) -> Fixed {
    fix_within(MOST_READ, text, settings, least)
}

/// The same, reading at most so many lines.
fn fix_within(most: usize, text: &str, settings: &Settings, least: Applicability) -> Fixed {
    let mut rounds = Rounds {
        settings,
        least,
        most,
        project: None,
        refused: Refused::default(),
        progress: false,
        seen: HashSet::from([digest(text)]),
        done: 0,
        of_shellcheck: 0,
        read: 0,
        fixed: Fixed::default(),
    };
    let mut text = text.to_owned();
    loop {
        let reached = rounds.go_on(&Model::new(&parse(&text)), 1);
        text = reached.text.unwrap_or(text);
        if reached.is_end {
            break;
        }
    }
    let Rounds { mut fixed, refused, .. } = rounds;
    fixed.text = text;
    add(&mut fixed, least);
    let Fixed { text, findings, refused: told, .. } = &mut fixed;
    for finding in findings {
        let Some(reason) = refused.reason(finding, text) else { continue };
        finding.notes.push(format!("the fix was not applied: {reason}"));
        // Nobody is to be told that `--fix` does it.
        if let Some(fix) = finding.fix.as_mut().filter(|_| reason != TOO_LONG) {
            fix.applicability = Applicability::Display;
        }
        *told.entry(reason.to_owned()).or_default() += 1;
    }
    fixed
}

/// The rounds over one file.
struct Rounds<'s> {
    settings: &'s Settings,
    least: Applicability,
    /// So many lines are read in all rounds together.
    most: usize,
    /// The build context, once somebody asked. The original says what it needs of one; mending it does not change that.
    project: Option<Option<&'s Project>>,
    refused: Refused,
    /// Whether something was applied since a fix was refused.
    progress: bool,
    /// The texts there were.
    seen: HashSet<u64>,
    /// The rounds there were.
    done: usize,
    /// Those in which ShellCheck alone mended something.
    of_shellcheck: usize,
    /// The lines that were read in them.
    read: usize,
    fixed: Fixed,
}

/// How far some rounds have come.
struct Reached {
    /// The new text; nothing if it is still the one that they started with.
    text: Option<String>,
    /// Whether nothing is left that can be applied to it now.
    is_end: bool,
}

impl<'s> Rounds<'s> {
    /// Fixes the file of `model` until nothing is left, or the text has to be read again; so many texts are `kept`, with
    /// this one.
    fn go_on(&mut self, model: &Model<'_, '_>, kept: usize) -> Reached {
        let text = model.file.text;
        let findings = findings(model, self.settings);
        loop {
            let wanted: Vec<&Diagnostic> = findings.iter().filter(|finding| self.wants(finding, text)).collect();
            // Safe fixes go first, so that each round has one promise to keep.
            let Some(kind) = wanted.iter().filter_map(|finding| promise(finding)).max() else {
                // What could not be shown before may be shown of the new text.
                if std::mem::take(&mut self.progress) && self.refused.try_again() {
                    continue;
                }
                break;
            };
            self.read += text.lines().count();
            if self.read > self.most && self.done >= LEAST_ROUNDS {
                wanted.iter().for_each(|finding| self.refused.add(finding, text, TOO_LONG.to_owned()));
                break;
            }
            self.done += 1;
            let round: Vec<&Diagnostic> = wanted.into_iter().filter(|f| promise(f) == Some(kind)).collect();
            let fixes: Vec<&Fix> = round.iter().filter_map(|f| f.fix.as_ref()).collect();
            let project = self.project(model);
            if self.refused.is_full() {
                self.refused.untried(&round, text);
                continue;
            }
            let whole = attempt(model, &fixes, kind, project, |after, applied| {
                let keeps = kept < MOST_KEPT && after.file.text.len() <= LONG;
                self.record(applied.iter().map(|&at| round[at]), after.file.text).then(|| match keeps {
                    true => self.go_on(after, kept + 1),
                    false => Reached { text: None, is_end: false },
                })
            });
            match whole {
                Ok((next, Some(reached))) => {
                    return Reached { text: Some(reached.text.unwrap_or(next)), is_end: reached.is_end };
                }
                Ok((_, None)) => break,
                Err(No { reason, is_of_file: true }) => {
                    round.iter().for_each(|finding| self.refused.add(finding, text, reason.clone()));
                    continue;
                }
                Err(No { reason, .. }) => {
                    let Some((next, applied)) = self.refused.in_parts(model, &round, kind, project, reason) else {
                        continue;
                    };
                    if !self.record(applied.into_iter().map(|at| round[at]), &next) {
                        break;
                    }
                    return Reached { text: Some(next), is_end: false };
                }
            }
        }
        self.fixed.findings = findings;
        Reached { text: None, is_end: true }
    }

    fn project(&mut self, model: &Model<'_, '_>) -> Option<&'s Project> {
        *self.project.get_or_insert_with(|| project(model, self.settings))
    }

    fn wants(&self, finding: &Diagnostic, text: &str) -> bool {
        let fits = |f: &Fix| {
            f.applicability >= self.least && f.applicability != Applicability::Display && f.addition.is_none()
        };
        finding.fix.as_ref().is_some_and(fits) && self.refused.reason(finding, text).is_none()
    }

    /// Writes down that the fixes of `done` gave `next`; false if the fixes go round in a circle, so that it must not count.
    fn record<'d>(&mut self, done: impl Iterator<Item = &'d Diagnostic> + Clone, next: &str) -> bool {
        self.of_shellcheck += usize::from(done.clone().all(|finding| finding.code.starts_with(PREFIX)));
        let is_over = self.done > MOST_ROUNDS || self.of_shellcheck > MOST_OF_SHELLCHECK;
        if is_over || !self.seen.insert(digest(next)) {
            self.fixed.oscillating = done.map(|finding| finding.code).collect();
            self.fixed.oscillating.sort_unstable();
            self.fixed.oscillating.dedup();
            return false;
        }
        for finding in done {
            self.fixed.count(finding);
        }
        self.progress = true;
        true
    }
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
            let file = parse(text);
            let model = Model::new(&file);
            let project = project(&model, settings);
            attempt(&model, &[fix], promise, project, |_, _| ()).map(|(new, ())| new).map_err(|no| no.reason)
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
        fixed.count(&finding);
        let lines = fixed.additions.entry(addition.path.clone()).or_default();
        let new: Vec<String> = addition.lines.iter().filter(|line| !lines.contains(line)).cloned().collect();
        lines.extend(new);
    }
}

fn project<'s>(model: &Model<'_, '_>, settings: &'s Settings) -> Option<&'s Project> {
    settings.project.as_deref()?.get(|| model.context_sources()).ok().flatten()
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
        let text = "FROM debian:12\n".to_owned() + &(0..170).map(lines).collect::<String>();
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
