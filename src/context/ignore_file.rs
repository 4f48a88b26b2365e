//! `.dockerignore`, as moby's patternmatcher reads it.

use super::pattern::Pattern;
use crate::builder::Builder;
use std::path::{Path, PathBuf};

/// The patterns of a `.dockerignore`.
#[derive(Clone, Debug, Default)]
pub struct IgnoreFile {
    rules: Vec<Rule>,
    /// Whether nothing below an ignored folder is looked at that no exception names folder by folder.
    named_exceptions: bool,
}

#[derive(Clone, Debug)]
struct Rule {
    /// The pattern with a slash behind it.
    text: String,
    pattern: Pattern,
    /// `!`: what fits is not ignored after all.
    keep: bool,
}

/// A line that can't be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: `{pattern}` is no pattern: look for a `[` without end, a stray backslash or a lone `!`")]
pub struct IgnoreError {
    /// The line, from 1.
    pub line: usize,
    /// The line's pattern.
    pub pattern: String,
}

impl IgnoreFile {
    /// Reads the file as BuildKit does: a pattern a line, blanks around it dropped, `#` at the very start
    /// of a line for a comment, `!` for an exception.
    ///
    /// # Errors
    /// At the first pattern that builders refuse: they don't build at all with such a file.
    pub fn parse(text: &str) -> Result<Self, IgnoreError> {
        let text = text.strip_prefix(crate::source::BOM).unwrap_or(text);
        let mut rules = Vec::new();
        for (number, line) in text.lines().enumerate() {
            let line = line.trim_end();
            let shown = line.trim_start();
            if line.starts_with('#') || shown.is_empty() {
                continue;
            }
            let error = || IgnoreError { line: number + 1, pattern: shown.to_owned() };
            let (keep, text) = exception(shown).ok_or_else(error)?;
            let pattern = Pattern::new(&text, true).ok_or_else(error)?;
            rules.push(Rule { pattern, keep, text: text + "/" });
        }
        Ok(Self { rules, named_exceptions: false })
    }

    /// The file as `builder` uses it. The classic builder goes into an ignored folder only if an
    /// exception starts with its name, letter by letter: `!**/*.md` brings nothing back from there
    /// (measured on 26.1).
    pub fn for_builder(mut self, builder: Builder) -> Self {
        self.named_exceptions = builder == Builder::Classic;
        self
    }

    /// Whether `path`, relative to the context with `/` between names, is left out. A pattern that
    /// fits a folder covers what is in it; the last pattern that fits decides. An exception covers what
    /// is in a folder only if the folder was ignored without it: with `a/b` and `!a`, `a/b` stays out
    /// (measured on BuildKit 0.13 and on the classic builder 26.1).
    pub fn ignores(&self, path: &str) -> bool {
        let mut covered = vec![false; self.rules.len()];
        let mut ignored = false;
        let ends = path.match_indices('/').map(|(at, _)| at).chain([path.len()]);
        for prefix in ends.map(|end| &path[..end]) {
            ignored = false;
            for (rule, covered) in self.rules.iter().zip(&mut covered) {
                *covered = *covered || (rule.keep == ignored && rule.pattern.matches(prefix));
                if *covered {
                    ignored = !rule.keep;
                }
            }
            if ignored && self.named_exceptions && !self.names_below(prefix) {
                return true;
            }
        }
        ignored
    }

    /// Whether nothing in `folder` is sent, whatever is in it.
    pub fn covers(&self, folder: &str) -> bool {
        self.ignores(folder) && !self.rules.iter().any(|r| r.keep && r.pattern.may_match_below(folder))
    }

    /// Whether something below an ignored folder may still be kept.
    pub fn has_exceptions(&self) -> bool {
        self.rules.iter().any(|r| r.keep)
    }

    /// Whether something below the folder `folder`, which is ignored, may still be kept.
    pub fn may_keep_below(&self, folder: &str) -> bool {
        let below = |rule: &Rule| rule.keep && rule.pattern.may_match_below(folder);
        self.rules.iter().any(below) && (!self.named_exceptions || self.names_below(folder))
    }

    /// Whether an exception starts with the name of `folder`.
    fn names_below(&self, folder: &str) -> bool {
        let is_below = |text: &str| text.strip_prefix(folder).is_some_and(|rest| rest.starts_with('/'));
        self.rules.iter().any(|rule| rule.keep && is_below(&rule.text))
    }
}

