//! A Dockerfile for one builder and one command line: its keys follow from the files of the context alone.

use super::Keyed;
use super::content::Contents;
use super::input::{Inputs, Part};
use super::sources::of_source;
use crate::builder::Builder;
use crate::context::{Selection, Tree, digest};
use crate::model::effects::Effects;
use crate::syntax::Keyword;
use std::borrow::Cow;
use std::collections::HashSet;

/// A Dockerfile ready to be asked for its keys with the files of any context.
#[derive(Debug)]
pub struct Resolved<'p> {
    pub(super) builder: Builder,
    /// The lines above the first FROM that the builder has steps for.
    pub(super) globals: Vec<Keyed>,
    pub(super) stages: Vec<ResolvedStage<'p>>,
}

/// A stage; one that the build does not need has no steps.
#[derive(Debug)]
pub(super) struct ResolvedStage<'p> {
    pub(super) start: Start,
    /// Whether a later stage copies or mounts files of it, or of a stage that starts from it.
    pub(super) is_read: bool,
    pub(super) steps: Vec<ResolvedStep<'p>>,
}

/// What a stage starts from.
#[derive(Clone, Copy, Debug)]
pub(super) enum Start {
    Stage(usize),
    /// An image, with what stands for it.
    Image(u128),
}

/// A step that the builder has.
#[derive(Debug)]
pub(super) struct ResolvedStep<'p> {
    /// The position of its line among the instructions of the file.
    pub(super) index: usize,
    /// Its first line.
    pub(super) line: u32,
    pub(super) trigger: bool,
    pub(super) keyword: Keyword,
    pub(super) effects: &'p Effects,
    pub(super) parts: Vec<Part>,
    /// Whether files of an earlier stage are among them.
    pub(super) uses_a_stage: bool,
    /// What a command gets besides `parts`.
    pub(super) around: u128,
}

