//! The files of a commit, read without checking them out.

use super::{GitError, is_id, resolve, run};
use std::path::Path;

/// What an entry of a commit's tree is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EntryKind {
    /// A regular file, executable or not.
    File,
    /// A symbolic link: its content is the path that it leads to.
    Link,
    /// A commit of another repository: it has no content here.
    Submodule,
}

/// One file, link or submodule of a commit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TreeEntry {
    /// The path from the repository's root, with `/`. Bytes that are not UTF-8 become U+FFFD.
    pub path: String,
    /// Git's mode: 0o100644, 0o100755, 0o120000 (link) or 0o160000 (submodule).
    pub mode: u32,
    /// What it is.
    pub kind: EntryKind,
    /// The id of its content, for [`blobs`].
    pub id: String,
}

/// All files of the commit that `revision` names, in git's order, whichever sub-folder of the
/// repository `folder` is. Source: `git ls-tree -r`. Fails as [`resolve`] does.
pub fn tree_at(folder: &Path, revision: &str) -> Result<Vec<TreeEntry>, GitError> {
    let commit = resolve(folder, revision)?;
    entries(&run(folder, &["ls-tree", "-r", "-z", "--full-tree", &commit], Vec::new())?)
}

/// The contents with these ids, in the same order, from one `git cat-file`. They are raw: no line
/// endings changed, no filter run. Fails with [`GitError::Missing`] when an id has no content here.
pub fn blobs(folder: &Path, ids: &[String]) -> Result<Vec<Vec<u8>>, GitError> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let mut asked = String::new();
    for id in ids {
        // The protocol has one request per line: anything but an id could smuggle in another one.
        if !is_id(id) {
            return Err(GitError::Missing(super::printable(id)));
        }
        asked.push_str(id);
        asked.push('\n');
    }
    let output = run(folder, &["cat-file", "--batch", "--buffer"], asked.into_bytes())?;
    let mut rest = &output[..];
    ids.iter()
        .map(|id| {
            let (content, after) = content(rest, id)?;
            rest = after;
            Ok(content.to_vec())
        })
        .collect()
}

/// Reads `<id> blob <size>`, a line break, the content, a line break.
fn content<'a>(output: &'a [u8], id: &str) -> Result<(&'a [u8], &'a [u8]), GitError> {
    let end = output.iter().position(|&b| b == b'\n').ok_or(GitError::Unreadable("a content is missing"))?;
    let header = String::from_utf8_lossy(&output[..end]);
    let mut words = header.split(' ').skip(1);
    if words.next() != Some("blob") {
        return Err(GitError::Missing(id.to_owned()));
    }
    let size: Option<usize> = words.next().and_then(|size| size.parse().ok());
    let body = &output[end + 1..];
    match size.filter(|&size| size < body.len()) {
        Some(size) => Ok((&body[..size], &body[size + 1..])),
        None => Err(GitError::Unreadable("a content is cut off")),
    }
}

/// Reads `<mode> <type> <id>`, a tab, the path, a zero byte, for each entry. Folders are left out.
pub(super) fn entries(output: &[u8]) -> Result<Vec<TreeEntry>, GitError> {
    let mut found = Vec::new();
    for record in output.split(|&b| b == 0).filter(|record| !record.is_empty()) {
        let unreadable = || GitError::Unreadable("a line of the file list has another form");
        let tab = record.iter().position(|&b| b == b'\t').ok_or_else(unreadable)?;
        let facts = String::from_utf8_lossy(&record[..tab]);
        let mut words = facts.split(' ');
        let (Some(mode), Some(kind), Some(id)) = (words.next(), words.next(), words.next()) else {
            return Err(unreadable());
        };
        let mode = u32::from_str_radix(mode, 8).map_err(|_| unreadable())?;
        let kind = match (kind, mode & 0o170_000) {
            ("tree", _) => continue,
            ("commit", _) => EntryKind::Submodule,
            (_, 0o120_000) => EntryKind::Link,
            _ => EntryKind::File,
        };
        let path = String::from_utf8_lossy(&record[tab + 1..]).into_owned();
        found.push(TreeEntry { path, mode, kind, id: id.to_owned() });
    }
    Ok(found)
}
