//! What was predicted, held against what was executed.

use super::recipe::{Kind, Recipe};
use super::steps::Place;
use crate::engine::Builder;
use layerwise::cache::{Inputs, Prepared};
use layerwise::context::{IgnoreFile, Tree, in_force};
use layerwise::model::Model;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::Path;

/// A line in the stage that runs it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Step {
    pub stage: usize,
    pub line: u32,
}

/// A step that is predicted to run again.
#[derive(Clone, Debug)]
pub struct Predicted {
    pub step: Step,
    pub reason: String,
}

/// What came of a comparison.
#[derive(Clone, Debug, Default)]
pub struct Comparison {
    /// The reasons of the steps that are predicted to run again.
    pub predicted: BTreeMap<Step, String>,
    /// The steps that were executed.
    pub executed: BTreeSet<Step>,
    /// What does not fit together; empty if all does.
    pub wrong: Vec<String>,
    /// A copy from a stage was predicted to run again because a command there did, which wrote the same as before:
    /// what a command writes is not known, and `cache diff` says so. It is no mismatch, but counted.
    pub too_careful: bool,
}

/// Each step of `recipe`, whose text and context lie in `folder`, with the first one that has its key: two
/// steps with one key are one to the builder, which prints any of their names.
pub fn same_keys(recipe: &Recipe, text: &str, folder: &Path, builder: Builder) -> HashMap<Step, Step> {
    let builder = match builder {
        Builder::BuildKit => layerwise::builder::Builder::Buildkit,
        Builder::Classic => layerwise::builder::Builder::Classic,
    };
    let read = |name: &Path| std::fs::read_to_string(folder.join(name)).ok();
    let ignore = in_force(Path::new("Dockerfile"), Path::new(""), builder, &read);
    let ignore = ignore.map(|(_, text)| IgnoreFile::parse(&text).expect("it was built with").for_builder(builder));
    let tree = Tree::read(folder, &ignore.unwrap_or_default()).expect("it was built with");
    let file = layerwise::syntax::parse(text);
    let model = Model::new(&file);
    let inputs = Inputs { tree: &tree, arguments: &recipe.arguments, target: recipe.target.as_deref() };
    let mut first: HashMap<u128, Step> = HashMap::new();
    let mut same = HashMap::new();
    for keyed in Prepared::new(&model).keys(&inputs, builder) {
        let step = Step { stage: keyed.stage, line: keyed.line };
        same.insert(step, *first.entry(keyed.key).or_insert(step));
    }
    same
}

/// Holds `predicted` against the steps of the log.
pub fn compare(
    places: &[Vec<Place<'_>>],
    steps: &Result<Vec<(Step, bool)>, String>,
    predicted: &[Predicted],
    same: &HashMap<Step, Step>,
) -> Comparison {
    let first = |step: Step| same.get(&step).copied().unwrap_or(step);
    let mut found = Comparison::default();
    found.predicted.extend(predicted.iter().map(|p| (p.step, p.reason.clone())));
    let steps = match steps {
        Ok(steps) => steps,
        Err(error) => {
            found.wrong.push(format!("the log can't be read: {error}"));
            return found;
        }
    };
    let mut known: HashMap<Step, bool> = HashMap::new();
    for &(step, executed) in steps {
        *known.entry(first(step)).or_default() |= executed;
        found.executed.extend(executed.then_some(step));
    }
    let mut unneeded = Vec::new();
    let expected: HashMap<Step, &str> = predicted.iter().map(|p| (first(p.step), p.reason.as_str())).collect();
    let all = places.iter().flatten().filter(|p| p.line.kind != Kind::From && first(p.step) == p.step);
    for (step, line) in all.map(|p| (p.step, p.line)) {
        let text = line.text.lines().next().unwrap_or_default();
        let shown = format!("line {} in stage {}", step.line, step.stage);
        found.wrong.extend(match (expected.get(&step), known.get(&step)) {
            (Some(reason), Some(false)) => {
                unneeded.push(format!("{shown} was cached, but should run ({reason}): {text}"));
                found.too_careful |= reason.contains("` of stage ");
                None
            }
            (Some(reason), None) => Some(format!("{shown} is no step, but should run ({reason}): {text}")),
            (None, Some(true)) => Some(format!("{shown} ran, but should be cached: {text}")),
            _ => None,
        });
    }
    // What stands below such a copy is cached with it.
    found.too_careful &= places.iter().flatten().any(|p| p.keyword == "RUN" && found.executed.contains(&p.step));
    if !found.too_careful {
        found.wrong.append(&mut unneeded);
    }
    found
}
