//! LW018: what our own comments name and do not switch off. It is worked out when all other rules have run.
//!
//! Only what is certain is called unused: a rule that did not run, or that was not told all, may find something in
//! another run.

use super::Settings;
use super::pragma::{Own, Pragmas, Reach};
use crate::config::is_custom_code;
use crate::diagnostic::{Applicability, Diagnostic, Edit, Fix};
use crate::model::Model;
use crate::rules::meta::{self, RuleMeta};
use crate::rules::{self, Context, Findings, Suggestions};
use crate::shellcheck;
use crate::source::Span;
use crate::syntax::{Dockerfile, IgnoreComment, TriviaKind, parse};

/// The rule.
pub(super) static RULE: &RuleMeta = &meta::UNUSED_IGNORE;

/// What the rules of these categories find depends on the build context.
const OF_CONTEXT: [&str; 2] = [CONTEXT, ORDER];
const CONTEXT: &str = "context";
/// And what these find, on how often its files change.
const ORDER: &str = "order";

/// Why a code in a comment does nothing.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Why {
    /// Its rules find nothing there.
    Silent,
    /// No rule is called so; the name that was probably meant.
    Unknown(Option<&'static str>),
}

/// What the comments of the file of `model` name in vain.
pub(super) fn find(model: &Model<'_, '_>, settings: &Settings, pragmas: &Pragmas<'_>) -> Vec<Diagnostic> {
    let mut out = Findings::default();
    let order = Order::weigh(model, settings, pragmas);
    let suggestions = Suggestions::default();
    let whys_of = |own: &Own| -> Vec<Option<Why>> {
        let why = |(at, span): (usize, &Span)| match own.is_used(at) || own.reach == Reach::Nothing {
            true => None,
            false => why(span.of(model.file.text), model, settings, &order, &suggestions),
        };
        own.comment.codes.iter().enumerate().map(why).collect()
    };
    let whys: Vec<Vec<Option<Why>>> = pragmas.own.iter().map(whys_of).collect();
    // Of so many unknown words not all were compared, and each round of fixes would compare a few more.
    let compared = !suggestions.are_over();
    for (own, whys) in pragmas.own.iter().zip(whys) {
        if own.reach == Reach::Nothing {
            without_instruction(model.file, &own.comment, &mut out);
            continue;
        }
        let gone = |why: &Why| *why == Why::Silent || compared && *why == Why::Unknown(None);
        // A typing mistake is to be mended, not removed.
        let all = whys.iter().all(|why| why.as_ref().is_some_and(gone));
        for (at, why) in whys.iter().enumerate() {
            if let Some(why) = why {
                let fix = if gone(why) { without(model.file, own, at, all) } else { None };
                report(model.file, own, at, *why, fix, &mut out);
            }
        }
    }
    out.into_vec()
}

/// Why `word`, which silenced nothing, will not do so in another run either; nothing if it may.
fn why(
    word: &str,
    model: &Model<'_, '_>,
    settings: &Settings,
    order: &Order,
    suggestions: &Suggestions,
) -> Option<Why> {
    let codes = match rules::codes_of(word) {
        Some(codes) => codes,
        // A configuration that this run does not read may have a rule of its own that is called so.
        None if shellcheck::is_disable(word) || is_custom_code(word) => return None,
        None => return Some(Why::Unknown(rules::suggestion(word, suggestions))),
    };
    let may_find = |code: &&str| match rules::find(code) {
        Some(rule) => {
            let runs = settings.selection.rules().any(|(other, _)| other.meta.code == rule.meta.code);
            // What a comment says about this very rule is used by what is not reported here.
            !runs
                || rule.meta.code == RULE.code
                || OF_CONTEXT.contains(&rule.meta.category) && !knows_context(model, settings)
                || weighs_churn(rule.meta) && *order == Order::Unsure
        }
        None => !reads_scripts(code, model, settings),
    };
    // In a file with mistakes, many rules don't know what to say.
    (model.file.errors.is_empty() && !codes.iter().any(may_find)).then_some(Why::Silent)
}

fn knows_context(model: &Model<'_, '_>, settings: &Settings) -> bool {
    let found = settings.project.as_deref().map(|project| project.get(|| model.context_sources()));
    matches!(found, Some(Ok(Some(_)))) || model.context_sources().is_none()
}

/// Whether the rules that weigh churn find the same wherever the file is checked.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Order {
    /// What they found here, with a history and without, is all there is to find.
    Sure,
    /// A clone with more of the history, or with less, may find more.
    Unsure,
}

impl Order {
    /// Commits were counted for what the rules found so far. A shallow clone counts none, so they look once more without,
    /// and the comments that this silences are as good as used.
    fn weigh(model: &Model<'_, '_>, settings: &Settings, pragmas: &Pragmas<'_>) -> Self {
        let unused = |own: &Own| (0..own.comment.codes.len()).any(|at| !own.is_used(at));
        let rules = || settings.selection.rules().map(|(rule, _)| rule).filter(|rule| weighs_churn(rule.meta));
        if model.context_sources().is_none() || !pragmas.own.iter().any(unused) || rules().next().is_none() {
            return Order::Sure;
        }
        let context = |histories| {
            Context::new(model, &settings.selection, settings.builder, settings.project.as_deref(), histories)
        };
        if !context(settings.histories.as_deref()).chances().is_measured() {
            return Order::Unsure;
        }
        let without = context(None);
        for check in rules().filter_map(|rule| rule.check) {
            let mut found = Findings::default();
            check(&without, &mut found);
            for finding in found.into_vec() {
                pragmas.silence(&finding);
            }
        }
        Order::Sure
    }
}

