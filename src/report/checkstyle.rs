//! Checkstyle's XML, which many build servers read.

use super::region::{Lines, Unit};
use super::{Run, advice, xml::escape};
use crate::diagnostic::Severity;
use std::io::{self, Write};

pub(super) fn write(run: &Run<'_>, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<checkstyle version=\"4.3\">")?;
    for file in run.files.iter().filter(|file| !file.findings.is_empty()) {
        let lines = Lines::new(&file.text);
        writeln!(out, "  <file name=\"{}\">", escape(&file.path))?;
        for finding in &file.findings {
            let region = lines.region(finding.primary.span, Unit::Character);
            let column = region.columns.map_or(1, |(start, _)| start);
            let severity = match finding.severity {
                Severity::Error => "error",
                Severity::Warning => "warning",
                Severity::Info | Severity::Style => "info",
            };
            write!(out, "    <error line=\"{}\" column=\"{column}\" severity=\"{severity}\" ", region.line)?;
            writeln!(out, "message=\"{}\" source=\"{}\"/>", escape(&advice::message(finding)), finding.code)?;
        }
        writeln!(out, "  </file>")?;
    }
    writeln!(out, "</checkstyle>")
}
