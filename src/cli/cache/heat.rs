//! `layerwise cache [FILE]`: the heat of each step, and what the plan saves.

use super::Outcome;
use super::ground::{Ground, GroundArgs, Heated};
use crate::cache::HeatStep;
use crate::context::{Histories, LazyProject, ProjectError};
use crate::lint::Settings;
use crate::model::Model;
use crate::report::cache::{CacheFormat, CacheReport, Cause, Row, StageTable, Version, write};
use crate::syntax::{Dockerfile, parse};
use std::io::{self, Write};
use std::path::Path;
use std::sync::Arc;

pub(super) fn run(args: &GroundArgs, format: &str, out: &mut dyn Write, colour: bool) -> io::Result<Outcome> {
    let ground = match Ground::read(args) {
        Ok(ground) => ground,
        Err(failure) => return Ok(vec![failure].into()),
    };
    let report = report(&ground, &args.file.display().to_string(), &ground.versions());
    write(CacheFormat::from_name(format).unwrap_or_default(), &report, out, colour)?;
    Ok(Vec::new().into())
}

/// The heat of `text`, which need not be that of a file yet.
///
/// # Errors
/// If something names a context that can't be used.
pub(in crate::cli) fn of_text(text: &str, settings: &Settings) -> Result<CacheReport, ProjectError> {
    let project = settings.project.clone().unwrap_or_else(|| Arc::new(LazyProject::unknown()));
    let histories = settings.histories.clone().unwrap_or_else(|| Arc::new(Histories::new(0)));
    let ground = Ground::of(text.to_owned(), settings.builder, project, histories)?;
    Ok(report(&ground, "", &(ground.present(), None, None)))
}

fn report(ground: &Ground, file: &str, versions: &(Heated, Option<Heated>, Option<Heated>)) -> CacheReport {
    let (before, planned, planned_unsafe) = versions;
    CacheReport {
        file: file.to_owned(),
        builder: ground.builder.name().to_owned(),
        context: ground.project().map(|p| format!("{} ({})", seen_from_here(&p.root), p.how)),
        commits: ground.commits(),
        without_history: ground.without_history.clone(),
        recorded: before.heat.steps.iter().any(|s| s.recorded),
        before: version(before),
        planned: planned.as_ref().map(version),
        planned_unsafe: planned_unsafe.as_ref().map(version),
    }
}

/// A folder below the current one by the way to it, others by their whole path.
fn seen_from_here(folder: &Path) -> String {
    let here = std::env::current_dir().and_then(std::fs::canonicalize).unwrap_or_default();
    match folder.strip_prefix(here) {
        Ok(rest) if rest.as_os_str().is_empty() => ".".to_owned(),
        Ok(rest) => rest.display().to_string(),
        Err(_) => folder.display().to_string(),
    }
}

fn version(heated: &Heated) -> Version {
    let file = parse(&heated.text);
    let model = Model::new(&file);
    let mut stages: Vec<(usize, StageTable)> = Vec::new();
    for step in &heated.heat.steps {
        let stage = &model.stages[step.stage];
        if stages.last().is_none_or(|(index, _)| *index != step.stage) {
            let name = stage.name.clone().unwrap_or_else(|| stage.index.to_string());
            let base = file.instructions[stage.from].words().first().map_or_else(String::new, |w| w.text.to_string());
            stages.push((step.stage, StageTable { name, base, expected: 0.0, steps: Vec::new() }));
        }
        if let Some((_, table)) = stages.last_mut() {
            table.expected += step.expected();
            table.steps.push(row(&file, step));
        }
    }
    Version {
        expected: heated.heat.expected(),
        full: heated.heat.steps.iter().map(|s| s.seconds).sum(),
        fixed: heated.fixed.clone(),
        stages: stages.into_iter().map(|(_, table)| table).collect(),
    }
}

fn row(file: &Dockerfile<'_>, step: &HeatStep) -> Row {
    let line = |instruction: usize| file.instructions[instruction].line_numbers.0;
    Row {
        line: line(step.instruction),
        instruction: file.instructions[step.instruction].joined().to_owned(),
        layer: step.layer,
        churn: step.chance,
        runs: step.runs,
        seconds: step.seconds,
        recorded: step.recorded,
        expected: step.expected(),
        cause: step.cause.map(|cause| Cause {
            line: line(cause),
            stage: file.instructions[cause].flag("from").and_then(|f| f.value()).map(str::to_owned),
            paths: step.paths.clone(),
        }),
    }
}