/// Metadata stands where it stands, however often the files change.
fn weighs_churn(rule: &RuleMeta) -> bool {
    rule.category == ORDER && rule.code != meta::STABLE_METADATA_BELOW_SOURCES.code
}

/// Whether ShellCheck was asked about all that `code`, or what starts so, may be found in.
fn reads_scripts(code: &str, model: &Model<'_, '_>, settings: &Settings) -> bool {
    let shell = settings.selection.shell();
    let all_on = || shell.said().iter().all(|(_, on)| *on);
    let is_on = if shellcheck::is_code(code) { shell.reports(code) } else { all_on() };
    let Some(checker) = settings.shellcheck.as_deref().filter(|_| is_on) else { return false };
    !shellcheck::scripts(model).iter().any(|script| checker.left_unread(script.text.text()))
}

/// A comment that no instruction follows.
fn without_instruction(file: &Dockerfile<'_>, comment: &IgnoreComment, out: &mut Findings) {
    let message = "this comment switches nothing off: no instruction stands directly below it";
    let finding = out
        .report(RULE, shown(file.text, comment), message)
        .help("move it down to its instruction, or write `global ignore` if it is for the whole file");
    if let Some(edit) = without_line(file, comment) {
        finding.fix(Fix::new("remove the comment", Applicability::Safe, vec![edit]));
    }
}

fn report(file: &Dockerfile<'_>, own: &Own, at: usize, why: Why, fix: Option<Fix>, out: &mut Findings) {
    let span = own.comment.codes[at];
    let word = span.of(file.text);
    let place = if own.reach == Reach::File { "in this file" } else { "in the instruction" };
    let (message, help) = match why {
        Why::Silent => {
            let help = "remove it, or it will hide the finding when the defect comes back".to_owned();
            (format!("`{word}` switches nothing off: it finds nothing {place}"), help)
        }
        Why::Unknown(Some(meant)) => (format!("no rule is called `{word}`"), format!("did you mean `{meant}`?")),
        Why::Unknown(None) => {
            (format!("no rule is called `{word}`"), "`layerwise rules` lists the codes and names".to_owned())
        }
    };
    let mut finding = out.report(RULE, span, message).help(help);
    if let Reach::Instruction(lines) = own.reach {
        finding = finding.belongs_to(lines);
    }
    if let Some(fix) = fix {
        finding.fix(fix);
    }
}

/// Takes out the code number `at`, or the whole comment where `all` of its codes are to go.
fn without(file: &Dockerfile<'_>, own: &Own, at: usize, all: bool) -> Option<Fix> {
    let word = own.comment.codes[at].of(file.text);
    let (title, edit) = match all {
        true => ("remove the comment".to_owned(), without_line(file, &own.comment)?),
        false => (format!("remove `{word}` from the comment"), without_code(file.text, &own.comment, at)),
    };
    Some(Fix::new(title, Applicability::Safe, vec![edit]))
}

/// The comment without the blanks and the newline around it.
fn shown(text: &str, comment: &IgnoreComment) -> Span {
    let line = comment.line.of(text);
    let start = comment.line.start + (line.len() - line.trim_start().len()) as u32;
    Span::new(start, start + line.trim().len() as u32)
}

/// Takes a code and one comma out; what is said of the others stays.
fn without_code(text: &str, comment: &IgnoreComment, at: usize) -> Edit {
    let codes = &comment.codes;
    if let Some(next) = codes.get(at + 1) {
        return Edit::delete(Span::new(codes[at].start, next.start));
    }
    let before = at.checked_sub(1).map_or(comment.list, |before| codes[before].end);
    let between = Span::new(before, codes[at].start).of(text);
    let comma = before + between.find(',').unwrap_or_default() as u32;
    Edit::delete(Span::new(comma, codes[at].end))
}

/// Takes the whole line out, unless that would make a parser directive of the one below.
fn without_line(file: &Dockerfile<'_>, comment: &IgnoreComment) -> Option<Edit> {
    let Span { mut start, end } = comment.line;
    // A file without a newline at its end stays so.
    if end as usize == file.text.len() && !file.text.ends_with('\n') {
        start = file.text[..start as usize].trim_end_matches('\n').trim_end_matches('\r').len() as u32;
    }
    // Directives end at the first line that is none.
    let is_first = file.trivia.iter().find(|t| matches!(t.kind, TriviaKind::Comment | TriviaKind::Blank));
    let is_at_top = file.instructions.first().is_none_or(|first| end <= first.lines.start);
    if is_at_top && is_first.is_some_and(|first| first.span == comment.line) {
        let after = [&file.text[..start as usize], &file.text[end as usize..]].concat();
        if parse(&after).directives.len() != file.directives.len() {
            return None;
        }
    }
    Some(Edit::delete(Span::new(start, end)))
}
