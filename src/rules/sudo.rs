//! DL3004: `sudo` in a build.

use super::{Context, Findings, meta};

pub(super) fn check(cx: &Context<'_, '_>, out: &mut Findings) {
    for run in cx.runs().iter().filter(|run| run.mentions("sudo")) {
        for call in run.calls().iter().filter(|c| c.name == "sudo" || c.via.as_deref() == Some("sudo")) {
            out.report(&meta::SUDO, call.span, "sudo is used in a build, where USER says who runs a command")
                .note("it needs a terminal or a special rule in some images, and signals don't reach what it starts")
                .help("put `USER root` above the RUN, and the other user back below it");
        }
    }
}
