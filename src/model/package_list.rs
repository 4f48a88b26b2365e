//! The package list of APT: a file that one RUN fetches, and from which a later one installs.

use super::commands::{Words, base_name, each_command};
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
        // Most steps have nothing to do with it, and need not be read.
        if step.keyword != Keyword::Run || !(step.mentions("apt") || step.mentions("|")) {
            return list;
        }
        each_command(step, |words| list.command(words));
        list
    }

    fn command(&mut self, mut words: Words<'_>) {
        let mut name = words.next().unwrap_or_default();
        while base_name(&name) == "sudo" || name.starts_with('-') || name.contains('=') {
            let Some(next) = words.next() else { return };
            name = next;
        }
        let mut subcommand = || Iterator::find(&mut words, |word| !word.starts_with('-'));
        match base_name(&name) {
            "apt-get" | "apt" => match subcommand().as_deref() {
                Some("update") => self.fetched = true,
                Some("install" | "upgrade" | "dist-upgrade" | "full-upgrade") => self.used = true,
                _ => {}
            },
            // `curl ... | bash -`
            "bash" | "sh" if subcommand().is_none() => self.maybe_fetched = true,
            _ => {}
        }
    }
}
