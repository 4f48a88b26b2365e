//! The table for a terminal.

use super::{CacheReport, Row, Version, percent, seconds};
use crate::report::color::{BOLD, FRAME, RESET};
use crate::report::safe;
use std::io::{self, Write};

/// So many characters of an instruction are shown.
const WIDTH: usize = 44;
/// The longest bar.
const BAR: usize = 10;
/// For a step that costs the most.
const HOT: &str = "\x1b[31m";

struct Table<'t> {
    out: &'t mut dyn Write,
    colour: bool,
    /// The expected seconds that the longest bar stands for.
    most: f64,
}

pub(super) fn write(report: &CacheReport, out: &mut dyn Write, colour: bool) -> io::Result<()> {
    let rows = report.before.stages.iter().flat_map(|s| &s.steps);
    let most = rows.map(|r| r.expected).fold(0.0, f64::max);
    let mut table = Table { out, colour, most };
    let title = format!("{}: what a commit rebuilds ({})", safe::line(&report.file), report.builder);
    table.painted(BOLD, &title)?;
    writeln!(table.out, "\n{}", report.basis())?;
    if let Some(reason) = &report.without_history {
        writeln!(table.out, "no history: {}", safe::line(reason))?;
    }
    if let Some(context) = &report.context {
        writeln!(table.out, "context: {}", safe::line(context))?;
    }
    table.version(&report.before)?;
    plan(report, out)
}

/// The line that says what the plan saves.
fn plan(report: &CacheReport, out: &mut dyn Write) -> io::Result<()> {
    let kind = if report.recorded { "measured with --timings" } else { "an estimate" };
    let before = seconds(report.before.expected);
    let full = seconds(report.before.full);
    writeln!(out, "\nper commit: {before} of {full} for a full build ({kind})")?;
    for (option, version) in report.savings() {
        let rules: Vec<&str> = version.fixed.iter().map(|(code, _)| code.as_str()).collect();
        let (after, rules) = (seconds(version.expected), rules.join(", "));
        writeln!(out, "per commit: {before} -> {after} with `layerwise {option}` ({rules})")?;
    }
    if report.savings().next().is_none() {
        writeln!(out, "no fix lowers it")?;
    }
    Ok(())
}

impl Table<'_> {
    fn painted(&mut self, style: &str, text: &str) -> io::Result<()> {
        if self.colour { write!(self.out, "{style}{text}{RESET}") } else { write!(self.out, "{text}") }
    }

    fn version(&mut self, version: &Version) -> io::Result<()> {
        for stage in &version.stages {
            writeln!(self.out)?;
            let title = format!("stage {} from {}", safe::line(&stage.name), safe::line(&stage.base));
            self.painted(BOLD, &title)?;
            writeln!(self.out, ", {} per commit", seconds(stage.expected))?;
            let header = format!(
                "{:>5}  {:WIDTH$}  {:8}  {:>5}  {:>6}  {:>6}",
                "line", "instruction", "makes", "churn", "a run", "commit"
            );
            self.painted(FRAME, &header)?;
            writeln!(self.out)?;
            let mut cause: Option<u32> = None;
            for row in &stage.steps {
                self.row(row, &mut cause)?;
            }
        }
        Ok(())
    }

    /// One step; its cause is named where it is another than that of the step above.
    fn row(&mut self, row: &Row, above: &mut Option<u32>) -> io::Result<()> {
        let text = safe::line(&row.instruction);
        let short = match text.char_indices().nth(WIDTH) {
            Some((at, _)) => format!("{}...", &text[..text[..at].char_indices().nth_back(2).map_or(at, |(i, _)| i)]),
            None => text.into_owned(),
        };
        let makes = if row.layer { "a layer" } else { "config" };
        let (churn, run) = (percent(row.churn), seconds(row.seconds));
        let dash = |text: String, shown: bool| if shown { text } else { "-".to_owned() };
        let costs = row.layer || row.seconds > 0.0;
        write!(
            self.out,
            "{:>5}  {short:WIDTH$}  {makes:8}  {:>5}  {:>6}  {:>6}",
            row.line,
            dash(churn, costs),
            dash(run, costs),
            dash(seconds(row.expected), costs)
        )?;
        let length = if self.most > 0.0 { (row.expected / self.most * BAR as f64).round() as usize } else { 0 };
        let note = match &row.cause {
            Some(cause) if row.churn > 0.0 && *above != Some(cause.line) => {
                *above = Some(cause.line);
                row.reason().map_or_else(String::new, |reason| safe::line(&reason).into_owned())
            }
            _ => String::new(),
        };
        if length > 0 || !note.is_empty() {
            write!(self.out, "  ")?;
            let style = if length * 3 > BAR { HOT } else { FRAME };
            self.painted(style, &"█".repeat(length))?;
        }
        if !note.is_empty() {
            write!(self.out, "{}{note}", " ".repeat((BAR + 1).saturating_sub(length)))?;
        }
        writeln!(self.out)
    }
}
