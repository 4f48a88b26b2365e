//! The plan: legal moves that put what is stable above what changes.

use super::chances::{Chances, InOrder};
use super::lift::Lift;
use crate::model::effects::{Effects, EffectsOf, Touched};
use crate::model::{Model, PackageList, Stage};
use crate::syntax::{Instruction, Keyword};
use std::cell::OnceCell;

/// So many steps go along with a RUN at most: more would be another file.
const MOST_COMPANIONS: usize = 6;
/// So many steps above a RUN are looked at.
const REACH: usize = 250;
/// A RUN that takes less, in seconds, moves only along with a longer one: to put a `chmod` elsewhere saves
/// nobody a wait.
const QUICK: f32 = 1.0;
/// What a move must save, in seconds per commit: an install below a file that hardly ever changes may stay.
const WORTH: f64 = 0.02;
/// What taking further steps along must save, in seconds per commit, and as a share of what the shorter
/// move saves.
const WORTH_MORE: (f64, f64) = (0.5, 1.1);

/// A step that should stand further up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Move {
    /// The instruction.
    pub step: usize,
    /// The instructions that it needs and takes along, top first: they stand directly above it then.
    pub with: Vec<usize>,
    /// The instruction that the first of them should stand directly below.
    pub below: usize,
    /// The topmost COPY or ADD that it passes and that changes with the sources.
    pub passes: usize,
}

impl Move {
    /// The pairs of an instruction and the one that it goes directly below, one after the other.
    pub fn pairs(&self) -> Vec<(usize, usize)> {
        let mut below = self.below;
        let all = self.with.iter().chain([&self.step]);
        all.map(|&step| (step, std::mem::replace(&mut below, step))).collect()
    }
}

/// The move of a RUN, and what it is worth.
#[derive(Clone, Debug, PartialEq)]
pub struct RunMove {
    /// The move. It is legal by itself, but for what `makes_folder` says.
    pub to: Move,
    /// Whether a WORKDIR goes along that then makes a folder which one of the passed COPY made before: its owner and mode
    /// may differ.
    pub makes_folder: bool,
    /// How long the RUN takes, in seconds, where the table of commands says it.
    pub seconds: Option<f32>,
    /// In how many of the commits that were counted it runs again where it stands.
    pub runs: usize,
    /// The chance, 0 to 1, that a commit makes it run again where it stands.
    pub chance: f64,
    /// What the move saves, in seconds per commit.
    pub gain: f64,
}

/// The moves of one stage. All positions count the instructions of the file.
#[derive(Clone, Debug, Default)]
pub struct StagePlan {
    /// Stable metadata, in order: each move is legal once those in front of it are made.
    pub metadata: Vec<Move>,
    /// RUN steps.
    pub runs: Vec<RunMove>,
}

/// The plan for `stage`, whose steps have `effects`. `chances` is asked once there is something to weigh.
pub fn plan<'c>(
    model: &Model<'_, '_>,
    stage: &Stage,
    effects: impl FnOnce() -> &'c EffectsOf,
    chances: &dyn Fn() -> &'c Chances,
) -> StagePlan {
    if model.inherits_triggers(stage) {
        return StagePlan::default();
    }
    let steps = model.steps(stage);
    let volatile: Vec<bool> = steps.iter().map(|s| model.brings_sources(s, stage.index)).collect();
    let Some(first) = volatile.iter().position(|&v| v) else { return StagePlan::default() };
    if first + 1 == steps.len() {
        return StagePlan::default();
    }
    let EffectsOf { effects, reads_argument, .. } = effects();
    let first_folder = (first + 1..steps.len()).find(|&i| steps[i].keyword == Keyword::Workdir);
    let order = OnceCell::new();
    let planner = Planner { stage, steps, volatile, first, first_folder, effects, reads_argument, order };
    let runs = (first + 1..steps.len()).filter_map(|step| planner.run(step, chances)).collect();
    StagePlan { metadata: planner.metadata(), runs }
}

