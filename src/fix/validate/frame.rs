//! What must be the same around the steps: errors, directives, comments and stages.

use super::scope::{Assignment, Scope};
use super::unproven::Unproven;
use super::value::{Expander, Value};
use super::walk::{Budget, declare};
use crate::model::{Base, Model, Stage};
use crate::source::{LineIndex, Span};
use crate::syntax::{Dockerfile, ErrorKind, Form, Instruction, Keyword, SyntaxError, TriviaKind};
use std::collections::HashMap;

/// The syntax errors have the same kinds.
pub(super) fn same_verdict(before: &Dockerfile<'_>, after: &Dockerfile<'_>) -> Result<(), Unproven> {
    let line = |file: &Dockerfile<'_>, error: &SyntaxError| LineIndex::new(file.text).line(error.span.start);
    if let Some(error) = beyond(&after.errors, &before.errors) {
        return Err(Unproven::Verdict { line: line(after, error), now: Some(error.message.clone()) });
    }
    match beyond(&before.errors, &after.errors) {
        Some(error) => Err(Unproven::Verdict { line: line(before, error), now: None }),
        None => Ok(()),
    }
}

/// No line for the shell that starts like a JSON array is new: an array with a mistake in it becomes one.
pub(super) fn arrays_kept(before: &Dockerfile<'_>, after: &Dockerfile<'_>) -> Result<(), Unproven> {
    let (old, new) = (broken_arrays(before), broken_arrays(after));
    match new.get(old.len()) {
        Some(_) => {
            let odd = new.iter().find(|i| !old.iter().any(|o| o.joined() == i.joined()));
            Err(Unproven::Array { line: odd.or(new.last()).map_or(0, |i| i.line_numbers.0) })
        }
        None => Ok(()),
    }
}

fn broken_arrays<'f, 'a>(file: &'f Dockerfile<'a>) -> Vec<&'f Instruction<'a>> {
    let all = file.instructions.iter().flat_map(|i| std::iter::successors(Some(i), |i| i.trigger()));
    let is_broken = |i: &&Instruction<'_>| match i.command() {
        Some(Form::Shell { range, .. }) => i.logical.text()[range.clone()].trim_start().starts_with('['),
        _ => false,
    };
    all.filter(is_broken).collect()
}

/// The first of `list` that `other` has fewer of its kind than `list`.
fn beyond<'e>(list: &'e [SyntaxError], other: &[SyntaxError]) -> Option<&'e SyntaxError> {
    let mut left: HashMap<ErrorKind, usize> = HashMap::new();
    for error in other {
        *left.entry(error.kind).or_default() += 1;
    }
    list.iter().find(|error| !take(&mut left, &error.kind))
}

/// Takes one `key` out of the multiset `left`; false if there is none.
fn take<K: std::hash::Hash + Eq>(left: &mut HashMap<K, usize>, key: &K) -> bool {
    match left.get_mut(key) {
        Some(count) if *count > 0 => {
            *count -= 1;
            true
        }
        _ => false,
    }
}

/// The parser directives say the same, whatever their order.
pub(super) fn same_directives(before: &Dockerfile<'_>, after: &Dockerfile<'_>) -> Result<(), Unproven> {
    let all = |file: &Dockerfile<'_>| {
        let mut all: Vec<(String, String)> =
            file.directives.iter().map(|d| (d.name.to_ascii_lowercase(), d.value.to_owned())).collect();
        // Of two directives of one name only the first counts: a stable sort keeps that.
        all.sort_by(|a, b| a.0.cmp(&b.0));
        all
    };
    let (old, new) = (all(before), all(after));
    let odd = old.iter().find(|d| !new.contains(d)).or_else(|| new.iter().find(|d| !old.contains(d)));
    let name = match odd.or_else(|| old.first().or(new.first())) {
        Some((name, _)) if old != new => name.clone(),
        _ if before.escape != after.escape => "escape".to_owned(),
        _ => return Ok(()),
    };
    Err(Unproven::Directive { name })
}

/// Whether a comment on a line counts.
type Counts = fn(&Dockerfile<'_>, Span) -> bool;

const ALL: Counts = |_, _| true;

/// The comment lines, wherever they stand but in here-documents: where they start, and the text.
fn comments<'a>(file: &Dockerfile<'a>, counts: Counts) -> Vec<(u32, &'a str)> {
    let inner = file.instructions.iter().flat_map(|i| &i.inner);
    let comments = file.trivia.iter().chain(inner).filter(|t| t.kind == TriviaKind::Comment && counts(file, t.span));
    comments.map(|t| (t.span.start, t.span.of(file.text).trim())).collect()
}

/// The first comment of `list` that `other` doesn't have, or not as often.
fn missing(list: &Dockerfile<'_>, other: &Dockerfile<'_>, counts: Counts) -> Option<(u32, String)> {
    let (own, others) = (comments(list, counts), comments(other, counts));
    if own.iter().map(|(_, text)| text).eq(others.iter().map(|(_, text)| text)) {
        return None;
    }
    let mut left: HashMap<&str, usize> = HashMap::new();
    for (_, text) in others {
        *left.entry(text).or_default() += 1;
    }
    let lost = own.into_iter().find(|(_, text)| !take(&mut left, text));
    lost.map(|(at, text)| (LineIndex::new(list.text).line(at), text.to_owned()))
}

