//! What a stage ends with: the config of its image.

use super::scope::{Difference, Scope};
use super::unproven::Unproven;
use super::value::{Symbol, Value};
use crate::syntax::{Form, Instruction, Keyword};
use rpds::{RedBlackTreeMap, RedBlackTreeSet};
use std::collections::BTreeMap;

/// The words of SHELL; `None` stands for what the base image has.
pub(super) type Shell = Option<Vec<String>>;

/// A command as the image stores it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum Command {
    /// JSON form.
    Exec(Vec<String>),
    /// A line, and the shell that completes it.
    Shell(String, Shell),
    /// No argument.
    Empty,
}

impl Command {
    pub(super) fn of(step: &Instruction<'_>, shell: &Shell) -> Self {
        match step.command() {
            Some(Form::Exec(words)) => Command::Exec(words.iter().map(|w| w.text.to_string()).collect()),
            Some(Form::Shell { range, .. }) => {
                Command::Shell(step.logical.text()[range.clone()].to_owned(), shell.clone())
            }
            Some(Form::Empty) | None => Command::Empty,
        }
    }
}

/// CMD, which ENTRYPOINT can take away.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) enum Cmd {
    /// That of the base image.
    #[default]
    Inherited,
    /// None: an ENTRYPOINT took it away.
    Reset,
    /// One that the file gives.
    Set(Command),
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Healthcheck {
    kind: String,
    flags: Vec<String>,
    command: Command,
}

/// The config of an image, and the variables that come with it. Each stage that starts from another has one: what is the
/// same in them is there once.
#[derive(Clone, Debug)]
pub(super) struct Config {
    pub(super) scope: Scope,
    pub(super) user: Option<Value>,
    pub(super) workdir: Value,
    pub(super) shell: Shell,
    cmd: Cmd,
    /// Whether CMD stands in this stage: then ENTRYPOINT keeps it.
    cmd_is_own: bool,
    entrypoint: Option<Command>,
    /// Each with its value, and the number of the setting that was the last one.
    labels: RedBlackTreeMap<Value, (usize, Value)>,
    /// How many labels were set so far.
    settings: usize,
    ports: RedBlackTreeSet<(Value, String)>,
    volumes: RedBlackTreeSet<Value>,
    healthcheck: Option<Healthcheck>,
    stop_signal: Option<Value>,
    author: Option<String>,
    pub(super) triggers: Vec<String>,
    /// The last line of each kind of instruction, for messages.
    lines: BTreeMap<Keyword, u32>,
}

impl Config {
    /// That of an image from elsewhere.
    pub(super) fn of_image(escape: char) -> Self {
        Self {
            scope: Scope::new(escape),
            user: None,
            workdir: Value::symbol(Symbol::Workdir),
            shell: None,
            cmd: Cmd::Inherited,
            cmd_is_own: false,
            entrypoint: None,
            labels: RedBlackTreeMap::new(),
            settings: 0,
            ports: RedBlackTreeSet::new(),
            volumes: RedBlackTreeSet::new(),
            healthcheck: None,
            stop_signal: None,
            author: None,
            triggers: Vec::new(),
            lines: BTreeMap::new(),
        }
    }

    /// What a stage built on this one starts with.
    pub(super) fn for_child(&self, escape: char) -> Self {
        if !self.triggers.is_empty() {
            // The triggers run first and can change anything: it is an image like any other.
            return Self::of_image(escape);
        }
        // BuildKit hands ARGs on and the classic builder doesn't: they stay, as symbols.
        Self { scope: self.scope.for_child(), cmd_is_own: false, lines: BTreeMap::new(), ..self.clone() }
    }

    /// Notes where an instruction stands.
    pub(super) fn at(&mut self, step: &Instruction<'_>) {
        self.lines.insert(step.keyword, step.line_numbers.0);
    }

    pub(super) fn set_cmd(&mut self, step: &Instruction<'_>) {
        self.cmd = Cmd::Set(Command::of(step, &self.shell));
        self.cmd_is_own = true;
    }

