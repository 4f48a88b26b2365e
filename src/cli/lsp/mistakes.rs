//! Mistakes in a configuration, shown in the configuration itself.

use super::position::{Encoding, Lines};
use crate::config::{ConfigError, Mistake};
use crate::source::Span;
use lsp_types::{Diagnostic, DiagnosticSeverity};
use miette::Diagnostic as _;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// The mistakes of `error` by the file they stand in, whose name is seen from `root`.
pub(super) fn by_file(error: &ConfigError, root: &Path, encoding: Encoding) -> BTreeMap<PathBuf, Vec<Diagnostic>> {
    let mut files: BTreeMap<PathBuf, Vec<Diagnostic>> = BTreeMap::new();
    for mistake in error.mistakes() {
        let Some((path, diagnostic)) = place(mistake, root, encoding) else { continue };
        files.entry(path).or_default().push(diagnostic);
    }
    files
}

fn place(mistake: &Mistake, root: &Path, encoding: Encoding) -> Option<(PathBuf, Diagnostic)> {
    let labels: Vec<_> = mistake.labels()?.collect();
    let label = labels.first()?;
    let contents = mistake.source_code()?.read_span(label.inner(), usize::MAX, usize::MAX).ok()?;
    // What is replaced for a terminal has as many bytes as before, so places are those of the file.
    let text = String::from_utf8_lossy(contents.data());
    let span = Span::from(label.offset()..label.offset() + label.len());
    let mut message = mistake.to_string();
    if let Some(help) = mistake.help() {
        message.push_str(&format!("\nhelp: {help}"));
    }
    let diagnostic = Diagnostic {
        range: Lines::new(&text, encoding).range(span),
        severity: Some(DiagnosticSeverity::ERROR),
        source: Some(super::diagnostics::SOURCE.to_owned()),
        message,
        ..Diagnostic::default()
    };
    Some((root.join(contents.name()?), diagnostic))
}
