//! What the sources of COPY and ADD bring from the context.

use super::ignore_file::clean;
use super::pattern::Pattern;
use super::tree::{Entry, Kind, Tree};

/// What makes a source a pattern.
const WILDCARDS: [char; 4] = ['*', '?', '[', '\\'];

/// A file, a folder or a link that a source brings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Selected<'t> {
    /// Its path in the context, links followed.
    pub path: &'t str,
    /// Its path from the source on: empty for what the source names itself, `a/b` below a folder, and the
    /// whole path for what fits a pattern.
    pub name: String,
    /// What it is.
    pub entry: &'t Entry,
    /// Where it leads, if it is a link below a folder: such a link is copied as one.
    pub target: Option<String>,
}

/// How the sources of an instruction are read.
#[derive(Debug, Default)]
pub struct Selection {
    /// `--parents`: each source is a pattern in which `**` stands for folders, and the folders above what
    /// fits are copied too.
    pub parents: bool,
    /// `--exclude`.
    exclude: Vec<Pattern>,
}

impl Selection {
    /// With the flags of COPY and ADD that say which files: `--parents` and each `--exclude`.
    ///
    /// Both are as BuildKit's documentation of the Dockerfile has them. They are not measured: the
    /// Dockerfile frontend of 26.1 refuses them.
    pub fn new<'e>(parents: bool, exclude: impl Iterator<Item = &'e str>) -> Self {
        let pattern = |text: &str| Pattern::new(&clean(text), true);
        Self { parents, exclude: exclude.filter_map(pattern).collect() }
    }

    /// Whether no flag says which files.
    pub fn is_plain(&self) -> bool {
        !self.parents && self.exclude.is_empty()
    }

    /// What `source` brings of `tree`: a file, a folder with all that is in it, or what fits a pattern
    /// (Go's `filepath.Match`). Links that a source names, or that stand above what it names, are followed;
    /// links below a folder are not (measured on BuildKit and on the classic builder 26.1).
    pub fn of<'t>(&self, tree: &'t Tree, source: &str) -> Vec<Selected<'t>> {
        let cleaned = clean(source);
        let mut list = Vec::new();
        match cleaned.contains(WILDCARDS).then(|| Pattern::new(&cleaned, self.parents)).flatten() {
            Some(pattern) => {
                let folder = literal_folder(&cleaned);
                let Some(real) = tree.resolve(folder) else { return list };
                for (path, entry) in tree.below(&real) {
                    // The pattern sees the path as the source spells it, with the link in it.
                    let rest = path[real.len()..].trim_start_matches('/');
                    let shown = if folder.is_empty() { rest.to_owned() } else { format!("{folder}/{rest}") };
                    if pattern.matches(&shown) && !rest.is_empty() {
                        self.add(tree, path, entry, &shown, &mut list);
                    }
                }
                list.sort_by(|a, b| a.name.cmp(&b.name));
                list.dedup_by(|a, b| a.name == b.name);
            }
            None => {
                let name = if self.parents { cleaned.as_str() } else { "" };
                let real = tree.resolve(&cleaned);
                list.extend(real.iter().flat_map(|real| self.below(tree, real, name)));
            }
        }
        list
    }

    /// What fits a pattern, and all below it.
    fn add<'t>(&self, tree: &'t Tree, path: &'t str, entry: &Entry, name: &str, list: &mut Vec<Selected<'t>>) {
        let real = match entry.kind {
            Kind::Link(_) => tree.resolve(path),
            _ => Some(path.to_owned()),
        };
        list.extend(real.iter().flat_map(|real| self.below(tree, real, name)));
    }

    fn below<'t>(&self, tree: &'t Tree, root: &str, name: &str) -> Vec<Selected<'t>> {
        let one = |(path, entry): (&'t str, &'t Entry)| {
            let rest = path[root.len()..].trim_start_matches('/');
            let file = path.rsplit('/').next().filter(|_| entry.kind != Kind::Folder);
            if self.excludes(if rest.is_empty() { file.unwrap_or_default() } else { rest }) {
                return None;
            }
            let name = match (name, rest) {
                (_, "") => name.to_owned(),
                ("", _) => rest.to_owned(),
                _ => format!("{name}/{rest}"),
            };
            let target = matches!(entry.kind, Kind::Link(_)).then(|| tree.resolve(path)).flatten();
            Some(Selected { path, name, entry, target })
        };
        tree.below(root).filter_map(one).collect()
    }

    /// Whether `--exclude` leaves out what stands at `rest` below a source, or the file of that name that
    /// the source itself stands for. A pattern that fits a folder covers what is in it.
    fn excludes(&self, rest: &str) -> bool {
        let mut ends = rest.match_indices('/').map(|(at, _)| at).chain([rest.len()]);
        !self.exclude.is_empty() && ends.any(|end| self.exclude.iter().any(|p| p.matches(&rest[..end])))
    }

    /// Whether `source` is a pattern.
    pub fn is_pattern(&self, source: &str) -> bool {
        self.parents || source.contains(WILDCARDS)
    }
}

