//! LW301: a list of packages that is fetched in one RUN and used in another.

use super::{Context, Findings, meta};
use crate::model::invocations;
use crate::syntax::{Instruction, Keyword};

pub(super) fn check(cx: &Context<'_, '_>, out: &mut Findings) {
    for stage in &cx.model.stages {
        // The RUN that fetched the list last, if nothing but that.
        let mut fetched: Option<&Instruction<'_>> = None;
        for step in cx.model.steps(stage).iter().filter(|s| s.keyword == Keyword::Run) {
            let (updates, installs) = apt(step);
            if installs
                && !updates
                && let Some(update) = fetched
            {
                report(cx, out, update, step);
                fetched = None;
            }
            if updates {
                fetched = (!installs).then_some(step);
            }
        }
    }
}

/// Whether a RUN fetches the lists of APT, and whether it installs from them.
fn apt(step: &Instruction<'_>) -> (bool, bool) {
    // Most RUNs have nothing to do with it, and need not be read.
    if !step.span.of(step.logical.source()).contains("apt") {
        return (false, false);
    }
    let (mut updates, mut installs) = (false, false);
    for command in invocations(step).iter().filter(|c| matches!(c.name(), "apt-get" | "apt")) {
        updates |= command.subcommand() == Some("update");
        installs |= matches!(command.subcommand(), Some("install" | "upgrade" | "dist-upgrade" | "full-upgrade"));
    }
    (updates, installs)
}

fn report(cx: &Context<'_, '_>, out: &mut Findings, update: &Instruction<'_>, install: &Instruction<'_>) {
    let message = "the package list is fetched in a RUN of its own, so a later install uses it however old it is";
    out.report(&meta::STALE_PACKAGE_LIST, update.span, message)
        .label("stays in the cache while the line below changes")
        .why(install.span, "installs from the list that is in the cache")
        .note(format!(
            "a changed {} runs alone: it brings versions from the day the list was fetched, or fails once the archive \
             has dropped them",
            cx.quote(install)
        ))
        .help("put both into one RUN: `apt-get update && apt-get install ...`");
}
