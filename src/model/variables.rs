//! Which variables an instruction can read, as BuildKit has it.

use super::environment::Environment;
use super::expand::{Expanded, Value, expand};
use super::stage::{Base, Model, Stage};
use crate::syntax::{Instruction, Keyword};
use rpds::{RedBlackTreeMap, RedBlackTreeSet};
use std::collections::{BTreeSet, HashMap};

/// What the builder sets without being told, for FROM; a stage has to declare those that it reads.
///
/// Source: Dockerfile reference, "Automatic platform ARGs in the global scope".
pub const PLATFORM: [&str; 11] = [
    "BUILDPLATFORM",
    "BUILDOS",
    "BUILDOSVERSION",
    "BUILDARCH",
    "BUILDVARIANT",
    "TARGETPLATFORM",
    "TARGETOS",
    "TARGETOSVERSION",
    "TARGETARCH",
    "TARGETVARIANT",
    "TARGETSTAGE",
];

/// The variables at one place.
#[derive(Clone, Debug)]
pub struct Variables {
    /// What is the same at other places is shared with them.
    said: RedBlackTreeMap<String, Value>,
    /// Whether the platform may be read besides.
    platform: bool,
    /// Those whose value is whatever the build is given: ARGs without a default that the builder does not fill in itself.
    given: RedBlackTreeSet<String>,
    environment: Environment,
}

impl Variables {
    fn of(environment: Environment) -> Self {
        Self { said: RedBlackTreeMap::new(), platform: false, given: RedBlackTreeSet::new(), environment }
    }

    /// Whether the file sets or declares `name`.
    pub fn says(&self, name: &str) -> bool {
        self.said.contains_key(name) || self.platform && PLATFORM.contains(&name)
    }

    /// The names that the file sets or declares, in order.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        let platform = PLATFORM.iter().copied().filter(|_| self.platform);
        let all: BTreeSet<&str> = self.said.keys().map(String::as_str).chain(platform).collect();
        all.into_iter()
    }

    /// Whether nothing in the file tells the value of `name`: an ARG without a default, which the build is to be given.
    pub fn is_given(&self, name: &str) -> bool {
        self.given.contains(name)
    }

    /// The environment of the image below.
    pub fn environment(&self) -> Environment {
        self.environment
    }

    /// What is known of `name`. An ARG has its default.
    pub fn value(&self, name: &str) -> Value {
        match self.said.get(name) {
            Some(value) => value.clone(),
            None if self.platform && PLATFORM.contains(&name) => Value::Unknown,
            None if self.environment.sets(name) == Some(false) => Value::Unset,
            None => Value::Unknown,
        }
    }

    /// `text` with the variables replaced.
    pub fn expand(&self, text: &str, escape: char) -> Expanded {
        expand(text, escape, &|name| self.value(name))
    }

    fn assign(&mut self, name: &str, value: Expanded) {
        self.take_back(name);
        let value = value.value();
        self.said.insert_mut(name.to_owned(), value);
    }

    /// The file says the value of `name` from here on.
    fn take_back(&mut self, name: &str) {
        self.given.remove_mut(name);
    }

    /// What `step` sets for the instructions below it.
    fn take(&mut self, step: &Instruction<'_>, globals: &Variables, escape: char) {
        match step.keyword {
            Keyword::Env => {
                // All values are read before any is set.
                let values: Vec<Expanded> = step.pairs().iter().map(|p| self.expand(&p.value.text, escape)).collect();
                step.pairs().iter().zip(values).for_each(|(pair, value)| self.assign(&pair.key.text, value));
            }
            Keyword::Arg => {
                for arg in step.args() {
                    let name = arg.name.text.as_ref();
                    if arg.value.is_some() || globals.says(name) {
                        self.take_back(name);
                    } else if !self.says(name) {
                        self.given.insert_mut(name.to_owned());
                    }
                    let value = match &arg.value {
                        Some(word) => self.expand(&word.text, escape).value(),
                        None => globals.said.get(name).cloned().unwrap_or(Value::Unknown),
                    };
                    self.said.insert_mut(arg.name.text.to_string(), value);
                }
            }
            _ => {}
        }
    }
}

