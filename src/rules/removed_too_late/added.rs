//! What a line brings that is worth a look when it is removed later: archives, packages, installers,
//! clones, and secrets. The few bytes of a script or a list are not.

use super::super::calls::Call;
use super::super::copied_secret;
use super::super::runs::ShellRun;
use super::super::unpacked_archive::Unpacked;
use super::super::{Context, moving_download::is_download};
use crate::model::{AbsolutePath, Stage, is_archive_name, is_remote, join};
use crate::source::Span;
use crate::syntax::Keyword;

/// A file or folder in a layer.
pub(super) struct Added {
    pub(super) path: AbsolutePath,
    /// The word that names it.
    pub(super) span: Span,
    pub(super) is_secret: bool,
    /// Whether COPY or ADD brought it from the build context.
    pub(super) is_copied: bool,
}

/// What the COPY or ADD at `at` brings to a place that is known.
pub(super) fn by_copy<'c>(
    cx: &'c Context<'_, '_>,
    (stage, at): (&Stage, usize),
    folder: Option<&AbsolutePath>,
    unpacked: &Unpacked<'c>,
) -> Vec<Added> {
    let step = &cx.file.instructions[at];
    let Some(to) = step.destination().map(|w| w.text.trim_matches('"')).filter(|to| !to.contains('$')) else {
        return Vec::new();
    };
    let is_folder = to.ends_with('/') || matches!(to.rsplit('/').next(), Some("." | "..")) || step.sources().len() > 1;
    // Another rule reports that an archive is copied only to be unpacked.
    let is_for_unpacking = |name: &str| step.keyword == Keyword::Copy && unpacked.below(cx, stage, at, name).is_some();
    let mut found = Vec::new();
    for source in step.sources() {
        let from = source.text.trim_matches('"');
        let name = from.rsplit('/').next().unwrap_or(from);
        let from_context = step.flag("from").is_none() && !is_remote(from);
        let is_secret = from_context && copied_secret::kind(from).is_some();
        let unpacked_by_add = step.keyword == Keyword::Add && from_context && is_archive_name(name);
        let is_known = !from.contains(['$', '*', '?', '[', '#']) && !name.is_empty() && !from.ends_with(".git");
        if !is_known || unpacked_by_add || !(is_secret || is_large(name)) || is_for_unpacking(name) {
            continue;
        }
        let place = if is_folder { format!("{}/{name}", to.trim_end_matches('/')) } else { to.to_owned() };
        // `COPY a.tgz /tmp` puts it into the folder, if that is one: every image has these.
        let standard = matches!(to, "/tmp" | "/opt" | "/root" | "/usr/src" | "/var/tmp" | "/usr/local/src" | "/home");
        let place = if standard && !is_folder { format!("{to}/{name}") } else { place };
        if let Some(path) = join(folder, &place) {
            found.push(Added { path, span: source.span, is_secret, is_copied: from_context });
        }
    }
    found
}

/// Whether a RUN may fetch something, told without reading its commands.
pub(super) fn may_fetch(run: &ShellRun<'_, '_>) -> bool {
    ["curl", "wget", "clone"].iter().any(|name| run.mentions(name))
}

/// What the commands of a RUN fetch to a place that is known.
pub(super) fn by_run(run: &ShellRun<'_, '_>, folder: Option<&AbsolutePath>) -> Vec<Added> {
    let mut found = Vec::new();
    for call in run.calls().iter().filter(|c| !c.context.conditional && !c.context.function) {
        let Some((to, span)) = fetched(call) else { continue };
        if let Some(path) = Some(to).filter(|to| !to.contains(['$', '`', '*', '~'])).and_then(|to| join(folder, &to)) {
            found.push(Added { path, span, is_secret: false, is_copied: false });
        }
    }
    found
}

/// Where a command puts what it fetches, and the word that says so.
fn fetched(call: &Call<'_>) -> Option<(String, Span)> {
    let last = |url: &str| {
        let path = url.split_once("://")?.1.split(['?', '#']).next()?;
        let (_, name) = path.rsplit_once('/')?;
        Some(name.to_owned()).filter(|name| !name.is_empty())
    };
    let url = call.arguments.iter().find(|a| a.text.contains("://"));
    match call.name.as_ref() {
        name @ ("curl" | "wget") => {
            if !is_download(name, call.arguments.iter().map(|a| a.text.to_string())) {
                return None;
            }
            let (output, by_name) = if name == "curl" { ("-o", "-O") } else { ("-O", "-P") };
            let url = url?;
            if call
                .arguments
                .iter()
                .any(|a| name == "wget" && (a.text.starts_with("-P") || a.text.starts_with("--directory")))
            {
                return None;
            }
            let named = call.arguments.windows(2).find(|pair| {
                let flag = pair[0].text.as_ref();
                flag == "--output" || flag == "--output-document" || is_cluster(flag, output)
            });
            if let Some(pair) = named {
                let is_big = is_large(&pair[1].text) || last(&url.text).is_some_and(|name| is_large(&name));
                return (is_big && pair[1].text != "-").then(|| (pair[1].text.to_string(), pair[1].span));
            }
            let keeps_name = name == "wget"
                || call.arguments.iter().any(|a| is_cluster(&a.text, by_name) || a.text == "--remote-name");
            let name = last(&url.text).filter(|name| keeps_name && is_large(name))?;
            Some((name, url.span))
        }
        "git" if call.subcommand(&["-c", "-C"]) == Some("clone") && !call.has(&["-C"]) => {
            let words: Vec<_> =
                call.operands(&["-c", "-b", "--branch", "--depth", "-o", "--origin", "-j", "--jobs"]).skip(1).collect();
            match words.as_slice() {
                [address] => {
                    last(&address.text).map(|n| (n.strip_suffix(".git").unwrap_or(&n).to_owned(), address.span))
                }
                [_, to] => Some((to.text.to_string(), to.span)),
                _ => None,
            }
        }
        _ => None,
    }
}

/// Whether `word` is letters that end with the one of `flag`.
fn is_cluster(word: &str, flag: &str) -> bool {
    word.starts_with('-') && !word.starts_with("--") && word.ends_with(&flag[1..])
}

/// Whether a file is large by its name: an archive, a package, an installer, a disk.
fn is_large(name: &str) -> bool {
    const ENDINGS: [&str; 14] =
        [".zip", ".deb", ".rpm", ".apk", ".jar", ".war", ".whl", ".run", ".bin", ".iso", ".img", ".exe", ".7z", ".rar"];
    let lower = name.to_ascii_lowercase();
    let installer =
        lower.ends_with(".sh") && ["conda", "mambaforge", "miniforge", "cuda"].iter().any(|n| lower.contains(n));
    installer || is_archive_name(&lower) || ENDINGS.iter().any(|end| lower.ends_with(end))
}