    pub(super) fn set_entrypoint(&mut self, step: &Instruction<'_>) {
        self.entrypoint = Some(Command::of(step, &self.shell));
        if !self.cmd_is_own {
            self.cmd = Cmd::Reset;
        }
    }

    pub(super) fn set_label(&mut self, key: Value, value: Value) {
        self.settings += 1;
        self.labels.insert_mut(key, (self.settings, value));
    }

    /// `quoted` is the word as written if quotes in it may keep a variable in one piece.
    pub(super) fn add_port(&mut self, port: Value, quoted: String) {
        let normal = port.known().map(|text| {
            let text = text.to_ascii_lowercase();
            // Of `address:host:port`, the image keeps the port: measured on BuildKit 0.13.
            let text = text.rsplit(':').next().unwrap_or_default().to_owned();
            let bare = text.bytes().all(|b| b.is_ascii_digit() || b == b'-') && !text.is_empty();
            Value::text(&if bare { format!("{text}/tcp") } else { text })
        });
        self.ports.insert_mut((normal.unwrap_or(port), quoted));
    }

    pub(super) fn add_volume(&mut self, volume: Value) {
        self.volumes.insert_mut(volume);
    }

    pub(super) fn set_stop_signal(&mut self, signal: Value) {
        self.stop_signal = Some(signal);
    }

    pub(super) fn set_author(&mut self, step: &Instruction<'_>) {
        self.author = step.single().map(|w| w.text.to_string());
    }

    pub(super) fn set_healthcheck(&mut self, step: &Instruction<'_>, kind: &str) {
        let kind = kind.to_ascii_uppercase();
        let mut flags: Vec<String> = step.flags.iter().map(|f| f.text.to_string()).collect();
        flags.sort();
        self.healthcheck = Some(Healthcheck { kind, flags, command: Command::of(step, &self.shell) });
    }

    /// Whether both end with the same config, if the stages below them do.
    pub(super) fn same(&self, new: &Config, stage: usize) -> Result<(), Unproven> {
        use Keyword as K;
        let variables = self.scope.difference(&new.scope);
        let variable = match variables {
            Some(Difference::Env(name)) => Some(name),
            _ => None,
        };
        let parts = [
            (self.user != new.user, K::User, "the user"),
            (self.workdir != new.workdir, K::Workdir, "the working directory"),
            (self.shell != new.shell, K::Shell, "the shell"),
            (self.cmd != new.cmd, K::Cmd, "the command"),
            (self.entrypoint != new.entrypoint, K::Entrypoint, "the entry point"),
            (self.labels() != new.labels(), K::Label, "a label"),
            (self.ports != new.ports, K::Expose, "an exposed port"),
            (self.volumes != new.volumes, K::Volume, "a volume"),
            (self.healthcheck != new.healthcheck, K::Healthcheck, "the health check"),
            (self.stop_signal != new.stop_signal, K::Stopsignal, "the stop signal"),
            (self.author != new.author, K::Maintainer, "the author"),
            (self.triggers != new.triggers, K::Onbuild, "the triggers"),
            // A stage whose base a variable names may be built on this one, and inherits its ARGs.
            (variables.is_some(), K::Arg, "a build argument"),
        ];
        let changed =
            parts.into_iter().find(|(differs, ..)| *differs).map(|(_, keyword, what)| (keyword, what.to_owned()));
        let Some((keyword, what)) = variable.map(|name| (K::Env, format!("the variable {name}"))).or(changed) else {
            return Ok(());
        };
        let lines = self.lines.get(&keyword).map(|&line| (keyword, line));
        let other = || self.lines.get(&K::From).map_or((K::From, 1), |&line| (K::From, line));
        let (keyword, line) = lines.unwrap_or_else(other);
        Err(Unproven::Config { stage, what, instruction: keyword.name(), line })
    }

    /// The labels by name; in order if two names that look different may turn out the same.
    fn labels(&self) -> Vec<(&Value, &Value)> {
        let mut labels: Vec<_> = self.labels.iter().collect();
        if labels.iter().any(|(key, _)| key.known().is_none()) {
            labels.sort_by_key(|(_, (setting, _))| *setting);
        }
        labels.into_iter().map(|(key, (_, value))| (key, value)).collect()
    }
}
