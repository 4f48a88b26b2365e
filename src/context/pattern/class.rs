//! Sets of characters: `[...]`, and what a regular expression calls `\d` and its like.

use std::iter::Peekable;
use std::str::Chars;

/// A set of characters.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Set {
    pub(super) negated: bool,
    pub(super) ranges: Vec<(char, char)>,
}

impl Set {
    /// All but the slash.
    pub(super) fn in_a_name() -> Self {
        Self { negated: true, ranges: vec![('/', '/')] }
    }

    pub(super) fn has(&self, c: char) -> bool {
        self.ranges.iter().any(|&(low, high)| low <= c && c <= high) != self.negated
    }

    /// What `\d`, `\s`, `\w` and, in upper case, their opposites stand for.
    pub(super) fn perl(letter: char) -> Option<Self> {
        let ranges = match letter.to_ascii_lowercase() {
            'd' => posix("digit")?,
            's' => vec![('\t', '\n'), ('\x0c', '\r'), (' ', ' ')],
            'w' => posix("word")?,
            _ => return None,
        };
        Some(Self { negated: letter.is_ascii_uppercase(), ranges })
    }

    /// Adds what `other` has.
    pub(super) fn extend(&mut self, other: &Set) {
        if !other.negated {
            self.ranges.extend(&other.ranges);
            return;
        }
        let mut sorted = other.ranges.clone();
        sorted.sort_unstable();
        let mut next = '\0';
        for (low, high) in sorted {
            self.ranges.extend(before(low).filter(|&last| next <= last).map(|last| (next, last)));
            next = next.max(after(high));
        }
        self.ranges.push((next, char::MAX));
    }
}

/// The character in front of `c`.
fn before(c: char) -> Option<char> {
    ('\0'..c).next_back()
}

/// The character behind `c`; none of the sets that are turned round goes up to the last one.
fn after(c: char) -> char {
    (c..=char::MAX).nth(1).unwrap_or(char::MAX)
}

/// What `[:name:]` stands for (RE2's syntax, "ASCII character classes").
pub(super) fn posix(name: &str) -> Option<Vec<(char, char)>> {
    let text = match name {
        "alnum" => "09AZaz",
        "alpha" => "AZaz",
        "ascii" => "\0\x7f",
        "blank" => "\t\t  ",
        "cntrl" => "\0\x1f\x7f\x7f",
        "digit" => "09",
        "graph" => "!~",
        "lower" => "az",
        "print" => " ~",
        "punct" => "!/:@[`{~",
        "space" => "\t\r  ",
        "upper" => "AZ",
        "word" => "09AZaz__",
        "xdigit" => "09AFaf",
        _ => return None,
    };
    let ends: Vec<char> = text.chars().collect();
    Some(ends.chunks_exact(2).map(|pair| (pair[0], pair[1])).collect())
}

/// The rest of a `[...]` as Go's `filepath.Match` reads it.
pub(super) fn go_class(chars: &mut Peekable<Chars<'_>>) -> Option<Set> {
    let mut set = Set { negated: chars.next_if_eq(&'^').is_some(), ranges: Vec::new() };
    loop {
        if !set.ranges.is_empty() && chars.next_if_eq(&']').is_some() {
            return Some(set);
        }
        let low = go_char(chars)?;
        let high = if chars.next_if_eq(&'-').is_some() { go_char(chars)? } else { low };
        set.ranges.push((low, high));
    }
}

fn go_char(chars: &mut Peekable<Chars<'_>>) -> Option<char> {
    match chars.next()? {
        '-' | ']' => None,
        '\\' => chars.next(),
        c => Some(c),
    }
}
