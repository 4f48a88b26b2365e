//! One line a finding, as GNU tools write it: `file:line:column: severity[CODE]: message`.

use super::{clamp, color, rule_url, safe};
use crate::lint::FileReport;
use crate::shellcheck;
use crate::source::LineIndex;
use std::io::{self, Write};

pub(super) fn write(files: &[FileReport], out: &mut dyn Write, colour: bool) -> io::Result<()> {
    for file in files.iter().filter(|f| !f.findings.is_empty()) {
        let index = LineIndex::new(&file.text);
        let path = safe::line(&file.path);
        for finding in &file.findings {
            let at = index.position(&file.text, clamp(&file.text, finding.primary.span).start);
            let message = safe::line(&finding.message);
            let severity = finding.severity.name();
            let (on, off) = if colour { (color::header(finding.severity), color::RESET) } else { ("", "") };
            let code = finding.code;
            write!(out, "{path}:{}:{}: {on}{severity}[{code}]{off}: {message}", at.line, at.column)?;
            // `layerwise explain` knows our own rules only.
            if shellcheck::is_code(code) { writeln!(out, " ({})", rule_url(code))? } else { writeln!(out)? }
        }
    }
    Ok(())
}
