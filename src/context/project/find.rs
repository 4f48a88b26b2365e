//! Which folder is the context of a Dockerfile.
//!
//! The first of these that says something: the user, the configuration, a compose file, and at last
//! what lies where. A Dockerfile may come from a repository that nobody vouches for, so nothing in a
//! repository can name a folder outside of it.

use super::Project;
use super::evidence::{exists, holds_a_project, names, telling};
use super::how::{How, ProjectError};
use crate::builder::Builder;
use crate::context::compose::Compose;
use crate::context::ignore_file::{self, IgnoreFile};
use crate::context::lexical::{absolute, plain_text};
use crate::context::memo::Memo;
use std::cell::Cell;
use std::collections::BTreeMap;
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;

/// So many folders above the Dockerfile's own are looked at.
const MOST_LEVELS: usize = 6;

/// So many folders are looked through for the patterns of one Dockerfile.
const MOST_LISTS: usize = 64;

/// No ignore file is larger than this, in bytes.
const LARGEST_IGNORE_FILE: u64 = 1024 * 1024;

/// Finds contexts. What many Dockerfiles have in common is looked at once; threads may share it.
#[derive(Debug, Default)]
pub struct ProjectFinder {
    current: PathBuf,
    option: Option<PathBuf>,
    repositories: Memo<Option<PathBuf>>,
    composes: Memo<Option<Arc<Compose>>>,
    lists: Memo<Arc<Vec<String>>>,
    projects: Memo<bool>,
}

/// One Dockerfile whose context is wanted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    /// The Dockerfile, which need not exist, as an absolute path.
    dockerfile: PathBuf,
    builder: Builder,
    chosen: Option<Chosen>,
}

/// What the configuration says about a Dockerfile.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chosen {
    /// The context, from the folder of the configuration file on.
    pub folder: PathBuf,
    /// The configuration file.
    pub config: PathBuf,
}

/// A folder, and the configuration that names it.
impl From<(&Path, &Path)> for Chosen {
    fn from((folder, config): (&Path, &Path)) -> Self {
        Self { folder: folder.to_owned(), config: config.to_owned() }
    }
}

impl ProjectFinder {
    /// A finder for paths seen from the absolute folder `current`. `option` is the context that the
    /// user named, for all Dockerfiles.
    pub fn new(current: PathBuf, option: Option<&Path>) -> Self {
        let option = option.map(|folder| absolute_on_disk(&current, folder));
        Self { current, option, ..Self::default() }
    }

    /// A question about `dockerfile`. `chosen` tells what the configuration says, from the absolute path.
    pub fn request(
        &self,
        dockerfile: &Path,
        builder: Builder,
        chosen: impl FnOnce(&Path) -> Option<Chosen>,
    ) -> Request {
        let dockerfile = absolute_on_disk(&self.current, dockerfile);
        let chosen = chosen(&dockerfile);
        Request { dockerfile, builder, chosen }
    }

    /// The context of a Dockerfile that brings `sources` from it; `None` if it is not known. A source
    /// whose name needs a variable is left out of `sources`.
    ///
    /// # Errors
    /// If something names a context that can't be used, or its ignore file can't.
    pub fn find(&self, request: &Request, sources: &[String]) -> Result<Option<Project>, ProjectError> {
        let Some((root, how)) = self.root(request, sources)? else { return Ok(None) };
        let (ignore_path, ignore) = ignore(request, &root)?;
        let Request { dockerfile, builder, .. } = request.clone();
        let overlay = BTreeMap::new();
        Ok(Some(Project { root, ignore, ignore_path, how, dockerfile, builder, overlay }))
    }

    fn root(&self, request: &Request, sources: &[String]) -> Result<Option<(PathBuf, How)>, ProjectError> {
        if let Some(folder) = &self.option {
            return Ok(Some((folder.clone(), How::Option)));
        }
        if let Some(Chosen { folder, config }) = &request.chosen {
            let home = config.parent().unwrap_or(Path::new("/"));
            let folder = absolute(home, folder);
            let bounds = self.repository(home).unwrap_or_else(|| home.to_owned());
            return match inside(folder, bounds)? {
                folder if folder.is_dir() => Ok(Some((folder, How::Config(config.clone())))),
                folder => Err(ProjectError::Missing { folder }),
            };
        }
        let Some(own) = request.dockerfile.parent() else { return Ok(None) };
        let repository = self.repository(own);
        let folders = self.upwards(own, repository.as_deref());
        for folder in &folders {
            let Some(compose) = self.compose(folder) else { continue };
            match compose.contexts_of(&request.dockerfile)[..] {
                [] => {}
                [context] => {
                    let bounds = repository.unwrap_or_else(|| own.to_owned());
                    let folder = inside(context.to_owned(), bounds)?;
                    return Ok(folder.is_dir().then(|| (folder, How::Compose(compose.path.clone()))));
                }
                // Two services build it with different contexts.
                _ => return Ok(None),
            }
        }
        Ok(self.by_evidence(request, sources, &folders))
    }

