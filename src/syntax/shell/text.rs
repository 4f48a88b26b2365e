//! What words say: their value where it is fixed, and the names that they expand.

use std::borrow::Cow;

use super::ast::{SimpleCommand, Word, WordPart};
use super::visit::{Context, Visitor};
use crate::source::Span;

impl WordPart {
    /// The bytes that the part covers.
    pub fn span(&self) -> Span {
        match self {
            Self::Literal(span)
            | Self::Escaped(span)
            | Self::SingleQuoted(span)
            | Self::AnsiCQuoted(span)
            | Self::Glob(span)
            | Self::BraceExpansion(span)
            | Self::Tilde(span)
            | Self::DoubleQuoted { span, .. }
            | Self::Parameter { span, .. }
            | Self::Command { span, .. }
            | Self::ProcessSubstitution { span, .. }
            | Self::Array { span, .. } => *span,
            Self::Arithmetic(arithmetic) => arithmetic.span,
        }
    }
}

impl Word {
    /// The value, without quotes and escapes; none when the shell would expand anything in the word.
    pub fn literal<'t>(&self, text: &'t str) -> Option<Cow<'t, str>> {
        match &self.parts[..] {
            [WordPart::Literal(span)] => return Some(Cow::Borrowed(span.of(text))),
            [WordPart::SingleQuoted(span)] => return Some(Cow::Borrowed(unquoted(span.of(text)))),
            [WordPart::DoubleQuoted { parts, .. }] => {
                if let [WordPart::Literal(span)] = parts[..] {
                    return Some(Cow::Borrowed(span.of(text)));
                }
            }
            [.., WordPart::Parameter { .. } | WordPart::Command { .. } | WordPart::Glob(_)] => return None,
            _ => {}
        }
        let mut value = String::new();
        append(&self.parts, text, &mut value)?;
        Some(Cow::Owned(value))
    }

    /// Whether the word holds an unquoted pattern that file names can match.
    pub fn has_glob(&self) -> bool {
        self.parts.iter().any(|part| matches!(part, WordPart::Glob(_)))
    }

    /// The names of all parameters that the word expands, at any depth, in order.
    pub fn parameters(&self) -> impl Iterator<Item = Span> + use<> {
        let mut names = Names(Vec::new());
        self.accept(&mut names, Context::default());
        names.0.into_iter()
    }
}

impl SimpleCommand {
    /// The name of the command; none when there is none or the shell expands it.
    pub fn name<'t>(&self, text: &'t str) -> Option<Cow<'t, str>> {
        self.words.first()?.literal(text)
    }
}

/// Collects the names of parameters.
struct Names(Vec<Span>);

impl Visitor<'_> for Names {
    fn part(&mut self, part: &WordPart, _context: Context) {
        if let WordPart::Parameter { name, .. } = part {
            self.0.push(*name);
        }
    }
}

fn append(parts: &[WordPart], text: &str, value: &mut String) -> Option<()> {
    for part in parts {
        match part {
            WordPart::Literal(span) => value.push_str(span.of(text)),
            // Inside backquotes there can be two backslashes; only the last character is left.
            WordPart::Escaped(span) => value.extend(span.of(text).chars().next_back().filter(|&c| c != '\n')),
            WordPart::SingleQuoted(span) => value.push_str(unquoted(span.of(text))),
            WordPart::AnsiCQuoted(span) => append_ansi(span.of(text), value)?,
            WordPart::DoubleQuoted { parts, .. } => append(parts, text, value)?,
            _ => return None,
        }
    }
    Some(())
}

/// `'...'` without the quotes; the second is missing when the text ends too early.
fn unquoted(quoted: &str) -> &str {
    let inner = quoted.strip_prefix('\'').unwrap_or(quoted);
    inner.strip_suffix('\'').unwrap_or(inner)
}

/// The value of `$'...'`; none for the rare escapes that need more than a table.
fn append_ansi(quoted: &str, value: &mut String) -> Option<()> {
    let inner = quoted.strip_prefix("$'")?.strip_suffix('\'')?;
    let mut chars = inner.chars();
    while let Some(c) = chars.next() {
        if c != '\\' {
            value.push(c);
            continue;
        }
        value.push(match chars.next()? {
            'n' => '\n',
            't' => '\t',
            'r' => '\r',
            'a' => '\x07',
            'b' => '\x08',
            'e' | 'E' => '\x1b',
            'f' => '\x0c',
            'v' => '\x0b',
            c @ ('\\' | '\'' | '"' | '?') => c,
            _ => return None,
        });
    }
    Some(())
}
