//! The JSON form of instructions: an array of strings, and nothing else.

use nom::branch::alt;
use nom::bytes::complete::{tag, take, take_while1};
use nom::character::complete::{char, one_of};
use nom::combinator::{map, map_opt, value};
use nom::multi::{fold_many0, separated_list1};
use nom::sequence::{delimited, preceded, terminated};
use nom::{IResult, Parser};
use std::borrow::Cow;

/// What a text that may be JSON is.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Json<'t> {
    /// An array of strings: each with its quotes as written, and its value.
    Strings(Vec<(&'t str, Cow<'t, str>)>),
    /// An array that holds something else; the builder refuses it.
    NotStrings,
    /// No JSON array; the builder takes it as plain words.
    Not,
}

/// Reads `text` as BuildKit does: leading white space is skipped, and what starts with `[` but is no
/// valid JSON is not JSON at all.
pub(super) fn array(text: &str) -> Json<'_> {
    let text = text.trim_start();
    if !text.starts_with('[') {
        return Json::Not;
    }
    if let Ok(("", strings)) = strings(text) {
        return Json::Strings(strings);
    }
    match serde_json::from_str::<Vec<serde::de::IgnoredAny>>(text) {
        Ok(_) => Json::NotStrings,
        Err(_) => Json::Not,
    }
}

fn blank(input: &str) -> IResult<&str, &str> {
    nom::bytes::complete::take_while(|c| matches!(c, ' ' | '\t' | '\r' | '\n')).parse(input)
}

fn strings(input: &str) -> IResult<&str, Vec<(&str, Cow<'_, str>)>> {
    let element = delimited(blank, string, blank);
    let empty = value(Vec::new(), blank);
    let list = alt((separated_list1(char(','), element), empty));
    terminated(delimited(char('['), list, char(']')), blank).parse(input)
}

enum Piece<'t> {
    Plain(&'t str),
    Char(char),
}

fn string(input: &str) -> IResult<&str, (&str, Cow<'_, str>)> {
    let plain = map(take_while1(|c: char| c >= ' ' && c != '"' && c != '\\'), Piece::Plain);
    let body =
        fold_many0(alt((plain, map(escape, Piece::Char))), Cow::default, |text: Cow<'_, str>, piece| match piece {
            Piece::Plain(part) if text.is_empty() => Cow::Borrowed(part),
            Piece::Plain(part) => Cow::Owned(text.into_owned() + part),
            Piece::Char(c) => {
                let mut text = text.into_owned();
                text.push(c);
                Cow::Owned(text)
            }
        });
    let (rest, text) = delimited(char('"'), body, char('"')).parse(input)?;
    Ok((rest, (&input[..input.len() - rest.len()], text)))
}

fn escape(input: &str) -> IResult<&str, char> {
    let simple = map(one_of("\"\\/bfnrt"), |c| match c {
        'b' => '\u{8}',
        'f' => '\u{c}',
        'n' => '\n',
        'r' => '\r',
        't' => '\t',
        other => other,
    });
    preceded(char('\\'), alt((simple, preceded(char('u'), unicode)))).parse(input)
}

fn hex4(input: &str) -> IResult<&str, u32> {
    map_opt(take(4usize), |digits: &str| {
        digits.bytes().all(|b| b.is_ascii_hexdigit()).then(|| u32::from_str_radix(digits, 16).ok()).flatten()
    })
    .parse(input)
}

/// The four digits behind `\u`, and those of the second half of a surrogate pair; a half alone
/// becomes the replacement character, as in Go.
fn unicode(input: &str) -> IResult<&str, char> {
    let (rest, first) = hex4(input)?;
    if (0xd800..0xdc00).contains(&first)
        && let Ok((rest, second)) = preceded(tag("\\u"), hex4).parse(rest)
        && (0xdc00..0xe000).contains(&second)
    {
        let code = 0x10000 + ((first - 0xd800) << 10) + (second - 0xdc00);
        return Ok((rest, char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER)));
    }
    Ok((rest, char::from_u32(first).unwrap_or(char::REPLACEMENT_CHARACTER)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn values(text: &str) -> Vec<String> {
        match array(text) {
            Json::Strings(list) => list.into_iter().map(|(_, v)| v.into_owned()).collect(),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn strings_are_unescaped() {
        assert_eq!(values(r#" [ "a" , "b\"\u00e9\ud83d\ude00\n" ] "#), ["a", "b\"é😀\n"]);
        assert_eq!(values(r#"["\ud800x"]"#), ["\u{fffd}x"]);
        assert!(values("[]").is_empty());
        assert!(values("[ ]").is_empty());
    }

    #[test]
    fn other_arrays_are_told_from_text() {
        assert_eq!(array("[1, \"a\"]"), Json::NotStrings);
        assert_eq!(array("[[\"a\"]]"), Json::NotStrings);
        for text in ["[\"a\",]", "['a']", "[ -f x ] && y", "[\"a\"] b", "x", "[\"a\tb\"]"] {
            assert_eq!(array(text), Json::Not, "{text}");
        }
    }
}
