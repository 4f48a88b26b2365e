//! The fix of LW109: the mounts, and what has to go so that they are worth something.

use super::cleaning::removals;
use super::managers::{Manager, within};
use super::{Run, words};
use crate::diagnostic::{Applicability, Edit, Fix};
use crate::model::ImageRef;
use crate::rules::script::{runs, scripts};
use crate::source::Span;
use crate::syntax::{Instruction, Keyword};

/// The settings of Debian's and Ubuntu's images that remove each archive once it is installed.
const DOCKER_CLEAN: &str = "/etc/apt/apt.conf.d/docker-clean";

/// The mounts of `manager` for `run`; none where it is not sure that the build works as before.
pub(super) fn fix(run: &Run<'_, '_, '_>, manager: &'static Manager) -> Option<Fix> {
    let [script] = &run.scripts[..] else { return None };
    let image =
        run.cx.model.image(run.stage.index).map(|name| ImageRef::parse(name).name.rsplit('/').next().unwrap_or(name));
    let known = manager.images.is_empty() || image.is_some_and(|i| manager.images.contains(&i));
    // A here-document may end in the middle of what is to be removed.
    let readable = script.tree.errors.is_empty() && run.cx.file.errors.is_empty();
    // With sudo, somebody else than root is the user of the base image.
    let below = run.whole.below(run.cx, run.at);
    let root = below.root && !run.step.span.of(run.cx.file.text).contains("sudo");
    let place = known && root && run.setting(manager).is_none();
    if !manager.mends
        || !readable
        || !place
        || run.whole.is_needed(manager, || is_needed(run, manager))
        || (manager.name == "apt-get" && !run.whole.lists.get_or_init(|| has_lists(run)))
    {
        return None;
    }
    let mut edits = removals(run, script, manager)?;
    let heredoc = !run.step.heredocs.is_empty();
    if run.step.heredocs.len() > 1 {
        return None;
    }
    let text = run.cx.file.text;
    let newline = run.cx.added_newline();
    let at = run.step.flags.last().map_or(run.step.keyword_span.end, |f| f.span.end);
    let start = script.source(script.tree.lists.first()?.span).start;
    let clean = (manager.name == "apt-get" && !below.keeps_archives).then(|| format!("rm -f {DOCKER_CLEAN}"));
    let flags = mounts(run.step, manager, newline);
    let between = Span::new(at, start);
    if !heredoc && between.of(text).trim_matches([' ', '\t']).is_empty() {
        // The script starts on this line, and goes to one of its own.
        let joint = |before: String| format!("{before} \\{newline}    ");
        let clean = clean.map_or(String::new(), |c| joint(format!("{c} &&")));
        edits.push(Edit::replace(between, joint(flags) + &clean));
    } else {
        edits.push(Edit::insert(at, flags));
        if let Some(clean) = clean {
            let line = &text[..start as usize];
            let indent = &line[line.rfind('\n').map_or(0, |i| i + 1)..];
            let end = if heredoc { "" } else { " && \\" };
            edits.push(Edit::insert(start, format!("{clean}{end}{newline}{indent}")));
        }
    }
    Some(Fix::new(format!("mount the cache of {}", manager.name), Applicability::Unsafe, edits))
}

/// The flags, each on a line of its own.
fn mounts(step: &Instruction<'_>, manager: &Manager, newline: &str) -> String {
    let sharing = if manager.locked { ",sharing=locked" } else { "" };
    let flag = |target: &&str| format!("--mount=type=cache,target={target}{sharing}");
    let flags: Vec<String> = manager.targets.iter().map(flag).collect();
    let apart = if step.heredocs.is_empty() { format!(" \\{newline}    ") } else { " ".to_owned() };
    format!("{}{}", if step.flags.is_empty() { " " } else { &apart }, flags.join(&apart))
}

/// Whether each RUN of the file that installs with APT fetches the lists first: a mount hides those of
/// the steps above from this one, and those of this one from the steps below.
fn has_lists(run: &Run<'_, '_, '_>) -> bool {
    let stages = run.cx.model.stages.iter();
    let mut steps = stages.flat_map(|stage| runs(run.cx, stage, &["apt"]));
    steps.all(|(_, step)| {
        let (mut updated, mut lacks) = (false, false);
        for script in scripts(step) {
            script.tree.walk(|_, simple, _| {
                let words = words(&script, simple);
                let apt = words.first().is_some_and(|w| matches!(w.as_str(), "apt-get" | "apt" | "aptitude"));
                updated |= apt && words.iter().any(|w| w == "update");
                lacks |= apt && !updated && INSTALLS.iter().any(|i| words.iter().any(|w| w == i));
            });
        }
        !lacks
    })
}

const INSTALLS: &[&str] = &["install", "upgrade", "dist-upgrade", "full-upgrade", "build-dep"];

/// Whether something besides the commands with the mount looks for what was fetched: another stage, or
/// the container when it runs.
fn is_needed(run: &Run<'_, '_, '_>, manager: &Manager) -> bool {
    let copied = |step: &Instruction<'_>| {
        step.keyword == Keyword::Copy
            && step.sources().iter().chain(step.destination()).any(|w| {
                let path = w.text.trim_end_matches('/');
                path.starts_with('/')
                    && path.len() > 1
                    && manager.targets.iter().any(|t| within(path, t) || within(t, path))
            })
    };
    let starts = |step: &Instruction<'_>| {
        manager.kept
            && matches!(step.keyword, Keyword::Cmd | Keyword::Entrypoint)
            && step.span.of(run.cx.file.text).contains(manager.name)
    };
    // A mount may be emptied at any time, so a step without the network can't rely on it.
    let offline = OFFLINE.iter().any(|word| run.cx.file.text.contains(word));
    offline || run.cx.instructions().any(|step| copied(step) || starts(step))
}

const OFFLINE: &[&str] = &["--network=none", "--offline", "GOPROXY=off", "--no-index"];
