//! Tests of the parser: each construct with its spans, recovery, hostile input, and what holds for any input.

mod constructs;
mod context;
mod recovery;

use super::{Script, parse};
use crate::source::Span;

/// The tree of all of `text`.
fn script(text: &str) -> Script {
    parse(text, Span::from(0..text.len()))
}

/// The tree of `text`, which has to be without errors.
fn valid(text: &str) -> Script {
    let script = script(text);
    assert_eq!(script.errors, [], "{text}");
    script
}
