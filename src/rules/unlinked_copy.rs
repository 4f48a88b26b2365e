//! LW110: a COPY from a stage whose layer hangs on the image below it.

use super::{Context, Findings, meta};
use crate::config::Builder;
use crate::diagnostic::{Applicability, Edit, Fix};
use crate::model::Base;
use crate::syntax::{Instruction, Keyword};

pub(super) fn check(cx: &Context<'_, '_>, out: &mut Findings) {
    if cx.builder != Builder::Buildkit || !cx.file.errors.is_empty() {
        return;
    }
    for stage in cx.model.stages.iter().filter(|s| s.base != Base::Scratch) {
        for copy in cx.model.steps(stage).iter().filter(|s| can_be_linked(s)) {
            let message = format!("{} is made anew whenever what stands above it changes", cx.quote(copy));
            let title = "add --link, so that its layer is kept when the base image is updated";
            let edits = vec![Edit::insert(copy.flags[0].span.start, "--link ")];
            out.report(&meta::UNLINKED_COPY, copy.span, message)
                .label("its files don't depend on what stands above")
                .note("unsafe: a link in the base image that the destination leads through is replaced, not followed")
                .help(title)
                .fix(Fix::new(title, Applicability::Unsafe, edits));
        }
    }
}

/// Whether a COPY takes its files from a stage or an image, and needs nothing of the image that it adds to:
/// no names of users, no working directory.
fn can_be_linked(copy: &Instruction<'_>) -> bool {
    let by_number = |owner: &str| owner.bytes().all(|b| b.is_ascii_digit() || b == b':');
    let absolute = |path: &str| path.starts_with('/') && !path.contains("..");
    copy.keyword == Keyword::Copy
        && !copy.unfinished
        && copy.flag("from").is_some()
        && copy.flags.iter().all(|f| match f.name() {
            "from" | "chmod" => true,
            "chown" => f.value().is_some_and(by_number),
            _ => false,
        })
        && copy.destination().is_some_and(|to| absolute(&to.text))
}
