//! How a file is linted: what the configuration, its context, its history and the options of a command make of it.

use super::shell::Shell;
use crate::config::{Builder, Config, Finder, Layers};
use crate::context::{Chosen, Histories, LazyProject, ProjectFinder};
use crate::lint::Settings;
use crate::rules::{Overrides, Selection};
use std::path::Path;
use std::sync::{Arc, OnceLock};

/// What all files of a run have in common.
pub(super) struct Shared {
    /// `None` if no configuration is to be read.
    pub(super) configs: Option<Finder<'static>>,
    pub(super) projects: Arc<ProjectFinder>,
    pub(super) histories: Arc<Histories>,
    overrides: Overrides,
    pub(super) shell: Shell,
    /// The rules that run where no configuration counts.
    plain: OnceLock<Selection>,
}

impl Shared {
    /// What these options make of all files.
    pub(super) fn new(
        configs: Option<Finder<'static>>,
        projects: ProjectFinder,
        histories: Histories,
        overrides: Overrides,
        shell: Shell,
    ) -> Self {
        let (projects, histories) = (Arc::new(projects), Arc::new(histories));
        Self { configs, projects, histories, overrides, shell, plain: OnceLock::new() }
    }

    /// What of `config` counts for the file at `place`.
    pub(super) fn layers<'c>(&self, config: Option<&'c Config>, place: &Path) -> Layers<'c> {
        match (config, &self.configs) {
            (Some(config), Some(configs)) => config.layers(&configs.whole(place)),
            _ => Layers::default(),
        }
    }

    /// How the file at `place` is linted if `layers` count; `config` says where its context is.
    pub(super) fn settings(
        &self,
        layers: &Layers<'_>,
        config: Option<&Config>,
        place: &Path,
        builder: Option<Builder>,
    ) -> Settings {
        let builder = builder.or(layers.builder()).unwrap_or_default();
        let chosen = |dockerfile: &Path| config?.context_of(dockerfile).map(Chosen::from);
        let request = self.projects.request(place, builder, chosen);
        let selection = match layers.iter().next() {
            None => self.plain.get_or_init(|| Selection::new(None, &self.overrides)).clone(),
            Some(_) => Selection::new(layers.iter(), &self.overrides),
        };
        let shellcheck = if selection.shell().any() { self.shell.checker(layers.shellcheck()) } else { None };
        Settings {
            selection,
            builder,
            project: Some(Arc::new(LazyProject::new(Arc::clone(&self.projects), request))),
            histories: Some(Arc::clone(&self.histories)),
            shellcheck,
        }
    }
}
