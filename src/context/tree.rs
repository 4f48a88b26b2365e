//! The files of a context, with digests of their contents.

use super::ignore_file::{IgnoreFile, clean};
use super::pattern::Pattern;
use std::collections::BTreeMap;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io;
use std::ops::Bound;
use std::path::Path;

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

    /// What the source `source` of COPY or ADD brings: paths, and their entries. A folder brings what
    /// is in it, a pattern what fits (Go's `filepath.Match`).
    pub fn select<'t>(&'t self, source: &str) -> Vec<(&'t str, &'t Entry)> {
        let cleaned = clean(source);
        let pattern = cleaned.contains(['*', '?', '[', '\\']).then(|| Pattern::new(&cleaned, false)).flatten();
        let pair = |(path, entry): (&'t String, &'t Entry)| (path.as_str(), entry);
        let Some(pattern) = pattern else {
            return self.below(&cleaned).map(pair).collect();
        };
        let brings = |path: &str| {
            let mut folders = path.match_indices('/').map(|(at, _)| &path[..at]);
            pattern.matches(path) || folders.any(|folder| pattern.matches(folder))
        };
        self.entries.iter().filter(|(path, _)| brings(path)).map(pair).collect()
    }

    /// `path` and all below it, without a look at the rest; everything if `path` is empty.
    fn below(&self, path: &str) -> impl Iterator<Item = (&String, &Entry)> {
        // `0` is the character behind `/`.
        let (first, end) =
            if path.is_empty() { (String::new(), None) } else { (format!("{path}/"), Some(format!("{path}0"))) };
        let end = end.map_or(Bound::Unbounded, Bound::Excluded);
        self.entries.get_key_value(path).into_iter().chain(self.entries.range((Bound::Included(first), end)))
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
