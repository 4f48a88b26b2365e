//! `--add-ignores`: writes the comments that switch findings off.

use super::pragma::{Own, Pragmas, Reach};
use super::unused;
use crate::diagnostic::Diagnostic;
use crate::fix::validate::{Unproven, validate_comments};
use crate::source::{LineEnding, Span};
use crate::syntax::{Dockerfile, Instruction, Keyword, TriviaKind, parse};
use std::collections::{BTreeMap, BTreeSet};

/// `text` with comments that switch `findings` off, each directly above its instruction; those at no instruction are
/// switched off for the whole file. A comment that is there already takes more codes, unless it gives a `reason`
/// other than the new one.
///
/// # Errors
/// If anything but comments would differ: then a comment would be read as something else.
pub fn add_ignores(text: &str, findings: &[Diagnostic], reason: Option<&str>) -> Result<String, Unproven> {
    let file = parse(text);
    let pragmas = Pragmas::read(&file, Vec::new());
    // The whole file first: what goes to the top stands above the comment of the first instruction.
    let mut places: BTreeMap<Option<usize>, BTreeSet<&str>> = BTreeMap::new();
    // A comment that does nothing is not to be kept by another.
    for finding in findings.iter().filter(|finding| finding.code != unused::RULE.code) {
        places.entry(instruction_at(&file, finding.primary.span.start)).or_default().insert(finding.code);
    }
    let mut inserts: Vec<(u32, String)> = Vec::new();
    for (place, codes) in places {
        let instruction = place.map(|at| &file.instructions[at]);
        let reach = instruction.map_or(Reach::File, |i| Reach::Instruction(i.lines));
        // A code that stands there already does what it can.
        let said = |code: &&str| pragmas.own.iter().any(|own| own.reach == reach && own.says(text, code));
        let codes: Vec<&str> = codes.into_iter().filter(|code| !said(code)).collect();
        if codes.is_empty() {
            continue;
        }
        let known = pragmas.own.iter().find(|own| own.reach == reach && may_take_more(own, text, reason));
        inserts.push(match known {
            Some(own) => more(own, &codes.join(",")),
            None => line(&file, instruction, &codes.join(","), reason),
        });
    }
    // Stable, and from the end on, so that the places before stay where they are.
    inserts.sort_by_key(|(at, _)| *at);
    let mut new = text.to_owned();
    for (at, insert) in inserts.iter().rev() {
        new.insert_str(*at as usize, insert);
    }
    validate_comments(text, &new).map(|()| new)
}

/// The instruction on whose lines `at` is.
fn instruction_at(file: &Dockerfile<'_>, at: u32) -> Option<usize> {
    let index = file.instructions.partition_point(|i| i.lines.end <= at);
    file.instructions.get(index).filter(|i| i.lines.start <= at).map(|_| index)
}

/// Its reason must not be given to codes that have another.
fn may_take_more(own: &Own, text: &str, reason: Option<&str>) -> bool {
    reason.is_none() || own.comment.reason(text) == reason
}

/// What extends the list of a comment.
fn more(own: &Own, codes: &str) -> (u32, String) {
    match own.comment.codes.last() {
        Some(last) => (last.end, format!(",{codes}")),
        None => (own.comment.list, codes.to_owned()),
    }
}

/// A new comment, above `instruction` or for the whole file.
fn line(
    file: &Dockerfile<'_>,
    instruction: Option<&Instruction<'_>>,
    codes: &str,
    reason: Option<&str>,
) -> (u32, String) {
    let text = file.text;
    let end = LineEnding::of(text).as_str();
    let reason = reason.map(|reason| format!(" # {reason}")).unwrap_or_default();
    if let Some(i) = instruction {
        let (at, indent) = above(file, i);
        let indent = Some(indent.of(text)).filter(|blanks| blanks.bytes().all(|b| matches!(b, b' ' | b'\t')));
        return (at, format!("{}# layerwise ignore={codes}{reason}{end}", indent.unwrap_or_default()));
    }
    let comment = format!("# layerwise global ignore={codes}{reason}");
    let bom = file.trivia.first().filter(|t| t.kind == TriviaKind::Bom).map_or(0, |t| t.span.end);
    match file.directives.last() {
        Some(last) if !last.span.of(text).ends_with('\n') => (last.span.end, format!("{end}{comment}")),
        Some(last) => (last.span.end, format!("{comment}{end}")),
        None => (bom, format!("{comment}{end}")),
    }
}

/// Where a comment for `i` goes, and the indentation there. The comment above a stage or a build argument is its
/// description, which has to stand directly above it.
fn above(file: &Dockerfile<'_>, i: &Instruction<'_>) -> (u32, Span) {
    let below = file.trivia.partition_point(|t| t.span.start < i.lines.start);
    let comment = file.trivia[..below].last().filter(|t| t.kind == TriviaKind::Comment && t.span.end == i.lines.start);
    match comment {
        Some(comment) if matches!(i.keyword, Keyword::From | Keyword::Arg) => {
            let line = comment.span.of(file.text);
            let blanks = (line.len() - line.trim_start().len()) as u32;
            (comment.span.start, Span::new(comment.span.start, comment.span.start + blanks))
        }
        _ => (i.lines.start, Span::new(i.lines.start, i.span.start)),
    }
}
