//! How often each step of a Dockerfile runs again, and what that costs.

use super::cost;
use super::keys::{Inputs, Keyed, Prepared};
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
        let walked = Walked::new(prepared, ask, evidence);
        let mut heat = Self { steps: Vec::new(), reruns: vec![Vec::new(); evidence.commits.len()] };
        for stage in model.stages.iter().filter(|s| walked.needed.contains(&s.index)) {
            for step in prepared.steps(stage.index) {
                let i = step.instruction;
                let place = (stage.index, step.index);
                let again = walked.again.get(&place);
                let shared = walked.shared.contains(&place);
                let recorded = (ask.recorded)(stage.name.as_deref(), i.joined()).filter(|_| !shared);
                let (cause, mut paths) = walked.cause(place);
                if !evidence.is_measured() {
                    // So few commits say nothing.
                    paths.clear();
                }
                let layer = matches!(i.keyword, Keyword::Run | Keyword::Copy | Keyword::Add | Keyword::Workdir);
                // On BuildKit, metadata is no step: it costs nothing whatever changes.
                let runs = walked.keyed.contains(&place) && !shared;
                let estimate = if runs { cost::estimate(i, &step.effects) } else { 0.0 };
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
                    cause,
                    paths,
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

/// The steps that each change makes run again.
pub(super) struct Walked {
    /// The stages that are built.
    needed: HashSet<usize>,
    /// What the builder has a step for.
    pub(super) keyed: HashSet<Place>,
    /// The steps that are those of an earlier stage too: they run there.
    shared: HashSet<Place>,
    /// Per step: the changes of which it runs again.
    again: HashMap<Place, Changes>,
    /// Per step: the changes that touch its own input.
    pub(super) own: HashMap<Place, Changes>,
    /// Per step: how many changes of which step's input make it run again.
    causes: HashMap<Place, HashMap<Place, usize>>,
    /// Per step with files of its own: how many changes touch which path.
    paths: HashMap<Place, HashMap<String, usize>>,
}

impl Walked {
    pub(super) fn new(prepared: &Prepared<'_, '_, '_>, ask: &Question<'_>, evidence: &Evidence) -> Self {
        let keys =
            |tree: &Tree| prepared.keys(&Inputs { tree, arguments: ask.arguments, target: ask.target }, ask.builder);
        let model = prepared.model();
        let old = keys(&Tree::default());
        let mut first: HashSet<u128> = HashSet::new();
        let mut walked = Self {
            needed: old.iter().map(|k| k.stage).chain(model.stages.last().map(|s| s.index)).collect(),
            keyed: old.iter().map(place).collect(),
            shared: old.iter().filter(|k| !first.insert(k.key)).map(place).collect(),
            again: HashMap::new(),
            own: HashMap::new(),
            causes: HashMap::new(),
            paths: HashMap::new(),
        };
        let all = (0..evidence.changes()).flat_map(|change| evidence.paths(change)).map(String::as_str).collect();
        let spread = Spread::new(model, &old, &all, &keys);
        // Most commits of a project touch the same few kinds of files: what they rebuild is worked out once.
        let mut known: HashMap<Vec<usize>, Vec<Again>> = HashMap::new();
        for number in 0..evidence.changes() {
            let changed = evidence.paths(number);
            let kinds = spread.kinds(changed);
            for rerun in known.entry(kinds).or_insert_with_key(|kinds| spread.again(kinds)).iter() {
                if !rerun.shared {
                    walked.again.entry(rerun.step).or_default().insert(number);
                }
                *walked.causes.entry(rerun.step).or_default().entry(rerun.cause).or_default() += 1;
                if rerun.own {
                    walked.own.entry(rerun.step).or_default().insert(number);
                }
            }
            // What is assumed only stands for kinds of files.
            for path in changed.iter().filter(|_| number < evidence.commits.len()) {
                for step in spread.steps_of(path) {
                    let counts = walked.paths.entry(step).or_default();
                    match counts.get_mut(path) {
                        Some(n) => *n += 1,
                        None => drop(counts.insert(path.clone(), 1)),
                    }
                }
            }
            (ask.passed)();
        }
        walked
    }

    /// The instruction that makes `step` run again most often, and the files that it brings, those
    /// that change most in front.
    fn cause(&self, step: Place) -> (Option<usize>, Vec<(String, usize)>) {
        let first = |&(&cause, &n): &(&Place, &usize)| (n, Reverse(cause));
        let most = self.causes.get(&step).and_then(|c| c.iter().max_by_key(first));
        let Some((&cause, _)) = most else { return (None, Vec::new()) };
        let mut paths: Vec<(String, usize)> =
            self.paths.get(&cause).into_iter().flatten().map(|(p, &n)| (p.clone(), n)).collect();
        paths.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
        paths.truncate(3);
        (Some(cause.1), paths)
    }
}

pub(super) fn place(keyed: &Keyed) -> Place {
    (keyed.stage, keyed.instruction_index)
}
