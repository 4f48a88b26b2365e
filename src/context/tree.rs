//! The files of a context, with digests of their contents.

use super::ignore_file::IgnoreFile;
use std::collections::BTreeMap;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io;
use std::ops::Bound;
use std::path::Path;

/// More links than this on the way to a file go round in circles.
pub(super) const MAX_LINKS: usize = 255;

/// What a path in the context is.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// A file, with the digest of its content.
    File(u128),
    /// A folder.
    Folder,
    /// A symbolic link, with its target.
    Link(String),
}

/// A path in the context.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Entry {
    /// What it is.
    pub kind: Kind,
    /// The permission bits.
    pub mode: u32,
    /// The user and the group it belongs to on the host; only Buildah looks at them.
    pub owner: (u32, u32),
}

/// The files of a context, by path, without what is ignored.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tree {
    entries: BTreeMap<String, Entry>,
}

/// A digest of anything that can be hashed: two runs of SipHash with different beginnings, so that
/// two different files are taken for one with a chance of 2^-128. It means nothing outside this run.
pub fn digest(value: &(impl Hash + ?Sized)) -> u128 {
    let half = |seed: u8| {
        let mut hasher = DefaultHasher::new();
        seed.hash(&mut hasher);
        value.hash(&mut hasher);
        u128::from(hasher.finish())
    };
    half(1) << 64 | half(2)
}

impl Tree {
    /// Reads the folder at `root`, leaving out what `ignore` says. Links are not followed, and what is
    /// neither file, folder nor link is left out.
    ///
    /// # Errors
    /// If a folder or a file can't be read.
    pub fn read(root: &Path, ignore: &IgnoreFile) -> io::Result<Self> {
        let mut tree = Self::default();
        let mut pending = vec![String::new()];
        while let Some(folder) = pending.pop() {
            for entry in std::fs::read_dir(root.join(&folder))? {
                let entry = entry?;
                let Some(name) = entry.file_name().to_str().map(str::to_owned) else { continue };
                let path = if folder.is_empty() { name } else { format!("{folder}/{name}") };
                let (kind, ignored) = (entry.file_type()?, ignore.ignores(&path));
                if kind.is_dir() && (!ignored || ignore.has_exceptions()) {
                    pending.push(path.clone());
                }
                if ignored {
                    continue;
                }
                let data = entry.metadata()?;
                let kind = if kind.is_dir() {
                    Kind::Folder
                } else if kind.is_symlink() {
                    Kind::Link(std::fs::read_link(entry.path())?.to_string_lossy().into_owned())
                } else if kind.is_file() {
                    Kind::File(digest(&std::fs::read(entry.path())?))
                } else {
                    continue;
                };
                let (mode, owner) = attributes(&data);
                tree.insert(&path, Entry { kind, mode, owner });
            }
        }
        Ok(tree)
    }

    /// Adds a path, and the folders above it if they are not there.
    pub fn insert(&mut self, path: &str, entry: Entry) {
        for (at, _) in path.match_indices('/') {
            let folder = || Entry { kind: Kind::Folder, mode: 0o755, owner: entry.owner };
            self.entries.entry(path[..at].to_owned()).or_insert_with(folder);
        }
        self.entries.insert(path.to_owned(), entry);
    }

    /// Takes out what `ignore` leaves out.
    pub fn without(mut self, ignore: &IgnoreFile) -> Self {
        self.entries.retain(|path, _| !ignore.ignores(path));
        self
    }

    /// The tree as Git would keep it: files are `644` or `755`, nobody owns them, and there are no empty
    /// folders and no `.git`. A folder on disk is compared so with a revision.
    pub fn as_git_keeps_it(self) -> Self {
        let mut tree = Self::default();
        let is_git = |path: &str| path == ".git" || path.starts_with(".git/");
        let kept = |(path, e): &(String, Entry)| e.kind != Kind::Folder && !is_git(path);
        for (path, entry) in self.entries.into_iter().filter(kept) {
            let mode = match entry.kind {
                Kind::Link(_) => 0o777,
                _ if entry.mode & 0o111 != 0 => 0o755,
                _ => 0o644,
            };
            tree.insert(&path, Entry { mode, owner: (0, 0), ..entry });
        }
        tree
    }

    /// What `path` is.
    pub fn get(&self, path: &str) -> Option<(&str, &Entry)> {
        self.entries.get_key_value(path).map(|(path, entry)| (path.as_str(), entry))
    }

    /// `path` and all below it, without a look at the rest; everything if `path` is empty.
    pub fn below(&self, path: &str) -> impl Iterator<Item = (&str, &Entry)> {
        // `0` is the character behind `/`.
        let (first, end) =
            if path.is_empty() { (String::new(), None) } else { (format!("{path}/"), Some(format!("{path}0"))) };
        let end = end.map_or(Bound::Unbounded, Bound::Excluded);
        let below = self.entries.range((Bound::Included(first), end));
        self.get(path).into_iter().chain(below.map(|(path, entry)| (path.as_str(), entry)))
    }

    /// Where `path` leads once its links are followed. None leads out of the context: `/` is its root, and
    /// `..` stops there. `None` if they go round in circles.
    pub(super) fn resolve(&self, path: &str) -> Option<String> {
        // What is there without being a link stands below folders.
        if self.get(path).is_some_and(|(_, entry)| !matches!(entry.kind, Kind::Link(_))) {
            return Some(path.to_owned());
        }
        let mut done: Vec<String> = Vec::new();
        let mut pending: Vec<String> = path.split('/').rev().map(str::to_owned).collect();
        let mut links = 0;
        while let Some(part) = pending.pop() {
            match part.as_str() {
                "" | "." => {}
                ".." => drop(done.pop()),
                _ => {
                    done.push(part);
                    if let Some((_, Entry { kind: Kind::Link(target), .. })) = self.get(&done.join("/")) {
                        links += 1;
                        if links > MAX_LINKS {
                            return None;
                        }
                        done.pop();
                        if target.starts_with('/') {
                            done.clear();
                        }
                        pending.extend(target.split('/').rev().map(str::to_owned));
                    }
                }
            }
        }
        Some(done.join("/"))
    }
}

#[cfg(unix)]
fn attributes(data: &std::fs::Metadata) -> (u32, (u32, u32)) {
    use std::os::unix::fs::MetadataExt;
    (data.mode() & 0o7777, (data.uid(), data.gid()))
}

#[cfg(not(unix))]
fn attributes(_: &std::fs::Metadata) -> (u32, (u32, u32)) {
    (0o755, (0, 0))
}
