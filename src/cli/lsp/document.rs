//! An open document: its text as the client has it, and what is known of it.

use super::chunks::Chunks;
use super::position::Encoding;
use crate::cli::baseline::Baseline;
use crate::cli::discover::is_dockerfile;
use crate::diagnostic::Diagnostic;
use crate::lint::Settings;
use crate::report::cache::CacheReport;
use lsp_types::{TextDocumentContentChangeEvent, TextDocumentItem, Uri};
use std::path::PathBuf;
use std::sync::Arc;

/// A document between its opening and its closing.
pub(super) struct Document {
    pub(super) uri: Uri,
    /// Where it lies; none if it was never saved.
    pub(super) path: Option<PathBuf>,
    pub(super) version: i32,
    pub(super) text: Arc<str>,
    /// Whether it is one of ours; the client may send others.
    pub(super) is_dockerfile: bool,
    /// How it is linted.
    pub(super) ground: Option<Arc<Ground>>,
    /// What was found in this text; none if that is not known yet.
    pub(super) findings: Option<Arc<Vec<Diagnostic>>>,
    /// What was last published: the version, and the findings as the client has them.
    pub(super) published: Option<(i32, Vec<lsp_types::Diagnostic>)>,
    /// The heat of a text, which may be an older one.
    pub(super) heat: Option<Box<Heat>>,
    /// Whether ShellCheck is to be asked about this text at the next pause.
    pub(super) unasked: bool,
}

/// How a document is linted.
pub(super) struct Ground {
    /// Waits for Git and ShellCheck.
    pub(super) patient: Settings,
    /// Takes what these have said already.
    pub(super) quick: Settings,
    /// The findings that are known, and not shown.
    pub(super) baseline: Option<Arc<Baseline>>,
    /// The files that said so: configurations, and the baseline.
    pub(super) files: Vec<PathBuf>,
    /// What the text brought from the context when the context was looked for.
    pub(super) sources: Option<Vec<String>>,
}

/// What a commit rebuilds of a text; in words why that is not known, if so.
pub(super) struct Heat {
    pub(super) text: Arc<str>,
    pub(super) report: Result<CacheReport, String>,
}

impl Document {
    pub(super) fn new(item: TextDocumentItem) -> Self {
        let path = super::place::path(&item.uri);
        let name = path.as_deref().and_then(|p| p.file_name()).and_then(|name| name.to_str());
        let is_dockerfile = item.language_id.eq_ignore_ascii_case("dockerfile") || name.is_some_and(is_dockerfile);
        Self {
            path,
            is_dockerfile,
            uri: item.uri,
            version: item.version,
            text: item.text.into(),
            ground: None,
            findings: None,
            published: None,
            heat: None,
            unasked: false,
        }
    }

    /// Takes a new version.
    pub(super) fn change(&mut self, version: i32, changes: &[TextDocumentContentChangeEvent], encoding: Encoding) {
        self.text = changed(&self.text, changes, encoding).into();
        self.version = version;
        self.findings = None;
        self.unasked = true;
    }

    /// The heat of the present text, if it is known.
    pub(super) fn heat(&self) -> Option<&Result<CacheReport, String>> {
        self.heat.as_ref().filter(|heat| heat.text == self.text).map(|heat| &heat.report)
    }
}

/// `text` after `changes`, each of which sees what the ones before it made.
fn changed(text: &str, changes: &[TextDocumentContentChangeEvent], encoding: Encoding) -> String {
    let mut chunks = Chunks::new(text, encoding);
    for change in changes {
        match change.range {
            None => chunks = Chunks::new(&change.text, encoding),
            Some(range) => chunks.replace(range, &change.text),
        }
    }
    chunks.text()
}

#[cfg(test)]
mod tests;
