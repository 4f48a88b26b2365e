//! Linting one file.

use crate::diagnostic::Diagnostic;

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
