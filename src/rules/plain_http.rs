//! LW407: a download that nothing protects on its way.

use super::calls::Call;
use super::moving_download::is_download;
use super::verified::is_verified;
use super::{Context, Findings, meta};
use crate::source::Span;
use crate::syntax::Keyword;
use std::cell::LazyCell;
use std::collections::HashMap;

pub(super) fn check(cx: &Context<'_, '_>, out: &mut Findings) {
    let verified = LazyCell::new(|| last_verified(cx));
    // Whether a RUN below compares something with a sum or a signature.
    let is_verified_below = |stage: usize, at: usize| verified.get(&stage).is_some_and(|&last| last > at);
    for stage in &cx.model.stages {
        for at in stage.steps.clone() {
            let step = &cx.file.instructions[at];
            if step.keyword != Keyword::Add || step.flag("checksum").is_some() || is_verified_below(stage.index, at) {
                continue;
            }
            for word in step.sources().iter().filter(|w| is_open(w.text.trim_matches('"'))) {
                report(cx, out, &word.text, word.span, SUM);
            }
        }
    }
    for run in cx.runs().iter().filter(|run| run.mentions("http://") || run.mentions("git://")) {
        if is_verified(run) || is_verified_below(run.stage, run.at) {
            continue;
        }
        for call in run.calls() {
            let mut before = "";
            for word in &call.arguments {
                let url = word.text.strip_prefix("--url=").unwrap_or(&word.text);
                // The value of a flag is a proxy, a referrer, a header: not what is fetched.
                if is_open(url) && (!before.starts_with('-') || takes_no_value(&call.name, before)) && fetches(call) {
                    let of_git = call.name == "git";
                    report(cx, out, url, word.span, if of_git { COMMIT } else { SUM });
                }
                before = &word.text;
            }
        }
    }
}

const SUM: &str = "write `https://`, or compare what comes with a sum (`sha256sum -c`, `ADD --checksum`)";
const COMMIT: &str = "write `https://`, or check out a commit by its hash, which no one can change on the way";

fn report(cx: &Context<'_, '_>, out: &mut Findings, url: &str, span: Span, help: &'static str) {
    out.report(
        &meta::PLAIN_HTTP,
        span,
        format!("nothing protects {} on its way: whoever sits in between can change what comes", cx.plain(url)),
    )
    .note("the image then holds, and the build may run, what nobody has vouched for")
    .help(help);
}

/// The last line of each stage that compares something with a sum or a signature.
fn last_verified(cx: &Context<'_, '_>) -> HashMap<usize, usize> {
    cx.runs().iter().filter(|run| is_verified(run)).map(|run| (run.stage, run.at)).collect()
}

/// Whether `url` comes without encryption and without a signature from another machine.
fn is_open(url: &str) -> bool {
    let Some((scheme, rest)) = url.split_once("://") else { return false };
    let name = rest.split(['/', '?']).next().unwrap_or(rest);
    let name = name.rsplit('@').next().unwrap_or(name).split(':').next().unwrap_or(name);
    // Without a dot, it is a machine beside the one of the build; with a variable, it may be.
    let is_far = name.contains('.') && !name.contains(['$', '<', '*']) && !is_private(name);
    matches!(scheme, "http" | "git") && is_far && !is_signed(rest)
}

/// Whether an address is of a private network, or of the machine itself.
fn is_private(name: &str) -> bool {
    let local = [".local", ".internal", ".localhost", ".lan", ".test"].iter().any(|end| name.ends_with(end));
    local
        || name
            .parse::<std::net::Ipv4Addr>()
            .is_ok_and(|ip| ip.is_private() || ip.is_loopback() || ip.is_unspecified() || ip.is_link_local())
}

/// Whether what `path` names is checked by other means: sums and signatures are themselves what others are
/// compared with, and lists of a repository are signed.
fn is_signed(path: &str) -> bool {
    [".sha256", ".sha512", ".md5", ".sha1", "SUMS", "/InRelease", "/Release"].iter().any(|end| path.ends_with(end))
}

/// Whether a command gets what its URL names and keeps or runs it.
fn fetches(call: &Call<'_>) -> bool {
    let is = |subcommands: &[&str]| call.arguments.iter().any(|a| subcommands.contains(&a.text.as_ref()));
    match call.name.as_ref() {
        name @ ("curl" | "wget") => is_download(name, call.arguments.iter().map(|a| a.text.to_string())),
        "git" => is(&["clone", "submodule", "fetch", "pull"]),
        "rpm" => true,
        "yum" | "dnf" | "microdnf" | "zypper" | "pip" | "pip3" | "npm" => is(&["install", "localinstall", "in"]),
        "apt-key" => is(&["add"]),
        _ => false,
    }
}

/// Whether the word behind a flag of `program` may be what it fetches.
fn takes_no_value(program: &str, flag: &str) -> bool {
    const WITH_VALUE: &[&str] = &[
        "--proxy",
        "--referer",
        "--referrer",
        "--header",
        "--user-agent",
        "--preproxy",
        "--index-url",
        "--extra-index-url",
        "--find-links",
        "--registry",
        "--cookie",
        "--noproxy",
        "--socks5",
        "--repofrompath",
        "--reference",
        "--origin",
        "--config",
    ];
    let letters = match program {
        // A letter that takes a value swallows the next word only at the end of its cluster.
        "curl" => "AbeHxUe",
        "wget" => "UeB",
        "pip" | "pip3" => "if",
        "git" => "cob",
        _ => "",
    };
    let cluster = flag.len() > 1 && !flag.starts_with("--");
    !(WITH_VALUE.contains(&flag) || cluster && flag.ends_with(|c| letters.contains(c)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_comes_from_another_machine_in_the_open() {
        for url in ["http://example.com/x", "http://8.8.8.8/x", "git://example.com/r.git", "http://me@example.com:80/x"]
        {
            assert!(is_open(url), "{url}");
        }
        for url in [
            "https://example.com/x",
            "http://localhost:80/",
            "http://127.0.0.1/",
            "http://10.1.2.3/x",
            "http://mirror/x",
            "http://mirror.lan/x",
            "http://$HOST/x",
            "http://$MIRROR.example.com/x",
            "http://example.com/x.sha256",
            "example.com/http://",
        ] {
            assert!(!is_open(url), "{url}");
        }
    }
}
