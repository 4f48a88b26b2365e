//! Installs that follow manifests: what a package manager in a RUN is told to install, and from which
//! folder.
//!
//! Only the command line is read here; what the manifests say is known to `context::manifest`.

mod environment;
mod flags;
mod javascript;
mod others;
mod python;
mod rest;
mod script;
mod stage;
#[cfg(test)]
mod tests;

pub use environment::environment_doubt;
pub use rest::Rest;
pub use stage::{StageInstalls, is_known};

pub use super::path::parent;

use super::path::AbsolutePath;
use script::Call;

/// A program that installs what manifests list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[allow(missing_docs, reason = "the names are those of the programs")]
pub enum Manager {
    Npm,
    Yarn,
    Pnpm,
    Pip,
    Poetry,
    Uv,
    Pipenv,
    Go,
    Cargo,
    Bundler,
    Composer,
    Maven,
    Gradle,
    Dotnet,
    Mix,
}

/// One command that installs what manifests list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Install {
    /// The program.
    pub manager: Manager,
    /// The command, short enough for a message: `npm ci`.
    pub command: String,
    /// Where it looks for its manifests, in the image.
    pub folder: AbsolutePath,
    /// The manifests that the command names, in the image.
    pub named: Vec<AbsolutePath>,
    /// Whether it fails rather than write to its lock file.
    pub keeps_lock: bool,
    /// Whether it runs the scripts that packages bring.
    pub runs_scripts: bool,
    /// What to change about the command before manifests alone can be enough for it.
    pub blocker: Option<&'static str>,
    /// What makes it hard to tell what else the command needs, as sentences without a full stop.
    pub doubts: Vec<String>,
}

impl Install {
    fn new(manager: Manager, command: &str, folder: &AbsolutePath) -> Self {
        Self {
            manager,
            command: command.to_owned(),
            folder: folder.clone(),
            named: Vec::new(),
            keeps_lock: false,
            runs_scripts: true,
            blocker: None,
            doubts: Vec::new(),
        }
    }

    /// The folder that its first manifest is in.
    pub fn place(&self) -> AbsolutePath {
        self.named.first().map_or_else(|| self.folder.clone(), parent)
    }

    fn doubt(&mut self, unknown: &[String]) {
        self.doubts.extend(unknown.iter().map(|flag| format!("what `{flag}` makes it read is not known")));
    }
}

/// The installs of one RUN.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RunInstalls {
    /// The installs, in order; there is at least one.
    pub installs: Vec<Install>,
    /// What the other commands may need.
    pub rest: Rest,
    /// Whether mounts bring the manifests, or may do so: then no COPY matters.
    pub mounted: bool,
}

/// Whether [`recognise`] knows the program `name`.
fn is_installer(name: &str) -> bool {
    name.starts_with("pip")
        || name.starts_with("python")
        || matches!(name, "npm" | "yarn" | "yarnpkg" | "pnpm" | "poetry" | "uv" | "go" | "cargo" | "bundle" | "bundler")
        || matches!(name, "composer" | "mvn" | "mvnw" | "gradle" | "gradlew" | "dotnet" | "mix")
}

/// The install that `call` is.
fn recognise(call: &Call) -> Option<Install> {
    match call.name() {
        "npm" => javascript::npm(call),
        "yarn" | "yarnpkg" => javascript::yarn(call),
        "pnpm" => javascript::pnpm(call),
        "poetry" | "uv" | "pipenv" => python::project(call),
        "go" | "cargo" | "bundle" | "bundler" | "composer" | "mvn" | "mvnw" | "gradle" | "gradlew" | "dotnet"
        | "mix" => others::recognise(call),
        _ => python::pip(call),
    }
}
