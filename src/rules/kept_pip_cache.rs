//! DL3042: `pip install` that keeps what it downloaded.

use super::calls::Call;
use super::mounted::is_mounted;
use super::pip::{WITH_VALUE, as_pip, variable};
use super::runs::ShellRun;
use super::{Context, Findings, meta};
use crate::diagnostic::{Applicability, Edit, Fix};
use crate::source::Span;
use crate::syntax::Keyword;
use std::cell::LazyCell;

pub(super) fn check(cx: &Context<'_, '_>, out: &mut Findings) {
    let configured = LazyCell::new(|| cx.file.text.contains("global.no-cache-dir"));
    let first_user = LazyCell::new(|| cx.file.instructions.iter().position(|i| i.keyword == Keyword::User));
    for run in cx.runs().iter().filter(|run| run.mentions("pip") && cx.model.is_kept(run.stage)) {
        // The folder is one for all of them, and so is the layer.
        let installs: Vec<(Span, Edit)> = run.calls().iter().filter_map(as_pip).filter_map(|c| keeping(&c)).collect();
        let Some(&(first, _)) = installs.first() else { continue };
        if *configured || is_kept_elsewhere(cx, run) {
            continue;
        }
        let to_each = match installs.len() {
            1 => String::new(),
            n => format!(" to each of the {n} installs of this RUN"),
        };
        let folder = match first_user.is_some_and(|at| at < run.at) {
            true => "the folder that `pip cache dir` names",
            false => "/root/.cache/pip",
        };
        let edits = installs.into_iter().map(|(_, edit)| edit).collect();
        out.report(&meta::KEPT_PIP_CACHE, first, "what pip downloads for this stays in the image")
            .note("nothing reads it once the packages are installed")
            .help(format!("add `--no-cache-dir`{to_each}, or mount a cache at {folder}"))
            .fix(Fix::new("keep no downloads", Applicability::Unsafe, edits));
    }
}

/// Where a call of pip says that it installs, and the flag that lets it keep nothing.
fn keeping(call: &Call<'_>) -> Option<(Span, Edit)> {
    let install = call.operands(WITH_VALUE).next().filter(|a| a.text == "install")?;
    let keeps = !call.has(&["--no-cache-dir", "--no-cache", "--no-index"]);
    keeps.then(|| (call.name_span.to(install.span), call.insert(install.span.end, "--no-cache-dir")))
}

/// Whether the cache is off, mounted, or removed in the same RUN.
fn is_kept_elsewhere(cx: &Context<'_, '_>, run: &ShellRun<'_, '_>) -> bool {
    run.mentions("PIP_NO_CACHE_DIR")
        // pip goes by the name being there: `off` and `0` switch the cache off like `1`.
        || variable(cx, run, "PIP_NO_CACHE_DIR").is_some_and(|value| !value.is_empty())
        || is_mounted(run.instruction, |target| {
            target.contains("pip") || target.ends_with("/.cache") || target == "/root"
        })
        || run.calls().iter().any(|c| {
            let removes = c.name == "rm" && c.arguments.iter().any(|a| a.text.contains(".cache"));
            removes || as_pip(c).is_some_and(|c| c.subcommand(WITH_VALUE) == Some("cache"))
        })
}
