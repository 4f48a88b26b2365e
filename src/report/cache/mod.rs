//! What `layerwise cache` prints: which steps a commit runs again, and what the plan saves.

mod html;
mod pretty;
#[cfg(test)]
mod tests;

use super::json_text;
use serde::Serialize;
use std::io::{self, Write};

/// A version that saves less than this, in seconds per commit, is not worth a word.
const LEAST_SAVING: f64 = 0.05;

/// How the report is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum CacheFormat {
    /// A table for a terminal.
    #[default]
    Pretty,
    /// One JSON object.
    Json,
    /// One page that needs nothing else, to attach to a pull request.
    Html,
}

impl CacheFormat {
    /// Every format.
    pub const ALL: [CacheFormat; 3] = [CacheFormat::Pretty, CacheFormat::Json, CacheFormat::Html];

    /// The name in options.
    pub const fn name(self) -> &'static str {
        match self {
            CacheFormat::Pretty => "pretty",
            CacheFormat::Json => "json",
            CacheFormat::Html => "html",
        }
    }

    /// The format called `name`.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|f| f.name() == name)
    }
}

/// The heat of a Dockerfile. Seconds are seconds; a churn is the share of commits, 0 to 1.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct CacheReport {
    /// The Dockerfile, as it was named.
    pub file: String,
    /// The builder that it is about.
    pub builder: String,
    /// The folder that is built, and how it was found; `None` if it is not known.
    pub context: Option<String>,
    /// How many commits were counted; 0 if the churn is assumed.
    pub commits: usize,
    /// Why no commits were counted, if none were.
    pub without_history: Option<String>,
    /// Whether at least one step's seconds come from a recorded build.
    pub recorded: bool,
    /// The file as it is.
    pub before: Version,
    /// The file as the safe fixes leave it; `None` if they change nothing.
    pub planned: Option<Version>,
    /// The file as all fixes leave it; `None` if the others change nothing.
    pub planned_unsafe: Option<Version>,
}

/// One version of the Dockerfile.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Version {
    /// The seconds that a commit costs.
    #[serde(serialize_with = "rounded")]
    pub expected: f64,
    /// The seconds of a build without any cache.
    #[serde(serialize_with = "rounded")]
    pub full: f64,
    /// The rules whose fixes led here, each with how often.
    pub fixed: Vec<(String, usize)>,
    /// The stages that are built, in order.
    pub stages: Vec<StageTable>,
}

/// The steps of a stage.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct StageTable {
    /// Its name, or its number.
    pub name: String,
    /// What it starts from, as the file says it.
    pub base: String,
    /// The seconds that a commit costs here.
    #[serde(serialize_with = "rounded")]
    pub expected: f64,
    /// Its instructions below FROM.
    pub steps: Vec<Row>,
}

/// A step.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Row {
    /// Its first line, from 1.
    pub line: u32,
    /// The instruction, joined.
    pub instruction: String,
    /// Whether it makes a layer, or only changes the config.
    pub layer: bool,
    /// The share of commits that make it run again.
    #[serde(serialize_with = "rounded")]
    pub churn: f64,
    /// In how many commits it runs again.
    pub runs: usize,
    /// What a run takes, in seconds.
    #[serde(serialize_with = "rounded")]
    pub seconds: f64,
    /// Whether that comes from a recorded build; else it is an estimate.
    pub recorded: bool,
    /// The seconds that it costs per commit.
    #[serde(serialize_with = "rounded")]
    pub expected: f64,
    /// What makes it run again most often.
    pub cause: Option<Cause>,
}

/// The step whose files changed.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Cause {
    /// Its first line, from 1.
    pub line: u32,
    /// The stage that its files come from; `None` for the context.
    pub stage: Option<String>,
    /// Its files that change most, each with how many commits change it.
    pub paths: Vec<(String, usize)>,
}

impl Row {
    /// Why it runs again, in words; `None` if it never does.
    pub fn reason(&self) -> Option<String> {
        let cause = self.cause.as_ref().filter(|_| self.churn > 0.0)?;
        let what = match (&cause.stage, cause.line == self.line) {
            (Some(stage), true) => format!("what stage {stage} makes"),
            (None, true) => "its files".to_owned(),
            (_, false) => format!("below line {}", cause.line),
        };
        if self.runs == 0 || cause.paths.is_empty() {
            return Some(what);
        }
        let files: Vec<String> = cause.paths.iter().map(|(path, n)| format!("{path} ({n})")).collect();
        Some(format!("{what}: {}", files.join(", ")))
    }
}

impl CacheReport {
    /// The versions that cost less than the file as it is, with the options that lead there.
    fn savings(&self) -> impl Iterator<Item = (&'static str, &Version)> {
        let all = [("--fix", &self.planned), ("--fix --unsafe-fixes", &self.planned_unsafe)];
        let worth = |v: &&Version| v.expected < self.before.expected - LEAST_SAVING;
        all.into_iter().filter_map(move |(option, version)| Some((option, version.as_ref().filter(worth)?)))
    }

    /// Where the figures come from, in words.
    pub fn basis(&self) -> String {
        let churn = match self.commits {
            0 => "churn assumed by kind of file".to_owned(),
            n => format!("churn counted in the last {n} commits"),
        };
        let seconds = if self.recorded { "seconds from the build log" } else { "seconds estimated by command" };
        format!("{churn}, {seconds}")
    }
}

/// Writes `report` to `out`; `colour` counts for the table only. Fails only when `out` does.
pub fn write(format: CacheFormat, report: &CacheReport, out: &mut dyn Write, colour: bool) -> io::Result<()> {
    match format {
        CacheFormat::Pretty => pretty::write(report, out, colour),
        CacheFormat::Json => json_text::pretty(report, out),
        CacheFormat::Html => html::write(report, out),
    }
}

/// Six digits behind the point: more would be noise of the machine's arithmetic.
#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
fn rounded<S: serde::Serializer>(value: &f64, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_f64((value * 1e6).round() / 1e6)
}

/// Seconds, as exact as they are worth.
pub fn seconds(value: f64) -> String {
    match value {
        v if v >= 10.0 => format!("{v:.0} s"),
        v if v >= 0.05 => format!("{v:.1} s"),
        v if v > 0.0 => "<0.1 s".to_owned(),
        _ => "0 s".to_owned(),
    }
}

/// A share of commits.
pub fn percent(value: f64) -> String {
    match value * 100.0 {
        v if v > 0.0 && v < 0.5 => "<1 %".to_owned(),
        v => format!("{v:.0} %"),
    }
}
