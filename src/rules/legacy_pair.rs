//! LegacyKeyValueFormat: ENV and LABEL without a `=`.

use super::{Context, Findings, meta};
use crate::diagnostic::{Applicability, Edit, Fix};
use crate::source::Span;
use crate::syntax::word::{Modifier, Part, Variable, lex};
use crate::syntax::{Body, Instruction, Pair};

pub(super) fn check(cx: &Context<'_, '_>, out: &mut Findings) {
    for i in cx.model.stages.iter().flat_map(|s| cx.model.steps(s)) {
        let Body::Pairs { pairs, legacy: true } = &i.body else { continue };
        let [pair] = &pairs[..] else { continue };
        let keyword = i.keyword.name();
        let name = &pair.key.text;
        let finding = out
            .report(
                &meta::LEGACY_KEY_VALUE_FORMAT,
                i.keyword_span.to(pair.key.span),
                format!("{keyword} gives {} a value without a `=`", cx.plain(name)),
            )
            .note("this old form takes all up to the end of the line as the value; Docker warns of it at each build");
        // A fix would write the mistake down as if it were meant.
        if let Some(mistake) = mistake(keyword, pair, cx.file.escape) {
            finding.help(mistake);
            continue;
        }
        let finding = finding.help(format!("write `{keyword} {name}=value`"));
        if let Some(edits) = edits(cx, i, pair) {
            finding.fix(Fix::new(format!("write `{name}=`"), Applicability::Safe, edits));
        }
    }
}

/// What is hardly meant as it stands, and what to do about it.
fn mistake(keyword: &str, pair: &Pair<'_>, escape: char) -> Option<String> {
    let (name, value) = (pair.key.text.as_ref(), pair.value.text.as_ref());
    let quoted = value.contains(['"', '\'']);
    if value.starts_with('=') {
        Some(format!("its value starts with the `=`; if that is not meant, write `{keyword} {name}=value`"))
    } else if name == "export" && value.contains('=') {
        Some(format!("this sets a variable of the name `export`; if that is not meant, write `{keyword} NAME=value`"))
    } else if value.split(char::is_whitespace).skip(1).any(|word| word == "#") && !quoted {
        Some("the `#` and all behind it is in the value; if that is not meant, put the comment on a line above".into())
    } else if !quoted && eats_letters(value, escape) {
        Some(format!("the builder takes each `{escape}` out; if it is meant to stay, write `{escape}{escape}`"))
    } else {
        None
    }
}

/// Whether the escape character stands in front of a letter, which it does nothing for.
fn eats_letters(value: &str, escape: char) -> bool {
    value.split(escape).skip(1).any(|rest| rest.starts_with(|c: char| c.is_alphanumeric()))
}

/// Puts a `=` behind the name, and quotes around the value where it needs them.
fn edits(cx: &Context<'_, '_>, i: &Instruction<'_>, pair: &Pair<'_>) -> Option<Vec<Edit>> {
    let (name, value, escape) = (&pair.key.text, &pair.value.text, cx.file.escape);
    let gap = Span::new(pair.key.span.end, pair.value.span.start);
    let plain_name = !name.contains(['"', '\'', '$', '=', escape]);
    let comment_in_gap = i.inner.iter().any(|t| gap.start <= t.span.start && t.span.start < gap.end);
    if !plain_name || comment_in_gap || i.unfinished || lex(value, escape).is_err() {
        return None;
    }
    if !value.contains(char::is_whitespace) || is_one_string(value, escape) {
        let ends_open = value.ends_with(escape);
        return (!ends_open).then(|| vec![Edit::replace(gap, "=")]);
    }
    if !value.contains(['"', '\'', escape]) {
        return Some(vec![Edit::replace(gap, "=\""), Edit::insert(pair.value.span.end, "\"")]);
    }
    let contiguous = pair.value.span.of(cx.file.text) == value.as_ref();
    let quoted = quoted(value, escape).filter(|_| contiguous)?;
    Some(vec![Edit::replace(Span::new(gap.start, pair.value.span.end), format!("={quoted}"))])
}

