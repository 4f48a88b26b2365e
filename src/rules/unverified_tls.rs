//! LW401: a program told to take any certificate.

use super::calls::{Argument, Call};
use super::runs::ShellRun;
use super::verified::is_verified;
use super::{Context, Findings, meta};
use crate::diagnostic::{Applicability, Edit, Fix};
use crate::source::Span;
use crate::syntax::Keyword;

pub(super) fn check(cx: &Context<'_, '_>, out: &mut Findings) {
    for step in cx.instructions() {
        match step.keyword {
            Keyword::Env => {
                for pair in step.pairs() {
                    variable(out, &pair.key.text, &pair.value.text, pair.span, true);
                }
            }
            Keyword::Arg => {
                for arg in step.args() {
                    let value = arg.value.as_ref().map_or("", |w| w.text.as_ref());
                    variable(out, &arg.name.text, value, arg.span, false);
                }
            }
            _ => {}
        }
    }
    for run in cx.runs().iter().filter(|run| HINTS.iter().any(|hint| run.mentions(hint))) {
        assignments(run, out);
        for call in run.calls() {
            if call.name == "export" {
                for word in &call.arguments {
                    if let Some((name, value)) = word.text.split_once('=') {
                        variable(out, name, value, word.span, false);
                    }
                }
            } else {
                flag(cx, run, call, out);
            }
        }
    }
}

/// What stands in every RUN that has something to report: most RUNs need not be read.
const HINTS: [&str; 11] = [
    "curl",
    "--no-check-certificate",
    "trusted-host",
    "insecure-host",
    "ssl",
    "SSL",
    "Verify-Peer",
    "verify-peer",
    "TLS",
    "PYTHONHTTPSVERIFY",
    "TRUSTED_HOST",
];

fn assignments(run: &ShellRun<'_, '_>, out: &mut Findings) {
    for script in run.scripts() {
        script.tree.walk(|_, simple, _| {
            for assignment in &simple.assignments {
                let value = assignment.value.as_ref().map(|w| script.outline(w)).unwrap_or_default();
                let place = script.source(assignment.span);
                variable(out, assignment.name.of(script.text), &value, place, false);
            }
        });
    }
}

/// Reports a variable that some program reads as a switch.
fn variable(out: &mut Findings, name: &str, value: &str, span: Span, kept: bool) {
    let value = value.trim_matches(['"', '\'']);
    let (program, alias) = match name.to_ascii_uppercase().as_str() {
        "NODE_TLS_REJECT_UNAUTHORIZED" if value == "0" => ("Node.js", Some("CKV2_DOCKER_6")),
        "PYTHONHTTPSVERIFY" if value == "0" => ("Python", Some("CKV2_DOCKER_5")),
        "NPM_CONFIG_STRICT_SSL" if is_no(value) => ("npm", Some("CKV2_DOCKER_12")),
        "YARN_ENABLE_STRICT_SSL" if is_no(value) => ("yarn", None),
        "PIP_TRUSTED_HOST" if !value.is_empty() => ("pip", Some("CKV2_DOCKER_16")),
        // Git looks only at whether it is there.
        "GIT_SSL_NO_VERIFY" if !value.is_empty() => ("git", Some("CKV2_DOCKER_14")),
        _ => return,
    };
    let scope = if kept { ", in each container too" } else { "" };
    let message = format!(
        "`{name}` makes {program} take any certificate{scope}: whoever sits in between can change what it gets"
    );
    let finding = out.report(&meta::UNVERIFIED_TLS, span, message).note(NOTE).help(HELP);
    if let Some(alias) = alias {
        finding.also(alias);
    }
}

const NOTE: &str = "the image then holds, and the build runs, what nobody has vouched for";
const HELP: &str =
    "take it out; if the server has a certificate of your own authority, add that one to those the image trusts";

/// Reports a flag or setting in the words of a command.
fn flag(cx: &Context<'_, '_>, run: &ShellRun<'_, '_>, call: &Call<'_>, out: &mut Findings) {
    for (at, word) in call.arguments.iter().enumerate() {
        let next = call.arguments.get(at + 1).map_or("", |a| a.text.as_ref());
        let Some(alias) = switched_off(&call.name, &word.text, next) else { continue };
        let fetches = matches!(call.name.as_ref(), "curl" | "wget");
        if fetches && (!goes_elsewhere(call) || is_verified(run)) {
            continue;
        }
        // `strict-ssl false`, `--trusted-host name`: the second word is a part of it.
        let alone = fetches || word.text.contains('=') || word.text == "--no-strict-ssl";
        let value = call.arguments.get(at + 1).filter(|_| !alone);
        let shown = value.map_or_else(|| word.text.to_string(), |v| format!("{} {}", word.text, v.text));
        let span = Span::new(word.span.start, value.map_or(word.span, |v| v.span).end);
        let program = if call.name.starts_with("python") { "pip" } else { call.name.as_ref() };
        let message = format!(
            "{} makes {program} take any certificate: whoever sits in between can change what it gets",
            cx.plain(&shown)
        );
        let finding = out.report(&meta::UNVERIFIED_TLS, span, message).note(NOTE).help(HELP);
        let finding = if alias.is_empty() { finding } else { finding.also(alias) };
        if let Some(edit) = fetches.then(|| without(cx, run, call, at)).flatten() {
            finding.fix(Fix::new("look at the certificate", Applicability::Unsafe, vec![edit]));
        }
    }
}

