//! LW104: dependencies installed below a COPY of all sources.

mod guess;
mod lines;
mod remedy;
mod shape;
#[cfg(test)]
mod tests;

use super::listed::listed;
use super::{Context, Findings, layout, meta};
use crate::diagnostic::{Applicability, Fix};
use crate::model::install::{Install, Manager, StageInstalls};
use crate::model::{AbsolutePath, Stage};
use remedy::Remedy;
use std::cell::OnceCell;
use std::collections::HashSet;

pub(super) use lines::{Item, lines};
pub(super) use remedy::is_apart;
pub(super) use shape::{Broad, BroadByPlace, by_place};

pub(super) fn check(cx: &Context<'_, '_>, out: &mut Findings) {
    // What looks like an instruction in a file that no builder accepts may be a template's business.
    if !cx.file.errors.is_empty() {
        return;
    }
    for stage in cx.model.stages.iter().filter(|s| !cx.model.inherits_triggers(s)) {
        let read = StageInstalls::may_be(cx.model, stage).then(|| cx.installs(stage)).flatten();
        if let Some(read) = read.filter(|read| read.installs()) {
            Checker { cx, stage, read, broad: OnceCell::new(), workspace: OnceCell::new() }.check(out);
        }
    }
}

struct Checker<'k, 'c, 'a> {
    cx: &'k Context<'c, 'a>,
    stage: &'k Stage,
    read: &'k StageInstalls,
    broad: OnceCell<BroadByPlace>,
    workspace: OnceCell<bool>,
}

impl Checker<'_, '_, '_> {
    /// The COPY and ADD instructions that bring whole folders.
    fn broad(&self) -> &BroadByPlace {
        self.broad.get_or_init(|| by_place(self.cx, self.stage, self.read))
    }

    /// Whether the stage speaks of several packages of one repository.
    fn has_workspace(&self) -> bool {
        *self.workspace.get_or_init(|| guess::has_workspace(self.cx.model.steps(self.stage)))
    }

    fn check(&self, out: &mut Findings) {
        // What is installed already: the first install is the one that takes long.
        let mut done: HashSet<Work<'_>> = self.read.inherited.iter().flat_map(|run| &run.installs).map(work).collect();
        for (run, found) in self.read.runs.iter().enumerate() {
            let Some(found) = found else { continue };
            let mut open = found.installs.iter().filter(|i| !found.mounted && !done.contains(&work(i)));
            let broad = open.find_map(|install| {
                let broad = Broad::above(self, run, install)?;
                Some((install, broad))
            });
            if let Some((install, broad)) = broad {
                self.report(out, run, install, &broad);
            }
            done.extend(found.installs.iter().map(work));
        }
    }

    fn report(&self, out: &mut Findings, run: usize, install: &Install, broad: &Broad) {
        let Some(remedy) = Remedy::find(self, run, broad) else { return };
        let steps = self.cx.model.steps(self.stage);
        let (copy, step) = (&steps[broad.step], &steps[run]);
        let quoted = self.cx.quote(copy);
        let command = &install.command;
        let first = if remedy.names.is_empty() { "its manifests".to_owned() } else { list(&remedy.names) };
        let remedied = if remedy.is_ready { "run it above".to_owned() } else { format!("copy {first} first") };
        let message =
            format!("`{command}` reinstalls all dependencies whenever any file of {quoted} changes: {remedied}");
        let mut finding = out
            .report(&meta::INSTALL_BELOW_SOURCES, step.span, message)
            .label("runs again with each change of the files")
            .why(copy.span, "brings files that change");
        if let Some(seconds) = self.cx.effects(self.stage).effects[run].seconds {
            finding = finding.note(format!("each change costs about {seconds:.0} s here (an estimate)"));
        }
        let plan = match remedy.plan {
            Ok(plan) => plan,
            Err(help) => {
                finding.help(help);
                return;
            }
        };
        let title = if plan.lines.is_empty() {
            format!("run `{command}` above {quoted}")
        } else {
            format!("copy {first} above `{command}`, and move {quoted} below it")
        };
        let applicability = if plan.doubts.is_empty() { Applicability::Safe } else { Applicability::Unsafe };
        for doubt in plan.doubts.iter().take(3) {
            finding = finding.note(format!("the fix is unsafe: {doubt}"));
        }
        if !plan.doubts.is_empty() {
            finding = finding.note(format!(
                "with the fix, `{command}` runs before the other files are there: build once, and see that it installs the same"
            ));
        }
        let position = |step: usize| self.stage.steps.start + step;
        let edits = layout::split(self.cx, &plan.lines, position(run), position(broad.step));
        finding.help(title.clone()).fix(Fix::new(title, applicability, edits));
    }
}

/// What an install does: a second one that does the same has little left to do.
type Work<'i> = (Manager, &'i AbsolutePath, &'i [AbsolutePath]);

fn work(install: &Install) -> Work<'_> {
    let named = if install.manager == Manager::Pip { &install.named[..] } else { &[] };
    (install.manager, &install.folder, named)
}

/// The names of manifests; of many only the number.
fn list(names: &[String]) -> String {
    match names.len() {
        0..4 => listed(names.iter().map(String::as_str)),
        n => format!("its {n} manifests"),
    }
}
