//! The package list of APT: a file that one RUN fetches, and from which a later one installs.

use super::invocations;
use crate::syntax::{Instruction, Keyword};

/// What a step does with the package list.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PackageList {
    /// It fetches the list.
    pub fetched: bool,
    /// It installs from the list.
    pub used: bool,
    /// It runs a script from elsewhere, which may fetch the list.
    pub maybe_fetched: bool,
}

impl PackageList {
    /// Reads the commands of `step`.
    pub fn of(step: &Instruction<'_>) -> Self {
        let mut list = Self::default();
        let text = step.span.of(step.logical.source());
        // Most steps have nothing to do with it, and need not be read.
        if step.keyword != Keyword::Run || !(text.contains("apt") || text.contains('|')) {
            return list;
        }
        for command in invocations(step) {
            match (command.name(), command.subcommand()) {
                ("apt-get" | "apt", Some("update")) => list.fetched = true,
                ("apt-get" | "apt", Some("install" | "upgrade" | "dist-upgrade" | "full-upgrade")) => list.used = true,
                // `curl ... | bash -`
                ("bash" | "sh", None) => list.maybe_fetched = true,
                _ => {}
            }
        }
        list
    }
}
