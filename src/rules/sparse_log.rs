//! DL3046: `useradd` with a high number, which makes log files of that size.

use super::{Context, Findings, meta};
use crate::diagnostic::{Applicability, Fix};

/// From this number on, the files are counted in tens of megabytes.
const HIGH: u64 = 100_000;

pub(super) fn check(cx: &Context<'_, '_>, out: &mut Findings) {
    for run in cx.runs().iter().filter(|run| run.mentions("useradd")) {
        for call in run.calls().iter().filter(|c| c.name == "useradd" && !c.has(&["-l", "--no-log-init"])) {
            let bundled = call.arguments.iter().position(|a| {
                let text = a.text.as_ref();
                text == "--uid"
                    || (text.len() > 1 && !text.starts_with("--") && text.starts_with('-') && text.ends_with('u'))
            });
            let next = bundled.and_then(|at| call.arguments.get(at + 1)).map(|a| a.text.as_ref());
            let Some(number) = next.or(call.joined_value(&["--uid"])).and_then(|n| n.parse::<u64>().ok()) else {
                continue;
            };
            if number < HIGH {
                continue;
            }
            let edit = call.insert(call.name_span.end, "--no-log-init");
            out.report(
                &meta::SPARSE_LOG,
                call.span,
                format!("the user number {number} makes useradd write log files of that many entries"),
            )
            .note("they are sparse on a disk, but not in a layer: the image can grow by gigabytes")
            .help("add `--no-log-init`")
            .fix(Fix::new("write no log entry", Applicability::Unsafe, vec![edit]));
        }
    }
}
