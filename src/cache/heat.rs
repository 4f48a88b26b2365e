//! How often each step of a Dockerfile runs again, and what that costs.

use super::cost;
use super::keys::{Keyed, Prepared};
use super::odds::{Changes, Evidence};
use super::spread::{Again, Spread};
use crate::builder::Builder;
use crate::context::Tree;
use crate::syntax::Keyword;
use std::cmp::Reverse;
use std::collections::{HashMap, HashSet};

/// Gives the seconds that a recorded build took for an instruction: asked with the name of the stage,
/// if it has one, and the joined instruction.
pub type Recorded<'r> = &'r dyn Fn(Option<&str>, &str) -> Option<f64>;

/// One line of the heat table.
#[derive(Clone, Debug, PartialEq)]
pub struct HeatStep {
    /// The number of its stage.
    pub stage: usize,
    /// The position of its line among the instructions of the file. That of a trigger is its ONBUILD, in
    /// the stage that its own one starts from.
    pub instruction: usize,
    /// Whether it makes a layer, or only changes the config.
    pub layer: bool,
    /// In how many commits it runs again.
    pub runs: usize,
    /// The chance, 0 to 1, that a commit makes it run again.
    pub chance: f64,
    /// What one run costs, in seconds.
    pub seconds: f64,
    /// Whether the seconds come from a recorded build.
    pub recorded: bool,
    /// The instruction whose changed input most often makes it run again.
    pub cause: Option<usize>,
    /// The changed files of that instruction: the three that most commits change, each with how many.
    pub paths: Vec<(String, usize)>,
}

impl HeatStep {
    /// The seconds that it costs per commit.
    pub fn expected(&self) -> f64 {
        self.chance * self.seconds
    }
}

/// The heat of a Dockerfile.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Heat {
    /// The instructions of the stages that the build needs, in order, FROM lines left out.
    pub steps: Vec<HeatStep>,
    /// For each commit of the evidence, the positions in `steps` of what runs again.
    pub reruns: Vec<Vec<usize>>,
}

impl Heat {
    /// The seconds that a commit costs.
    pub fn expected(&self) -> f64 {
        self.steps.iter().map(HeatStep::expected).sum()
    }

    /// Goes through the changes of `evidence` as if each were built on top of a finished build.
    pub fn new(prepared: &Prepared<'_, '_, '_>, ask: &Question<'_>, evidence: &Evidence) -> Self {
        let model = prepared.model();
        let resolved = prepared.resolve(ask.builder, ask.target, ask.arguments);
        let old = resolved.keys(&Tree::default());
        let changes = (0..evidence.changes()).map(|change| evidence.paths(change));
        let spread = Spread::new(model, &old, changes, &resolved);
        let walked = Walked::new(&old, &spread, ask, evidence);
        let causes = walked.causes(&old);
        let mut files = FilesOf::new(&spread, evidence);
        let positions: HashMap<Place, usize> = old.iter().map(place).zip(0..).collect();
        let needed: HashSet<usize> = old.iter().map(|k| k.stage).chain(model.stages.last().map(|s| s.index)).collect();
        let mut heat = Self { steps: Vec::new(), reruns: vec![Vec::new(); evidence.commits.len()] };
        for stage in model.stages.iter().filter(|s| needed.contains(&s.index)) {
            for step in prepared.steps(stage.index) {
                let i = step.instruction;
                let at = positions.get(&(stage.index, step.index)).copied();
                let again = at.map(|at| &walked.again[at]);
                let shared = at.is_some_and(|at| walked.shared[at]);
                let recorded = (ask.recorded)(stage.name.as_deref(), i.joined()).filter(|_| !shared);
                let cause = at.and_then(|at| causes[at]);
                let layer = matches!(i.keyword, Keyword::Run | Keyword::Copy | Keyword::Add | Keyword::Workdir);
                // On BuildKit, metadata is no step: it costs nothing whatever changes.
                let runs = at.is_some() && !shared;
                let estimate = if runs { cost::estimate(i, step.effects) } else { 0.0 };
                let position = heat.steps.len();
                for (commit, list) in heat.reruns.iter_mut().enumerate() {
                    if again.is_some_and(|c| c.has(commit)) {
                        list.push(position);
                    }
                }
                heat.steps.push(HeatStep {
                    stage: stage.index,
                    instruction: step.index,
                    layer,
                    runs: again.map_or(0, |c| evidence.hits(c)),
                    chance: again.map_or(0.0, |c| evidence.chance(c)),
                    seconds: recorded.unwrap_or(estimate),
                    recorded: recorded.is_some(),
                    cause: cause.map(|at| old[at].instruction_index),
                    // So few commits say nothing.
                    paths: cause.filter(|_| evidence.is_measured()).map(|at| files.of(at)).unwrap_or_default(),
                });
            }
        }
        heat
    }
}

