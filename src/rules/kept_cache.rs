//! DL3032, DL3036, DL3040 and DL3060: downloads that a package manager leaves in the image.

use super::appended::append;
use super::calls::Call;
use super::kept_lists::with_sudo;
use super::mounted::{is_mounted, within};
use super::{Context, Findings, RuleMeta, meta};
use crate::diagnostic::{Applicability, Fix};

/// A package manager, and what it leaves.
struct Manager {
    rule: &'static RuleMeta,
    programs: &'static [&'static str],
    /// What fetches, as words behind the name.
    fetches: &'static [&'static [&'static str]],
    /// Programs and their words that clean up.
    cleans: &'static [(&'static str, &'static [&'static str])],
    /// Folders with what is left.
    folders: &'static [&'static str],
    /// What to run; the name of the program is put in front.
    remedy: &'static str,
    with_value: &'static [&'static str],
    /// A flag that only the version has for which the remedy is known to be harmless.
    known: Option<&'static [&'static str]>,
}

const RPM: Manager = Manager {
    rule: &meta::KEPT_YUM_CACHE,
    programs: &["yum"],
    fetches: &[&["install"], &["groupinstall"], &["group", "install"], &["module", "install"]],
    cleans: &[
        ("yum", &["clean"]),
        ("dnf", &["clean"]),
        ("microdnf", &["clean"]),
        ("dnf5", &["clean"]),
        ("tdnf", &["clean"]),
    ],
    folders: &["/var/cache/yum", "/var/cache/dnf", "/var/cache/libdnf5", "/var/cache/tdnf"],
    remedy: "clean all",
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
    known: None,
};

const DNF: Manager = Manager {
    rule: &meta::KEPT_DNF_CACHE,
    programs: &["dnf", "microdnf", "dnf5", "tdnf"],
    fetches: &[&["install"], &["reinstall"], &["upgrade"], &["group", "install"], &["module", "install"]],
    ..RPM
};

const ZYPPER: Manager = Manager {
    rule: &meta::KEPT_ZYPPER_CACHE,
    programs: &["zypper"],
    fetches: &[&["install"], &["in"]],
    cleans: &[("zypper", &["clean"]), ("zypper", &["cc"])],
    folders: &["/var/cache/zypp"],
    remedy: "clean --all",
    with_value: &["-t", "--type", "-r", "--repo", "--from", "-R", "--root", "-c", "--config"],
    known: None,
};

const YARN: Manager = Manager {
    rule: &meta::KEPT_YARN_CACHE,
    programs: &["yarn"],
    fetches: &[&["install"]],
    cleans: &[("yarn", &["cache", "clean"]), ("yarn", &["cache", "dir"])],
    folders: &["/usr/local/share/.cache", "/root/.cache", "~/.cache", "$HOME/.cache"],
    remedy: "cache clean",
    with_value: &["--cwd", "--cache-folder", "--modules-folder", "--network-timeout", "--registry"],
    // From version 2 on, the program may run out of its cache.
    known: Some(&["--frozen-lockfile", "--production", "--prod", "--pure-lockfile", "--non-interactive"]),
};

pub(super) fn yum(cx: &Context<'_, '_>, out: &mut Findings) {
    check(&RPM, cx, out);
}

pub(super) fn dnf(cx: &Context<'_, '_>, out: &mut Findings) {
    check(&DNF, cx, out);
}

pub(super) fn zypper(cx: &Context<'_, '_>, out: &mut Findings) {
    check(&ZYPPER, cx, out);
}

pub(super) fn yarn(cx: &Context<'_, '_>, out: &mut Findings) {
    check(&YARN, cx, out);
}

fn check(manager: &'static Manager, cx: &Context<'_, '_>, out: &mut Findings) {
    for run in cx.runs().iter().filter(|run| run.mentions(manager.programs[0]) && cx.model.is_kept(run.stage)) {
        let calls = run.calls();
        let Some(last) = calls.iter().rposition(|c| manager.fetches(c)) else { continue };
        let cleaned = calls[last + 1..].iter().any(|c| manager.cleans(c));
        if cleaned || is_mounted(run.instruction, |target| manager.is_place(target)) {
            continue;
        }
        let call = &calls[last];
        let remedy = format!("{} {}", call.name, manager.remedy);
        let message = format!("what {} downloads for this stays in the image", call.name);
        let finding = out
            .report(manager.rule, call.span, message)
            .note("nothing needs it once the packages are installed")
            .help(format!("end this RUN with `{remedy}`, or mount a cache there"));
        if manager.known.is_none_or(|flags| call.has(flags))
            && let Some(edit) = append(cx, run, &with_sudo(call, &remedy))
        {
            finding.fix(Fix::new("remove what was downloaded", Applicability::Unsafe, vec![edit]));
        }
    }
}

impl Manager {
    fn fetches(&self, call: &Call<'_>) -> bool {
        self.programs.contains(&call.name.as_ref())
            && self.fetches.iter().any(|words| starts_with(call, words, self.with_value))
    }

    fn cleans(&self, call: &Call<'_>) -> bool {
        let named =
            |(program, words): &(&str, &[&str])| call.name == *program && starts_with(call, words, self.with_value);
        self.cleans.iter().any(named) || (call.name == "rm" && call.arguments.iter().any(|a| self.is_removed(&a.text)))
    }

    /// Whether `rm` of a path takes what is left with it.
    fn is_removed(&self, path: &str) -> bool {
        let folder = path.split(['*', '{']).next().unwrap_or(path).trim_end_matches('/');
        let all = folder.len() > 1 && self.folders.iter().any(|f| within(f, folder));
        all || self.folders.iter().any(|f| within(folder, f))
    }

    fn is_place(&self, target: &str) -> bool {
        let yarn = self.programs[0] == "yarn" && (target.contains("yarn") || target.ends_with("/.cache"));
        yarn || self.folders.iter().any(|f| within(f, target))
    }
}

/// Whether the first operands of `call` are `words`.
fn starts_with(call: &Call<'_>, words: &[&str], with_value: &[&str]) -> bool {
    let mut operands = call.operands(with_value);
    words.iter().all(|word| operands.next().is_some_and(|o| o.text == *word))
}
