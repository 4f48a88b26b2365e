//! JUnit's XML: a suite for each file, a failed test for each finding, a passed one for a file without any.

use super::region::{Lines, Unit};
use super::{Run, advice, safe, xml::escape};
use crate::diagnostic::Diagnostic;
use std::collections::HashMap;
use std::io::{self, Write};

pub(super) fn write(run: &Run<'_>, out: &mut dyn Write) -> io::Result<()> {
    let failures = run.findings().count();
    let tests: usize = run.files.iter().map(|file| file.findings.len().max(1)).sum();
    writeln!(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>")?;
    writeln!(out, "<testsuites name=\"layerwise\" tests=\"{tests}\" failures=\"{failures}\" errors=\"0\">")?;
    for file in run.files {
        let (path, count) = (escape(&file.path), file.findings.len());
        write!(out, "  <testsuite name=\"{path}\" tests=\"{}\" failures=\"{count}\" ", count.max(1))?;
        writeln!(out, "errors=\"0\" skipped=\"0\">")?;
        if count == 0 {
            writeln!(out, "    <testcase name=\"no findings\" classname=\"{path}\" file=\"{path}\"/>")?;
        }
        let (lines, mut seen) = (Lines::new(&file.text), HashMap::new());
        for finding in &file.findings {
            let (line, column) = {
                let region = lines.region(finding.primary.span, Unit::Character);
                (region.line, region.columns.map_or(1, |(start, _)| start))
            };
            let name = name(finding, &mut seen);
            write!(out, "    <testcase name=\"{name}\" classname=\"{path}\" ")?;
            writeln!(out, "file=\"{path}\" line=\"{line}\">")?;
            let message = safe::line(&finding.message);
            write!(out, "      <failure type=\"{}\" message=\"{}\">", finding.severity.name(), escape(&message))?;
            write!(out, "{path}:{line}:{column}")?;
            for text in advice::lines(finding).iter().flat_map(|block| block.lines()) {
                write!(out, "\n{}", escape(text))?;
            }
            writeln!(out, "</failure>\n    </testcase>")?;
        }
        writeln!(out, "  </testsuite>")?;
    }
    writeln!(out, "</testsuites>")
}

/// Readers tell tests apart, and compare them with those of the last run, by their names: so there is no line number in
/// it, and a second one of its name, as XML has it, says so.
fn name(finding: &Diagnostic, seen: &mut HashMap<String, usize>) -> String {
    let name = format!("{}: {}", finding.code, escape(&safe::line(&finding.message)));
    let count = seen.entry(name.clone()).or_default();
    *count += 1;
    if *count == 1 { name } else { format!("{name} ({count})") }
}
