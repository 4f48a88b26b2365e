//! JSON that is safe to print: no less is said, but what a terminal or a pipeline would obey is written as an escape.

use crate::source::{is_command_mark, is_unsafe};
use serde::Serialize;
use serde_json::ser::{CharEscape, CompactFormatter, Formatter, Serializer};
use std::io::{self, Write};

/// Writes `value` on one line, which it does not end. Fails only when `out` does.
pub fn write(value: &impl Serialize, out: &mut dyn Write) -> io::Result<()> {
    let mut json = Serializer::with_formatter(out, SafeFormatter(CompactFormatter));
    Ok(value.serialize(&mut json)?)
}

/// Writes `value` on lines of its own, for people. Fails only when `out` does.
pub fn pretty(value: &impl Serialize, out: &mut dyn Write) -> io::Result<()> {
    // Outside of strings there is nothing to escape.
    put(&serde_json::to_string_pretty(value)?, out)?;
    out.write_all(b"\n")
}

/// Writes an array with one value a line; it starts on the line that `out` is on.
pub(super) fn rows<T: Serialize>(values: impl IntoIterator<Item = T>, out: &mut dyn Write) -> io::Result<()> {
    let mut between = "[\n";
    for value in values {
        out.write_all(between.as_bytes())?;
        between = ",\n";
        write(&value, out)?;
    }
    out.write_all(if between == ",\n" { b"\n]" } else { b"[]" })
}

/// Escapes what JSON allows raw: it is often printed to a terminal, or in a pipeline whose agent reads along.
struct SafeFormatter(CompactFormatter);

impl Formatter for SafeFormatter {
    fn write_string_fragment<W: ?Sized + Write>(&mut self, writer: &mut W, fragment: &str) -> io::Result<()> {
        put(fragment, writer)
    }

    fn write_char_escape<W: ?Sized + Write>(&mut self, writer: &mut W, escape: CharEscape) -> io::Result<()> {
        self.0.write_char_escape(writer, escape)
    }
}

/// Writes a piece of JSON.
fn put<W: ?Sized + Write>(json: &str, out: &mut W) -> io::Result<()> {
    // As good as always, which one look at each byte tells.
    if json.bytes().all(|b| matches!(b, b' '..=b'~' | b'\n') && b != b'#') {
        return out.write_all(json.as_bytes());
    }
    let mut from = 0;
    let is_bad = |&(at, c): &(usize, char)| is_unsafe(c) || c == '#' && is_command_mark(json, at);
    for (at, c) in json.char_indices().filter(is_bad) {
        out.write_all(&json.as_bytes()[from..at])?;
        // Every such character is in the basic plane: one `\u` escape is enough.
        write!(out, "\\u{:04x}", c as u32)?;
        from = at + c.len_utf8();
    }
    out.write_all(&json.as_bytes()[from..])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_would_be_obeyed_is_escaped_and_nothing_is_lost() {
        for (text, want) in [
            ("# ## #", r"# ## #"),
            ("##vso[a]##VSO[b]", r"#\u0023vso[a]#\u0023VSO[b]"),
            ("###[error]", r"##\u0023[error]"),
            ("##\"[x]", r##"##\"[x]"##),
            ("é \u{1b}[31m\u{9b}\u{202e}\u{7f}é", r"é \u001b[31m\u009b\u202e\u007fé"),
        ] {
            for is_pretty in [false, true] {
                let mut out = Vec::new();
                let written = if is_pretty { pretty(&[text], &mut out) } else { write(&[text], &mut out) };
                written.expect("a vector takes all");
                let json = String::from_utf8(out).expect("it is text");
                assert!(json.contains(want), "{json}");
                assert_eq!(serde_json::from_str::<Vec<String>>(&json).expect("it is JSON"), [text]);
            }
        }
    }
}
