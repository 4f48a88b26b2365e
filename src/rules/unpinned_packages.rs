//! DL3008, DL3018, DL3028, DL3033, DL3037 and DL3041: packages without a version.

use super::calls::{Argument, Call};
use super::script_variables;
use super::{Context, Findings, RuleMeta, meta};
use crate::diagnostic::{Applicability, Edit, Fix};
use crate::source::Span;
use std::borrow::Cow;
use std::cell::OnceCell;

/// A package manager, and how it is told a version.
struct Manager {
    rule: &'static RuleMeta,
    programs: &'static [&'static str],
    subcommands: &'static [&'static str],
    /// Flags whose value is the next word.
    with_value: &'static [&'static str],
    /// Flags that give the version of all packages.
    pins: &'static [&'static str],
    /// Whether a word names a version, or something that has no version.
    is_pinned: fn(&str) -> bool,
    /// What follows the name of a package.
    version: &'static str,
}

const RPM: &[&str] = &[
    "--enablerepo",
    "--disablerepo",
    "--setopt",
    "--installroot",
    "--exclude",
    "--repo",
    "--repoid",
    "--releasever",
    "--forcearch",
    "--comment",
    "--config",
    "-c",
    "-x",
    "-d",
    "-e",
    "-R",
];

const APT: Manager = Manager {
    rule: &meta::UNPINNED_APT_PACKAGE,
    programs: &["apt-get", "apt", "aptitude"],
    subcommands: &["install"],
    with_value: &["-o", "-t", "-c", "-a", "--option", "--target-release", "--default-release", "--config-file"],
    pins: &[],
    // `name/bookworm` names a release, and `name-` removes a package.
    is_pinned: |word| word.contains(['=', '/']) || word.ends_with(".deb") || word.ends_with('-'),
    version: "=VERSION",
};

const APK: Manager = Manager {
    rule: &meta::UNPINNED_APK_PACKAGE,
    programs: &["apk"],
    subcommands: &["add"],
    with_value: &[
        "-t",
        "--virtual",
        "-X",
        "--repository",
        "-p",
        "--root",
        "--arch",
        "--keys-dir",
        "--cache-dir",
        "--repositories-file",
        "--wait",
        "--cache-max-age",
        "--progress-fd",
    ],
    pins: &[],
    is_pinned: |word| word.contains(['=', '<', '>', '~', '/']) || word.ends_with(".apk") || word.starts_with('!'),
    version: "=VERSION",
};

const YUM: Manager = Manager {
    rule: &meta::UNPINNED_YUM_PACKAGE,
    programs: &["yum"],
    subcommands: &["install"],
    with_value: RPM,
    pins: &[],
    is_pinned: is_pinned_rpm,
    version: "-VERSION",
};

const DNF: Manager =
    Manager { rule: &meta::UNPINNED_DNF_PACKAGE, programs: &["dnf", "microdnf", "dnf5", "tdnf"], ..YUM };

const ZYPPER: Manager = Manager {
    rule: &meta::UNPINNED_ZYPPER_PACKAGE,
    programs: &["zypper"],
    subcommands: &["install", "in"],
    with_value: &["-t", "--type", "-r", "--repo", "--from", "-R", "--root", "-c", "--config", "--name"],
    pins: &[],
    is_pinned: |word| {
        word.contains(['=', '<', '>', '/', ':']) || word.ends_with(".rpm") || word.starts_with(['-', '!'])
    },
    version: "=VERSION",
};

const GEM: Manager = Manager {
    rule: &meta::UNPINNED_GEM,
    programs: &["gem"],
    subcommands: &["install", "i"],
    with_value: &[
        "-v",
        "--version",
        "-s",
        "--source",
        "-i",
        "--install-dir",
        "-n",
        "--bindir",
        "-P",
        "--trust-policy",
        "-g",
        "--file",
        "--platform",
        "-p",
        "--http-proxy",
        "-B",
        "--bulk-threshold",
        "--config-file",
        "-t",
    ],
    pins: &["-v", "--version", "-g", "--file"],
    is_pinned: |word| word.contains([':', '/']) || word.ends_with(".gem"),
    version: ":VERSION",
};

pub(super) fn apt(cx: &Context<'_, '_>, out: &mut Findings) {
    check(&APT, cx, out);
}

pub(super) fn apk(cx: &Context<'_, '_>, out: &mut Findings) {
    check(&APK, cx, out);
}

pub(super) fn yum(cx: &Context<'_, '_>, out: &mut Findings) {
    check(&YUM, cx, out);
}

pub(super) fn dnf(cx: &Context<'_, '_>, out: &mut Findings) {
    check(&DNF, cx, out);
}

pub(super) fn zypper(cx: &Context<'_, '_>, out: &mut Findings) {
    check(&ZYPPER, cx, out);
}

pub(super) fn gem(cx: &Context<'_, '_>, out: &mut Findings) {
    check(&GEM, cx, out);
}

