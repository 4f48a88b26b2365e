//! ShellCheck's answer, and the findings that come of it.

use super::code::{code, link};
use super::position::{Edge, Mapped};
use super::script::ShellScript;
use crate::diagnostic::{Applicability, Diagnostic, Edit, Fix, Label, Severity};
use crate::source::{LineIndex, Span};
use serde::{Deserialize, Serialize};
use std::ops::Range;

/// What `--format=json1` prints.
#[derive(Debug, Deserialize)]
pub(super) struct Answer {
    pub(super) comments: Vec<Comment>,
}

/// What ShellCheck says of one place.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct Comment {
    /// The name that its script had in one run of the program.
    #[serde(default, skip_serializing)]
    pub(super) file: String,
    #[serde(flatten)]
    place: Place,
    level: Level,
    code: u16,
    message: String,
    fix: Option<Replacements>,
}

/// Lines and columns from 1; the end is exclusive. A tab is one column, as any character is (measured: 0.9 and 0.11).
#[derive(Clone, Copy, Debug, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
struct Place {
    line: u32,
    column: u32,
    end_line: u32,
    end_column: u32,
}

#[derive(Clone, Copy, Debug, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
enum Level {
    Error,
    Warning,
    Info,
    Style,
}

#[derive(Clone, Debug, Deserialize, Serialize)]
struct Replacements {
    replacements: Vec<Replacement>,
}

#[derive(Clone, Debug, Deserialize, Serialize)]
struct Replacement {
    #[serde(flatten)]
    place: Place,
    replacement: String,
}

/// The longest code that the title of a fix shows.
const LONGEST_SHOWN: usize = 60;

/// What `comments` say of `script`, a script of the file `source`. What they say of our own lines is left out.
pub(super) fn findings(script: &ShellScript, comments: &[Comment], source: &str) -> Vec<Diagnostic> {
    if comments.is_empty() {
        return Vec::new();
    }
    let lines = script.text.lines();
    comments.iter().filter_map(|comment| finding(script, &lines, comment, source)).collect()
}

fn finding(script: &ShellScript, lines: &LineIndex, comment: &Comment, source: &str) -> Option<Diagnostic> {
    let range = range(&script.text, lines, comment.place)?;
    let span = script.text.span(range.clone()).or_else(|| script.text.end_before(range.start))?;
    let code = code(comment.code);
    let severity = match comment.level {
        Level::Error => Severity::Error,
        Level::Warning => Severity::Warning,
        Level::Info => Severity::Info,
        Level::Style => Severity::Style,
    };
    Some(Diagnostic {
        code,
        aliases: Vec::new(),
        severity,
        message: comment.message.clone(),
        primary: Label { span, message: String::new() },
        secondary: Vec::new(),
        members: Vec::new(),
        notes: Vec::new(),
        help: Some(format!("see {}", link(code)).into()),
        fix: comment.fix.as_ref().and_then(|fix| mend(script, lines, &range, &fix.replacements, source)),
    })
}

/// The fix, if all that it replaces stands in the file as it stands in the script.
fn mend(
    script: &ShellScript,
    lines: &LineIndex,
    about: &Range<u32>,
    replacements: &[Replacement],
    source: &str,
) -> Option<Fix> {
    let mut edits = Vec::with_capacity(replacements.len());
    for replacement in replacements {
        // In a line of RUN, a new line would end the instruction.
        if !script.heredoc && replacement.replacement.contains('\n') {
            return None;
        }
        let range = range(&script.text, lines, replacement.place)?;
        let edge = match range.start {
            at if at == about.start => Edge::Start,
            at if at == about.end => Edge::End,
            _ => Edge::None,
        };
        edits.push(Edit::replace(script.text.exact(range, edge)?, replacement.replacement.clone()));
    }
    edits.sort_by_key(|edit| edit.span);
    // Two that meet have an order of their own, which the answer does not tell.
    let meet = |pair: &[Edit]| pair[0].span.end > pair[1].span.start || pair[0].span == pair[1].span;
    if edits.is_empty() || edits.windows(2).any(meet) {
        return None;
    }
    Some(Fix::new(title(&edits, source), Applicability::Unsafe, edits))
}

/// What the edits come to, as an order.
fn title(edits: &[Edit], source: &str) -> String {
    let (Some(first), Some(last)) = (edits.first(), edits.last()) else { return String::new() };
    let whole = first.span.to(last.span);
    let mut text = whole.of(source).to_owned();
    for edit in edits.iter().rev() {
        let at = Span::new(edit.span.start - whole.start, edit.span.end - whole.start);
        text.replace_range(at.range(), &edit.replacement);
    }
    let text = text.trim();
    match (whole.is_empty(), text.is_empty()) {
        _ if text.len() > LONGEST_SHOWN || text.contains('\n') => "rewrite it as ShellCheck proposes".to_owned(),
        (_, true) => format!("remove `{}`", whole.of(source)),
        (true, false) => format!("add `{text}`"),
        (false, false) => format!("write `{text}`"),
    }
}

/// The bytes of the script that `place` means.
fn range(text: &Mapped, lines: &LineIndex, place: Place) -> Option<Range<u32>> {
    let start = lines.offset(text.text(), place.line, place.column)?;
    let end = lines.offset(text.text(), place.end_line, place.end_column)?;
    Some(start..end.max(start))
}
