//! The commands whose effects are known, as data.
//!
//! A family of commands each is in a file of its own. A command that is not here reads and writes
//! everything. Every external command also reads the system folders: its own program, libraries and
//! settings are there.

mod admin;
mod archives;
mod files;
mod languages;
mod network;
mod packages;
mod text;
mod users;

use std::collections::HashMap;
use std::sync::LazyLock;

/// What a command does with the words that are no flags.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Operands {
    /// Nothing with files.
    Text,
    /// Names of packages; one that looks like a path is read.
    Packages,
    /// Names of users or groups; a home folder of that name may be written.
    Users,
    /// Paths that are read.
    Reads,
    /// Paths that are written, created or changed, or read as well.
    Writes,
    /// The first is text (an owner, a mode, a script), the others are written.
    TextThenWrites,
}

/// Which places outside its operands a command writes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Writes {
    /// None.
    Nothing,
    /// What packages own.
    System,
    /// The files that list users and groups.
    Accounts,
}

/// What is known of a command.
#[derive(Debug)]
pub(super) struct Known {
    /// The names of the program.
    pub(super) names: &'static [&'static str],
    /// What the first operand must be; empty if the command has no subcommands.
    pub(super) subcommands: &'static [&'static str],
    /// What is written besides the operands.
    pub(super) writes: Writes,
    /// What the operands are.
    pub(super) operands: Operands,
    /// Flags whose value is no path.
    pub(super) values: &'static [&'static str],
    /// Flags whose value is a path that is written, or read.
    pub(super) paths: &'static [&'static str],
    /// The flags of `paths` that say where the output goes; without one of them it goes to the
    /// working directory.
    pub(super) output: &'static [&'static str],
    /// Flags with which nothing is known.
    pub(super) refused: &'static [&'static str],
    /// Whether it looks at the working directory when it has no operand.
    pub(super) needs_operand: bool,
    /// If not empty: the only flags with which something is known.
    pub(super) only: &'static [&'static str],
    /// About how long it takes, in seconds: the order of magnitude of a first run on a developer's
    /// machine. Estimates, for ranking only.
    pub(super) seconds: f32,
    /// Where the facts come from.
    #[cfg_attr(not(test), expect(dead_code, reason = "for people who read or change the table, and its test"))]
    pub(super) source: &'static str,
}

/// A command with no effect but that of its operands.
const fn plain(names: &'static [&'static str], operands: Operands, source: &'static str) -> Known {
    Known {
        names,
        subcommands: &[],
        writes: Writes::Nothing,
        operands,
        values: &[],
        paths: &[],
        output: &[],
        refused: &[],
        needs_operand: false,
        only: &[],
        seconds: 0.0,
        source,
    }
}

const POSIX: &str = "POSIX.1-2024, Shell and Utilities; GNU coreutils 9.1 and BusyBox 1.36 where they add flags";

/// The families.
static FAMILIES: [&[Known]; 8] = [
    packages::TABLE,
    users::TABLE,
    files::TABLE,
    text::TABLE,
    admin::TABLE,
    languages::TABLE,
    network::TABLE,
    archives::TABLE,
];

static BY_NAME: LazyLock<HashMap<&str, Vec<&Known>>> = LazyLock::new(|| {
    let mut by_name: HashMap<&str, Vec<&Known>> = HashMap::new();
    for known in FAMILIES.iter().copied().flatten() {
        known.names.iter().for_each(|name| by_name.entry(name).or_default().push(known));
    }
    by_name
});

/// What is known of the program called `name`; the first entry that fits counts.
pub(super) fn entries(name: &str) -> &'static [&'static Known] {
    BY_NAME.get(name).map_or(&[], Vec::as_slice)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_entry_has_a_source_and_makes_sense() {
        for known in FAMILIES.iter().copied().flatten() {
            assert!(known.source.len() > 4, "{:?}", known.names);
            assert!(known.output.iter().all(|f| known.paths.contains(f)), "{:?}", known.names);
            let twice = known.values.iter().filter(|f| known.paths.contains(f) || known.refused.contains(f)).count();
            assert_eq!(twice, 0, "{:?}", known.names);
        }
    }
}
