//! The lines concerned with labels, in the style of codespan-reporting.

use super::excerpt::{Excerpt, Source};
use super::{advice, color, safe};
use crate::diagnostic::{Diagnostic, Label, Severity};
use crate::lint::FileReport;
use codespan_reporting::diagnostic::{self as codespan, LabelStyle};
use codespan_reporting::term::{self, GeneralWriteResult, WriteStyle};
use std::fmt;
use std::io::{self, Write};

pub(super) fn write(files: &[FileReport], out: &mut dyn Write, colour: bool) -> io::Result<()> {
    let config = term::Config::default();
    let mut text = String::new();
    for file in files.iter().filter(|f| !f.findings.is_empty()) {
        let source = Source::new(file);
        for finding in &file.findings {
            header(finding, out, colour)?;
            text.clear();
            let mut body = Body { text: &mut text, in_header: true, severity: finding.severity, colour };
            let mut excerpt = Excerpt::new(&source);
            let shown = convert(finding, &mut excerpt);
            match term::emit_to_write_style(&mut body, &config, &excerpt, &shown) {
                Ok(()) => out.write_all(text.as_bytes())?,
                // Spans are clamped, so this can't happen; a lost snippet is no reason to lose the run.
                Err(error) => writeln!(out, "  (the lines can't be shown: {error})\n")?,
            }
        }
    }
    Ok(())
}

/// codespan knows no `info` and no `style`, so the first line of a finding is ours.
fn header(finding: &Diagnostic, out: &mut dyn Write, colour: bool) -> io::Result<()> {
    let (severity, code, message) = (finding.severity.name(), finding.code, safe::line(&finding.message));
    if colour {
        let (on, bold, off) = (color::header(finding.severity), color::BOLD, color::RESET);
        writeln!(out, "{on}{severity}[{code}]{off}{bold}: {message}{off}")
    } else {
        writeln!(out, "{severity}[{code}]: {message}")
    }
}

fn convert(finding: &Diagnostic, excerpt: &mut Excerpt<'_, '_>) -> codespan::Diagnostic<()> {
    let severity = match finding.severity {
        Severity::Error => codespan::Severity::Error,
        Severity::Warning => codespan::Severity::Warning,
        Severity::Info => codespan::Severity::Note,
        Severity::Style => codespan::Severity::Help,
    };
    let mut label = |style, label: &Label| {
        let range = excerpt.place(label.span)?;
        Some(codespan::Label::new(style, (), range).with_message(safe::line(&label.message)))
    };
    let mut labels: Vec<_> = label(LabelStyle::Primary, &finding.primary).into_iter().collect();
    labels.extend(finding.secondary.iter().filter_map(|other| label(LabelStyle::Secondary, other)));
    let notes = finding.notes.iter().map(|n| safe::block(n)).chain(advice::help(finding)).chain(excerpt.remarks());
    codespan::Diagnostic::new(severity).with_labels(labels).with_notes_iter(notes)
}

/// Passes on what codespan writes, save for the header, with our own colours.
struct Body<'a> {
    text: &'a mut String,
    in_header: bool,
    severity: Severity,
    colour: bool,
}

impl Body<'_> {
    fn style(&mut self, code: &str) -> GeneralWriteResult {
        if self.colour && !self.in_header { fmt::Write::write_str(self.text, code) } else { Ok(()) }
    }
}

impl fmt::Write for Body<'_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        let shown = if self.in_header { text.split_once('\n').map(|(_, below)| below) } else { Some(text) };
        self.in_header = shown.is_none();
        shown.map_or(Ok(()), |shown| fmt::Write::write_str(self.text, shown))
    }

    /// codespan calls this for each character of a line, so the way to the text is short.
    fn write_fmt(&mut self, args: fmt::Arguments<'_>) -> fmt::Result {
        if self.in_header { fmt::write(self, args) } else { fmt::Write::write_fmt(self.text, args) }
    }
}

impl WriteStyle for Body<'_> {
    fn set_header(&mut self, _: codespan::Severity) -> GeneralWriteResult {
        Ok(())
    }

    fn set_header_message(&mut self) -> GeneralWriteResult {
        Ok(())
    }

    fn set_line_number(&mut self) -> GeneralWriteResult {
        self.style(color::FRAME)
    }

    fn set_note_bullet(&mut self) -> GeneralWriteResult {
        self.style(color::FRAME)
    }

    fn set_source_border(&mut self) -> GeneralWriteResult {
        self.style(color::FRAME)
    }

    fn set_label(&mut self, _: codespan::Severity, style: LabelStyle) -> GeneralWriteResult {
        self.style(match style {
            LabelStyle::Primary => color::label(self.severity),
            LabelStyle::Secondary => color::FRAME,
        })
    }

    fn reset(&mut self) -> GeneralWriteResult {
        self.style(color::RESET)
    }
}
