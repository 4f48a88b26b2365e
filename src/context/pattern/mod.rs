//! Patterns over paths: those of `.dockerignore`, and those in the sources of COPY and ADD.
//!
//! Neither is quite what glob crates read. In a source, `*` stays within a name, a backslash always
//! escapes, and braces mean nothing (Go's `filepath.Match`). A pattern of `.dockerignore` becomes a
//! regular expression, and some signs keep the meaning that they have there (see `moby`).

mod class;
mod moby;

use class::{Set, go_class};

/// A pattern, matched by walking all ways at once, so that no pattern takes more than linear time in
/// the path for each of its pieces.
#[derive(Clone, Debug)]
pub struct Pattern {
    /// One of them has to fit.
    alternatives: Vec<Alternative>,
}

#[derive(Clone, Debug)]
struct Alternative {
    /// What each path that fits starts and ends with; that is cheap to look for.
    start: String,
    end: String,
    pieces: Vec<Piece>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Piece {
    Char(char),
    /// One of a set of characters.
    One(Set),
    /// Any number of a set of characters.
    Many(Set),
    /// Anything.
    Deep,
    /// Either nothing (past the next piece), or the next piece.
    Enter,
    /// Any folders, up to a slash.
    Folders,
    /// Nothing, at the start of the path.
    Start,
    /// Nothing, at the end of the path.
    End,
    /// Nothing, between a letter of a word and what is none; or, if false, anywhere else.
    Boundary(bool),
}

impl Pattern {
    /// Reads `text`: with `deep` as a pattern of `.dockerignore`, else as one of COPY and ADD. `None` if
    /// builders refuse it, for example because a `[` or an escape has no end.
    pub fn new(text: &str, deep: bool) -> Option<Self> {
        let plain = go_pieces(text)?;
        let alternatives = if deep { moby::pieces(text)? } else { vec![plain] };
        Some(Self { alternatives: alternatives.into_iter().map(Alternative::new).collect() })
    }

    /// Whether the whole of `path` fits.
    pub fn matches(&self, path: &str) -> bool {
        self.alternatives.iter().any(|one| one.may_match(path) && one.walk(path, false).last() == Some(&true))
    }

    /// Whether something below the folder `folder` may fit.
    pub fn may_match_below(&self, folder: &str) -> bool {
        let below = format!("{folder}/");
        let alive = |one: &Alternative| one.walk(&below, true)[..one.pieces.len()].contains(&true);
        self.alternatives.iter().any(alive)
    }
}

/// The pieces of a source of COPY or ADD. `None` if Go calls it a bad pattern.
fn go_pieces(text: &str) -> Option<Vec<Piece>> {
    let mut pieces = Vec::new();
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        pieces.push(match c {
            '\\' => Piece::Char(chars.next()?),
            '?' => Piece::One(Set::in_a_name()),
            '*' => Piece::Many(Set::in_a_name()),
            '[' => Piece::One(go_class(&mut chars)?),
            c => Piece::Char(c),
        });
    }
    Some(pieces)
}

impl Alternative {
    fn new(pieces: Vec<Piece>) -> Self {
        let plain = |piece: &Piece| if let Piece::Char(c) = piece { Some(*c) } else { None };
        let start = pieces.iter().map_while(plain).collect();
        let mut end: Vec<char> = pieces.iter().rev().skip_while(|p| **p == Piece::End).map_while(plain).collect();
        end.reverse();
        Self { start, end: end.into_iter().collect(), pieces }
    }

    /// Whether `path` has what each path that fits has.
    fn may_match(&self, path: &str) -> bool {
        path.starts_with(&self.start) && path.ends_with(&self.end)
    }

