//! What the files of the stages are known to be, so that COPY --from can be compared by content.

use crate::context::digest;
use crate::model::effects::{Effects, Resource};
use std::cell::RefCell;
use std::collections::HashMap;

/// What the steps of each stage wrote, in order, each with a label that stands for it.
#[derive(Debug, Default)]
pub(super) struct Contents<'b> {
    stages: Vec<Content<'b>>,
    /// What was asked of stages that are done: the next to ask often builds on one of them.
    asked: RefCell<HashMap<Resource, HashMap<usize, u128>>>,
}

#[derive(Debug)]
struct Content<'b> {
    /// The stage that this one starts from.
    base: Option<usize>,
    writes: Vec<(&'b [Resource], u128)>,
}

impl Content<'_> {
    /// Goes on from `above`, which stands for what `resource` holds at the start: one label after the other, so that it does not
    /// matter in which stage of a chain each is.
    fn extend(&self, above: u128, resource: &Resource) -> u128 {
        let touching = self.writes.iter().filter(|(list, _)| list.iter().any(|r| r.overlaps(resource)));
        touching.fold(above, |above, (_, label)| digest(&(above, label)))
    }
}

impl<'b> Contents<'b> {
    /// Goes on with the next stage, which starts from the stage `base`.
    pub(super) fn start_from_stage(&mut self, base: usize) {
        self.stages.push(Content { base: Some(base), writes: Vec::new() });
    }

    /// Goes on with the next stage, which starts from an image.
    pub(super) fn start_from_image(&mut self, label: u128) {
        self.stages.push(Content { base: None, writes: vec![(&[Resource::Files], label)] });
    }

    /// Remembers that a step of the last stage wrote `resources`.
    pub(super) fn write(&mut self, resources: &'b [Resource], label: u128) {
        if let Some(stage) = self.stages.last_mut() {
            stage.writes.push((resources, label));
        }
    }

    /// A label for what `resource` holds in `stage`: the same label means the same files.
    pub(super) fn of(&self, stage: usize, resource: &Resource) -> u128 {
        // The last stage still writes.
        if stage + 1 < self.stages.len() {
            return self.of_done(stage, resource);
        }
        let above = self.stages[stage].base.map_or(0, |base| self.of_done(base, resource));
        self.stages[stage].extend(above, resource)
    }

    /// The same of a stage that writes nothing more.
    fn of_done(&self, stage: usize, resource: &Resource) -> u128 {
        let mut asked = self.asked.borrow_mut();
        if !asked.contains_key(resource) {
            asked.insert(resource.clone(), HashMap::new());
        }
        let Some(known) = asked.get_mut(resource) else { return 0 };
        let chain = std::iter::successors(Some(stage), |stage| self.stages[*stage].base);
        let new: Vec<usize> = chain.take_while(|stage| !known.contains_key(stage)).collect();
        let base = new.last().map_or(Some(stage), |top| self.stages[*top].base);
        let start = base.and_then(|base| known.get(&base)).copied().unwrap_or_default();
        let label = new.iter().rev().fold(start, |above, stage| self.stages[*stage].extend(above, resource));
        known.insert(stage, label);
        label
    }

    /// A label for the result of a step of the last stage, made from the files that it reads; `None` if its result
    /// may be another one each time.
    pub(super) fn of_reads(&self, effects: &Effects) -> Option<u128> {
        if effects.is_unknown() || effects.varies {
            return None;
        }
        let last = self.stages.len().checked_sub(1)?;
        let is_file = |r: &&Resource| matches!(r, Resource::Path(_) | Resource::System | Resource::Files);
        let labels: Vec<u128> = effects.reads.iter().filter(is_file).map(|r| self.of(last, r)).collect();
        Some(digest(&labels))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::AbsolutePath;

    fn path(text: &str) -> Vec<Resource> {
        AbsolutePath::new(text).map(Resource::Path).into_iter().collect()
    }

    #[test]
    fn it_does_not_matter_which_stage_of_a_chain_wrote_something() {
        let (a, b, system) = (path("/a"), path("/b"), [Resource::Files]);
        let labels = |writes: &[(&[Resource], u128)], asked: &[usize]| {
            let mut contents = Contents::default();
            contents.start_from_image(7);
            contents.write(&a, 1);
            for (at, (list, label)) in writes.iter().enumerate() {
                contents.start_from_stage(at);
                // What is asked on the way is kept, and must not make a difference.
                let early: Vec<u128> = asked.iter().map(|&stage| contents.of(stage.min(at + 1), &a[0])).collect();
                contents.write(list, *label);
                assert_eq!(early.len(), asked.len());
            }
            contents.of(writes.len(), &a[0])
        };
        let ends = [&[][..], &[0], &[1, 0], &[3, 2]]
            .map(|asked| labels(&[(&b, 5), (&a, 2), (&b, 6), (&a, 3), (&system, 4)], asked));
        assert!(ends.iter().all(|end| *end == ends[0]), "{ends:?}");
        assert_eq!(labels(&[(&a, 2), (&a, 3), (&system, 4)], &[]), ends[0], "other files don't count");
        assert_ne!(labels(&[(&a, 3), (&a, 2), (&system, 4)], &[]), ends[0]);
        assert_ne!(labels(&[(&a, 2), (&a, 3)], &[]), ends[0]);
    }
}
