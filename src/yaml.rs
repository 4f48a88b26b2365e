//! Bounds for YAML that nobody vouches for, looked at before it is parsed.
//!
//! The parser looks at each open bracket again for every token, and at each `%` line for every other one, and it writes
//! out what an alias stands for each time. So a text of a few hundred kilobytes can keep it busy for minutes, or fill
//! the memory. The editor's answers wait for it, and a repository may be anyone's.

use serde::Deserializer;
use serde::de::{DeserializeSeed, EnumAccess, Error, IgnoredAny, MapAccess, SeqAccess, VariantAccess, Visitor};
use std::cell::Cell;
use std::fmt;

/// No file of YAML is larger than this, in bytes.
pub const LARGEST: u64 = 1024 * 1024;

/// The most that open brackets times bytes may come to: a tenth of a second. A text of nothing but 10,000 brackets is
/// at the limit, and so is one of a megabyte with 95.
const MOST_WORK: usize = 100_000_000;
/// So many lines may start with `%`.
const MOST_DIRECTIVES: usize = 64;
/// The most that the values of a text may come to, those that aliases stand for counted each time: the bytes of each
/// text, and for every value the worth of some more.
const MOST_VALUES: usize = 8 * 1024 * 1024;
const VALUE: usize = 16;

/// What a text has too much of to be read in reasonable time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Excess {
    /// Brackets that may be open at once. The offset is that of the first one above the limit.
    Brackets(usize),
    /// Lines that start with `%`, likewise.
    Directives(usize),
    /// Values behind aliases.
    Aliases,
}

/// Whether `text` can be parsed in reasonable time and memory.
///
/// # Errors
/// What there is too much of.
pub fn within_bounds(text: &str) -> Result<(), Excess> {
    let brackets = MOST_WORK / text.len().max(1);
    if let Some(at) = openers(text.as_bytes()).nth(brackets) {
        return Err(Excess::Brackets(at));
    }
    let breaks = text.match_indices(['\n', '\r', '\u{85}', '\u{2028}', '\u{2029}']);
    let line_starts = std::iter::once(0).chain(breaks.map(|(at, found)| at + found.len()));
    if let Some(at) = line_starts.filter(|&at| text[at..].starts_with('%')).nth(MOST_DIRECTIVES) {
        return Err(Excess::Directives(at));
    }
    // Only an alias makes more of a text than there is.
    let counted = Counted(&Cell::new(0));
    let first = text.contains('*').then(|| serde_yaml::Deserializer::from_str(text).next()).flatten();
    // What else is wrong with it is for those who read it.
    let _ = first.map(|document| counted.deserialize(document));
    if counted.is_full() { Err(Excess::Aliases) } else { Ok(()) }
}

/// The brackets that may be open at the end of the text. One in a quoted text counts as well: where quotes start is
/// known only to the parser.
fn openers(text: &[u8]) -> impl Iterator<Item = usize> {
    let mut at = 0;
    std::iter::from_fn(move || {
        while let Some(&byte) = text.get(at) {
            at += 1;
            if matches!(byte, b'[' | b'{') && may_open(text[..at - 1].last()) {
                match pair(text, at - 1) {
                    Some(end) => at = end,
                    None => return Some(at - 1),
                }
            }
        }
        None
    })
}

/// Whether a bracket after `before` can open anything. After anything else it is a part of a text, as in `${x}`, or an
/// error that ends the parsing.
fn may_open(before: Option<&u8>) -> bool {
    before.is_none_or(|&b| b <= b' ' || !b.is_ascii() || matches!(b, b'[' | b'{' | b',' | b':' | b'?'))
}

/// Where a pair of brackets ends that surely leaves as many open as before, whatever stands around it: plain words and
/// double quotes about plain words, on one line. Inside of another text, its quotes make an error or mean nothing.
fn pair(text: &[u8], start: usize) -> Option<usize> {
    let close = if text[start] == b'[' { b']' } else { b'}' };
    let plain = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'.' | b'/' | b'=' | b'-');
    let mut at = start + 1;
    // Whether a quote would start a value here.
    let (mut fresh, mut after_colon) = (true, false);
    loop {
        match *text.get(at)? {
            b if b == close => return Some(at + 1),
            b'"' if fresh => {
                let end = at + 1 + text[at + 1..].iter().position(|&b| b != b' ' && !plain(b))?;
                if text[end] != b'"' || !plain(text[at + 1]) {
                    return None;
                }
                (at, fresh, after_colon) = (end, false, false);
            }
            b',' => (fresh, after_colon) = (true, false),
            b':' => (fresh, after_colon) = (false, true),
            b' ' => fresh |= after_colon,
            b if plain(b) => (fresh, after_colon) = (false, false),
            _ => return None,
        }
        at += 1;
    }
}

/// Adds up the values of a text and gives up above [`MOST_VALUES`].
#[derive(Clone, Copy)]
struct Counted<'c>(&'c Cell<usize>);

impl Counted<'_> {
    fn add<E: Error>(self, size: usize) -> Result<(), E> {
        self.0.set(self.0.get() + size);
        if self.is_full() { Err(E::custom("too many values")) } else { Ok(()) }
    }

    fn is_full(self) -> bool {
        self.0.get() > MOST_VALUES
    }
}

impl<'de> DeserializeSeed<'de> for Counted<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        self.add(VALUE)?;
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Counted<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str("a YAML value")
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_bool<E>(self, _: bool) -> Result<(), E> {
        Ok(())
    }

    fn visit_i64<E>(self, _: i64) -> Result<(), E> {
        Ok(())
    }

    fn visit_u64<E>(self, _: u64) -> Result<(), E> {
        Ok(())
    }

    fn visit_i128<E>(self, _: i128) -> Result<(), E> {
        Ok(())
    }

    fn visit_u128<E>(self, _: u128) -> Result<(), E> {
        Ok(())
    }

    fn visit_f64<E>(self, _: f64) -> Result<(), E> {
        Ok(())
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<(), E> {
        self.add(text.len())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<(), A::Error> {
        while list.next_element_seed(self)?.is_some() {}
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while map.next_key_seed(self)?.is_some() {
            map.next_value_seed(self)?;
        }
        Ok(())
    }

    fn visit_enum<A: EnumAccess<'de>>(self, tagged: A) -> Result<(), A::Error> {
        let (_, value) = tagged.variant::<IgnoredAny>()?;
        value.newtype_variant_seed(self)
    }
}

#[cfg(test)]
mod tests;
