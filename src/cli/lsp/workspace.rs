//! What all open documents have in common: configurations, contexts, histories, ShellCheck.

use super::document::{Document, Ground};
use crate::cli::settings::Shared;
use crate::cli::shell::Shell;
use crate::config::{ConfigError, Finder};
use crate::context::churn::DEFAULT_LIMIT;
use crate::context::{Histories, ProjectFinder};
use crate::model::Model;
use crate::rules::{self, Overrides};
use crate::syntax::parse;
use std::path::PathBuf;
use std::sync::Arc;

pub(super) struct Workspace {
    /// The folder that is open, else that in which the server was started.
    pub(super) root: PathBuf,
    pub(super) shared: Shared,
}

impl Workspace {
    pub(super) fn new(root: PathBuf, shell: Shell) -> Self {
        let configs = Some(Finder::new(root.clone(), rules::CATALOGUE));
        let projects = Arc::new(ProjectFinder::new(root.clone(), None));
        let histories = Arc::new(Histories::new(DEFAULT_LIMIT));
        Self { root, shared: Shared { configs, projects, histories, overrides: Overrides::default(), shell } }
    }

    /// Forgets what was read from the disk, but for histories: they hardly change what they say in a day.
    pub(super) fn refresh(&mut self) {
        self.shared.configs = Some(Finder::new(self.root.clone(), rules::CATALOGUE));
        self.shared.projects = Arc::new(ProjectFinder::new(self.root.clone(), None));
    }

    /// How `document` is linted, made anew if the one it has is not for what it copies now. If its configuration has
    /// mistakes, the defaults count.
    pub(super) fn ground(&self, document: &Document) -> (Arc<Ground>, Option<Arc<ConfigError>>) {
        let sources = Model::new(&parse(&document.text)).context_sources();
        if let Some(ground) = document.ground.as_ref().filter(|ground| ground.sources == sources) {
            return (Arc::clone(ground), None);
        }
        let place = document.path.clone().unwrap_or_else(|| self.root.join("Dockerfile"));
        let (found, error) = match self.shared.for_file(&place, None) {
            Ok(found) => (found, None),
            Err(error) => (self.shared.with(None, &place, None), Some(error)),
        };
        let mut patient = found;
        if document.path.is_none() {
            // It will lie somewhere once it is saved, but that is not known yet.
            patient.project = None;
        }
        let mut quick = patient.clone();
        quick.histories = quick.histories.map(|histories| Arc::new(histories.recalled()));
        quick.shellcheck = quick.shellcheck.map(|checker| Arc::new(checker.recalled()));
        (Arc::new(Ground { patient, quick, sources }), error)
    }
}
