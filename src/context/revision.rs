//! A revision of a Git repository as a build context.

use super::git::{EntryKind, GitError, blobs, place, tree_at};
use super::tree::{Entry, Kind, Tree, digest};
use std::path::Path;

/// A file of a revision.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Blob {
    /// The path, from the folder on.
    pub path: String,
    /// Whether it is a link; the content is its target then.
    pub link: bool,
    /// The permission bits, as Git keeps them.
    pub mode: u32,
    /// The content.
    pub content: Vec<u8>,
}

/// The files that `revision` has below `folder`. Submodules are left out.
///
/// # Errors
/// If there is no `git`, no repository around `folder`, or no such revision.
pub fn files_at(folder: &Path, revision: &str) -> Result<Vec<Blob>, GitError> {
    let prefix = place(folder)?.prefix;
    let mut wanted = Vec::new();
    for entry in tree_at(folder, revision)?.into_iter().filter(|e| e.kind != EntryKind::Submodule) {
        let path = match prefix.trim_end_matches('/') {
            "" => Some(entry.path.as_str()),
            prefix => entry.path.strip_prefix(prefix).and_then(|rest| rest.strip_prefix('/')),
        };
        if let Some(path) = path.map(str::to_owned) {
            wanted.push((path, entry));
        }
    }
    let ids: Vec<String> = wanted.iter().map(|(_, entry)| entry.id.clone()).collect();
    let contents = blobs(folder, &ids)?;
    let blob = |((path, entry), content): ((String, super::git::TreeEntry), Vec<u8>)| {
        let link = entry.kind == EntryKind::Link;
        Blob { path, link, mode: if link { 0o777 } else { entry.mode & 0o777 }, content }
    };
    Ok(wanted.into_iter().zip(contents).map(blob).collect())
}

/// The context that `blobs` make.
pub fn tree_of(blobs: &[Blob]) -> Tree {
    let mut tree = Tree::default();
    for blob in blobs {
        let target = || String::from_utf8_lossy(&blob.content).into_owned();
        let kind = if blob.link { Kind::Link(target()) } else { Kind::File(digest(&blob.content)) };
        tree.insert(&blob.path, Entry { kind, mode: blob.mode, owner: (0, 0) });
    }
    tree
}