    /// Before which pieces one may stand behind `path`; the last place is behind them all. With `more`,
    /// the path goes on.
    fn walk(&self, path: &str, more: bool) -> Vec<bool> {
        let mut at = vec![false; self.pieces.len() + 1];
        let mut next = at.clone();
        at[0] = true;
        let mut before = None;
        let mut rest = path.chars();
        loop {
            let c = rest.next();
            self.skip_empty(&mut at, before, c.or(more.then_some('/')));
            let Some(c) = c else { return at };
            next.fill(false);
            for (i, piece) in self.pieces.iter().enumerate().filter(|&(i, _)| at[i]) {
                match piece {
                    Piece::Char(want) => next[i + 1] |= *want == c,
                    Piece::One(set) => next[i + 1] |= set.has(c),
                    Piece::Many(set) => next[i] |= set.has(c),
                    Piece::Deep => next[i] = true,
                    Piece::Folders => {
                        next[i] = true;
                        next[i + 1] |= c == '/';
                    }
                    Piece::Enter | Piece::Start | Piece::End | Piece::Boundary(_) => {}
                }
            }
            std::mem::swap(&mut at, &mut next);
            before = Some(c);
        }
    }

    /// Goes past the pieces that may match nothing between two characters.
    fn skip_empty(&self, at: &mut [bool], before: Option<char>, after: Option<char>) {
        let in_word = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphanumeric() || c == '_');
        for (i, piece) in self.pieces.iter().enumerate() {
            if !at[i] {
                continue;
            }
            at[i + 1] |= match piece {
                Piece::Many(_) | Piece::Deep | Piece::Enter => true,
                Piece::Start => before.is_none(),
                Piece::End => after.is_none(),
                Piece::Boundary(wanted) => (in_word(before) != in_word(after)) == *wanted,
                Piece::Char(_) | Piece::One(_) | Piece::Folders => false,
            };
            if *piece == Piece::Enter {
                at[i + 2] = true;
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
        check("a**b", false, &["ab", "axb"], &["ax/yb"]);
    }

    #[test]
    fn classes_and_escapes() {
        for deep in [false, true] {
            check("[a-c]x", deep, &["ax", "cx"], &["dx", "x"]);
            check("[^a]x", deep, &["bx", "/x"], &["ax"]);
            check("[!a]x", deep, &["!x", "ax"], &["bx"]);
            check("\\*{a,b}", deep, &["*{a,b}"], &["xa", "*a"]);
            for bad in ["[a", "a\\", "[]a]", "[a-]", "[-a]", "[", "[^", "[^]", "[a\\", "[a-\\"] {
                assert!(Pattern::new(bad, deep).is_none(), "{bad}");
            }
        }
    }

    #[test]
    fn what_may_fit_below_a_folder() {
        for (pattern, yes, no) in [
            ("a/b", "a", "b"),
            ("**/*.md", "x", "x"),
            ("a/*/c", "a/b", "c/b"),
            ("a/**", "a/b/c", "b"),
            ("a/b", "a", "a/b"),
            ("x|y*", "a", "a"),
        ] {
            let read = Pattern::new(pattern, true).unwrap();
            assert!(read.may_match_below(yes), "{pattern} below {yes}");
            assert!(yes == no || !read.may_match_below(no), "{pattern} below {no}");
        }
        assert!(!Pattern::new("*.md", true).unwrap().may_match_below("a"));
    }

    proptest::proptest! {
        #[test]
        fn no_pattern_panics_and_deep_ones_are_refused_more_often(
            pattern in "[ab/*?\\[\\]^|\\\\!dx1.(){}$-]{0,10}", path in "[ab/x1.^]{0,6}",
        ) {
            let deep = Pattern::new(&pattern, true).map(|p| (p.matches(&path), p.may_match_below(&path)));
            let flat = Pattern::new(&pattern, false).map(|p| p.matches(&path));
            proptest::prop_assert!(deep.is_none() || flat.is_some());
            for deep in [false, true] {
                let alternatives = Pattern::new(&pattern, deep).map(|p| p.alternatives).unwrap_or_default();
                let fits = |one: &Alternative| one.walk(&path, false).last() == Some(&true);
                proptest::prop_assert!(alternatives.iter().all(|one| one.may_match(&path) || !fits(one)));
            }
        }
    }
}
