//! LW403: a file removed in another layer than the one that brought it.

mod added;

use super::calls::Call;
use super::runs::ShellRun;
use super::unpacked_archive::Unpacked;
use super::{Context, Findings, meta};
use crate::model::{AbsolutePath, Stage, join};
use crate::source::Span;
use crate::syntax::Keyword;
use added::Added;
use std::cell::LazyCell;

pub(super) fn check(cx: &Context<'_, '_>, out: &mut Findings) {
    if !cx.file.text.contains("rm ") {
        return;
    }
    let unpacked = Unpacked::default();
    // Nobody gets the layers of the other stages.
    for stage in cx.model.stages.iter().filter(|s| cx.model.is_kept(s.index)) {
        in_stage(cx, stage, &unpacked, out);
    }
}

fn in_stage<'c>(cx: &'c Context<'_, '_>, stage: &Stage, unpacked: &Unpacked<'c>, out: &mut Findings) {
    // What nothing below removes, or no line above has brought, needs no look at the commands.
    let may_remove = |run: &ShellRun<'_, '_>| REMOVALS.iter().any(|name| run.mentions(name));
    let Some(last) = stage.steps.clone().rev().find(|&at| cx.run_at(at).is_some_and(may_remove)) else { return };
    let mut folder: Option<AbsolutePath> = None;
    let mut there: Vec<Added> = Vec::new();
    for at in stage.steps.start..=last {
        let step = &cx.file.instructions[at];
        match step.keyword {
            Keyword::Workdir => {
                let path = step.single().map_or("", |w| w.text.trim_matches('"'));
                folder = Some(path).filter(|p| !p.contains('$')).and_then(|p| join(folder.as_ref(), p));
            }
            Keyword::Copy | Keyword::Add => {
                there.extend(added::by_copy(cx, (stage, at), folder.as_ref(), unpacked));
            }
            Keyword::Run => {
                let Some(run) = cx.run_at(at) else { continue };
                if !added::may_fetch(run) && (there.is_empty() || !may_remove(run)) {
                    continue;
                }
                // Behind `cd`, only the shell knows where a relative path leads.
                let stays = !run.calls().iter().any(|c| matches!(c.name.as_ref(), "cd" | "pushd"));
                let here = folder.as_ref().filter(|_| stays);
                for call in run.calls().iter().filter(|c| is_removal(c)) {
                    for word in call.operands(&[]) {
                        let Some(removed) = Removed::new(&word.text, here) else { continue };
                        let (hit, rest) = there.into_iter().partition(|a| removed.covers(&a.path));
                        there = rest;
                        report(cx, out, word.span, hit);
                    }
                }
                let gone = LazyCell::new(|| Gone::of(run, here));
                there.extend(added::by_run(run, here).into_iter().filter(|a| !gone.has(&a.path)));
            }
            _ => {}
        }
    }
}

/// Reports the word `span` of a removal that is too late for `added`.
fn report(cx: &Context<'_, '_>, out: &mut Findings, span: Span, mut added: Vec<Added>) {
    // What matters most stands in front.
    added.sort_by_key(|a| !a.is_secret);
    let [first, others @ ..] = added.as_slice() else { return };
    let (note, help) = match (first.is_secret, first.is_copied) {
        (true, _) => (
            "everyone who has the image can read it there",
            "mount it for the RUN that needs it, with `--mount=type=secret` or `--mount=type=ssh`",
        ),
        (false, true) => (
            "the image is as large as before, and everyone who has it can still read the file",
            "mount it for the RUN that needs it, with `--mount=type=bind`, or use it in a stage that others copy from",
        ),
        (false, false) => (
            "the image is as large as before",
            "fetch it, use it and remove it in one RUN, or in a stage that others copy from",
        ),
    };
    let path = cx.plain(first.path.as_str());
    let message = format!("removing {path} here only hides it: the layer that brought it stays in the image");
    let mut finding =
        out.report(&meta::REMOVED_TOO_LATE, span, message).why(first.span, "brings it, in a layer of its own");
    for other in others {
        finding = finding.why(other.span, format!("so does this, with {}", cx.plain(other.path.as_str())));
    }
    finding.note(note).help(help);
}

/// Programs that take a file away.
const REMOVALS: [&str; 3] = ["rm", "shred", "unlink"];

fn is_removal(call: &Call<'_>) -> bool {
    REMOVALS.contains(&call.name.as_ref()) && !call.context.conditional && !call.context.function
}

