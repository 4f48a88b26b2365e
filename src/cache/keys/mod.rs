//! The cache key of every step, per builder, and the steps that a second build runs again.
//!
//! The rules are as measured on BuildKit 20.10 and 26.1, on the classic builder 20.10 and on Buildah
//! 1.28; `tests/cache_facts.rs` holds the measurements. `COPY --link` is a plain COPY here: so it is
//! on 26.1 without the containerd store.

mod content;
mod step;
mod walk;

use crate::builder::Builder;
use crate::context::Tree;

pub use walk::{Keyed, keys};

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

/// A step that the second build runs again.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Rerun {
    /// The name of its stage, or its number.
    pub stage: String,
    /// Its first line, from 1.
    pub line: u32,
    /// The instruction, joined.
    pub instruction: String,
    /// Why, in words.
    pub reason: String,
}

/// The steps of `after` that run again when `before` was built last, in order.
pub fn reruns(before: &Build<'_>, after: &Build<'_>, builder: Builder) -> Vec<Rerun> {
    let old = keys(before, builder);
    let new = keys(after, builder);
    let cached: std::collections::HashSet<u128> = old.iter().map(|k| k.key).collect();
    let mut list: Vec<Rerun> = Vec::new();
    let mut above: Option<(usize, u32)> = None;
    for keyed in new.iter().filter(|k| !cached.contains(&k.key)) {
        let parent = above.filter(|(stage, _)| *stage == keyed.stage).map(|(_, line)| line);
        above = Some((keyed.stage, keyed.line));
        list.push(Rerun {
            stage: keyed.stage_name.clone(),
            line: keyed.line,
            instruction: keyed.instruction.clone(),
            reason: reason(keyed, &old, parent),
        });
    }
    list
}

/// The first input that differs from those of the same step before.
fn reason(keyed: &Keyed, old: &[Keyed], parent: Option<u32>) -> String {
    let same = |k: &&Keyed| k.stage == keyed.stage && k.instruction == keyed.instruction;
    let Some(before) = old.iter().find(same) else { return "new or changed".to_owned() };
    let differs = keyed.inputs.iter().find(|(name, value)| {
        let known = before.inputs.iter().find(|(n, _)| n == name);
        known.is_none_or(|(_, v)| v != value)
    });
    let gone = before.inputs.iter().find(|(name, _)| !keyed.inputs.iter().any(|(n, _)| n == name));
    match (differs, gone, parent) {
        (Some((name, _)), ..) => format!("{name} changed"),
        (None, Some((name, _)), _) => format!("{name} is gone"),
        (None, None, Some(line)) => format!("below line {line}"),
        (None, None, None) => "what it builds on changed".to_owned(),
    }
}
