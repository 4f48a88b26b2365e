//! The symbolic walk through the stages of a file.

use super::config::Config;
use super::scope::{Assignment, Scope, Snapshot};
use super::step::Step;
use super::unproven::Unproven;
use super::value::{Expander, Symbol, Value};
use crate::model::effects::Effects;
use crate::model::{AbsolutePath, Base, Model, Stage};
use crate::syntax::{Body, Form, Instruction, Keyword};
use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::rc::Rc;

/// The bytes of values that are compared before a file is given up: `ENV A=$A$A` doubles a value.
const LIMIT: usize = 64 << 20;

/// What the walks through both files share.
pub(super) struct Budget {
    left: Cell<usize>,
    snapshots: RefCell<HashMap<Rc<Snapshot>, u32>>,
}

impl Budget {
    pub(super) fn new() -> Self {
        Self { left: Cell::new(LIMIT), snapshots: RefCell::default() }
    }

    /// Takes `cost`; false once there is nothing left.
    pub(super) fn spend(&self, cost: usize) -> bool {
        self.left.set(self.left.get().saturating_sub(cost));
        self.left.get() > 0
    }

    /// Fails at `step` if the values have become too long.
    pub(super) fn check(&self, step: &Instruction<'_>) -> Result<(), Unproven> {
        if self.left.get() > 0 {
            return Ok(());
        }
        Err(Unproven::TooLarge { instruction: name_of(step), line: step.line_numbers.0 })
    }

    /// A number for the snapshot: equal ones have equal numbers, in both files.
    fn number(&self, snapshot: &Snapshot) -> u32 {
        let mut all = self.snapshots.borrow_mut();
        let next = all.len() as u32;
        match all.get(snapshot) {
            Some(&number) => number,
            None => *all.entry(Rc::new(snapshot.clone())).or_insert(next),
        }
    }
}

/// The instruction as messages call it.
pub(super) fn name_of(step: &Instruction<'_>) -> String {
    match step.keyword {
        Keyword::Unknown => step.keyword_text().to_owned(),
        keyword => keyword.name().to_owned(),
    }
}

/// What the walk through a stage gives.
pub(super) struct WalkedStage {
    /// The steps that touch files.
    pub(super) steps: Vec<Step>,
    /// The config at the end.
    pub(super) end: Config,
    /// Whether triggers of a stage below it run first, or a variable names its base: then its effects
    /// are not known.
    pub(super) uncertain: bool,
}

/// What the walk through a file gives.
pub(super) struct Walked {
    pub(super) stages: Vec<WalkedStage>,
}

impl Walked {
    pub(super) fn new(model: &Model<'_, '_>, budget: &Budget) -> Result<Self, Unproven> {
        let mut stages: Vec<WalkedStage> = Vec::with_capacity(model.stages.len());
        for stage in &model.stages {
            let escape = model.file.escape;
            let from = &model.file.instructions[stage.from];
            // The builder may be told another base than the default names.
            let variable = from.words().first().is_some_and(|w| may_be_any_stage(&w.text));
            let (config, uncertain) = match stage.base {
                Base::Stage(base) if !variable => {
                    let below = &stages[base];
                    (below.end.for_child(escape), below.uncertain || !below.end.triggers.is_empty())
                }
                _ => (Config::of_image(escape), variable),
            };
            let effects = &model.effects(stage).effects;
            let mut walker = Walker { model, stage, budget, config, environment: None, steps: Vec::new(), effects };
            walker.config.at(from);
            for (index, step) in model.steps(stage).iter().enumerate() {
                walker.step(index, step)?;
                budget.check(step)?;
            }
            stages.push(WalkedStage { steps: walker.steps, end: walker.config, uncertain });
        }
        Ok(Self { stages })
    }
}

pub(super) struct Walker<'w, 'f, 'a> {
    pub(super) model: &'w Model<'f, 'a>,
    pub(super) stage: &'w Stage,
    budget: &'w Budget,
    pub(super) config: Config,
    /// The number of the variables as they are, if a step has asked for it.
    environment: Option<u32>,
    steps: Vec<Step>,
    /// What each instruction of the stage touches.
    pub(super) effects: &'w [Effects],
}

