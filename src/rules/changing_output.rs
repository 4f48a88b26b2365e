//! LW304: a RUN that puts another value into the image each time it runs.

mod sources;
mod stamp;

use super::script::{Script, program, runs, scripts};
use super::{Context, Findings, meta};
use crate::model::{Base, ImageRef, Stage};
use crate::source::Span;
use crate::syntax::shell::{Command, CommandKind, Pipeline, Redirect, RedirectOp, SimpleCommand};
use crate::syntax::{Form, Instruction, Keyword, mount_fields};
use sources::Source;

pub(super) fn check(cx: &Context<'_, '_>, out: &mut Findings) {
    for stage in &cx.model.stages {
        for (at, step) in runs(cx, stage, sources::HINTS) {
            if !sources::may_be_in(step) {
                continue;
            }
            let numbers = says_random(step) && has_random(cx, stage, at);
            // What tells builds from each other is meant to change; a time that is compiled in is that of
            // the compilation, however old.
            let meant = |source: &Source, sink: &Sink| {
                stamp::is_stamp(source, sink.path.as_deref()) && (sink.compiled || !stamp::is_stale(cx, stage, at))
            };
            let found = scripts(step).iter().find_map(|script| kept(script, step, numbers, &meant));
            if let Some(found) = found {
                report(cx, out, &found);
            }
        }
    }
}

/// Whether `$RANDOM` may stand in `step`, be it over two lines.
fn says_random(step: &Instruction<'_>) -> bool {
    step.mentions("RANDOM") || step.joined().contains("RANDOM")
}

/// Whether the shell of the RUN at `at` sets `$RANDOM`. The shell of Debian does not; those of Alpine
/// and of the relatives of Fedora do.
fn has_random(cx: &Context<'_, '_>, stage: &Stage, at: usize) -> bool {
    let above = &cx.file.instructions[stage.steps.start..at];
    let bases = cx.model.lineage(stage).skip(1).map(|base| cx.model.steps(base));
    let shell = std::iter::once(above).chain(bases).find_map(|s| s.iter().rev().find(|s| s.keyword == Keyword::Shell));
    if let Some(Form::Exec(words)) = shell.and_then(|s| s.command()) {
        return words.first().is_some_and(|w| matches!(program(&w.text), "bash" | "ash" | "zsh" | "ksh"));
    }
    match cx.model.root(stage) {
        Base::Image(name) => {
            let image = ImageRef::parse(name);
            let of_family = BASH_AS_SH.contains(&image.name.rsplit('/').next().unwrap_or(image.name));
            of_family || name.contains("alpine")
        }
        _ => false,
    }
}

const BASH_AS_SH: &[&str] =
    &["fedora", "centos", "rockylinux", "almalinux", "oraclelinux", "amazonlinux", "ubi8", "ubi9", "busybox"];

/// A value that changes and stays in the image.
struct Found {
    /// Where it stands in the file.
    span: Span,
    source: Source,
    /// Whether it tells builds from each other.
    stamp: bool,
}

/// The first value that changes and that `script` keeps in the image, without those that are `meant` to.
fn kept(
    script: &Script<'_>,
    step: &Instruction<'_>,
    numbers: bool,
    meant: &dyn Fn(&Source, &Sink) -> bool,
) -> Option<Found> {
    let sources = sources::find(script, numbers);
    if sources.is_empty() {
        return None;
    }
    let inside = |span: Span| sources.iter().find(|s| span.contains(s.span));
    for pipeline in script.certain() {
        let source = sinks(script, pipeline, step).into_iter().find_map(|sink| {
            let source = if sink.whole { says(script, pipeline, &sources) } else { inside(sink.span) };
            let source = source.filter(|source| !meant(source, &sink))?;
            Some((source, stamp::is_stamp(source, sink.path.as_deref())))
        });
        if let Some((source, stamp)) = source {
            return Some(Found { span: script.source(source.span), source: source.clone(), stamp });
        }
    }
    None
}

/// A part of a pipeline whose words stay in the image.
struct Sink {
    span: Span,
    /// Whether it is the output of the whole pipeline that stays.
    whole: bool,
    /// Whether they become part of a program.
    compiled: bool,
    /// The file, if it is named.
    path: Option<String>,
}

fn sinks(script: &Script<'_>, pipeline: &Pipeline, step: &Instruction<'_>) -> Vec<Sink> {
    let mut sinks = Vec::new();
    let kept = |path: &str| stays(script, step, path);
    for command in &pipeline.commands {
        let targets = command.redirects.iter().filter(|r| is_output(script, r)).map(|r| script.outline(&r.target));
        if let Some(path) = targets.into_iter().find(|path| kept(path)) {
            sinks.push(Sink { span: pipeline.span, whole: true, compiled: false, path: Some(path.into_owned()) });
        }
        let CommandKind::Simple(simple) = &command.kind else { continue };
        let words: Vec<String> = simple.words.iter().map(|w| script.outline(w).into_owned()).collect();
        let Some(name) = words.first().map(|w| program(w)) else { continue };
        let mut operands = words.iter().skip(1).filter(|w| !w.starts_with('-'));
        let whole = match name {
            "tee" => operands.any(|w| kept(w)),
            "dd" => words.iter().filter_map(|w| w.strip_prefix("of=")).any(kept),
            "openssl" => words.windows(2).any(|w| w[0] == "-out" && kept(&w[1])),
            _ => false,
        };
        let in_place = name == "sed" && words.iter().any(|w| w.starts_with("-i") || w.starts_with("--in-place"));
        let compiled = (name == "go" && words.iter().any(|w| w.contains("-ldflags"))) || name == "make";
        if whole || in_place || compiled {
            let path = if name == "tee" { words.into_iter().skip(1).find(|w| kept(w)) } else { None };
            sinks.push(Sink { span: command.span, whole, compiled, path });
        }
    }
    sinks
}

