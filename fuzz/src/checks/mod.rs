//! What must hold for any input. The fuzz targets run these functions, and `tests/fuzz_corpus.rs` runs them over the
//! inputs that are kept in `testdata/fuzz`.

mod config;
mod fix;
mod ignore_comments;
mod ignore_file;
mod lint;
mod shell;
mod timings;
mod tree;

pub use tree::assert_lossless;

use crate::generate::dockerfile;
use layerwise::builder::Builder;
use layerwise::lint::Settings;
use layerwise::rules::{Overrides, Selection, resolve};
use std::borrow::Cow;

/// A check of any bytes; it panics if something does not hold.
pub type Check = fn(&[u8]);

/// Every check by the name of its target.
pub const ALL: [(&str, Check); 10] = [
    ("check", check),
    ("check_generated", check_generated),
    ("config", config),
    ("fix", fix),
    ("fix_generated", fix_generated),
    ("ignore_comments", ignore_comments),
    ("ignore_file", ignore_file),
    ("parse", parse),
    ("shell", shell),
    ("timings", timings),
];

/// The leaves of the tree give the text back, and its spans are places in the text.
pub fn parse(data: &[u8]) {
    tree::assert_lossless(&text(data));
}

/// Any text has a tree of a shell script, with spans in order and inside one another.
pub fn shell(data: &[u8]) {
    shell::check(&text(data));
}

/// The findings of any text are places in it, the same each time, and every format can show them.
pub fn check(data: &[u8]) {
    lint::check(&text(data), builder(data));
}

/// The same for a Dockerfile made of `data`.
pub fn check_generated(data: &[u8]) {
    let text = dockerfile(data);
    tree::assert_lossless(&text);
    lint::check(&text, builder(data));
}

/// The fixes of any text keep their promises.
pub fn fix(data: &[u8]) {
    fix::check(&text(data), builder(data));
}

/// The same for a Dockerfile made of `data`.
pub fn fix_generated(data: &[u8]) {
    fix::check(&dockerfile(data), builder(data));
}

/// Comments that switch rules off change nothing else, are not written in vain, and not taken out where they count.
pub fn ignore_comments(data: &[u8]) {
    ignore_comments::check(&text(data), builder(data));
}

/// Any `.dockerignore` is read or refused at a line of it, and what it says of folders goes for what is in them.
pub fn ignore_file(data: &[u8]) {
    ignore_file::check(&text(data));
}

/// Any configuration is read or refused at places in it, and files can be checked with what is read.
pub fn config(data: &[u8]) {
    config::check(&text(data));
}

/// Any log of a build is read or refused at a line of it.
pub fn timings(data: &[u8]) {
    timings::check(&text(data));
}

/// As text; wrong bytes become replacement characters, which are as long as nothing else in a Dockerfile.
fn text(data: &[u8]) -> Cow<'_, str> {
    String::from_utf8_lossy(data)
}

/// One of the builders, so that all have their turn and an input always has the same.
fn builder(data: &[u8]) -> Builder {
    Builder::ALL[data.len() % Builder::ALL.len()]
}

/// Settings for `builder` with all rules but those of `ignore`.
pub fn settings(builder: Builder, ignore: &[&'static str]) -> Settings {
    let select = Some(resolve("ALL").expect("that is a word for all rules"));
    settings_with(builder, Overrides { select, ignore: ignore.to_vec(), ..Overrides::default() })
}

/// Settings for which no folder, no history and no other program counts.
fn settings_with(builder: Builder, rules: Overrides) -> Settings {
    Settings { selection: Selection::new(None, &rules), builder, project: None, histories: None, shellcheck: None }
}
