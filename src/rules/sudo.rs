//! DL3004: `sudo` in a build.

use super::{Context, Findings, meta};
use crate::syntax::Keyword;

pub(super) fn check(cx: &Context<'_, '_>, out: &mut Findings) {
    // Before the first USER, whoever the base image says runs the commands: root, as a rule.
    let first_user = cx.file.instructions.iter().position(|i| i.keyword == Keyword::User);
    for run in cx.runs().iter().filter(|run| run.mentions("sudo")) {
        for call in run.calls().iter().filter(|c| c.name == "sudo" || c.via.as_deref() == Some("sudo")) {
            out.report(&meta::SUDO, call.span, "sudo is used in a build, where USER says who runs a command")
                .note("it needs a terminal or a special rule in some images, and signals don't reach what it starts")
                .help(match first_user.is_some_and(|at| at < run.at) {
                    true => "put `USER root` above the RUN, and the other user back below it",
                    false => {
                        "leave `sudo` out, as root runs this; if the base image has another user, put `USER root` above"
                    }
                });
        }
    }
}
