//! What the files of a stage are known to be, so that COPY --from can be compared by content.

use crate::context::digest;
use crate::model::effects::{Effects, Resource};

/// The writes of a stage, in order, each with a label that stands for what was written.
#[derive(Clone, Debug, Default)]
pub(super) struct Content<'b> {
    writes: Vec<(&'b [Resource], u128)>,
}

impl<'b> Content<'b> {
    /// The files of an image.
    pub(super) fn of_image(label: u128) -> Self {
        Self { writes: vec![(&[Resource::Files], label)] }
    }

    /// Remembers that a step wrote `resources`.
    pub(super) fn write(&mut self, resources: &'b [Resource], label: u128) {
        self.writes.push((resources, label));
    }

    /// A label for what `resource` holds: the same label means the same files.
    pub(super) fn of(&self, resource: &Resource) -> u128 {
        let touches = |r: &Resource| r.overlaps(resource);
        let labels: Vec<u128> =
            self.writes.iter().filter(|(list, _)| list.iter().any(touches)).map(|(_, label)| *label).collect();
        digest(&labels)
    }

    /// A label for the result of a step, made from the files that it reads; `None` if its result may
    /// be another one each time.
    pub(super) fn of_reads(&self, effects: &Effects) -> Option<u128> {
        if effects.is_unknown() || effects.varies {
            return None;
        }
        let is_file = |r: &&Resource| matches!(r, Resource::Path(_) | Resource::System | Resource::Files);
        let labels: Vec<u128> = effects.reads.iter().filter(is_file).map(|r| self.of(r)).collect();
        Some(digest(&labels))
    }
}
