//! DL3022: a COPY from a stage that is not there.

use super::{Context, Findings, meta};
use crate::diagnostic::Severity;
use crate::model::{ImageRef, reference_fault};
use crate::syntax::Keyword;

pub(super) fn check(cx: &Context<'_, '_>, out: &mut Findings) {
    let contexts = cx.words(&meta::FOREIGN_SOURCE, "contexts");
    for stage in &cx.model.stages {
        for step in cx.model.steps(stage).iter().filter(|s| s.keyword == Keyword::Copy) {
            let Some((flag, from)) = step.flag("from").and_then(|f| Some((f, f.value()?))) else { continue };
            let given = contexts.iter().any(|name| name.eq_ignore_ascii_case(from));
            if given || from.is_empty() || from.contains('$') || cx.model.find(from, stage.index).is_some() {
                continue;
            }
            let shown = cx.plain(from);
            let itself = stage.name.as_deref() == Some(&from.to_lowercase()) || from.parse() == Ok(stage.index);
            let named = cx.model.stages.iter().any(|s| s.name.as_deref() == Some(&from.to_lowercase()));
            let message = if itself {
                format!("this COPY takes files from {shown}, the stage that it stands in")
            } else if named {
                format!("the stage {shown} stands below this COPY, which can only take files from one above")
            } else if from.bytes().all(|b| b.is_ascii_digit()) {
                format!("no stage above has the number {from}; the first is 0")
            } else {
                let image = ImageRef::parse(from);
                // What can't be an image is told by LW015.
                if image.tag.is_some() || image.digest.is_some() || reference_fault(from).is_some() {
                    continue;
                }
                out.report(
                    &meta::FOREIGN_SOURCE,
                    flag.value_span,
                    format!("no stage above is called {shown}, so the builder looks for an image of that name"),
                )
                .note("if it is an image, its tag is `latest`, and the same build gets other files whenever that moves")
                .help(format!("name the tag: `--from={from}:1.2`, or the stage that is meant"));
                continue;
            };
            let finding = out
                .report(&meta::FOREIGN_SOURCE, flag.value_span, message)
                .severity(Severity::Error)
                .note("the build fails, or takes an image that happens to have the name")
                .help("name a stage above, or move the one that is meant");
            if itself {
                finding.also("DL3023");
            }
        }
    }
}
