//! DL3014, DL3030, DL3034 and DL3038: a package manager that waits for an answer.

use super::{Context, Findings, RuleMeta, meta};
use crate::diagnostic::{Applicability, Fix};
use std::cell::LazyCell;

/// A package manager, and how it is told not to ask.
struct Manager {
    rule: &'static RuleMeta,
    programs: &'static [&'static str],
    subcommands: &'static [&'static str],
    with_value: &'static [&'static str],
    /// Flags that answer.
    answers: &'static [&'static str],
    /// A setting that answers, if the file has it anywhere.
    setting: &'static str,
}

const APT: Manager = Manager {
    rule: &meta::UNANSWERED_APT,
    programs: &["apt-get", "apt"],
    subcommands: &["install"],
    with_value: &["-o", "-t", "-c", "-a", "--option", "--target-release", "--default-release"],
    answers: &["-y", "--yes", "--assume-yes", "-qq", "-q=2", "-s", "--simulate", "--dry-run", "--print-uris"],
    setting: "get::assume-yes",
};

const RPM: Manager = Manager {
    rule: &meta::UNANSWERED_YUM,
    programs: &["yum"],
    subcommands: &["install", "groupinstall", "localinstall"],
    with_value: &[
        "--enablerepo",
        "--disablerepo",
        "--setopt",
        "--installroot",
        "--exclude",
        "--releasever",
        "-c",
        "-x",
    ],
    answers: &["-y", "--assumeyes", "--downloadonly", "--assumeno"],
    setting: "assumeyes=",
};

const DNF: Manager = Manager { rule: &meta::UNANSWERED_DNF, programs: &["dnf", "microdnf", "dnf5", "tdnf"], ..RPM };

const ZYPPER: Manager = Manager {
    rule: &meta::UNANSWERED_ZYPPER,
    programs: &["zypper"],
    subcommands: &["install", "in", "remove", "rm", "source-install", "si", "patch"],
    with_value: &["-t", "--type", "-r", "--repo", "--from", "-R", "--root", "-c", "--config"],
    answers: &["-y", "-n", "--non-interactive", "--no-confirm", "--dry-run", "-D"],
    setting: "",
};

pub(super) fn apt(cx: &Context<'_, '_>, out: &mut Findings) {
    check(&APT, cx, out);
}

pub(super) fn yum(cx: &Context<'_, '_>, out: &mut Findings) {
    check(&RPM, cx, out);
}

pub(super) fn dnf(cx: &Context<'_, '_>, out: &mut Findings) {
    check(&DNF, cx, out);
}

pub(super) fn zypper(cx: &Context<'_, '_>, out: &mut Findings) {
    check(&ZYPPER, cx, out);
}

fn check(manager: &'static Manager, cx: &Context<'_, '_>, out: &mut Findings) {
    // The text of the file is looked through once, whatever the number of commands.
    let is_set = LazyCell::new(|| is_set(cx.file.text, manager.setting));
    let hint = if manager.programs[0] == "apt-get" { "apt" } else { manager.programs[0] };
    for run in cx.runs().iter().filter(|run| run.mentions(hint)) {
        for call in run.calls().iter().filter(|c| manager.programs.contains(&c.name.as_ref())) {
            let mut operands = call.operands(manager.with_value);
            let mut subcommand = operands.next();
            if subcommand.is_some_and(|s| matches!(s.text.as_ref(), "group" | "module")) {
                subcommand = operands.next();
            }
            let Some(subcommand) = subcommand.filter(|s| manager.subcommands.contains(&s.text.as_ref())) else {
                continue;
            };
            let quiet = call.flags().filter(|f| matches!(*f, "-q" | "--quiet")).count() > 1;
            // `yes | apt-get install`
            let fed = call.context.piped && run.calls().iter().any(|c| c.name == "yes");
            if call.has(manager.answers) || quiet || fed || *is_set {
                continue;
            }
            let name = &call.name;
            let edit = call.insert(subcommand.span.end, "-y");
            out.report(
                manager.rule,
                call.name_span.to(subcommand.span),
                format!("{name} asks before it goes on, and nobody is there to answer"),
            )
            .note("the build ends here as soon as there is something to confirm")
            .help("add `-y`")
            .fix(Fix::new("answer yes", Applicability::Unsafe, vec![edit]));
        }
    }
}

/// Whether `setting` stands somewhere in the file, in whatever case.
fn is_set(text: &str, setting: &str) -> bool {
    !setting.is_empty() && text.as_bytes().windows(setting.len()).any(|w| w.eq_ignore_ascii_case(setting.as_bytes()))
}
