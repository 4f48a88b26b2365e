//! What the planner weighs: how likely each step's own input changes, and what each step costs.

use super::cost;
use super::heat::{Place, Question, Walked};
use super::keys::Prepared;
use super::odds::{Changes, Evidence};
use crate::model::{Base, Stage};
use std::collections::HashMap;

/// The chances and costs of the steps of a file.
#[derive(Debug)]
pub struct Chances {
    evidence: Evidence,
    /// Per step: the changes that touch its own input.
    own: HashMap<Place, Changes>,
    /// Per stage: the changes that run again what it starts from, triggers too.
    inherited: Vec<Changes>,
    /// Per step that the builder has: the seconds of a run.
    seconds: HashMap<Place, f64>,
}

impl Chances {
    /// Works them out for all stages.
    pub fn new(prepared: &Prepared<'_, '_, '_>, ask: &Question<'_>, evidence: Evidence) -> Self {
        let model = prepared.model();
        let walked = Walked::new(prepared, ask, &evidence);
        let mut seconds = HashMap::new();
        let mut inherited: Vec<Changes> = Vec::new();
        let mut total: Vec<Changes> = Vec::new();
        for stage in &model.stages {
            let mut start = match stage.base {
                Base::Stage(base) => total[base].clone(),
                _ => Changes::default(),
            };
            let mut all = start.clone();
            for step in prepared.steps(stage.index) {
                let place = (stage.index, step.index);
                if let Some(own) = walked.own.get(&place) {
                    all |= own;
                    if step.trigger {
                        start |= own;
                    }
                }
                if walked.keyed.contains(&place) {
                    let recorded = (ask.recorded)(stage.name.as_deref(), step.instruction.joined());
                    let estimate = || cost::estimate(step.instruction, &step.effects);
                    seconds.insert(place, recorded.unwrap_or_else(estimate));
                }
            }
            inherited.push(start);
            total.push(all);
        }
        let own = walked.own;
        Self { evidence, own, inherited, seconds }
    }

    /// Whether commits were counted, or the chances are assumed.
    pub fn is_measured(&self) -> bool {
        self.evidence.is_measured()
    }

    /// How many commits were counted.
    pub fn commits(&self) -> usize {
        self.evidence.commits.len()
    }

    /// The expected seconds per commit of `order`, a part of `stage` with `above` in front of it; all are
    /// positions of instructions.
    pub(super) fn expected(
        &self,
        stage: &Stage,
        above: impl Iterator<Item = usize>,
        order: impl Iterator<Item = usize>,
    ) -> f64 {
        let mut changes = self.above(stage, above);
        let mut sum = 0.0;
        for step in order {
            if let Some(own) = self.own.get(&(stage.index, step)) {
                changes |= own;
            }
            if let Some(seconds) = self.seconds.get(&(stage.index, step)) {
                sum += seconds * self.evidence.chance(&changes);
            }
        }
        sum
    }

    /// In how many commits, and with which chance, a step below `above` runs again.
    pub(super) fn reruns(&self, stage: &Stage, above: impl Iterator<Item = usize>) -> (usize, f64) {
        let changes = self.above(stage, above);
        (self.evidence.hits(&changes), self.evidence.chance(&changes))
    }

    fn above(&self, stage: &Stage, above: impl Iterator<Item = usize>) -> Changes {
        let mut changes = self.inherited[stage.index].clone();
        above.filter_map(|step| self.own.get(&(stage.index, step))).for_each(|own| changes |= own);
        changes
    }
}
