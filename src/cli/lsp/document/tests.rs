//! Random edits, against a text that is kept as a list of UTF-16 lines.

use super::*;
use crate::cli::lsp::position::Lines;
use lsp_types::{Position, Range};
use proptest::prelude::*;
use std::str::FromStr;
use std::time::{Duration, Instant};

/// The text as a client in JavaScript has it: lines of code units, each with its end.
fn lines(text: &[u16]) -> Vec<Vec<u16>> {
    let (cr, lf) = (u16::from(b'\r'), u16::from(b'\n'));
    let mut lines = vec![Vec::new()];
    for (at, &unit) in text.iter().enumerate() {
        lines.last_mut().expect("there is a line").push(unit);
        if unit == lf || (unit == cr && text.get(at + 1) != Some(&lf)) {
            lines.push(Vec::new());
        }
    }
    lines
}

/// The index of a place among all code units.
fn index(text: &[u16], place: Position) -> usize {
    let lines = lines(text);
    let above: usize = lines.iter().take(place.line as usize).map(Vec::len).sum();
    let Some(line) = lines.get(place.line as usize) else { return text.len() };
    let end = line.iter().take_while(|&&u| u != u16::from(b'\r') && u != u16::from(b'\n')).count();
    let mut column = (place.character as usize).min(end);
    if column < line.len() && (0xdc00..0xe000).contains(&line[column]) {
        column -= 1;
    }
    above + column
}

fn change(range: Option<Range>, text: &str) -> TextDocumentContentChangeEvent {
    TextDocumentContentChangeEvent { range, range_length: None, text: text.to_owned() }
}

fn range(from: (u32, u32), to: (u32, u32)) -> Option<Range> {
    Some(Range::new(Position::new(from.0, from.1), Position::new(to.0, to.1)))
}

proptest! {
    #[test]
    fn edits_give_what_the_client_has(
        start in "[ab\r\n\u{1f600}é]{0,20}",
        edits in proptest::collection::vec(((0u32..6, 0u32..9), (0u32..6, 0u32..9), "[xy\r\n\u{1f600}]{0,5}"), 0..8),
    ) {
        let mut model: Vec<u16> = start.encode_utf16().collect();
        let mut changes = Vec::new();
        for (from, to, new) in edits {
            let (from, to) = (from.min(to), from.max(to));
            let (a, b) = (index(&model, Position::new(from.0, from.1)), index(&model, Position::new(to.0, to.1)));
            model.splice(a..b, new.encode_utf16());
            changes.push(change(range(from, to), &new));
        }
        let expected = String::from_utf16(&model).expect("no character was cut");
        // All at once, and one after the other.
        prop_assert_eq!(changed(&start, &changes, Encoding::Utf16), expected.clone());
        let one = changes.iter().fold(start, |text, c| changed(&text, std::slice::from_ref(c), Encoding::Utf16));
        prop_assert_eq!(one, expected);
    }

    #[test]
    fn edits_of_a_long_text_give_what_they_give_one_by_one(
        start in "(a{900,1100}|é{500,600}|\u{1f600}|\r\n|\r|\n){0,12}",
        edits in proptest::collection::vec(
            ((0u32..8, 0u32..3000), (0u32..8, 0u32..3000), "(x{0,3}|\r|\n|y{1000,3000}|\r\n|\u{1f600})"),
            0..8,
        ),
        bytes in any::<bool>(),
    ) {
        let encoding = if bytes { Encoding::Utf8 } else { Encoding::Utf16 };
        let changes: Vec<_> = edits.iter().map(|(from, to, new)| change(range(*from, *to), new)).collect();
        let one = changes.iter().fold(start.clone(), |mut text, change| {
            let span = Lines::new(&text, encoding).span(change.range.expect("it has one"));
            text.replace_range(span.range(), &change.text);
            text
        });
        prop_assert_eq!(changed(&start, &changes, encoding), one);
    }

    #[test]
    fn no_edit_panics(
        text in "[ab\r\n\u{1f600}é]{0,20}",
        (from, to) in ((0u32..9, 0u32..30), (0u32..9, 0u32..30)),
    ) {
        changed(&text, &[change(range(from, to), "x")], Encoding::Utf8);
    }
}

#[test]
fn an_edit_for_each_line_or_word_is_soon_made() {
    // It takes many minutes if each of them reads all of the text.
    const COUNT: u32 = 100_000;
    let start = Instant::now();
    let lines = "RUN echo hello é\n".repeat(COUNT as usize);
    let changes: Vec<_> = (0..COUNT).map(|line| change(range((line, 4), (line, 8)), "print")).collect();
    assert_eq!(changed(&lines, &changes, Encoding::Utf16), lines.replace("echo", "print"));
    let words = "sudo é ".repeat(COUNT as usize);
    let changes: Vec<_> = (0..COUNT).rev().map(|at| change(range((0, 7 * at), (0, 7 * at + 4)), "")).collect();
    assert_eq!(changed(&words, &changes, Encoding::Utf16), words.replace("sudo", ""));
    assert!(start.elapsed() < Duration::from_secs(60), "{:?}", start.elapsed());
}

#[test]
fn a_change_without_a_range_is_the_whole_text() {
    let changes =
        [change(None, "FROM a\n"), change(range((0, 5), (0, 6)), "b"), change(range((1, 0), (1, 0)), "RUN c")];
    assert_eq!(changed("x", &changes, Encoding::Utf16), "FROM b\nRUN c");
}

#[test]
fn bytes_are_counted_if_that_was_agreed_on() {
    let edit = [change(range((0, 4), (0, 5)), "x")];
    assert_eq!(changed("\u{1f600}ab", &edit, Encoding::Utf8), "\u{1f600}xb");
    assert_eq!(changed("\u{1f600}abcd", &edit, Encoding::Utf16), "\u{1f600}abxd");
}

#[test]
fn a_new_version_forgets_what_was_found() {
    let item = |uri: &str, language: &str| TextDocumentItem {
        uri: Uri::from_str(uri).expect("it is a URI"),
        language_id: language.to_owned(),
        version: 1,
        text: "FROM a\n".to_owned(),
    };
    let mut document = Document::new(item("untitled:x", "dockerfile"));
    document.findings = Some(Arc::default());
    document.change(2, &[change(None, "FROM b\n")], Encoding::Utf16);
    assert_eq!((document.version, &*document.text, document.findings.is_none()), (2, "FROM b\n", true));
    assert!(document.is_dockerfile && document.path.is_none());
    assert!(Document::new(item("file:///x/Containerfile", "plaintext")).is_dockerfile);
    assert!(!Document::new(item("file:///x/Makefile", "makefile")).is_dockerfile);
    assert!(!Document::new(item("file:///x/Dockerfile.dockerignore", "ignore")).is_dockerfile);
}
