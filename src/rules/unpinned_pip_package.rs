//! DL3013: Python packages without a version.

use super::calls::Argument;
use super::pip::{WITH_VALUE, as_pip, variable};
use super::unpinned_packages::{is_unknown, report};
use super::{Context, Findings, meta};

pub(super) fn check(cx: &Context<'_, '_>, out: &mut Findings) {
    for run in cx.runs().iter().filter(|run| run.mentions("pip")) {
        for call in run.calls().iter().filter_map(as_pip) {
            let mut operands = call.operands(WITH_VALUE);
            if operands.next().is_none_or(|a| a.text != "install") {
                continue;
            }
            let unpinned: Vec<&Argument<'_>> = operands.filter(|a| is_open(&a.text)).collect();
            if unpinned.is_empty() || call.flags().any(is_list) || variable(cx, run, "PIP_CONSTRAINT").is_some() {
                continue;
            }
            report(cx, out, &meta::UNPINNED_PIP_PACKAGE, &unpinned, "==VERSION");
        }
    }
}

/// Whether a flag names a file of requirements or constraints, which may give the versions of the others, too.
fn is_list(flag: &str) -> bool {
    ["-r", "-c", "--requirement", "--constraint"].iter().any(|f| flag.starts_with(f))
}

/// Whether a word names a package and no version, or a repository and no commit.
fn is_open(word: &str) -> bool {
    let repository = ["git+", "hg+", "svn+", "bzr+"].iter().any(|p| word.starts_with(p));
    if repository {
        let path = word.split_once("://").map_or(word, |(_, rest)| rest);
        // The first @ may belong to the user.
        return !path.split_once('/').is_some_and(|(_, path)| path.contains('@'));
    }
    let versioned = word.contains(['=', '<', '>', '~', '!', '@']);
    let file = word.contains('/')
        || word.starts_with('.')
        || [".whl", ".zip", ".gz", ".bz2", ".tgz"].iter().any(|e| word.ends_with(e));
    !versioned && !file && !is_unknown(word)
}
