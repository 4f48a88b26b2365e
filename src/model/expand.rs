//! Replacing variables in the words of a Dockerfile by what is known of them.

use crate::syntax::word::{Modifier, Part, Variable, lex};
use std::borrow::Cow;

/// What is known of a variable.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// Exactly this text.
    Known(String),
    /// Something, but it depends on a build argument or on the base image.
    Unknown,
    /// Not set by the file.
    Unset,
}

/// A word with its variables replaced.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Expanded {
    /// The text that the builder gets.
    Known(String),
    /// It depends on what the file doesn't say.
    Unknown,
    /// The builder refuses the word: a quote or a brace is missing, or a modifier is none.
    Invalid,
}

impl Expanded {
    /// The text, if it is known.
    pub fn known(self) -> Option<String> {
        match self {
            Expanded::Known(text) => Some(text),
            _ => None,
        }
    }

    /// What a variable is known to be that is set to it.
    pub fn value(self) -> Value {
        self.known().filter(|text| text.len() <= LONGEST_KEPT).map_or(Value::Unknown, Value::Known)
    }
}

/// The most bytes of a variable that are kept: a file may have thousands, each with another value at each step.
const LONGEST_KEPT: usize = 4 * 1024;

/// What a variable is known to be, by its name.
pub type Lookup<'l> = &'l dyn Fn(&str) -> Value;

/// From how many bytes on a value counts as unknown: each `ENV A=$A$A` doubles one.
const LONGEST: usize = 64 * 1024;

/// Expands `text` as BuildKit does for the arguments of an instruction. An unset variable is empty.
pub fn expand(text: &str, escape: char, lookup: Lookup<'_>) -> Expanded {
    if let Some(plain) = plain(text, escape) {
        return Expanded::Known(plain.to_owned());
    }
    let Ok(parts) = lex(text, escape) else { return Expanded::Invalid };
    let mut out = String::new();
    if expand_parts(text, &parts, lookup, &mut out) { Expanded::Known(out) } else { Expanded::Unknown }
}

/// The same for a word that is of use only if its value is known.
pub fn expand_known<'t>(text: &'t str, escape: char, lookup: Lookup<'_>) -> Option<Cow<'t, str>> {
    match plain(text, escape) {
        Some(plain) => Some(Cow::Borrowed(plain)),
        None => expand(text, escape, lookup).known().map(Cow::Owned),
    }
}

/// The value of a word with nothing to replace, at most in one pair of quotes.
fn plain(text: &str, escape: char) -> Option<&str> {
    let escape = escape.is_ascii().then_some(escape as u8)?;
    let inner = match text.as_bytes() {
        [b'"', .., b'"'] | [b'\'', .., b'\''] => &text[1..text.len() - 1],
        _ => text,
    };
    // Without an early end, many bytes are looked at in one go.
    let special = |b: u8| (b == b'$') | (b == b'\'') | (b == b'"') | (b == escape);
    (!inner.bytes().fold(false, |found, b| found | special(b))).then_some(inner)
}

/// Appends the expansion to `out`; false if something in it is not known.
fn expand_parts(text: &str, parts: &[Part], lookup: Lookup<'_>, out: &mut String) -> bool {
    parts.iter().all(|part| match part {
        Part::Text(r) | Part::Escaped(r) | Part::Single(r) => {
            out.push_str(&text[r.clone()]);
            true
        }
        Part::Double(inner) => expand_parts(text, inner, lookup, out),
        Part::Variable(variable) => expand_variable(text, variable, lookup, out),
    })
}

fn expand_variable(text: &str, variable: &Variable, lookup: Lookup<'_>, out: &mut String) -> bool {
    if out.len() > LONGEST {
        return false;
    }
    let value = lookup(&text[variable.name.clone()]);
    if value == Value::Unknown {
        return false;
    }
    let set = match &value {
        Value::Known(value) => Some(value.as_str()),
        _ => None,
    };
    // With `:`, an empty value counts as unset.
    let present = |null_too: bool| set.filter(|v| !(null_too && v.is_empty()));
    match &variable.modifier {
        Modifier::None => out.push_str(set.unwrap_or_default()),
        Modifier::Default { null_too, word } => match present(*null_too) {
            Some(value) => out.push_str(value),
            None => return expand_parts(text, word, lookup, out),
        },
        Modifier::Alternative { null_too, word } => {
            if present(*null_too).is_some() {
                return expand_parts(text, word, lookup, out);
            }
        }
        Modifier::Required { null_too, .. } => match present(*null_too) {
            Some(value) => out.push_str(value),
            None => return false,
        },
        // Patterns are left alone until a rule needs their result.
        Modifier::TrimPrefix { .. } | Modifier::TrimSuffix { .. } | Modifier::Replace { .. } => return false,
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    fn value(text: &str) -> Expanded {
        expand(text, '\\', &|name| match name {
            "a" => Value::Known("1".into()),
            "empty" => Value::Known(String::new()),
            "arg" => Value::Unknown,
            _ => Value::Unset,
        })
    }

    #[test]
    fn values_do_not_grow_without_end() {
        let long = Value::Known("x".repeat(LONGEST));
        assert_eq!(expand(&"$a".repeat(1000), '\\', &|_| long.clone()), Expanded::Unknown);
    }

    #[test]
    fn the_builders_rules() {
        for (text, want) in [
            ("x", "x"),
            ("", ""),
            ("\"a b\"", "a b"),
            ("'a b'", "a b"),
            ("''", ""),
            ("\"a\"\"b\"", "ab"),
            ("'a\\'", "a\\"),
            ("\"a'b\"", "a'b"),
            ("$a-${a}", "1-1"),
            ("${none:-d$a}", "d1"),
            ("${empty:-d}", "d"),
            ("${empty-d}", ""),
            ("${a:+y}", "y"),
            ("${none+y}", ""),
            ("'$a'\"$a\"\\$a", "$a1$a"),
        ] {
            assert_eq!(value(text), Expanded::Known(want.into()), "{text}");
        }
        assert_eq!(value("$arg"), Expanded::Unknown);
        assert_eq!(value("${none:?}"), Expanded::Unknown);
        assert_eq!(value("${a.b}"), Expanded::Invalid);
        assert_eq!(value("\""), Expanded::Invalid);
        assert_eq!(value("'a\""), Expanded::Invalid);
    }
}
