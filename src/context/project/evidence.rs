//! What a folder holds, as a sign that it is the context.

use super::super::ignore_file::clean;
use super::super::pattern::Pattern;
use std::path::Path;
use std::sync::Arc;

/// From how many names on a folder is not looked through.
const MOST_NAMES: usize = 20_000;

/// Folders that by convention hold Dockerfiles beside the project, not the project.
const BESIDE_THE_PROJECT: &[&str] =
    &["build", "ci", "container", "containers", "deploy", "deployment", "docker", "dockerfile", "dockerfiles"];

/// The names of what COPY and ADD bring whose presence says something: `.` and `*` are in every folder,
/// and so is the Dockerfile itself.
pub(super) fn telling(sources: &[String], dockerfile: &Path) -> Vec<String> {
    let own = dockerfile.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    let names = sources.iter().map(|source| clean(source));
    names.filter(|name| !matches!(name.as_str(), "" | "*" | "**") && name != own).collect()
}

/// Whether a path that COPY would bring exists below `root`. A link on the way counts as none: it may
/// lead anywhere. `list` gives the names in a folder.
pub(super) fn exists(root: &Path, source: &str, list: &dyn Fn(&Path) -> Arc<Vec<String>>) -> bool {
    let Some(at) = source.find(SPECIAL) else {
        return root.join(source).symlink_metadata().is_ok() && !passes_a_link(root, source);
    };
    let (folder, rest) = source[..at].rsplit_once('/').map_or(("", source), |(f, _)| (f, &source[f.len() + 1..]));
    let (name, below) = rest.split_once('/').map_or((rest, None), |(name, below)| (name, Some(below)));
    let Some(pattern) = Pattern::new(name, false) else { return false };
    let place = root.join(folder);
    let is_folder = place.symlink_metadata().is_ok_and(|data| data.is_dir()) && !passes_a_link(root, folder);
    is_folder
        && list(&place).iter().filter(|name| pattern.matches(name)).any(|name| {
            below.is_none_or(|below| {
                let next = place.join(name);
                next.symlink_metadata().is_ok_and(|data| data.is_dir()) && exists(&next, below, list)
            })
        })
}

/// The characters that make a source a pattern.
pub(super) const SPECIAL: [char; 4] = ['*', '?', '[', '\\'];

/// The names in a folder; of a very full one, the first that the system gives.
pub(super) fn names(folder: &Path) -> Vec<String> {
    let Ok(entries) = std::fs::read_dir(folder) else { return Vec::new() };
    let names = entries.take(MOST_NAMES).filter_map(|entry| entry.ok()?.file_name().into_string().ok());
    names.collect()
}

/// A folder with more Dockerfiles than this for each other thing in it is a collection of them.
const MOST_DOCKERFILES_EACH: usize = 4;

/// Whether a folder with these names is more than a pile of Dockerfiles.
pub(super) fn holds_a_project(folder: &Path, names: &[String]) -> bool {
    let called = folder.file_name().and_then(|name| name.to_str()).unwrap_or_default().to_lowercase();
    let aside = called.starts_with('.') || BESIDE_THE_PROJECT.contains(&called.as_str());
    let telling = names.iter().filter(|name| !says_nothing(&name.to_lowercase())).count();
    let dockerfiles = names.iter().filter(|name| name.to_lowercase().contains("dockerfile")).count();
    !aside && telling > 0 && dockerfiles <= telling * MOST_DOCKERFILES_EACH
}

/// Whether a name, in lower case, is one that also lies beside Dockerfiles that are built elsewhere.
fn says_nothing(name: &str) -> bool {
    let starts =
        [".", "readme", "license", "licence", "copying", "changelog", "compose.", "docker-compose", "docker-bake"];
    name.contains("dockerfile") || name.contains("containerfile") || starts.iter().any(|start| name.starts_with(start))
}

/// Whether a folder on the way from `root` to `path` is a link.
pub(super) fn passes_a_link(root: &Path, path: &str) -> bool {
    let mut folders = path.match_indices('/').map(|(at, _)| &path[..at]);
    folders.any(|folder| root.join(folder).symlink_metadata().is_ok_and(|data| data.is_symlink()))
}