impl Walker<'_, '_, '_> {
    pub(super) fn expander(&self) -> Expander<'_> {
        Expander { scope: &self.config.scope, escape: self.model.file.escape, budget: self.budget }
    }

    /// The variables as they are, as a number.
    pub(super) fn environment(&mut self) -> u32 {
        let (scope, budget) = (&self.config.scope, self.budget);
        *self.environment.get_or_insert_with(|| {
            budget.spend(scope.size());
            budget.number(scope.snapshot())
        })
    }

    fn step(&mut self, index: usize, step: &Instruction<'_>) -> Result<(), Unproven> {
        self.config.at(step);
        if self.is_refused(step) {
            self.steps.push(Step::refused(index, step));
        }
        let word = |w: &Self, text: &str| w.expander().word(text);
        match step.keyword {
            Keyword::Env => {
                for (name, value) in self.pairs(step) {
                    let name = known(step, &name)?;
                    self.config.scope.assign(&name, Assignment::Env(value));
                }
                self.environment = None;
            }
            Keyword::Arg => {
                for (name, value) in declare(step, &self.expander(), |name| self.model.declares(name))? {
                    self.config.scope.assign(&name, Assignment::Arg(value));
                }
                self.environment = None;
            }
            Keyword::Label => {
                let pairs = self.pairs(step);
                pairs.into_iter().for_each(|(key, value)| self.config.set_label(key, value));
            }
            Keyword::Expose => {
                for port in step.words() {
                    // Blanks in the value of a bare variable separate ports.
                    let splits = port.text.contains('$') && port.text.contains(['"', '\'', '\\', '`']);
                    let value = word(self, &port.text);
                    self.config.add_port(value, if splits { port.text.to_string() } else { String::new() });
                }
            }
            Keyword::User => self.config.user = step.single().map(|w| word(self, &w.text)),
            Keyword::Stopsignal => {
                let value = step.single().map(|w| word(self, &w.text)).unwrap_or_default();
                self.config.set_stop_signal(value);
            }
            Keyword::Shell => {
                if let Some(Form::Exec(words)) = step.command() {
                    self.config.shell = Some(words.iter().map(|w| w.text.to_string()).collect());
                }
            }
            Keyword::Cmd => self.config.set_cmd(step),
            Keyword::Entrypoint => self.config.set_entrypoint(step),
            Keyword::Healthcheck => {
                if let Body::Healthcheck { kind, .. } = &step.body {
                    self.config.set_healthcheck(step, kind.as_ref().map_or("", |k| &k.text));
                }
            }
            Keyword::Maintainer => self.config.set_author(step),
            // The text is stored as it is, and read when another image is built.
            Keyword::Onbuild => {
                let text = step.trigger().map_or("", |t| t.joined().trim_start());
                let mut trigger = text.to_owned();
                step.heredocs.iter().for_each(|h| trigger.push_str(&format!("\n<<{}\n{}", h.name, h.content)));
                self.config.triggers.push(trigger);
            }
            Keyword::Volume => {
                for volume in step.words() {
                    let value = word(self, &volume.text);
                    self.config.add_volume(value.clone());
                    self.steps.push(Step::volume(index, step, value));
                }
            }
            Keyword::Workdir => {
                let text = step.single().map_or("", |w| &w.text);
                self.config.workdir = folder(&self.config.workdir, word(self, text));
                self.steps.push(Step::workdir(index, step, &self.config));
            }
            Keyword::Copy | Keyword::Add => {
                let step = self.transfer(index, step);
                self.steps.push(step);
            }
            Keyword::Run => {
                let step = self.run(index, step);
                self.steps.push(step);
            }
            Keyword::From | Keyword::Unknown => {}
        }
        Ok(())
    }

    /// Whether the builder refuses the instruction: then what was read of it may not be all of it.
    fn is_refused(&self, step: &Instruction<'_>) -> bool {
        let errors = &self.model.file.errors;
        let first = errors.partition_point(|e| e.span.start < step.lines.start);
        step.keyword == Keyword::Unknown || errors.get(first).is_some_and(|e| e.span.start <= step.span.end)
    }

    /// The pairs of ENV and LABEL. All are read before any is set.
    fn pairs(&self, step: &Instruction<'_>) -> Vec<(Value, Value)> {
        let expander = self.expander();
        step.pairs().iter().map(|p| (expander.word(&p.key.text), expander.word(&p.value.text))).collect()
    }
}

fn known(step: &Instruction<'_>, name: &Value) -> Result<String, Unproven> {
    let unknown = || Unproven::Name { instruction: step.keyword.name(), line: step.line_numbers.0 };
    name.known().map(str::to_owned).ok_or_else(unknown)
}

/// The variables that ARG declares, with their defaults. One without a default has that of the ARG
/// of its name in front of the first FROM.
pub(super) fn declare(
    step: &Instruction<'_>,
    expander: &Expander<'_>,
    is_global: impl Fn(&str) -> bool,
) -> Result<Vec<(String, Option<Value>)>, Unproven> {
    let mut declared: Vec<(String, Option<Value>)> = Vec::new();
    let mut inside = if step.args().len() > 1 { expander.scope.clone() } else { Scope::default() };
    for (at, arg) in step.args().iter().enumerate() {
        let name = known(step, &expander.word(&arg.name.text))?;
        let value = match &arg.value {
            Some(word) => {
                // Builders differ in whether the variables of one ARG see each other.
                let outside = expander.word(&word.text);
                let within = Expander { scope: &inside, ..*expander };
                let within = if at == 0 { outside.clone() } else { within.word(&word.text) };
                Some(if outside == within {
                    outside
                } else {
                    Value::symbol(Symbol::Result { operator: "ARG".into(), inputs: vec![outside, within] })
                })
            }
            None => is_global(&name).then(|| Value::symbol(Symbol::Global(name.clone()))),
        };
        inside.assign(&name, Assignment::Arg(value.clone()));
        declared.push((name, value));
    }
    Ok(declared)
}

/// Whether the base `text` may turn out to be any stage: a variable is in it, and nothing outside the
/// variables that no name of a stage has.
fn may_be_any_stage(text: &str) -> bool {
    let mut depth = 0_u32;
    let mut image = false;
    for c in text.chars() {
        match c {
            '{' => depth += 1,
            '}' => depth = depth.saturating_sub(1),
            ':' | '/' | '@' if depth == 0 => image = true,
            _ => {}
        }
    }
    text.contains('$') && !image
}

/// The folder that `path` names from the folder `base`.
fn folder(base: &Value, path: Value) -> Value {
    let joined = match path.start() {
        Some(text) if text.starts_with('/') => path,
        // A symbol may turn out to be an absolute path.
        None => return Value::symbol(Symbol::Result { operator: "WORKDIR".into(), inputs: vec![base.clone(), path] }),
        Some(_) => {
            let mut joined = base.clone();
            joined.push_text("/");
            joined.push(path);
            joined
        }
    };
    match joined.known().and_then(AbsolutePath::new) {
        Some(path) => Value::text(path.as_str()),
        None => joined,
    }
}
