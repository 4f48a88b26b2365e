//! Text in XML 1.0.

use crate::source::{is_command_mark, is_unsafe};
use std::borrow::Cow;
use std::fmt::Write;

/// `text` between tags or in an attribute with double quotes. What XML 1.0 forbids becomes U+FFFD; what a terminal
/// or a pipeline would obey is written as a reference.
pub(super) fn escape(text: &str) -> Cow<'_, str> {
    let plain =
        |c: char| !matches!(c, '&' | '<' | '>' | '"' | '\'' | '\t' | '\n' | '\r') && is_allowed(c) && !is_unsafe(c);
    let start = text.len() - text.trim_start().len();
    let starts_command = text[start..].starts_with("::");
    if text.chars().all(plain) && !starts_command && !text.contains("##") {
        return Cow::Borrowed(text);
    }
    let is_mark = |at, c| c == '#' && is_command_mark(text, at) || at == start && starts_command;
    let mut out = String::with_capacity(text.len() + 16);
    for (at, c) in text.char_indices() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            c if plain(c) && !is_mark(at, c) => out.push(c),
            c if is_allowed(c) => write!(out, "&#{};", c as u32).unwrap_or_default(),
            _ => out.push('\u{fffd}'),
        }
    }
    Cow::Owned(out)
}

/// Whether XML 1.0 has the character, in whatever form.
fn is_allowed(c: char) -> bool {
    matches!(c, '\t' | '\n' | '\r' | ' '..='\u{fffd}' | '\u{10000}'..)
}

#[cfg(test)]
mod tests {
    use super::escape;

    #[test]
    fn what_has_a_meaning_is_escaped_and_what_is_forbidden_is_replaced() {
        assert_eq!(escape("<a b=\"c\" d='e'>&amp;]]>"), "&lt;a b=&quot;c&quot; d=&#39;e&#39;&gt;&amp;amp;]]&gt;");
        assert_eq!(escape("a\tb\r\nc"), "a&#9;b&#13;&#10;c");
        assert_eq!(escape("\u{1b}[0m\0\u{fffe}\u{ffff}"), "\u{fffd}[0m\u{fffd}\u{fffd}\u{fffd}");
        assert_eq!(escape("##vso[a] ###[b] ## #["), "#&#35;vso[a] ##&#35;[b] ## #[");
        assert_eq!(escape(" ::error::a::"), " &#58;:error::a::");
        assert_eq!(escape("\u{9b}\u{202e}\u{1f600}é"), "&#155;&#8238;\u{1f600}é");
    }
}
