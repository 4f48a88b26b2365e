//! DL4005: another shell under the name of /bin/sh.

use super::{Context, Findings, meta};

pub(super) fn check(cx: &Context<'_, '_>, out: &mut Findings) {
    for run in cx.runs().iter().filter(|run| run.mentions("/bin/sh")) {
        for call in run.calls().iter().filter(|c| c.name == "ln") {
            let target = call.operands(&["-t", "--target-directory", "-S", "--suffix"]).last();
            if target.is_some_and(|a| matches!(a.text.as_ref(), "/bin/sh" | "/usr/bin/sh")) {
                out.report(
                    &meta::REPLACED_SHELL,
                    call.span,
                    "this gives /bin/sh to another shell for every program in the image",
                )
                .note("scripts of packages are written for the shell that was there, and an update may put it back")
                .help("say `SHELL [\"/bin/bash\", \"-c\"]` for the RUNs that need another shell");
            }
        }
    }
}
