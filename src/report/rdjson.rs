//! The diagnostic format of reviewdog, with its suggestions. Its columns count bytes.

use super::region::{Lines, Region, Unit};
use super::{HOME, Run, json_text, rule_url, safe, suggestion};
use crate::diagnostic::{Diagnostic, Label, Severity};
use crate::source::Span;
use serde_json::{Value, json};
use std::io::{self, Write};

pub(super) fn write(run: &Run<'_>, out: &mut dyn Write) -> io::Result<()> {
    write!(out, "{{\"source\":{},\"diagnostics\":", json!({ "name": "layerwise", "url": HOME }))?;
    let files = run.files.iter().filter(|file| !file.findings.is_empty());
    let rows = files.flat_map(|file| {
        let lines = Lines::new(&file.text);
        file.findings.iter().map(move |finding| diagnostic(&file.path, &file.text, &lines, finding))
    });
    json_text::rows(rows, out)?;
    out.write_all(b"}\n")
}

fn diagnostic(path: &str, text: &str, lines: &Lines<'_>, finding: &Diagnostic) -> Value {
    let location = |span: Span| json!({ "path": path, "range": range(lines.region(span, Unit::Byte)) });
    let mut row = json!({
        "message": safe::line(&finding.message),
        "location": location(finding.primary.span),
        "severity": severity(finding.severity),
        "code": { "value": finding.code, "url": rule_url(finding.code) },
    });
    if !finding.secondary.is_empty() {
        let related = |l: &Label| json!({ "message": safe::line(&l.message), "location": location(l.span) });
        row["relatedLocations"] = finding.secondary.iter().map(related).collect();
    }
    if let Some(whole) = finding.fix.as_ref().and_then(|fix| suggestion::of(text, &lines.index, fix)) {
        let range = json!({ "start": { "line": whole.first }, "end": { "line": whole.last } });
        row["suggestions"] = json!([{ "range": range, "text": whole.text }]);
    }
    row
}

fn range(region: Region) -> Value {
    match region.columns {
        Some((start, end)) => json!({
            "start": { "line": region.line, "column": start },
            "end": { "line": region.end_line, "column": end },
        }),
        None => json!({ "start": { "line": region.line } }),
    }
}

fn severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "ERROR",
        Severity::Warning => "WARNING",
        Severity::Info | Severity::Style => "INFO",
    }
}
