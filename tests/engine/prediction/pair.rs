//! Two builds one after the other: what the second one executes, and what is predicted.

use super::edit::{Edit, edited};
use super::recipe::{Kind, Line, Recipe};
use crate::engine::{Builder, Engine};
use crate::executed::{self, Step};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::Path;
use std::process::Command;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::SystemTime;

/// A build, and what changes before the next one.
#[derive(Clone, Debug)]
pub struct Pair {
    pub before: Recipe,
    pub edits: Vec<Edit>,
}

/// What came of a pair.
#[derive(Clone, Debug)]
pub enum Outcome {
    /// One of the builds failed; what it said last.
    NotBuilt(String),
    Built(Comparison),
}

/// What was predicted, and what was executed.
#[derive(Clone, Debug, Default)]
pub struct Comparison {
    /// The lines that are predicted to run again, each with the reason.
    pub predicted: BTreeMap<u32, String>,
    /// The lines that were executed.
    pub executed: BTreeSet<u32>,
    /// What does not fit together; empty if all does.
    pub wrong: Vec<String>,
}

impl Pair {
    pub fn after(&self) -> Recipe {
        edited(&self.before, &self.edits)
    }

    /// Builds both and compares. Each call is a pair of its own, with nothing of it in any cache.
    pub fn check(&self, engine: &Engine, builder: Builder) -> Outcome {
        let nonce = nonce();
        let root = tempfile::Builder::new().prefix("layerwise-").tempdir().expect("a folder for two contexts");
        let after = self.after();
        // Both have the same name, as one folder would have: BuildKit then sends only what differs.
        let folders = ["before", "after"].map(|side| root.path().join(side).join("context"));
        let mut images = Vec::new();
        let mut logs = Vec::new();
        let mut failure = None;
        for (recipe, folder) in [&self.before, &after].into_iter().zip(&folders) {
            std::fs::create_dir_all(folder)
                .and_then(|()| recipe.write(folder, &nonce))
                .expect("the context is written");
            let (log, good) = build(engine, builder, recipe, folder);
            images.splice(0..0, executed::images(&log));
            if !good {
                failure = Some(log);
                break;
            }
            logs.push(log);
        }
        let outcome = match (failure, logs.last()) {
            (None, Some(log)) => {
                let text = after.text(&nonce);
                Outcome::Built(compare(&after, &text, &steps(log, builder, &after), self.predict(&folders, builder)))
            }
            (failure, _) => Outcome::NotBuilt(failure.unwrap_or_default()),
        };
        remove(engine, &images);
        outcome
    }

    /// What `layerwise cache diff` says of the two contexts.
    fn predict(&self, folders: &[std::path::PathBuf; 2], builder: Builder) -> Vec<(u32, String)> {
        let mut command = Command::new(env!("CARGO_BIN_EXE_layerwise"));
        command.args(["cache", "diff", "--format", "json", "--builder", name(builder)]);
        command.arg("--before").arg(&folders[0]).arg("--after").arg(&folders[1]);
        for (option, recipe) in [("--build-arg-before", &self.before), ("--build-arg", &self.after())] {
            for (name, value) in &recipe.arguments {
                command.args([option, &format!("{name}={value}")]);
            }
        }
        command.args(self.before.target.iter().flat_map(|target| ["--target", target]));
        let output = command.output().expect("layerwise runs");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let document: serde_json::Value = serde_json::from_slice(&output.stdout).expect("JSON");
        let rerun = |r: &serde_json::Value| {
            let line = r["line"].as_u64().and_then(|n| u32::try_from(n).ok()).expect("a line");
            (line, r["reason"].as_str().expect("a reason").to_owned())
        };
        document["reruns"].as_array().expect("a list").iter().map(rerun).collect()
    }
}

pub fn name(builder: Builder) -> &'static str {
    match builder {
        Builder::BuildKit => "buildkit",
        Builder::Classic => "classic",
    }
}

/// A word that no earlier pair had, of this run or another one.
fn nonce() -> String {
    static COUNT: AtomicU64 = AtomicU64::new(0);
    let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).expect("after 1970");
    format!("n{:x}x{:x}x{:x}", now.as_micros(), std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed))
}

