//! DL3010: an archive that is copied and unpacked by a RUN.

use super::calls::Call;
use super::{Context, Findings, meta};
use crate::syntax::Keyword;

/// What ADD unpacks.
const ENDINGS: [&str; 13] = [
    ".tar",
    ".tar.gz",
    ".tgz",
    ".tar.bz2",
    ".tbz2",
    ".tbz",
    ".tb2",
    ".tar.xz",
    ".txz",
    ".tar.lzma",
    ".tlz",
    ".tar.zst",
    ".tzst",
];

pub(super) fn check(cx: &Context<'_, '_>, out: &mut Findings) {
    for stage in &cx.model.stages {
        for at in stage.steps.clone() {
            let step = &cx.file.instructions[at];
            if step.keyword != Keyword::Copy || step.flag("from").is_some() {
                continue;
            }
            let archives = step.sources().iter().filter(|w| ENDINGS.iter().any(|e| w.text.ends_with(e)));
            for archive in archives {
                let name = archive.text.rsplit('/').next().unwrap_or(&archive.text);
                let mut below = cx.runs_below(stage, at).iter().filter(|r| r.mentions(name));
                let Some(unpack) = below.find_map(|run| run.calls().iter().find(|c| unpacks(c, name))) else {
                    continue;
                };
                out.report(
                    &meta::UNPACKED_ARCHIVE,
                    archive.span,
                    format!("{} is copied only to be unpacked", cx.plain(name)),
                )
                .why(unpack.span, "unpacks it")
                .note("the archive stays in the image next to what was in it, even if it is removed later")
                .help("use ADD, which unpacks a local archive into the folder that it names");
            }
        }
    }
}

pub(super) fn unpacks(call: &Call<'_>, archive: &str) -> bool {
    let first = call.arguments.first().map_or("", |a| a.text.as_ref());
    let bundled = !first.starts_with('-') && first.contains('x') && !first.contains('/');
    let tar = matches!(call.name.as_ref(), "tar" | "bsdtar") && (bundled || call.has(&["-x", "--extract", "--get"]));
    tar && call.arguments.iter().any(|a| a.text.rsplit(['/', '=']).next() == Some(archive))
}