/// The ignore file that `builder` uses for `dockerfile` and the context `root`, and what `read` makes of
/// it: `read` gives `None` for a file that is not there.
///
/// BuildKit prefers the one that lies beside the Dockerfile and is named like it (Docker's documentation,
/// "Build context": "Filename and location"); Buildah prefers its own name (containerignore(5)).
pub fn in_force<T>(
    dockerfile: &Path,
    root: &Path,
    builder: Builder,
    read: &dyn Fn(&Path) -> Option<T>,
) -> Option<(PathBuf, T)> {
    let first = match builder {
        Builder::Buildkit => {
            let mut own = dockerfile.as_os_str().to_owned();
            own.push(".dockerignore");
            Some(PathBuf::from(own))
        }
        Builder::Classic => None,
        Builder::Buildah => Some(root.join(".containerignore")),
    };
    let mut paths = first.into_iter().chain([root.join(".dockerignore")]);
    paths.find_map(|path| read(&path).map(|found| (path, found)))
}

/// Whether a line is an exception, and its pattern, cleaned; `None` for a `!` that nothing follows. The
/// builders look for `!` once more when they have cleaned the line: `/!a` is an exception.
fn exception(line: &str) -> Option<(bool, String)> {
    let cleaned = match line.strip_prefix('!') {
        Some(rest) => {
            let rest = rest.trim();
            return (!rest.is_empty()).then(|| (true, clean_pattern(rest))).filter(|(_, rest)| rest != "/");
        }
        None => clean_pattern(line),
    };
    match cleaned.strip_prefix('!') {
        Some("") => None,
        Some(rest) => Some((true, rest.to_owned())),
        None => Some((false, cleaned)),
    }
}

/// A pattern as the builders clean it, with Go's `filepath.Clean` and without a slash in front. What
/// leads above the context stays so, and fits nothing; so do `.` and `/`.
fn clean_pattern(pattern: &str) -> String {
    let rooted = pattern.starts_with('/');
    let mut parts: Vec<&str> = Vec::new();
    for part in pattern.split('/') {
        match part {
            "" | "." => {}
            ".." if parts.last().is_some_and(|last| *last != "..") => drop(parts.pop()),
            ".." if rooted => {}
            part => parts.push(part),
        }
    }
    match parts.is_empty() {
        true if rooted => "/".to_owned(),
        true => ".".to_owned(),
        false => parts.join("/"),
    }
}

/// Go's `filepath.Clean`, without a slash in front: `/a/./b/../c/` is `a/c`.
pub fn clean(path: &str) -> String {
    if is_clean(path) {
        return path.to_owned();
    }
    let mut clean = String::with_capacity(path.len());
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => clean.truncate(clean.rfind('/').unwrap_or(0)),
            part => {
                if !clean.is_empty() {
                    clean.push('/');
                }
                clean.push_str(part);
            }
        }
    }
    clean
}

