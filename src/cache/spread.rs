//! Which steps a change of files makes run again.
//!
//! To key a whole file for each of hundreds of commits takes too long for somebody who types. But all paths that the same
//! steps bring are alike: what one of them runs again, any of them does. So the file is keyed once for each kind of path, and
//! what a commit runs again is put together from the kinds of its paths.

mod kinds;

use super::keys::{Keyed, Resolved};
use crate::model::{Base, Model};
use kinds::{Kind, Kinds};
use std::collections::{HashMap, HashSet};

/// So many keys are worked out at most, for all kinds together: a file of 500 steps may have 2,000 kinds of paths, and one of
/// 10,000 steps a hundred.
const MOST_KEYS: usize = 1_000_000;

/// A step whose result is a new one. Steps are counted as in the list of their keys.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Again {
    pub(super) step: usize,
    /// The topmost step that made it so.
    pub(super) cause: usize,
    /// Whether its own input changed.
    pub(super) own: bool,
    /// Whether the same step of an earlier stage has run already in this build.
    pub(super) shared: bool,
}

/// What is worked out for all changes together.
pub(super) struct Spread<'m, 'f, 'a> {
    model: &'m Model<'f, 'a>,
    /// The steps, built without any file.
    old: &'m [Keyed],
    cached: HashSet<u128>,
    kinds: Kinds<'m>,
}

impl<'m, 'f, 'a> Spread<'m, 'f, 'a> {
    /// For `changes`, each a list of paths. `old` are the keys that `resolved` has without any file.
    ///
    /// Where paths are of too many kinds, the rarest are taken for one kind: then a change may make more steps run again
    /// than it does, but none is left out.
    pub(super) fn new(
        model: &'m Model<'f, 'a>,
        old: &'m [Keyed],
        changes: impl Iterator<Item = &'m [String]>,
        resolved: &'m Resolved<'m>,
    ) -> Self {
        Self::with_most(MOST_KEYS / old.len().max(1), model, old, changes, resolved)
    }

    /// The same with at most so many kinds.
    fn with_most(
        most: usize,
        model: &'m Model<'f, 'a>,
        old: &'m [Keyed],
        changes: impl Iterator<Item = &'m [String]>,
        resolved: &'m Resolved<'m>,
    ) -> Self {
        let kinds = Kinds::new(most, old, changes, resolved);
        let cached = old.iter().map(|k| k.key).collect();
        Self { model, old, cached, kinds }
    }

    /// The kinds of `paths`, by which changes are told apart.
    pub(super) fn kinds(&self, paths: &[String]) -> Vec<usize> {
        let mut kinds: Vec<usize> = paths.iter().filter_map(|path| self.kinds.of(path)).collect();
        kinds.sort_unstable();
        kinds.dedup();
        kinds
    }

    /// For each kind, the steps whose own input changes with it.
    pub(super) fn own(&self) -> impl Iterator<Item = Vec<usize>> {
        (0..self.kinds.count()).map(|kind| self.kinds.own(kind))
    }

    /// The steps that run again when files of all these kinds change, in order.
    pub(super) fn again(&self, kinds: &[usize]) -> Vec<Again> {
        let all: Vec<&Kind> = kinds.iter().map(|&kind| self.kinds.keys(kind)).collect();
        let mut list = Vec::new();
        let mut broken: HashMap<usize, usize> = HashMap::new();
        let mut run: HashSet<Vec<u128>> = HashSet::new();
        for (step, keyed) in self.old.iter().enumerate() {
            let new = || all.iter().map(|kind| kind[step]);
            if new().all(|(key, _)| self.cached.contains(&key)) {
                continue;
            }
            let cause = cause(self.model, keyed.stage, step, &mut broken);
            let own = new().any(|(_, own)| own);
            // Two steps are one if they are so for each kind.
            let shared = !run.insert(new().map(|(key, _)| key).collect());
            list.push(Again { step, cause, own, shared });
        }
        list
    }

    /// Whether `step` brings `path` itself.
    pub(super) fn brings(&self, step: usize, path: &str) -> bool {
        self.kinds.steps_of(path).binary_search(&step).is_ok()
    }
}

/// The topmost step that made `step` of `stage` run again, which is kept for those below it.
fn cause(model: &Model<'_, '_>, stage: usize, step: usize, broken: &mut HashMap<usize, usize>) -> usize {
    let base = match model.stages.get(stage).map(|stage| &stage.base) {
        Some(Base::Stage(base)) => broken.get(base).copied(),
        _ => None,
    };
    *broken.entry(stage).or_insert(base.unwrap_or(step))
}

#[cfg(test)]
mod tests;
