//! Azure Pipelines' logging commands, the worst first: it counts and shows only the first ten of each kind.

use super::region::{Lines, Unit};
use super::{Run, advice};
use crate::diagnostic::Severity;
use crate::lint::FileReport;
use crate::source::is_unsafe;
use std::io::{self, Write};

pub(super) fn write(run: &Run<'_>, out: &mut dyn Write) -> io::Result<()> {
    let all: Vec<_> = run.findings().collect();
    let mut lines: Option<(&FileReport, Lines<'_>)> = None;
    for at in advice::worst_first(all.iter().map(|(_, finding)| *finding)) {
        let (file, finding) = all[at];
        // There are only these two kinds.
        let kind = if finding.severity == Severity::Error { "error" } else { "warning" };
        // Those of one severity stand together file by file, so that each file is read at most once for each.
        if !lines.as_ref().is_some_and(|(known, _)| std::ptr::eq(*known, file)) {
            lines = Some((file, Lines::new(&file.text)));
        }
        let Some((_, lines)) = &lines else { continue };
        let region = lines.region(finding.primary.span, Unit::Character);
        let column = region.columns.map_or(1, |(start, _)| start);
        let (path, code) = (property(&run.root.relative(&file.path)), finding.code);
        write!(out, "##vso[task.logissue type={kind};sourcepath={path};linenumber={};", region.line)?;
        let message = format!("{}: {}", finding.severity.name(), advice::message(finding));
        writeln!(out, "columnnumber={column};code={code};]{}", data(&message))?;
    }
    Ok(())
}

fn data(text: &str) -> String {
    escape(text, "")
}

fn property(text: &str) -> String {
    escape(text, ";]")
}

/// As the task library of Azure Pipelines does it; the agent reads a plain `%25` as it stands.
fn escape(text: &str, special: &str) -> String {
    let mut out = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        match c {
            '%' => out.push_str("%AZP25"),
            '\r' | '\n' => out.push_str(&format!("%{:02X}", c as u32)),
            c if special.contains(c) => out.push_str(&format!("%{:02X}", c as u32)),
            c if is_unsafe(c) => out.push('\u{fffd}'),
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_ends_a_property_or_a_command_is_escaped() {
        assert_eq!(property("a;b]c%\r\nd\u{1b}"), "a%3Bb%5Dc%AZP25%0D%0Ad\u{fffd}");
        assert_eq!(data("a;b]c%\r\nd\u{1b}"), "a;b]c%AZP25%0D%0Ad\u{fffd}");
    }
}
