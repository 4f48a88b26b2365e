//! Paths that the same steps bring, and what each kind of them makes of the keys.

use crate::cache::keys::{Keyed, Resolved};
use crate::context::{Entry, Kind as EntryKind, Selection, Tree, clean, digest};
use std::cell::OnceCell;
use std::cmp::Reverse;
use std::collections::{BTreeMap, HashMap, HashSet};

/// The key that a path of a kind gives each step, and whether it is an input of the step itself.
pub(super) type Kind = Vec<(u128, bool)>;

/// The kinds of the paths that change.
pub(super) struct Kinds<'p> {
    /// The keys without any file.
    old: &'p [Keyed],
    resolved: &'p Resolved<'p>,
    groups: Vec<Group<'p>>,
    /// Per path: its kind, and which of `brought` brings it.
    paths: BTreeMap<&'p str, (usize, usize)>,
    brought: Sets,
}

impl<'p> Kinds<'p> {
    /// At most `most` kinds for the paths of `changes`.
    pub(super) fn new(
        most: usize,
        old: &'p [Keyed],
        changes: impl Iterator<Item = &'p [String]>,
        resolved: &'p Resolved<'p>,
    ) -> Self {
        let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
        changes.flatten().for_each(|path| *counts.entry(path).or_default() += 1);
        // What is a file in one commit and a folder in another is looked at by itself.
        let folders: HashSet<&str> = counts.keys().flat_map(|path| above(path)).collect();
        let sources = Sources::new(resolved);
        let all = tree_of(counts.keys().copied().filter(|path| !folders.contains(path)));
        let selected = sources.select(&all);
        let mut brought = Sets::default();
        let mut known: HashMap<Vec<usize>, usize> = HashMap::new();
        let mut candidates: Vec<Candidate<'p>> = Vec::new();
        let mut paths = BTreeMap::new();
        for (path, count) in counts {
            let (alone, of_alone);
            let is_both = folders.contains(path);
            let selected = if is_both {
                alone = tree_of([path]);
                of_alone = sources.select(&alone);
                &of_alone
            } else {
                &selected
            };
            let own = brought.of(&sources, selected.get(path));
            // The folders around it are new together with it. How deep they are makes no difference.
            let mut sets: Vec<usize> = above(path).map(|folder| brought.of(&sources, selected.get(folder))).collect();
            sets.sort_unstable();
            sets.dedup();
            sets.retain(|&set| !brought.lists[set].is_empty());
            sets.push(own);
            let next = candidates.len();
            let kind = if is_both { next } else { *known.entry(sets.clone()).or_insert(next) };
            if kind == next {
                candidates.push(Candidate { path, sets, count: 0 });
            }
            candidates[kind].count += count;
            paths.insert(path, (kind, own));
        }
        let (groups, numbers) = grouped(&candidates, most.max(1));
        paths.values_mut().for_each(|(kind, _)| *kind = numbers[*kind]);
        let group = |kinds: Vec<usize>| {
            let kinds = || kinds.iter().map(|&kind| &candidates[kind]);
            let sets: HashSet<usize> = kinds().flat_map(|kind| &kind.sets).copied().collect();
            let touched = sets.into_iter().flat_map(|set| &brought.lists[set]).copied().collect();
            // No tree holds a file and a folder of one name.
            let folders: HashSet<&str> = kinds().flat_map(|kind| above(kind.path)).collect();
            let paths = kinds().map(|kind| kind.path).filter(|path| !folders.contains(path)).collect();
            Group { paths, touched, keys: OnceCell::new() }
        };
        let groups = groups.into_iter().map(group).collect();
        Self { old, resolved, groups, paths, brought }
    }

    /// How many there are.
    pub(super) fn count(&self) -> usize {
        self.groups.len()
    }

    /// What a path of `kind` makes of the keys.
    pub(super) fn keys(&self, kind: usize) -> &Kind {
        let Group { paths, touched, keys } = &self.groups[kind];
        keys.get_or_init(|| self.resolved.changed(self.old, &tree_of(paths.iter().copied()), touched))
    }

    /// The steps whose own input a path of `kind` changes.
    pub(super) fn own(&self, kind: usize) -> Vec<usize> {
        let Group { paths, touched, .. } = &self.groups[kind];
        self.resolved.own_changed(self.old, &tree_of(paths.iter().copied()), touched)
    }

    /// The number of the kind of `path`.
    pub(super) fn of(&self, path: &str) -> Option<usize> {
        self.paths.get(path).map(|(kind, _)| *kind)
    }

