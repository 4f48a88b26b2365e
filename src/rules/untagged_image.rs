//! DL3006: a base image without a tag.

use super::{Context, Findings, meta};
use crate::diagnostic::{Applicability, Edit, Fix};
use crate::model::{Base, ImageRef};

pub(super) fn check(cx: &Context<'_, '_>, out: &mut Findings) {
    for stage in &cx.model.stages {
        let Base::Image(name) = &stage.base else { continue };
        let Some(word) = cx.file.instructions[stage.from].words().first() else { continue };
        let image = ImageRef::parse(name);
        // A variable is there to be given a value; its default is no promise.
        if image.tag.is_some() || image.digest.is_some() || word.text.contains('$') {
            continue;
        }
        let edit = Edit::insert(word.span.end, ":VERSION");
        out.report(
            &meta::UNTAGGED_IMAGE,
            word.span,
            format!("the image {} has no tag, so the builder takes whatever `latest` is", cx.plain(name)),
        )
        .note("the same file gives another image whenever that one moves")
        .help("name the version that you tested with, as in `name:1.2`")
        .fix(Fix::new("add the tag you want", Applicability::Display, vec![edit]));
    }
}
