//! `.dockerignore`, as moby's patternmatcher reads it.

use super::pattern::Pattern;
use crate::builder::Builder;
use std::path::{Path, PathBuf};

/// The patterns of a `.dockerignore`.
#[derive(Clone, Debug, Default)]
pub struct IgnoreFile {
    rules: Vec<Rule>,
}

#[derive(Clone, Debug)]
struct Rule {
    pattern: Pattern,
    /// `!`: what fits is not ignored after all.
    keep: bool,
}

/// A pattern that can't be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: `{pattern}` is no pattern: a `[` or a backslash at its end is not closed")]
pub struct IgnoreError {
    /// The line, from 1.
    pub line: usize,
    /// The pattern.
    pub pattern: String,
}

impl IgnoreFile {
    /// Reads the file: a pattern a line, blanks around it dropped, `#` at the very start of a line for
    /// a comment, `!` for an exception.
    ///
    /// # Errors
    /// At the first pattern that can't be read.
    pub fn parse(text: &str) -> Result<Self, IgnoreError> {
        let text = text.strip_prefix(crate::source::BOM).unwrap_or(text);
        let mut rules = Vec::new();
        for (number, line) in text.lines().enumerate() {
            if line.starts_with('#') {
                continue;
            }
            let line = line.trim();
            let (keep, line) = match line.strip_prefix('!') {
                Some(rest) => (true, rest.trim()),
                None => (false, line),
            };
            let cleaned = clean(line);
            if cleaned.is_empty() {
                continue;
            }
            let error = || IgnoreError { line: number + 1, pattern: line.to_owned() };
            rules.push(Rule { pattern: Pattern::new(&cleaned, true).ok_or_else(error)?, keep });
        }
        Ok(Self { rules })
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
                *covered = rule.keep == ignored && (*covered || rule.pattern.matches(prefix));
                if *covered {
                    ignored = !rule.keep;
                }
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

/// Go's `filepath.Clean`, without a slash in front: `/a/./b/../c/` is `a/c`.
pub fn clean(path: &str) -> String {
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => drop(parts.pop()),
            part => parts.push(part),
        }
    }
    parts.join("/")
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
        check(".\n./\n", &[], &["a"]);
        check("a b\n", &["a b"], &["a"]);
        assert_eq!(IgnoreFile::parse("a\n[b\n").unwrap_err().line, 2);
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
}
