//! How a file is linted: what the configuration, its context, its history and the options of a command make of it.

use super::shell::Shell;
use crate::config::{Builder, Config, ConfigError, Finder, Layers};
use crate::context::{Chosen, Histories, LazyProject, ProjectFinder};
use crate::diagnostic::Severity;
use crate::lint::Settings;
use crate::rules::{Overrides, Selection};
use std::path::Path;
use std::sync::Arc;

/// What all files of a run have in common.
pub(super) struct Shared {
    /// `None` if no configuration is to be read.
    pub(super) configs: Option<Finder<'static>>,
    pub(super) projects: Arc<ProjectFinder>,
    pub(super) histories: Arc<Histories>,
    pub(super) overrides: Overrides,
    pub(super) shell: Shell,
}

/// How one file is to be checked.
pub(super) struct ForFile {
    pub(super) settings: Settings,
    /// The lightest finding that counts, if the configuration says it.
    pub(super) fail_level: Option<Severity>,
}

impl Shared {
    /// For the file at `place`, which need not be there. `builder` stands above what the configuration says.
    ///
    /// # Errors
    /// If the configuration has mistakes or can't be read.
    pub(super) fn for_file(&self, place: &Path, builder: Option<Builder>) -> Result<ForFile, Arc<ConfigError>> {
        let config = self.configs.as_ref().map_or(Ok(None), |configs| configs.for_file(place))?;
        Ok(self.with(config.as_deref(), place, builder))
    }

    /// For the file at `place`, with the configuration that was found for it.
    pub(super) fn with(&self, config: Option<&Config>, place: &Path, builder: Option<Builder>) -> ForFile {
        let layers = match (config, &self.configs) {
            (Some(config), Some(configs)) => config.layers(&configs.whole(place)),
            _ => Layers::default(),
        };
        let builder = builder.or(layers.builder()).unwrap_or_default();
        let chosen = |dockerfile: &Path| config?.context_of(dockerfile).map(Chosen::from);
        let request = self.projects.request(place, builder, chosen);
        let selection = Selection::new(layers.iter(), &self.overrides);
        let shellcheck = if selection.shell().any() { self.shell.checker(layers.shellcheck()) } else { None };
        let settings = Settings {
            selection,
            builder,
            project: Some(Arc::new(LazyProject::new(Arc::clone(&self.projects), request))),
            histories: Some(Arc::clone(&self.histories)),
            shellcheck,
        };
        ForFile { settings, fail_level: layers.fail_level() }
    }
}