fn check(manager: &'static Manager, cx: &Context<'_, '_>, out: &mut Findings) {
    // The other programs of each have the name of the first in theirs, but for those of APT.
    let hint = if manager.programs[0] == "apt-get" { "apt" } else { manager.programs[0] };
    for run in cx.runs().iter().filter(|run| run.mentions(hint)) {
        let variables = OnceCell::new();
        let value = |name: &str| {
            let known: &Vec<(String, String)> = variables.get_or_init(|| script_variables::known(run.scripts()));
            known.iter().find(|(other, _)| other == name).map(|(_, value)| value.clone())
        };
        for call in run.calls().iter().filter(|c| manager.programs.contains(&c.name.as_ref())) {
            let unpinned = manager.unpinned(cx, call, &value);
            if !unpinned.is_empty() {
                report_all(cx, out, manager.rule, &unpinned, manager.version);
            }
        }
    }
}

impl Manager {
    /// The packages that `call` installs in whatever version there is; `value` knows variables of the script.
    fn unpinned<'t>(
        &self,
        cx: &Context<'t, '_>,
        call: &Call<'_>,
        value: &dyn Fn(&str) -> Option<String>,
    ) -> Vec<Package<'t>> {
        let mut operands = call.operands(self.with_value);
        let mut subcommand = operands.next();
        let module = subcommand.is_some_and(|s| s.text == "module");
        if module {
            subcommand = operands.next();
        }
        let installs = subcommand.is_some_and(|s| self.subcommands.contains(&s.text.as_ref()));
        if !installs || call.has(self.pins) {
            return Vec::new();
        }
        // What stands behind the `--` of gem goes to the extension's build.
        let end = call.arguments.iter().position(|a| self.programs[0] == "gem" && a.text == "--");
        let end = end.map(|at| call.arguments[at].span.start);
        // A module has streams.
        let fixed = |word: &str| is_unknown(word) || (self.is_pinned)(word) || (module && word.contains(':'));
        let mut packages = Vec::new();
        for operand in operands.filter(|a| end.is_none_or(|end| a.span.start < end)) {
            if let Some(held) = operand.text.strip_prefix('$').and_then(value) {
                let words = held.split_whitespace().filter(|word| !word.starts_with('-') && !fixed(word));
                packages.extend(words.map(|word| Package::held(operand.span, word)));
            } else if !fixed(&operand.text) {
                packages.push(Package::written(cx, operand));
            }
        }
        packages
    }
}

/// Whether all of a word comes from a variable or a command, so that only the build knows what it names.
pub(super) fn is_unknown(word: &str) -> bool {
    let name = word.strip_prefix('$').map(|rest| rest.strip_prefix("()").unwrap_or(rest));
    name.is_some_and(|name| name.chars().all(|c| c.is_ascii_alphanumeric() || "_@*".contains(c)))
}

/// `name-1.2`, a file, an address, a group or a capability; a variable behind a dash is a version.
fn is_pinned_rpm(word: &str) -> bool {
    let is_version = |rest: &str| rest.starts_with(|c: char| c.is_ascii_digit() || c == '$');
    word.contains(['/', '(', '=', '<', '>'])
        || word.ends_with(".rpm")
        || word.starts_with('@')
        || word.split('-').skip(1).any(is_version)
}

/// A package that is installed in whatever version there is.
pub(super) struct Package<'t> {
    /// Where it is installed: its name, or the variable that holds it.
    span: Span,
    name: Cow<'t, str>,
    /// Whether its name stands there.
    written: bool,
}

impl<'t> Package<'t> {
    fn written(cx: &Context<'t, '_>, word: &Argument<'_>) -> Self {
        Self { span: word.span, name: Cow::Borrowed(word.span.of(cx.file.text)), written: true }
    }

    fn held(variable: Span, name: &str) -> Self {
        Self { span: variable, name: Cow::Owned(name.to_owned()), written: false }
    }
}

/// Reports packages that one command installs.
pub(super) fn report(
    cx: &Context<'_, '_>,
    out: &mut Findings,
    rule: &'static RuleMeta,
    unpinned: &[&Argument<'_>],
    version: &str,
) {
    let packages: Vec<_> = unpinned.iter().map(|word| Package::written(cx, word)).collect();
    report_all(cx, out, rule, &packages, version);
}

fn report_all(
    cx: &Context<'_, '_>,
    out: &mut Findings,
    rule: &'static RuleMeta,
    unpinned: &[Package<'_>],
    version: &str,
) {
    let first = &unpinned[0];
    let name = cx.plain(&first.name);
    let others = match unpinned.len() - 1 {
        0 => String::new(),
        1 => " and one other package".into(),
        n => format!(" and {n} other packages"),
    };
    let edits: Vec<_> = unpinned.iter().filter(|p| p.written).map(|p| Edit::insert(p.span.end, version)).collect();
    let finding = out
        .report(rule, first.span, format!("{name}{others} can be another version with each build"))
        .note("the image changes without a change of the file, on the day when the cache does not have this step")
        .help(format!("name the version that you tested with, as in `{}{version}`", first.name));
    if !edits.is_empty() {
        finding.fix(Fix::new("name the version of each package", Applicability::Display, edits));
    }
}
