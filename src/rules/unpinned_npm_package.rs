//! DL3016: npm packages without a version.

use super::calls::Argument;
use super::unpinned_packages::{is_unknown, report};
use super::{Context, Findings, meta};

const WITH_VALUE: &[&str] = &[
    "--registry",
    "--prefix",
    "-C",
    "--loglevel",
    "--cache",
    "--omit",
    "--include",
    "--only",
    "--workspace",
    "-w",
    "--userconfig",
    "--tag",
    "--save-prefix",
    "--audit-level",
    "--fetch-retries",
    "--fetch-timeout",
    "--maxsockets",
    "--proxy",
    "--https-proxy",
    "--install-strategy",
    "--cpu",
    "--os",
    "--libc",
    "--target",
    "--arch",
    "--before",
];

pub(super) fn check(cx: &Context<'_, '_>, out: &mut Findings) {
    for run in cx.runs().iter().filter(|run| run.mentions("npm")) {
        for call in run.calls().iter().filter(|c| c.name == "npm") {
            let mut operands = call.operands(WITH_VALUE);
            if operands.next().is_none_or(|a| !matches!(a.text.as_ref(), "install" | "i" | "add")) {
                continue;
            }
            let unpinned: Vec<&Argument<'_>> = operands.filter(|a| is_open(&a.text)).collect();
            if !unpinned.is_empty() {
                report(cx, out, &meta::UNPINNED_NPM_PACKAGE, &unpinned, "@VERSION");
            }
        }
    }
}

/// Whether a word names a package and no version, or a repository and no commit.
fn is_open(word: &str) -> bool {
    if is_unknown(word) || word.starts_with(['.', '/', '~']) || word.starts_with("file:") {
        return false;
    }
    let repository = word.starts_with("git") && word.contains(':');
    if repository || (word.contains('/') && !word.starts_with('@') && !word.contains(':')) {
        // `owner/name` is a repository, too.
        return !word.contains('#');
    }
    let archive = word.contains(':') || word.ends_with(".tgz") || word.ends_with(".tar.gz") || word.ends_with(".tar");
    !archive && !word.get(1..).is_some_and(|rest| rest.contains('@'))
}
