//! DL3027: `apt`, whose command line may change.

use super::{Context, Findings, meta};
use crate::diagnostic::{Applicability, Fix};

/// What `apt` and `apt-get` both do, in the same way.
const SHARED: [&str; 10] =
    ["update", "install", "reinstall", "remove", "purge", "upgrade", "autoremove", "autoclean", "clean", "source"];

pub(super) fn check(cx: &Context<'_, '_>, out: &mut Findings) {
    for run in cx.runs().iter().filter(|run| run.mentions("apt")) {
        for call in run.calls().iter().filter(|c| c.name == "apt") {
            let message = "apt is made for people at a terminal, and its command line may change";
            let finding =
                out.report(&meta::UNSTABLE_APT, call.name_span, message).help("call `apt-get` or `apt-cache`");
            // `/usr/bin/apt` ends in the name, too.
            if call.subcommand(&["-o", "-t", "-c"]).is_some_and(|s| SHARED.contains(&s)) {
                let edit = call.lengthen("-get");
                finding.fix(Fix::new("call apt-get", Applicability::Unsafe, vec![edit]));
            }
        }
    }
}
