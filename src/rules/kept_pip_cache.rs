//! DL3042: `pip install` that keeps what it downloaded.

use super::mounted::is_mounted;
use super::pip::{WITH_VALUE, as_pip, variable};
use super::runs::ShellRun;
use super::{Context, Findings, meta};
use crate::diagnostic::{Applicability, Edit, Fix};

pub(super) fn check(cx: &Context<'_, '_>, out: &mut Findings) {
    for run in cx.runs().iter().filter(|run| run.mentions("pip") && cx.model.is_kept(run.stage)) {
        for call in run.calls().iter().filter_map(as_pip) {
            let Some(install) = call.operands(WITH_VALUE).next().filter(|a| a.text == "install") else { continue };
            if call.has(&["--no-cache-dir", "--no-cache", "--no-index"]) || is_kept_elsewhere(cx, run) {
                continue;
            }
            let edit = Edit::insert(install.span.end, " --no-cache-dir");
            out.report(
                &meta::KEPT_PIP_CACHE,
                call.name_span.to(install.span),
                "what pip downloads for this stays in the image",
            )
            .note("nothing reads it once the packages are installed")
            .help("add `--no-cache-dir`, or mount a cache at /root/.cache/pip")
            .fix(Fix::new("keep no downloads", Applicability::Unsafe, vec![edit]));
        }
    }
}

/// Whether the cache is off, mounted, or removed in the same RUN.
fn is_kept_elsewhere(cx: &Context<'_, '_>, run: &ShellRun<'_, '_>) -> bool {
    let off = |value: &str| !matches!(value.to_ascii_lowercase().as_str(), "" | "0" | "off" | "no" | "false");
    run.mentions("PIP_NO_CACHE_DIR")
        || cx.file.text.contains("global.no-cache-dir")
        || variable(cx, run, "PIP_NO_CACHE_DIR").is_some_and(off)
        || is_mounted(run.instruction, |target| {
            target.contains("pip") || target.ends_with("/.cache") || target == "/root"
        })
        || run.calls().iter().any(|c| {
            let removes = c.name == "rm" && c.arguments.iter().any(|a| a.text.contains(".cache"));
            removes || as_pip(c).is_some_and(|c| c.subcommand(WITH_VALUE) == Some("cache"))
        })
}
