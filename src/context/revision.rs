//! A revision of a Git repository as a build context.

use super::git::{EntryKind, GitError, TreeEntry, blobs, place, tree_at};
use super::ignore_file::IgnoreFile;
use super::tree::{Entry, Kind, MAX_LINKS, Tree, digest};
use std::collections::{BTreeMap, HashMap};
use std::path::{Path, PathBuf};

/// A revision, seen from a folder of its repository. Submodules are left out.
#[derive(Debug)]
pub struct Revision {
    folder: PathBuf,
    /// The way from the repository's root to the folder: empty, or ending in `/`.
    prefix: String,
    /// Each file and link, by its path from the root.
    entries: BTreeMap<String, TreeEntry>,
}

/// What says whether two files are the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Digests {
    /// Their contents, as for a folder on a disk.
    OfContents,
    /// The ids that Git gives them: enough between two revisions, and nothing has to be read.
    OfIds,
}

/// Why a file of a revision gives no content.
#[derive(Debug)]
pub enum Unread {
    /// Links on the way to it lead out of the repository, or round in circles.
    LeadsOut,
    /// Git does not give it.
    Git(GitError),
}

impl From<GitError> for Unread {
    fn from(error: GitError) -> Self {
        Self::Git(error)
    }
}

impl Revision {
    /// Lists what `revision` holds, and reads no content.
    ///
    /// # Errors
    /// If there is no `git`, no repository around `folder`, or no such revision.
    pub fn open(folder: &Path, revision: &str) -> Result<Self, GitError> {
        let prefix = place(folder)?.prefix;
        let entries = tree_at(folder, revision)?.into_iter().filter(|e| e.kind != EntryKind::Submodule);
        let entries = entries.map(|entry| (entry.path.clone(), entry)).collect();
        Ok(Self { folder: folder.to_owned(), prefix, entries })
    }

    /// The content of the file at `path`, from the folder on, links followed; `None` if there is no file.
    ///
    /// # Errors
    /// If a link leads out of the repository, or git fails.
    pub fn read(&self, path: &Path) -> Result<Option<Vec<u8>>, Unread> {
        let Some(place) = self.follow(path)? else { return Ok(None) };
        self.content(&place)
    }

    /// The content of the ignore file at `path`, likewise. A link must stay in the folder it lies in, as on a disk.
    ///
    /// # Errors
    /// If a link leads out of its folder, or git fails.
    pub fn read_ignore_file(&self, path: &Path) -> Result<Option<Vec<u8>>, Unread> {
        let (Some(place), Some(home)) = (self.follow(path)?, self.follow(path.parent().unwrap_or(path))?) else {
            return Ok(None);
        };
        match place.strip_prefix(&home) {
            Some(rest) if home.is_empty() || rest.starts_with('/') => self.content(&place),
            _ => Err(Unread::LeadsOut),
        }
    }

    /// The context, without what `ignore` leaves out. Of what is left out, no content is read.
    ///
    /// # Errors
    /// If git does not give the contents.
    pub fn tree(&self, ignore: &IgnoreFile, digests: Digests) -> Result<Tree, GitError> {
        let files: Vec<(&str, &TreeEntry)> =
            self.entries.iter().filter_map(|(path, entry)| Some((path.strip_prefix(&self.prefix)?, entry))).collect();
        let is_read = |entry: &TreeEntry| entry.kind == EntryKind::Link || digests == Digests::OfContents;
        let read = files.iter().filter(|(path, entry)| is_read(entry) && !ignore.ignores(path));
        let ids: Vec<String> = read.map(|(_, entry)| entry.id.clone()).collect();
        let contents: HashMap<&String, Vec<u8>> = ids.iter().zip(blobs(&self.folder, &ids)?).collect();
        let mut tree = Tree::default();
        for (path, entry) in files {
            // What is ignored has none, and leaves its folders behind.
            let content = || contents.get(&entry.id).map(Vec::as_slice).unwrap_or_default();
            let (kind, mode) = match (entry.kind, digests) {
                (EntryKind::Link, _) => (Kind::Link(String::from_utf8_lossy(content()).into_owned()), 0o777),
                (_, Digests::OfContents) => (Kind::File(digest(content())), entry.mode & 0o777),
                (_, Digests::OfIds) => (Kind::File(digest(&entry.id)), entry.mode & 0o777),
            };
            tree.insert(path, Entry { kind, mode, owner: (0, 0) });
        }
        Ok(tree.without(ignore))
    }

    fn content(&self, place: &str) -> Result<Option<Vec<u8>>, Unread> {
        let Some(entry) = self.entries.get(place) else { return Ok(None) };
        Ok(blobs(&self.folder, std::slice::from_ref(&entry.id))?.pop())
    }

    /// Where `path` leads, from the repository's root on; `None` if it is absolute.
    fn follow(&self, path: &Path) -> Result<Option<String>, Unread> {
        let Some(path) = path.to_str().filter(|path| !path.starts_with('/')) else { return Ok(None) };
        let mut done: Vec<String> = Vec::new();
        let mut pending: Vec<String> = path.rsplit('/').chain(self.prefix.rsplit('/')).map(str::to_owned).collect();
        let mut links = 0;
        while let Some(part) = pending.pop() {
            match part.as_str() {
                "" | "." => {}
                ".." => drop(done.pop().ok_or(Unread::LeadsOut)?),
                _ => {
                    done.push(part);
                    let link = self.entries.get(&done.join("/")).filter(|entry| entry.kind == EntryKind::Link);
                    let Some(link) = link else { continue };
                    links += 1;
                    let target = blobs(&self.folder, std::slice::from_ref(&link.id))?.pop().unwrap_or_default();
                    let target = String::from_utf8_lossy(&target).into_owned();
                    if links > MAX_LINKS || target.starts_with('/') {
                        return Err(Unread::LeadsOut);
                    }
                    done.pop();
                    pending.extend(target.rsplit('/').map(str::to_owned));
                }
            }
        }
        Ok(Some(done.join("/")))
    }
}
