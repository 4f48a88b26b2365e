//! Finding the engine, and calling its client.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::OnceLock;

/// The builders that one engine has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Builder {
    BuildKit,
    Classic,
}

/// A Docker engine that answered.
#[derive(Clone, Debug)]
pub struct Engine {
    client: PathBuf,
}

impl Engine {
    /// The engine of this machine: `LAYERWISE_DOCKER`, the `docker` of the path, or the one that setup.sh started.
    ///
    /// A proof that is asked for and can't run must not look like one that passed, so this panics where
    /// there is none; `.ci/run` asks setup.sh first and counts a missing engine as skipped.
    pub fn get() -> &'static Self {
        static FOUND: OnceLock<Engine> = OnceLock::new();
        FOUND.get_or_init(|| Self::find().expect("no Docker engine answers; run tests/engine/setup.sh first"))
    }

    fn find() -> Option<Self> {
        if let Some(client) = std::env::var_os("LAYERWISE_DOCKER") {
            return Self::answering(client.into());
        }
        let home = std::env::var_os("LAYERWISE_ENGINE").unwrap_or_else(|| "/var/tmp/layerwise-engine".into());
        Self::answering("docker".into()).or_else(|| Self::answering(Path::new(&home).join("docker")))
    }

    fn answering(client: PathBuf) -> Option<Self> {
        let answer = Command::new(&client).arg("version").output().ok()?;
        answer.status.success().then_some(Self { client })
    }

    /// A call of the client.
    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(&self.client);
        command.args(arguments).env_remove("DOCKER_BUILDKIT");
        command
    }

    /// A `docker build` with `builder`, without its options: the network is the host's, because an engine
    /// without a bridge has no other.
    pub fn build(&self, builder: Builder) -> Command {
        let mut command = self.command(&["build", "--network", "host"]);
        match builder {
            Builder::BuildKit => command.args(["--progress", "plain"]).env("DOCKER_BUILDKIT", "1"),
            Builder::Classic => command.env("DOCKER_BUILDKIT", "0"),
        };
        command
    }

    /// What the client prints for `arguments`.
    ///
    /// # Errors
    /// What it printed to standard error, where it fails.
    pub fn ask(&self, arguments: &[&str]) -> Result<String, String> {
        text(self.command(arguments).output().map_err(|e| e.to_string())?)
    }

    /// Whether the engine has the image `name`.
    pub fn has_image(&self, name: &str) -> bool {
        self.ask(&["image", "inspect", name]).is_ok()
    }
}

/// Ends the run at a first failure that was printed, if `LAYERWISE_STOP_AT_FIRST` is set: whoever only asks whether
/// there is one need not wait for the rest.
pub fn failed() {
    if std::env::var_os("LAYERWISE_STOP_AT_FIRST").is_some() {
        std::process::exit(101);
    }
}

/// The standard output of a program that went well.
fn text(output: Output) -> Result<String, String> {
    let shown = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    if output.status.success() { Ok(shown(&output.stdout)) } else { Err(shown(&output.stderr)) }
}

#[test]
#[ignore = "needs a Docker engine: tests/engine/setup.sh"]
fn the_engine_answers_and_has_the_image_that_all_proofs_start_from() {
    let engine = Engine::get();
    println!("engine {}", engine.ask(&["version", "--format", "{{.Server.Version}}"]).unwrap().trim());
    assert!(engine.has_image("busybox:1.36"), "run tests/engine/setup.sh: it makes the images");
    let context = tempfile::Builder::new().prefix("layerwise-").tempdir().unwrap();
    std::fs::write(context.path().join("Dockerfile"), "FROM busybox:1.36\nRUN true\n").unwrap();
    for builder in [Builder::BuildKit, Builder::Classic] {
        let built = engine.build(builder).arg(context.path()).output().unwrap();
        assert!(built.status.success(), "{builder:?}: {}", String::from_utf8_lossy(&built.stderr));
    }
}