/// Programs that take a file away, or put another in its place.
const GONE: [&str; 9] = ["rm", "mv", "unlink", "find", "shred", "gunzip", "bunzip2", "unxz", "unzstd"];

/// What is not there when a RUN ends, as far as its words tell.
#[derive(Default)]
struct Gone<'r> {
    /// Whether that may be anything.
    anything: bool,
    words: Vec<(&'r str, Removed)>,
}

impl<'r> Gone<'r> {
    fn of(run: &'r ShellRun<'_, '_>, folder: Option<&AbsolutePath>) -> Self {
        let mut gone = Self::default();
        for word in run.calls().iter().filter(|c| GONE.contains(&c.name.as_ref())).flat_map(|call| &call.arguments) {
            match Removed::new(&word.text, folder) {
                Some(removed) => gone.words.push((&word.text, removed)),
                None => gone.anything = true,
            }
        }
        gone
    }

    /// Whether `path` is, which the RUN brings.
    fn has(&self, path: &AbsolutePath) -> bool {
        let name = path.as_str().rsplit('/').next().unwrap_or_default();
        let named = |word: &str| !name.is_empty() && word.contains(name);
        self.anything || self.words.iter().any(|(word, removed)| named(word) || removed.covers(path))
    }
}

/// What an operand of `rm` names.
struct Removed {
    /// Up to the `*`, if there is one.
    path: AbsolutePath,
    /// What stands in front of the `*` and behind it in the last part of the path.
    pattern: Option<(String, String)>,
}

impl Removed {
    fn new(word: &str, folder: Option<&AbsolutePath>) -> Option<Self> {
        if word.starts_with('-') || word.contains(['$', '?', '[', '{', '~']) {
            return None;
        }
        let (above, last) = word.rsplit_once('/').map_or(("", word), |(above, last)| (above, last));
        let Some((before, after)) = last.split_once('*') else {
            return join(folder, word).map(|path| Self { path, pattern: None });
        };
        let above = if word.starts_with('/') { format!("{above}/") } else { above.to_owned() };
        if above.contains('*') || after.contains('*') {
            return None;
        }
        let path = join(folder, &above)?;
        Some(Self { path, pattern: Some((before.to_owned(), after.to_owned())) })
    }

    fn covers(&self, path: &AbsolutePath) -> bool {
        let Some((before, after)) = &self.pattern else { return self.path.covers(path) };
        let Some(rest) = path.as_str().strip_prefix(self.path.as_str()).map(|rest| rest.trim_start_matches('/')) else {
            return false;
        };
        let name = rest.split('/').next().unwrap_or(rest);
        self.path.covers(path)
            && !name.is_empty()
            && !(before.is_empty() && name.starts_with('.'))
            && name.len() >= before.len() + after.len()
            && name.starts_with(before.as_str())
            && name.ends_with(after.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_operand_covers_what_the_shell_makes_of_it() {
        let path = |text: &str| AbsolutePath::new(text).unwrap();
        let folder = path("/app");
        for (word, removed) in [
            ("/tmp/a.tgz", "/tmp/a.tgz"),
            ("/tmp", "/tmp/a.tgz"),
            ("/tmp/*", "/tmp/a.tgz"),
            ("/tmp/*", "/tmp/x/a.tgz"),
            ("/tmp/a*.tgz", "/tmp/a.tgz"),
            ("*.tgz", "/app/a.tgz"),
            ("./a.tgz", "/app/a.tgz"),
            ("/*", "/a.tgz"),
        ] {
            assert!(Removed::new(word, Some(&folder)).unwrap().covers(&path(removed)), "{word} {removed}");
        }
        for (word, kept) in [
            ("/tmp/a", "/tmp/a.tgz"),
            ("/tmp/*", "/tmp/.a"),
            ("/tmp/*", "/tmpfile"),
            ("/tmp/*.zip", "/tmp/a.tgz"),
            ("*.tgz", "/tmp/a.tgz"),
            ("/tmp/a.tgz/x", "/tmp/a.tgz"),
            ("/tmp/aa*a", "/tmp/aa"),
        ] {
            assert!(!Removed::new(word, Some(&folder)).unwrap().covers(&path(kept)), "{word} {kept}");
        }
        for word in ["-rf", "$DIR/x", "/a/*/b*", "~/x", "a[0-9]"] {
            assert!(Removed::new(word, Some(&folder)).is_none_or(|r| !r.covers(&path("/app/x"))), "{word}");
        }
        assert!(Removed::new("a.tgz", None).is_none());
    }
}
