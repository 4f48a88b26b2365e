//! The histories of the repositories that a run comes across, each read once.

use super::churn::History;
use super::git::GitError;
use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

/// What git said of a repository.
type Loaded = Result<Arc<History>, Arc<GitError>>;

/// A history, and the way from the root of its repository to a folder: empty, or ending in `/`.
pub type Found = (Arc<History>, String);

/// Reads histories when they are asked for.
#[derive(Debug)]
pub struct Histories {
    limit: usize,
    known: Mutex<HashMap<PathBuf, Loaded>>,
}

impl Histories {
    /// Histories of the newest `limit` commits; 0 for none at all.
    pub fn new(limit: usize) -> Self {
        Self { limit, known: Mutex::default() }
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
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let loaded = known
            .entry(root.to_owned())
            .or_insert_with(|| History::load(root, self.limit).map(Arc::new).map_err(Arc::new))
            .clone();
        let names = folder.strip_prefix(root).ok()?.iter();
        let prefix: String = names.map(|name| format!("{}/", name.to_string_lossy())).collect();
        Some(loaded.map(|history| (history, prefix)))
    }
}
