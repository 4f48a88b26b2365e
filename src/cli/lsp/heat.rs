//! What a commit rebuilds: a lens above each instruction that makes a layer, and more of it when the cursor asks.

use super::position::Lines;
use crate::report::cache::{CacheReport, Row, percent, seconds};
use crate::report::safe;
use crate::syntax::{Instruction, parse};
use lsp_types::{CodeLens, Command, Range};

/// A lens for each instruction that makes a layer.
pub(super) fn lenses(text: &str, lines: &Lines<'_>, report: &CacheReport) -> Vec<CodeLens> {
    let file = parse(text);
    let lens = |instruction: &Instruction<'_>| {
        let row = row(report, instruction).filter(|row| row.layer)?;
        let range = Range::new(
            lines.position(instruction.keyword_span.start as usize),
            lines.position(instruction.keyword_span.end as usize),
        );
        // A command without a name is a text that can't be clicked on.
        let command = Command { title: title(report, row), command: String::new(), arguments: None };
        Some(CodeLens { range, command: Some(command), data: None })
    };
    file.instructions.iter().filter_map(lens).collect()
}

fn title(report: &CacheReport, row: &Row) -> String {
    let (churn, cost) = (percent(row.churn), seconds(row.seconds));
    match report.commits {
        0 => format!("rebuilt by about {churn} of commits · {cost}"),
        _ => format!("rebuilt by {churn} of commits · {cost}"),
    }
}

/// What is known of `instruction`, in Markdown.
pub(super) fn hover(instruction: &Instruction<'_>, report: &CacheReport) -> Option<String> {
    let row = row(report, instruction)?;
    let makes = if row.layer { "makes a layer" } else { "only changes the config" };
    let mut text = format!("**{}** {makes}.\n\n", instruction.keyword.name());
    if !row.layer && row.seconds == 0.0 {
        text.push_str("It costs nothing to run again.\n");
        return Some(text);
    }
    let commits = report.commits;
    text.push_str(&match commits {
        0 => format!("- rebuilt by about {} of commits: {}\n", percent(row.churn), basis(report)),
        n => format!("- rebuilt by {} of commits: {} of the last {n}\n", percent(row.churn), row.runs),
    });
    if let Some(reason) = row.reason() {
        text.push_str(&format!("- because of {}\n", code(&reason)));
    }
    let source = if row.recorded { "of a recorded build" } else { "estimated by command" };
    let (run, commit) = (seconds(row.seconds), seconds(row.expected));
    text.push_str(&format!("- a run takes {run} ({source}), which is {commit} per commit\n"));
    Some(text)
}

/// Why the churn is assumed.
fn basis(report: &CacheReport) -> String {
    let assumed = "assumed by kind of file";
    report.without_history.as_ref().map_or_else(|| assumed.to_owned(), |why| format!("{assumed}, since {}", code(why)))
}

/// Text that must not be read as markup: names of files come from a repository.
fn code(text: &str) -> String {
    let text = safe::line(text);
    text.chars().fold(String::new(), |mut out, c| {
        if c.is_ascii_punctuation() && !matches!(c, '.' | ',' | ':' | '/' | '-' | '(' | ')' | ';') {
            out.push('\\');
        }
        out.push(c);
        out
    })
}

/// The row of `instruction`. Several stages may run the line of a trigger: the one that costs most counts.
fn row<'r>(report: &'r CacheReport, instruction: &Instruction<'_>) -> Option<&'r Row> {
    let rows = report.before.stages.iter().flat_map(|stage| &stage.steps);
    let here = rows.filter(|row| row.line == instruction.line_numbers.0);
    here.max_by(|a, b| a.expected.total_cmp(&b.expected))
}
