//! `layerwise cache replay`: what each commit of the history would have rebuilt.

use super::super::failure::Failure;
use super::Outcome;
use super::ground::{Ground, GroundArgs, Heated};
use crate::report::replay::{CommitCost, ReplayReport, Replayed, ReplayedStep, json, pretty};
use crate::syntax::parse;
use clap::Args;
use clap::builder::PossibleValuesParser;
use std::io::{self, Write};

/// The options of `cache replay`.
#[derive(Args, Debug)]
pub(super) struct ReplayArgs {
    #[command(flatten)]
    ground: GroundArgs,
    /// How the result is printed.
    #[arg(long, value_name = "FORMAT", default_value = "pretty", value_parser = PossibleValuesParser::new(["pretty", "json"]))]
    format: String,
}

pub(super) fn run(args: &ReplayArgs, out: &mut dyn Write) -> io::Result<Outcome> {
    let ground = match Ground::read(&args.ground) {
        Ok(ground) => ground,
        Err(failure) => return Ok(vec![failure].into()),
    };
    let history = match &ground.history {
        Some((history, _)) if !history.commits().is_empty() => history,
        _ => {
            let why = ground.without_history.clone().unwrap_or_else(|| "no commit was asked for".to_owned());
            return Ok(vec![Failure::NoHistory { why }].into());
        }
    };
    let (before, planned, planned_unsafe) = ground.versions();
    let versions: Vec<(&'static str, &Heated)> = [
        ("as it is", Some(&before)),
        ("with layerwise --fix", planned.as_ref()),
        ("with layerwise --fix --unsafe-fixes", planned_unsafe.as_ref()),
    ]
    .into_iter()
    .filter_map(|(name, heated)| Some((name, heated?)))
    .collect();
    let seconds = |heated: &Heated, commit: usize| -> f64 {
        heated.heat.reruns[commit].iter().map(|&at| heated.heat.steps[at].seconds).sum()
    };
    let per_commit = history.commits().iter().enumerate().map(|(at, commit)| CommitCost {
        commit: commit.id.clone(),
        seconds: versions.iter().map(|(_, heated)| seconds(heated, at)).collect(),
    });
    let report = ReplayReport {
        file: args.ground.file.display().to_string(),
        builder: ground.builder.name().to_owned(),
        commits: history.commits().len(),
        recorded: before.heat.steps.iter().any(|s| s.recorded),
        versions: versions.iter().map(|(name, heated)| replayed(name, heated, history.commits().len())).collect(),
        per_commit: per_commit.collect(),
    };
    if args.format == "json" {
        json(&report, out)?
    } else {
        pretty(&report, out)?
    }
    Ok(Vec::new().into())
}

fn replayed(name: &'static str, heated: &Heated, commits: usize) -> Replayed {
    let file = parse(&heated.text);
    let steps = heated.heat.steps.iter().filter(|s| s.seconds > 0.0).map(|step| ReplayedStep {
        line: file.instructions[step.instruction].line_numbers.0,
        instruction: file.instructions[step.instruction].joined().to_owned(),
        runs: step.runs,
        seconds: step.runs as f64 * step.seconds,
    });
    let steps: Vec<ReplayedStep> = steps.collect();
    let seconds = steps.iter().map(|s| s.seconds).sum();
    Replayed {
        name,
        runs: steps.iter().map(|s| s.runs).sum(),
        seconds,
        per_commit: seconds / commits.max(1) as f64,
        steps,
    }
}
