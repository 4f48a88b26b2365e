//! DL3062: Go programs in whatever version is the newest.

use super::calls::Argument;
use super::unpinned_packages::is_unknown;
use super::{Context, Findings, meta};

const WITH_VALUE: &[&str] = &[
    "-C",
    "-p",
    "-o",
    "-asmflags",
    "-buildmode",
    "-compiler",
    "-gccgoflags",
    "-gcflags",
    "-installsuffix",
    "-ldflags",
    "-mod",
    "-modfile",
    "-overlay",
    "-pgo",
    "-pkgdir",
    "-tags",
    "-toolexec",
    "-exec",
    "--tags",
    "--ldflags",
];

pub(super) fn check(cx: &Context<'_, '_>, out: &mut Findings) {
    for run in cx.runs().iter().filter(|run| run.mentions("go ")) {
        for call in run.calls().iter().filter(|c| c.name == "go") {
            let mut operands = call.operands(WITH_VALUE);
            let Some(subcommand) = operands.next() else { continue };
            let unpinned: Option<&Argument<'_>> = match subcommand.text.as_ref() {
                "get" | "install" => operands.find(|a| is_open(&a.text, &subcommand.text)),
                // The rest are words for the program.
                "run" => operands.next().filter(|a| is_open(&a.text, &subcommand.text)),
                _ => None,
            };
            let Some(module) = unpinned else { continue };
            out.report(
                &meta::UNPINNED_GO_MODULE,
                module.span,
                format!("{} can be another version with each build", cx.plain(&module.text)),
            )
            .note("the image changes without a change of the file, on the day when the cache does not have this step")
            .help("name the version that you tested with, as in `example.com/tool@v1.2.3`");
        }
    }
}

/// Whether `word` names the newest version of a module. `go install` and `go run` without a version take
/// that of go.mod; only `go get` looks for a new one.
fn is_open(word: &str, subcommand: &str) -> bool {
    match word.split_once('@') {
        Some((_, version)) => matches!(version, "latest" | "upgrade" | "patch" | "master" | "main" | "HEAD"),
        None => {
            let remote = word.split('/').next().is_some_and(|host| host.contains('.') && !host.starts_with('.'));
            subcommand == "get" && remote && word.contains('/') && !is_unknown(word)
        }
    }
}
