//! The installs of a stage, and where its COPY and ADD put their files.

use super::super::effects::{State, is_plain_shell};
use super::super::path::AbsolutePath;
use super::super::stage::{Base, Model, Stage};
use super::environment::Variables;
use super::rest::Rest;
use super::script::Call;
use super::{Install, RunInstalls, is_installer, recognise, rest, script};
use crate::syntax::{Instruction, Keyword, mount_fields};

/// Stands for the working directory of the base image. No path in a Dockerfile has this name: NUL ends
/// the names of files.
const BASE: &str = "/\0";

/// Whether the path is known: it doesn't start at the working directory of the base image.
pub fn is_known(path: &AbsolutePath) -> bool {
    !path.as_str().starts_with(BASE)
}

/// What the steps of a stage install and where its files go, by the position of the step below FROM.
#[derive(Debug)]
pub struct StageInstalls {
    /// The installs of each RUN.
    pub runs: Vec<Option<RunInstalls>>,
    /// The destination of each COPY and ADD; [`is_known`] tells whether all of it is known.
    pub destinations: Vec<Option<AbsolutePath>>,
    /// The sources of each COPY and ADD, without variables; empty if one of them is not known.
    pub sources: Vec<Vec<String>>,
    /// The folder that each WORKDIR names.
    pub folders: Vec<Option<AbsolutePath>>,
    /// The folders that each WORKDIR of the stages below made.
    pub inherited_folders: Vec<AbsolutePath>,
    /// Whether each RUN may bring files from elsewhere.
    pub fetches: Vec<bool>,
    /// The installs of the stages that this one is built on.
    pub inherited: Vec<RunInstalls>,
    /// The variables in front of each RUN that installs something.
    pub(super) variables: Vec<Option<Variables>>,
}

impl StageInstalls {
    /// Reads `stage`; `None` if no RUN in it installs anything.
    pub fn of(model: &Model<'_, '_>, stage: &Stage) -> Option<Self> {
        Self::may_be(model, stage).then(|| Self::read(model, stage))?.filter(Self::installs)
    }

    /// Whether a RUN of `stage` may install something, told without reading the stage.
    pub fn may_be(model: &Model<'_, '_>, stage: &Stage) -> bool {
        model.steps(stage).iter().any(may_install)
    }

    /// Whether a RUN installs something.
    pub fn installs(&self) -> bool {
        self.runs.iter().any(Option::is_some)
    }

    /// Reads `stage`, whether or not it installs anything; `None` for a stage of Windows.
    pub fn read(model: &Model<'_, '_>, stage: &Stage) -> Option<Self> {
        if model.file.escape != '\\' {
            return None;
        }
        let mut state = State::default();
        state.workdir = AbsolutePath::new(BASE);
        let mut variables = Variables::default();
        let (mut inherited, mut inherited_folders) = (Vec::new(), Vec::new());
        let mut chain = Vec::new();
        let mut base = &stage.base;
        while let Base::Stage(index) = base {
            chain.push(*index);
            base = &model.stages[*index].base;
        }
        for &index in chain.iter().rev() {
            for step in model.steps(&model.stages[index]) {
                inherited.extend(installs(step, &state));
                variables.advance(step, &state, model.file.escape);
                state.advance(step, model.file.escape);
                if step.keyword == Keyword::Workdir {
                    inherited_folders.extend(state.workdir.clone());
                }
            }
        }
        let count = stage.steps.len();
        let mut read = Self {
            runs: Vec::with_capacity(count),
            destinations: Vec::with_capacity(count),
            sources: Vec::with_capacity(count),
            folders: Vec::with_capacity(count),
            inherited_folders,
            fetches: Vec::with_capacity(count),
            inherited,
            variables: Vec::with_capacity(count),
        };
        for step in model.steps(stage) {
            read.step(step, &state, &variables, model.file.escape);
            variables.advance(step, &state, model.file.escape);
            state.advance(step, model.file.escape);
        }
        Some(read)
    }

    /// Whether a WORKDIR above the step at `before` made `folder`.
    pub fn is_made(&self, folder: &AbsolutePath, before: usize) -> bool {
        let own = self.folders[..before].iter().flatten();
        own.chain(&self.inherited_folders).any(|made| is_known(made) && folder.covers(made))
    }

