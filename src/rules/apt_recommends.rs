//! DL3015: packages that APT only recommends.

use super::{Context, Findings, meta};
use crate::diagnostic::{Applicability, Fix};
use std::cell::LazyCell;

/// The setting that leaves them out, on a command line or in a file that the image has.
const SETTING: &str = "install-recommends";

pub(super) fn check(cx: &Context<'_, '_>, out: &mut Findings) {
    let set_at = LazyCell::new(|| set_at(cx.file.text));
    for run in cx.runs().iter().filter(|run| run.mentions("apt")) {
        for call in run.calls().iter().filter(|c| matches!(c.name.as_ref(), "apt-get" | "apt")) {
            let mut operands =
                call.operands(&["-o", "-t", "-c", "-a", "--option", "--target-release", "--default-release"]);
            let Some(install) = operands.next().filter(|a| a.text == "install") else { continue };
            let flagged = call.has(&["--no-install-recommends", "--install-recommends"]);
            if flagged || set_at.is_some_and(|at| at <= call.span.end as usize) {
                continue;
            }
            let edit = call.insert(install.span.end, "--no-install-recommends");
            out.report(
                &meta::APT_RECOMMENDS,
                call.name_span.to(install.span),
                "packages that are only recommended get installed too",
            )
            .note("they make the image bigger and bring more that has to be updated")
            .help("add `--no-install-recommends`, and name those of them that you need")
            .fix(Fix::new("leave out recommended packages", Applicability::Unsafe, vec![edit]));
        }
    }
}

/// Where what first sets APT up to leave recommended packages out ends in `text`.
fn set_at(text: &str) -> Option<usize> {
    let mut rest = text;
    while let Some(at) = rest.find("nstall-") {
        let setting = at.checked_sub(1).and_then(|start| rest.get(start..start + SETTING.len()));
        rest = &rest[at + "nstall-".len()..];
        if setting.is_some_and(|s| s.eq_ignore_ascii_case(SETTING)) {
            let value = rest["recommends".len()..].trim_start_matches(['"', '\'', '\\', '=', ' ', '\t']);
            if let Some(no) = ["0", "false", "no", "off"].iter().find(|no| value.starts_with(**no)) {
                return Some(text.len() - value.len() + no.len());
            }
        }
    }
    None
}