struct Planner<'p, 'a, 'c> {
    stage: &'p Stage,
    steps: &'p [Instruction<'a>],
    /// Which steps bring files that change with the sources.
    volatile: Vec<bool>,
    /// The first of them.
    first: usize,
    /// The first WORKDIR below that.
    first_folder: Option<usize>,
    effects: &'p [Effects],
    reads_argument: &'p [bool],
    /// What the steps cost where they stand.
    order: OnceCell<InOrder<'c>>,
}

/// Where a RUN could go: in front of `top`, with `members` (the RUN first, then upwards) past `passed`.
struct Candidate {
    top: usize,
    members: Vec<usize>,
    gain: f64,
}

impl<'c> Planner<'_, '_, 'c> {
    /// Moves each piece of stable metadata as far up as its effects allow, without changing the order
    /// among the moved ones.
    fn metadata(&self) -> Vec<Move> {
        let mut moves: Vec<Move> = Vec::new();
        let mut moved = vec![false; self.steps.len()];
        // What stays, as far down as it was looked at, by what it touches.
        let mut staying = Touched::default();
        let mut added = 0;
        let mut next_volatile = vec![None; self.steps.len() + 1];
        for i in (0..self.steps.len()).rev() {
            next_volatile[i] = if self.volatile[i] { Some(i) } else { next_volatile[i + 1] };
        }
        let last = ONE_OF_A_KIND.map(|keyword| self.steps.iter().rposition(|step| step.keyword == keyword));
        // What stands directly below the last one that was moved.
        let mut free = 0;
        for step in self.first + 1..self.steps.len() {
            let keyword = self.steps[step].keyword;
            if !is_metadata(keyword) || self.reads_argument[step] || self.steps[step].unfinished {
                continue;
            }
            // Where another one takes its place, it had better go.
            if ONE_OF_A_KIND.contains(&keyword) && !last.contains(&Some(step)) {
                continue;
            }
            (added..step).filter(|&i| !moved[i]).for_each(|i| staying.add(i, &self.effects[i]));
            added = step;
            let clash = staying.last_clash(&self.effects[step]).filter(|&i| i >= free);
            let mut to = clash.map_or(free, |i| i + 1);
            // One that was moved away stands no longer there.
            let stays = |i: &usize| !moved[*i];
            let Some(top) = next_volatile[to].filter(|&top| top < step) else { continue };
            // Who wrote it and what it is stays in front.
            let labels = |i: usize| matches!(self.steps[i].keyword, Keyword::Label | Keyword::Maintainer);
            to = (to..top).filter(stays).find(|&i| !labels(i)).unwrap_or(top);
            let above = (free..to).rev().find(stays).map(|i| self.global(i));
            let below = above.or(moves.last().map(|last| last.step)).unwrap_or(self.stage.from);
            moved[step] = true;
            free = to;
            moves.push(Move { step: self.global(step), with: Vec::new(), below, passes: self.global(top) });
        }
        moves
    }

    /// The move of the RUN `run` that saves most: above a COPY that it can pass, if need be with the steps
    /// in between that it needs. Of moves that save the same, the one that takes less along, and of
    /// these the highest.
    fn run(&self, run: usize, chances: &dyn Fn() -> &'c Chances) -> Option<RunMove> {
        let may_help = self.first_folder.is_some_and(|first| first < run);
        self.run_past(run, false, chances).or_else(|| may_help.then(|| self.run_past(run, true, chances))?)
    }