/// The source whose value the pipeline prints: its own, or one among the words that it prints.
fn says<'s>(script: &Script<'_>, pipeline: &Pipeline, sources: &'s [Source]) -> Option<&'s Source> {
    pipeline
        .commands
        .iter()
        .filter(|c| prints(script, c))
        .find_map(|c| sources.iter().find(|s| c.span.contains(s.span) || in_heredoc(c, s)))
}

/// The body of a here-document stands behind the command.
fn in_heredoc(command: &Command, source: &Source) -> bool {
    command.redirects.iter().filter_map(|r| r.heredoc.as_ref()).any(|h| h.body.contains(source.span))
}

/// Whether the words of a command, or what it reads, are what it prints.
fn prints(script: &Script<'_>, command: &Command) -> bool {
    match &command.kind {
        CommandKind::Simple(simple) => name(script, simple).is_some_and(|n| PRINTERS.contains(&n.as_str())),
        CommandKind::Group(inner) | CommandKind::Subshell(inner) => inner.lists.iter().all(|l| {
            std::iter::once(&l.first)
                .chain(l.rest.iter().map(|(_, p)| p))
                .flat_map(|p| &p.commands)
                .all(|c| prints(script, c))
        }),
        _ => false,
    }
}

fn name(script: &Script<'_>, simple: &SimpleCommand) -> Option<String> {
    simple.name(script.text).map(|n| program(&n).to_owned())
}

const PRINTERS: &[&str] = &[
    "echo",
    "printf",
    "cat",
    "date",
    "uuidgen",
    "openssl",
    "pwgen",
    "head",
    "tr",
    "dd",
    "base64",
    "od",
    "xxd",
    "hexdump",
    "fold",
    "cut",
    "md5sum",
    "sha1sum",
    "sha256sum",
    "tee",
    "strings",
    "sed",
    "awk",
    "envsubst",
];

fn is_output(script: &Script<'_>, redirect: &Redirect) -> bool {
    let stdout = redirect.fd.is_none_or(|fd| fd.of(script.text) == "1");
    stdout
        && matches!(
            redirect.op,
            RedirectOp::Output
                | RedirectOp::Append
                | RedirectOp::Clobber
                | RedirectOp::OutputBoth
                | RedirectOp::AppendBoth
        )
}

/// Whether what is written to `path` gets into the layer: it is no device, it is not below a mount, and
/// the script does not take it away.
fn stays(script: &Script<'_>, step: &Instruction<'_>, path: &str) -> bool {
    if path.is_empty() || path.starts_with('$') || ["/dev/", "/proc/", "/sys/"].iter().any(|p| path.starts_with(p)) {
        return false;
    }
    let mounts = step.flags.iter().filter(|f| f.name() == "mount").filter_map(|f| mount_fields(f.value()?));
    let below = |target: &str| path.starts_with(target);
    if mounts
        .flatten()
        .any(|f| matches!(f.key, "target" | "dst" | "destination") && f.value.as_deref().is_some_and(below))
    {
        return false;
    }
    let mut removed = false;
    script.tree.walk(|_, simple, _| {
        let words = || simple.words.iter().map(|w| script.outline(w));
        let is_rm = name(script, simple).is_some_and(|n| matches!(n.as_str(), "rm" | "shred" | "unlink"));
        removed |= is_rm && words().skip(1).any(|w| w.len() > 1 && path.starts_with(w.trim_end_matches('*')));
    });
    !removed
}

fn report(cx: &Context<'_, '_>, out: &mut Findings, found: &Found) {
    let name = cx.plain(&found.source.name);
    let message = if found.stamp {
        format!(
            "{name} marks the build, but the cache keeps an old mark: a change of the sources does not run this again"
        )
    } else {
        format!("{name} gives a value once, when the image is built: all containers share it, and the cache keeps it")
    };
    let finding = out.report(&meta::CHANGING_OUTPUT, found.span, message).label("goes into the image");
    if found.stamp {
        finding.note("no sources stand above, so that this runs again only when its own line changes").help(
            "put it below the COPY of the sources, or give the time of the last commit as a build argument as far down \
             as it can be",
        );
    } else {
        finding
            .note("everybody who has the image knows the value")
            .note("each run gives another layer, so what takes its files from here has to be built again")
            .help("make the value when the container starts");
    }
}
