//! A configuration with many mistakes.

use super::*;
use std::sync::atomic::{AtomicUsize, Ordering};

#[test]
fn of_many_mistakes_the_first_are_shown_and_the_rest_is_counted() {
    let keys = |n: usize| (0..n).map(|i| format!("key{i}: 1\n")).collect::<String>();
    let messages = |text: &str| {
        let error = read(text).expect_err("the text has a mistake");
        error.mistakes().map(ToString::to_string).collect::<Vec<_>>()
    };
    let fifty = messages(&keys(50));
    assert_eq!((fifty.len(), fifty[49].as_str()), (50, "unknown key `key49`"));
    assert_eq!(messages(&keys(51))[50], "and 1 more mistake");
    // Each of so many would take a second of its own.
    let many = messages(&(keys(2_000) + &"twice: 1\n".repeat(2_000)));
    assert_eq!((many.len(), many[50].as_str()), (51, "and 3950 more mistakes"));
}

#[test]
fn what_was_meant_is_asked_only_for_what_is_shown() {
    let asked = AtomicUsize::new(0);
    let counted = |word: &str| {
        asked.fetch_add(1, Ordering::Relaxed);
        suggest(word)
    };
    let shown = |text: &str| {
        let chain = super::super::extends::Chain::new(Path::new(".layerwise.yaml"), ".layerwise.yaml");
        let source = super::super::mistake::Source::new(".layerwise.yaml", text);
        let catalogue = Catalogue { suggest: &counted, ..CATALOGUE };
        let error = super::super::read::read(&source, catalogue, &chain).expect_err("the text has mistakes");
        error.mistakes().map(ToString::to_string).collect::<Vec<_>>()
    };
    let words = |n: usize| format!("ignore:\n{}", (0..n).map(|i| format!("- QQ{i}\n")).collect::<String>());
    let of_some = shown(&words(2_000));
    assert_eq!((of_some.len(), of_some[50].as_str()), (51, "and 1950 more mistakes"));
    assert_eq!(asked.swap(0, Ordering::Relaxed), 50);
    // To find a place in a long text takes long.
    let long = words(2_000) + &"# a comment\n".repeat(60_000);
    let of_few = shown(&long);
    assert_eq!((of_few.len(), of_few[5].as_str()), (6, "and 1995 more mistakes"));
    assert_eq!(asked.swap(0, Ordering::Relaxed), 5);
}
