//! One JSON array over all files, or a line of JSON for each finding. Lines and columns count from 1, columns in
//! characters; ends are exclusive; the offsets of edits are bytes.

use super::{clamp, json_text, rule_url};
use crate::diagnostic::{Diagnostic, Edit, Fix, Label};
use crate::lint::FileReport;
use crate::source::{LineIndex, Span};
use serde::Serialize;
use std::io::{self, Write};

// The order of the fields is the order of the keys, and part of the format.

#[derive(Serialize)]
struct Finding<'a> {
    file: &'a str,
    #[serde(flatten)]
    place: Place,
    code: &'a str,
    level: &'a str,
    message: &'a str,
    aliases: &'a [&'static str],
    url: String,
    notes: &'a [String],
    help: Option<&'a str>,
    related: Vec<Related<'a>>,
    fix: Option<FixOut<'a>>,
}

#[derive(Serialize)]
struct Place {
    line: u32,
    column: u32,
    end_line: u32,
    end_column: u32,
}

#[derive(Serialize)]
struct Related<'a> {
    #[serde(flatten)]
    place: Place,
    message: &'a str,
}

#[derive(Serialize)]
struct FixOut<'a> {
    applicability: &'a str,
    title: &'a str,
    edits: Vec<EditOut<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    adds: Option<Adds<'a>>,
}

/// Lines at the end of another file.
#[derive(Serialize)]
struct Adds<'a> {
    file: String,
    lines: &'a [String],
}

#[derive(Serialize)]
struct EditOut<'a> {
    start: u32,
    end: u32,
    replacement: &'a str,
}

pub(super) fn write(files: &[FileReport], out: &mut dyn Write) -> io::Result<()> {
    let mut between = "[\n";
    each(files, |finding| {
        out.write_all(between.as_bytes())?;
        between = ",\n";
        json_text::write(finding, out)
    })?;
    out.write_all(if between == ",\n" { b"\n]\n" } else { b"[]\n" })
}

/// The same without the array: a finding is whole as soon as its line is.
pub(super) fn write_lines(files: &[FileReport], out: &mut dyn Write) -> io::Result<()> {
    each(files, |finding| {
        json_text::write(finding, out)?;
        out.write_all(b"\n")
    })
}

fn each(files: &[FileReport], mut put: impl FnMut(&Finding<'_>) -> io::Result<()>) -> io::Result<()> {
    for file in files.iter().filter(|f| !f.findings.is_empty()) {
        let index = LineIndex::new(&file.text);
        for finding in &file.findings {
            put(&Finding::new(file, &index, finding))?;
        }
    }
    Ok(())
}

impl<'a> Finding<'a> {
    fn new(file: &'a FileReport, index: &LineIndex, finding: &'a Diagnostic) -> Self {
        let place = |span| Place::new(&file.text, index, span);
        let related = |label: &'a Label| Related { place: place(label.span), message: &label.message };
        Self {
            file: &file.path,
            place: place(finding.primary.span),
            code: finding.code,
            level: finding.severity.name(),
            message: &finding.message,
            aliases: &finding.aliases,
            url: rule_url(finding.code),
            notes: &finding.notes,
            help: finding.help.as_deref(),
            related: finding.secondary.iter().map(related).collect(),
            fix: finding.fix.as_ref().map(FixOut::new),
        }
    }
}

impl Place {
    fn new(text: &str, index: &LineIndex, span: Span) -> Self {
        let span = clamp(text, span);
        let (start, end) = (index.position(text, span.start), index.position(text, span.end));
        Self { line: start.line, column: start.column, end_line: end.line, end_column: end.column }
    }
}

impl<'a> FixOut<'a> {
    fn new(fix: &'a Fix) -> Self {
        let edit = |e: &'a Edit| EditOut { start: e.span.start, end: e.span.end, replacement: &e.replacement };
        let adds = fix.addition.as_ref().map(|a| Adds { file: a.path.display().to_string(), lines: &a.lines });
        let edits = fix.edits.iter().map(edit).collect();
        Self { applicability: fix.applicability.name(), title: &fix.title, edits, adds }
    }
}
