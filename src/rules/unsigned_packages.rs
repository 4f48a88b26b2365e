//! LW402: a package manager told to take packages that nobody signed.

use super::calls::{Argument, Call};
use super::{Context, Findings, meta};
use crate::source::Span;

/// What stands in every RUN that has something to report: most RUNs need not be read.
const HINTS: [&str; 9] = [
    "nauthenticated",
    "force-yes",
    "allow-untrusted",
    "gpgcheck",
    "gpg-check",
    "trusted=yes",
    "--nosignature",
    "--nodigest",
    "AllowInsecure",
];

pub(super) fn check(cx: &Context<'_, '_>, out: &mut Findings) {
    for run in cx.runs().iter().filter(|run| HINTS.iter().any(|hint| run.mentions(hint))) {
        for call in run.calls() {
            for word in &call.arguments {
                if let Some(alias) = unchecked(call, &word.text) {
                    let message = format!(
                        "{} makes {} install packages that nobody has signed: a mirror, or whoever sits in between, can \
                         put in others",
                        cx.plain(&word.text),
                        call.name
                    );
                    report(out, word.span, message, alias);
                } else if let Some(part) = setting(&word.text) {
                    let message = format!(
                        "`{part}` says that packages of this repository need no signature: its server, or whoever sits \
                         in between, can put in others"
                    );
                    report(out, place(cx, word, part), message, None);
                }
            }
        }
    }
}

fn report(out: &mut Findings, span: Span, message: String, alias: Option<&'static str>) {
    let finding = out
        .report(&meta::UNSIGNED_PACKAGES, span, message)
        .note("their scripts run as root, in the build and wherever the image runs")
        .help("take it out, and give the package manager the key of the repository");
    if let Some(alias) = alias {
        finding.also(alias);
    }
}

/// The name that Checkov has for what `word` makes `call` do, if that is to install without a look at
/// signatures.
fn unchecked(call: &Call<'_>, word: &str) -> Option<Option<&'static str>> {
    let lower = word.to_ascii_lowercase();
    let joined = lower.split_once('=');
    let value = joined.map(|(_, value)| value);
    let alias = match call.name.as_ref() {
        "apt-get" | "apt" | "aptitude" => match joined.map_or(lower.as_str(), |(key, _)| key) {
            "--allow-unauthenticated" if value.is_none_or(is_yes) => Some("CKV2_DOCKER_8"),
            "--force-yes" if value.is_none_or(is_yes) => Some("CKV2_DOCKER_11"),
            key if is_option(key) && value.is_some_and(is_yes) => None,
            _ => return None,
        },
        "apk" if lower == "--allow-untrusted" => Some("CKV2_DOCKER_7"),
        "yum" | "dnf" | "tdnf" if lower == "--nogpgcheck" => Some("CKV2_DOCKER_9"),
        "microdnf" | "dnf5" if matches!(lower.as_str(), "--nogpgcheck" | "--no-gpgchecks") => None,
        "zypper" if matches!(lower.as_str(), "--no-gpg-checks" | "--no-gpg-check") => None,
        "rpm" if matches!(lower.as_str(), "--nosignature" | "--nodigest") => Some("CKV2_DOCKER_10"),
        _ => return None,
    };
    (installs(call) && !takes_only_files(call)).then_some(alias)
}

/// Whether a key of APT's configuration, with or without `-o`, switches signatures off.
fn is_option(key: &str) -> bool {
    let key = key.strip_prefix("-o").unwrap_or(key).trim_start_matches('-');
    matches!(key, "apt::get::allowunauthenticated" | "acquire::allowinsecurerepositories")
}

fn is_yes(value: &str) -> bool {
    matches!(value, "1" | "true" | "yes" | "on")
}

/// Whether the command brings packages: `remove`, `clean` and the like look at no signature.
fn installs(call: &Call<'_>) -> bool {
    const INSTALLS: &[&str] = &[
        "install",
        "in",
        "add",
        "localinstall",
        "groupinstall",
        "reinstall",
        "update",
        "upgrade",
        "up",
        "dist-upgrade",
        "full-upgrade",
        "dup",
        "build-dep",
        "builddep",
        "download",
        "group",
        "swap",
        "distro-sync",
    ];
    call.name == "rpm" || call.arguments.iter().any(|a| INSTALLS.contains(&a.text.as_ref()) && !is_lists(call, &a.text))
}

/// Whether `subcommand` fetches the lists of packages and installs none.
fn is_lists(call: &Call<'_>, subcommand: &str) -> bool {
    subcommand == "update" && matches!(call.name.as_ref(), "apt-get" | "apt" | "aptitude" | "apk")
}

/// Whether all that is installed are files that the build has: where they came from is not for the
/// package manager to say.
fn takes_only_files(call: &Call<'_>) -> bool {
    let is_package = |text: &str| [".apk", ".rpm", ".deb"].iter().any(|end| text.ends_with(end));
    let mut packages = call.arguments.iter().filter(|a| is_package(&a.text)).peekable();
    packages.peek().is_some() && packages.all(|a| !a.text.contains("://"))
}

/// The part of a line of `sources.list` or of a `.repo` file that switches signatures off.
fn setting(text: &str) -> Option<&'static str> {
    if text.contains("file:/") {
        return None;
    }
    let has = |part: &str| {
        // Not `repo_gpgcheck`, which is about the list of the repository.
        text.match_indices(part).any(|(at, _)| !text[..at].ends_with('_'))
    };
    if text.contains("deb") && text.contains("://") && has("trusted=yes") {
        return Some("trusted=yes");
    }
    // A pattern of `sed` or `grep` may only look for it.
    let written = !text.trim_start_matches('^').starts_with("gpgcheck=0");
    ["gpgcheck=0", "gpgcheck=False"].into_iter().find(|part| written && has(part))
}

/// Where `part` stands in `word`.
fn place(cx: &Context<'_, '_>, word: &Argument<'_>, part: &str) -> Span {
    word.span.of(cx.file.text).find(part).map_or(word.span, |at| {
        let start = word.span.start + at as u32;
        Span::new(start, start + part.len() as u32)
    })
}
