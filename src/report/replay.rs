//! What `layerwise cache replay` prints: what each commit of the history would have rebuilt.

use super::{json_text, safe};
use serde::Serialize;
use std::io::{self, Write};

/// A replayed history. Seconds are seconds.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ReplayReport {
    /// The Dockerfile, as it was named.
    pub file: String,
    /// The builder that it is about.
    pub builder: String,
    /// How many commits were gone through.
    pub commits: usize,
    /// Whether at least one step's seconds come from a recorded build; else all are estimates.
    pub recorded: bool,
    /// The file as it is, and as the fixes leave it.
    pub versions: Vec<Replayed>,
    /// The commits, newest first.
    pub per_commit: Vec<CommitCost>,
}

/// What the commits rebuild with one version of the file.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Replayed {
    /// Which version.
    pub name: &'static str,
    /// How many steps ran again, over all commits.
    pub runs: usize,
    /// What they took together.
    pub seconds: f64,
    /// What a commit took on average.
    pub per_commit: f64,
    /// The steps.
    pub steps: Vec<ReplayedStep>,
}

/// What one step came to.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ReplayedStep {
    /// Its first line in this version, from 1.
    pub line: u32,
    /// The instruction, joined.
    pub instruction: String,
    /// In how many commits it ran again.
    pub runs: usize,
    /// What these runs took together.
    pub seconds: f64,
}

/// What one commit came to.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct CommitCost {
    /// Git's full id.
    pub commit: String,
    /// The seconds that it rebuilds, with each version.
    pub seconds: Vec<f64>,
}

/// Writes `report` as one JSON object. Fails only when `out` does.
pub fn json(report: &ReplayReport, out: &mut dyn Write) -> io::Result<()> {
    json_text::pretty(report, out)
}

/// Writes `report` as tables. Fails only when `out` does.
pub fn pretty(report: &ReplayReport, out: &mut dyn Write) -> io::Result<()> {
    let kind = if report.recorded { "seconds from the build log" } else { "seconds estimated by command" };
    writeln!(
        out,
        "{}: what the last {} commits would have rebuilt ({}; {kind})\n",
        safe::line(&report.file),
        report.commits,
        report.builder
    )?;
    writeln!(out, "{:36}  {:>9}  {:>10}  {:>10}", "", "steps run", "in total", "per commit")?;
    let before = report.versions.first().map_or(0.0, |v| v.seconds);
    for (at, version) in report.versions.iter().enumerate() {
        let cut = if at > 0 && before > 0.0 {
            format!("  {:+.0} %", (version.seconds / before - 1.0) * 100.0)
        } else {
            String::new()
        };
        writeln!(
            out,
            "{:36}  {:>9}  {:>10}  {:>10}{cut}",
            version.name,
            version.runs,
            duration(version.seconds),
            duration(version.per_commit)
        )?;
    }
    let Some(first) = report.versions.first() else { return Ok(()) };
    let others = &report.versions[1..];
    let columns = if others.is_empty() { "runs" } else { "runs, as it is and fixed" };
    writeln!(out, "\n{:>5}  {:48}  {columns}", "line", "instruction")?;
    for step in &first.steps {
        let text: String = safe::line(&step.instruction).chars().take(48).collect();
        write!(out, "{:>5}  {text:48}  {:>5}", step.line, step.runs)?;
        for other in others {
            let found = other.steps.iter().find(|s| s.instruction == step.instruction);
            write!(out, " {:>5}", found.map_or("-".to_owned(), |s| s.runs.to_string()))?;
        }
        writeln!(out)?;
    }
    Ok(())
}

/// Seconds as people say them.
fn duration(seconds: f64) -> String {
    match seconds {
        s if s >= 5400.0 => format!("{:.1} h", s / 3600.0),
        s if s >= 300.0 => format!("{:.0} min", s / 60.0),
        s if s >= 10.0 => format!("{s:.0} s"),
        s => format!("{s:.1} s"),
    }
}
