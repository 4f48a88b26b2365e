//! GitLab's code quality report: an array of issues.

use super::region::{Lines, Unit};
use super::{Run, advice, json_text};
use crate::diagnostic::Severity;
use crate::lint::{fingerprint_in, fingerprints};
use serde_json::json;
use std::io::{self, Write};

pub(super) fn write(run: &Run<'_>, out: &mut dyn Write) -> io::Result<()> {
    let issues = run.files.iter().filter(|file| !file.findings.is_empty()).flat_map(|file| {
        let (path, lines) = (run.root.relative(&file.path), Lines::new(&file.text));
        file.findings.iter().zip(fingerprints(file)).map(move |(finding, print)| {
            let region = lines.region(finding.primary.span, Unit::Character);
            json!({
                "type": "issue",
                "description": advice::message(finding),
                "check_name": finding.code,
                "fingerprint": fingerprint_in(&path, &print),
                "severity": severity(finding.severity),
                "location": { "path": path, "lines": { "begin": region.line, "end": region.end_line } },
            })
        })
    });
    json_text::rows(issues, out)?;
    out.write_all(b"\n")
}

fn severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "critical",
        Severity::Warning => "major",
        Severity::Info => "minor",
        Severity::Style => "info",
    }
}
