//! What the files of the stages are known to be, so that COPY --from can be compared by content.

use crate::context::digest;
use crate::model::effects::{Effects, Resource};

/// What the steps of each stage wrote, in order, each with a label that stands for it.
#[derive(Debug, Default)]
pub(super) struct Contents<'b> {
    stages: Vec<Content<'b>>,
}

#[derive(Debug)]
struct Content<'b> {
    /// The stage that this one starts from.
    base: Option<usize>,
    writes: Vec<(&'b [Resource], u128)>,
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
        let touches = |r: &Resource| r.overlaps(resource);
        let chain = std::iter::successors(Some(&self.stages[stage]), |stage| Some(&self.stages[stage.base?]));
        let written = |stage: &Content<'b>| {
            let labels = stage.writes.iter().filter(|(list, _)| list.iter().any(touches)).map(|(_, label)| *label);
            labels.collect::<Vec<u128>>()
        };
        let mut labels: Vec<Vec<u128>> = chain.map(written).collect();
        labels.reverse();
        digest(&labels.concat())
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
