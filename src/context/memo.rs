//! Answers about folders, each worked out once in a run.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

/// What is known of each folder. Threads share it, and wait only for an answer that one of them is
/// working out.
#[derive(Debug)]
pub(super) struct Memo<V>(Mutex<HashMap<PathBuf, Arc<OnceLock<V>>>>);

impl<V: Clone> Memo<V> {
    /// The answer for `folder`, from `make` if nobody asked before.
    pub(super) fn get(&self, folder: &Path, make: impl FnOnce() -> V) -> V {
        let cell = {
            let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            match known.get(folder) {
                Some(cell) => cell.clone(),
                None => known.entry(folder.to_owned()).or_default().clone(),
            }
        };
        cell.get_or_init(make).clone()
    }
}

impl<V> Default for Memo<V> {
    fn default() -> Self {
        Self(Mutex::default())
    }
}
