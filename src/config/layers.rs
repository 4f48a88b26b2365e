//! What counts for one Dockerfile: the files that the configuration extends, the configuration itself, and
//! those of its overrides that fit, each read over the ones before it.

use super::{Builder, Config, FilePattern, ShellCheck};
use crate::diagnostic::Severity;
use std::path::Path;

/// One entry of `overrides`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OverrideConfig {
    /// The Dockerfiles it is about; one pattern has to fit.
    pub files: Vec<FilePattern>,
    /// What it says.
    pub config: Config,
}

/// The parts of a configuration that count for one file, the strongest last.
#[derive(Clone, Debug, Default)]
pub struct Layers<'c>(Vec<&'c Config>);

impl Config {
    /// What counts for the Dockerfile at the absolute path `dockerfile`.
    pub fn layers(&self, dockerfile: &Path) -> Layers<'_> {
        let mut layers = Layers::default();
        self.collect(dockerfile, &mut layers.0);
        layers
    }

    fn collect<'c>(&'c self, dockerfile: &Path, layers: &mut Vec<&'c Config>) {
        self.extends.iter().for_each(|base| base.collect(dockerfile, layers));
        layers.push(self);
        let Some(path) = self.within(dockerfile) else { return };
        let fits = |entry: &&OverrideConfig| entry.files.iter().any(|files| files.matches(path));
        layers.extend(self.overrides.iter().filter(fits).map(|entry| &entry.config));
    }

    /// The path of `dockerfile` from the folder of this file on.
    pub(super) fn within<'p>(&self, dockerfile: &'p Path) -> Option<&'p Path> {
        dockerfile.strip_prefix(self.path.as_deref()?.parent()?).ok()
    }
}

impl<'c> Layers<'c> {
    /// Whose cache the findings speak of.
    pub fn builder(&self) -> Option<Builder> {
        self.last(|c| c.builder)
    }

    /// The lightest finding that makes the run fail.
    pub fn fail_level(&self) -> Option<Severity> {
        self.last(|c| c.fail_level)
    }

    /// Whether scripts go to `shellcheck`.
    pub fn shellcheck(&self) -> Option<ShellCheck> {
        self.last(|c| c.shellcheck)
    }

    /// The parts, the strongest last.
    pub fn iter(&self) -> impl Iterator<Item = &'c Config> {
        self.0.iter().copied()
    }

    fn last<T>(&self, value: impl Fn(&Config) -> Option<T>) -> Option<T> {
        self.0.iter().rev().find_map(|config| value(config))
    }
}
