//! The cache key of every step, per builder, and the steps that a second build runs again.
//!
//! The rules are as measured on BuildKit 20.10 and 26.1, on the classic builder 20.10 and 26.1, and on Buildah
//! 1.28; `tests/cache_facts.rs` holds the measurements. `COPY --link` is a plain COPY here: so it is
//! on 26.1 without the containerd store.

mod content;
mod input;
mod prepared;
mod resolved;
mod scope;
mod sources;
mod step;
mod variables;
mod walk;

use crate::builder::Builder;
use crate::context::Tree;
use crate::model::Model;
use input::{Inputs as KeyInputs, Name};
use std::cell::Cell;
use std::collections::{HashMap, HashSet};

pub use prepared::{Prepared, Step};
pub use resolved::Resolved;

/// What a build brings besides its Dockerfile.
#[derive(Clone, Copy, Debug)]
pub struct Inputs<'b> {
    /// The context, without what is ignored.
    pub tree: &'b Tree,
    /// The values of `--build-arg`, by name.
    pub arguments: &'b [(String, String)],
    /// The stage to build; the last one if none is named.
    pub target: Option<&'b str>,
}

/// A build: a Dockerfile, its context, and what the command line adds.
#[derive(Clone, Copy, Debug)]
pub struct Build<'b> {
    /// The text of the Dockerfile.
    pub text: &'b str,
    /// The context, without what is ignored.
    pub tree: &'b Tree,
    /// The values of `--build-arg`, by name.
    pub arguments: &'b [(String, String)],
    /// The stage to build; the last one if none is named.
    pub target: Option<&'b str>,
}

impl<'b> Build<'b> {
    fn inputs(&self) -> Inputs<'b> {
        Inputs { tree: self.tree, arguments: self.arguments, target: self.target }
    }
}

/// A step with its key.
#[derive(Clone, Debug)]
pub struct Keyed {
    /// The number of its stage; the lines above the first FROM count to stage 0.
    pub stage: usize,
    /// The position of its line among the instructions of the file.
    pub instruction_index: usize,
    /// Its first line, from 1.
    pub line: u32,
    /// Whether it is a trigger of ONBUILD, run at the FROM of its stage; its line stands in the stage
    /// that this one starts from.
    pub trigger: bool,
    /// The key.
    pub key: u128,
    /// What went into the key besides the step above.
    inputs: KeyInputs,
}

impl Keyed {
    /// What went into the key besides the step above.
    #[cfg(test)]
    pub(super) fn values(&self) -> &[u128] {
        &self.inputs.values
    }

    /// The files and folders of the context that went into the key.
    #[cfg(test)]
    pub(super) fn files(&self) -> impl Iterator<Item = &str> {
        self.inputs.names.iter().filter_map(|name| match name {
            Name::Path(path) => Some(path.as_str()),
            _ => None,
        })
    }
}

/// A step that the second build runs again.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Rerun {
    /// The name of the stage that it runs in, or its number.
    pub stage: String,
    /// Its first line, from 1. That of a trigger is its ONBUILD, where it can be changed, though it runs
    /// at the FROM of a later stage.
    pub line: u32,
    /// The instruction of that line, joined.
    pub instruction: String,
    /// Why, in words.
    pub reason: String,
}

/// The positions in `new` of the steps that run again when `old` was built last, in order. A step that
/// two stages share runs once.
pub fn reruns_between(old: &[Keyed], new: &[Keyed]) -> Vec<usize> {
    let mut cached: HashSet<u128> = old.iter().map(|k| k.key).collect();
    (0..new.len()).filter(|&i| cached.insert(new[i].key)).collect()
}

