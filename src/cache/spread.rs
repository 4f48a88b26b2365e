//! Which steps a change of files makes run again.
//!
//! To key a whole file for each of hundreds of commits takes too long for somebody who types. But all paths that the same
//! sources bring are alike: what one of them runs again, any of them does. So the file is keyed once for each kind of path, and what
//! a commit runs again is put together from the kinds of its paths.

use super::heat::{Place, place};
use super::keys::Keyed;
use crate::context::{Entry, Kind, Tree, digest};
use crate::model::{Base, Model};
use std::collections::{BTreeMap, HashMap, HashSet};

/// A step whose result is a new one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Again {
    pub(super) step: Place,
    /// The topmost step that made it so.
    pub(super) cause: Place,
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
    /// Per path: its kind, and the steps that bring it.
    paths: HashMap<&'m str, (usize, Vec<usize>)>,
    /// Per kind: the keys that a path of it gives the steps, and whether it is an input of theirs.
    kinds: Vec<Vec<(u128, bool)>>,
}

impl<'m, 'f, 'a> Spread<'m, 'f, 'a> {
    /// For changes of `paths`. `keys` gives the keys of all steps with the files of a tree; `old` are those without any.
    pub(super) fn new(
        model: &'m Model<'f, 'a>,
        old: &'m [Keyed],
        paths: &HashSet<&'m str>,
        keys: &dyn Fn(&Tree) -> Vec<Keyed>,
    ) -> Self {
        // What is a file in one commit and a folder in another is looked at by itself.
        let folders: HashSet<&str> = paths.iter().flat_map(|path| above(path)).collect();
        let all = keys(&tree_of(paths.difference(&folders).copied()));
        let all = brought(&all);
        let mut known: BTreeMap<Vec<Vec<usize>>, usize> = BTreeMap::new();
        let mut kinds = Vec::new();
        let mut of_paths = HashMap::new();
        for &path in paths {
            if folders.contains(path) {
                let new = keys(&tree_of([path]));
                of_paths.insert(path, (kinds.len(), brought_by(&brought(&new), path)));
                kinds.push(against(old, &new));
                continue;
            }
            let own = brought_by(&all, path);
            // The folders around it are new together with it. How deep they are makes no difference.
            let mut signature: Vec<Vec<usize>> = above(path).map(|folder| brought_by(&all, folder)).collect();
            signature.retain(|steps| !steps.is_empty());
            signature.sort();
            signature.dedup();
            signature.push(own.clone());
            let kind = *known.entry(signature).or_insert_with(|| {
                kinds.push(against(old, &keys(&tree_of([path]))));
                kinds.len() - 1
            });
            of_paths.insert(path, (kind, own));
        }
        let cached = old.iter().map(|k| k.key).collect();
        Self { model, old, cached, paths: of_paths, kinds }
    }

    /// The kinds of `paths`, by which changes are told apart.
    pub(super) fn kinds(&self, paths: &[String]) -> Vec<usize> {
        let mut kinds: Vec<usize> = paths.iter().filter_map(|path| Some(self.paths.get(path.as_str())?.0)).collect();
        kinds.sort_unstable();
        kinds.dedup();
        kinds
    }

    /// The steps that run again when files of all these kinds change, in order.
    pub(super) fn again(&self, kinds: &[usize]) -> Vec<Again> {
        let mut list = Vec::new();
        let mut broken: HashMap<usize, Place> = HashMap::new();
        let mut run: HashSet<Vec<u128>> = HashSet::new();
        for (at, keyed) in self.old.iter().enumerate() {
            let new = || kinds.iter().map(|&kind| self.kinds[kind][at]);
            if new().all(|(key, _)| self.cached.contains(&key)) {
                continue;
            }
            let step = place(keyed);
            let cause = cause(self.model, step, &mut broken);
            let own = new().any(|(_, own)| own);
            // Two steps are one if they are so for each kind.
            let shared = !run.insert(new().map(|(key, _)| key).collect());
            list.push(Again { step, cause, own, shared });
        }
        list
    }

    /// The steps that bring `path` itself.
    pub(super) fn steps_of(&self, path: &str) -> impl Iterator<Item = Place> {
        let steps = self.paths.get(path).map(|(_, steps)| steps.as_slice()).unwrap_or_default();
        steps.iter().map(|&at| place(&self.old[at]))
    }
}

/// The new key of each step, and whether its own input is another. Files add no step and take none away.
fn against(old: &[Keyed], new: &[Keyed]) -> Vec<(u128, bool)> {
    debug_assert!(old.iter().map(place).eq(new.iter().map(place)));
    old.iter().zip(new).map(|(a, b)| (b.key, a.inputs != b.inputs)).collect()
}

/// The positions of the steps that bring each path.
fn brought(keys: &[Keyed]) -> HashMap<&str, Vec<usize>> {
    let mut brought: HashMap<&str, Vec<usize>> = HashMap::new();
    for (at, keyed) in keys.iter().enumerate() {
        for name in keyed.inputs.iter().filter_map(|(name, _)| file(name)) {
            brought.entry(name).or_default().push(at);
        }
    }
    brought
}

fn brought_by(brought: &HashMap<&str, Vec<usize>>, path: &str) -> Vec<usize> {
    brought.get(path).cloned().unwrap_or_default()
}

/// The topmost step that made `step` run again, which is kept for those below it.
fn cause(model: &Model<'_, '_>, step: Place, broken: &mut HashMap<usize, Place>) -> Place {
    let base = match model.stages.get(step.0).map(|stage| &stage.base) {
        Some(Base::Stage(base)) => broken.get(base).copied(),
        _ => None,
    };
    *broken.entry(step.0).or_insert(base.unwrap_or(step))
}

/// The path that an input of a key is named after.
fn file(name: &str) -> Option<&str> {
    name.strip_prefix('`')?.strip_suffix('`')
}

/// The folders around `path`.
fn above(path: &str) -> impl Iterator<Item = &str> {
    path.match_indices('/').map(|(at, _)| &path[..at])
}

/// A tree of nothing but `paths`, each with another content than no file at all.
fn tree_of<'p>(paths: impl IntoIterator<Item = &'p str>) -> Tree {
    let mut tree = Tree::default();
    for path in paths {
        tree.insert(path, Entry { kind: Kind::File(digest(path)), mode: 0o644, owner: (0, 0) });
    }
    tree
}

#[cfg(test)]
mod tests;
