//! The steps of a rewritten stage are those of the original, swapped only where nobody can notice.

use super::split::{Shown, Splits};
use super::step::{Print, Step};
use super::unproven::Unproven;
use super::walk::WalkedStage;
use crate::model::effects::{Effects, EffectsOf, Resource};
use crate::model::{AbsolutePath, Base};
use std::collections::{HashMap, HashSet, VecDeque};

/// Checks that the steps of the rewritten stage do what those of the original do.
pub(super) fn same_steps(both: &Splits<'_>) -> Result<(), Unproven> {
    let Splits { before, stage, old, new, .. } = *both;
    let places = matched(&old.steps, &new.steps)?;
    if places.is_sorted() && places.iter().all(Option::is_some) {
        return Ok(());
    }
    let shown = both.show(&places)?;
    let swaps =
        Swaps { old, effects: before.effects(stage), from_scratch: before.root(stage) == &Base::Scratch, shown };
    // The steps seen so far, sorted: those behind the current one in the original have changed places
    // with it, and no other pair is looked at.
    let mut seen: Vec<usize> = Vec::with_capacity(places.len());
    for place in places.into_iter().flatten() {
        let at = seen.partition_point(|&s| s < place);
        if let Some(&other) = seen[at..].iter().find(|&&other| !swaps.allowed(place, other)) {
            let (first, second) = (&old.steps[place], &old.steps[other]);
            return Err(Unproven::Order {
                first: first.name.clone(),
                first_line: first.line,
                second: second.name.clone(),
                second_line: second.line,
            });
        }
        seen.insert(at, place);
    }
    Ok(())
}

/// For each new step its place in the original, if it was there; equal steps keep their order.
fn matched(old: &[Step], new: &[Step]) -> Result<Vec<Option<usize>>, Unproven> {
    let mut free: HashMap<&Print, VecDeque<usize>> = HashMap::new();
    for (place, step) in old.iter().enumerate() {
        free.entry(&step.print).or_default().push_back(place);
    }
    let places: Vec<Option<usize>> = new.iter().map(|s| free.get_mut(&s.print).and_then(VecDeque::pop_front)).collect();
    let taken: HashSet<usize> = places.iter().flatten().copied().collect();
    let strangers = || new.iter().zip(&places).filter(|(_, place)| place.is_none()).map(|(step, _)| step);
    if let Some(lost) = old.iter().enumerate().find(|(place, _)| !taken.contains(place)).map(|(_, step)| step) {
        let (instruction, line) = (lost.name.clone(), lost.line);
        return Err(match strangers().find(|s| s.text == lost.text) {
            Some(now) => Unproven::Observes { instruction, line, what: lost.print.difference(&now.print) },
            None => Unproven::Dropped { instruction, line },
        });
    }
    Ok(places)
}

struct Swaps<'s> {
    old: &'s WalkedStage,
    effects: &'s EffectsOf,
    from_scratch: bool,
    shown: Shown,
}

impl Swaps<'_> {
    /// Whether two steps of the original may change places.
    fn allowed(&self, a: usize, b: usize) -> bool {
        let (first, second) = (&self.old.steps[a], &self.old.steps[b]);
        if (first.is_volume() && second.is_volume()) || self.shown.pairs.contains(&(b, a)) {
            return true;
        }
        // The effects are read without what triggers or another base may have set.
        if self.old.uncertain {
            return false;
        }
        let (of_first, of_second) = (self.effects_of(first), self.effects_of(second));
        of_first.independent(&of_second) && !self.share_a_folder(&of_first, &of_second)
    }

    fn effects_of(&self, step: &Step) -> Effects {
        let mut effects = self.effects.effects[step.index].clone();
        let more = &step.more;
        let resources = |list: &[Resource]| list.iter().map(plain).collect::<Vec<_>>();
        effects.reads = resources(&effects.reads);
        effects.reads.extend(more.reads.iter().cloned());
        effects.writes = resources(&effects.writes);
        effects.writes.extend(more.writes.iter().cloned());
        self.effects.behind_links(step.index, &mut effects.reads);
        self.effects.behind_links(step.index, &mut effects.writes);
        effects
    }

    /// An empty image has none of the folders that distributions have, so that whichever step comes
    /// first makes them.
    fn share_a_folder(&self, a: &Effects, b: &Effects) -> bool {
        let top = |r: &Resource| match r {
            Resource::Path(path) => path.as_str().split('/').nth(1).map(str::to_owned),
            _ => None,
        };
        let tops: Vec<String> = a.writes.iter().filter_map(top).collect();
        self.from_scratch && b.writes.iter().filter_map(top).any(|t| tops.contains(&t))
    }
}

/// A path without the links that distributions put at the root (`usrmerge` of Debian and Fedora, and
/// `/var/run`, Filesystem Hierarchy Standard 3.0, 5.13).
fn plain(resource: &Resource) -> Resource {
    let Resource::Path(path) = resource else { return resource.clone() };
    for (link, target) in LINKS {
        let rest = path.as_str().strip_prefix(link);
        if let Some(rest) = rest.filter(|r| r.is_empty() || r.starts_with('/'))
            && let Some(path) = AbsolutePath::new(&format!("{target}{rest}"))
        {
            return Resource::Path(path);
        }
    }
    resource.clone()
}

const LINKS: &[(&str, &str)] = &[
    ("/bin", "/usr/bin"),
    ("/sbin", "/usr/bin"),
    ("/usr/sbin", "/usr/bin"),
    ("/lib", "/usr/lib"),
    ("/lib32", "/usr/lib32"),
    ("/lib64", "/usr/lib64"),
    ("/libx32", "/usr/libx32"),
    ("/var/run", "/run"),
    ("/var/lock", "/run/lock"),
];
