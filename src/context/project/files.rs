//! What is in a context.

use super::Project;
use super::evidence::passes_a_link;
use crate::context::ignore_file::clean;
use crate::context::pattern::Pattern;
use std::collections::{BTreeMap, VecDeque};

/// No manifest is larger than this, in bytes.
const LARGEST_TEXT: u64 = 4 * 1024 * 1024;

/// From how many names on a search ends.
const MOST_NAMES: usize = 50_000;

/// So many names below an ignored folder are looked at for one that is kept.
const MOST_BELOW: usize = 2_000;

/// A file or folder in the context's folder, sent or not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Name {
    /// The path.
    pub path: String,
    /// Whether it is a folder. A link is none, wherever it leads.
    pub is_dir: bool,
    /// Whether it is left out. Of a folder that is, an exception may still bring something back.
    pub ignored: bool,
}

/// What of a path is sent to the builder.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sent {
    /// Nothing: it is not there, or it is ignored.
    Nothing,
    /// A plain file.
    File,
    /// A folder.
    Folder,
    /// A link, a pipe ..., or what lies behind one of these.
    Other,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    File,
    Folder,
    /// A link, a pipe ...
    Other,
}

impl Project {
    /// Whether a file or folder is sent to the builder: it is there, and it or something in it is not
    /// ignored. Where an exception makes the answer costly, it is yes.
    pub fn has(&self, path: &str) -> bool {
        let path = clean(path);
        match self.kind(&path) {
            None => false,
            Some(Kind::Folder) => !self.ignore.ignores(&path) || self.keeps_below(&path),
            Some(_) => !self.ignore.ignores(&path),
        }
    }

    /// Whether a folder is sent to the builder, as [`Project::has`] has it.
    pub fn is_dir(&self, path: &str) -> bool {
        self.kind(&clean(path)) == Some(Kind::Folder) && self.has(path)
    }

    /// What of a path is sent to the builder. Where an exception makes the answer costly for a folder, it
    /// is sent.
    pub fn sent(&self, path: &str) -> Sent {
        let path = clean(path);
        let above = path.match_indices('/').map(|(at, _)| &path[..at]);
        if above.into_iter().any(|folder| matches!(self.kind(folder), Some(Kind::Other | Kind::File))) {
            return Sent::Other;
        }
        match self.kind(&path) {
            Some(kind) if self.has(&path) => match kind {
                Kind::File => Sent::File,
                Kind::Folder => Sent::Folder,
                Kind::Other => Sent::Other,
            },
            _ => Sent::Nothing,
        }
    }

    /// How many bytes a file, or all files in a folder, have that are sent. `None` if it takes looking at
    /// more than 2,000 names to know.
    pub fn size(&self, path: &str) -> Option<u64> {
        let mut pending = vec![clean(path)];
        let (mut bytes, mut seen) = (0, 0);
        while let Some(path) = pending.pop() {
            seen += 1;
            match self.kind(&path) {
                _ if seen > MOST_BELOW => return None,
                Some(Kind::Folder) => pending.extend(self.list(&path).into_keys()),
                Some(Kind::File) if !self.ignore.ignores(&path) => {
                    let on_disk = || self.root.join(&path).metadata().map_or(0, |data| data.len());
                    bytes += self.overlay.get(&path).map_or_else(on_disk, |text| text.len() as u64);
                }
                _ => {}
            }
        }
        Some(bytes)
    }

    /// Whether something of that name is there, sent or not.
    pub fn exists(&self, path: &str) -> bool {
        self.kind(&clean(path)).is_some()
    }

    /// The text of a file that is sent to the builder; `None` if it isn't there, is ignored, is no plain
    /// file, is larger than 4 MiB or is not UTF-8.
    pub fn text(&self, path: &str) -> Option<String> {
        let path = clean(path);
        if self.kind(&path)? != Kind::File || self.ignore.ignores(&path) {
            return None;
        }
        match self.overlay.get(&path) {
            Some(text) => Some(text.clone()),
            None => crate::context::lexical::plain_text(&self.root.join(&path), LARGEST_TEXT),
        }
    }

    /// The files and folders at the top of the context, sent or not, by name.
    pub fn top_level(&self) -> Vec<Name> {
        self.list("").into_iter().map(|(path, kind)| self.name(path, kind)).collect()
    }

    /// The files and folders with one of these names that lie at most `depth` folders deep (1: at the
    /// top), sent or not, the highest first. It does not look into those it finds, nor into `.git`,
    /// `node_modules` and folders of which nothing is sent, and ends after 50,000 names.
    pub fn find_at_most(&self, depth: usize, names: &[&str]) -> Vec<Name> {
        let mut found = Vec::new();
        let mut pending = VecDeque::from([(String::new(), 1)]);
        let mut seen = 0;
        while let Some((folder, level)) = pending.pop_front() {
            if level > depth || seen > MOST_NAMES {
                break;
            }
            for (path, kind) in self.list(&folder) {
                seen += 1;
                let name = path.rsplit('/').next().unwrap_or_default();
                if names.contains(&name) {
                    found.push(self.name(path, kind));
                } else if kind == Kind::Folder && !matches!(name, ".git" | "node_modules") && self.may_send(&path) {
                    pending.push_back((path, level + 1));
                }
            }
        }
        found
    }

