//! JSON that is safe to print.

use crate::source::is_unsafe;
use serde::Serialize;
use serde_json::ser::{CharEscape, CompactFormatter, Formatter, Serializer};
use std::io::{self, Write};

/// Writes `value` on one line.
pub(super) fn write(value: &impl Serialize, out: &mut dyn Write) -> io::Result<()> {
    let mut json = Serializer::with_formatter(out, SafeFormatter(CompactFormatter));
    Ok(value.serialize(&mut json)?)
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

/// Escapes what JSON allows raw but a terminal would obey, since JSON is often printed to one.
struct SafeFormatter(CompactFormatter);

impl Formatter for SafeFormatter {
    fn write_string_fragment<W: ?Sized + Write>(&mut self, writer: &mut W, fragment: &str) -> io::Result<()> {
        let mut rest = fragment;
        while let Some((at, c)) = rest.char_indices().find(|&(_, c)| is_unsafe(c)) {
            writer.write_all(&rest.as_bytes()[..at])?;
            // Every such character is in the basic plane: one `\u` escape is enough.
            write!(writer, "\\u{:04x}", c as u32)?;
            rest = &rest[at + c.len_utf8()..];
        }
        writer.write_all(rest.as_bytes())
    }

    fn write_char_escape<W: ?Sized + Write>(&mut self, writer: &mut W, escape: CharEscape) -> io::Result<()> {
        self.0.write_char_escape(writer, escape)
    }
}
