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
pub struct Layers<'c>(Vec<Layer<'c>>);

#[derive(Clone, Copy, Debug)]
struct Layer<'c> {
    config: &'c Config,
    /// The file that it stands in.
    path: Option<&'c Path>,
    /// Which of its `overrides` it is.
    entry: Option<usize>,
}

impl Config {
    /// What counts for the Dockerfile at the absolute path `dockerfile`.
    pub fn layers(&self, dockerfile: &Path) -> Layers<'_> {
        let mut layers = Layers::default();
        self.collect(dockerfile, &mut layers.0);
        layers
    }

    fn collect<'c>(&'c self, dockerfile: &Path, layers: &mut Vec<Layer<'c>>) {
        self.extends.iter().for_each(|base| base.collect(dockerfile, layers));
        let path = self.path.as_deref();
        layers.push(Layer { config: self, path, entry: None });
        let Some(within) = self.within(dockerfile) else { return };
        for (at, entry) in self.overrides.iter().enumerate() {
            if entry.files.iter().any(|files| files.matches(within)) {
                layers.push(Layer { config: &entry.config, path, entry: Some(at) });
            }
        }
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

    /// Whether findings never make the run fail.
    pub fn no_fail(&self) -> Option<bool> {
        self.last(|c| c.no_fail)
    }

    /// Adds `config` as the strongest part.
    pub fn push(&mut self, config: &'c Config) {
        self.0.push(Layer { config, path: None, entry: None });
    }

    /// Whether scripts go to `shellcheck`.
    pub fn shellcheck(&self) -> Option<ShellCheck> {
        self.last(|c| c.shellcheck)
    }

    /// The file with the findings that are known.
    pub fn baseline(&self) -> Option<&'c Path> {
        self.0.iter().rev().find_map(|layer| layer.config.baseline.as_deref())
    }

    /// The parts, the strongest last.
    pub fn iter(&self) -> impl Iterator<Item = &'c Config> {
        self.0.iter().map(|layer| layer.config)
    }

    /// The file that part number `at` stands in, and which of its `overrides` it is.
    pub fn origin(&self, at: usize) -> Option<(&'c Path, Option<usize>)> {
        self.0.get(at).and_then(|layer| Some((layer.path?, layer.entry)))
    }

    fn last<T>(&self, value: impl Fn(&Config) -> Option<T>) -> Option<T> {
        self.0.iter().rev().find_map(|layer| value(layer.config))
    }
}
