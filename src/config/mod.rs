//! The configuration: `.layerwise.yaml`, found above the linted file; without one, hadolint's.
//!
//! `find` looks for the file, `yaml` reads it into a tree that knows its places, `read` turns the tree
//! into a `Config`, and `mistake` shows what is wrong. A new key is a field here and an arm in `read`.
//! `hadolint` reads what hadolint is told, and says it as a `Config`.

mod contexts;
mod custom;
mod extends;
mod extent;
pub mod find;
mod hadolint;
mod layers;
mod mistake;
mod nodes;
mod options;
mod read;
mod repository;
#[cfg(test)]
mod tests;
mod yaml;

pub use crate::builder::Builder;
pub use contexts::{ContextConfig, FilePattern};
pub use custom::{CustomRule, Matcher, Parts, Patterns, StageFilter, Subject, is_custom_code, keep_code};
pub use find::{Finder, NAMES, load, parse};
pub use hadolint::{Hadolint, NAMES as HADOLINT_NAMES};
pub use layers::{Layers, OverrideConfig};
pub use mistake::{ConfigError, Mistake, quoted};
pub use options::{OptionKind, OptionSpec, OptionValue, Options};
pub use read::RULE_LEVELS;
pub use repository::{is_link_out, root_of};
pub use yaml::Place;

use crate::diagnostic::Severity;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// What a configuration file says. What it doesn't say is `None` or empty.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Config {
    /// The file, unless the configuration is the built-in one.
    pub path: Option<PathBuf>,
    /// `select`: the rules to run in place of the default set.
    pub select: Option<Vec<Selector>>,
    /// `extend-select`: the rules to run as well.
    pub extend_select: Vec<Selector>,
    /// `ignore`: the rules not to run.
    pub ignore: Vec<Selector>,
    /// `ignore-comments`: whether comments in Dockerfiles switch rules off.
    pub ignore_comments: Option<bool>,
    /// `fail-level`: the lightest finding that makes the run fail.
    pub fail_level: Option<Severity>,
    /// `no-fail`: whether findings never make the run fail.
    pub no_fail: Option<bool>,
    /// `builder`: whose cache the findings speak of.
    pub builder: Option<Builder>,
    /// `shellcheck`: whether the scripts of RUN go to the `shellcheck` program. Which program that is, a configuration
    /// can't say: whoever owns the repository does not choose what runs on this machine.
    pub shellcheck: Option<ShellCheck>,
    /// `rules`: one entry a rule, in the order of the file.
    pub rules: Vec<RuleConfig>,
    /// `contexts`: one entry a pattern of Dockerfiles, in the order of the file.
    pub contexts: Vec<ContextConfig>,
    /// `custom`: the rules of the project.
    pub custom: Vec<Arc<CustomRule>>,
    /// `extends`: the configurations that this one is read over, the strongest last.
    pub extends: Vec<Config>,
    /// `baseline`: the file with the findings that are known and not reported, as found from this file.
    pub baseline: Option<PathBuf>,
    /// `overrides`: what counts for some Dockerfiles only, in the order of the file.
    pub overrides: Vec<OverrideConfig>,
    /// If the file is hadolint's: the parts of it that have no meaning here.
    pub from_hadolint: Option<Vec<String>>,
}

impl Config {
    /// The rules of the project, with those of the files that it extends.
    pub fn custom_rules(&self) -> Vec<&Arc<CustomRule>> {
        let mut rules: Vec<&Arc<CustomRule>> = self.extends.iter().flat_map(|base| base.custom_rules()).collect();
        for rule in &self.custom {
            rules.retain(|other| other.code != rule.code);
            rules.push(rule);
        }
        rules
    }

    /// The files that it was read from: those that it extends, and its own.
    pub fn files(&self) -> Vec<&Path> {
        self.extends.iter().flat_map(Config::files).chain(self.path.as_deref()).collect()
    }

    /// The build context that `contexts` gives the Dockerfile at the absolute path `dockerfile`, from the folder of
    /// the configuration on that comes with it. Of several entries that fit, the last one counts.
    pub fn context_of(&self, dockerfile: &Path) -> Option<(&Path, &Path)> {
        let own = || {
            let path = self.within(dockerfile)?;
            let entry = self.contexts.iter().rev().find(|entry| entry.files.matches(path))?;
            Some((entry.folder.as_path(), self.path.as_deref()?))
        };
        own().or_else(|| self.extends.iter().rev().find_map(|base| base.context_of(dockerfile)))
    }
}

/// Whether scripts go to the `shellcheck` program.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ShellCheck {
    /// If it is installed.
    #[default]
    Auto,
    /// Yes; the run fails if it is not there.
    On,
    /// No.
    Off,
}

impl ShellCheck {
    /// All of them.
    pub const ALL: [ShellCheck; 3] = [ShellCheck::Auto, ShellCheck::On, ShellCheck::Off];

    /// The name in options and in the configuration.
    pub const fn name(self) -> &'static str {
        match self {
            ShellCheck::Auto => "auto",
            ShellCheck::On => "on",
            ShellCheck::Off => "off",
        }
    }

    /// The one called `name`.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|s| s.name() == name)
    }
}

/// A word that stands for rules: a code, a prefix of codes, a name, an alias or `ALL`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Selector {
    /// The word as written.
    pub text: String,
    /// Where it stands in the file.
    pub place: Place,
    /// The codes of the rules it stands for, at least one.
    pub codes: Vec<&'static str>,
}

/// What `rules` says about one rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RuleConfig {
    /// The code of the rule.
    pub code: &'static str,
    /// Where its key stands in the file.
    pub place: Place,
    /// How its findings weigh, or that it does not run.
    pub level: Option<Level>,
    /// What its options are set to.
    pub options: Options,
}

/// The level of one rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Level {
    /// The rule does not run.
    Off,
    /// Its findings have this severity.
    At(Severity),
}

impl Level {
    /// The level called `name`: `off` or the name of a severity.
    pub fn from_name(name: &str) -> Option<Self> {
        if name == "off" { Some(Level::Off) } else { Severity::from_name(name).map(Level::At) }
    }
}

/// What a word stands for among the rules.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Resolution {
    /// The codes of these rules.
    Rules(Vec<&'static str>),
    /// No rule.
    Unknown,
}

/// What the configuration has to know of the rules. Their registry gives it: the configuration knows none.
#[derive(Clone, Copy)]
pub struct Catalogue<'a> {
    /// Tells what a word stands for.
    pub resolve: &'a (dyn Fn(&str) -> Resolution + Send + Sync),
    /// Tells the code, name or alias that was probably meant by a word that stands for no rule.
    pub suggest: &'a (dyn Fn(&str) -> Option<String> + Send + Sync),
    /// Tells the options of the rule with a code.
    pub options: &'a (dyn Fn(&str) -> &'static [OptionSpec] + Send + Sync),
}
