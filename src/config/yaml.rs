//! A YAML file as a tree whose nodes can be found again in the text.
//!
//! The YAML reader tells where a node starts only in its errors. So nodes are numbered in the order
//! they are read, and to find one the text is read a second time with an order to fail at its number.
//! The place is then the reader's own, right for quotes, flow style, anchors and block scalars alike,
//! and a file without mistakes costs no bookkeeping.

use super::extent::extent;
use crate::source::{BOM, Span};
use serde::de::{DeserializeSeed, EnumAccess, Error as _, IgnoredAny, MapAccess, SeqAccess, VariantAccess, Visitor};
use serde::{Deserialize, Deserializer, de};
use std::cell::{Cell, RefCell};
use std::fmt;

/// A node: the key to its place in the text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Place(u32);

/// A value with its place.
#[derive(Debug)]
pub(super) struct Node {
    pub place: Place,
    pub value: Value,
}

/// What YAML can say. Keys keep their order and their duplicates, which are mistakes to report.
#[derive(Debug)]
pub(super) enum Value {
    Null,
    Bool(bool),
    Number,
    Text(String),
    List(Vec<Node>),
    Map(Vec<(Node, Node)>),
    Tagged,
}

impl Value {
    /// What it is, for "expected ..., found ...".
    pub fn kind(&self) -> &'static str {
        match self {
            Value::Null => "nothing",
            Value::Bool(true) => "the truth value `true`",
            Value::Bool(false) => "the truth value `false`",
            Value::Number => "a number",
            Value::Text(_) => "text",
            Value::List(_) => "a list",
            Value::Map(_) => "a mapping",
            Value::Tagged => "a value with a `!tag`",
        }
    }
}

/// Why a text is not YAML, and where.
#[derive(Debug)]
pub(super) struct SyntaxError {
    pub message: String,
    pub span: Span,
}

/// Reads `text`. A text of nothing but comments is `Value::Null`.
pub(super) fn parse(text: &str) -> Result<Node, SyntaxError> {
    if let Some((at, c)) = text.char_indices().find(|&(_, c)| !printable(c)) {
        let span = Span::from(at..at + c.len_utf8());
        return Err(SyntaxError {
            message: format!("the character {} is not allowed in YAML", c.escape_unicode()),
            span,
        });
    }
    let walk = Walk::new(None);
    let mut documents = serde_yaml::Deserializer::from_str(body(text).1);
    let Some(first) = documents.next() else {
        return Ok(Node { place: Place(0), value: Value::Null });
    };
    let node = walk.seed().deserialize(first).map_err(|e| syntax_error(text, &e))?;
    match documents.next() {
        None => Ok(node),
        Some(second) => Err(match IgnoredAny::deserialize(second) {
            Err(error) => syntax_error(text, &error),
            Ok(_) => {
                SyntaxError { message: "only one YAML document is allowed".to_owned(), span: second_document(text) }
            }
        }),
    }
}

/// Where the node lies in `text`, the text that it was read from.
pub(super) fn locate(text: &str, place: Place) -> Span {
    let walk = Walk::new(Some(place));
    let document = serde_yaml::Deserializer::from_str(body(text).1).next();
    let error = document.and_then(|d| walk.seed().deserialize(d).err());
    let start = error.map_or(0, |e| offset(text, &e));
    let scalar = walk.scalar.into_inner();
    Span::from(start..start + extent(&text[start..], scalar.as_deref()))
}

/// The text behind a byte order mark, and where it starts.
fn body(text: &str) -> (usize, &str) {
    match text.strip_prefix(BOM) {
        Some(rest) => (BOM.len(), rest),
        None => (0, text),
    }
}

/// The characters that YAML calls printable.
fn printable(c: char) -> bool {
    matches!(c, '\t' | '\n' | '\r' | '\u{85}' | ' '..='~' | '\u{a0}'..) && !matches!(c, '\u{fffe}' | '\u{ffff}')
}

/// The byte at which `error` happened, on a character border.
fn offset(text: &str, error: &serde_yaml::Error) -> usize {
    let (skipped, body) = body(text);
    let mut at = error.location().map_or(0, |l| l.index()).min(body.len());
    while !body.is_char_boundary(at) {
        at -= 1;
    }
    skipped + at
}