    /// The Dockerfile's folder and those above it that may be the context, the nearest first.
    fn upwards<'p>(&self, own: &'p Path, repository: Option<&Path>) -> Vec<&'p Path> {
        let inside = own.ancestors().take_while(|folder| repository.map_or(*folder == own, |r| folder.starts_with(r)));
        inside.take(MOST_LEVELS + 1).collect()
    }

    fn by_evidence(&self, request: &Request, sources: &[String], folders: &[&Path]) -> Option<(PathBuf, How)> {
        let telling = telling(sources, &request.dockerfile);
        let budget = Cell::new(MOST_LISTS);
        let list = |folder: &Path| {
            budget.set(budget.get().saturating_sub(1));
            if budget.get() == 0 { Arc::default() } else { self.list(folder) }
        };
        if telling.is_empty() {
            let own = *folders.first()?;
            let is_project = self.projects.get(own, || holds_a_project(own, &self.list(own)));
            return is_project.then(|| (own.to_owned(), How::Beside));
        }
        let at = folders.iter().position(|folder| telling.iter().all(|source| exists(folder, source, &list)))?;
        Some((folders[at].to_owned(), if at == 0 { How::Beside } else { How::Parent }))
    }

    /// The root of the repository around `folder`.
    fn repository(&self, folder: &Path) -> Option<PathBuf> {
        self.repositories.get(folder, || match folder.join(".git").exists() {
            true => Some(folder.to_owned()),
            false => self.repository(folder.parent()?),
        })
    }

    fn compose(&self, folder: &Path) -> Option<Arc<Compose>> {
        self.composes.get(folder, || Compose::read_in(folder).map(Arc::new))
    }

    fn list(&self, folder: &Path) -> Arc<Vec<String>> {
        self.lists.get(folder, || Arc::new(names(folder)))
    }
}

/// The ignore file in force for the context `root`.
fn ignore(request: &Request, root: &Path) -> Result<(Option<PathBuf>, IgnoreFile), ProjectError> {
    let read = |path: &Path| path.is_file().then(|| ignore_text(path));
    let Some((path, text)) = ignore_file::in_force(&request.dockerfile, root, request.builder, &read) else {
        return Ok((None, IgnoreFile::default()));
    };
    let Some(text) = text else { return Err(ProjectError::Unreadable { path }) };
    match IgnoreFile::parse(&text) {
        Ok(ignore) => Ok((Some(path), ignore.for_builder(request.builder))),
        Err(error) => Err(ProjectError::Pattern { path, error }),
    }
}

/// The text of an ignore file on disk; `None` if it is no text, too large, or a link that leads out of the folder it
/// lies in: BuildKit does not see the rest (measured on 26.1).
pub fn ignore_text(path: &Path) -> Option<String> {
    if path.symlink_metadata().ok()?.is_symlink() {
        inside(path.to_owned(), path.parent()?.to_owned()).ok()?;
    }
    plain_text(path, LARGEST_IGNORE_FILE)
}

/// `folder`, if it is `bounds` or below it, links followed. What isn't there leads nowhere.
fn inside(folder: PathBuf, bounds: PathBuf) -> Result<PathBuf, ProjectError> {
    let real = |path: &Path| std::fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    if folder.starts_with(&bounds) && real(&folder).starts_with(real(&bounds)) {
        return Ok(folder);
    }
    Err(ProjectError::Outside { folder, bounds })
}

/// `path` seen from `base`. The folder above `a/..` is not always `a`: the file system knows.
fn absolute_on_disk(base: &Path, path: &Path) -> PathBuf {
    let whole = base.join(path);
    if whole.components().any(|part| part == Component::ParentDir) {
        let folder = whole.parent().and_then(|folder| std::fs::canonicalize(folder).ok());
        if let (Some(folder), Some(name)) = (folder, whole.file_name()) {
            return folder.join(name);
        }
    }
    absolute(base, path)
}