impl Resolved<'_> {
    /// The keys of all steps, in order, where the context is `tree`, without what is ignored.
    pub fn keys(&self, tree: &Tree) -> Vec<Keyed> {
        let mut list = self.globals.clone();
        let inputs = |_, step: &ResolvedStep<'_>, contents: &Contents<'_>| self.inputs(step, tree, contents);
        self.walk(
            |_, _| true,
            inputs,
            |_, stage, step, key, inputs| {
                let ResolvedStep { index, line, trigger, .. } = *step;
                list.push(Keyed { stage, instruction_index: index, line, trigger, key, inputs });
            },
        );
        list
    }

    /// The key of each step where the context is `tree`, and whether its own input is another than in `old`, the keys without
    /// any file. Only the steps of `touched` bring files of `tree`.
    pub(in crate::cache) fn changed(&self, old: &[Keyed], tree: &Tree, touched: &HashSet<usize>) -> Vec<(u128, bool)> {
        let mut list: Vec<(u128, bool)> = self.globals.iter().map(|keyed| (keyed.key, false)).collect();
        let inputs = |at: usize, step: &ResolvedStep<'_>, contents: &Contents<'_>| {
            self.new_inputs(old, tree, touched, (at, step), contents)
        };
        self.walk(|_, _| true, inputs, |_, _, _, key, values| list.push((key, matches!(values, Cow::Owned(_)))));
        list
    }

    /// The steps whose own input is another than in `old`, told without all keys: the same as in [`Resolved::changed`].
    pub(in crate::cache) fn own_changed(&self, old: &[Keyed], tree: &Tree, touched: &HashSet<usize>) -> Vec<usize> {
        let mut list = Vec::new();
        let inputs = |at: usize, step: &ResolvedStep<'_>, contents: &Contents<'_>| {
            self.new_inputs(old, tree, touched, (at, step), contents)
        };
        let is_wanted = |at: usize, step: &ResolvedStep<'_>| step.uses_a_stage || touched.contains(&at);
        self.walk(is_wanted, inputs, |at, _, _, _, values| {
            if matches!(values, Cow::Owned(_)) {
                list.push(at);
            }
        });
        list
    }

    /// What goes into the key of a step: owned if it is another than in `old`.
    fn new_inputs<'o>(
        &self,
        old: &'o [Keyed],
        tree: &Tree,
        touched: &HashSet<usize>,
        (at, step): (usize, &ResolvedStep<'_>),
        contents: &Contents<'_>,
    ) -> Cow<'o, [u128]> {
        let before = &old[at].inputs.values[..];
        if touched.contains(&at) || step.uses_a_stage {
            let now = self.inputs(step, tree, contents).values;
            if now != before {
                return Cow::Owned(now);
            }
        }
        Cow::Borrowed(before)
    }

    /// Goes through the steps. `inputs` gives what goes into the key of a step, by its position in the list of keys and the
    /// files of the stages so far; `done` gets it back with the position, the number of the stage and the key. Where not all
    /// steps are wanted, only the keys of stages that others read are right.
    fn walk<I: AsRef<[u128]>>(
        &self,
        is_wanted: impl Fn(usize, &ResolvedStep<'_>) -> bool,
        inputs: impl Fn(usize, &ResolvedStep<'_>, &Contents<'_>) -> I,
        mut done: impl FnMut(usize, usize, &ResolvedStep<'_>, u128, I),
    ) {
        let mut contents = Contents::default();
        let mut ends: Vec<u128> = Vec::with_capacity(self.stages.len());
        let mut at = self.globals.len();
        for (number, stage) in self.stages.iter().enumerate() {
            let mut parent = match stage.start {
                Start::Stage(base) => {
                    contents.start_from_stage(base);
                    ends[base]
                }
                Start::Image(label) => {
                    contents.start_from_image(label);
                    label
                }
            };
            for step in &stage.steps {
                at += 1;
                if !stage.is_read && !is_wanted(at - 1, step) {
                    continue;
                }
                let inputs = inputs(at - 1, step, &contents);
                parent = digest(&(parent, step.keyword.name(), inputs.as_ref()));
                if stage.is_read {
                    remember(step, parent, inputs.as_ref(), &mut contents);
                }
                done(at - 1, number, step, parent, inputs);
            }
            ends.push(parent);
        }
    }

    /// The sources that are read from the context, each with the position of its step in the list of keys.
    pub(in crate::cache) fn context_sources(&self) -> impl Iterator<Item = (usize, &Selection, &str)> {
        let steps = self.stages.iter().flat_map(|stage| &stage.steps);
        (self.globals.len()..).zip(steps).flat_map(|(at, step)| {
            step.parts.iter().filter_map(move |part| match part {
                Part::Context { source, selection } => Some((at, &**selection, source.as_str())),
                _ => None,
            })
        })
    }

    fn inputs(&self, step: &ResolvedStep<'_>, tree: &Tree, contents: &Contents<'_>) -> Inputs {
        let mut inputs = Inputs::default();
        for part in &step.parts {
            match part {
                Part::Known(name, digest) => inputs.push(name.clone(), *digest),
                Part::Context { source, selection } => of_source(tree, self.builder, selection, source, &mut inputs),
                Part::Stage { name, stage, path, place } => {
                    inputs.push(name.clone(), digest(&(path, contents.of(*stage, place))));
                }
            }
        }
        inputs
    }
}

/// Labels what `step` wrote: by what it was made from where that decides, else by its key.
fn remember<'p>(step: &ResolvedStep<'p>, key: u128, inputs: &[u128], contents: &mut Contents<'p>) {
    if step.effects.writes.is_empty() {
        return;
    }
    let label = match step.keyword {
        Keyword::Run => contents.of_reads(step.effects).map_or(key, |reads| digest(&(reads, inputs, step.around))),
        Keyword::Copy | Keyword::Add | Keyword::Workdir => digest(inputs),
        _ => return,
    };
    contents.write(&step.effects.writes, label);
}
