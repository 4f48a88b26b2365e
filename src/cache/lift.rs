//! What it saves to move steps up, summed up while they pass one step after the other.

use super::chances::InOrder;
use super::odds::Changes;

/// A block of steps that moves up, past one step after the other.
pub(super) struct Lift<'i, 'c> {
    order: &'i InOrder<'c>,
    /// The steps of the block, from the last one upwards.
    members: Vec<usize>,
    /// The changes that run them again by themselves.
    own: Changes,
    /// The steps that were passed so far, from below.
    passed: Vec<usize>,
    /// What that saves for them, in seconds per commit; less than nothing where the block brings changes that were below them.
    saved: f64,
}

impl<'i, 'c> Lift<'i, 'c> {
    /// The block of nothing but `step`.
    pub(super) fn new(order: &'i InOrder<'c>, step: usize) -> Self {
        let mut lift = Self { order, members: Vec::new(), own: Changes::default(), passed: Vec::new(), saved: 0.0 };
        lift.take_along(step);
        lift
    }

    /// Takes along `step`, the next one above.
    pub(super) fn take_along(&mut self, step: usize) {
        self.members.push(step);
        if let Some(own) = self.order.own(step) {
            self.own |= own;
            self.saved = self.passed.iter().map(|&step| self.saved_for(step)).sum();
        }
    }

    /// Passes `step`, the next one above.
    pub(super) fn pass(&mut self, step: usize) {
        self.passed.push(step);
        self.saved += self.saved_for(step);
    }

    fn saved_for(&self, step: usize) -> f64 {
        // Where it stands in between makes no difference: all that was above it is so still.
        let now = self.order.changes(step);
        let mut then = now.clone();
        then |= &self.own;
        if then == *now { 0.0 } else { self.order.cost(step, now) - self.order.cost(step, &then) }
    }

    /// What it saves to put the block in front of the step that was passed last, in seconds per commit.
    pub(super) fn gain(&self) -> f64 {
        let top = self.passed.last().or(self.members.first()).copied().unwrap_or_default();
        let mut changes = self.order.above(top).clone();
        let mut gain = self.saved;
        for &step in self.members.iter().rev() {
            self.order.own(step).into_iter().for_each(|own| changes |= own);
            gain += self.order.cost(step, self.order.changes(step)) - self.order.cost(step, &changes);
        }
        gain
    }
}
