//! The lines of a file as codespan reads them: safe to print, but with the lines and columns of the original.
//!
//! A line may be as long as the file, and hold a finding at each word. So of a long one, only what is around the label
//! is shown, or the output would grow with the square of its length.

use super::{clamp, safe};
use crate::lint::FileReport;
use crate::source::{LineIndex, Span, border};
use codespan_reporting::files::{Error, Files, Location};
use std::ops::Range;

/// A longer line is cut, in bytes.
const LONG: usize = 1_000;
/// What is shown of it, and how much of that stands in front of the label.
const SHOWN: usize = 200;
const IN_FRONT: usize = 60;

/// A file to be shown.
pub(super) struct Source<'a> {
    file: &'a FileReport,
    path: String,
    shown: safe::Shown<'a>,
    /// Of the file, and of the text to print.
    lines: LineIndex,
    index: LineIndex,
}

/// What is shown of it for one finding.
pub(super) struct Excerpt<'s, 'a> {
    source: &'s Source<'a>,
    /// The parts of long lines, by line.
    cuts: Vec<(usize, Range<usize>)>,
}

impl<'a> Source<'a> {
    pub(super) fn new(file: &'a FileReport) -> Self {
        let shown = safe::Shown::new(&file.text);
        let path = safe::line(&file.path).into_owned();
        let lines = LineIndex::new(&file.text);
        let index = LineIndex::new(&shown.text);
        Self { file, path, shown, lines, index }
    }

    /// The part of `span` on its first line, in the text to print: a label on a RUN of forty lines
    /// would bury the rest.
    fn first_line(&self, span: Span) -> Range<usize> {
        let span = clamp(&self.file.text, span);
        let (start, end) = (span.start as usize, span.end as usize);
        let line = self.lines.line_around(&self.file.text, span.start).end;
        let whole = end < line || !self.file.text[start..line].ends_with('\n');
        let first = if whole { &self.file.text[start..end] } else { &self.file.text[start..line - 1] };
        // The backslash that continues a cut line, and a carriage return, are not worth a caret.
        let first = if whole { first } else { first.trim_end_matches(['\\', '`', '\r', ' ', '\t']) };
        self.shown.span(Span::new(span.start, span.start + first.len() as u32)).range()
    }

    fn line_of(&self, offset: usize) -> usize {
        self.index.line(offset as u32) as usize - 1
    }

    fn line(&self, line: usize) -> Range<usize> {
        let start = |number| self.index.start(number).map_or(self.shown.text.len(), |at| at as usize);
        start(line as u32 + 1)..start(line as u32 + 2)
    }

    /// What is shown of the long line `line` if something at `offset` is worth a look.
    fn part(&self, line: &Range<usize>, offset: usize) -> Range<usize> {
        let start = self.border(offset.saturating_sub(IN_FRONT).max(line.start));
        start..self.border((start + SHOWN).min(line.end))
    }

    /// The character border at `at` or in front of it.
    fn border(&self, at: usize) -> usize {
        border(&self.shown.text, at)
    }
}

impl<'s, 'a> Excerpt<'s, 'a> {
    pub(super) fn new(source: &'s Source<'a>) -> Self {
        Self { source, cuts: Vec::new() }
    }

    /// Where a label for `span` goes. Nothing if another one stands on the same line, too far away to be shown as well.
    pub(super) fn place(&mut self, span: Span) -> Option<Range<usize>> {
        let label = self.source.first_line(span);
        let at = self.source.line_of(label.start);
        let line = self.source.line(at);
        if line.len() <= LONG {
            return Some(label);
        }
        let known = self.cuts.iter().find(|(line, _)| *line == at).map(|(_, cut)| cut.clone());
        let cut = known.unwrap_or_else(|| {
            let cut = self.source.part(&line, label.start);
            self.cuts.push((at, cut.clone()));
            cut
        });
        cut.contains(&label.start).then(|| label.start..label.end.min(cut.end))
    }

    /// What is left out, for each line with a label.
    pub(super) fn remarks(&self) -> impl Iterator<Item = String> {
        self.cuts.iter().map(|(line, cut)| {
            let text: &str = &self.source.shown.text;
            let end = text[..cut.end].trim_end_matches(['\r', '\n']).len();
            let column = |at: usize| self.source.index.position(text, at as u32).column;
            format!("line {} is long: columns {} to {} are shown", line + 1, column(cut.start), column(end) - 1)
        })
    }
}

impl<'a> Files<'a> for Excerpt<'_, '_> {
    type FileId = ();
    type Name = &'a str;
    type Source = &'a str;

    fn name(&'a self, (): ()) -> Result<&'a str, Error> {
        Ok(&self.source.path)
    }

    fn source(&'a self, (): ()) -> Result<&'a str, Error> {
        Ok(&self.source.shown.text)
    }

    fn line_index(&'a self, (): (), offset: usize) -> Result<usize, Error> {
        Ok(self.source.line_of(offset))
    }

    fn line_range(&'a self, (): (), at: usize) -> Result<Range<usize>, Error> {
        let line = self.source.line(at);
        if line.len() <= LONG {
            return Ok(line);
        }
        let known = self.cuts.iter().find(|(line, _)| *line == at);
        Ok(known.map_or_else(|| self.source.part(&line, line.start), |(_, cut)| cut.clone()))
    }

    fn location(&'a self, (): (), offset: usize) -> Result<Location, Error> {
        // Replacing keeps the number of lines and of characters, so the columns are the original's.
        let at = self.source.index.position(&self.source.shown.text, offset as u32);
        Ok(Location { line_number: at.line as usize, column_number: at.column as usize })
    }
}
