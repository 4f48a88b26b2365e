//! Two builds one after the other: what the second one executes, and what is predicted.

use super::compare::{Comparison, Predicted, Step, compare, same_keys};
use super::edit::{Edit, edited};
use super::recipe::Recipe;
use super::steps::{places, steps};
use crate::engine::{Builder, Engine};
use crate::executed;
use std::path::{Path, PathBuf};
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

impl Pair {
    pub fn after(&self) -> Recipe {
        edited(&self.before, &self.edits)
    }

    /// Builds both and compares. Whoever else uses the engine may remove an image without a name from
    /// under a build; that says nothing of the pair, so it is built once more.
    pub fn check(&self, engine: &Engine, builder: Builder) -> Outcome {
        match self.check_once(engine, builder) {
            Outcome::NotBuilt(log) if log.contains("unable to find image") => self.check_once(engine, builder),
            outcome => outcome,
        }
    }

    /// Each call is a pair of its own, with nothing of it in any cache.
    fn check_once(&self, engine: &Engine, builder: Builder) -> Outcome {
        let nonce = nonce();
        let root = folder();
        let after = self.after();
        let folders = contexts(root.path());
        let mut images = Vec::new();
        let mut logs = Vec::new();
        let mut failure = None;
        for (recipe, folder) in [&self.before, &after].into_iter().zip(&folders) {
            recipe.write(folder, &nonce).expect("the context is written");
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
                let predicted = self.predict(&folders, builder);
                let same = same_keys(&after, &after.text(&nonce), &folders[1], builder);
                Outcome::Built(compare(&places(&after), &steps(log, builder, &after), &predicted, &same))
            }
            (failure, _) => Outcome::NotBuilt(failure.unwrap_or_default()),
        };
        remove(engine, &images);
        outcome
    }

    /// Whether anything is predicted to run again.
    pub fn runs_something(&self, builder: Builder) -> bool {
        let root = folder();
        let folders = contexts(root.path());
        for (recipe, folder) in [&self.before, &self.after()].into_iter().zip(&folders) {
            recipe.write(folder, "n").expect("the context is written");
        }
        !self.predict(&folders, builder).is_empty()
    }

    /// What `layerwise cache diff` says of the two contexts.
    fn predict(&self, folders: &[PathBuf; 2], builder: Builder) -> Vec<Predicted> {
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
        let names = self.after().stage_names();
        let rerun = |r: &serde_json::Value| {
            let line = r["line"].as_u64().and_then(|n| u32::try_from(n).ok()).expect("a line");
            let stage = r["stage"].as_str().expect("a stage");
            let named = names.iter().position(|name| name.as_deref() == Some(stage));
            let stage = named.unwrap_or_else(|| stage.parse().expect("a name or a number"));
            Predicted { step: Step { stage, line }, reason: r["reason"].as_str().expect("a reason").to_owned() }
        };
        document["reruns"].as_array().expect("a list").iter().map(rerun).collect()
    }
}

fn folder() -> tempfile::TempDir {
    tempfile::Builder::new().prefix("layerwise-").tempdir().expect("a folder for two contexts")
}

/// Both have the same name, as one folder would have: BuildKit then sends only what differs.
fn contexts(root: &Path) -> [PathBuf; 2] {
    ["before", "after"].map(|side| root.join(side).join("context"))
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