fn syntax_error(text: &str, error: &serde_yaml::Error) -> SyntaxError {
    let start = offset(text, error);
    let width = text[start..].chars().next().filter(|c| !matches!(c, '\n' | '\r')).map_or(0, char::len_utf8);
    SyntaxError { message: without_positions(&error.to_string()), span: Span::from(start..start + width) }
}

/// `message` without the " at line 3 column 7" that the report shows better.
fn without_positions(message: &str) -> String {
    let mut out = String::new();
    let mut rest = message;
    while let Some(at) = rest.find(" at line ") {
        out.push_str(&rest[..at]);
        let digits = |s: &str| s.trim_start_matches(|c: char| c.is_ascii_digit()).len();
        let tail = &rest[at + " at line ".len()..];
        let tail = &tail[tail.len() - digits(tail)..];
        let tail = tail.strip_prefix(" column ").unwrap_or(tail);
        rest = &tail[tail.len() - digits(tail)..];
    }
    out + rest
}

/// The marker that starts the second document: the second `---`, or the first when text stands above.
fn second_document(text: &str) -> Span {
    let mut at = 0;
    let mut content = false;
    for line in text.split_inclusive('\n') {
        if line.starts_with("---") {
            if content {
                return Span::from(at..at + 3);
            }
            content = true;
        } else if !matches!(line.trim_start().bytes().next(), None | Some(b'#' | b'%')) {
            content = true;
        }
        at += line.len();
    }
    Span::from(at..at)
}

/// One reading of a text: counts nodes, and fails at the wanted one.
struct Walk {
    next: Cell<u32>,
    stop: Option<Place>,
    /// The scalar at which the reading stopped.
    scalar: RefCell<Option<String>>,
}

impl Walk {
    fn new(stop: Option<Place>) -> Self {
        Self { next: Cell::new(0), stop, scalar: RefCell::new(None) }
    }

    fn seed(&self) -> Seed<'_> {
        Seed { walk: self }
    }
}

#[derive(Clone, Copy)]
struct Seed<'a> {
    walk: &'a Walk,
}

struct NodeVisitor<'a> {
    walk: &'a Walk,
    place: Place,
}

impl<'de> DeserializeSeed<'de> for Seed<'_> {
    type Value = Node;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Node, D::Error> {
        let place = Place(self.walk.next.get());
        self.walk.next.set(place.0 + 1);
        deserializer.deserialize_any(NodeVisitor { walk: self.walk, place })
    }
}

impl NodeVisitor<'_> {
    fn arrive<E: de::Error>(&self, scalar: Option<&str>) -> Result<(), E> {
        if self.walk.stop != Some(self.place) {
            return Ok(());
        }
        *self.walk.scalar.borrow_mut() = scalar.map(str::to_owned);
        Err(E::custom("here"))
    }

    fn scalar<E: de::Error>(self, text: &str, value: Value) -> Result<Node, E> {
        self.arrive(Some(text))?;
        Ok(Node { place: self.place, value })
    }
}