/// The folders in front of the first name with a wildcard.
fn literal_folder(pattern: &str) -> &str {
    let wild = pattern.find(WILDCARDS).unwrap_or(pattern.len());
    pattern[..wild].rfind('/').map_or("", |at| &pattern[..at])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tree(paths: &[&str]) -> Tree {
        let mut tree = Tree::default();
        for path in paths {
            let (path, kind) = match path.split_once(" -> ") {
                Some((path, target)) => (path, Kind::Link(target.to_owned())),
                None => (*path, Kind::File(0)),
            };
            tree.insert(path, Entry { kind, mode: 0o644, owner: (0, 0) });
        }
        tree
    }

    #[track_caller]
    fn check(paths: &[&str], selection: &Selection, source: &str, want: &[(&str, &str)]) {
        let tree = tree(paths);
        let found = selection.of(&tree, source);
        let files = found.iter().filter(|s| s.entry.kind != Kind::Folder);
        assert_eq!(files.map(|s| (s.name.as_str(), s.path)).collect::<Vec<_>>(), want, "{source}");
    }

    #[test]
    fn folders_and_patterns() {
        let plain = Selection::default();
        let files = ["a", "d/b", "d/e/c"];
        check(&files, &plain, "a", &[("", "a")]);
        check(&files, &plain, "./d/", &[("b", "d/b"), ("e/c", "d/e/c")]);
        check(&files, &plain, "d/../../a", &[("", "a")]);
        check(&files, &plain, ".", &[("a", "a"), ("d/b", "d/b"), ("d/e/c", "d/e/c")]);
        check(&files, &plain, "*", &[("a", "a"), ("d/b", "d/b"), ("d/e/c", "d/e/c")]);
        check(&files, &plain, "*/*", &[("d/b", "d/b"), ("d/e/c", "d/e/c")]);
        check(&files, &plain, "no*", &[]);
        check(&files, &plain, "no", &[]);
    }

    #[test]
    fn links_that_a_source_names_are_followed() {
        let plain = Selection::default();
        let files = ["d/a", "d/m -> ../x", "l -> d", "k -> l", "r -> /../l/a", "x", "loop -> loop", "gone -> nowhere"];
        check(&files, &plain, "l", &[("a", "d/a"), ("m", "d/m")]);
        check(&files, &plain, "k", &[("a", "d/a"), ("m", "d/m")]);
        check(&files, &plain, "k/a", &[("", "d/a")]);
        check(&files, &plain, "l/m", &[("", "x")]);
        check(&files, &plain, "r", &[("", "d/a")]);
        check(&files, &plain, "l/a*", &[("l/a", "d/a")]);
        check(&files, &plain, "[kr]", &[("k/a", "d/a"), ("k/m", "d/m"), ("r", "d/a")]);
        check(&files, &plain, "loop", &[]);
        check(&files, &plain, "gone", &[]);
        let tree = tree(&files);
        let target = |name: &str| plain.of(&tree, "d").into_iter().find(|s| s.name == name).and_then(|s| s.target);
        assert_eq!((target("m").as_deref(), target("a")), (Some("x"), None));
    }

    #[test]
    fn what_is_excluded_stays_out() {
        let files = ["a.md", "d/a.md", "d/b", "d/e/c.md", "d/f/g"];
        let without = |list: &[&str]| Selection::new(false, list.iter().copied());
        check(&files, &without(&["*.md"]), "d", &[("b", "d/b"), ("e/c.md", "d/e/c.md"), ("f/g", "d/f/g")]);
        check(&files, &without(&["**/*.md", "f"]), "d", &[("b", "d/b")]);
        check(&files, &without(&["*.md"]), "*", &[("d/b", "d/b"), ("d/e/c.md", "d/e/c.md"), ("d/f/g", "d/f/g")]);
        check(&files, &without(&["x["]), "a.md", &[("", "a.md")]);
    }

    #[test]
    fn parents_keep_their_folders() {
        let parents = Selection::new(true, [].into_iter());
        let files = ["p/a/x.json", "p/b/c/x.json", "p/y"];
        check(&files, &parents, "p/**/x.json", &[("p/a/x.json", "p/a/x.json"), ("p/b/c/x.json", "p/b/c/x.json")]);
        check(&files, &parents, "./p/./a/x.json", &[("p/a/x.json", "p/a/x.json")]);
        check(&files, &parents, "**/y", &[("p/y", "p/y")]);
    }
}
