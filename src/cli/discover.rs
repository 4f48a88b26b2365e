//! Finding the Dockerfiles in the paths that a command names.

use super::input::InputError;
use ignore::WalkBuilder;
use std::collections::HashSet;
use std::path::{Path, PathBuf};

/// The files to read, in a stable order: the paths in the order given, and what a folder holds by
/// name. A file named by the user is always read; in folders, the names that Docker's tools use are,
/// unless a `.gitignore` hides them.
pub(super) fn discover(paths: &[PathBuf]) -> (Vec<PathBuf>, Vec<InputError>) {
    let mut files = Vec::new();
    let mut failures = Vec::new();
    for path in paths {
        if path == Path::new("-") || !path.is_dir() {
            files.push(path.clone());
        } else {
            walk(path, &mut files, &mut failures);
        }
    }
    let mut seen = HashSet::new();
    files.retain(|path| seen.insert(path.clone()));
    (files, failures)
}

fn walk(folder: &Path, files: &mut Vec<PathBuf>, failures: &mut Vec<InputError>) {
    let mut walker = WalkBuilder::new(folder);
    // Dockerfiles live in hidden folders too, such as `.devcontainer`.
    walker.hidden(false).require_git(false).filter_entry(|entry| entry.file_name() != ".git");
    let mut found = Vec::new();
    for entry in walker.build() {
        match entry {
            Ok(entry) => {
                let is_file = entry.file_type().is_some_and(|t| !t.is_dir());
                if is_file && entry.file_name().to_str().is_some_and(is_dockerfile) && entry.path().is_file() {
                    found.push(entry.into_path());
                }
            }
            Err(error) => {
                let source = std::io::Error::other(error.to_string());
                failures.push(InputError::Io { path: folder.to_owned(), source });
            }
        }
    }
    found.sort();
    // `.` is what nobody typed; leave it out of every line.
    files.extend(found.into_iter().map(|p| p.strip_prefix("./").map(Path::to_owned).unwrap_or(p)));
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
