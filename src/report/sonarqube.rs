//! SonarQube's generic format for issues of other tools. Its lines count from 1, its columns from 0 in UTF-16.
//!
//! Rules carry what newer servers ask for (clean code attribute and impacts, since 10.3) and what older ones and those in
//! the standard experience mode read (type and severity).

use super::region::{Lines, Region, Unit};
use super::rule_text;
use super::{Run, json_text, rule_url, safe};
use crate::diagnostic::{Label, Severity};
use crate::source::Span;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::io::{self, Write};

const ENGINE: &str = "layerwise";

pub(super) fn write(run: &Run<'_>, out: &mut dyn Write) -> io::Result<()> {
    let mut rules: BTreeMap<&str, Severity> = BTreeMap::new();
    for (_, finding) in run.findings() {
        let worst = rules.entry(finding.code).or_insert(finding.severity);
        *worst = finding.severity.max(*worst);
    }
    out.write_all(b"{\"rules\":")?;
    json_text::rows(rules.iter().map(|(code, &severity)| rule(code, severity)), out)?;
    out.write_all(b",\n\"issues\":")?;
    let issues = run.files.iter().filter(|file| !file.findings.is_empty()).flat_map(|file| {
        let lines = Lines::new(&file.text);
        file.findings.iter().map(move |finding| {
            let place = |span: Span, message: &str| {
                let range = range(lines.region(span, Unit::Utf16));
                json!({ "message": safe::line(message), "filePath": file.path, "textRange": range })
            };
            let mut issue = json!({
                "ruleId": finding.code,
                "primaryLocation": place(finding.primary.span, &finding.message),
            });
            if !finding.secondary.is_empty() {
                let others = finding.secondary.iter().map(|l: &Label| place(l.span, &l.message));
                issue["secondaryLocations"] = others.collect();
            }
            issue
        })
    });
    json_text::rows(issues, out)?;
    out.write_all(b"}\n")
}

fn rule(code: &str, severity: Severity) -> Value {
    let text = rule_text::of(code);
    let (attribute, quality, kind) = nature(text.category);
    let (impact, older) = match severity {
        Severity::Error => ("HIGH", "CRITICAL"),
        Severity::Warning => ("MEDIUM", "MAJOR"),
        Severity::Info => ("LOW", "MINOR"),
        Severity::Style => ("LOW", "INFO"),
    };
    json!({
        "id": code,
        "name": text.title,
        "description": format!("{} See {}", text.summary, rule_url(code)),
        "engineId": ENGINE,
        "cleanCodeAttribute": attribute,
        "type": kind,
        "severity": older,
        "impacts": [{ "softwareQuality": quality, "severity": impact }],
    })
}

/// SonarQube's words for what a category of rules is about: attribute, software quality, type.
fn nature(category: &str) -> (&'static str, &'static str, &'static str) {
    match category {
        "security" => ("TRUSTWORTHY", "SECURITY", "VULNERABILITY"),
        "syntax" | "correctness" => ("LOGICAL", "RELIABILITY", "BUG"),
        "style" => ("CONVENTIONAL", "MAINTAINABILITY", "CODE_SMELL"),
        "shell" | "commands" => ("CLEAR", "MAINTAINABILITY", "CODE_SMELL"),
        "freshness" | "images" => ("COMPLETE", "RELIABILITY", "CODE_SMELL"),
        _ => ("EFFICIENT", "MAINTAINABILITY", "CODE_SMELL"),
    }
}

fn range(region: Region) -> Value {
    match region.columns {
        Some((start, end)) => json!({
            "startLine": region.line, "endLine": region.end_line, "startColumn": start - 1, "endColumn": end - 1,
        }),
        None => json!({ "startLine": region.line }),
    }
}
