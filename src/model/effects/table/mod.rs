//! The commands whose effects are known, as data.
//!
//! A family of commands each is in a file of its own. A command that is not here reads and writes
//! everything. Every external command also reads the system folders: its own program, libraries and
//! settings are there.
//!
//! The durations are estimates of a first run on a developer's machine, by order of magnitude, used to
//! rank steps and nothing else; the timings of a recorded build (`--timings`) replace them. They are
//! kept for commands that run the code of the project, too, of which nothing else is known.

mod admin;
mod archives;
mod builds;
mod files;
mod languages;
mod network;
mod node;
mod packages;
mod python;
mod scripts;
mod sed;
mod shell;
mod text;
mod users;

use std::collections::HashMap;
use std::sync::LazyLock;

/// What a command does with the words that are no flags.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Operands {
    /// There are none: nothing is known with one.
    None,
    /// Nothing with files.
    Text,
    /// Names of packages; one that looks like a path is read.
    Packages,
    /// Names or addresses of packages; nothing is known with one that may be a path.
    Names,
    /// Go packages with a version; nothing is known with another one.
    Modules,
    /// Names of users or groups; a home folder of that name may be written.
    Users,
    /// Paths that are read.
    Reads,
    /// Paths that are read, or for which others beside them are read: patterns, and names without their ending.
    Beside,
    /// Paths that are created or changed.
    Writes,
    /// All but the last are read, and the last is written; with a flag for the output, all are read.
    Copies,
    /// Paths that are read and written: what was in one ends up in another.
    Moves,
    /// The last is written; the others are text.
    Links,
    /// What has a slash is written; the rest is text.
    Places,
    /// What has a slash is read; the rest is looked for where programs are.
    Looks,
    /// The first is text (an owner, a mode, a script), the others are read.
    TextThenReads,
    /// The first is text, the others are written.
    TextThenWrites,
    /// The address of a repository, and the folder it goes to.
    Clones,
}

/// A place that a command reads or writes besides what its words name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// What packages own.
    System,
    /// The files that list users and groups.
    Accounts,
    /// The home folder.
    Home,
    /// Wherever variables say that packages are installed: a folder on `PATH`, `GEM_HOME` and the like.
    Installs,
    /// The working directory.
    Folder,
    /// This folder.
    At(&'static str),
    /// Any file.
    Anywhere,
}

/// What to make of a flag that no list of an entry has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Unlisted {
    /// It touches no file, unless its value looks like a path: then nothing is known.
    Ignored,
    /// Nothing is known.
    Refused,
    /// A value that looks like a path is read.
    Read,
}

/// How flags are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Style {
    /// `-abc` and `--name`.
    Gnu,
    /// The same, and the first word is a bundle of letters even without the dash.
    Bundle,
    /// `-name`.
    OneDash,
}

/// What is known of a command.
#[derive(Debug)]
pub(super) struct Known {
    /// The names of the program.
    pub(super) names: &'static [&'static str],
    /// What the first operands must be, one or more words; empty if the command has no subcommands.
    pub(super) subcommands: &'static [&'static str],
    /// Whether it runs code of the project, so that only its duration is known.
    pub(super) runs_project: bool,
    /// What is read besides.
    pub(super) reads: &'static [Place],
    /// What is written besides.
    pub(super) writes: &'static [Place],
    /// What the operands are.
    pub(super) operands: Operands,
    /// How flags are written.
    pub(super) style: Style,
    /// Flags without a value that change nothing here; `--name=value` stands for itself.
    pub(super) switches: &'static [&'static str],
    /// Flags whose value is no path.
    pub(super) values: &'static [&'static str],
    /// Flags whose value is a path that is read.
    pub(super) sources: &'static [&'static str],
    /// Flags whose value is a path that is written, or read.
    pub(super) paths: &'static [&'static str],
    /// The flags of `paths` that say where the output goes; without one of them it goes to the
    /// working directory.
    pub(super) output: &'static [&'static str],
    /// Flags with which nothing is known.
    pub(super) refused: &'static [&'static str],
    /// What to make of other flags.
    pub(super) unlisted: Unlisted,
    /// If not empty: one of these flags must be there; they need not be listed again.
    pub(super) needs: &'static [&'static str],
    /// Whether nothing is known without an operand.
    pub(super) needs_operand: bool,
    /// Whether a script, the first operand or the values, does nothing but print.
    pub(super) script: Option<fn(&str) -> bool>,
    /// Whether it may change where later commands install.
    pub(super) configures: bool,
    /// About how long it takes, in seconds.
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
        runs_project: false,
        reads: &[],
        writes: &[],
        operands,
        style: Style::Gnu,
        switches: &[],
        values: &[],
        sources: &[],
        paths: &[],
        output: &[],
        refused: &[],
        unlisted: Unlisted::Ignored,
        needs: &[],
        needs_operand: false,
        script: None,
        configures: false,
        seconds: 0.0,
        source,
    }
}

/// The same, known only with the flags that the entry lists.
const fn strict(names: &'static [&'static str], operands: Operands, source: &'static str) -> Known {
    Known { unlisted: Unlisted::Refused, ..plain(names, operands, source) }
}

/// A command that runs code of the project: any of `subcommands` among its words, or all its uses.
const fn project(names: &'static [&'static str], subcommands: &'static [&'static str], seconds: f32) -> Known {
    let source = "it runs what the project says; the duration is an estimate";
    Known { subcommands, runs_project: true, seconds, ..plain(names, Operands::Text, source) }
}

const POSIX: &str = "POSIX.1-2024, Shell and Utilities; GNU coreutils 9.1 and BusyBox 1.36 where they add flags";

/// The families.
static FAMILIES: [&[Known]; 12] = [
    packages::TABLE,
    users::TABLE,
    files::TABLE,
    text::TABLE,
    shell::TABLE,
    admin::TABLE,
    archives::TABLE,
    network::TABLE,
    python::TABLE,
    node::TABLE,
    languages::TABLE,
    builds::TABLE,
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
            let names = known.names;
            assert!(known.source.len() > 4, "{names:?}");
            assert!(known.seconds.is_finite() && known.seconds >= 0.0, "{names:?}");
            assert!(known.output.iter().all(|f| known.paths.contains(f)), "{names:?}");
            let lists = [known.switches, known.values, known.sources, known.paths, known.refused];
            let mut flags: Vec<&str> = lists.concat();
            assert!(flags.iter().all(|f| f.starts_with('-')), "{names:?}");
            assert!(known.needs.iter().all(|f| f.starts_with('-')), "{names:?}");
            flags.sort_unstable();
            let twice: Vec<_> = flags.windows(2).filter(|p| p[0] == p[1]).collect();
            assert!(twice.is_empty(), "{names:?}: {twice:?}");
        }
    }

    #[test]
    fn what_runs_the_project_comes_last_and_takes_time() {
        for (name, entries) in BY_NAME.iter() {
            let known = entries.iter().rposition(|k| !k.runs_project);
            let project = entries.iter().position(|k| k.runs_project);
            assert!(project.is_none() || known < project, "{name}");
            assert!(entries.iter().all(|k| !k.runs_project || k.seconds > 0.0), "{name}");
        }
    }
}
