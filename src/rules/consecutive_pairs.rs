//! LW102 and LW103: consecutive ENV or LABEL instructions that one can hold.

use super::meta::{self, RuleMeta};
use super::volatile_name::is_volatile;
use super::{Context, Findings};
use crate::diagnostic::{Applicability, Edit, Fix};
use crate::source::{LineEnding, Span};
use crate::syntax::word::{lex, variables};
use crate::syntax::{Body, Dockerfile, Instruction, Keyword, Trivia, TriviaKind};
use std::cell::LazyCell;
use std::collections::BTreeSet;

pub(super) fn env(cx: &Context<'_, '_>, out: &mut Findings) {
    check(cx, out, &meta::CONSECUTIVE_ENV, Keyword::Env);
}

pub(super) fn label(cx: &Context<'_, '_>, out: &mut Findings) {
    check(cx, out, &meta::CONSECUTIVE_LABEL, Keyword::Label);
}

fn check(cx: &Context<'_, '_>, out: &mut Findings, rule: &'static RuleMeta, keyword: Keyword) {
    if !cx.file.errors.is_empty() {
        return;
    }
    let indent = LazyCell::new(|| continuation_indent(cx.file, keyword));
    let changing = LazyCell::new(|| changing_names(cx.file));
    let is_changing = |i: &Instruction<'_>| takes_any(i, cx.file.escape, &changing);
    let mut rest = &cx.file.instructions[..];
    while let [first, ..] = rest {
        if first.keyword != keyword {
            rest = &rest[1..];
            continue;
        }
        // A variable that changes with each build may have to move away from those that don't (LW107).
        let together = |pair: &&[Instruction<'_>]| {
            pair[1].keyword == keyword
                && directly_below(cx.file, &pair[0], &pair[1])
                && (keyword == Keyword::Label || is_changing(&pair[0]) == is_changing(&pair[1]))
        };
        let block = &rest[..=rest.windows(2).take_while(together).count()];
        // A block of which a line in another form stays behind is no easier to read, and neither is one whose
        // first line does. A line that reads what is set above it may well stand alone.
        if block.iter().all(|i| joinable(i, keyword, cx.file.escape)) {
            let len = run_length(cx.file, block, keyword);
            if len > 1 {
                report(cx, out, rule, &block[..len], &indent);
            }
        }
        rest = &rest[block.len()..];
    }
}

/// The ARGs of the file that have another value in most builds.
fn changing_names<'f>(file: &'f Dockerfile<'_>) -> BTreeSet<&'f str> {
    let args = file.instructions.iter().flat_map(|i| i.args());
    args.filter(|arg| is_volatile(arg)).map(|arg| arg.name.text.as_ref()).collect()
}

fn takes_any(i: &Instruction<'_>, escape: char, names: &BTreeSet<&str>) -> bool {
    !names.is_empty() && i.pairs().iter().any(|p| reads_any(&p.value.text, escape, names, i.keyword))
}

fn report(cx: &Context<'_, '_>, out: &mut Findings, rule: &'static RuleMeta, group: &[Instruction<'_>], indent: &str) {
    let name = group[0].keyword.name();
    let title = format!("merge them into one {name}");
    let mut finding = out
        .report(rule, group[0].span, format!("{} consecutive {name} instructions can be one", group.len()))
        .label("the first of them")
        .note("it saves no layer and no time on BuildKit: one block is easier to read and to keep in order")
        .help(title.clone());
    for other in &group[1..] {
        finding = finding.member(other.span, "");
    }
    finding.fix(Fix::new(title, Applicability::Safe, edits(cx.file, group, indent)));
}

fn joinable(i: &Instruction<'_>, keyword: Keyword, escape: char) -> bool {
    i.keyword == keyword
        && matches!(&i.body, Body::Pairs { pairs, legacy: false } if !pairs.is_empty())
        // A quote without its end would take in what follows; a name with one is another name.
        && i.pairs().iter().all(|p| lex(&p.value.text, escape).is_ok() && is_plain_name(&p.key.text, escape))
        && i.inner.iter().all(|t| t.kind == TriviaKind::Comment)
        && !i.unfinished
}

/// Whether the builder takes the name as it stands: it expands names too.
fn is_plain_name(name: &str, escape: char) -> bool {
    !name.contains(['$', '"', '\'', escape])
}

