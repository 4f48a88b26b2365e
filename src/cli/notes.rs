//! What a run has to say about hadolint's settings: each thing once, however many files they are for.

use crate::config::Config;
use crate::report::safe;
use std::collections::BTreeSet;
use std::io::{self, Write};
use std::sync::{Mutex, PoisonError};

/// Lines for standard error.
#[derive(Debug, Default)]
pub(super) struct Notes(Mutex<BTreeSet<String>>);

impl Notes {
    /// Takes note of a configuration that was hadolint's.
    pub(super) fn take(&self, config: Option<&Config>) {
        let Some((config, remarks)) = config.and_then(|c| Some((c, c.from_hadolint.as_ref()?))) else { return };
        let name = config.path.as_ref().and_then(|path| path.file_name()).map(|name| name.to_string_lossy());
        let origin = safe::line(name.as_deref().unwrap_or("the options"));
        remarks.iter().for_each(|remark| self.add(format!("warning: {origin}: {}", safe::line(remark))));
        if name.is_some() {
            self.add(format!("note: settings come from {origin}; `layerwise config migrate` writes a .layerwise.yaml"));
        }
    }

    /// Takes note of `line`.
    pub(super) fn add(&self, line: String) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(line);
    }

    /// Prints them.
    pub(super) fn print(&self, err: &mut dyn Write) -> io::Result<()> {
        let lines = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        lines.iter().try_for_each(|line| writeln!(err, "{line}"))
    }
}
