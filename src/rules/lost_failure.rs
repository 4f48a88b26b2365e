//! DL4006: a pipe that hides the failure of its left side.

use super::runs::ShellRun;
use super::script::Script;
use super::{Context, Findings, meta};
use crate::diagnostic::{Applicability, Edit, Fix};
use crate::model::ImageRef;
use crate::source::Span;
use crate::syntax::shell::{self, Command, CommandKind, Pipeline, Visitor, WordPart};

pub(super) fn check(cx: &Context<'_, '_>, out: &mut Findings) {
    let mut mended = None;
    for run in cx.runs().iter().filter(|run| run.mentions("|")) {
        let set = run.shell.is_some_and(|words| words.iter().any(|w| w.text.contains("pipefail")));
        if set || !run.is_posix() || is_windows(cx, run) {
            continue;
        }
        let Some(pipe) = run.scripts().iter().find_map(|script| unseen(script, run)) else { continue };
        let finding = out
            .report(&meta::LOST_FAILURE, pipe, "only the last command of this pipe can fail the build")
            .note("when a command on the left fails, the build goes on with what came through, and the cache keeps that")
            .help("set `pipefail` with SHELL above: `SHELL [\"/bin/bash\", \"-o\", \"pipefail\", \"-c\"]`, or /bin/ash on Alpine");
        // One SHELL mends all that stands below it in the stage.
        if mended != Some(run.stage)
            && let Some(fix) = fix(cx, run)
        {
            finding.fix(fix);
        }
        mended = Some(run.stage);
    }
}

fn is_windows(cx: &Context<'_, '_>, run: &ShellRun<'_, '_>) -> bool {
    cx.model.image(run.stage).is_some_and(|image| image.contains("windows") || image.contains("nanoserver"))
}

/// The pipe of the first pipeline that may hide a failure.
fn unseen(script: &Script<'_>, run: &ShellRun<'_, '_>) -> Option<Span> {
    let mut pipelines = Pipelines(Vec::new());
    pipelines.of(script.tree);
    script.tree.accept(&mut pipelines, shell::Context::default());
    let set = run.calls().iter().find(|c| c.name == "set" && c.arguments.iter().any(|a| a.text == "pipefail"));
    let hides = |p: &&&Pipeline| {
        let left = &p.commands[..p.commands.len() - 1];
        !left.iter().all(|c| never_fails(script, c))
    };
    let first = pipelines.0.iter().filter(|p| !p.pipes.is_empty()).filter(hides).min_by_key(|p| p.span.start)?;
    let span = script.source(first.span);
    set.is_none_or(|set| set.span.start > span.start).then_some(span)
}

/// Whether a command has nothing that can go wrong. `yes` ends when nobody listens any more, which is a
/// failure only with `pipefail`.
fn never_fails(script: &Script<'_>, command: &Command) -> bool {
    let simple = match &command.kind {
        CommandKind::Simple(simple) => simple,
        CommandKind::Group(inner) => {
            let mut pipelines = Pipelines(Vec::new());
            pipelines.of(inner);
            return pipelines.0.iter().flat_map(|p| &p.commands).all(|c| never_fails(script, c));
        }
        _ => return false,
    };
    let name = simple.name(script.text);
    let harmless = name.is_some_and(|n| matches!(n.as_ref(), "echo" | "printf" | "yes" | "true" | ":"));
    harmless && command.redirects.is_empty()
}

/// Collects the pipelines of a script, at any depth.
struct Pipelines<'s>(Vec<&'s Pipeline>);

impl<'s> Pipelines<'s> {
    fn of(&mut self, script: &'s shell::Script) {
        for list in &script.lists {
            self.0.push(&list.first);
            self.0.extend(list.rest.iter().map(|(_, pipeline)| pipeline));
        }
    }
}

impl<'s> Visitor<'s> for Pipelines<'s> {
    fn command(&mut self, command: &'s Command, _: shell::Context) {
        match &command.kind {
            CommandKind::Subshell(script) | CommandKind::Group(script) => self.of(script),
            CommandKind::If { branches, otherwise } => {
                branches.iter().for_each(|b| {
                    self.of(&b.condition);
                    self.of(&b.body);
                });
                otherwise.iter().for_each(|script| self.of(script));
            }
            CommandKind::While { branch, .. } => {
                self.of(&branch.condition);
                self.of(&branch.body);
            }
            CommandKind::For(clause) => self.of(&clause.body),
            CommandKind::Case(case) => case.items.iter().for_each(|item| self.of(&item.body)),
            _ => {}
        }
    }

    fn part(&mut self, part: &'s WordPart, _: shell::Context) {
        if let WordPart::Command { script, .. } | WordPart::ProcessSubstitution { script, .. } = part {
            self.of(script);
        }
    }
}

/// A SHELL above the RUN, where the base is known to have that shell.
fn fix(cx: &Context<'_, '_>, run: &ShellRun<'_, '_>) -> Option<Fix> {
    if run.trigger || run.shell.is_some() || !cx.file.errors.is_empty() {
        return None;
    }
    let below = cx.runs_below(&cx.model.stages[run.stage], run.at);
    if changes(run) || below.iter().any(changes) {
        return None;
    }
    let image = ImageRef::parse(cx.model.image(run.stage)?);
    let name = image.name.strip_prefix("docker.io/").unwrap_or(image.name);
    let name = name.strip_prefix("library/").unwrap_or(name);
    let alpine = name == "alpine" || image.tag.is_some_and(|t| t.contains("alpine"));
    if !WITH_SHELL.contains(&name) {
        return None;
    }
    let shell =
        if alpine { r#"["/bin/ash", "-o", "pipefail", "-c"]"# } else { r#"["/bin/bash", "-o", "pipefail", "-c"]"# };
    let newline = cx.added_newline();
    let edit = Edit::insert(run.instruction.span.start, format!("SHELL {shell}{newline}"));
    Some(Fix::new("set pipefail for what follows", Applicability::Unsafe, vec![edit]))
}

/// Whether a RUN may do something else with the other shell.
fn changes(run: &ShellRun<'_, '_>) -> bool {
    run.calls().iter().any(|call| match call.name.as_ref() {
        // These end early, and what feeds them then fails.
        "head" | "yes" | "sed" | "awk" => call.context.piped,
        "grep" => call.context.piped && call.has(&["-q", "-m"]),
        // The one of dash makes a line break of `\n`, that of bash does not.
        "echo" => call.arguments.iter().any(|a| a.text.contains('\\')),
        _ => false,
    })
}

/// Official images made from Debian, Ubuntu, Fedora and their kin, which have bash, or from Alpine.
const WITH_SHELL: &[&str] = &[
    "alpine",
    "almalinux",
    "amazonlinux",
    "buildpack-deps",
    "centos",
    "debian",
    "fedora",
    "golang",
    "node",
    "openjdk",
    "oraclelinux",
    "php",
    "python",
    "rockylinux",
    "ruby",
    "rust",
    "ubuntu",
];
