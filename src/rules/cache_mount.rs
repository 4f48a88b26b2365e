//! LW109: a package manager that fetches everything again, because nothing keeps its cache.

mod cleaning;
mod managers;
mod mend;

use super::script::{Script, program, runs, scripts};
use super::{Context, Findings, meta};
use crate::config::Builder;
use crate::model::{Base, Stage};
use crate::source::Span;
use crate::syntax::shell::{CommandKind, SimpleCommand};
use crate::syntax::{Instruction, Keyword, mount_fields};
use managers::{MANAGERS, Manager};
use std::cell::OnceCell;

pub(super) fn check(cx: &Context<'_, '_>, out: &mut Findings) {
    // The classic builder has no mounts, and those of Buildah were not measured.
    if cx.builder != Builder::Buildkit {
        return;
    }
    let lists = OnceCell::new();
    for stage in &cx.model.stages {
        for (at, step) in runs(cx, stage, managers::HINTS) {
            let run = Run { cx, stage, at, step, scripts: scripts(step), lists: &lists };
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
    /// Whether each RUN of the file that installs with APT fetches the lists first, once it is known.
    lists: &'r OnceCell<bool>,
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
        let text = self.cx.file.text;
        manager.settings.iter().copied().find(|s| text.contains(s))
    }

    /// The steps up to this one, the last first, those of the stages that it starts from too.
    fn above(&self) -> impl Iterator<Item = &Instruction<'_>> {
        let mut next = Some((self.stage, self.at + 1));
        let stages = std::iter::from_fn(move || {
            let (stage, end) = next?;
            next = match stage.base {
                Base::Stage(index) => Some(&self.cx.model.stages[index]).map(|s| (s, s.steps.end)),
                _ => None,
            };
            Some(&self.cx.file.instructions[stage.steps.start..end])
        });
        stages.flat_map(|steps| steps.iter().rev())
    }

    /// Whether commands run as root here, as far as the file tells.
    fn is_root(&self) -> bool {
        self.above().find(|s| s.keyword == Keyword::User).is_none_or(|user| {
            let name = user.single().map_or("", |w| w.text.split(':').next().unwrap_or_default());
            matches!(name, "root" | "0")
        })
    }

    /// The image that the stage starts from, through other stages.
    fn image(&self) -> Option<&str> {
        let mut base = &self.stage.base;
        loop {
            match base {
                Base::Image(name) => return Some(name),
                Base::Stage(index) => base = &self.cx.model.stages[*index].base,
                _ => return None,
            }
        }
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