/// The steps of `after` that run again when `before` was built last, in order.
pub fn reruns(before: &Build<'_>, after: &Build<'_>, builder: Builder) -> Vec<Rerun> {
    let files = [before, after].map(|build| crate::syntax::parse(build.text));
    let [old_model, model] = [&files[0], &files[1]].map(Model::new);
    let [old_prepared, prepared] = [&old_model, &model].map(Prepared::new);
    let old = old_prepared.keys(&before.inputs(), builder);
    let new = prepared.keys(&after.inputs(), builder);
    let mut before: HashMap<(usize, bool, &str), &Keyed> = HashMap::new();
    for keyed in &old {
        before.entry((keyed.stage, keyed.trigger, old_prepared.text(keyed))).or_insert(keyed);
    }
    let mut list: Vec<Rerun> = Vec::new();
    let mut above: Option<(usize, u32)> = None;
    let naming = Naming::default();
    for keyed in reruns_between(&old, &new).into_iter().map(|i| &new[i]) {
        let parent = above.filter(|(stage, _)| *stage == keyed.stage).map(|(_, line)| line);
        above = Some((keyed.stage, keyed.line));
        let text = prepared.text(keyed);
        let before = before.get(&(keyed.stage, keyed.trigger, text)).copied();
        let stage = model.stages.get(keyed.stage).and_then(|s| s.name.clone());
        list.push(Rerun {
            stage: stage.unwrap_or_else(|| keyed.stage.to_string()),
            line: keyed.line,
            instruction: text.to_owned(),
            reason: reason(keyed, before, parent, &naming),
        });
    }
    list
}

/// So many variables are named for one comparison at most, about 200 ms of them: 700 steps below 700 ARGs that all
/// changed.
const MOST_NAMED: usize = 1_000_000;

/// How many variables may still be named. Each step below `n` of them names them all, to find the one that differs.
struct Naming {
    left: Cell<usize>,
}

impl Default for Naming {
    fn default() -> Self {
        Self { left: Cell::new(MOST_NAMED) }
    }
}

impl Naming {
    /// Whether the variables of both may be named.
    fn take(&self, both: [&Keyed; 2]) -> bool {
        let length = |of: &Keyed| of.inputs.names.iter().map(Name::length).sum::<usize>();
        let left = self.left.get().checked_sub(both.map(length).iter().sum());
        self.left.set(left.unwrap_or_default());
        left.is_some()
    }
}

/// The first input that differs from those of the same step before.
fn reason(keyed: &Keyed, before: Option<&Keyed>, parent: Option<u32>, naming: &Naming) -> String {
    let Some(before) = before else { return "new or changed".to_owned() };
    let is_variables = |(name, _): &(&Name, u128)| matches!(name, Name::Variables(_));
    let variables = |of: &Keyed| of.inputs.iter().find(is_variables).map(|(_, value)| value);
    // There may be many, so they are named only if that can help.
    let skipped = variables(before) == variables(keyed);
    let in_full = !skipped && naming.take([before, keyed]);
    let named = |of: &Keyed| -> Vec<(String, u128)> {
        let inputs = of.inputs.iter().filter(|input| !(skipped && is_variables(input)));
        let words = |(name, value): (&Name, u128)| match name {
            Name::Variables(_) if !in_full => vec![("a variable that is in scope".to_owned(), value)],
            _ => name.words(value).into_iter().map(|(name, value)| (name.into_owned(), value)).collect(),
        };
        inputs.flat_map(words).collect()
    };
    let (before, list) = (named(before), named(keyed));
    let old: HashMap<&String, u128> = before.iter().map(|(name, value)| (name, *value)).collect();
    let differs = list.iter().find(|(name, value)| old.get(name) != Some(value));
    let new: HashSet<&String> = list.iter().map(|(name, _)| name).collect();
    let gone = before.iter().find(|(name, _)| !new.contains(name));
    match (differs, gone, parent) {
        (Some((name, _)), ..) => format!("{name} changed"),
        (None, Some((name, _)), _) => format!("{name} is gone"),
        (None, None, Some(line)) => format!("below line {line}"),
        (None, None, None) => "what it builds on changed".to_owned(),
    }
}
