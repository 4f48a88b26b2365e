//! DL3010: an archive that is copied and unpacked by a RUN.

use super::calls::Call;
use super::{Context, Findings, meta};
use crate::model::Stage;
use crate::source::Span;
use crate::syntax::Keyword;
use std::cell::OnceCell;
use std::collections::HashMap;

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
    let unpacked = Unpacked::default();
    for stage in &cx.model.stages {
        for at in stage.steps.clone() {
            let step = &cx.file.instructions[at];
            if step.keyword != Keyword::Copy || step.flag("from").is_some() {
                continue;
            }
            let archives = step.sources().iter().filter(|w| ENDINGS.iter().any(|e| w.text.ends_with(e)));
            for archive in archives {
                let name = archive.text.rsplit('/').next().unwrap_or(&archive.text);
                let Some(unpack) = unpacked.below(cx, stage, at, name) else { continue };
                out.report(
                    &meta::UNPACKED_ARCHIVE,
                    archive.span,
                    format!("{} is copied only to be unpacked", cx.plain(name)),
                )
                .why(unpack, "unpacks it")
                .note("the archive stays in the image next to what was in it, even if it is removed later")
                .help("use ADD, which unpacks a local archive into the folder that it names");
            }
        }
    }
}

/// Where `tar` unpacks an archive, read once somebody asks.
#[derive(Default)]
pub(super) struct Unpacked<'c>(OnceCell<ByName<'c>>);

/// By stage and file name: each line that unpacks it, with the call.
type ByName<'c> = HashMap<(usize, &'c str), Vec<(usize, Span)>>;

impl<'c> Unpacked<'c> {
    /// The first call that unpacks `archive` below the line `at` of `stage`.
    pub(super) fn below(&self, cx: &'c Context<'_, '_>, stage: &Stage, at: usize, archive: &str) -> Option<Span> {
        let all = self.0.get_or_init(|| {
            let mut all = ByName::new();
            for run in cx.runs().iter().filter(|run| run.mentions("tar") || run.mentions("bsdtar")) {
                for call in run.calls().iter().filter(|call| unpacks(call)) {
                    for name in call.arguments.iter().filter_map(|a| a.text.rsplit(['/', '=']).next()) {
                        all.entry((run.stage, name)).or_default().push((run.at, call.span));
                    }
                }
            }
            all
        });
        let of_name = all.get(&(stage.index, archive))?;
        of_name.get(of_name.partition_point(|(line, _)| *line <= at)).map(|(_, span)| *span)
    }
}

fn unpacks(call: &Call<'_>) -> bool {
    let first = call.arguments.first().map_or("", |a| a.text.as_ref());
    let bundled = !first.starts_with('-') && first.contains('x') && !first.contains('/');
    matches!(call.name.as_ref(), "tar" | "bsdtar") && (bundled || call.has(&["-x", "--extract", "--get"]))
}
