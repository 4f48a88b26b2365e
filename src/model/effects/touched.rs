//! What many steps touch, so that the last one that clashes with another step is found without comparing it with each.

use super::{AbsolutePath, Effects, Resource};
use std::collections::HashMap;
use std::mem::{Discriminant, discriminant};

/// So many steps are compared one by one: to look them up is quicker only among more.
const FEW: usize = 48;

/// What steps read and write; each has a number, and they are added in the order of these.
#[derive(Debug, Default)]
pub struct Touched<'e> {
    few: Vec<(usize, &'e Effects)>,
    /// What the first steps touch, once there are more than a few.
    many: Index,
}

#[derive(Debug, Default)]
struct Index {
    reads: Latest,
    writes: Latest,
}

impl<'e> Touched<'e> {
    /// Adds the step number `step`.
    pub fn add(&mut self, step: usize, effects: &'e Effects) {
        if self.few.len() == FEW {
            self.few.drain(..).for_each(|(step, effects)| self.many.add(step, effects));
        }
        self.few.push((step, effects));
    }

    /// The last of the steps that is not [independent](Effects::independent) of one with `effects`.
    pub fn last_clash(&self, effects: &Effects) -> Option<usize> {
        let clash = self.few.iter().rev().find(|(_, other)| !other.independent(effects));
        clash.map_or_else(|| self.many.last_clash(effects), |(step, _)| Some(*step))
    }
}

impl Index {
    fn add(&mut self, step: usize, effects: &Effects) {
        effects.reads.iter().for_each(|read| self.reads.add(step, read));
        effects.writes.iter().for_each(|write| self.writes.add(step, write));
    }

    fn last_clash(&self, effects: &Effects) -> Option<usize> {
        let read = effects.reads.iter().map(|read| self.writes.overlapping(read));
        let written =
            effects.writes.iter().map(|write| self.writes.overlapping(write).max(self.reads.overlapping(write)));
        read.chain(written).max().flatten()
    }
}

/// The number of the last step that touches each resource.
#[derive(Debug, Default)]
struct Latest {
    anything: Option<usize>,
    variables: HashMap<String, usize>,
    any_variable: Option<usize>,
    paths: HashMap<AbsolutePath, usize>,
    /// The same for something at the path or below it.
    below: HashMap<String, usize>,
    any_path: Option<usize>,
    system_path: Option<usize>,
    made: HashMap<AbsolutePath, usize>,
    /// Those of which there is one.
    single: HashMap<Discriminant<Resource>, usize>,
}

impl Latest {
    fn add(&mut self, step: usize, resource: &Resource) {
        self.anything = Some(step);
        match resource {
            Resource::Variable(name) => {
                self.any_variable = Some(step);
                self.variables.insert(name.clone(), step);
            }
            Resource::Path(path) => {
                self.any_path = Some(step);
                if path.is_system() {
                    self.system_path = Some(step);
                }
                self.paths.insert(path.clone(), step);
                for folder in path.with_folders() {
                    match self.below.get_mut(folder) {
                        Some(last) => *last = step,
                        None => drop(self.below.insert(folder.to_owned(), step)),
                    }
                }
            }
            Resource::Made(path) => drop(self.made.insert(path.clone(), step)),
            single => drop(self.single.insert(discriminant(single), step)),
        }
    }

    /// The last step that touches what [overlaps](Resource::overlaps) `resource`.
    fn overlapping(&self, resource: &Resource) -> Option<usize> {
        use Resource::{Environment, EnvironmentOrder, Everything, Files, Made, Path, System, Variable};
        let single = |resource: &Resource| self.single.get(&discriminant(resource)).copied();
        let found = match resource {
            Everything => self.anything,
            Environment => single(&Environment).max(self.any_variable).max(single(&EnvironmentOrder)),
            Variable(name) => self.variables.get(name).copied().max(single(&Environment)),
            EnvironmentOrder => single(&EnvironmentOrder).max(single(&Environment)),
            Files => single(&Files).max(self.any_path).max(single(&System)),
            System => single(&System).max(self.system_path).max(single(&Files)),
            Path(path) => {
                let above = path.with_folders().filter_map(|folder| self.paths.get(folder).copied()).max();
                let system = path.is_system().then(|| single(&System)).flatten();
                let below = self.below.get(path.as_str()).copied();
                above.max(below).max(system).max(single(&Files))
            }
            Made(path) => self.made.get(path).copied(),
            other => single(other),
        };
        found.max(single(&Everything))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clash_is_what_is_not_independent() {
        use Resource as R;
        let path = |text: &str| AbsolutePath::new(text).unwrap();
        let paths = ["/", "/a", "/a/b", "/a/b/c", "/ab", "/etc/passwd", "/usr", "/usr/lib/x", "/srv/app"];
        let mut all = vec![
            R::Everything,
            R::Variable("A".into()),
            R::Variable("B".into()),
            R::Environment,
            R::EnvironmentOrder,
            R::User,
            R::Cmd,
            R::Labels,
            R::System,
            R::Files,
            R::Made(path("/a")),
            R::Made(path("/b")),
        ];
        all.extend(paths.into_iter().map(|text| R::Path(path(text))));
        let effects = |reads: &[&R], writes: &[&R]| Effects {
            reads: reads.iter().copied().cloned().collect(),
            writes: writes.iter().copied().cloned().collect(),
            ..Effects::default()
        };
        let (nothing, author) = (Effects::default(), effects(&[], &[&R::Author]));
        for a in &all {
            for b in &all {
                for first in [effects(&[a], &[]), effects(&[], &[a]), effects(&[a], &[&R::Ports])] {
                    for second in [effects(&[b], &[]), effects(&[], &[b]), effects(&[&R::Shell], &[b])] {
                        let clash = (!first.independent(&second)).then_some(3);
                        let other = second.writes.contains(&R::Everything) || second.reads.contains(&R::Everything);
                        // Behind so many that touch nothing, the first is found in the index, and then both are.
                        for more in [0, FEW, 2 * FEW] {
                            let mut touched = Touched::default();
                            touched.add(3, &first);
                            (4..4 + more).for_each(|step| touched.add(step, &nothing));
                            assert_eq!(touched.last_clash(&second), clash, "{first:?} {second:?}");
                            touched.add(4 + more, &author);
                            let last = if other { Some(4 + more) } else { clash };
                            assert_eq!(touched.last_clash(&second), last);
                            (0..more).for_each(|step| touched.add(5 + more + step, &nothing));
                            assert_eq!(touched.last_clash(&second), last);
                        }
                    }
                }
            }
        }
    }
}
