//! LW302: a clone of a branch, kept in the cache.

mod git;

use super::refreshed::is_refreshed;
use super::script::{Script, program, runs, scripts};
use super::{Context, Findings, meta};
use crate::model::{Base, Stage};
use crate::source::Span;
use crate::syntax::shell::{self, Command, SimpleCommand, Visitor, Word};
use crate::syntax::{Instruction, Keyword};

pub(super) fn check(cx: &Context<'_, '_>, out: &mut Findings) {
    let mut clones: Vec<Clone> = Vec::new();
    for stage in &cx.model.stages {
        let mut reader = Reader { cx, stage, at: 0, folder: None, clones: &mut clones };
        for (at, step) in runs(cx, stage, &["git"]) {
            reader.at = at;
            reader.folder = workdir(&cx.file.instructions[stage.steps.start..at]);
            reader.step(step);
        }
    }
    for chunk in clones.chunk_by(|a, b| a.at == b.at) {
        let open: Vec<&Clone> = chunk.iter().filter(|c| !c.pinned).collect();
        let Some(first) = open.first() else { continue };
        if !is_refreshed(cx, &cx.model.stages[first.stage], first.at) {
            report(cx, out, &open);
        }
    }
}

/// A clone that takes whatever a branch is at.
struct Clone {
    stage: usize,
    /// The position of its RUN.
    at: usize,
    /// The address, or the word that holds it.
    span: Span,
    /// The last part of the folder that it goes to.
    folder: Option<String>,
    /// The branch; none for the default one.
    branch: Option<String>,
    /// Whether it is a requirement of pip, not a call of Git.
    requirement: bool,
    pinned: bool,
}

/// The last part of the folder that WORKDIR leaves.
fn workdir(steps: &[Instruction<'_>]) -> Option<String> {
    let step = steps.iter().rev().find(|s| s.keyword == Keyword::Workdir)?;
    Some(last(&step.single()?.text))
}

fn last(path: &str) -> String {
    let path = path.trim_end_matches('/');
    path.rsplit('/').next().unwrap_or(path).to_owned()
}

/// Reads the RUNs of a stage from the top to the bottom.
struct Reader<'r, 'c, 'a> {
    cx: &'r Context<'c, 'a>,
    stage: &'r Stage,
    at: usize,
    /// The last part of the folder that the commands are in.
    folder: Option<String>,
    clones: &'r mut Vec<Clone>,
}

impl Reader<'_, '_, '_> {
    fn step(&mut self, step: &Instruction<'_>) {
        for script in scripts(step) {
            let certain = script.certain_commands();
            let mut commands = Commands { reader: self, script: &script, certain: &certain };
            script.tree.accept(&mut commands, shell::Context::default());
        }
    }

    /// A checkout of one state in `folder`: what was cloned there no longer moves. Where it is not
    /// known which clone that is, it counts for all.
    fn pin(&mut self, folder: Option<&str>) {
        let mut stages = vec![self.stage.index];
        while let Base::Stage(base) = self.cx.model.stages[stages[stages.len() - 1]].base {
            stages.push(base);
        }
        let mut above: Vec<&mut Clone> = self.clones.iter_mut().filter(|c| stages.contains(&c.stage)).collect();
        let known = folder.is_some() && above.iter().any(|c| c.folder.as_deref() == folder);
        for clone in above.iter_mut().filter(|c| !known || c.folder.as_deref() == folder) {
            clone.pinned = true;
        }
    }
}

struct Commands<'v, 'r, 'c, 'a, 's> {
    reader: &'v mut Reader<'r, 'c, 'a>,
    script: &'s Script<'s>,
    certain: &'s [Span],
}

impl<'s> Visitor<'s> for Commands<'_, '_, '_, '_, 's> {
    fn simple(&mut self, command: &'s Command, simple: &'s SimpleCommand, _: shell::Context) {
        let outline = |word: &Word| self.script.outline(word);
        let skipped = usize::from(simple.words.first().is_some_and(|w| outline(w) == "sudo"));
        let Some(first) = simple.words.get(skipped).map(outline) else { return };
        let name = program(&first);
        if !matches!(name, "cd" | "pushd" | "git") && !git::takes_requirements(name) {
            return;
        }
        let words: Vec<String> = simple.words[skipped..].iter().map(|w| outline(w).into_owned()).collect();
        let span = |at: usize| self.script.source(simple.words[skipped + at].span);
        // Which branch of the script runs, only the build knows.
        let certain = self.certain.iter().any(|c| c.contains(command.span));
        match name {
            "cd" | "pushd" => self.reader.folder = words.get(1).map(|w| last(w)),
            "git" => match git::read(&words) {
                Some(git::Call::Clone { address, folder, branch }) if certain => {
                    let folder = if folder == "." { self.reader.folder.clone() } else { Some(last(&folder)) };
                    let span = span(address);
                    self.add(span, folder, branch, false);
                }
                Some(git::Call::Pin { folder }) => {
                    let folder = folder.map(|f| last(&f)).or_else(|| self.reader.folder.clone());
                    self.reader.pin(folder.as_deref());
                }
                _ => {}
            },
            _ if certain && git::takes_requirements(name) => {
                for (at, word) in words.iter().enumerate().skip(1) {
                    if let Some(branch) = git::requirement(word) {
                        self.add(span(at), None, branch, true);
                    }
                }
            }
            _ => {}
        }
    }
}

impl Commands<'_, '_, '_, '_, '_> {
    fn add(&mut self, span: Span, folder: Option<String>, branch: Option<String>, requirement: bool) {
        let (stage, at) = (self.reader.stage.index, self.reader.at);
        self.reader.clones.push(Clone { stage, at, span, folder, branch, requirement, pinned: false });
    }
}

fn report(cx: &Context<'_, '_>, out: &mut Findings, clones: &[&Clone]) {
    let [first, others @ ..] = clones else { return };
    let branch = match &first.branch {
        Some(branch) => cx.plain(branch),
        None => "the default branch".to_owned(),
    };
    let message = format!("this clones {branch}, but the cache keeps the commit of the first build, however old it is");
    let mut finding = out
        .report(&meta::MOVING_CLONE, first.span, message)
        .label("is not asked again while the lines above stay the same");
    for other in others {
        finding = finding.why(other.span, "names no tag or commit either");
    }
    let help = if first.requirement {
        "name a tag or a commit behind the address: `...@TAG`"
    } else {
        "name a tag (`--branch TAG`), or check out a commit in the same RUN; or let ADD clone it on BuildKit, which looks at each build"
    };
    finding.note("a build elsewhere, or without the cache, gets another commit from the same line").help(help);
}
