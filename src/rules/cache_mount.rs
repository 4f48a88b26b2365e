//! LW109: a package manager that fetches everything again, because nothing keeps its cache.

mod cleaning;
mod managers;
mod mend;
mod whole;

use super::script::{Script, program, runs, scripts};
use super::{Context, Findings, meta};
use crate::config::Builder;
use crate::model::Stage;
use crate::source::Span;
use crate::syntax::shell::{CommandKind, SimpleCommand};
use crate::syntax::{Instruction, mount_fields};
use managers::{MANAGERS, Manager};
use whole::Whole;

pub(super) fn check(cx: &Context<'_, '_>, out: &mut Findings) {
    // The classic builder has no mounts, and those of Buildah were not measured.
    if cx.builder != Builder::Buildkit {
        return;
    }
    let whole = Whole::default();
    for stage in &cx.model.stages {
        for (at, step) in runs(cx, stage, managers::HINTS) {
            let run = Run { cx, stage, at, step, scripts: scripts(step), whole: &whole };
            for (manager, span) in run.installs() {
                if !run.is_covered(manager) {
                    report(&run, out, manager, span);
                }
            }
        }
    }
}

/// A RUN with its place.
struct Run<'r, 'c, 'a> {
    cx: &'r Context<'c, 'a>,
    stage: &'r Stage,
    /// The position among the instructions.
    at: usize,
    step: &'c Instruction<'a>,
    scripts: Vec<Script<'c>>,
    whole: &'r Whole,
}

impl Run<'_, '_, '_> {
    /// The managers that fetch packages here, each with the place of its first command.
    fn installs(&self) -> Vec<(&'static Manager, Span)> {
        let mut found: Vec<(&'static Manager, Span)> = Vec::new();
        for script in &self.scripts {
            for command in script.certain().into_iter().flat_map(|p| &p.commands) {
                let CommandKind::Simple(simple) = &command.kind else { continue };
                let words = words(script, simple);
                let Some(manager) = MANAGERS.iter().find(|m| m.fetches(&words)) else { continue };
                if !found.iter().any(|(m, _)| m.name == manager.name) {
                    found.push((manager, script.source(command.span)));
                }
            }
        }
        found
    }

    /// Whether a cache mount is there for the manager, or one whose place the file does not tell.
    fn is_covered(&self, manager: &Manager) -> bool {
        let moved = self.setting(manager).is_some();
        self.step.flags.iter().filter(|f| f.name() == "mount").any(|flag| {
            let Some(fields) = flag.value().and_then(mount_fields) else { return true };
            let get = |keys: &[&str]| fields.iter().find(|f| keys.contains(&f.key)).and_then(|f| f.value.as_deref());
            if get(&["type"]) != Some("cache") {
                return false;
            }
            let target = get(&["target", "dst", "destination"]).unwrap_or_default();
            moved || !target.starts_with('/') || target.contains('$') || manager.uses(target)
        })
    }

    /// The variable that gives the manager another cache, or none, if the file or the base sets one.
    fn setting(&self, manager: &Manager) -> Option<&'static str> {
        self.whole.setting(self.cx.file.text, manager)
    }
}

/// The words of a command, the name of the program first, without what only runs it.
fn words(script: &Script<'_>, simple: &SimpleCommand) -> Vec<String> {
    let mut words: Vec<String> = simple.words.iter().map(|w| script.outline(w).into_owned()).collect();
    if words.first().is_some_and(|w| w == "sudo") {
        words.remove(0);
    }
    if words.len() > 2 && program(&words[0]).starts_with("python") && words[1] == "-m" {
        words.drain(..2);
    }
    if let Some(first) = words.first_mut() {
        *first = program(first).to_owned();
    }
    words
}

fn report(run: &Run<'_, '_, '_>, out: &mut Findings, manager: &'static Manager, span: Span) {
    let name = manager.name;
    let message = format!("{name} fetches everything again each time this runs, because no mount keeps its cache");
    let fix = mend::fix(run, manager);
    let place = manager.targets.first().copied().unwrap_or("FOLDER");
    let finding = out
        .report(&meta::NO_CACHE_MOUNT, span, message)
        .label("starts with an empty cache")
        .note("one package more, and all the others are downloaded with it");
    let finding = match &fix {
        Some(_) => finding.note(format!("with the mount, {place} is no longer a part of the image")),
        None => finding,
    };
    let finding = finding.help(match manager.trap {
        "" => format!("add `--mount=type=cache,target={place}`, where the cache of {name} is for root by default"),
        trap => format!("add `--mount=type=cache,target={place}`; {trap}"),
    });
    if let Some(fix) = fix {
        finding.fix(fix);
    }
}
