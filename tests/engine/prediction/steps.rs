//! From the steps of a log to the lines of the Dockerfile.

use super::compare::Step;
use super::recipe::{Kind, Line, Recipe};
use crate::engine::Builder;
use crate::executed;

/// The instructions that are steps for BuildKit.
const STEPS: [&str; 4] = ["RUN", "COPY", "ADD", "WORKDIR"];

/// A line where it is run: in its stage, or, for a trigger of ONBUILD, in a stage that starts from it.
#[derive(Clone, Debug)]
pub struct Place<'r> {
    pub step: Step,
    pub line: &'r Line,
    /// The keyword of what is run.
    pub keyword: String,
    trigger: bool,
}

/// The lines of each stage, triggers first, with FROM in front of them.
pub fn places(recipe: &Recipe) -> Vec<Vec<Place<'_>>> {
    let names = recipe.stage_names();
    let mut stages: Vec<Vec<Place<'_>>> = Vec::new();
    for (number, line) in recipe.numbered() {
        let keyword = line.keyword();
        if line.kind == Kind::From {
            let base = line.words().next().unwrap_or_default();
            let parent = names[..stages.len()].iter().position(|name| name.as_deref() == Some(base));
            let stage = stages.len();
            let from = Place { step: Step { stage, line: number }, line, keyword, trigger: false };
            let of_parent = parent.map_or(&[][..], |parent| &stages[parent][..]);
            let triggers = of_parent.iter().filter(|p| p.keyword == "ONBUILD").map(|p| Place {
                step: Step { stage, line: p.step.line },
                line: p.line,
                keyword: p.line.words().next().unwrap_or_default().to_ascii_uppercase(),
                trigger: true,
            });
            let all = std::iter::once(from).chain(triggers).collect();
            stages.push(all);
        } else if let Some(stage) = stages.len().checked_sub(1) {
            stages[stage].push(Place { step: Step { stage, line: number }, line, keyword, trigger: false });
        }
    }
    stages
}

/// The steps that a log tells of, with whether they were executed.
pub fn steps(log: &str, builder: Builder, recipe: &Recipe) -> Result<Vec<(Step, bool)>, String> {
    let stages = places(recipe);
    let steps = match builder {
        Builder::BuildKit => executed::buildkit(log),
        Builder::Classic => executed::classic(log),
    };
    let mut list = Vec::new();
    let mut unnumbered: Vec<&Place<'_>> = unnumbered(&stages).collect();
    for step in &steps {
        let found = match builder {
            // Two builds at a time share FROM, and it is printed by the name that the other one gave it.
            Builder::BuildKit if step.keyword() == "FROM" => Some(Vec::new()),
            Builder::BuildKit if step.position == 0 => {
                // Stages are built side by side, so not always in the order of the file.
                let next = unnumbered.iter().position(|place| place.keyword == step.keyword());
                next.map(|at| vec![(unnumbered.remove(at).step, step.executed)])
            }
            Builder::BuildKit => of_buildkit(step, recipe, &stages),
            Builder::Classic => of_classic(step, recipe, &stages),
        };
        list.extend(found.ok_or_else(|| format!("no line is the step {step:?}\n{log}"))?);
    }
    Ok(list)
}

/// BuildKit counts the steps of each stage, and FROM if it is not another stage.
fn of_buildkit(step: &executed::Step, recipe: &Recipe, stages: &[Vec<Place<'_>>]) -> Option<Vec<(Step, bool)>> {
    let names = recipe.stage_names();
    let printed = |at: usize| names[at].clone().unwrap_or_else(|| format!("stage-{at}"));
    let stage = (0..stages.len()).find(|&at| printed(at) == step.stage || stages.len() == 1)?;
    let (from, lines) = stages[stage].split_first()?;
    let base = from.line.words().next();
    let is_stage = names[..stage].iter().any(|name| name.as_deref() == base);
    let mut numbered = lines.iter().filter(|p| STEPS.contains(&p.keyword.as_str()));
    let place = numbered.nth(step.position.checked_sub(if is_stage { 1 } else { 2 })?)?;
    (place.keyword == step.keyword()).then(|| vec![(place.step, step.executed)])
}

/// The triggers that BuildKit prints without a place: those of stages that have no step of their own.
fn unnumbered<'p, 'r>(stages: &'p [Vec<Place<'r>>]) -> impl Iterator<Item = &'p Place<'r>> {
    let is_step = |p: &Place<'_>| STEPS.contains(&p.keyword.as_str());
    let silent = stages.iter().filter(move |stage| !stage.iter().any(|p| !p.trigger && is_step(p)));
    silent.flat_map(move |stage| stage.iter().filter(move |p| p.trigger && is_step(p)))
}

/// The classic builder counts all instructions, and runs triggers within FROM. Nothing is done for an ARG
/// above the first FROM, and nothing is said of it.
fn of_classic(step: &executed::Step, recipe: &Recipe, stages: &[Vec<Place<'_>>]) -> Option<Vec<(Step, bool)>> {
    let (number, _) = *recipe.numbered().get(step.position.checked_sub(1)?)?;
    let Some((stage, place)) = stages
        .iter()
        .find_map(|stage| stage.iter().find(|p| !p.trigger && p.step.line == number).map(|place| (stage, place)))
    else {
        return (step.keyword() == "ARG").then(Vec::new);
    };
    let triggers: Vec<&Place<'_>> = stage.iter().filter(|p| p.trigger && step.keyword() == "FROM").collect();
    if triggers.len() != step.triggers.len() || place.keyword != step.keyword() {
        return None;
    }
    let own = std::iter::once((place.step, step.executed));
    Some(own.chain(triggers.iter().map(|p| p.step).zip(step.triggers.iter().copied())).collect())
}