/// The name that Checkov has for what `word` does to `program`, or nothing for what it does not look at;
/// `None` if `word` switches nothing off.
fn switched_off(program: &str, word: &str, next: &str) -> Option<&'static str> {
    let lower = || word.to_ascii_lowercase();
    // `key=no` in one word, or `key no` in two.
    let set = |key: &str| {
        let lower = lower();
        let joined = lower.split_once('=').filter(|(k, _)| k.trim_start_matches('-') == key);
        joined.map_or(lower.trim_start_matches('-') == key && is_no(next), |(_, value)| is_no(value))
    };
    match program {
        "curl" if word == "--insecure" || insecure_letter(word).is_some() => Some("CKV2_DOCKER_2"),
        "wget" if word == "--no-check-certificate" => Some("CKV2_DOCKER_3"),
        "npm" | "pnpm" | "yarn" if set("strict-ssl") || word == "--no-strict-ssl" => Some("CKV2_DOCKER_13"),
        "git" if set("http.sslverify") => Some(""),
        "conda" | "mamba" | "micromamba" if set("ssl_verify") => Some(""),
        "yum" | "dnf" | "microdnf" | "tdnf" | "yum-config-manager" => {
            let lower = lower();
            let setting = lower.strip_prefix("--setopt=").unwrap_or(&lower);
            let (key, value) = setting.split_once('=')?;
            (key.rsplit('.').next() == Some("sslverify") && is_no(value)).then_some("CKV2_DOCKER_15")
        }
        "apt-get" | "apt" => {
            let lower = lower();
            let (key, value) = lower.trim_start_matches("-o").split_once('=')?;
            (key.starts_with("acquire::https") && key.ends_with("::verify-peer") && is_no(value)).then_some("")
        }
        "uv" if is_host_flag(word, next, "--allow-insecure-host") => Some(""),
        _ if program.starts_with("pip") || program.starts_with("python") => {
            is_host_flag(word, next, "--trusted-host").then_some("CKV2_DOCKER_4")
        }
        _ => None,
    }
}

fn is_no(value: &str) -> bool {
    matches!(value.trim_matches(['"', '\'']).to_ascii_lowercase().as_str(), "0" | "false" | "no" | "off")
}

fn is_host_flag(word: &str, next: &str, flag: &str) -> bool {
    let value = match word.strip_prefix(flag) {
        Some("") => next,
        Some(rest) if rest.starts_with('=') => &rest[1..],
        _ => return false,
    };
    !is_this_machine(value)
}

/// Where `k` stands among letters of curl, in front of one that takes a value.
fn insecure_letter(word: &str) -> Option<usize> {
    const WITH_VALUE: &str = "AbcCdDeEFHhKmoPQrtTuUwxXyYz";
    let letters = word.strip_prefix('-').filter(|rest| !rest.starts_with('-'))?;
    let end = letters.find(|c| WITH_VALUE.contains(c)).unwrap_or(letters.len());
    letters[..end].find('k').map(|at| at + 1)
}

/// Whether a download comes over TLS from another machine, as far as its words tell. `http://` is the
/// business of another rule.
fn goes_elsewhere(call: &Call<'_>) -> bool {
    let mut urls = call.arguments.iter().filter_map(|a| a.text.split_once("://"));
    !urls.any(|(scheme, rest)| scheme == "http" || is_this_machine(rest))
}

/// Whether a host, with or without port and path, is the machine of the build.
fn is_this_machine(host: &str) -> bool {
    let name = host.split(['/', ':', '?']).next().unwrap_or(host);
    name == "localhost" || name.starts_with("127.") || name == "0.0.0.0" || host.starts_with("[::1]")
}

/// The edit that takes the flag at `at` out, with the blank in front of it, or its letter.
fn without(cx: &Context<'_, '_>, run: &ShellRun<'_, '_>, call: &Call<'_>, at: usize) -> Option<Edit> {
    let word: &Argument<'_> = &call.arguments[at];
    // In JSON, and in quotes, the words stand otherwise than they read.
    if run.scripts().is_empty() || word.span.of(cx.file.text) != word.text {
        return None;
    }
    if let Some(letter) = insecure_letter(&word.text).filter(|_| word.text.len() > 2) {
        let start = word.span.start + letter as u32;
        return Some(Edit::delete(Span::new(start, start + 1)));
    }
    let before = at.checked_sub(1).map_or(call.name_span, |at| call.arguments[at].span);
    let span = Span::new(before.end, word.span.end);
    // A comment between the lines is to stay.
    (!span.of(cx.file.text).contains('#')).then(|| Edit::delete(span))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_letter_counts_in_front_of_one_that_takes_a_value() {
        for (word, at) in [("-k", Some(1)), ("-fsSLk", Some(5)), ("-jkLH", Some(2))] {
            assert_eq!(insecure_letter(word), at, "{word}");
        }
        for word in ["-o", "-ok", "-fsSLo", "--keepalive-time", "k", "-Hkey"] {
            assert_eq!(insecure_letter(word), None, "{word}");
        }
    }

    #[test]
    fn the_machine_itself_is_no_other() {
        for host in ["localhost", "localhost:8443/x", "127.0.0.1", "[::1]:80"] {
            assert!(is_this_machine(host), "{host}");
        }
        for host in ["localhost.example.com", "example.com/localhost", "10.0.0.1", ""] {
            assert!(!is_this_machine(host), "{host}");
        }
    }
}