/// Every comment of the original is still there.
pub(super) fn comments_kept(before: &Dockerfile<'_>, after: &Dockerfile<'_>) -> Result<(), Unproven> {
    comments_kept_if(before, after, ALL)
}

/// Every comment of the original that counts is still there.
pub(super) fn comments_kept_if(
    before: &Dockerfile<'_>,
    after: &Dockerfile<'_>,
    counts: Counts,
) -> Result<(), Unproven> {
    missing(before, after, counts).map_or(Ok(()), |(line, text)| Err(Unproven::CommentLost { line, text }))
}

/// No comment was made up: text turned into a comment is lost.
pub(super) fn no_new_comments(before: &Dockerfile<'_>, after: &Dockerfile<'_>) -> Result<(), Unproven> {
    no_new_comments_if(before, after, ALL)
}

/// No comment that counts was made up.
pub(super) fn no_new_comments_if(
    before: &Dockerfile<'_>,
    after: &Dockerfile<'_>,
    counts: Counts,
) -> Result<(), Unproven> {
    missing(after, before, counts).map_or(Ok(()), |(line, text)| Err(Unproven::CommentAdded { line, text }))
}

/// The stages are the same: bases, flags and names but for case.
pub(super) fn same_stages(before: &Model<'_, '_>, after: &Model<'_, '_>) -> Result<(), Unproven> {
    count(before, after)?;
    for (old, new) in before.stages.iter().zip(&after.stages) {
        let (from, to) = (from_of(before, old), from_of(after, new));
        let flags = |i: &Instruction<'_>| {
            let mut flags: Vec<String> = i.flags.iter().map(|f| f.text.to_string()).collect();
            flags.sort();
            flags
        };
        let what = if !same_base((old, from), (new, to)) {
            "base image"
        } else if old.name != new.name || from.words().len() != to.words().len() {
            "stage name"
        } else if flags(from) != flags(to) {
            "platform"
        } else {
            continue;
        };
        return Err(Unproven::From { line: from.line_numbers.0, what });
    }
    Ok(())
}

/// A name of a stage may be written in another case; a name with variables must be the same text,
/// as the builder may be given other values.
fn same_base(old: (&Stage, &Instruction<'_>), new: (&Stage, &Instruction<'_>)) -> bool {
    let text = |i: &Instruction<'_>| i.words().first().map(|w| w.text.to_string());
    let (was, now) = (text(old.1), text(new.1));
    let variable = was.as_ref().is_some_and(|t| t.contains('$'));
    old.0.base == new.0.base && (was == now || (!variable && matches!(old.0.base, Base::Stage(_))))
}

fn from_of<'m, 'a>(model: &'m Model<'_, 'a>, stage: &Stage) -> &'m Instruction<'a> {
    &model.file.instructions[stage.from]
}

fn count(before: &Model<'_, '_>, after: &Model<'_, '_>) -> Result<(), Unproven> {
    let (was, now) = (before.stages.len(), after.stages.len());
    if was == now { Ok(()) } else { Err(Unproven::StageCount { was, now }) }
}

/// As many stages, and as many with a name.
pub(super) fn as_many_stages(before: &Model<'_, '_>, after: &Model<'_, '_>) -> Result<(), Unproven> {
    count(before, after)?;
    let named = |model: &Model<'_, '_>| model.stages.iter().filter(|s| s.name.is_some()).count();
    let (was, now) = (named(before), named(after));
    if was == now { Ok(()) } else { Err(Unproven::StageNames { was, now }) }
}

/// What stands in front of the first FROM, one item a variable or an instruction that has no place
/// there.
#[derive(PartialEq)]
enum Global {
    Arg(String, Option<Value>),
    Other(String),
}

/// The global ARGs are the same in the same order, and so is whatever else stands there.
pub(super) fn same_globals(before: &Model<'_, '_>, after: &Model<'_, '_>, budget: &Budget) -> Result<(), Unproven> {
    let (old, new) = (globals(before, budget)?, globals(after, budget)?);
    let differs = (0..old.len().max(new.len())).find(|&i| old.get(i).map(|g| &g.1) != new.get(i).map(|g| &g.1));
    let Some(at) = differs else { return Ok(()) };
    let instruction = old.get(at).or(new.get(at)).map(|g| g.0);
    let (instruction, line) =
        instruction.map_or((String::new(), 1), |i| (i.keyword_text().to_owned(), i.line_numbers.0));
    Err(Unproven::Globals { instruction, line })
}

fn globals<'f, 'a>(model: &Model<'f, 'a>, budget: &Budget) -> Result<Vec<(&'f Instruction<'a>, Global)>, Unproven> {
    let escape = model.file.escape;
    let mut scope = Scope::new(escape);
    let mut all = Vec::new();
    for i in &model.file.instructions[model.fragment.clone()] {
        if i.keyword != Keyword::Arg {
            let heredocs: String = i.heredocs.iter().map(|h| h.content).collect();
            all.push((i, Global::Other(format!("{}\n{heredocs}", i.joined()))));
            continue;
        }
        for (name, value) in declare(i, &Expander { scope: &scope, escape, budget }, |_| false)? {
            scope.assign(&name, Assignment::Arg(value.clone()));
            all.push((i, Global::Arg(name, value)));
        }
        budget.check(i)?;
    }
    Ok(all)
}
