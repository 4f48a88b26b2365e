//! DL3035: another release of the distribution by way of an upgrade.

use super::{Context, Findings, meta};

pub(super) fn check(cx: &Context<'_, '_>, out: &mut Findings) {
    for run in cx.runs().iter().filter(|run| run.mentions("zypper")) {
        for call in run.calls().iter().filter(|c| c.name == "zypper") {
            let subcommand = call.subcommand(&["-R", "--root", "-c", "--config"]);
            if subcommand.is_some_and(|s| matches!(s, "dup" | "dist-upgrade")) {
                out.report(&meta::DISTRIBUTION_UPGRADE, call.span, "this makes another release of what FROM names")
                    .note("what the base image has stays below it in the image, and the tag says the wrong release")
                    .help("start from the release that you want, and use `zypper patch` or `zypper update` for fixes");
            }
        }
    }
}
