//! The lines concerned with labels, in the style of codespan-reporting.

use super::{advice, clamp, color, safe};
use crate::diagnostic::{Diagnostic, Severity};
use crate::lint::FileReport;
use crate::source::{LineIndex, Span};
use codespan_reporting::diagnostic::{self as codespan, LabelStyle};
use codespan_reporting::files::{Error, Files, Location};
use codespan_reporting::term::{self, GeneralWriteResult, WriteStyle};
use std::io::{self, Write};
use std::ops::Range;

pub(super) fn write(files: &[FileReport], out: &mut dyn Write, colour: bool) -> io::Result<()> {
    let config = term::Config::default();
    for file in files.iter().filter(|f| !f.findings.is_empty()) {
        let source = Source::new(file);
        for finding in &file.findings {
            header(finding, out, colour)?;
            let mut body = Body { out: &mut *out, in_header: true, severity: finding.severity, colour };
            match term::emit_to_write_style(&mut body, &config, &source, &convert(finding, &source)) {
                Ok(()) => {}
                Err(Error::Io(error)) => return Err(error),
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

fn convert(finding: &Diagnostic, source: &Source) -> codespan::Diagnostic<()> {
    let severity = match finding.severity {
        Severity::Error => codespan::Severity::Error,
        Severity::Warning => codespan::Severity::Warning,
        Severity::Info => codespan::Severity::Note,
        Severity::Style => codespan::Severity::Help,
    };
    let label = |style, label: &crate::diagnostic::Label| {
        codespan::Label::new(style, (), source.first_line(label.span)).with_message(safe::line(&label.message))
    };
    let primary = std::iter::once(label(LabelStyle::Primary, &finding.primary));
    let secondary = finding.secondary.iter().map(|l| label(LabelStyle::Secondary, l));
    let notes = finding.notes.iter().map(|n| safe::block(n)).chain(advice::help(finding));
    codespan::Diagnostic::new(severity).with_labels_iter(primary.chain(secondary)).with_notes_iter(notes)
}

/// A file as codespan reads it: safe to print, but with the lines and columns of the original.
struct Source<'a> {
    file: &'a FileReport,
    path: String,
    shown: safe::Shown<'a>,
    /// Of the text to print.
    index: LineIndex,
    starts: Vec<usize>,
}

impl<'a> Source<'a> {
    fn new(file: &'a FileReport) -> Self {
        let shown = safe::Shown::new(&file.text);
        let starts = codespan_reporting::files::line_starts(&shown.text).collect();
        let path = safe::line(&file.path).into_owned();
        let index = LineIndex::new(&shown.text);
        Self { file, path, shown, index, starts }
    }

    /// The part of `span` on its first line, in the text to print: a label on a RUN of forty lines
    /// would bury the rest.
    fn first_line(&self, span: Span) -> Range<usize> {
        let span = clamp(&self.file.text, span);
        let first = span.of(&self.file.text).split('\n').next().unwrap_or_default();
        let whole = first.len() == span.len() as usize;
        // The backslash that continues a cut line, and a carriage return, are not worth a caret.
        let first = if whole { first } else { first.trim_end_matches(['\\', '`', '\r', ' ', '\t']) };
        self.shown.span(Span::new(span.start, span.start + first.len() as u32)).range()
    }
}

impl<'a> Files<'a> for Source<'_> {
    type FileId = ();
    type Name = &'a str;
    type Source = &'a str;

    fn name(&'a self, (): ()) -> Result<&'a str, Error> {
        Ok(&self.path)
    }

    fn source(&'a self, (): ()) -> Result<&'a str, Error> {
        Ok(&self.shown.text)
    }

    fn line_index(&'a self, (): (), offset: usize) -> Result<usize, Error> {
        Ok(self.starts.partition_point(|&start| start <= offset) - 1)
    }

    fn line_range(&'a self, (): (), line: usize) -> Result<Range<usize>, Error> {
        let start = |line: usize| self.starts.get(line).copied().unwrap_or(self.shown.text.len());
        Ok(start(line)..start(line + 1))
    }

    fn location(&'a self, (): (), offset: usize) -> Result<Location, Error> {
        // Replacing keeps the number of lines and of characters, so the columns are the original's.
        let at = self.index.position(&self.shown.text, offset as u32);
        Ok(Location { line_number: at.line as usize, column_number: at.column as usize })
    }
}

/// Passes on what codespan writes, save for the header, with our own colours.
struct Body<'a> {
    out: &'a mut dyn Write,
    in_header: bool,
    severity: Severity,
    colour: bool,
}

impl Body<'_> {
    fn style(&mut self, code: &str) -> GeneralWriteResult {
        if self.colour && !self.in_header { self.out.write_all(code.as_bytes()) } else { Ok(()) }
    }
}

impl Write for Body<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.in_header {
            let end = bytes.iter().position(|&b| b == b'\n').map(|at| at + 1);
            self.in_header = end.is_none();
            return Ok(end.unwrap_or(bytes.len()));
        }
        self.out.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
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
