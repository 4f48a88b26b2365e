//! Changes to a file that do change its image, to see that the comparison tells.

use super::scene::{command_text, knowledge};
use layerwise::model::{Model, Stage, is_archive_name, is_remote};
use layerwise::syntax::{Form, Instruction, Keyword, Word, parse};
use std::collections::BTreeMap;

/// A wrong change: its name, and how a file becomes wrong by it.
pub type Wrong = (&'static str, fn(&Instruction<'_>, &Instruction<'_>, &Unknown) -> bool);

/// Whether the table of effects doesn't know a RUN.
pub type Unknown<'u> = dyn Fn(&Instruction<'_>) -> bool + 'u;

fn is(step: &Instruction<'_>, keyword: Keyword) -> bool {
    step.keyword == keyword
}

/// Neighbours that may not change places.
pub const SWAPS: &[Wrong] = &[
    ("ENV below the RUN that sees it", |a, b, _| is(a, Keyword::Env) && is(b, Keyword::Run)),
    ("ENV above the RUN that does not see it", |a, b, _| is(a, Keyword::Run) && is(b, Keyword::Env)),
    ("ARG below the RUN that sees it", |a, b, _| {
        is(a, Keyword::Arg) && is(b, Keyword::Run) && a.args().iter().all(|arg| arg.value.is_some())
    }),
    ("USER below the RUN that runs as it", |a, b, _| {
        let root = |u: &Word<'_>| matches!(u.text.as_ref(), "root" | "0") || u.text.contains('$');
        is(a, Keyword::User) && is(b, Keyword::Run) && !a.single().is_some_and(root)
    }),
    ("WORKDIR below the RUN that runs in it", |a, b, unknown| {
        is(a, Keyword::Workdir) && is(b, Keyword::Run) && unknown(b)
    }),
    ("SHELL below the RUN that it reads", |a, b, _| {
        is(a, Keyword::Shell) && is(b, Keyword::Run) && matches!(b.command(), Some(Form::Shell { .. }))
    }),
    ("COPY below the RUN that may read it", |a, b, unknown| is(a, Keyword::Copy) && is(b, Keyword::Run) && unknown(b)),
    ("COPY above the RUN that may not see it", |a, b, unknown| {
        is(a, Keyword::Run) && is(b, Keyword::Copy) && unknown(a)
    }),
    ("two RUNs of which nothing is known", |a, b, unknown| {
        is(a, Keyword::Run) && is(b, Keyword::Run) && unknown(a) && unknown(b)
    }),
    ("two COPYs of folders to one place", |a, b, _| {
        let place = |s: &Instruction<'_>| s.destination().map(|w| w.text.to_string());
        let folder = |s: &Instruction<'_>| s.flags.is_empty() && s.sources().iter().any(|w| w.text.ends_with('/'));
        is(a, Keyword::Copy) && is(b, Keyword::Copy) && folder(a) && folder(b) && place(a) == place(b)
    }),
    ("WORKDIR below the COPY to it", |a, b, _| {
        is(a, Keyword::Workdir)
            && is(b, Keyword::Copy)
            && b.destination().is_some_and(|w| !w.text.starts_with(['/', '$', '"']))
    }),
];

/// `text` with the first two neighbours exchanged that `wrong` is about.
pub fn swapped(text: &str, wrong: &Wrong) -> Option<String> {
    let file = parse(text);
    let model = Model::new(&file);
    let mut known = BTreeMap::new();
    knowledge(text, &mut known);
    let unknown = |step: &Instruction<'_>| known.get(&command_text(step)).is_some_and(|k| !k.known);
    let pairs = |stage: &Stage| model.steps(stage).windows(2).map(|w| [&w[0], &w[1]]).collect::<Vec<_>>();
    let mut pairs = model.stages.iter().flat_map(pairs);
    let [a, b] = pairs.find(|[a, b]| (wrong.1)(a, b, &unknown) && text[b.lines.range()].ends_with('\n'))?;
    let (a, b) = (a.lines.range(), b.lines.range());
    let parts = [&text[..a.start], &text[b.clone()], &text[a.end..b.start], &text[a], &text[b.end..]];
    Some(parts.concat())
}

/// `text` with one line that says something about the image left out.
pub fn without_metadata(text: &str) -> Option<String> {
    let about =
        [Keyword::Label, Keyword::Expose, Keyword::Cmd, Keyword::Entrypoint, Keyword::Volume, Keyword::Healthcheck];
    let file = parse(text);
    let mut found = file.instructions.iter().rev().take_while(|i| i.keyword != Keyword::From);
    let line = found.find(|i| about.contains(&i.keyword))?.lines.range();
    Some([&text[..line.start], &text[line.end..]].concat())
}

/// `text` with a COPY where ADD unpacks an archive.
pub fn without_unpacking(text: &str) -> Option<String> {
    let file = parse(text);
    let archive = |i: &&Instruction<'_>| {
        let plain = |t: &str| is_archive_name(t) && !is_remote(t) && !t.contains('$');
        i.keyword == Keyword::Add && i.sources().iter().any(|w| plain(&w.text))
    };
    let keyword = file.instructions.iter().find(archive)?.keyword_span.range();
    Some([&text[..keyword.start], "COPY", &text[keyword.end..]].concat())
}