/// How many instructions of a block can be one, from the first on: no name twice, and no value that
/// reads a name set by an earlier one of them (inside one ENV it would see the value from before).
fn run_length(file: &Dockerfile<'_>, block: &[Instruction<'_>], keyword: Keyword) -> usize {
    let mut names: BTreeSet<&str> = BTreeSet::new();
    let mut len = 0;
    for (at, i) in block.iter().enumerate() {
        let clash = i
            .pairs()
            .iter()
            .any(|p| names.contains(p.key.text.as_ref()) || reads_any(&p.value.text, file.escape, &names, keyword));
        if clash {
            break;
        }
        names.extend(i.pairs().iter().map(|p| p.key.text.as_ref()));
        len = at + 1;
    }
    len.max(1)
}

fn reads_any(value: &str, escape: char, names: &BTreeSet<&str>, keyword: Keyword) -> bool {
    if keyword != Keyword::Env || !value.contains('$') {
        return false;
    }
    let Ok(parts) = lex(value, escape) else { return true };
    let mut found = Vec::new();
    variables(&parts, &mut found);
    found.iter().any(|v| names.contains(&value[v.name.clone()]))
}

fn between<'f>(file: &'f Dockerfile<'_>, above: &Instruction<'_>, below: &Instruction<'_>) -> &'f [Trivia] {
    let from = file.trivia.partition_point(|t| t.span.start < above.lines.end);
    let to = file.trivia.partition_point(|t| t.span.start < below.lines.start);
    &file.trivia[from..to]
}

fn directly_below(file: &Dockerfile<'_>, above: &Instruction<'_>, below: &Instruction<'_>) -> bool {
    between(file, above, below).iter().all(|t| t.kind == TriviaKind::Comment)
}

/// Ends each instruction but the last with an escape character, and puts the indentation of a
/// continuation in the place of each further keyword.
fn edits(file: &Dockerfile<'_>, group: &[Instruction<'_>], continuation: &str) -> Vec<Edit> {
    let newline = LineEnding::of(file.text).as_str();
    let first = &group[0];
    let own = Span::new(first.lines.start, first.keyword_span.start).of(file.text);
    let own = own.trim_start_matches(crate::source::BOM);
    let indent = format!("{own}{continuation}");
    let mut edits = Vec::new();
    for pair in group.windows(2) {
        let (above, below) = (&pair[0], &pair[1]);
        let last = above.pairs().last().map_or(above.span.end, |p| p.span.end);
        edits.push(Edit::replace(Span::new(last, above.lines.end), format!(" {}{newline}", file.escape)));
        for comment in between(file, above, below) {
            let text = comment.span.of(file.text).trim_start();
            let blanks = comment.span.len() - text.len() as u32;
            edits.push(Edit::replace(Span::new(comment.span.start, comment.span.start + blanks), indent.clone()));
        }
        let value = below.pairs()[0].span.start;
        edits.push(Edit::replace(Span::new(below.lines.start, value), indent.clone()));
    }
    edits
}

/// How far the file indents continued lines below their instruction: as its ENV and LABEL do, else
/// as any instruction does, else four blanks.
fn continuation_indent(file: &Dockerfile<'_>, keyword: Keyword) -> String {
    let continued = |i: &&Instruction<'_>| i.heredocs.is_empty() && i.line_numbers.0 != i.line_numbers.1;
    let indent = |i: &Instruction<'_>| {
        let own = i.keyword_span.start - i.lines.start;
        let second = i.lines.of(file.text).split_inclusive('\n').skip(1).find(|l| !l.trim_start().starts_with('#'))?;
        let blanks = &second[..second.len() - second.trim_start().len()];
        let blanks = blanks.get(own as usize..).filter(|b| !b.is_empty() && !b.contains('\n'))?;
        Some(blanks.to_owned())
    };
    let pairs = file.instructions.iter().filter(|i| i.keyword == keyword).filter(continued).find_map(indent);
    let other = || {
        let kinds = file.instructions.iter().filter(|i| matches!(i.keyword, Keyword::Env | Keyword::Label));
        kinds.filter(continued).find_map(indent)
    };
    // Others are aligned with something of their own line.
    let is_usual = |blanks: &String| matches!(blanks.as_str(), "\t" | "  " | "    " | "        ");
    let any = || file.instructions.iter().filter(continued).filter_map(indent).find(is_usual);
    pairs.or_else(other).or_else(any).unwrap_or_else(|| "    ".to_owned())
}
