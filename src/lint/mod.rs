//! Linting and fixing one file.

mod attempt;
mod fingerprint;
mod fixing;
mod ignores;
mod pragma;
mod unused;

use crate::config::Builder;
use crate::context::{Histories, LazyProject};
use crate::diagnostic::{Diagnostic, Severity};
use crate::model::Model;
use crate::rules::{self, Context, Findings, Selection, ShellCodes};
use crate::shellcheck::{self, Checker, ShellScript};
use crate::syntax;
use pragma::Pragmas;
use std::sync::Arc;

pub use fingerprint::{fingerprints, in_file as fingerprint_in};
pub use fixing::{Fixed, fix, fix_one};
pub use ignores::add_ignores;

/// What linting one file gave.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileReport {
    /// The path as the user wrote it.
    pub path: String,
    /// The text that the findings point into.
    pub text: String,
    /// The findings, in the order they are to be shown.
    pub findings: Vec<Diagnostic>,
}

/// How a file is linted.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The rules that run.
    pub selection: Selection,
    /// The builder that severities and messages are about.
    pub builder: Builder,
    /// The build context, looked for when a rule asks; `None` if it is not to be known.
    pub project: Option<Arc<LazyProject>>,
    /// Where histories of repositories are read, if they may count.
    pub histories: Option<Arc<Histories>>,
    /// The program that reads the scripts of RUN, if it is to be asked.
    pub shellcheck: Option<Arc<Checker>>,
}

/// The findings of `text`, by place and then by code.
pub fn lint(text: &str, settings: &Settings) -> Vec<Diagnostic> {
    let file = syntax::parse(text);
    findings(&Model::new(&file), settings)
}

/// The same for a file that was read.
fn findings(model: &Model<'_, '_>, settings: &Settings) -> Vec<Diagnostic> {
    let context = Context::new(
        model,
        &settings.selection,
        settings.builder,
        settings.project.as_deref(),
        settings.histories.as_deref(),
    );
    let mut all = Vec::new();
    for (rule, severity) in settings.selection.rules() {
        let mut findings = Findings::default();
        let Some(check) = rule.check else { continue };
        check(&context, &mut findings);
        all.extend(weighed(findings.into_vec(), severity));
    }
    for (rule, severity) in settings.selection.custom() {
        all.extend(rules::custom::check(&context, rule).into_iter().map(|mut finding| {
            finding.severity = severity.unwrap_or(finding.severity);
            finding
        }));
    }
    if let Some(checker) = settings.shellcheck.as_deref().filter(|_| settings.selection.shell().any()) {
        all.extend(shell_findings(model, settings.selection.shell(), checker));
    }
    let unused = settings.selection.rules().find(|(rule, _)| rule.meta.code == unused::RULE.code);
    if settings.selection.comments() && (!all.is_empty() || unused.is_some()) {
        let custom = settings.selection.custom().iter().map(|(rule, _)| rule.code).collect();
        let pragmas = Pragmas::read(model.file, custom);
        all.retain(|finding| !pragmas.silence(finding));
        if let Some((_, severity)) = unused {
            let found = weighed(unused::find(model, settings, &pragmas), severity);
            all.extend(found.filter(|finding| !pragmas.silence(finding)));
        }
    }
    all.sort_by_key(|f| (f.primary.span, f.code));
    all
}

/// `findings` with the severity that the configuration gives their rule.
fn weighed(findings: Vec<Diagnostic>, severity: Option<Severity>) -> impl Iterator<Item = Diagnostic> {
    findings.into_iter().map(move |mut finding| {
        finding.severity = severity.unwrap_or(finding.severity);
        finding
    })
}

/// What ShellCheck finds, as far as it is to be reported.
fn shell_findings(model: &Model<'_, '_>, codes: &ShellCodes, checker: &Checker) -> Vec<Diagnostic> {
    let mut findings = shellcheck::check(model, checker);
    findings.retain(|finding| codes.reports(finding.code));
    for finding in &mut findings {
        finding.severity = codes.severity(finding.code).unwrap_or(finding.severity);
    }
    findings
}

/// The scripts of `text` that ShellCheck will be asked about, so that those of many files can be asked about at once.
pub fn shell_scripts(text: &str) -> Vec<ShellScript> {
    let file = syntax::parse(text);
    shellcheck::scripts(&Model::new(&file))
}
