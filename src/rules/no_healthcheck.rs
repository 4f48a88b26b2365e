//! DL3057: an image without a HEALTHCHECK.

use super::{Context, Findings, meta};
use crate::model::Base;
use crate::syntax::Keyword;

pub(super) fn check(cx: &Context<'_, '_>, out: &mut Findings) {
    for stage in cx.model.targets() {
        let mut below = stage;
        let found = loop {
            if cx.model.steps(below).iter().any(|s| s.keyword == Keyword::Healthcheck) {
                break true;
            }
            match below.base {
                Base::Stage(index) => below = &cx.model.stages[index],
                _ => break false,
            }
        };
        if found {
            continue;
        }
        let from = &cx.file.instructions[stage.from];
        out.report(&meta::NO_HEALTHCHECK, from.keyword_span, "the image has no HEALTHCHECK")
            .note("Docker and Swarm then take a service that hangs for a healthy one, as long as its process is there")
            .help("add `HEALTHCHECK CMD ...` with a command that fails when the service does, or `HEALTHCHECK NONE`");
    }
}