    /// The same, if need be past a COPY that makes the folder of a WORKDIR that goes along.
    fn run_past(&self, run: usize, makes_folder: bool, chances: &dyn Fn() -> &'c Chances) -> Option<RunMove> {
        let step = &self.steps[run];
        if step.keyword != Keyword::Run || step.unfinished || self.effects[run].is_unknown() {
            return None;
        }
        if self.effects[run].seconds.is_some_and(|s| s < QUICK) {
            return None;
        }
        let mut members = vec![run];
        let mut passed: Vec<usize> = Vec::new();
        let mut lift: Option<Lift<'_, 'c>> = None;
        let mut best: Option<Candidate> = None;
        for i in (run.saturating_sub(REACH)..run).rev() {
            if !members.iter().all(|&m| self.free(i, m) || makes_folder && self.makes_folder(i, m)) {
                if members.len() > MOST_COMPANIONS || !self.may_come_along(i) {
                    break;
                }
                members.push(i);
                lift.iter_mut().for_each(|lift| lift.take_along(i));
                continue;
            }
            passed.push(i);
            lift.iter_mut().for_each(|lift| lift.pass(i));
            if !self.volatile[i] {
                continue;
            }
            let lift = lift.get_or_insert_with(|| {
                let order = self.order.get_or_init(|| chances().in_order(self.stage));
                let mut lift = Lift::new(order, run);
                members[1..].iter().for_each(|&m| lift.take_along(m));
                passed.iter().for_each(|&i| lift.pass(i));
                lift
            });
            let gain = lift.gain();
            let (least, factor) = WORTH_MORE;
            let better = best.as_ref().is_none_or(|b| match b.members.len() == members.len() {
                true => gain >= b.gain,
                false => gain > b.gain * factor && gain > b.gain + least,
            });
            let worth = gain > if members.len() == 1 { WORTH } else { least };
            if better && worth && self.leaves_fresh_lists(&members) {
                best = Some(Candidate { top: i, members: members.clone(), gain });
            }
        }
        let Candidate { top, mut members, gain } = best?;
        members.reverse();
        let passes = self.global(top);
        let below = if top == 0 { self.stage.from } else { self.global(top - 1) };
        let with = members.iter().filter(|&&m| m != run).map(|&m| self.global(m)).collect();
        let (runs, chance) = chances().reruns(self.stage, self.global(run));
        let to = Move { step: self.global(run), with, below, passes };
        Some(RunMove { to, makes_folder, seconds: self.effects[run].seconds, runs, chance, gain })
    }

    /// Whether no step that stays installs from a package list that `members` fetch: further up, the list
    /// stays in the cache while the install below runs again, and fails once the archive has moved on.
    fn leaves_fresh_lists(&self, members: &[usize]) -> bool {
        let list = |i: usize| PackageList::of(&self.steps[i]);
        let Some(last) = members.iter().copied().filter(|&m| list(m).fetched).max() else { return true };
        let mut staying = (last + 1..self.steps.len()).filter(|i| !members.contains(i)).map(list);
        staying.find(|l| l.fetched || l.maybe_fetched || l.used).is_none_or(|l| l.fetched || l.maybe_fetched)
    }

    /// Whether a step may move for the sake of a RUN that needs it.
    fn may_come_along(&self, i: usize) -> bool {
        use Keyword::{Add, Arg, Copy, Env, Run, Workdir};
        let step = &self.steps[i];
        matches!(step.keyword, Add | Arg | Copy | Env | Run | Workdir)
            && !step.unfinished
            && !self.effects[i].is_unknown()
    }

    fn free(&self, a: usize, b: usize) -> bool {
        self.effects[a].independent(&self.effects[b])
    }

    /// Whether all that `folder`, a WORKDIR, and `copy` above it have in common is the folder that both make. That it is one
    /// is sure: else no builder comes past the WORKDIR.
    fn makes_folder(&self, copy: usize, folder: usize) -> bool {
        let is_absolute = |step: &Instruction<'_>| step.destination().is_some_and(|to| to.text.starts_with('/'));
        self.steps[folder].keyword == Keyword::Workdir
            && matches!(self.steps[copy].keyword, Keyword::Add | Keyword::Copy)
            && is_absolute(&self.steps[copy])
            && self.effects[folder].share_but_a_folder(&self.effects[copy])
    }

    fn global(&self, step: usize) -> usize {
        self.stage.steps.start + step
    }
}

/// Instructions of which an image has the last.
const ONE_OF_A_KIND: [Keyword; 3] = [Keyword::Cmd, Keyword::Entrypoint, Keyword::Healthcheck];

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