/// Whether all of `value` stands between one pair of quotes.
fn is_one_string(value: &str, escape: char) -> bool {
    ['"', '\''].iter().any(|&quote| {
        value
            .strip_prefix(quote)
            .and_then(|rest| rest.strip_suffix(quote))
            .is_some_and(|inner| !inner.contains([quote, escape]))
    })
}

/// A value of several quoted and unquoted pieces as one double-quoted string that expands to the same
/// text: the builder takes the quotes out of the old form.
fn quoted(value: &str, escape: char) -> Option<String> {
    let parts = lex(value, escape).ok()?;
    let mut out = String::from('"');
    for (at, part) in parts.iter().enumerate() {
        match part {
            // A lone `$` must not come to stand in front of a name.
            Part::Text(range) if value[range.clone()].ends_with('$') => return None,
            Part::Text(range) => out.push_str(&value[range.clone()]),
            Part::Escaped(range) | Part::Single(range) => {
                let text = &value[range.clone()];
                if text.is_empty() && matches!(part, Part::Escaped(_)) {
                    return None;
                }
                text.chars().for_each(|c| push_literal(c, escape, &mut out));
            }
            Part::Double(inner) => push_inner(value, inner, escape, &mut out)?,
            Part::Variable(variable) => push_variable(value, variable, at + 1 < parts.len(), &mut out)?,
        }
    }
    out.push('"');
    Some(out)
}

/// What stands in double quotes keeps its spelling.
fn push_inner(value: &str, parts: &[Part], escape: char, out: &mut String) -> Option<()> {
    for part in parts {
        match part {
            Part::Text(range) if value[range.clone()].ends_with('$') => return None,
            Part::Text(range) => out.push_str(&value[range.clone()]),
            Part::Escaped(range) => value[range.clone()].chars().for_each(|c| push_literal(c, escape, out)),
            Part::Variable(variable) => push_variable(value, variable, true, out)?,
            Part::Single(_) | Part::Double(_) => return None,
        }
    }
    Some(())
}

/// Braces keep the name apart from what follows. Quotes in a default would end the string.
fn push_variable(value: &str, variable: &Variable, more: bool, out: &mut String) -> Option<()> {
    let text = &value[variable.range.clone()];
    let name = &value[variable.name.clone()];
    if text.contains(['"', '\'']) {
        return None;
    }
    if more && variable.modifier == Modifier::None && !text.starts_with("${") {
        out.push_str(&format!("${{{name}}}"));
    } else {
        out.push_str(text);
    }
    Some(())
}

fn push_literal(c: char, escape: char, out: &mut String) {
    if c == '"' || c == '$' || c == escape {
        out.push(escape);
    }
    out.push(c);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Expanded, Value, expand};

    #[test]
    fn a_value_in_quotes_expands_to_what_it_was() {
        for value in [
            r#"-Da="b c" -De=f"#,
            r"a\ b 'c $d' e",
            r#"$A"b" 'x'y z"#,
            r#"${A:-b c} "d""#,
            r#"'say "hi"' \$x \\ end"#,
            r#""C:\dir x" \q"#,
        ] {
            let new = quoted(value, '\\').unwrap_or_else(|| panic!("{value} can be quoted"));
            let of = |text: &str| {
                expand(text, '\\', &|name| if name == "A" { Value::Known("1".into()) } else { Value::Unset })
            };
            assert_eq!(of(value), of(&new), "{value} became {new}");
            assert!(matches!(of(&new), Expanded::Known(_)), "{new}");
        }
        assert_eq!(quoted(r#"a $"b c""#, '\\'), None);
        assert_eq!(quoted(r#"${A:-"b c"} d"#, '\\'), None);
    }
}
