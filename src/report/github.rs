//! GitHub's workflow commands: an annotation a finding, in a group for each severity, the worst first.
//!
//! GitHub puts only the first ten of each kind beside the code; the log holds all of them.

use super::region::{Lines, Unit};
use super::{Run, advice, safe};
use crate::diagnostic::{Diagnostic, Severity};
use crate::source::{is_command_mark, is_unsafe};
use std::borrow::Cow;
use std::io::{self, Write};

/// How many annotations of a kind GitHub takes from a step.
const SHOWN: usize = 10;

pub(super) fn write(run: &Run<'_>, out: &mut dyn Write) -> io::Result<()> {
    for severity in Severity::ALL.into_iter().rev() {
        let count = run.findings().filter(|(_, finding)| finding.severity == severity).count();
        if count == 0 {
            continue;
        }
        let noun = match (severity, count) {
            (Severity::Error | Severity::Warning, 1) => severity.name().to_owned(),
            (Severity::Error | Severity::Warning, _) => format!("{}s", severity.name()),
            (_, 1) => format!("{} finding", severity.name()),
            _ => format!("{} findings", severity.name()),
        };
        let rest = if count > SHOWN { " (GitHub shows the first 10 beside the code)" } else { "" };
        writeln!(out, "::group::{count} {noun}{rest}")?;
        for file in run.files {
            let of_severity = || file.findings.iter().filter(|finding| finding.severity == severity);
            if of_severity().next().is_some() {
                let (path, lines) = (run.root.relative(&file.path), Lines::new(&file.text));
                of_severity().try_for_each(|finding| annotation(&path, &lines, finding, out))?;
            }
        }
        writeln!(out, "::endgroup::")?;
    }
    Ok(())
}

fn annotation(path: &str, lines: &Lines<'_>, finding: &Diagnostic, out: &mut dyn Write) -> io::Result<()> {
    let command = match finding.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Info | Severity::Style => "notice",
    };
    let region = lines.region(finding.primary.span, Unit::Character);
    write!(out, "::{command} title=layerwise {},file={},line={}", finding.code, property(path), region.line)?;
    write!(out, ",endLine={}", region.end_line)?;
    // GitHub refuses columns of a place on several lines.
    if let Some((start, end)) = region.columns.filter(|_| region.line == region.end_line) {
        write!(out, ",col={start},endColumn={end}")?;
    }
    // The log shows nothing but the message, so the place is in it, too.
    let place = format!("{}:{}:{}", safe::line(path), region.line, region.columns.map_or(1, |(start, _)| start));
    let mut message =
        format!("{place}: {}[{}]: {}", finding.severity.name(), finding.code, safe::line(&finding.message));
    for line in advice::lines(finding) {
        message.push('\n');
        message.push_str(&line);
    }
    writeln!(out, "::{}", data(&message))
}

/// The text behind the second `::`.
fn data(text: &str) -> Cow<'_, str> {
    escape(text, |c| matches!(c, '%' | '\r' | '\n'))
}

/// The value of a property.
fn property(text: &str) -> Cow<'_, str> {
    escape(text, |c| matches!(c, '%' | '\r' | '\n' | ':' | ','))
}

fn escape(text: &str, is_special: impl Fn(char) -> bool) -> Cow<'_, str> {
    if !text.contains(|c| is_special(c) || is_unsafe(c)) && !text.contains("##") {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 16);
    for (at, c) in text.char_indices() {
        match c {
            // A command of Azure's, and of GitHub's own older runners, wherever in a line it stands.
            '#' if is_command_mark(text, at) => out.push('\u{fffd}'),
            c if is_special(c) => out.push_str(&format!("%{:02X}", c as u32)),
            c if is_unsafe(c) => out.push('\u{fffd}'),
            c => out.push(c),
        }
    }
    Cow::Owned(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_ends_a_property_or_a_command_is_escaped() {
        assert_eq!(property("a,b:c%\r\nd\u{1b}"), "a%2Cb%3Ac%25%0D%0Ad\u{fffd}");
        assert_eq!(property("##vso[a]##[b]#"), "#\u{fffd}vso[a]#\u{fffd}[b]#");
        assert_eq!(data("a,b:c%\r\nd\u{9b}"), "a,b:c%25%0D%0Ad\u{fffd}");
    }
}
