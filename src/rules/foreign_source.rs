//! DL3022: a COPY from a stage that is not there.

use super::{Context, Findings, meta};
use crate::config::Builder;
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
            let named = cx.model.all_named(&from.to_lowercase()).first().copied();
            let meant = named.or_else(|| from.parse().ok());
            // Its own stage, and a number that no stage has, are told by LW017.
            if meant.is_some_and(|index| index == stage.index || index >= cx.model.stages.len()) {
                continue;
            }
            if meant.is_none() {
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
            }
            let message = format!("the stage {shown} stands below this COPY, which can only take files from one above");
            // Measured on 26.1.
            let note = match cx.builder {
                Builder::Classic => {
                    "the classic builder takes the name for an image, and the build fails if there is none"
                }
                _ => "the build fails: the stage has to be defined before this one",
            };
            out.report(&meta::FOREIGN_SOURCE, flag.value_span, message)
                .severity(Severity::Error)
                .note(note)
                .help("move that stage above this one, or name a stage above");
        }
    }
}
