//! Patterns of `.dockerignore`.
//!
//! Builders turn a pattern with a wildcard into a regular expression without escaping all of it: `^` and
//! `|` keep their meaning, `[*]` is no escape, and `bin\Debug` has a `\D`. So the pattern is read in the
//! same two steps here. Without a wildcard it is compared as it stands.
//!
//! Source: what Docker 26.1 makes of patterns, with BuildKit and with the classic builder;
//! `testdata/ignore-facts.txt` holds what was measured. The meaning of regular expressions is RE2's.

use super::Piece;
use super::class::{Set, posix};
use std::iter::Peekable;
use std::str::Chars;

/// The signs that the builders escape.
const ESCAPED: [char; 7] = ['.', '+', '(', ')', '{', '}', '$'];

/// How the builders compare a pattern.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Exact,
    Prefix,
    Suffix,
    Expression,
}

/// The pieces of a pattern, in each of its alternatives; `None` if no regular expression comes of it.
pub(super) fn pieces(text: &str) -> Option<Vec<Vec<Piece>>> {
    let (kind, expression) = translate(text)?;
    let literal = |text: &str| text.chars().map(Piece::Char).collect::<Vec<_>>();
    let ends = |end: Piece| std::iter::once(end).collect::<Vec<_>>();
    let one = match kind {
        Kind::Exact => literal(text),
        Kind::Prefix => [literal(&text[..text.len() - 2]), ends(Piece::Deep)].concat(),
        Kind::Suffix => match text[2..].strip_prefix('/') {
            Some(name) => [vec![Piece::Enter, Piece::Folders], literal(name)].concat(),
            None => [ends(Piece::Deep), literal(&text[2..])].concat(),
        },
        Kind::Expression => return read(&expression),
    };
    Some(vec![one])
}

/// The regular expression that the builders make of a pattern, without the signs for start and end.
fn translate(text: &str) -> Option<(Kind, String)> {
    let mut kind = Kind::Exact;
    let mut out = String::new();
    let mut chars = text.chars().peekable();
    let mut first = true;
    while let Some(c) = chars.next() {
        match c {
            '*' if chars.next_if_eq(&'*').is_some() => {
                chars.next_if_eq(&'/');
                if chars.peek().is_some() {
                    out.push_str("(.*/)?");
                    kind = Kind::Expression;
                } else if kind == Kind::Exact {
                    kind = Kind::Prefix;
                } else {
                    out.push_str(".*");
                    kind = Kind::Expression;
                }
                if first {
                    kind = Kind::Suffix;
                }
            }
            '*' => out.push_str("[^/]*"),
            '?' => out.push_str("[^/]"),
            '\\' => {
                out.push('\\');
                out.push(chars.next()?);
            }
            c => {
                out.extend(ESCAPED.contains(&c).then_some('\\'));
                out.push(c);
            }
        }
        if matches!(c, '?' | '\\' | '[' | ']') || c == '*' && out.ends_with("[^/]*") {
            kind = Kind::Expression;
        }
        first = false;
    }
    Some((kind, out))
}

/// Reads what `translate` writes. What is searched for need only start at the start of the path in the
/// first alternative, and end at its end in the last.
fn read(expression: &str) -> Option<Vec<Vec<Piece>>> {
    let mut alternatives = vec![Vec::new()];
    let mut pieces = Vec::new();
    let mut chars = expression.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '|' => {
                pieces.push(Piece::Deep);
                *alternatives.last_mut()? = std::mem::replace(&mut pieces, vec![Piece::Deep]);
                alternatives.push(Vec::new());
            }
            '^' => pieces.push(Piece::Start),
            // `(.*/)?` and `.*` are all that these two can be.
            '(' => {
                chars.by_ref().take(5).for_each(drop);
                pieces.extend([Piece::Enter, Piece::Folders]);
            }
            '.' => {
                chars.next();
                pieces.push(Piece::Deep);
            }
            '[' => {
                let set = class(&mut chars)?;
                let many = chars.next_if_eq(&'*').is_some();
                pieces.push(if many { Piece::Many(set) } else { Piece::One(set) });
            }
            '\\' => pieces.push(escaped(&mut chars)?),
            c => pieces.push(Piece::Char(c)),
        }
    }
    *alternatives.last_mut()? = pieces;
    Some(alternatives)
}

/// What follows a backslash outside of `[...]`. `\p` and `\Q` are not read.
fn escaped(chars: &mut Peekable<Chars<'_>>) -> Option<Piece> {
    let letter = *chars.peek()?;
    let piece = match letter {
        'A' => Piece::Start,
        'z' => Piece::End,
        'b' => Piece::Boundary(true),
        'B' => Piece::Boundary(false),
        letter => match Set::perl(letter) {
            Some(set) => Piece::One(set),
            None => return escaped_char(chars).map(Piece::Char),
        },
    };
    chars.next();
    Some(piece)
}

