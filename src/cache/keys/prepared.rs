//! What the keys of a Dockerfile need and no build changes: made once, asked often.

use super::resolved::Resolved;
use super::walk::{needed, resolve};
use super::{Inputs, Keyed};
use crate::builder::Builder;
use crate::model::effects::Effects;
use crate::model::{Base, Model, Stage};
use crate::syntax::{Instruction, Keyword, mount_fields};

/// A Dockerfile made ready to be asked for its keys many times, each time with other inputs.
#[derive(Debug)]
pub struct Prepared<'m, 'f, 'a> {
    pub(super) model: &'m Model<'f, 'a>,
    /// The steps of each stage.
    pub(super) steps: Vec<Vec<Step<'m, 'f, 'a>>>,
    /// The stages that each stage uses.
    pub(super) uses: Vec<Vec<usize>>,
}

/// A step, with what no build changes of it.
#[derive(Debug)]
pub struct Step<'m, 'f, 'a> {
    /// The position of its line among the instructions of the file.
    pub index: usize,
    /// What is run: the instruction of that line, or the one that its ONBUILD holds.
    pub instruction: &'f Instruction<'a>,
    /// What it reads and writes.
    pub effects: &'m Effects,
    /// Whether it is a trigger: its line stands in the stage that this one starts from.
    pub trigger: bool,
}

impl<'m, 'f, 'a> Prepared<'m, 'f, 'a> {
    /// Reads the effects of all stages of `model`.
    pub fn new(model: &'m Model<'f, 'a>) -> Self {
        let steps: Vec<_> = model.stages.iter().map(|stage| steps(model, stage)).collect();
        let uses = model.stages.iter().zip(&steps).map(|(stage, steps)| uses(model, stage, steps)).collect();
        Self { model, steps, uses }
    }

    /// Puts in what is the same for all contexts: `builder`, the values of `--build-arg`, and the stage to build, which is
    /// the last one if none is named.
    pub fn resolve(&self, builder: Builder, target: Option<&str>, arguments: &[(String, String)]) -> Resolved<'_> {
        resolve(self, &needed(self, target, builder), arguments, builder)
    }

    /// The keys of all steps that a build of `inputs` needs, in order.
    pub fn keys(&self, inputs: &Inputs<'_>, builder: Builder) -> Vec<Keyed> {
        self.resolve(builder, inputs.target, inputs.arguments).keys(inputs.tree)
    }

    /// The stages.
    pub fn model(&self) -> &'m Model<'f, 'a> {
        self.model
    }

    /// The steps of the stage with the number `stage`, its triggers in front.
    pub fn steps(&self, stage: usize) -> &[Step<'m, 'f, 'a>] {
        &self.steps[stage]
    }

    /// The line that `keyed` stands for, joined.
    pub(super) fn text(&self, keyed: &Keyed) -> &'f str {
        self.model.file.instructions[keyed.instruction_index].joined()
    }
}

fn steps<'m, 'f, 'a>(model: &'m Model<'f, 'a>, stage: &Stage) -> Vec<Step<'m, 'f, 'a>> {
    let of_stage = model.effects(stage);
    let triggers = model.triggers(stage).zip(&of_stage.triggers);
    let own = stage.steps.clone().zip(model.steps(stage)).zip(&of_stage.effects);
    let step = |trigger| move |((index, instruction), effects)| Step { index, instruction, effects, trigger };
    triggers.map(step(true)).chain(own.map(step(false))).collect()
}

/// The stages that `stage` starts from, copies from or mounts.
fn uses(model: &Model<'_, '_>, stage: &Stage, steps: &[Step<'_, '_, '_>]) -> Vec<usize> {
    let mut names: Vec<String> = Vec::new();
    for step in steps.iter().map(|s| s.instruction) {
        if step.keyword == Keyword::Run {
            let mounts = step.flags.iter().filter(|f| f.name() == "mount");
            let fields = mounts.filter_map(|f| mount_fields(f.value()?)).flatten();
            names.extend(fields.filter(|field| field.key == "from").filter_map(|f| Some(f.value?.into_owned())));
        }
        names.extend(step.flag("from").and_then(|f| f.value()).map(str::to_owned));
    }
    let mut list: Vec<usize> = names.iter().filter_map(|n| model.find(n, stage.index)).map(|s| s.index).collect();
    if let Base::Stage(base) = stage.base {
        list.push(base);
    }
    list
}
