//! How many findings each rule has, and how many of them can be mended: what to look at first.

use super::{Format, Run, json_text, safe};
use crate::diagnostic::Applicability;
use crate::rules;
use serde::Serialize;
use std::collections::BTreeMap;
use std::io::{self, Write};

/// The findings of one rule. The order of the fields is the order of the keys.
#[derive(Serialize)]
struct Row {
    code: &'static str,
    name: Option<&'static str>,
    count: usize,
    /// With `--fix`.
    safe_fixes: usize,
    /// With `--fix --unsafe-fixes`, besides.
    unsafe_fixes: usize,
}

/// Whether there are statistics in this format.
pub fn is_counted(format: Format) -> bool {
    matches!(format, Format::Pretty | Format::Short | Format::Json | Format::JsonLines)
}

/// Writes the counts of all rules with findings, the most frequent first: a table for people, or JSON.
pub fn write_statistics(format: Format, run: &Run<'_>, out: &mut dyn Write) -> io::Result<()> {
    let rows = rows(run);
    match format {
        Format::Json => {
            json_text::rows(&rows, out)?;
            out.write_all(b"\n")
        }
        Format::JsonLines => rows.iter().try_for_each(|row| {
            json_text::write(row, out)?;
            out.write_all(b"\n")
        }),
        _ => table(&rows, out),
    }
}

fn rows(run: &Run<'_>) -> Vec<Row> {
    let mut rows: BTreeMap<&'static str, Row> = BTreeMap::new();
    for (_, finding) in run.findings() {
        let name = rules::find(finding.code).map(|rule| rule.meta.name);
        let new = || Row { code: finding.code, name, count: 0, safe_fixes: 0, unsafe_fixes: 0 };
        let row = rows.entry(finding.code).or_insert_with(new);
        row.count += 1;
        match finding.fix.as_ref().map(|fix| fix.applicability) {
            Some(Applicability::Safe) => row.safe_fixes += 1,
            Some(Applicability::Unsafe) => row.unsafe_fixes += 1,
            Some(Applicability::Display) | None => {}
        }
    }
    let mut rows: Vec<Row> = rows.into_values().collect();
    rows.sort_by_key(|row| (std::cmp::Reverse(row.count), row.code));
    rows
}

fn table(rows: &[Row], out: &mut dyn Write) -> io::Result<()> {
    if rows.is_empty() {
        return Ok(());
    }
    writeln!(out, "findings  --fix  --unsafe-fixes  rule")?;
    for row in rows {
        let (count, safe, risky) = (row.count, row.safe_fixes, row.unsafe_fixes);
        let name = row.name.filter(|name| *name != row.code).unwrap_or_default();
        let rule = format!("{} {}", row.code, safe::line(name));
        writeln!(out, "{count:>8}  {safe:>5}  {risky:>14}  {}", rule.trim_end())?;
    }
    Ok(())
}
