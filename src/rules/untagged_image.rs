//! DL3006: a base image without a tag.

use super::own_image::{Owners, is_own};
use super::{Context, Findings, meta};
use crate::diagnostic::{Applicability, Edit, Fix};
use crate::model::{Base, ImageRef};

pub(super) fn check(cx: &Context<'_, '_>, out: &mut Findings) {
    images(cx, out, false);
}

/// Those of the same people as the file, for LW413.
pub(super) fn of_own(cx: &Context<'_, '_>, out: &mut Findings) {
    images(cx, out, true);
}

fn images(cx: &Context<'_, '_>, out: &mut Findings, own: bool) {
    let owners = Owners::default();
    for stage in &cx.model.stages {
        let Base::Image(name) = &stage.base else { continue };
        let Some(word) = cx.file.instructions[stage.from].words().first() else { continue };
        let image = ImageRef::parse(name);
        // A variable is there to be given a value; its default is no promise.
        let named = image.tag.is_some() || image.digest.is_some() || word.text.contains('$');
        if named || is_own(cx, &owners, &image) != own {
            continue;
        }
        let shown = cx.plain(name);
        let finding = if own {
            let message =
                format!("{shown} looks like an image of your own, and has no tag: each build takes the last one");
            out.report(&meta::OWN_IMAGE, word.span, message).also("DL3006")
        } else {
            let message = format!("the image {shown} has no tag, so the builder takes whatever `latest` is");
            out.report(&meta::UNTAGGED_IMAGE, word.span, message)
        };
        let edit = Edit::insert(word.span.end, ":VERSION");
        finding
            .note("the same file gives another image whenever that one moves")
            .help("name the version that you tested with, as in `name:1.2`")
            .fix(Fix::new("add the tag you want", Applicability::Display, vec![edit]));
    }
}
