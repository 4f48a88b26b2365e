//! Finding the Dockerfiles in the paths that a command names.

use super::ignore_files;
use super::input::InputError;
use crate::config::is_link_out;
use ignore::WalkBuilder;
use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

/// The files to read, in a stable order: the paths in the order given, and what a folder holds by
/// name. A file named by the user is always read; in folders, the names that Docker's tools use are,
/// unless a `.gitignore` hides them.
pub(super) fn discover(paths: &[PathBuf]) -> Discovered {
    let mut found = Discovered::default();
    for path in paths {
        if path == Path::new("-") || !path.is_dir() {
            found.files.push(path.clone());
        } else {
            found.walk(path);
        }
    }
    // Without links and other paths, a folder has each file once.
    if found.has_links || paths.len() > 1 {
        found.keep_each_once();
    }
    found
}

/// What was found.
#[derive(Debug, Default)]
pub(super) struct Discovered {
    /// The files to read.
    pub(super) files: Vec<PathBuf>,
    /// What can't be looked into.
    pub(super) failures: Vec<InputError>,
    /// Links out of the repository, which nobody named. Their targets are not read, let alone mended.
    pub(super) links_out: Vec<PathBuf>,
    /// Whether a link to a Dockerfile was found.
    has_links: bool,
}

impl Discovered {
    /// A file with several names is read under the first one, or the first one that is no link: mended under one name,
    /// it would be another file than was read under the next.
    fn keep_each_once(&mut self) {
        let mut names: HashMap<PathBuf, PathBuf> = HashMap::new();
        let is_link = |path: &Path| path.symlink_metadata().is_ok_and(|data| data.is_symlink());
        let place = |path: &Path| path.canonicalize().unwrap_or_else(|_| path.to_owned());
        for path in &self.files {
            match names.entry(place(path)) {
                Entry::Vacant(new) => drop(new.insert(path.clone())),
                Entry::Occupied(mut known) if is_link(known.get()) && !is_link(path) => {
                    known.insert(path.clone());
                }
                Entry::Occupied(_) => {}
            }
        }
        self.files.retain(|path| {
            let place = place(path);
            if names.get(&place) == Some(path) {
                names.remove(&place);
                return true;
            }
            false
        });
    }

    /// Leaves out the folder whose ignore file is at `path`: without it, files would be mended that it hides.
    fn pass_over(&mut self, path: PathBuf) {
        let source = io::Error::other("it is no plain file of at most 1 MiB, so its folder was passed over");
        let path = path.strip_prefix("./").map(Path::to_owned).unwrap_or(path);
        self.failures.push(InputError::Io { path, source });
    }

    fn walk(&mut self, folder: &Path) {
        let mut walker = WalkBuilder::new(folder);
        if let Some(path) = ignore_files::unsound_around(folder) {
            return self.pass_over(path);
        }
        let unsound: Arc<Mutex<Vec<PathBuf>>> = Arc::default();
        let seen = Arc::clone(&unsound);
        // Dockerfiles live in hidden folders too, such as `.devcontainer`.
        walker.hidden(false).require_git(false).filter_entry(move |entry| {
            if entry.file_name() == ".git" {
                return false;
            }
            let is_folder = entry.file_type().is_some_and(|kind| kind.is_dir());
            let bad = is_folder.then(|| ignore_files::unsound_in(entry.path())).flatten();
            let is_good = bad.is_none();
            seen.lock().unwrap_or_else(PoisonError::into_inner).extend(bad);
            is_good
        });
        let mut found = Vec::new();
        for entry in walker.build() {
            match entry {
                Ok(entry) => {
                    let named = is_dockerfile(&entry.file_name().to_string_lossy());
                    let Some(kind) = entry.file_type().filter(|_| named) else { continue };
                    // A pipe or a device of that name would be waited for.
                    if kind.is_file() || (kind.is_symlink() && entry.path().is_file()) {
                        self.has_links |= kind.is_symlink();
                        found.push(entry.into_path());
                    }
                }
                Err(error) => {
                    let path = place_of(&error).unwrap_or(folder).to_owned();
                    let said = error.to_string();
                    let source = error.into_io_error().unwrap_or_else(|| io::Error::other(said));
                    self.failures.push(InputError::Io { path, source });
                }
            }
        }
        let unsound = std::mem::take(&mut *unsound.lock().unwrap_or_else(PoisonError::into_inner));
        unsound.into_iter().for_each(|path| self.pass_over(path));
        found.sort();
        // `.` is what nobody typed; leave it out of every line.
        let found = found.into_iter().map(|p| p.strip_prefix("./").map(Path::to_owned).unwrap_or(p));
        let is_out = |path: &PathBuf| self.has_links && is_link_out(path, folder);
        let (links_out, files): (Vec<_>, Vec<_>) = found.partition(is_out);
        self.files.extend(files);
        self.links_out.extend(links_out);
    }
}

/// Where a walk met `error`.
fn place_of(error: &ignore::Error) -> Option<&Path> {
    match error {
        ignore::Error::WithPath { path, .. } => Some(path),
        ignore::Error::WithDepth { err, .. } | ignore::Error::WithLineNumber { err, .. } => place_of(err),
        _ => None,
    }
}

/// Whether a file of this name is taken for a Dockerfile.
pub(super) fn is_dockerfile(name: &str) -> bool {
    let dockerfile = name == "Dockerfile"
        || name.starts_with("Dockerfile.")
        || name.ends_with(".Dockerfile")
        || name.ends_with(".dockerfile")
        || name.starts_with("Containerfile");
    dockerfile && !name.ends_with(".dockerignore")
}

#[cfg(test)]
mod tests {
    use super::is_dockerfile;

    #[test]
    fn the_names_that_dockers_tools_use() {
        for name in
            ["Dockerfile", "Dockerfile.dev", "api.Dockerfile", "api.dockerfile", "Containerfile", "Containerfile.x"]
        {
            assert!(is_dockerfile(name), "{name}");
        }
        for name in ["dockerfile", "Dockerfile~", "Dockerfile.dockerignore", "MyDockerfile", "Dockerfile-dev"] {
            assert!(!is_dockerfile(name), "{name}");
        }
    }
}
