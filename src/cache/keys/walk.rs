//! Walking through the stages that a build needs.

use super::Keyed;
use super::input::{Inputs, Part};
use super::prepared::Prepared;
use super::resolved::{Resolved, ResolvedStage, ResolvedStep, Start};
use super::step::Walker;
use crate::builder::Builder;
use crate::context::digest;
use crate::model::{Base, Stage};
use crate::syntax::Keyword;

/// What goes into the keys of the steps of the stages that are `needed`.
pub(super) fn resolve<'p>(
    prepared: &'p Prepared<'_, '_, '_>,
    needed: &[bool],
    arguments: &[(String, String)],
    builder: Builder,
) -> Resolved<'p> {
    let model = prepared.model;
    let mut ends = Ends::new(prepared, needed);
    let mut stages: Vec<ResolvedStage<'p>> = Vec::with_capacity(model.stages.len());
    for stage in &model.stages {
        let mut walker = match stage.base {
            Base::Stage(base) if needed[stage.index] => ends.child(base),
            _ => None,
        };
        let walker = walker.get_or_insert_with(|| Walker::new(arguments, builder, model.file.escape));
        let start = match stage.base {
            Base::Stage(base) => Start::Stage(base),
            _ => image(prepared, stage, walker),
        };
        let find = |reference: &str| model.find(reference, stage.index).map(|s| s.index).filter(|&found| needed[found]);
        let mut steps = Vec::new();
        for step in prepared.steps[stage.index].iter().filter(|_| needed[stage.index]) {
            let Some(parts) = walker.step(step.instruction, &find, model) else { continue };
            steps.push(ResolvedStep {
                index: step.index,
                line: model.file.instructions[step.index].line_numbers.0,
                trigger: step.trigger,
                keyword: step.instruction.keyword,
                effects: step.effects,
                uses_a_stage: parts.iter().any(|part| matches!(part, Part::Stage { .. })),
                parts,
                around: if step.instruction.keyword == Keyword::Run { walker.around() } else { 0 },
            });
        }
        ends.keep(stage.index, walker);
        stages.push(ResolvedStage { start, is_read: false, steps });
    }
    mark_read(&mut stages);
    Resolved { builder, globals: globals(prepared, builder), stages }
}

/// The state at the end of each stage, as long as a stage is to start from it.
struct Ends<'b> {
    walkers: Vec<Option<Walker<'b>>>,
    /// How many stages are still to start from it.
    children: Vec<usize>,
}

impl<'b> Ends<'b> {
    fn new(prepared: &Prepared<'_, '_, '_>, needed: &[bool]) -> Self {
        let stages = &prepared.model.stages;
        let mut children = vec![0; stages.len()];
        for stage in stages.iter().filter(|stage| needed[stage.index]) {
            if let Base::Stage(base) = stage.base {
                children[base] += 1;
            }
        }
        Self { walkers: vec![None; stages.len()], children }
    }

    fn keep(&mut self, stage: usize, walker: &Walker<'b>) {
        if self.children[stage] > 0 {
            self.walkers[stage] = Some(walker.clone());
        }
    }

    /// The start of a stage that goes on from `stage`. The last one takes the state itself, which may be long.
    fn child(&mut self, stage: usize) -> Option<Walker<'b>> {
        self.children[stage] -= 1;
        let walker = &mut self.walkers[stage];
        let walker = if self.children[stage] == 0 { walker.take() } else { walker.clone() };
        walker.map(Walker::child)
    }
}

fn image(prepared: &Prepared<'_, '_, '_>, stage: &Stage, walker: &Walker<'_>) -> Start {
    let model = prepared.model;
    let from = &model.file.instructions[stage.from];
    let image = walker.global(model, from.words().first().map_or("", |w| &w.text));
    let platform: Vec<&str> = from.flags.iter().map(|f| f.text.as_ref()).collect();
    Start::Image(digest(&("image", image, platform)))
}

/// The classic builder shows ARGs above the first FROM as lines of their own.
fn globals(prepared: &Prepared<'_, '_, '_>, builder: Builder) -> Vec<Keyed> {
    let model = prepared.model;
    let lines = if builder == Builder::Classic { model.fragment.clone() } else { 0..0 };
    let keyed = |instruction_index: usize| {
        let instruction = &model.file.instructions[instruction_index];
        let key = digest(&("global", instruction.joined()));
        let line = instruction.line_numbers.0;
        Keyed { stage: 0, instruction_index, line, trigger: false, key, inputs: Inputs::default() }
    };
    lines.map(keyed).collect()
}

/// Marks the stages whose files count in the keys of others.
fn mark_read(stages: &mut [ResolvedStage<'_>]) {
    for number in (0..stages.len()).rev() {
        let parts = stages[number].steps.iter().flat_map(|step| &step.parts);
        let copied = parts.filter_map(|part| match part {
            Part::Stage { stage, .. } => Some(*stage),
            _ => None,
        });
        let mut read: Vec<usize> = copied.collect();
        if let (true, Start::Stage(base)) = (stages[number].is_read, stages[number].start) {
            read.push(base);
        }
        read.into_iter().for_each(|stage| stages[stage].is_read = true);
    }
}

/// The stages that the target stands on. The classic builder builds all in front of it too.
pub(super) fn needed(prepared: &Prepared<'_, '_, '_>, target: Option<&str>, builder: Builder) -> Vec<bool> {
    let model = prepared.model;
    let all = model.stages.len();
    let mut needed = vec![false; all];
    let named = target.and_then(|t| model.find(t, all)).map(|s| s.index);
    let Some(target) = named.or_else(|| all.checked_sub(1)) else { return needed };
    if builder == Builder::Classic {
        needed[..=target].fill(true);
        return needed;
    }
    let mut pending = vec![target];
    while let Some(index) = pending.pop() {
        if !std::mem::replace(&mut needed[index], true) {
            pending.extend(&prepared.uses[index]);
        }
    }
    needed
}
