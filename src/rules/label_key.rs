//! DL3048: a label key that Docker's rules don't allow.

use super::{Context, Findings, meta};
use crate::syntax::Keyword;

/// The namespaces that are Docker's own.
const RESERVED: [&str; 3] = ["com.docker.", "io.docker.", "org.dockerproject."];

pub(super) fn check(cx: &Context<'_, '_>, out: &mut Findings) {
    for stage in &cx.model.stages {
        for step in cx.model.steps(stage).iter().filter(|s| s.keyword == Keyword::Label) {
            for key in step.pairs().iter().map(|p| &p.key) {
                let name = key.text.trim_matches(['"', '\'']);
                let Some(fault) = fault(name) else { continue };
                out.report(&meta::LABEL_KEY, key.span, format!("the label key {} {fault}", cx.plain(name)))
                    .note("tools look labels up by the keys that others use, and miss one that is written in another way")
                    .help("a key is small letters and digits with single `.` and `-` between them, as in `org.example.version`");
            }
        }
    }
}

/// What is wrong with a key; nothing if it is right.
fn fault(key: &str) -> Option<&'static str> {
    let first = key.chars().next()?;
    // `_` and `/` are not in the rules, but in wide use.
    let allowed = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '.' | '-' | '_' | '/');
    if key.chars().any(|c| c.is_ascii_uppercase()) {
        return Some("has capitals");
    }
    if !key.chars().all(allowed) {
        return Some("has a character that no key may have");
    }
    if !first.is_ascii_lowercase() {
        return Some("does not start with a letter");
    }
    if key.ends_with(|c: char| !c.is_ascii_lowercase() && !c.is_ascii_digit()) {
        return Some("does not end with a letter or a digit");
    }
    if key.contains("..") || key.contains("--") {
        return Some("has two dots or dashes in a row");
    }
    RESERVED.iter().any(|space| key.starts_with(space)).then_some("is in a namespace that is Docker's own")
}
