//! LW303: a download from a URL that moves, kept in the cache.

use super::refreshed::is_refreshed;
use super::script::{Script, program, runs, scripts};
use super::verified::verifies;
use super::{Context, Findings, meta};
use crate::source::Span;
use crate::syntax::Instruction;
use crate::syntax::shell::{self, Command, CommandKind, Pipeline, SimpleCommand, Visitor};

mod url;

pub(super) fn check(cx: &Context<'_, '_>, out: &mut Findings) {
    for stage in &cx.model.stages {
        for (at, step) in runs(cx, stage, &["curl", "wget"]) {
            let found = downloads(step);
            if !found.is_empty() && !is_refreshed(cx, stage, at) {
                report(cx, out, &found);
            }
        }
    }
}

/// A URL that moves, and where it stands.
struct Download {
    span: Span,
    /// The part that says so: `latest`, `master`.
    word: String,
}

/// The downloads of `step`, unless it checks what it gets.
fn downloads(step: &Instruction<'_>) -> Vec<Download> {
    let mut found = Vec::new();
    // Most RUNs fetch nothing that moves, and need not be read.
    if !url::may_move(step.span.of(step.logical.source())) {
        return found;
    }
    for script in scripts(step) {
        let certain = script.certain_commands();
        let mut reader = Reader { script: &script, certain: &certain, found: Vec::new(), verified: false };
        script.tree.accept(&mut reader, shell::Context::default());
        if reader.verified {
            return Vec::new();
        }
        found.extend(reader.found);
    }
    found
}

struct Reader<'s> {
    script: &'s Script<'s>,
    /// The commands that run whenever nothing fails.
    certain: &'s [Span],
    found: Vec<Download>,
    /// Whether a command looks at what came.
    verified: bool,
}

impl<'s> Visitor<'s> for Reader<'s> {
    fn simple(&mut self, command: &'s Command, simple: &'s SimpleCommand, _: shell::Context) {
        let Some(name) = simple.name(self.script.text) else { return };
        let name = program(&name);
        let words = || simple.words.iter().skip(1).map(|w| self.script.outline(w).into_owned());
        self.verified |= verifies(name, words());
        // Which branch runs, only the build knows.
        let certain = || self.certain.iter().any(|c| c.contains(command.span));
        if matches!(name, "curl" | "wget") && certain() && is_download(name, words()) {
            self.download(simple);
        }
    }
}

impl Reader<'_> {
    fn download(&mut self, simple: &SimpleCommand) {
        for word in simple.words.iter().skip(1) {
            let outline = self.script.outline(word);
            let outline = outline.strip_prefix("--url=").unwrap_or(&outline);
            let Some(moving) = url::moving_part(outline) else { continue };
            if url::is_script(outline) && self.installs_a_version(outline) {
                continue;
            }
            self.found.push(Download { span: self.script.source(word.span), word: moving });
        }
    }

    /// Whether the script at `url` is told which version to install.
    fn installs_a_version(&self, url: &str) -> bool {
        let file = url.rsplit('/').next().unwrap_or(url);
        let mut told = Told { script: self.script, file, told: false };
        self.script.tree.accept(&mut told, shell::Context::default());
        told.told
            || self.script.tree.lists.iter().any(|list| {
                std::iter::once(&list.first)
                    .chain(list.rest.iter().map(|(_, p)| p))
                    .any(|p| self.pipes_a_version(p, url))
            })
    }

    /// Whether a pipeline feeds `url` to a command with a version among its words.
    fn pipes_a_version(&self, pipeline: &Pipeline, url: &str) -> bool {
        let text = pipeline.span.of(self.script.text);
        pipeline.commands.len() > 1
            && text.contains(url.split('$').next().unwrap_or(url))
            && pipeline.commands[1..].iter().any(|command| match &command.kind {
                CommandKind::Simple(simple) => says_version(self.script, simple),
                _ => false,
            })
    }
}

/// Looks for a command that runs `file` with a version.
struct Told<'s> {
    script: &'s Script<'s>,
    file: &'s str,
    told: bool,
}

impl<'s> Visitor<'s> for Told<'s> {
    fn simple(&mut self, _: &'s Command, simple: &'s SimpleCommand, _: shell::Context) {
        let runs = simple.words.iter().take(3).any(|w| {
            let text = self.script.outline(w);
            !text.contains("://") && text.rsplit('/').next() == Some(self.file)
        });
        self.told |= runs && says_version(self.script, simple);
    }
}

fn says_version(script: &Script<'_>, simple: &SimpleCommand) -> bool {
    let values = simple.assignments.iter().filter_map(|a| a.value.as_ref());
    values.chain(&simple.words).any(|w| url::has_version(&script.outline(w)))
}

/// Whether curl or wget is asked for a file that is kept: not for a request that tells the server
/// something, not to see whether it answers, not for a listing of headers.
pub(super) fn is_download(name: &str, words: impl Iterator<Item = String>) -> bool {
    let mut after_output = false;
    for word in words {
        if std::mem::take(&mut after_output) && word == "/dev/null" {
            return false;
        }
        after_output = matches!(word.as_str(), "-o" | "-O" | "--output" | "--output-document");
        let long = word.split('=').next().unwrap_or(&word);
        // One letter says different things to the two programs.
        let data = DATA.contains(&long) || long.starts_with("--data") || (name == "curl" && is_data(&word));
        if data || word.ends_with("=/dev/null") {
            return false;
        }
    }
    true
}

const DATA: &[&str] =
    &["--request", "--form", "--json", "--upload-file", "--head", "--spider", "--post-data", "--post-file", "--method"];

/// Whether a word holds one of curl's letters for sending data, or for asking for the headers only.
fn is_data(word: &str) -> bool {
    !word.starts_with("--")
        && (["-X", "-d", "-F", "-T"].iter().any(|f| word.starts_with(f))
            || (word.starts_with('-') && word.contains('I')))
}

fn report(cx: &Context<'_, '_>, out: &mut Findings, found: &[Download]) {
    let [first, others @ ..] = found else { return };
    let word = cx.plain(&first.word);
    let message = format!("this URL follows {word}, but the cache keeps what the first build got, however old it is");
    let mut finding = out
        .report(&meta::MOVING_DOWNLOAD, first.span, message)
        .label("is not asked again while the lines above stay the same");
    for other in others {
        finding = finding.why(other.span, format!("so does this one, with {}", cx.plain(&other.word)));
    }
    finding
        .note("a build elsewhere, or without the cache, gets other files from the same line")
        .help("name a version or a commit in the URL and check the sum; or let ADD fetch it, which asks the server at each build");
}