fn build(engine: &Engine, builder: Builder, recipe: &Recipe, folder: &Path) -> (String, bool) {
    let mut command = engine.build(builder);
    for (name, value) in &recipe.arguments {
        command.args(["--build-arg", &format!("{name}={value}")]);
    }
    command.args(recipe.target.iter().flat_map(|target| ["--target", target]));
    let output = command.arg(folder).output().expect("the client runs");
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    (text(&output.stdout) + &text(&output.stderr), output.status.success())
}

/// The images of one pair are of no use to any other. One that still has children goes with them.
fn remove(engine: &Engine, images: &[String]) {
    let mut arguments = vec!["image", "rm", "--force"];
    arguments.extend(images.iter().map(String::as_str));
    if !images.is_empty() {
        drop(engine.command(&arguments).output());
    }
}

/// Finds the lines that the steps of a log stand for, with whether they were executed.
fn steps(log: &str, builder: Builder, recipe: &Recipe) -> Result<Vec<(u32, bool)>, String> {
    let numbered = recipe.numbered();
    match builder {
        Builder::Classic => {
            let steps = executed::classic(log);
            let line = |s: &Step| Some((numbered.get(s.position.checked_sub(1)?)?.0, s.executed));
            // Nothing is done for an ARG above the first FROM, and nothing is said of it.
            let steps = steps.iter().skip_while(|s| s.keyword() != "FROM");
            steps.map(|s| line(s).ok_or_else(|| format!("no line is step {}", s.position))).collect()
        }
        Builder::BuildKit => {
            let stages = stages(&numbered);
            let several = stages.len() > 1;
            let find = |step: &Step| {
                let (_, lines) = stages.iter().find(|(name, _)| *name == step.stage || !several)?;
                let line = lines.get(step.position.checked_sub(1)?)?;
                (line.1.keyword() == step.keyword()).then_some((line.0, step.executed))
            };
            // Two builds at a time share FROM, and it is printed by the name that the other one gave it.
            let steps: Vec<Step> = executed::buildkit(log).into_iter().filter(|s| s.keyword() != "FROM").collect();
            steps.iter().map(|s| find(s).ok_or_else(|| format!("no line is the step {s:?}\n{log}"))).collect()
        }
    }
}

/// The lines that are steps for BuildKit, by stage.
fn stages<'r>(numbered: &[(u32, &'r Line)]) -> Vec<(String, Vec<(u32, &'r Line)>)> {
    let mut stages: Vec<(String, Vec<(u32, &Line)>)> = Vec::new();
    for &(number, line) in numbered {
        let word = line.text.split_whitespace().nth(1).unwrap_or_default();
        if line.kind == Kind::From {
            let name = line.text.split_once(" AS ").map(|(_, name)| name.to_owned());
            let is_stage = stages.iter().any(|(name, _)| name == word);
            stages.push((name.unwrap_or_else(|| format!("stage-{}", stages.len())), Vec::new()));
            if is_stage {
                continue;
            }
        }
        let is_step = ["FROM", "RUN", "COPY", "ADD", "WORKDIR"].contains(&line.keyword().as_str());
        if let Some((_, lines)) = stages.last_mut().filter(|_| is_step) {
            lines.push((number, line));
        }
    }
    stages
}

/// Two lines of the same key are one step to the builder: it is enough that one of them is executed.
fn compare(
    recipe: &Recipe,
    text: &str,
    steps: &Result<Vec<(u32, bool)>, String>,
    predicted: Vec<(u32, String)>,
) -> Comparison {
    let mut found = Comparison { predicted: predicted.into_iter().collect(), ..Comparison::default() };
    let steps = match steps {
        Ok(steps) => steps,
        Err(error) => {
            found.wrong.push(format!("the log can't be read: {error}\n{text}"));
            return found;
        }
    };
    let known: HashMap<u32, bool> = steps.iter().copied().collect();
    found.executed = steps.iter().filter(|(_, executed)| *executed).map(|(line, _)| *line).collect();
    for (number, line) in recipe.numbered().into_iter().skip_while(|(_, line)| line.kind != Kind::From) {
        let first = line.text.lines().next().unwrap_or_default();
        match (found.predicted.get(&number), known.get(&number)) {
            (Some(reason), Some(false)) => {
                found.wrong.push(format!("line {number} was cached, but should run ({reason}): {first}"));
            }
            (Some(reason), None) => {
                found.wrong.push(format!("line {number} is no step, but should run ({reason}): {first}"));
            }
            (None, Some(true)) => found.wrong.push(format!("line {number} ran, but should be cached: {first}")),
            _ => {}
        }
    }
    found
}
