//! Walking through the stages that a build needs.

use super::Build;
use super::content::Content;
use super::step::Walker;
use crate::builder::Builder;
use crate::context::digest;
use crate::model::effects::of_stage;
use crate::model::{Base, Model};
use crate::syntax::{Keyword, mount_fields};

/// A step with its key.
#[derive(Clone, Debug)]
pub struct Keyed {
    /// The number of its stage; the lines above the first FROM count to stage 0.
    pub stage: usize,
    /// The name of its stage, or its number.
    pub stage_name: String,
    /// Its first line, from 1.
    pub line: u32,
    /// The instruction, joined.
    pub instruction: String,
    /// The key.
    pub key: u128,
    /// What went into the key besides the step above, each with a name for messages.
    pub inputs: Vec<(String, u128)>,
}

/// What a stage leaves for the ones that use it.
pub(super) struct Done<'a> {
    pub(super) walker: Walker<'a>,
}

/// The keys of all steps that `build` needs, in order.
pub fn keys(build: &Build<'_>, builder: Builder) -> Vec<Keyed> {
    let file = crate::syntax::parse(build.text);
    let model = Model::new(&file);
    let mut list = Vec::new();
    if builder == Builder::Classic {
        // The classic builder shows ARGs above the first FROM as lines of their own.
        for i in &file.instructions[model.fragment.clone()] {
            let key = digest(&("global", i.joined()));
            let (line, instruction) = (i.line_numbers.0, i.joined().to_owned());
            list.push(Keyed { stage: 0, stage_name: "0".into(), line, instruction, key, inputs: Vec::new() });
        }
    }
    let needed = needed(&model, build, builder);
    let mut done: Vec<Option<Done<'_>>> = Vec::with_capacity(model.stages.len());
    for stage in &model.stages {
        if !needed[stage.index] {
            done.push(None);
            continue;
        }
        let inherited = match stage.base {
            Base::Stage(index) => done[index].as_ref().map(|d| d.walker.clone()),
            _ => None,
        };
        let mut walker = inherited.map_or_else(|| Walker::new(build, builder, file.escape), Walker::child);
        if !matches!(stage.base, Base::Stage(_)) {
            let from = &file.instructions[stage.from];
            let image = walker.global(&model, from.words().first().map_or("", |w| &w.text));
            let platform: Vec<&str> = from.flags.iter().map(|f| f.text.as_ref()).collect();
            walker.parent = digest(&("image", image, platform));
            walker.content = Content::of_image(walker.parent);
        }
        let effects = of_stage(&model, stage).effects;
        let stage_name = stage.name.clone().unwrap_or_else(|| stage.index.to_string());
        for (i, effects) in model.steps(stage).iter().zip(&effects) {
            let find = |reference: &str| {
                let found = model.find(reference, stage.index)?;
                done[found.index].as_ref().map(|d| &d.walker.content)
            };
            let Some((key, inputs)) = walker.step(i, effects, &find, &model) else { continue };
            let (line, instruction) = (i.line_numbers.0, i.joined().to_owned());
            list.push(Keyed { stage: stage.index, stage_name: stage_name.clone(), line, instruction, key, inputs });
        }
        done.push(Some(Done { walker }));
    }
    list
}

/// The stages that the target stands on. The classic builder builds all in front of it too.
fn needed(model: &Model<'_, '_>, build: &Build<'_>, builder: Builder) -> Vec<bool> {
    let mut needed = vec![false; model.stages.len()];
    let all = model.stages.len();
    let named = build.target.and_then(|t| model.find(t, all)).map(|s| s.index);
    let Some(target) = named.or_else(|| all.checked_sub(1)) else { return needed };
    if builder == Builder::Classic {
        needed[..=target].fill(true);
        return needed;
    }
    let mut pending = vec![target];
    while let Some(index) = pending.pop() {
        if std::mem::replace(&mut needed[index], true) {
            continue;
        }
        let stage = &model.stages[index];
        if let Base::Stage(base) = stage.base {
            pending.push(base);
        }
        for step in model.steps(stage) {
            let mounted =
                step.flags.iter().filter(|f| f.name() == "mount" && step.keyword == Keyword::Run).filter_map(|f| {
                    let fields = mount_fields(f.value()?)?;
                    fields.into_iter().find(|field| field.key == "from")?.value.map(|v| v.into_owned())
                });
            let copied = step.flag("from").and_then(|f| f.value()).map(str::to_owned);
            let names = mounted.chain(copied);
            pending.extend(names.filter_map(|n| model.find(&n, index)).map(|s| s.index));
        }
    }
    needed
}
