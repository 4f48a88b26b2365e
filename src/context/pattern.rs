//! Patterns over paths: those of `.dockerignore`, and those in the sources of COPY and ADD.
//!
//! Neither is quite what glob crates read: `**` crosses folders only in `.dockerignore`, a backslash
//! always escapes, and braces mean nothing (moby's patternmatcher; Go's `filepath.Match`).

/// A pattern, matched by walking all ways at once, so that no pattern takes more than linear time in
/// the path for each of its pieces.
#[derive(Clone, Debug)]
pub struct Pattern {
    pieces: Vec<Piece>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Piece {
    Char(char),
    /// `?`
    One,
    /// `*`
    Star,
    /// `**` at the end, or not followed by a slash.
    Deep,
    /// `**/`: either nothing (past the next piece), or the next piece.
    Enter,
    /// Any folders, up to a slash.
    Folders,
    /// `[...]`
    Class {
        negated: bool,
        ranges: Vec<(char, char)>,
    },
}

impl Pattern {
    /// Reads `text`; with `deep`, `**` crosses folders. `None` if a `[` or an escape has no end.
    pub fn new(text: &str, deep: bool) -> Option<Self> {
        let mut pieces = Vec::new();
        let mut chars = text.chars().peekable();
        while let Some(c) = chars.next() {
            let piece = match c {
                '\\' => Piece::Char(chars.next()?),
                '?' => Piece::One,
                '*' if deep && chars.peek() == Some(&'*') => {
                    while chars.next_if_eq(&'*').is_some() {}
                    if chars.next_if_eq(&'/').is_some() {
                        pieces.push(Piece::Enter);
                        Piece::Folders
                    } else {
                        Piece::Deep
                    }
                }
                '*' => Piece::Star,
                '[' => class(&mut chars)?,
                c => Piece::Char(c),
            };
            pieces.push(piece);
        }
        Some(Self { pieces })
    }

    /// Whether the whole of `path` fits.
    pub fn matches(&self, path: &str) -> bool {
        self.after(path)[self.pieces.len()]
    }

    /// Whether a path below `folder` may fit.
    pub fn may_match_below(&self, folder: &str) -> bool {
        self.after(&format!("{folder}/")).contains(&true)
    }

    /// Which pieces may come next behind `path`.
    fn after(&self, path: &str) -> Vec<bool> {
        let mut at = vec![false; self.pieces.len() + 1];
        at[0] = true;
        self.skip_empty(&mut at);
        for c in path.chars() {
            let mut next = vec![false; at.len()];
            for (i, piece) in self.pieces.iter().enumerate().filter(|&(i, _)| at[i]) {
                match piece {
                    Piece::Char(want) => next[i + 1] |= *want == c,
                    Piece::One => next[i + 1] |= c != '/',
                    Piece::Star => next[i] |= c != '/',
                    Piece::Deep => next[i] = true,
                    Piece::Enter => {}
                    Piece::Folders => {
                        next[i] = true;
                        next[i + 1] |= c == '/';
                    }
                    Piece::Class { negated, ranges } => {
                        let inside = ranges.iter().any(|&(low, high)| low <= c && c <= high);
                        next[i + 1] |= c != '/' && inside != *negated;
                    }
                }
            }
            self.skip_empty(&mut next);
            at = next;
        }
        at
    }

    /// Goes past the pieces that may match nothing.
    fn skip_empty(&self, at: &mut [bool]) {
        for (i, piece) in
            self.pieces.iter().enumerate().filter(|(_, p)| matches!(p, Piece::Star | Piece::Deep | Piece::Enter))
        {
            if at[i] {
                at[i + 1] = true;
                if *piece == Piece::Enter {
                    at[i + 2] = true;
                }
            }
        }
    }
}

fn class(chars: &mut std::iter::Peekable<std::str::Chars<'_>>) -> Option<Piece> {
    let negated = chars.next_if_eq(&'^').is_some();
    let mut ranges = Vec::new();
    loop {
        match chars.next()? {
            ']' if !ranges.is_empty() => return Some(Piece::Class { negated, ranges }),
            c => {
                let low = if c == '\\' { chars.next()? } else { c };
                let mut high = low;
                if chars.next_if_eq(&'-').is_some() {
                    let c = chars.next()?;
                    high = if c == '\\' { chars.next()? } else { c };
                }
                ranges.push((low, high));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(pattern: &str, deep: bool, yes: &[&str], no: &[&str]) {
        let read = Pattern::new(pattern, deep).unwrap();
        yes.iter().for_each(|path| assert!(read.matches(path), "{pattern} fits {path}"));
        no.iter().for_each(|path| assert!(!read.matches(path), "{pattern} does not fit {path}"));
    }

    #[test]
    fn stars_and_folders() {
        check("*.js", false, &["a.js", ".js"], &["d/a.js", "a.jsx"]);
        check("*/b?", false, &["a/bc"], &["a/b", "a/c/bd"]);
        check("**/x", true, &["x", "a/x", "a/b/x"], &["ax", "a/bx", "x/a"]);
        check("a/**", true, &["a/b", "a/b/c", "a/"], &["a", "b/a"]);
        check("a/**/b", true, &["a/b", "a/x/b", "a/x/y/b"], &["ab", "a/xb"]);
        check("**", true, &["a", "a/b"], &[]);
        check("a**b", true, &["ab", "axb", "ax/yb"], &["b"]);
        check("a**b", false, &["ab", "axb"], &["ax/yb"]);
    }

    #[test]
    fn classes_and_escapes() {
        check("[a-c]x", false, &["ax", "cx"], &["dx", "x"]);
        check("[^a]x", false, &["bx"], &["ax", "/x"]);
        check("[]a]", false, &["]", "a"], &["b"]);
        check("\\*{a,b}", false, &["*{a,b}"], &["xa", "*a"]);
        assert!(Pattern::new("[a", false).is_none() && Pattern::new("a\\", false).is_none());
    }
}