    fn step(&mut self, step: &Instruction<'_>, state: &State, variables: &Variables, escape: char) {
        let transfers = matches!(step.keyword, Keyword::Copy | Keyword::Add);
        let known = |text: &str| state.expand(text, escape).known();
        let sources = || step.sources().iter().map(|w| known(&w.text)).collect::<Option<_>>();
        let run = installs(step, state);
        self.variables.push(run.as_ref().map(|_| variables.clone()));
        self.runs.push(run);
        self.fetches.push(may_fetch(step));
        self.sources.push(if transfers { sources() } else { None }.unwrap_or_default());
        let destination = step.destination().filter(|_| transfers);
        self.destinations.push(destination.and_then(|w| state.path(&w.text, escape)));
        let folder = step.single().filter(|_| step.keyword == Keyword::Workdir);
        self.folders.push(folder.and_then(|w| state.path(&w.text, escape)));
    }
}

/// Commands that bring files from elsewhere, or put files of the project in other places.
const FETCHES: &[&str] = &["git", "curl", "wget", "tar", "unzip", "svn", "hg", "cp", "mv", "rsync", "npx"];

/// Whether `step` may bring files from elsewhere.
fn may_fetch(step: &Instruction<'_>) -> bool {
    const NAMES: &[&str] = &["clone", "curl", "wget", "tar ", "unzip"];
    step.keyword == Keyword::Run && NAMES.iter().any(|name| step.mentions(name))
}

/// Most RUNs install nothing, and need not be read.
fn may_install(step: &Instruction<'_>) -> bool {
    const NAMES: &[&str] =
        &["npm", "yarn", "pip", "poetry", "uv", "go ", "cargo", "bundle", "composer", "mvn", "gradle", "dotnet", "mix"];
    // Most don't even mention one, and their scripts need not be parsed for that.
    step.keyword == Keyword::Run && NAMES.iter().any(|name| step.mentions(name)) && script::may_run(step, is_installer)
}

/// Whether the folder that `call` goes to is there for one of the installs, or in any image.
fn leads_to_install(call: &Call, installs: &[Install]) -> bool {
    let folder = call.rest().iter().find(|word| !word.starts_with('-')).and_then(|word| call.path(word));
    folder.is_none_or(|folder| {
        let is_of_image = folder.is_system() || ["/tmp", "/root", "/home"].contains(&folder.as_str());
        is_of_image || folder == call.folder || installs.iter().any(|install| folder.covers(&install.folder))
    })
}

fn installs(step: &Instruction<'_>, state: &State) -> Option<RunInstalls> {
    if !may_install(step) {
        return None;
    }
    let script = script::read(step, state);
    let first = script.calls.iter().position(|call| recognise(call).is_some())?;
    // It may bring the manifests itself.
    if script.calls[..first].iter().any(|call| FETCHES.contains(&call.name())) {
        return None;
    }
    let mut rest = if script.plain { Rest::Nothing } else { Rest::Other(String::new()) };
    let mut installs = Vec::new();
    for call in &script.calls {
        if call.assigns {
            rest = rest.and(Rest::Harmless);
        }
        match recognise(call) {
            Some(mut install) => {
                if !state.shell.as_deref().is_none_or(is_plain_shell) {
                    install.doubts.push("the shell that SHELL names may read files before its commands".to_owned());
                }
                installs.push(install);
            }
            None => rest = rest.and(rest::of(call)),
        }
    }
    let goes_astray = |call: &&Call| call.name() == "cd" && !leads_to_install(call, &installs);
    if let Some(call) = script.calls.iter().find(goes_astray) {
        rest = rest.and(rest::unknown(call));
    }
    // A file that a mount brings needs no COPY.
    let binds = |value: &str| {
        let fields = mount_fields(value).unwrap_or_default();
        let kind = fields.iter().find(|f| f.key == "type").and_then(|f| f.value.as_deref());
        !matches!(kind, Some("cache" | "secret" | "ssh" | "tmpfs"))
    };
    let mounted = step.flags.iter().any(|f| f.name() == "mount" && f.value().is_none_or(binds));
    Some(RunInstalls { installs, rest, mounted })
}
