//! Moving instructions as a person would: with the comments above them, keeping the groups between
//! blank lines, the line endings, and the end of the file as it was.

use super::Context;
use crate::diagnostic::Edit;
use crate::source::{BOM, LineEnding, Span};
use crate::syntax::{Dockerfile, Keyword, TriviaKind};
use similar::{Algorithm, DiffOp, capture_diff_slices};
use std::ops::Range;

/// Whole lines that stay together.
#[derive(Clone, Debug)]
struct Chunk<'t> {
    kind: Kind,
    text: &'t str,
    /// The number of the group between blank lines that it was in.
    group: usize,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    /// An instruction with the comments directly above it.
    Instruction(usize),
    /// Blank lines.
    Blank,
    /// Comments and directives that belong to no instruction.
    Other,
}

/// The edits that put each instruction `step` directly below the instruction `below`, one pair after
/// the other. Only that part of the file is read: one with many stages may have many such fixes.
pub(super) fn moves(file: &Dockerfile<'_>, pairs: &[(usize, usize)]) -> Vec<Edit> {
    let blank = LineEnding::of(file.text).as_str();
    let all = || pairs.iter().flat_map(|&(step, below)| [step, below]);
    // What stands directly below the last one says whether it needs a blank line.
    let part = all().min().unwrap_or(0)..(all().max().unwrap_or(0) + 2).min(file.instructions.len());
    let (start, old) = chunks(file, part);
    let mut new = old.clone();
    for &(step, below) in pairs {
        relocate(&mut new, file, step, below, blank);
    }
    rewritten(file, start, &old, &new, blank)
}

/// The edits that put the new `lines` directly above the instruction `run`, indented like it, and the
/// instruction `moved`, which stands above it, directly below it. Only that part of the file is read: a long one may have
/// many such fixes.
pub(super) fn split(cx: &Context<'_, '_>, lines: &[String], run: usize, moved: usize) -> Vec<Edit> {
    let (file, blank) = (cx.file, cx.newline());
    let whole = file.instructions[run].lines.of(file.text);
    let indent = &whole[..whole.len() - whole.trim_start().len()];
    let new: String = lines.iter().map(|line| format!("{indent}{line}{blank}")).collect();
    // What stands directly below `run` says whether `moved` needs a blank line.
    let (start, old) = chunks(file, moved..(run + 2).min(file.instructions.len()));
    let mut changed = old.clone();
    relocate(&mut changed, file, moved, run, blank);
    if let Some(at) = changed.iter().position(|c| c.kind == Kind::Instruction(run)) {
        let group = changed[at].group;
        changed.insert(at, Chunk { kind: Kind::Other, text: &new, group });
    }
    rewritten(file, start, &old, &changed, blank)
}

/// The edits that make the part of the file that starts at `start`, and consists of `old`, what `new` says. Only what is
/// between the first and the last change is looked at line by line: a long file may have many moves.
fn rewritten(file: &Dockerfile<'_>, start: usize, old: &[Chunk<'_>], new: &[Chunk<'_>], newline: &str) -> Vec<Edit> {
    let same = |(a, b): &(&Chunk<'_>, &Chunk<'_>)| std::ptr::eq(a.text, b.text);
    let head = old.iter().zip(new).take_while(same).count();
    let tail = old[head..].iter().rev().zip(new[head..].iter().rev()).take_while(same).count();
    let length = |chunks: &[Chunk<'_>]| chunks.iter().map(|c| c.text.len()).sum::<usize>();
    let before = start + length(&old[..head]);
    let span = Span::from(before..before + length(&old[head..old.len() - tail]));

    let mut lines: Vec<&str> = new[head..new.len() - tail].iter().flat_map(|c| c.text.split_inclusive('\n')).collect();
    let joined: String;
    if let Some(at) = lines.iter().position(|l| !l.ends_with('\n')) {
        // The line that had no newline is no longer the last, or still is.
        joined = format!("{}{newline}", lines[at]);
        let last = lines.len() - 1;
        lines[at] = if at == last { lines[at] } else { &joined };
        let text = lines[last];
        lines[last] = text.strip_suffix('\n').map_or(text, |t| t.strip_suffix('\r').unwrap_or(t));
    }
    difference(file.text, span, &lines)
}

/// The instructions number `part` with what stands above each as chunks, and where they start; the last one of the file
/// brings what stands below it. Joined they are that part of the text without the byte order mark.
fn chunks<'t>(file: &Dockerfile<'t>, part: Range<usize>) -> (usize, Vec<Chunk<'t>>) {
    let mut chunks: Vec<Chunk<'t>> = Vec::new();
    let all = &file.instructions;
    let bom = if file.text.starts_with(BOM) { BOM.len() as u32 } else { 0 };
    let start = part.start.checked_sub(1).map_or(bom, |above| all[above].lines.end);
    let mut trivia = file.trivia[file.trivia.partition_point(|t| t.span.start < start)..].iter().peekable();
    let mut group = 0;
    let end = file.text.len() as u32;
    let last = if part.end == all.len() { part.end + 1 } else { part.end };
    for index in part.start..last {
        let next = file.instructions.get(index).map_or(Span::empty(end), |i| i.lines);
        // Comments since the last blank line: they belong to the instruction if one follows at once.
        let mut above: Option<Span> = None;
        while let Some(t) = trivia.next_if(|t| t.span.start < next.start) {
            if t.kind == TriviaKind::Bom {
                continue;
            }
            if t.kind == TriviaKind::Comment {
                above = Some(above.map_or(t.span, |s| s.to(t.span)));
                continue;
            }
            if let Some(span) = above.take() {
                chunks.push(Chunk { kind: Kind::Other, text: span.of(file.text), group });
            }
            let kind = if t.kind == TriviaKind::Blank { Kind::Blank } else { Kind::Other };
            group += usize::from(kind == Kind::Blank);
            chunks.push(Chunk { kind, text: t.span.of(file.text), group });
        }
        if index < file.instructions.len() {
            let span = above.map_or(next, |s| s.to(next));
            chunks.push(Chunk { kind: Kind::Instruction(index), text: span.of(file.text), group });
        } else if let Some(span) = above {
            chunks.push(Chunk { kind: Kind::Other, text: span.of(file.text), group });
        }
    }
    (start as usize, chunks)
}

