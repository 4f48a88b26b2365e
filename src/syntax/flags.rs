//! The `--name=value` flags between the keyword and the arguments, and the fields of `--mount`.

use super::ast::Flag;
use super::logical::Logical;
use nom::branch::alt;
use nom::bytes::complete::{is_not, tag, take_till};
use nom::character::complete::{anychar, char};
use nom::combinator::{map, opt, recognize};
use nom::sequence::preceded;
use nom::{IResult, Parser};
use std::borrow::Cow;
use std::ops::Range;

/// Takes the flags off the front of `args` and gives what is left. A lone `--` ends the flags and is
/// dropped. Escapes are backslashes here, whatever the escape directive says: so does BuildKit.
pub(super) fn take<'a, 't>(logical: &Logical<'a>, args: &'t str) -> (Vec<Flag<'a>>, &'t str) {
    let mut flags = Vec::new();
    let mut rest = args;
    loop {
        let input = rest.trim_start();
        if !input.starts_with("--") {
            return (flags, input);
        }
        let (after, cooked) = word(input).unwrap_or(("", Cow::Borrowed(input)));
        let raw = &input[..input.len() - after.len()];
        rest = after;
        if cooked == "--" {
            return (flags, rest);
        }
        let range = logical.range_of(raw);
        let span = logical.span(range.clone());
        let value_at = raw.find('=').map_or(raw.len(), |i| i + 1);
        let text = match cooked {
            Cow::Borrowed(_) => logical.slice(range.clone()),
            Cow::Owned(text) => Cow::Owned(text),
        };
        let value_span = logical.span(range.start + value_at..range.end);
        flags.push(Flag { span, text, value_span });
    }
}

/// One flag with its quotes and escapes taken out. It ends at white space.
fn word(input: &str) -> IResult<&str, Cow<'_, str>> {
    let mut rest = input;
    let mut cooked = Cow::Borrowed("");
    loop {
        let (after, plain) = take_till(|c: char| c.is_whitespace() || matches!(c, '\'' | '"' | '\\')).parse(rest)?;
        if cooked.is_empty() {
            cooked = Cow::Borrowed(plain)
        } else {
            cooked.to_mut().push_str(plain)
        }
        rest = match after.chars().next() {
            Some(quote @ ('\'' | '"')) => quoted(&after[1..], quote, cooked.to_mut()),
            Some('\\') => {
                let (rest, escaped) = preceded(char('\\'), opt(anychar)).parse(after)?;
                cooked.to_mut().extend(escaped);
                rest
            }
            _ => return Ok((after, cooked)),
        };
    }
}

/// The text up to `quote`, or to the end if the quote is not closed.
fn quoted<'t>(input: &'t str, quote: char, out: &mut String) -> &'t str {
    let mut chars = input.chars();
    while let Some(c) = chars.next() {
        match c {
            c if c == quote => return chars.as_str(),
            '\\' => out.extend(chars.next()),
            c => out.push(c),
        }
    }
    ""
}

/// One `key=value` field of a `--mount` flag.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MountField<'t> {
    /// The key, as written.
    pub key: &'t str,
    /// The value, if there is a `=`.
    pub value: Option<Cow<'t, str>>,
    /// Where the field stands in the flag's value.
    pub range: Range<usize>,
}

/// The fields of a `--mount` value, which is one record of comma-separated values; `None` if a quote
/// stands where it must not.
pub fn mount_fields(value: &str) -> Option<Vec<MountField<'_>>> {
    let mut fields = Vec::new();
    let mut rest = value;
    loop {
        let (after, raw) = field(rest).ok()?;
        let start = rest.as_ptr() as usize - value.as_ptr() as usize;
        let range = start..start + (rest.len() - after.len());
        fields.push(match raw {
            Cow::Borrowed(raw) => match raw.split_once('=') {
                Some((key, value)) => MountField { key, value: Some(Cow::Borrowed(value)), range },
                None => MountField { key: raw, value: None, range },
            },
            Cow::Owned(cooked) => {
                let inner = &rest[1..rest.len() - after.len()];
                let key_end = inner.find('=').unwrap_or(inner.len());
                let value = cooked.split_once('=').map(|(_, v)| Cow::Owned(v.to_owned()));
                MountField { key: &inner[..key_end], value, range }
            }
        });
        match after.strip_prefix(',') {
            Some(next) => rest = next,
            None => return after.is_empty().then_some(fields),
        }
    }
}

/// A plain field, or one in double quotes with `""` for a quote.
fn field(input: &str) -> IResult<&str, Cow<'_, str>> {
    let body = nom::multi::fold_many0(alt((is_not("\""), map(tag("\"\""), |_| "\""))), String::new, |mut all, part| {
        all.push_str(part);
        all
    });
    let in_quotes = map(nom::sequence::delimited(char('"'), body, char('"')), Cow::Owned);
    let plain = map(recognize(opt(is_not(",\""))), Cow::Borrowed);
    alt((in_quotes, plain)).parse(input)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::Span;

    fn flags(args: &str) -> (Vec<String>, &str) {
        let logical = Logical::new(args, Span::new(0, args.len() as u32));
        // The slice must be of the logical text, which borrows `args` here.
        let (flags, rest) = take(&logical, args);
        (flags.into_iter().map(|f| f.text.into_owned()).collect(), rest)
    }

    #[test]
    fn flags_end_at_the_first_plain_word() {
        assert_eq!(flags("--a --b=c d --e"), (vec!["--a".into(), "--b=c".into()], "d --e"));
        assert_eq!(flags("--a -- --e"), (vec!["--a".into()], " --e"));
        assert_eq!(flags("--a=\"b c\"\\ d e"), (vec!["--a=b c d".into()], "e"));
        assert_eq!(flags("-x y"), (vec![], "-x y"));
    }

    #[test]
    fn mounts_are_comma_separated_values() {
        let value = "type=bind,\"source=a,b\",ro";
        let fields = mount_fields(value).unwrap();
        assert_eq!(fields[0].key, "type");
        assert_eq!(fields[1].value.as_deref(), Some("a,b"));
        assert_eq!((fields[2].key, &value[fields[2].range.clone()]), ("ro", "ro"));
        assert_eq!(mount_fields("a=\"b"), None);
    }
}
