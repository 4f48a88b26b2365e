//! DL3001: programs for a machine that runs, which a build is not.

use super::{Context, Findings, meta};

const PROGRAMS: [&str; 9] = ["ssh", "vim", "shutdown", "service", "ps", "free", "top", "kill", "mount"];

pub(super) fn check(cx: &Context<'_, '_>, out: &mut Findings) {
    for run in cx.runs().iter().filter(|run| PROGRAMS.iter().any(|p| run.mentions(p))) {
        for call in run.calls().iter().filter(|c| PROGRAMS.contains(&c.name.as_ref())) {
            let message = format!("`{}` is for a machine that runs, and leaves nothing in the image", call.name);
            out.report(&meta::USELESS_COMMAND, call.span, message)
                .note("processes end with the RUN, and the next one starts without them")
                .help("do it where the container starts, in its command, or leave it out");
        }
    }
}