    /// The steps that bring `path` itself, in order.
    pub(super) fn steps_of(&self, path: &str) -> &[usize] {
        self.paths.get(path).map_or(&[], |(_, set)| &self.brought.lists[*set])
    }
}

/// A kind, or several that are taken for one.
struct Group<'p> {
    /// A path of each.
    paths: Vec<&'p str>,
    /// The steps that bring one of them or a folder around it.
    touched: HashSet<usize>,
    /// Made once somebody asks.
    keys: OnceCell<Kind>,
}

/// A kind, by one of its paths, and how often a change touches a path of it.
struct Candidate<'p> {
    path: &'p str,
    /// The sets of steps that bring it or a folder around it.
    sets: Vec<usize>,
    count: usize,
}

/// The kinds of each group, and the number of the group of each kind. Each kind is a group by itself, but that there are at most
/// `most`: the rarest kinds share the last one.
fn grouped(kinds: &[Candidate<'_>], most: usize) -> (Vec<Vec<usize>>, Vec<usize>) {
    let mut order: Vec<usize> = (0..kinds.len()).collect();
    if kinds.len() > most {
        order.sort_by_key(|&kind| Reverse(kinds[kind].count));
    }
    let mut groups = vec![Vec::new(); kinds.len().min(most)];
    let mut numbers = vec![0; kinds.len()];
    for (place, kind) in order.into_iter().enumerate() {
        numbers[kind] = place.min(most - 1);
        groups[numbers[kind]].push(kind);
    }
    (groups, numbers)
}

/// The steps of sets of sources, each set of steps kept once.
#[derive(Default)]
struct Sets {
    lists: Vec<Vec<usize>>,
    /// The number of each list.
    numbers: HashMap<Vec<usize>, usize>,
    /// The number of the list of the steps of these sources.
    of_sources: HashMap<Vec<usize>, usize>,
}

impl Sets {
    fn of(&mut self, sources: &Sources<'_>, numbers: Option<&Vec<usize>>) -> usize {
        let numbers = numbers.map_or(&[][..], Vec::as_slice);
        if let Some(&known) = self.of_sources.get(numbers) {
            return known;
        }
        let list = sources.steps(numbers);
        let number = *self.numbers.entry(list).or_insert_with_key(|list| {
            self.lists.push(list.clone());
            self.lists.len() - 1
        });
        self.of_sources.insert(numbers.to_vec(), number);
        number
    }
}

/// The sources that steps bring files from, each once however many steps name it.
struct Sources<'r> {
    list: Vec<(&'r Selection, &'r str)>,
    /// Per source: its steps, in order.
    steps: Vec<Vec<usize>>,
}

impl<'r> Sources<'r> {
    fn new(resolved: &'r Resolved<'_>) -> Self {
        let mut sources = Self { list: Vec::new(), steps: Vec::new() };
        let mut known: HashMap<String, usize> = HashMap::new();
        for (step, selection, source) in resolved.context_sources() {
            let next = sources.list.len();
            let number = if selection.is_plain() { *known.entry(clean(source)).or_insert(next) } else { next };
            if number == next {
                sources.list.push((selection, source));
                sources.steps.push(Vec::new());
            }
            sources.steps[number].push(step);
        }
        sources
    }

    /// The numbers of the sources that bring each path of `tree`.
    fn select<'t>(&self, tree: &'t Tree) -> HashMap<&'t str, Vec<usize>> {
        let mut selected: HashMap<&str, Vec<usize>> = HashMap::new();
        for (number, (selection, source)) in self.list.iter().enumerate() {
            for file in selection.of(tree, source) {
                selected.entry(file.path).or_default().push(number);
            }
        }
        selected
    }

    /// The steps of the sources with these numbers, in order.
    fn steps(&self, numbers: &[usize]) -> Vec<usize> {
        let mut steps: Vec<usize> = numbers.iter().flat_map(|&n| &self.steps[n]).copied().collect();
        steps.sort_unstable();
        steps.dedup();
        steps
    }
}

/// The folders around `path`.
fn above(path: &str) -> impl Iterator<Item = &str> {
    path.match_indices('/').map(|(at, _)| &path[..at])
}

/// A tree of nothing but `paths`, each with another content than no file at all.
pub(super) fn tree_of<'p>(paths: impl IntoIterator<Item = &'p str>) -> Tree {
    let mut tree = Tree::default();
    for path in paths {
        tree.insert(path, Entry { kind: EntryKind::File(digest(path)), mode: 0o644, owner: (0, 0) });
    }
    tree
}
