//! Codacy's results: an object a line, each with a message, a rule and the line it is about.

use super::region::{Lines, Unit};
use super::{Run, advice, json_text};
use serde_json::json;
use std::io::{self, Write};

pub(super) fn write(run: &Run<'_>, out: &mut dyn Write) -> io::Result<()> {
    for file in run.files.iter().filter(|file| !file.findings.is_empty()) {
        let (path, lines) = (run.root.relative(&file.path), Lines::new(&file.text));
        for finding in &file.findings {
            let row = json!({
                "filename": path,
                "message": advice::message(finding),
                "patternId": finding.code,
                "line": lines.region(finding.primary.span, Unit::Character).line,
            });
            json_text::write(&row, out)?;
            out.write_all(b"\n")?;
        }
    }
    Ok(())
}
