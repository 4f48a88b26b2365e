//! The histories of the repositories that a run comes across, each read once.

use super::churn::History;
use super::git::GitError;
use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

/// What git said of a repository.
type Loaded = Result<Arc<History>, Arc<GitError>>;

/// A history, and the way from the root of its repository to a folder: empty, or ending in `/`.
pub type Found = (Arc<History>, String);

/// What is known of each repository. Only those who want the same one wait for git.
type Known = Mutex<HashMap<PathBuf, Arc<OnceLock<Loaded>>>>;

/// Reads histories when they are asked for.
#[derive(Debug)]
pub struct Histories {
    limit: usize,
    known: Arc<Known>,
    reads: bool,
}

impl Histories {
    /// Histories of the newest `limit` commits; 0 for none at all.
    pub fn new(limit: usize) -> Self {
        Self { limit, known: Arc::default(), reads: true }
    }

    /// The same histories, as far as they have been read when they are asked for: nobody waits for git here.
    pub fn recalled(&self) -> Self {
        Self { limit: self.limit, known: Arc::clone(&self.known), reads: false }
    }

    /// Whether any are wanted.
    pub fn are_wanted(&self) -> bool {
        self.limit > 0
    }

    /// The history of the repository around `folder`. `None` if no repository is there or none is wanted;
    /// git is only started if a `.git` is found.
    ///
    /// # Errors
    /// What git says, the same for all folders of a repository.
    pub fn of(&self, folder: &Path) -> Option<Result<Found, Arc<GitError>>> {
        if self.limit == 0 {
            return None;
        }
        let folder = folder.canonicalize().ok()?;
        let root = folder.ancestors().find(|f| f.join(".git").exists())?;
        let cell = {
            let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
            Arc::clone(known.entry(root.to_owned()).or_default())
        };
        let load = || History::load(root, self.limit).map(Arc::new).map_err(Arc::new);
        let loaded = if self.reads { cell.get_or_init(load).clone() } else { cell.get()?.clone() };
        let names = folder.strip_prefix(root).ok()?.iter();
        let below: String = names.map(|name| format!("{}/", name.to_string_lossy())).collect();
        // A `.git` that holds no repository is no root: git goes on to the one around it.
        Some(loaded.map(|history| (Arc::clone(&history), format!("{}{below}", history.prefix()))))
    }
}