/// What a FROM can read: the platform, and the ARGs above the first FROM that have a default.
pub fn global_variables(model: &Model<'_, '_>) -> Variables {
    // Nothing else is there, not even `PATH`; no FROM asks for that.
    let mut globals = Variables { platform: true, ..Variables::of(Environment::EMPTY) };
    for arg in model.file.instructions[model.fragment.clone()].iter().flat_map(Instruction::args) {
        if let Some(word) = &arg.value {
            let value = globals.expand(&word.text, model.file.escape);
            globals.assign(&arg.name.text, value);
        }
    }
    globals
}

/// Calls `visit` with each instruction of each stage and the variables that it can read.
pub fn visit_steps<'f, 'a>(model: &Model<'f, 'a>, mut visit: impl FnMut(&Stage, &'f Instruction<'a>, &Variables)) {
    let all = model.variables.get_or_init(|| of_stages(model));
    for (stage, changes) in model.stages.iter().zip(all) {
        for (at, (from, variables)) in changes.iter().enumerate() {
            let to = changes.get(at + 1).map_or(model.steps(stage).len(), |(next, _)| *next);
            model.steps(stage)[*from..to].iter().for_each(|step| visit(stage, step, variables));
        }
    }
}

/// For each stage, the steps from which on there are other variables than above, and these.
pub(super) type Changes = Vec<(usize, Variables)>;

fn of_stages(model: &Model<'_, '_>) -> Vec<Changes> {
    let globals = global_variables(model);
    let mut ends: Vec<Variables> = Vec::with_capacity(model.stages.len());
    let mut all = Vec::with_capacity(model.stages.len());
    // By the start of their names: how many stages were looked at, and what those that have it say.
    let mut candidates: HashMap<&str, (usize, RedBlackTreeMap<String, Value>)> = HashMap::new();
    for stage in &model.stages {
        let mut variables = match &stage.base {
            Base::Stage(base) => ends[*base].clone(),
            Base::Scratch => Variables::of(Environment::EMPTY),
            // Names don't mind case on Windows, whose images are not in the table.
            Base::Image(name) if model.file.escape == '\\' => Variables::of(Environment::of(name)),
            Base::Image(_) => Variables::of(Environment::UNKNOWN),
            // `FROM base-$TARGETARCH` is one of several stages: all that any of them says may be there.
            Base::Unknown => {
                let start = start_of_name(model, stage);
                let (seen, said) = candidates.entry(start).or_default();
                let new = model.stages[*seen..stage.index].iter().filter(|other| may_be(start, other));
                for name in new.flat_map(|other| ends[other.index].said.keys()) {
                    said.insert_mut(name.clone(), Value::Unknown);
                }
                *seen = stage.index;
                Variables { said: said.clone(), ..Variables::of(Environment::UNKNOWN) }
            }
        };
        let mut changes = vec![(0, variables.clone())];
        for (at, step) in model.steps(stage).iter().enumerate() {
            if matches!(step.keyword, Keyword::Env | Keyword::Arg) {
                variables.take(step, &globals, model.file.escape);
                changes.push((at + 1, variables.clone()));
            }
        }
        ends.push(variables);
        all.push(changes);
    }
    all
}

/// How the name of the image that `stage` starts from begins, in front of the first variable in it.
fn start_of_name<'m>(model: &'m Model<'_, '_>, stage: &Stage) -> &'m str {
    let word = model.file.instructions[stage.from].words().first();
    word.and_then(|w| w.text.split('$').next()).unwrap_or_default()
}

/// Whether an image whose name begins with `start` may be the stage `other`.
fn may_be(start: &str, other: &Stage) -> bool {
    !start.is_empty() && other.name.as_deref().is_some_and(|name| name.starts_with(start))
}