impl<'de> Visitor<'de> for NodeVisitor<'_> {
    type Value = Node;

    fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str("a YAML value")
    }

    fn visit_unit<E: de::Error>(self) -> Result<Node, E> {
        self.scalar("", Value::Null)
    }

    fn visit_none<E: de::Error>(self) -> Result<Node, E> {
        self.scalar("", Value::Null)
    }

    fn visit_bool<E: de::Error>(self, value: bool) -> Result<Node, E> {
        self.scalar("", Value::Bool(value))
    }

    fn visit_i64<E: de::Error>(self, _: i64) -> Result<Node, E> {
        self.scalar("", Value::Number)
    }

    fn visit_u64<E: de::Error>(self, _: u64) -> Result<Node, E> {
        self.scalar("", Value::Number)
    }

    fn visit_i128<E: de::Error>(self, _: i128) -> Result<Node, E> {
        self.scalar("", Value::Number)
    }

    fn visit_u128<E: de::Error>(self, _: u128) -> Result<Node, E> {
        self.scalar("", Value::Number)
    }

    fn visit_f64<E: de::Error>(self, _: f64) -> Result<Node, E> {
        self.scalar("", Value::Number)
    }

    fn visit_str<E: de::Error>(self, value: &str) -> Result<Node, E> {
        self.scalar(value, Value::Text(value.to_owned()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Node, A::Error> {
        self.arrive(None)?;
        let mut nodes = Vec::new();
        while let Some(node) = list.next_element_seed(self.walk.seed())? {
            nodes.push(node);
        }
        Ok(Node { place: self.place, value: Value::List(nodes) })
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Node, A::Error> {
        self.arrive(None)?;
        let mut entries = Vec::new();
        while let Some(key) = map.next_key_seed(self.walk.seed())? {
            entries.push((key, map.next_value_seed(self.walk.seed())?));
        }
        Ok(Node { place: self.place, value: Value::Map(entries) })
    }

    fn visit_enum<A: EnumAccess<'de>>(self, tagged: A) -> Result<Node, A::Error> {
        self.arrive(None)?;
        let (_, value) = tagged.variant::<String>().map_err(A::Error::custom)?;
        value.newtype_variant::<IgnoredAny>()?;
        Ok(Node { place: self.place, value: Value::Tagged })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn places(node: &Node, out: &mut Vec<Place>) {
        out.push(node.place);
        match &node.value {
            Value::List(nodes) => nodes.iter().for_each(|n| places(n, out)),
            Value::Map(entries) => entries.iter().for_each(|(k, v)| {
                places(k, out);
                places(v, out);
            }),
            _ => {}
        }
    }

    /// The text of every node, in the order of reading.
    fn parts(text: &str) -> Vec<&str> {
        let mut all = Vec::new();
        places(&parse(text).unwrap(), &mut all);
        all.into_iter().map(|place| locate(text, place).of(text)).collect()
    }

    #[test]
    fn every_node_is_found_again() {
        assert_eq!(
            parts("# é\nkéy: välue # x\n'it''s': \"q\\\"é\"\nlist: [a, 'b,c', 3, true,~]\n"),
            [
                "kéy: välue",
                "kéy",
                "välue",
                "'it''s'",
                "\"q\\\"é\"",
                "list",
                "[a, 'b,c', 3, true,~]",
                "a",
                "'b,c'",
                "3",
                "true",
                "~"
            ]
        );
    }

    #[test]
    fn block_style_line_endings_and_a_byte_order_mark_are_counted() {
        assert_eq!(
            parts("\u{feff}a:\r\n  - one two\r\n  - b: |\r\n      text\r\nc:\r\n"),
            ["a:", "a", "- one two", "one two", "b: |", "b", "|", "c", ""]
        );
    }

    #[test]
    fn an_alias_is_found() {
        assert_eq!(parts("a: &x one\nb: *x\n").len(), 5);
    }

    #[test]
    fn nothing_is_null() {
        for text in ["", "\n", "# only a comment\n", "---\n", "\u{feff}"] {
            assert!(matches!(parse(text).unwrap().value, Value::Null), "{text:?}");
        }
    }

    #[test]
    fn a_second_document_is_an_error_at_its_marker() {
        for text in ["a: 1\n---\nb: 2\n", "--- # x\na: 1\n---\n", "# c\n---\n---\n"] {
            let error = parse(text).unwrap_err();
            assert_eq!(error.message, "only one YAML document is allowed");
            assert_eq!(error.span.start as usize, text.rfind("---").unwrap(), "{text:?}");
        }
    }

    #[test]
    fn positions_leave_the_message() {
        assert_eq!(without_positions("a at line 1 column 2, b at line 33 column 4"), "a, b");
        assert_eq!(without_positions("plain"), "plain");
    }

    proptest::proptest! {
        #[test]
        fn any_text_is_read_or_refused(text in "[-a:é\u{feff}\r\n \\[\\]{}&*!|>'\"#,0\u{7}]{0,24}") {
            match parse(&text) {
                Ok(node) => {
                    let mut all = Vec::new();
                    places(&node, &mut all);
                    for place in all {
                        locate(&text, place).of(&text);
                    }
                }
                Err(error) => {
                    error.span.of(&text);
                }
            }
        }
    }
}
