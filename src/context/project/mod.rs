//! The folder that a Dockerfile is built with.

mod evidence;
mod files;
#[cfg(test)]
mod files_tests;
mod find;
mod how;
mod lazy;
mod overlay;
#[cfg(test)]
mod tests;

pub use files::{Name, Sent};
pub use find::{Chosen, ProjectFinder, Request, ignore_text};
pub use how::{How, ProjectError};
pub use lazy::LazyProject;

use super::ignore_file::IgnoreFile;
use crate::builder::Builder;
use std::collections::BTreeMap;
use std::path::PathBuf;

/// The build context of one Dockerfile: a folder, and what its ignore file leaves out of it.
///
/// Paths in questions and answers are relative to the folder, with `/` between names; the folder itself
/// is the empty path. Links are not followed: they may lead out of the context.
#[derive(Clone, Debug)]
pub struct Project {
    /// The folder.
    pub root: PathBuf,
    /// What is left out.
    pub ignore: IgnoreFile,
    /// The ignore file in force, if there is one. It need not lie in the folder.
    pub ignore_path: Option<PathBuf>,
    /// How the folder was found.
    pub how: How,
    dockerfile: PathBuf,
    builder: Builder,
    /// Files that are taken to have another content than on disk, or to be there.
    overlay: BTreeMap<String, String>,
}

impl Project {
    /// The context at `root`, as if the user had named it, for a Dockerfile in it and BuildKit.
    pub fn new(root: PathBuf, ignore: IgnoreFile) -> Self {
        let dockerfile = root.join("Dockerfile");
        let (how, builder) = (How::Option, Builder::default());
        Self { root, ignore, ignore_path: None, how, dockerfile, builder, overlay: BTreeMap::new() }
    }

    /// The Dockerfile, from the folder on, if it lies in it.
    pub fn dockerfile(&self) -> Option<String> {
        let path = self.dockerfile.strip_prefix(&self.root).ok()?;
        Some(path.iter().map(|name| name.to_string_lossy()).collect::<Vec<_>>().join("/"))
    }
}
