//! What a finding says besides its message: what it costs, what to do, and where to read on.

use super::{rule_url, safe};
use crate::diagnostic::{Applicability, Diagnostic, Severity};

/// What to do, and the option that does it.
pub(super) fn help(finding: &Diagnostic) -> Option<String> {
    let fix = finding.fix.as_ref();
    let option = fix.and_then(|f| match f.applicability {
        Applicability::Safe => Some("--fix"),
        Applicability::Unsafe => Some("--fix --unsafe-fixes"),
        Applicability::Display => None,
    });
    let title = fix.map(|f| safe::line(&f.title));
    let help = finding.help.as_deref().map(safe::block);
    Some(match (help, title, option) {
        (Some(help), Some(title), Some(option)) if help == title => format!("help: {help} (`{option}` does it)"),
        (Some(help), Some(title), Some(option)) => format!("help: {help}\n`{option}` does it: {title}"),
        (Some(help), ..) => format!("help: {help}"),
        (None, Some(title), Some(option)) => format!("help: {title} (`{option}` does it)"),
        (None, Some(title), None) => format!("help: {title}"),
        (None, None, _) => return None,
    })
}

/// All of it, a line each, for readers that show a text of several lines.
pub(super) fn lines(finding: &Diagnostic) -> Vec<String> {
    let url = rule_url(finding.code);
    let mut lines: Vec<String> = finding.notes.iter().map(|n| safe::block(n)).chain(help(finding)).collect();
    if !lines.iter().any(|line| line.contains(&url)) {
        lines.push(format!("see {url}"));
    }
    lines
}

/// The message with the address of the rule's page, for readers that show one line.
pub(super) fn message(finding: &Diagnostic) -> String {
    format!("{} ({})", safe::line(&finding.message), rule_url(finding.code))
}

/// The places of all findings in `all`, with the worst first: some services show only the first ten of a kind.
pub(super) fn worst_first<'a>(all: impl Iterator<Item = &'a Diagnostic>) -> Vec<usize> {
    let mut order: Vec<(Severity, usize)> = all.enumerate().map(|(at, finding)| (finding.severity, at)).collect();
    order.sort_by_key(|&(severity, at)| (std::cmp::Reverse(severity), at));
    order.into_iter().map(|(_, at)| at).collect()
}
