//! DL3047: `wget` that fills the build log with dots.

use super::calls::Call;
use super::runs::ShellRun;
use super::{Context, Findings, meta};
use crate::diagnostic::{Applicability, Fix};
use std::cell::LazyCell;
use std::collections::HashMap;

pub(super) fn check(cx: &Context<'_, '_>, out: &mut Findings) {
    let configured = LazyCell::new(|| cx.file.text.contains("wgetrc"));
    let gnu = LazyCell::new(|| gnu(cx));
    for run in cx.runs().iter().filter(|run| run.mentions("wget")) {
        for call in run.calls().iter().filter(|c| c.name == "wget" && is_loud(c)) {
            if *configured {
                return;
            }
            let finding = out
                .report(&meta::DOWNLOAD_PROGRESS, call.name_span, "wget writes its progress to the build log, a line for every 50 kilobytes")
                .note("what matters in the log is hard to find between them")
                .help("add `--progress=dot:giga`, or `-nv` for a line each file; on Alpine `-q`, as BusyBox knows no other");
            if gnu.get(&run.stage).is_some_and(|&at| at <= run.at) {
                let edit = call.insert(call.name_span.end, "--progress=dot:giga");
                finding.fix(Fix::new("write less progress", Applicability::Unsafe, vec![edit]));
            }
        }
    }
}

/// Whether `call` downloads something and shows how far it is.
fn is_loud(call: &Call<'_>) -> bool {
    let long = [
        "--quiet",
        "--no-verbose",
        "--progress",
        "--output-file",
        "--append-output",
        "--version",
        "--help",
        "--spider",
    ];
    let short =
        call.flags().any(|f| !f.starts_with("--") && (f.starts_with("-nv") || f.starts_with(['-']) && quiet(f)));
    !short && !call.has(&long) && !call.arguments.is_empty()
}

/// Whether `-q`, or `-o` or `-a` with a log file, is among some letters.
fn quiet(letters: &str) -> bool {
    // What follows these is their value.
    let end = letters.find(['O', 'P', 'e', 'i', 'U', 't', 'T', 'w', 'Q', 'B', 'l', 'A', 'R', 'D', 'I', 'X']);
    letters[..end.unwrap_or(letters.len())].contains(['q', 'o', 'a', 'V', 'h'])
}

/// The first line of each stage that installs the `wget` of GNU: BusyBox refuses the flag.
fn gnu(cx: &Context<'_, '_>) -> HashMap<usize, usize> {
    let installs = |run: &&ShellRun<'_, '_>| {
        run.mentions("wget")
            && run.calls().iter().any(|c| {
                let manager =
                    matches!(c.name.as_ref(), "apt-get" | "apt" | "apk" | "yum" | "dnf" | "microdnf" | "zypper");
                manager && c.arguments.iter().any(|a| a.text == "wget")
            })
    };
    let mut first = HashMap::new();
    for run in cx.runs().iter().filter(installs) {
        first.entry(run.stage).or_insert(run.at);
    }
    first
}
