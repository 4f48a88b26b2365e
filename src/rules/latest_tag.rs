//! DL3007: the tag `latest`.

use super::own_image::{Owners, is_own};
use super::{Context, Findings, meta};
use crate::diagnostic::{Applicability, Edit, Fix};
use crate::model::ImageRef;
use crate::source::Span;

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
        let Some(word) = cx.file.instructions[stage.from].words().first() else { continue };
        let image = ImageRef::parse(word.text.as_ref());
        if image.tag != Some("latest") || image.digest.is_some() || is_own(cx, &owners, &image) != own {
            continue;
        }
        let shown = cx.plain(&word.text);
        let finding = if own {
            let message = format!("{shown} looks like an image of your own: each build takes the last one");
            out.report(&meta::OWN_IMAGE, word.span, message).also("DL3007")
        } else {
            out.report(
                &meta::LATEST_TAG,
                word.span,
                format!("{shown} is another image whenever a new one is published"),
            )
        };
        let finding = finding
            .note("the same file builds something else then, and every step below runs again")
            .help("name the version that you tested with, as in `name:1.2`");
        if word.span.of(cx.file.text) == word.text {
            let tag = Span::new(word.span.end - "latest".len() as u32, word.span.end);
            let edit = Edit::replace(tag, "VERSION");
            finding.fix(Fix::new("write the tag you want", Applicability::Display, vec![edit]));
        }
    }
}
