//! SARIF 2.1.0, one run, as GitHub's code scanning wants it.

use super::region::{Lines, Region, Unit};
use super::rule_text::{self, RuleText};
use super::{HOME, Run, advice, json_text, root, rule_url};
use crate::diagnostic::{Applicability, Diagnostic, Edit, Fix, Label, Severity};
use crate::lint::{FileReport, fingerprints};
use crate::source::Span;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::io::{self, Write};

const SCHEMA: &str = "https://json.schemastore.org/sarif-2.1.0.json";
/// The place that paths start at; the reader knows where it is.
const ROOT: &str = "%SRCROOT%";
/// The kind of fingerprint: another way to make them gets another number.
const FINGERPRINT: &str = "layerwise/v1";

pub(super) fn write(run: &Run<'_>, out: &mut dyn Write) -> io::Result<()> {
    let codes = codes(run.files);
    // Field by field, so that a large report is never held twice.
    write!(out, "{{\"$schema\":\"{SCHEMA}\",\"version\":\"2.1.0\",\"runs\":[{{\"tool\":{{\"driver\":{{")?;
    write!(out, "\"name\":\"layerwise\",\"semanticVersion\":\"{}\",", env!("CARGO_PKG_VERSION"))?;
    write!(out, "\"informationUri\":\"{HOME}\",\"rules\":")?;
    json_text::rows(codes.iter().map(|(code, &severity)| rule(code, severity)), out)?;
    out.write_all(b"}},\"columnKind\":\"unicodeCodePoints\",\"originalUriBaseIds\":")?;
    json_text::write(&json!({ ROOT: { "description": { "text": "The root of the repository" } } }), out)?;
    out.write_all(b",\n\"results\":")?;
    let files = run.files.iter().filter(|file| !file.findings.is_empty());
    json_text::rows(files.flat_map(|file| results(file, run.root.relative(&file.path), &codes)), out)?;
    out.write_all(b"}]}\n")
}

/// The rules that have findings, each with its worst severity. The place in it is the index of a rule.
fn codes(files: &[FileReport]) -> BTreeMap<&'static str, Severity> {
    let mut codes = BTreeMap::new();
    for finding in files.iter().flat_map(|f| &f.findings) {
        let worst = codes.entry(finding.code).or_insert(finding.severity);
        *worst = finding.severity.max(*worst);
    }
    codes
}

fn rule(code: &str, severity: Severity) -> Value {
    let RuleText { name, title, summary, help, category } = rule_text::of(code);
    let url = rule_url(code);
    let mut rule = json!({
        "id": code,
        "shortDescription": { "text": title },
        "fullDescription": { "text": summary },
        "help": { "text": help, "markdown": help },
        "helpUri": url,
        "defaultConfiguration": { "level": level(severity) },
        "properties": { "tags": ["dockerfile", category], "precision": "high", "problem.severity": problem(severity) },
    });
    // The specification wants no name that is the same as the id.
    if name != code {
        rule["name"] = json!(name);
    }
    rule
}

fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Info | Severity::Style => "note",
    }
}

/// GitHub's words for how much a rule weighs.
fn problem(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Info | Severity::Style => "recommendation",
    }
}

/// The results of `file`, one after the other: all of a long file take much more memory than its findings.
fn results<'a>(
    file: &'a FileReport,
    path: String,
    codes: &'a BTreeMap<&'static str, Severity>,
) -> impl Iterator<Item = Value> + use<'a> {
    let lines = Lines::new(&file.text);
    file.findings
        .iter()
        .zip(fingerprints(file))
        .map(move |(finding, print)| result(finding, print, &path, &lines, codes))
}

fn result(
    finding: &Diagnostic,
    print: String,
    path: &str,
    lines: &Lines<'_>,
    codes: &BTreeMap<&'static str, Severity>,
) -> Value {
    let mut text = finding.message.clone();
    for line in advice::lines(finding) {
        text = text + "\n" + &line;
    }
    let mut result = json!({
        "ruleId": finding.code,
        "ruleIndex": codes.keys().position(|code| *code == finding.code),
        "level": level(finding.severity),
        "message": { "text": text },
        "locations": [location(path, lines, finding.primary.span)],
        "partialFingerprints": { FINGERPRINT: print },
    });
    if !finding.secondary.is_empty() {
        let related = |(at, label): (usize, &Label)| {
            let mut place = location(path, lines, label.span);
            place["id"] = json!(at + 1);
            place["message"] = json!({ "text": label.message });
            place
        };
        result["relatedLocations"] = finding.secondary.iter().enumerate().map(related).collect();
    }
    if let Some(fix) = finding.fix.as_ref().and_then(|fix| fix_of(fix, path, lines)) {
        result["fixes"] = json!([fix]);
    }
    result
}

fn location(path: &str, lines: &Lines<'_>, span: Span) -> Value {
    let region = region(lines.region(span, Unit::Character));
    json!({ "physicalLocation": { "artifactLocation": artifact(path), "region": region } })
}

fn artifact(path: &str) -> Value {
    let uri = root::uri(path);
    if uri.starts_with("file:") { json!({ "uri": uri }) } else { json!({ "uri": uri, "uriBaseId": ROOT }) }
}

fn region(region: Region) -> Value {
    match region.columns {
        Some((start, end)) => json!({
            "startLine": region.line, "startColumn": start, "endLine": region.end_line, "endColumn": end,
        }),
        None => json!({ "startLine": region.line, "endLine": region.end_line }),
    }
}

/// A fix that a tool can apply: one with a hole in it, or lines for another file, is told in words only.
fn fix_of(fix: &Fix, path: &str, lines: &Lines<'_>) -> Option<Value> {
    if fix.applicability == Applicability::Display || fix.edits.is_empty() {
        return None;
    }
    let edit = |edit: &Edit| {
        let deleted = region(lines.exact(edit.span, Unit::Character));
        json!({ "deletedRegion": deleted, "insertedContent": { "text": edit.replacement } })
    };
    let replacements: Vec<Value> = fix.edits.iter().map(edit).collect();
    Some(json!({
        "description": { "text": fix.title },
        "artifactChanges": [{ "artifactLocation": artifact(path), "replacements": replacements }],
        "properties": { "applicability": fix.applicability.name() },
    }))
}
