//! DL3009: package lists of APT that stay in the image.

use super::appended::append;
use super::calls::Call;
use super::mounted::{is_mounted, within};
use super::runs::ShellRun;
use super::{Context, Findings, meta};
use crate::diagnostic::{Applicability, Fix};
use std::cell::OnceCell;

const LISTS: &str = "/var/lib/apt/lists";
const WITH_VALUE: &[&str] = &["-o", "-t", "-c", "-a", "--option", "--target-release", "--default-release"];

pub(super) fn check(cx: &Context<'_, '_>, out: &mut Findings) {
    let last = OnceCell::new();
    for run in cx.runs().iter().filter(|run| run.mentions("update") && cx.model.is_kept(run.stage)) {
        let Some(update) = run.calls().iter().find(|c| does(c, &["update"])) else { continue };
        let removed = run.calls().iter().any(|c| removes(c, run));
        if removed || is_mounted(run.instruction, |target| within(LISTS, target)) {
            continue;
        }
        let installs = run.calls().iter().any(|c| does(c, INSTALLS));
        let is_needed_below = last.get_or_init(|| last_that_needs(cx)).is_some_and(|at| at > run.at);
        let help = match (installs, is_needed_below) {
            (false, _) => {
                "fetch them in the RUN that installs, and end that one with `rm -rf /var/lib/apt/lists/*`: a later RUN \
                 can't make the layer smaller"
            }
            (true, true) => {
                "end this RUN with `rm -rf /var/lib/apt/lists/*`, and begin those below that install with \
                 `apt-get update`: without the lists they find no package"
            }
            (true, false) => {
                "end this RUN with `rm -rf /var/lib/apt/lists/*`: a later RUN can't make the layer smaller"
            }
        };
        let finding = out
            .report(&meta::KEPT_LISTS, update.span, "the package lists that this fetches stay in the image")
            .note("they are tens of megabytes that nothing uses when a container runs, and old when something does")
            .help(help);
        if installs
            && !is_needed_below
            && let Some(edit) = append(cx, run, &with_sudo(update, "rm -rf /var/lib/apt/lists/*"))
        {
            finding.fix(Fix::new("remove the package lists", Applicability::Unsafe, vec![edit]));
        }
    }
}

/// `command`, run by sudo if `call` is.
pub(super) fn with_sudo(call: &Call<'_>, command: &str) -> String {
    match call.via.as_deref() {
        Some("sudo") => format!("sudo {command}"),
        _ => command.to_owned(),
    }
}

fn does(call: &Call<'_>, subcommands: &[&str]) -> bool {
    matches!(call.name.as_ref(), "apt-get" | "apt")
        && call.subcommand(WITH_VALUE).is_some_and(|s| subcommands.contains(&s))
}

fn removes(call: &Call<'_>, run: &ShellRun<'_, '_>) -> bool {
    let there = |path: &str| {
        let folder = path.split(['*', '{']).next().unwrap_or(path).trim_end_matches('/');
        path.starts_with("/var/lib/apt") || (folder.len() < path.len() && within(LISTS, folder) && folder.len() > 1)
    };
    let inside = || run.calls().iter().any(|c| c.name == "cd" && c.arguments.iter().any(|a| there(&a.text)));
    match call.name.as_ref() {
        "rm" | "find" => call.arguments.iter().any(|a| there(&a.text)) || inside(),
        _ => does(call, &["distclean", "dist-clean"]),
    }
}

const INSTALLS: &[&str] = &["install", "upgrade", "dist-upgrade", "full-upgrade", "build-dep", "source"];

/// Where the last RUN stands that installs without an update, or of which nobody knows what it does.
fn last_that_needs(cx: &Context<'_, '_>) -> Option<usize> {
    let needs = |run: &&ShellRun<'_, '_>| {
        let first = run.calls().iter().find(|c| does(c, INSTALLS) || does(c, &["update"]));
        first.is_some_and(|c| !does(c, &["update"])) || run.scripts().is_empty()
    };
    cx.runs().iter().rev().find(needs).map(|run| run.at)
}