    /// The files and folders that a source of COPY or ADD names and that are sent, in order: one for a
    /// plain path, those that fit for a pattern. Nothing if there are none, or if it is no pattern.
    pub fn matches(&self, source: &str) -> Vec<String> {
        let cleaned = clean(source);
        if !cleaned.contains(super::evidence::SPECIAL) {
            return if self.has(&cleaned) { vec![cleaned] } else { Vec::new() };
        }
        let mut found = vec![String::new()];
        for part in cleaned.split('/') {
            let Some(pattern) = Pattern::new(part, false) else { return Vec::new() };
            let fits = |path: &String| path.rsplit('/').next().is_some_and(|name| pattern.matches(name));
            let below = |folder: &String| self.list(folder).into_keys().filter(fits).collect::<Vec<_>>();
            let folders = found.iter().filter(|path| self.kind(path) == Some(Kind::Folder)).take(MOST_BELOW);
            found = folders.flat_map(below).collect();
        }
        found.retain(|path| self.has(path));
        found
    }

    /// The files that are sent, links among them, by path. `None` if there are more than `limit`, or if
    /// it takes looking at more than 50,000 names to know.
    pub fn files(&self, limit: usize) -> Option<Vec<String>> {
        let mut files = Vec::new();
        let mut pending = vec![String::new()];
        let mut seen = 0;
        while let Some(folder) = pending.pop() {
            for (path, kind) in self.list(&folder) {
                seen += 1;
                if kind == Kind::Folder {
                    if self.may_send(&path) {
                        pending.push(path);
                    }
                } else if !self.ignore.ignores(&path) {
                    files.push(path);
                }
            }
            if files.len() > limit || seen > MOST_NAMES {
                return None;
            }
        }
        files.sort_unstable();
        Some(files)
    }

    fn name(&self, path: String, kind: Kind) -> Name {
        Name { ignored: self.ignore.ignores(&path), is_dir: kind == Kind::Folder, path }
    }

    /// Whether something below a folder may be sent.
    fn may_send(&self, folder: &str) -> bool {
        !self.ignore.ignores(folder) || self.ignore.may_keep_below(folder)
    }

    /// Whether something below an ignored folder is kept.
    fn keeps_below(&self, folder: &str) -> bool {
        let mut pending = vec![folder.to_owned()];
        let mut seen = 0;
        while let Some(folder) = pending.pop() {
            if !self.ignore.may_keep_below(&folder) {
                continue;
            }
            for (path, kind) in self.list(&folder) {
                seen += 1;
                if !self.ignore.ignores(&path) || seen > MOST_BELOW {
                    return true;
                }
                if kind == Kind::Folder {
                    pending.push(path);
                }
            }
        }
        false
    }

    /// What a clean path is; a path behind a link is nothing.
    fn kind(&self, path: &str) -> Option<Kind> {
        if self.overlay.contains_key(path) {
            return Some(Kind::File);
        }
        let place = self.root.join(path);
        // The context itself may be named through a link.
        let data = if path.is_empty() { place.metadata() } else { place.symlink_metadata() };
        match data {
            Ok(data) if !passes_a_link(&self.root, path) => Some(kind_of(data.file_type())),
            _ => self.overlay.keys().any(|file| is_below(file, path)).then_some(Kind::Folder),
        }
    }

    /// What is in a folder, by path, in order. Nothing if it can't be read.
    fn list(&self, folder: &str) -> BTreeMap<String, Kind> {
        let mut names = BTreeMap::new();
        let path = |name: &str| if folder.is_empty() { name.to_owned() } else { format!("{folder}/{name}") };
        for entry in self.root.join(folder).read_dir().into_iter().flatten().take(MOST_NAMES + 1).flatten() {
            if let (Some(name), Ok(kind)) = (entry.file_name().to_str(), entry.file_type()) {
                names.insert(path(name), kind_of(kind));
            }
        }
        for file in self.overlay.keys().filter(|file| is_below(file, folder)) {
            let rest = if folder.is_empty() { file } else { &file[folder.len() + 1..] };
            let (name, kind) = rest.split_once('/').map_or((rest, Kind::File), |(name, _)| (name, Kind::Folder));
            names.insert(path(name), kind);
        }
        names
    }
}

fn kind_of(kind: std::fs::FileType) -> Kind {
    match (kind.is_dir(), kind.is_file()) {
        (true, _) => Kind::Folder,
        (_, true) => Kind::File,
        _ => Kind::Other,
    }
}

fn is_below(file: &str, folder: &str) -> bool {
    folder.is_empty() || file.strip_prefix(folder).is_some_and(|rest| rest.starts_with('/'))
}