fn relocate<'t>(chunks: &mut Vec<Chunk<'t>>, file: &Dockerfile<'t>, step: usize, below: usize, blank: &'t str) {
    let position = |chunks: &[Chunk<'_>], i| chunks.iter().position(|c| c.kind == Kind::Instruction(i));
    let Some(from) = position(chunks, step) else { return };
    let chunk = chunks.remove(from);
    let is_blank = |chunks: &[Chunk<'_>], at: usize| chunks.get(at).is_some_and(|c| c.kind == Kind::Blank);
    let blank_above = from > 0 && is_blank(chunks, from - 1);
    if blank_above && from == chunks.len() {
        drop_blanks_before(chunks, from);
    } else if blank_above && is_blank(chunks, from) {
        // The group is gone; the blank lines below it go with it.
        while is_blank(chunks, from) {
            chunks.remove(from);
        }
        if from == chunks.len() {
            drop_blanks_before(chunks, from);
        }
    }
    let Some(anchor) = position(chunks, below) else { return };
    // One ENV goes with another; one RUN has nothing to do with the next, unless they stood together.
    let keyword = file.instructions[step].keyword;
    let same_kind = keyword == file.instructions[below].keyword && keyword != Keyword::Run;
    let inline = !is_blank(chunks, anchor + 1) || same_kind || chunks[anchor].group == chunk.group;
    if inline {
        chunks.insert(anchor + 1, chunk);
    } else {
        chunks.insert(anchor + 1, Chunk { kind: Kind::Blank, text: blank, group: chunk.group });
        chunks.insert(anchor + 2, chunk);
    }
}

fn drop_blanks_before(chunks: &mut Vec<Chunk<'_>>, end: usize) {
    let keep = chunks[..end].iter().rposition(|c| c.kind != Kind::Blank).map_or(0, |i| i + 1);
    chunks.drain(keep..end);
}

/// The edits that turn `span` of `text` into the joined `lines`.
fn difference(text: &str, span: Span, lines: &[&str]) -> Vec<Edit> {
    let before: Vec<&str> = span.of(text).split_inclusive('\n').collect();
    let mut starts = Vec::with_capacity(before.len() + 1);
    let mut at = span.start;
    starts.push(at);
    for line in &before {
        at += line.len() as u32;
        starts.push(at);
    }
    let mut edits: Vec<Edit> = Vec::new();
    for op in capture_diff_slices(Algorithm::Myers, &before, lines) {
        if matches!(op, DiffOp::Equal { .. }) {
            continue;
        }
        let (old_range, new_range) = (op.old_range(), op.new_range());
        let span = Span::new(starts[old_range.start], starts[old_range.end]);
        edits.push(Edit::replace(span, lines[new_range].concat()));
    }
    edits
}
