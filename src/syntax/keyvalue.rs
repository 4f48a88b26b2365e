//! The words of ENV, LABEL and ARG: quotes hold a word together and stay in it.

use nom::branch::alt;
use nom::bytes::complete::take_while1;
use nom::character::complete::{anychar, char};
use nom::combinator::{eof, recognize, verify};
use nom::multi::many0_count;
use nom::sequence::pair;
use nom::{IResult, Parser};

/// Splits `args` at white space outside quotes. An escape character keeps the next character in the
/// word; one at the very end is dropped outside quotes.
pub(super) fn words(args: &str, escape: char) -> Vec<&str> {
    let mut words = Vec::new();
    let mut rest = args.trim_start();
    while !rest.is_empty() {
        let Ok((after, word)) = word(rest, escape) else { break };
        rest = after.strip_prefix(escape).unwrap_or(after).trim_start();
        if !word.is_empty() {
            words.push(word);
        }
    }
    words
}

fn word(input: &str, escape: char) -> IResult<&str, &str> {
    let plain =
        |input| take_while1(|c: char| !c.is_whitespace() && !matches!(c, '\'' | '"') && c != escape).parse(input);
    let escaped = |input| recognize(pair(char(escape), anychar)).parse(input);
    recognize(many0_count(alt((plain, escaped, |input| quoted(input, escape))))).parse(input)
}

/// A quoted stretch; without a closing quote it reaches to the end.
fn quoted(input: &str, escape: char) -> IResult<&str, &str> {
    let (rest, quote) = verify(anychar, |c| matches!(c, '\'' | '"')).parse(input)?;
    let plain = |input| take_while1(|c: char| c != quote && c != escape).parse(input);
    let escaped = |input| recognize(pair(char(escape), alt((recognize(anychar), eof)))).parse(input);
    let (rest, _) = many0_count(alt((plain, escaped))).parse(rest)?;
    let (rest, _) = alt((recognize(char(quote)), eof)).parse(rest)?;
    Ok((rest, &input[..input.len() - rest.len()]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes_stay_and_hold_words_together() {
        assert_eq!(words(r#"a=b  c="d e" f='g h'i"#, '\\'), ["a=b", "c=\"d e\"", "f='g h'i"]);
        assert_eq!(words(r#"a=b\ c d="\"x" e"#, '\\'), [r"a=b\ c", r#"d="\"x""#, "e"]);
        assert_eq!(words(r"a=C:\dir\ b=c", '`'), [r"a=C:\dir\", "b=c"]);
        assert_eq!(words("a=\"b c", '\\'), ["a=\"b c"]);
        assert_eq!(words("a=b\\", '\\'), ["a=b"]);
        assert!(words("  ", '\\').is_empty());
    }
}
