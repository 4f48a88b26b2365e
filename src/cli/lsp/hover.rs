//! What stands behind a place: the document of a rule, and what an instruction costs.

use super::document::Document;
use super::heat;
use super::position::{Encoding, Lines};
use crate::diagnostic::Diagnostic;
use crate::report::{rule_text, solid};
use crate::source::Span;
use crate::syntax::parse;
use lsp_types::{Hover, HoverContents, MarkupContent, MarkupKind, Position};

/// No more documents than this are shown at once.
const MOST: usize = 3;

/// The findings at a place of `text`, each rule once.
fn at<'f>(text: &str, findings: &'f [Diagnostic], offset: u32) -> Vec<&'f Diagnostic> {
    let mut found: Vec<&Diagnostic> = Vec::new();
    for finding in findings {
        let span = solid(text, finding.primary.span);
        let is_here = span.start <= offset && offset <= span.end;
        if is_here && !found.iter().any(|other| other.code == finding.code) {
            found.push(finding);
        }
    }
    found.truncate(MOST);
    found
}

/// What to show, and whether it says all: without the heat, an instruction has more to tell.
pub(super) fn of(
    document: &Document,
    findings: &[Diagnostic],
    place: Position,
    encoding: Encoding,
) -> (Option<Hover>, bool) {
    let text = &*document.text;
    let lines = Lines::new(text, encoding);
    let offset = lines.offset(place) as u32;
    let here = at(text, findings, offset);
    let file = parse(text);
    let instruction =
        file.instructions.iter().find(|i| i.lines.start <= offset && offset < i.lines.end.max(i.span.end + 1));
    let report = document.heat();
    let mut parts: Vec<String> = here.iter().map(|finding| rule(finding.code)).collect();
    if let (Some(instruction), Some(Ok(report))) = (instruction, report) {
        parts.extend(heat::hover(instruction, report));
    }
    let is_whole = instruction.is_none() || report.is_some();
    if parts.is_empty() {
        return (None, is_whole);
    }
    let span = here
        .first()
        .map(|f| solid(text, f.primary.span))
        .or(instruction.map(|i| i.span))
        .unwrap_or(Span::empty(offset));
    let contents = MarkupContent { kind: MarkupKind::Markdown, value: parts.join("\n---\n\n") };
    (Some(Hover { contents: HoverContents::Markup(contents), range: Some(lines.range(span)) }), is_whole)
}

/// The document of a rule, without its examples.
fn rule(code: &str) -> String {
    let rule = rule_text(code);
    format!("**{code}** {}\n\n{}", rule.title, rule.help)
}
