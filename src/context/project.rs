//! The folder that a Dockerfile is built with.

use super::ignore_file::{IgnoreFile, clean};
use std::path::PathBuf;

/// No manifest is larger than this, in bytes.
const LARGEST_TEXT: u64 = 4 * 1024 * 1024;

/// The build context of one Dockerfile: a folder, and what its ignore file leaves out of it.
#[derive(Clone, Debug)]
pub struct Project {
    /// The folder.
    pub root: PathBuf,
    /// What is left out.
    pub ignore: IgnoreFile,
}

impl Project {
    /// The context at `root`.
    pub fn new(root: PathBuf, ignore: IgnoreFile) -> Self {
        Self { root, ignore }
    }

    /// Whether a file or folder of that name is sent to the builder. `path` is relative to the context,
    /// with `/` between names.
    pub fn has(&self, path: &str) -> bool {
        let path = clean(path);
        !self.ignore.ignores(&path) && self.root.join(&path).symlink_metadata().is_ok()
    }

    /// Whether `path` is a folder of the context, or a link to one.
    pub fn is_dir(&self, path: &str) -> bool {
        self.root.join(clean(path)).is_dir()
    }

    /// The text of a file that is sent to the builder; `None` if it isn't there, is ignored, is no plain
    /// file, is larger than 4 MiB or is not UTF-8. Links are not followed: they may lead out of the context.
    pub fn text(&self, path: &str) -> Option<String> {
        let path = clean(path);
        let place = self.root.join(&path);
        let data = place.symlink_metadata().ok()?;
        if !data.is_file() || data.len() > LARGEST_TEXT || self.ignore.ignores(&path) || self.passes_a_link(&path) {
            return None;
        }
        std::fs::read_to_string(place).ok()
    }

    /// Whether a folder on the way to `path` is a link.
    fn passes_a_link(&self, path: &str) -> bool {
        let mut folders = path.match_indices('/').map(|(at, _)| &path[..at]);
        folders.any(|folder| self.root.join(folder).symlink_metadata().is_ok_and(|d| d.is_symlink()))
    }
}
