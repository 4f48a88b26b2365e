//! The plan: legal moves that put what is stable above what changes.

use crate::model::effects::{Effects, EffectsOf, of_stage};
use crate::model::{Model, Stage};
use crate::syntax::{Instruction, Keyword};

/// A step that should stand further up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Move {
    /// The instruction.
    pub step: usize,
    /// The instruction that it should stand directly below.
    pub below: usize,
    /// The COPY and ADD instructions that it passes and that change with the sources, top first.
    pub passes: Vec<usize>,
}

/// The moves of one stage. All positions count the instructions of the file.
#[derive(Clone, Debug, Default)]
pub struct StagePlan {
    /// Stable metadata, in order: each move is legal once those in front of it are made.
    pub metadata: Vec<Move>,
    /// RUN steps: each move is legal by itself.
    pub runs: Vec<Move>,
    /// How long each of `runs` takes, in seconds, where the table of commands says it.
    pub seconds: Vec<Option<f32>>,
}

/// The plan for `stage`.
pub fn plan(model: &Model<'_, '_>, stage: &Stage) -> StagePlan {
    if model.inherits_triggers(stage) {
        return StagePlan::default();
    }
    let steps = model.steps(stage);
    let volatile: Vec<bool> = steps.iter().map(|s| model.brings_sources(s, stage.index)).collect();
    let Some(first) = volatile.iter().position(|&v| v) else { return StagePlan::default() };
    if first + 1 == steps.len() {
        return StagePlan::default();
    }
    let EffectsOf { effects, reads_argument, .. } = of_stage(model, stage);
    let planner = Planner { stage, steps, volatile, first, effects, reads_argument };
    let (runs, seconds) = planner.runs();
    StagePlan { metadata: planner.metadata(), runs, seconds }
}

struct Planner<'p, 'a> {
    stage: &'p Stage,
    steps: &'p [Instruction<'a>],
    /// Which steps bring files that change with the sources.
    volatile: Vec<bool>,
    /// The first of them.
    first: usize,
    effects: Vec<Effects>,
    reads_argument: Vec<bool>,
}

impl Planner<'_, '_> {
    /// Moves each piece of stable metadata as far up as its effects allow, without changing the order
    /// among the moved ones.
    fn metadata(&self) -> Vec<Move> {
        let mut moves = Vec::new();
        // The order as it becomes: positions in `steps`, and whether they were moved.
        let mut order: Vec<(usize, bool)> = (0..self.steps.len()).map(|i| (i, false)).collect();
        for step in self.first + 1..self.steps.len() {
            if !is_metadata(self.steps[step].keyword) || self.reads_argument[step] || self.steps[step].unfinished {
                continue;
            }
            let at = order.iter().position(|&(i, _)| i == step).unwrap_or(step);
            let stop = order[..at].iter().rposition(|&(i, moved)| moved || !self.free(i, step));
            let to = stop.map_or(0, |i| i + 1);
            let passes: Vec<usize> = order[to..at].iter().map(|&(i, _)| i).filter(|&i| self.volatile[i]).collect();
            if passes.is_empty() {
                continue;
            }
            let below = if to == 0 { self.stage.from } else { self.global(order[to - 1].0) };
            order.remove(at);
            order.insert(to, (step, true));
            let passes = passes.into_iter().map(|i| self.global(i)).collect();
            moves.push(Move { step: self.global(step), below, passes });
        }
        moves
    }

    /// Moves each RUN above the topmost COPY that it can pass, and no further.
    fn runs(&self) -> (Vec<Move>, Vec<Option<f32>>) {
        let mut moves = Vec::new();
        let mut seconds = Vec::new();
        for step in self.first + 1..self.steps.len() {
            let run = &self.steps[step];
            if run.keyword != Keyword::Run || run.unfinished || self.effects[step].is_unknown() {
                continue;
            }
            let reach = (0..step).rev().take_while(|&i| self.free(i, step)).last().unwrap_or(step);
            let passes: Vec<usize> = (reach..step).filter(|&i| self.volatile[i]).collect();
            let Some(&top) = passes.first() else { continue };
            let below = if top == 0 { self.stage.from } else { self.global(top - 1) };
            let passes = passes.into_iter().map(|i| self.global(i)).collect();
            moves.push(Move { step: self.global(step), below, passes });
            seconds.push(self.effects[step].seconds);
        }
        (moves, seconds)
    }

    fn free(&self, a: usize, b: usize) -> bool {
        self.effects[a].independent(&self.effects[b])
    }

    fn global(&self, step: usize) -> usize {
        self.stage.steps.start + step
    }
}

/// Instructions that change only the config of the image, and that stand well at the top.
fn is_metadata(keyword: Keyword) -> bool {
    matches!(
        keyword,
        Keyword::Cmd
            | Keyword::Entrypoint
            | Keyword::Env
            | Keyword::Expose
            | Keyword::Healthcheck
            | Keyword::Label
            | Keyword::Shell
            | Keyword::Stopsignal
            | Keyword::User
    )
}
