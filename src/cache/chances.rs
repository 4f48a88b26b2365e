//! What the planner weighs: how likely each step's own input changes, and what each step costs.

use super::cost;
use super::heat::{Place, Question};
use super::keys::Prepared;
use super::odds::{Changes, Evidence};
use super::spread::Spread;
use crate::context::Tree;
use crate::context::churn::{assumed_churn, assumed_churn_of_folder};
use crate::model::{Base, Stage};
use std::cell::OnceCell;
use std::collections::{HashMap, HashSet};

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
    /// Per stage, for each of its steps and for the end: the changes that run again what is above it.
    above: Vec<OnceCell<Vec<Changes>>>,
}

impl Chances {
    /// Works them out for all stages.
    pub fn new(prepared: &Prepared<'_, '_, '_>, ask: &Question<'_>, evidence: Evidence) -> Self {
        let model = prepared.model();
        let resolved = prepared.resolve(ask.builder, ask.target, ask.arguments);
        let old = resolved.keys(&Tree::default());
        let changes = (0..evidence.changes()).map(|change| evidence.paths(change));
        let spread = Spread::new(model, &old, changes, &resolved);
        let mut kinds: Vec<Changes> = Vec::new();
        for number in 0..evidence.changes() {
            for kind in spread.kinds(evidence.paths(number)) {
                kinds.resize_with(kinds.len().max(kind + 1), Changes::default);
                kinds[kind].insert(number);
            }
        }
        let place = |at: usize| (old[at].stage, old[at].instruction_index);
        let mut own: HashMap<Place, Changes> = HashMap::new();
        for (steps, changes) in spread.own().zip(&kinds) {
            steps.into_iter().for_each(|at| *own.entry(place(at)).or_default() |= changes);
        }
        let keyed: HashSet<Place> = (0..old.len()).map(place).collect();
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
                if let Some(changes) = own.get(&place) {
                    all |= changes;
                    if step.trigger {
                        start |= changes;
                    }
                }
                if keyed.contains(&place) {
                    let recorded = (ask.recorded)(stage.name.as_deref(), step.instruction.joined());
                    let estimate = || cost::estimate(step.instruction, step.effects);
                    seconds.insert(place, recorded.unwrap_or_else(estimate));
                }
            }
            inherited.push(start);
            total.push(all);
        }
        let above = vec![OnceCell::new(); inherited.len()];
        Self { evidence, own, inherited, seconds, above }
    }

    /// Whether commits were counted, or the chances are assumed.
    pub fn is_measured(&self) -> bool {
        self.evidence.is_measured()
    }

    /// How many commits were counted.
    pub fn commits(&self) -> usize {
        self.evidence.commits.len()
    }

    /// In how many commits, and with which chance, the instruction `step` of `stage` runs again where it stands, if its own
    /// input does not change.
    pub fn reruns(&self, stage: &Stage, step: usize) -> (usize, f64) {
        let changes = &self.above(stage)[step - stage.steps.start];
        (self.evidence.hits(changes), self.evidence.chance(changes))
    }

    /// The same if the instruction `gone` were not above it, but a COPY of `files`: paths in the context, each with
    /// whether it is a folder.
    pub fn reruns_with(&self, stage: &Stage, step: usize, gone: usize, files: &[(&str, bool)]) -> (usize, f64) {
        let mut changes = self.above(stage)[gone - stage.steps.start].clone();
        let rest = (gone + 1..step).filter_map(|step| self.own.get(&(stage.index, step)));
        rest.for_each(|own| changes |= own);
        let below =
            |path: &str, file: &str| path.strip_prefix(file).is_some_and(|r| r.is_empty() || r.starts_with('/'));
        let touched = |paths: &[String]| paths.iter().any(|path| files.iter().any(|(file, _)| below(path, file)));
        for (number, _) in self.evidence.commits.iter().enumerate().filter(|(_, paths)| touched(paths)) {
            changes.insert(number);
        }
        let (hits, chance) = (self.evidence.hits(&changes), self.evidence.chance(&changes));
        if self.is_measured() {
            return (hits, chance);
        }
        let assumed = |&(path, folder): &(&str, bool)| {
            if folder { assumed_churn_of_folder(path) } else { assumed_churn(path) }
        };
        let unchanged: f64 = files.iter().map(|file| 1.0 - assumed(file)).product();
        (hits, 1.0 - (1.0 - chance) * unchanged)
    }

    /// What each step of `stage` costs where it stands.
    pub(super) fn in_order(&self, stage: &Stage) -> InOrder<'_> {
        InOrder { chances: self, stage: stage.index, start: stage.steps.start, above: self.above(stage) }
    }

    fn above(&self, stage: &Stage) -> &[Changes] {
        self.above[stage.index].get_or_init(|| {
            let mut changes = self.inherited[stage.index].clone();
            let mut above = vec![changes.clone()];
            for step in stage.steps.clone() {
                self.own.get(&(stage.index, step)).into_iter().for_each(|own| changes |= own);
                above.push(changes.clone());
            }
            above
        })
    }
}

/// The steps of a stage, as they stand; they are counted from its first one on.
pub(super) struct InOrder<'c> {
    chances: &'c Chances,
    stage: usize,
    start: usize,
    /// Per step: the changes that run again what is above it. The last one is for a step at the end.
    above: &'c [Changes],
}

impl InOrder<'_> {
    /// The changes that run `step` again by themselves.
    pub(super) fn own(&self, step: usize) -> Option<&Changes> {
        self.chances.own.get(&(self.stage, self.start + step))
    }

    /// The changes that run `step` again where it stands.
    pub(super) fn changes(&self, step: usize) -> &Changes {
        &self.above[step + 1]
    }

    /// The changes that run again what is above `step`.
    pub(super) fn above(&self, step: usize) -> &Changes {
        &self.above[step]
    }

    /// The seconds per commit of `step` if it runs again with `changes`.
    pub(super) fn cost(&self, step: usize, changes: &Changes) -> f64 {
        let seconds = self.chances.seconds.get(&(self.stage, self.start + step));
        seconds.map_or(0.0, |seconds| seconds * self.chances.evidence.chance(changes))
    }
}