/// Whether nothing in `path` can need cleaning, as with nearly every path of a COPY.
fn is_clean(path: &str) -> bool {
    let odd = |pair: &[u8]| pair[0] == b'/' && matches!(pair[1], b'/' | b'.');
    !(path.starts_with(['/', '.']) || path.ends_with('/') || path.as_bytes().windows(2).any(odd))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, ignored: &[&str], kept: &[&str]) {
        let file = IgnoreFile::parse(text).unwrap();
        ignored.iter().for_each(|path| assert!(file.ignores(path), "{path} is ignored by {text:?}"));
        kept.iter().for_each(|path| assert!(!file.ignores(path), "{path} is kept by {text:?}"));
    }

    #[test]
    fn lines() {
        check("a\n", &["a", "a/b"], &["b", "ab", "c/a"]);
        check("\u{feff}# comment\n\n  a  \n #b\n", &["a", "#b"], &["# comment"]);
        check("/a/./b/\n", &["a/b", "a/b/c"], &["a", "b"]);
        check(".\n./\n/\n..\n../a\na/../..\n", &[], &["a"]);
        check("/../a\n/b\r\n", &["a", "b"], &[]);
        check("a b\n", &["a b"], &["a"]);
        check("*\n/!a\n!!b\n", &["b"], &["a", "!b"]);
        for (text, line) in [("a\n[b\n", 2), ("!\n", 1), ("# x\n\n! /\n", 3), ("/!\n", 1), ("a\\\n", 1)] {
            assert_eq!(IgnoreFile::parse(text).unwrap_err().line, line, "{text:?}");
        }
    }

    #[test]
    fn the_classic_builder_looks_for_exceptions_by_name() {
        let ignores = |text: &str, builder: Builder, path: &str| {
            IgnoreFile::parse(text).unwrap().for_builder(builder).ignores(path)
        };
        for (text, path, buildkit, classic) in [
            ("m\n!**/*.md\n", "m/x.md", false, true),
            ("*\n!m/*/x.md\n", "m/n/x.md", false, true),
            ("m\n!m/n/x.md\n", "m/n/x.md", false, false),
            ("**/*.log\n!*.log\n", "a.log", false, false),
        ] {
            assert_eq!(ignores(text, Builder::Buildkit, path), buildkit, "{text:?}");
            assert_eq!(ignores(text, Builder::Classic, path), classic, "{text:?}");
        }
    }

    #[test]
    fn what_is_ignored_may_be_kept_below() {
        let file = IgnoreFile::parse("*\n!src\n!a/**/c\n").unwrap();
        for (folder, may) in [("a/x", true), ("a", true), ("a/b", true), ("docs", false)] {
            assert_eq!(file.may_keep_below(folder), may, "{folder}");
        }
        assert!(!file.for_builder(Builder::Classic).may_keep_below("a/b"));
    }

    #[test]
    fn folders_cover_what_is_in_them_and_exceptions_bring_it_back() {
        check("a\n!a/b\n", &["a", "a/c"], &["a/b", "a/b/c"]);
        check("a\n!a/b\na/b/c\n", &["a/b/c"], &["a/b/d"]);
        check("*\n!src\n!*.md\nREADME.md\n", &["x", ".git/config", "README.md"], &["src/a", "b.md"]);
        check("a/b\n!a\n", &["a/b", "a/b/c"], &["a", "a/c"]);
        check("! a\n", &[], &["a"]);
        check("!a\na\n", &["a"], &[]);
    }

    #[test]
    fn a_folder_is_covered_if_no_exception_leads_into_it() {
        let covers = |text: &str, folder: &str| IgnoreFile::parse(text).unwrap().covers(folder);
        for text in ["node_modules\n", "*\n!src\n!package.json\n!*.md\n", "**/node_modules\n!src/**\n"] {
            assert!(covers(text, "node_modules"), "{text}");
        }
        for text in ["", "*\n!node_modules/a\n", "*\n!**/*.md\n", "*\n!node_*\n", "node_modules/*\n", "*\n!*/x\n"] {
            assert!(!covers(text, "node_modules"), "{text}");
        }
    }

    #[test]
    fn stars() {
        check("*.log\n", &["a.log"], &["d/a.log"]);
        check("**/*.log\n", &["a.log", "d/a.log", "d/e/a.log"], &["a.logs"]);
        check("*/temp*\n", &["d/temp", "d/temporary/x"], &["temp", "d/e/temp"]);
        check("**/node_modules\n", &["node_modules/x", "a/node_modules/x"], &["node_modules2"]);
        check("a/**\n", &["a/b", "a/b/c"], &["a"]);
        check("{a,b}\n", &["{a,b}"], &["a", "b"]);
    }

    proptest::proptest! {
        #[test]
        fn a_clean_path_has_only_names(path in "[a./]{0,10}") {
            let cleaned = clean(&path);
            proptest::prop_assert!(cleaned.split('/').all(|part| !matches!(part, "." | "..")));
            proptest::prop_assert!(cleaned.is_empty() || cleaned.split('/').all(|part| !part.is_empty()));
            // What is clean stays as it is, and names survive.
            proptest::prop_assert_eq!(clean(&cleaned), cleaned.as_str());
            let named = path.split('/').any(|part| !matches!(part, "" | "." | ".."));
            proptest::prop_assert!(named || cleaned.is_empty());
            if !path.split('/').any(|part| part == "..") {
                let names: Vec<&str> = path.split('/').filter(|part| !matches!(*part, "" | ".")).collect();
                proptest::prop_assert_eq!(cleaned, names.join("/"));
            }
        }
    }
}
