//! What all open documents have in common: configurations, contexts, histories, ShellCheck.

use super::document::{Document, Ground};
use crate::cli::baseline::Baselines;
use crate::cli::failure::Failure;
use crate::cli::settings::Shared;
use crate::cli::shell::Shell;
use crate::config::Finder;
use crate::context::churn::DEFAULT_LIMIT;
use crate::context::{Histories, ProjectFinder};
use crate::model::Model;
use crate::rules::{self, Overrides};
use crate::syntax::parse;
use std::path::{Path, PathBuf};
use std::sync::Arc;

pub(super) struct Workspace {
    /// The folder that is open, else that in which the server was started.
    pub(super) root: PathBuf,
    pub(super) shared: Shared,
    baselines: Baselines,
}

impl Workspace {
    pub(super) fn new(root: PathBuf, shell: Shell) -> Self {
        let configs = Some(Finder::new(root.clone(), rules::CATALOGUE));
        let projects = ProjectFinder::new(root.clone(), None);
        let baselines = Baselines::new(&root, None, None);
        let shared = Shared::new(configs, projects, Histories::new(DEFAULT_LIMIT), Overrides::default(), shell);
        Self { root, shared, baselines }
    }

    /// Forgets what was read from the disk, but for histories: they hardly change what they say in a day.
    pub(super) fn refresh(&mut self) {
        self.shared.configs = Some(Finder::new(self.root.clone(), rules::CATALOGUE));
        self.shared.projects = Arc::new(ProjectFinder::new(self.root.clone(), None));
        self.baselines = Baselines::new(&self.root, None, None);
    }

    /// How `document` is linted, made anew if the one it has is not for what it copies now; and what of that could not
    /// be read. If its configuration has mistakes, the defaults count.
    pub(super) fn ground(&self, document: &Document) -> (Arc<Ground>, Vec<Failure>) {
        let sources = Model::new(&parse(&document.text)).context_sources();
        if let Some(ground) = document.ground.as_ref().filter(|ground| ground.sources == sources) {
            return (Arc::clone(ground), Vec::new());
        }
        let place = document.path.clone().unwrap_or_else(|| self.root.join("Dockerfile"));
        let mut failures = Vec::new();
        let found = self.shared.configs.as_ref().map_or(Ok(None), |configs| configs.for_file(&place));
        let config = found.unwrap_or_else(|error| {
            failures.push(Failure::Config(error));
            None
        });
        let config = config.as_deref();
        let layers = self.shared.layers(config, &place);
        let mut patient = self.shared.settings(&layers, config, &place, None);
        let named = layers.baseline().map(|path| self.root.join(path));
        let files = config.into_iter().flat_map(|config| config.files()).map(Path::to_owned).chain(named).collect();
        let mut baseline = self.baselines.of(layers.baseline()).unwrap_or_else(|failure| {
            failures.push(failure);
            None
        });
        if document.path.is_none() {
            // It will lie somewhere once it is saved, but that is not known yet.
            (patient.project, baseline) = (None, None);
        }
        let mut quick = patient.clone();
        quick.histories = quick.histories.map(|histories| Arc::new(histories.recalled()));
        quick.shellcheck = quick.shellcheck.map(|checker| Arc::new(checker.recalled()));
        (Arc::new(Ground { patient, quick, baseline, files, sources }), failures)
    }
}