/// What a build is asked about.
#[derive(Clone, Copy)]
pub struct Question<'q> {
    /// The builder.
    pub builder: Builder,
    /// The stage to build; the last one if none is named.
    pub target: Option<&'q str>,
    /// The values of `--build-arg`.
    pub arguments: &'q [(String, String)],
    /// The seconds of a recorded build.
    pub recorded: Recorded<'q>,
    /// Called after each change that was gone through: thousands of them take seconds.
    pub passed: &'q dyn Fn(),
}

/// A step: the number of its stage, and the position of its line among the instructions of the file.
/// Several stages may run the line of a trigger.
pub(super) type Place = (usize, usize);

/// So many reruns are kept at most for the kinds of files that a later change touches too.
const MOST_KEPT: usize = 1_000_000;

/// The steps that each change makes run again; steps are counted as in the list of their keys.
struct Walked {
    /// Whether a step is that of an earlier stage too: it runs there.
    shared: Vec<bool>,
    /// Per step: the changes of which it runs again.
    again: Vec<Changes>,
    /// Per change and stage: the first step that runs again, and what made it.
    breaks: Vec<(usize, usize)>,
}

impl Walked {
    fn new(old: &[Keyed], spread: &Spread<'_, '_, '_>, ask: &Question<'_>, evidence: &Evidence) -> Self {
        let mut first: HashSet<u128> = HashSet::new();
        let shared = old.iter().map(|k| !first.insert(k.key)).collect();
        let mut walked = Self { shared, again: vec![Changes::default(); old.len()], breaks: Vec::new() };
        // Most commits of a project touch the same few kinds of files: what they rebuild is worked out once.
        let mut known: HashMap<Vec<usize>, Vec<Again>> = HashMap::new();
        let mut kept = 0;
        for number in 0..evidence.changes() {
            let kinds = spread.kinds(evidence.paths(number));
            if kept > MOST_KEPT {
                known.clear();
                kept = 0;
            }
            let reruns = known.entry(kinds).or_insert_with_key(|kinds| {
                let reruns = spread.again(kinds);
                kept += reruns.len();
                reruns
            });
            let mut stage = None;
            for rerun in reruns.iter() {
                if !rerun.shared {
                    walked.again[rerun.step].insert(number);
                }
                if stage.replace(old[rerun.step].stage) != Some(old[rerun.step].stage) {
                    walked.breaks.push((rerun.step, rerun.cause));
                }
            }
            (ask.passed)();
        }
        walked.breaks.sort_unstable();
        walked
    }

    /// Per step: what most often makes it run again.
    fn causes(&self, old: &[Keyed]) -> Vec<Option<usize>> {
        let mut breaks = self.breaks.iter().peekable();
        let mut counts: HashMap<usize, usize> = HashMap::new();
        let mut most: Option<(usize, Reverse<usize>)> = None;
        let mut stage = None;
        let cause = |(step, keyed): (usize, &Keyed)| {
            if stage.replace(keyed.stage) != Some(keyed.stage) {
                counts.clear();
                most = None;
            }
            while let Some(&(_, cause)) = breaks.next_if(|(at, _)| *at <= step) {
                let count = counts.entry(cause).or_default();
                *count += 1;
                most = most.max(Some((*count, Reverse(cause))));
            }
            most.map(|(_, Reverse(cause))| cause)
        };
        old.iter().enumerate().map(cause).collect()
    }
}

/// The files of a step that commits change most.
struct FilesOf<'s, 'm, 'f, 'a> {
    spread: &'s Spread<'m, 'f, 'a>,
    /// Those that change most in front.
    changed: Vec<(&'s str, usize)>,
    known: HashMap<usize, Vec<(String, usize)>>,
}

impl<'s, 'm, 'f, 'a> FilesOf<'s, 'm, 'f, 'a> {
    fn new(spread: &'s Spread<'m, 'f, 'a>, evidence: &'s Evidence) -> Self {
        // What is assumed only stands for kinds of files.
        let mut counts: HashMap<&str, usize> = HashMap::new();
        evidence.commits.iter().flatten().for_each(|path| *counts.entry(path).or_default() += 1);
        let mut changed: Vec<(&str, usize)> = counts.into_iter().collect();
        changed.sort_unstable_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(b.0)));
        Self { spread, changed, known: HashMap::new() }
    }

    /// The three of them that `step` brings, each with how many commits change it.
    fn of(&mut self, step: usize) -> Vec<(String, usize)> {
        let Self { spread, changed, known } = self;
        let brought = || changed.iter().filter(|(path, _)| spread.brings(step, path)).take(3);
        known.entry(step).or_insert_with(|| brought().map(|&(path, n)| (path.to_owned(), n)).collect()).clone()
    }
}

fn place(keyed: &Keyed) -> Place {
    (keyed.stage, keyed.instruction_index)
}
