//! Walking through the stages that a build needs.

use super::content::Content;
use super::prepared::Prepared;
use super::step::{Named, Walker};
use super::{Inputs, Keyed};
use crate::builder::Builder;
use crate::context::digest;
use crate::model::Base;

/// The keys of the steps of the stages that are `needed`, in order.
pub(super) fn keys(
    prepared: &Prepared<'_, '_, '_>,
    needed: &[bool],
    build: Inputs<'_>,
    builder: Builder,
) -> Vec<Keyed> {
    let model = prepared.model;
    let file = model.file;
    let mut list = Vec::new();
    let keyed = |stage: usize, instruction_index: usize, trigger: bool, key: u128, inputs: Named| {
        let line = file.instructions[instruction_index].line_numbers.0;
        Keyed { stage, instruction_index, line, trigger, key, inputs }
    };
    if builder == Builder::Classic {
        // The classic builder shows ARGs above the first FROM as lines of their own.
        for index in model.fragment.clone() {
            let key = digest(&("global", file.instructions[index].joined()));
            list.push(keyed(0, index, false, key, Vec::new()));
        }
    }
    let mut done: Vec<Option<Walker<'_>>> = Vec::with_capacity(model.stages.len());
    for stage in &model.stages {
        if !needed[stage.index] {
            done.push(None);
            continue;
        }
        let inherited = match stage.base {
            Base::Stage(index) => done[index].clone(),
            _ => None,
        };
        let mut walker = inherited.map_or_else(|| Walker::new(build, builder, file.escape), Walker::child);
        if !matches!(stage.base, Base::Stage(_)) {
            let from = &file.instructions[stage.from];
            let image = walker.global(model, from.words().first().map_or("", |w| &w.text));
            let platform: Vec<&str> = from.flags.iter().map(|f| f.text.as_ref()).collect();
            walker.parent = digest(&("image", image, platform));
            walker.content = Content::of_image(walker.parent);
        }
        for step in &prepared.steps[stage.index] {
            let find = |reference: &str| {
                let found = model.find(reference, stage.index)?;
                done[found.index].as_ref().map(|walker| &walker.content)
            };
            let Some((key, inputs)) = walker.step(step, &find, model) else { continue };
            list.push(keyed(stage.index, step.index, step.trigger, key, inputs));
        }
        done.push(Some(walker));
    }
    list
}

/// The stages that the target stands on. The classic builder builds all in front of it too.
pub(super) fn needed(prepared: &Prepared<'_, '_, '_>, build: &Inputs<'_>, builder: Builder) -> Vec<bool> {
    let model = prepared.model;
    let all = model.stages.len();
    let mut needed = vec![false; all];
    let named = build.target.and_then(|t| model.find(t, all)).map(|s| s.index);
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
