//! The folder that a Dockerfile is built with.

mod evidence;
mod find;
mod how;
mod lazy;
#[cfg(test)]
mod tests;

pub use find::{Chosen, ProjectFinder, Request};
pub use how::{How, ProjectError};
pub use lazy::LazyProject;

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
    /// The ignore file in force, if there is one. It need not lie in the folder.
    pub ignore_path: Option<PathBuf>,
    /// The Dockerfile, from the folder on, if it lies in it.
    pub dockerfile: Option<String>,
    /// How the folder was found.
    pub how: How,
}

impl Project {
    /// The context at `root`, as if the user had named it.
    pub fn new(root: PathBuf, ignore: IgnoreFile) -> Self {
        Self { root, ignore, ignore_path: None, dockerfile: None, how: How::Option }
    }

    /// Whether a file or folder of that name is sent to the builder. `path` is relative to the context,
    /// with `/` between names.
    pub fn has(&self, path: &str) -> bool {
        let path = clean(path);
        !self.ignore.ignores(&path) && self.root.join(&path).symlink_metadata().is_ok() && !self.passes_a_link(&path)
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
        evidence::passes_a_link(&self.root, path)
    }
}
