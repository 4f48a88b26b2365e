//! Findings as the client shows them.

use super::client::Client;
use super::position::Lines;
use crate::diagnostic::{Diagnostic, Severity};
use crate::report::{rule_url, safe, solid};
use lsp_types::{
    CodeDescription, DiagnosticRelatedInformation, DiagnosticSeverity, DiagnosticTag, Location, NumberOrString, Range,
    Uri,
};
use std::str::FromStr;

/// The name under which the client shows them.
pub(super) const SOURCE: &str = "layerwise";

/// Where `finding` is shown: never an empty place if its line has a character.
pub(super) fn range(text: &str, lines: &Lines<'_>, finding: &Diagnostic) -> Range {
    lines.range(solid(text, finding.primary.span))
}

/// `finding` in the text of the document at `uri`.
pub(super) fn of(
    text: &str,
    lines: &Lines<'_>,
    uri: &Uri,
    finding: &Diagnostic,
    client: &Client,
) -> lsp_types::Diagnostic {
    let related = finding.secondary.iter().map(|label| DiagnosticRelatedInformation {
        location: Location::new(uri.clone(), lines.range(solid(text, label.span))),
        message: safe::line(&label.message).into_owned(),
    });
    let related: Vec<_> = related.collect();
    lsp_types::Diagnostic {
        range: range(text, lines, finding),
        severity: Some(severity(finding.severity)),
        code: Some(NumberOrString::String(finding.code.to_owned())),
        code_description: Uri::from_str(&rule_url(finding.code)).ok().map(|href| CodeDescription { href }),
        source: Some(SOURCE.to_owned()),
        message: message(finding),
        related_information: (client.related && !related.is_empty()).then_some(related),
        // What replaced it is told by the finding.
        tags: (client.tags && finding.code == "DL4000").then(|| vec![DiagnosticTag::DEPRECATED]),
        data: None,
    }
}

fn severity(severity: Severity) -> DiagnosticSeverity {
    match severity {
        Severity::Error => DiagnosticSeverity::ERROR,
        Severity::Warning => DiagnosticSeverity::WARNING,
        Severity::Info => DiagnosticSeverity::INFORMATION,
        Severity::Style => DiagnosticSeverity::HINT,
    }
}

/// What is wrong, and below it what it costs and what to do.
fn message(finding: &Diagnostic) -> String {
    let mut lines = vec![safe::line(&finding.message).into_owned()];
    lines.extend(finding.notes.iter().map(|note| safe::line(note).into_owned()));
    lines.extend(finding.help.as_deref().map(|help| format!("help: {}", safe::line(help))));
    lines.join("\n")
}
