//! Issues as Code Climate's engines write them, which GitLab's code quality report is made of too.

use super::region::{Lines, Unit};
use super::{Run, advice, json_text, rule_text};
use crate::diagnostic::Severity;
use crate::lint::{fingerprint_in, fingerprints};
use serde_json::{Value, json};
use std::io::{self, Write};

/// An array: what GitLab reads.
pub(super) fn write_array(run: &Run<'_>, out: &mut dyn Write) -> io::Result<()> {
    json_text::rows(issues(run), out)?;
    out.write_all(b"\n")
}

/// A stream with a NUL behind each issue, as the specification of engines has it.
pub(super) fn write_stream(run: &Run<'_>, out: &mut dyn Write) -> io::Result<()> {
    for issue in issues(run) {
        json_text::write(&issue, out)?;
        out.write_all(b"\0")?;
    }
    Ok(())
}

fn issues<'a>(run: &Run<'a>) -> impl Iterator<Item = Value> + use<'a> {
    let root = run.root;
    run.files.iter().filter(|file| !file.findings.is_empty()).flat_map(move |file| {
        let (path, lines) = (root.relative(&file.path), Lines::new(&file.text));
        file.findings.iter().zip(fingerprints(file)).map(move |(finding, print)| {
            let region = lines.region(finding.primary.span, Unit::Character);
            json!({
                "type": "issue",
                "description": advice::message(finding),
                "check_name": finding.code,
                "categories": [category(rule_text::of(finding.code).category)],
                "fingerprint": fingerprint_in(&path, &print),
                "severity": severity(finding.severity),
                "location": { "path": path, "lines": { "begin": region.line, "end": region.end_line } },
            })
        })
    })
}

fn severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "critical",
        Severity::Warning => "major",
        Severity::Info => "minor",
        Severity::Style => "info",
    }
}

/// The specification's word for what a category of rules is about.
fn category(category: &str) -> &'static str {
    match category {
        "cache" | "context" | "layers" | "order" => "Performance",
        "security" => "Security",
        "style" => "Style",
        _ => "Bug Risk",
    }
}
