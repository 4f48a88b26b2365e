//! DL3067: all files of one stage copied over those of another.

use super::{Context, Findings, meta};
use crate::model::{Base, Model, Stage};
use crate::syntax::Keyword;

pub(super) fn check(cx: &Context<'_, '_>, out: &mut Findings) {
    for stage in &cx.model.stages {
        // On top of nothing, it is how an image is made of one layer.
        if *cx.model.root(stage) == Base::Scratch {
            continue;
        }
        for step in cx.model.steps(stage).iter().filter(|s| s.keyword == Keyword::Copy) {
            let Some(from) = step.flag("from").and_then(|f| f.value()) else { continue };
            let Some(source) = cx.model.find(from, stage.index).filter(|s| is_system(cx.model, s)) else { continue };
            let root =
                |word: &crate::syntax::Word<'_>| matches!(word.text.trim_matches(['"', '\'']), "/" | "/." | "/*");
            let [what, to] = step.words() else { continue };
            if !root(what) || !root(to) {
                continue;
            }
            let message = format!("every file of the stage {} is copied over those of the base image", cx.plain(from));
            out.report(&meta::WHOLE_FILESYSTEM, step.span, message)
                .why(cx.file.instructions[source.from].span, "these are the files")
                .note("the image holds two systems, one in part over the other, and all that was needed for the build")
                .help("copy the files that are needed, or start from that stage with FROM");
        }
    }
}

/// Whether the stage holds a system in which commands ran, and not only files that were put there.
fn is_system(model: &Model<'_, '_>, stage: &Stage) -> bool {
    let mut below = stage;
    let runs = loop {
        if model.steps(below).iter().any(|s| s.keyword == Keyword::Run) {
            break true;
        }
        match below.base {
            Base::Stage(index) => below = &model.stages[index],
            _ => break false,
        }
    };
    runs && !model.root(stage).is_bare()
}
