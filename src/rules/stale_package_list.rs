//! LW301: a list of packages that is fetched in one RUN and used in another.

use super::{Context, Findings, meta};
use crate::model::PackageList;
use crate::syntax::{Instruction, Keyword};

pub(super) fn check(cx: &Context<'_, '_>, out: &mut Findings) {
    for stage in &cx.model.stages {
        // One fetches and another installs.
        let concerned = cx.model.steps(stage).iter().filter(|s| s.keyword == Keyword::Run && s.mentions("apt"));
        if concerned.take(2).count() < 2 {
            continue;
        }
        // The RUN that fetched the list last, if nothing but that.
        let mut fetched: Option<&Instruction<'_>> = None;
        for step in cx.model.steps(stage).iter().filter(|s| s.keyword == Keyword::Run) {
            let list = PackageList::of(step);
            if list.used
                && !list.fetched
                && let Some(update) = fetched
            {
                report(cx, out, update, step);
                fetched = None;
            }
            if list.fetched {
                fetched = (!list.used).then_some(step);
            }
        }
    }
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
