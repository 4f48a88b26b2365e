//! DL3019: `apk add` that keeps the index of packages.

use super::mounted::{is_mounted, within};
use super::runs::ShellRun;
use super::{Context, Findings, meta};
use crate::diagnostic::{Applicability, Edit, Fix};
use crate::source::Span;
use crate::syntax::shell::AndOrKind;

const FOLDERS: [&str; 3] = ["/var/cache/apk", "/etc/apk/cache", "/lib/apk/db"];

pub(super) fn check(cx: &Context<'_, '_>, out: &mut Findings) {
    for run in cx.runs().iter().filter(|run| run.mentions("apk") && cx.model.is_kept(run.stage)) {
        let removed = || {
            run.calls().iter().any(|c| {
                let gone = |path: &str| {
                    let folder = path.split(['*', '{']).next().unwrap_or(path).trim_end_matches('/');
                    within(folder, FOLDERS[0]) || within(folder, FOLDERS[1]) || folder == "/var/cache"
                };
                c.name == "rm" && c.arguments.iter().any(|a| gone(&a.text))
            })
        };
        for call in run.calls().iter().filter(|c| c.name == "apk" && !c.has(&["--no-cache", "--no-network"])) {
            let mut operands = call.operands(&["-t", "--virtual", "-X", "--repository", "-p", "--root", "--arch"]);
            let Some(add) = operands.next().filter(|a| a.text == "add") else { continue };
            if removed() || is_mounted(run.instruction, |target| FOLDERS.iter().any(|f| within(f, target))) {
                continue;
            }
            let finding = out
                .report(&meta::KEPT_APK_INDEX, call.name_span.to(add.span), "the index of packages stays in the image")
                .note("it is some megabytes that nothing uses, and old when something does")
                .help(
                    "add `--no-cache`, which fetches the index and keeps it nowhere; then `apk update` and `-U` can go",
                );
            if let Some(mut edits) = without_update(run) {
                edits.push(call.insert(add.span.end, "--no-cache"));
                finding.fix(Fix::new("keep no index", Applicability::Unsafe, edits));
            }
        }
    }
}

/// Takes out an `apk update` at the start, which would leave the index all the same. None if one stands
/// elsewhere.
fn without_update(run: &ShellRun<'_, '_>) -> Option<Vec<Edit>> {
    let updates =
        |c: &&super::calls::Call<'_>| c.name == "apk" && c.subcommand(&["-X", "--repository"]) == Some("update");
    let Some(update) = run.calls().iter().find(updates) else { return Some(Vec::new()) };
    let [script] = run.scripts() else { return None };
    let list = script.tree.lists.first()?;
    let (op, next) = list.rest.first()?;
    let gone = Span::new(update.span.start, script.source(next.span).start);
    let first = op.kind == AndOrKind::And && script.source(list.first.span) == update.span;
    let comment = run.instruction.inner.iter().any(|t| t.span.overlaps(gone));
    // The other calls of this RUN would take it out once more.
    let only = run.calls().iter().filter(|c| c.name == "apk").count() == 2;
    (first && !comment && only).then(|| vec![Edit::delete(gone)])
}
