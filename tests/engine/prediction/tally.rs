//! What a run has covered: a proof that met no change of a kind says nothing about it.

use super::pair::Outcome;
use crate::engine::Builder;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

/// How many pairs had a step that ran again for each kind of reason.
#[derive(Debug, Default)]
pub struct Tally {
    pub pairs: usize,
    not_built: usize,
    wrong: usize,
    too_careful: usize,
    steps: usize,
    reasons: BTreeMap<&'static str, usize>,
    /// What the builds that failed said, by its end.
    failures: BTreeMap<String, usize>,
}

/// What must have been a reason in one pair of a hundred at least, whatever the builder.
const EVERY: &[&str] = &[
    "a file",
    "a new or changed line",
    "an ARG in scope",
    "nothing runs again",
    "the files of a stage",
    "the step above",
    "what it builds on",
];

impl Tally {
    pub fn count(&mut self, outcome: &Outcome) {
        self.pairs += 1;
        match outcome {
            Outcome::NotBuilt(log) => {
                self.not_built += 1;
                let last = log.lines().rev().find(|l| !l.trim().is_empty()).unwrap_or_default();
                *self.failures.entry(shape(last)).or_default() += 1;
            }
            Outcome::Built(found) => {
                self.wrong += usize::from(!found.wrong.is_empty());
                self.too_careful += usize::from(found.too_careful);
                self.steps += found.executed.len();
                let mut kinds: BTreeSet<&str> = found.predicted.values().map(|reason| kind(reason)).collect();
                if kinds.is_empty() {
                    kinds.insert("nothing runs again");
                }
                kinds.into_iter().for_each(|kind| *self.reasons.entry(kind).or_default() += 1);
            }
        }
    }

    pub fn summary(&self) -> String {
        let share = self.not_built as f64 * 100.0 / self.pairs.max(1) as f64;
        let built = self.pairs - self.not_built;
        format!(
            "{built} pairs, {} mismatches, {} steps ran again; {} said too much of a copy from a stage; {} pairs were not built ({share:.1} %)",
            self.wrong, self.steps, self.too_careful, self.not_built
        )
    }

    /// Fails if the run was too thin to prove anything.
    pub fn check(&self, asked: u64, builder: Builder) {
        assert!(self.not_built * 10 <= self.pairs, "too many pairs were not built");
        if asked < 200 {
            return;
        }
        assert!(self.too_careful * 25 <= self.pairs, "too many pairs say too much of what is copied from a stage");
        // Metadata is no step of BuildKit's, so there a variable is a reason of its own; for the classic builder
        // it is the step above.
        let of_builder: &[&str] = match builder {
            Builder::BuildKit => &["a variable of ENV", "its command, text, path or destination"],
            Builder::Classic => &[],
        };
        for kind in EVERY.iter().chain(of_builder) {
            let met = self.reasons.get(kind).copied().unwrap_or_default();
            assert!(met * 100 >= self.pairs, "{met} of {} pairs ran something again for: {kind}", self.pairs);
        }
    }
}

/// A line of a log without the words that have numbers in them, which no two builds share.
fn shape(line: &str) -> String {
    let word = |c: char| c.is_alphanumeric();
    let mut shape = String::new();
    for piece in line.split_inclusive(|c| !word(c)) {
        let bare = piece.trim_end_matches(|c| !word(c));
        let known = !bare.contains(|c: char| c.is_ascii_digit());
        shape.push_str(if known { bare } else { "#" });
        shape.push_str(&piece[bare.len()..]);
    }
    shape.chars().take(160).collect()
}

#[test]
fn failures_are_counted_without_the_words_that_differ() {
    let line = |id: &str| shape(&format!("failed: mkdir /data/overlay2/{id}/merged/app: not a directory"));
    assert_eq!(line("kry5sr4w"), line("na4onov"));
    assert_eq!(line("kry5sr4w"), "failed: mkdir /data/#/#/merged/app: not a directory");
}

/// The kind of a reason, without its names.
fn kind(reason: &str) -> &'static str {
    let kinds = [
        ("below line ", "the step above"),
        ("new or changed", "a new or changed line"),
        ("what it builds on", "what it builds on"),
        ("ENV ", "a variable of ENV"),
        ("ARG ", "an ARG in scope"),
        ("USER ", "the user"),
        ("WORKDIR ", "the folder"),
        ("its ", "its command, text, path or destination"),
        ("the source ", "the name of a source"),
    ];
    if let Some((_, kind)) = kinds.iter().find(|(start, _)| reason.starts_with(start)) {
        return kind;
    }
    match reason {
        _ if reason.contains("` of stage ") => "the files of a stage",
        _ if reason.starts_with("`--") => "a flag",
        _ if reason.ends_with(" is gone") => "a file that is gone",
        _ => "a file",
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (kind, count) in &self.reasons {
            writeln!(f, "{count:>7}  {kind}")?;
        }
        for (last, count) in &self.failures {
            writeln!(f, "{count:>7}  not built: {last}")?;
        }
        Ok(())
    }
}