/// The character that an escape stands for.
fn escaped_char(chars: &mut Peekable<Chars<'_>>) -> Option<char> {
    Some(match chars.next()? {
        'a' => '\x07',
        'f' => '\x0c',
        'n' => '\n',
        'r' => '\r',
        't' => '\t',
        'v' => '\x0b',
        'x' => return hexadecimal(chars),
        digit @ '0'..='7' => {
            let next = |chars: &mut Peekable<Chars<'_>>| chars.next_if(|c| ('0'..='7').contains(c));
            let second = next(chars);
            // One digit would refer back to a group.
            if digit != '0' && second.is_none() {
                return None;
            }
            let digits: String =
                [Some(digit), second, second.and_then(|_| next(chars))].into_iter().flatten().collect();
            return char::from_u32(u32::from_str_radix(&digits, 8).ok()?);
        }
        c if c.is_ascii() && !c.is_ascii_alphanumeric() => c,
        _ => return None,
    })
}

/// `\x41`. The longer form has braces, which are escaped by then and so refused.
fn hexadecimal(chars: &mut Peekable<Chars<'_>>) -> Option<char> {
    let digit = |c: char| c.to_digit(16);
    let (high, low) = (digit(chars.next()?)?, digit(chars.next()?)?);
    char::from_u32(high * 16 + low)
}

/// The rest of a `[...]` in a regular expression.
fn class(chars: &mut Peekable<Chars<'_>>) -> Option<Set> {
    let mut set = Set { negated: chars.next_if_eq(&'^').is_some(), ranges: Vec::new() };
    let mut first = true;
    loop {
        if !first && chars.next_if_eq(&']').is_some() {
            return Some(set);
        }
        first = false;
        if let Some(named) = named(chars) {
            set.extend(&named?);
            continue;
        }
        let low = class_char(chars)?;
        let mut ahead = chars.clone();
        let high = if ahead.next() == Some('-') && ahead.peek().is_some_and(|&c| c != ']') {
            chars.next();
            class_char(chars)?
        } else {
            low
        };
        if high < low {
            return None;
        }
        set.ranges.push((low, high));
    }
}

fn class_char(chars: &mut Peekable<Chars<'_>>) -> Option<char> {
    match chars.next()? {
        '\\' => escaped_char(chars),
        c => Some(c),
    }
}

/// A set with a name, `[:alpha:]` or `\d`, if one follows: `Some(None)` if no set has that name.
fn named(chars: &mut Peekable<Chars<'_>>) -> Option<Option<Set>> {
    let mut ahead = chars.clone();
    match (ahead.next()?, ahead.next()?) {
        ('\\', letter) => {
            let set = Set::perl(letter)?;
            *chars = ahead;
            Some(Some(set))
        }
        ('[', ':') => {
            let rest: String = ahead.collect();
            let (name, _) = rest.split_once(":]")?;
            chars.nth(name.chars().count() + 3);
            let (negated, name) = name.strip_prefix('^').map_or((false, name), |name| (true, name));
            Some(posix(name).map(|ranges| Set { negated, ranges }))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::super::Pattern;

    #[track_caller]
    fn check(pattern: &str, yes: &[&str], no: &[&str]) {
        let read = Pattern::new(pattern, true).unwrap();
        yes.iter().for_each(|path| assert!(read.matches(path), "{pattern} fits {path}"));
        no.iter().for_each(|path| assert!(!read.matches(path), "{pattern} does not fit {path}"));
    }

    #[test]
    fn two_stars_inside_a_pattern_stand_for_folders() {
        check("a**b", &["ab", "a/b", "ax/b"], &["axb", "ax/yb"]);
        check("**x", &["x", "ax", "a/bx"], &["xa"]);
        check("**x*", &["x", "xa", "a/xb"], &["axb"]);
        check("a**", &["a", "ab", "a/b"], &["b"]);
        check("*a**", &["a", "xa/b"], &["x/a"]);
        check("***", &["a", "a/b"], &[]);
        check("a***b", &["ab", "axb", "a/xb"], &["a/x/yb/"]);
    }

    #[test]
    fn without_a_wildcard_nothing_has_a_meaning() {
        check("a|b", &["a|b"], &["a", "b"]);
        check("^a.b", &["^a.b"], &["a.b", "^axb"]);
        check("**/a|b^", &["a|b^", "x/a|b^"], &["a", "b"]);
    }

    #[test]
    fn signs_of_regular_expressions_keep_their_meaning() {
        check("a|b*", &["a", "ax/y", "b", "x/by"], &["xa", "b/a"]);
        check("^b*", &["b", "bx"], &["^b"]);
        check("**/^b*", &["b"], &["^b", "x/^b", "x/b"]);
        check("a^*", &[], &["a^", "a"]);
        check("bin\\Debug", &["binXebug", "binDebug"], &["bin\\Debug", "bin1ebug"]);
        check("\\d[\\w.][\\D]", &["1_x", "1.x"], &["1-x", "x.x", "111"]);
        check("**\\bin", &["in", "o/in"], &["bin", "o/bin"]);
        check("a\\Bb\\.c\\z", &["ab.c"], &["abxc"]);
        check("[*]x", &["[]x", "]x", "^^]x"], &["*x", "x"]);
        check("[[:digit:][:^alnum:]]*", &["1", "-"], &["a"]);
        check("\\x41\\101\\t?", &["AA\tx"], &["x41"]);
    }

    #[test]
    fn what_is_no_regular_expression_is_refused() {
        for bad in ["\\o", "\\1", "[b-a]", "[\\y]", "\\xg0", "[[:what:]]", "\\é"] {
            assert!(Pattern::new(bad, true).is_none(), "{bad}");
        }
        assert!(Pattern::new("\\o[b-a]", false).is_some(), "COPY takes it");
    }
}
