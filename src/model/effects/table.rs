//! The commands whose effects are known, as data.
//!
//! A command that is not here reads and writes everything. Every external command also reads the
//! system folders: its own program, libraries and settings are there.

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

/// The table. The first entry that fits counts.
pub(super) static TABLE: &[Known] = &[
    Known {
        subcommands: &["update", "clean", "autoclean", "autoremove", "remove", "purge"],
        writes: Writes::System,
        values: APT_VALUES,
        refused: APT_REFUSED,
        seconds: 5.0,
        ..plain(&["apt-get", "apt"], Operands::Packages, "apt-get(8), Debian 12; maintainer scripts: Debian Policy 6")
    },
    Known {
        subcommands: &["install", "upgrade", "dist-upgrade", "full-upgrade"],
        writes: Writes::System,
        values: APT_VALUES,
        refused: APT_REFUSED,
        seconds: 20.0,
        ..plain(&["apt-get", "apt"], Operands::Packages, "apt-get(8), Debian 12; maintainer scripts: Debian Policy 6")
    },
    Known {
        subcommands: &["add", "del", "update", "upgrade", "fix", "info"],
        writes: Writes::System,
        values: &["-t", "--virtual", "--arch", "--cache-max-age", "--progress-fd", "--wait"],
        paths: &["-X", "--repository"],
        refused: &["-p", "--root", "--keys-dir", "--repositories-file", "--cache-dir"],
        seconds: 6.0,
        ..plain(&["apk"], Operands::Packages, "apk(8), apk-tools 2.14")
    },
    Known {
        subcommands: &[
            "install",
            "update",
            "upgrade",
            "remove",
            "erase",
            "clean",
            "makecache",
            "groupinstall",
            "group",
            "module",
            "config-manager",
            "reinstall",
            "downgrade",
            "autoremove",
            "swap",
        ],
        writes: Writes::System,
        values: &[
            "--enablerepo",
            "--disablerepo",
            "-x",
            "--exclude",
            "--setopt",
            "--releasever",
            "--repo",
            "--repoid",
            "--disableplugin",
            "--enableplugin",
            "-d",
            "-e",
            "--set-enabled",
            "--set-disabled",
        ],
        paths: &["--add-repo"],
        refused: &["--installroot", "-c", "--config", "--downloaddir", "--destdir"],
        seconds: 30.0,
        ..plain(&["dnf", "yum", "microdnf", "tdnf"], Operands::Packages, "dnf(8), DNF 4.14; yum(8)")
    },
    Known {
        only: &["--add-repo", "--set-enabled", "--set-disabled", "--enable", "--disable", "--save"],
        writes: Writes::System,
        paths: &["--add-repo"],
        seconds: 1.0,
        ..plain(&["yum-config-manager"], Operands::Packages, "yum-config-manager(1), dnf-plugins-core 4")
    },
    Known {
        subcommands: &["install", "in", "refresh", "ref", "update", "up", "clean", "cc", "remove", "rm"],
        writes: Writes::System,
        values: &["-r", "--repo", "-t", "--type"],
        refused: &["-R", "--root", "-D", "--reposd-dir", "-C", "--cache-dir", "--installroot", "-c", "--config"],
        seconds: 30.0,
        ..plain(&["zypper"], Operands::Packages, "zypper(8), 1.14")
    },
    Known {
        writes: Writes::System,
        refused: &["-r", "--root", "-b", "--dbpath", "--config", "--cachedir", "--sysroot"],
        seconds: 20.0,
        ..plain(&["pacman"], Operands::Packages, "pacman(8), 6.0")
    },
    Known {
        writes: Writes::Accounts,
        values: &[
            "-u",
            "-g",
            "-G",
            "-s",
            "-c",
            "-e",
            "-f",
            "-p",
            "-K",
            "--uid",
            "--gid",
            "--groups",
            "--shell",
            "--comment",
        ],
        paths: &["-d", "--home-dir", "-b", "--base-dir", "-k", "--skel"],
        refused: &["-R", "--root", "-P", "--prefix", "-D", "--defaults"],
        ..plain(&["useradd"], Operands::Users, "useradd(8), shadow 4.13")
    },
    Known {
        writes: Writes::Accounts,
        values: &[
            "-u",
            "-G",
            "-s",
            "-g",
            "--uid",
            "--gid",
            "--ingroup",
            "--shell",
            "--gecos",
            "--comment",
            "--firstuid",
            "--lastuid",
        ],
        paths: &["-h", "--home", "-k"],
        refused: &["--conf"],
        ..plain(&["adduser"], Operands::Users, "adduser(8), Debian 12; BusyBox 1.36")
    },
    Known {
        writes: Writes::Accounts,
        values: &["-g", "--gid", "-K", "-p", "--key", "--password"],
        refused: &["-R", "--root", "-P", "--prefix", "--conf"],
        ..plain(
            &["groupadd", "addgroup", "delgroup", "groupdel"],
            Operands::Text,
            "groupadd(8), shadow 4.13; BusyBox 1.36",
        )
    },
    Known {
        writes: Writes::Accounts,
        values: &["-u", "-g", "-G", "-s", "-c", "-l", "-p", "-n"],
        refused: &["-d", "--home", "-m", "--move-home", "-R", "--root", "-P", "--prefix"],
        ..plain(&["usermod", "groupmod", "chpasswd"], Operands::Users, "usermod(8), shadow 4.13")
    },
    Known { values: &["-m", "--mode"], ..plain(&["mkdir"], Operands::Writes, POSIX) },
    plain(&["rm", "rmdir", "tee"], Operands::Writes, POSIX),
    Known { refused: &["-t"], ..plain(&["ln", "cp", "mv"], Operands::Writes, POSIX) },
    Known { values: &["-d", "-t", "--date"], refused: &["-r"], ..plain(&["touch"], Operands::Writes, POSIX) },
    Known {
        values: &["-m", "--mode", "-o", "--owner", "-g", "--group"],
        refused: &["-t"],
        ..plain(&["install"], Operands::Writes, POSIX)
    },
    Known { refused: &["--reference"], ..plain(&["chown", "chgrp"], Operands::TextThenWrites, POSIX) },
    // A mode such as `-x` looks like a flag.
    Known {
        refused: &["-r", "-w", "-x", "-X", "-s", "-t", "--reference"],
        ..plain(&["chmod"], Operands::TextThenWrites, POSIX)
    },
    Known {
        refused: &["-e", "-f", "--expression", "--file"],
        ..plain(
            &["sed"],
            Operands::TextThenWrites,
            "sed(1), GNU sed 4.9: without -e and -f the first word is the script",
        )
    },
    plain(&["cat", "test", "["], Operands::Reads, POSIX),
    Known { refused: &["--files0-from"], ..plain(&["head", "tail", "wc"], Operands::Reads, POSIX) },
    Known { needs_operand: true, ..plain(&["ls"], Operands::Reads, POSIX) },
    Known { refused: &["-r", "-f", "--reference", "--file"], ..plain(&["date"], Operands::Text, POSIX) },
    plain(
        &[
            "echo", "printf", "true", "false", ":", "set", "export", "unset", "exit", "umask", "sleep", "uname",
            "arch", "nproc", "id", "whoami",
        ],
        Operands::Text,
        POSIX,
    ),
    Known {
        only: &["--print-architecture", "--add-architecture"],
        writes: Writes::System,
        ..plain(&["dpkg"], Operands::Text, "dpkg(1), Debian 12")
    },
    Known {
        writes: Writes::System,
        seconds: 2.0,
        ..plain(
            &[
                "update-ca-certificates",
                "locale-gen",
                "update-locale",
                "dpkg-reconfigure",
                "ldconfig",
                "apt-mark",
                "a2enmod",
                "a2dismod",
                "a2ensite",
                "a2dissite",
                "a2enconf",
                "a2disconf",
                "debconf-set-selections",
            ],
            Operands::Text,
            "the manual pages of Debian 12: each reads and writes below /etc, /usr and /var",
        )
    },
    Known {
        writes: Writes::System,
        refused: &["-j"],
        seconds: 30.0,
        ..plain(
            &["docker-php-ext-install", "docker-php-ext-enable"],
            Operands::Text,
            "the scripts of the php:8.3 image: they work in /usr/src/php and /usr/local",
        )
    },
    Known {
        values: &[
            "-H",
            "--header",
            "-X",
            "--request",
            "-A",
            "--retry",
            "--retry-delay",
            "-m",
            "--max-time",
            "--connect-timeout",
        ],
        paths: &["-o", "--output", "--output-dir"],
        refused: &[
            "-O",
            "--remote-name",
            "-J",
            "-K",
            "--config",
            "-T",
            "--upload-file",
            "-F",
            "--form",
            "-d",
            "--data",
            "-b",
            "--cookie",
            "-c",
            "--cookie-jar",
            "--cacert",
            "-E",
            "--cert",
            "-n",
            "--netrc",
            "-D",
            "--dump-header",
        ],
        seconds: 3.0,
        ..plain(&["curl"], Operands::Text, "curl(1), 7.88: it writes to standard output unless -o or -O is given")
    },
    Known {
        values: &["-T", "--timeout", "-t", "--tries", "-U", "--user-agent", "--header"],
        paths: &["-O", "--output-document", "-P", "--directory-prefix"],
        output: &["-O", "--output-document", "-P", "--directory-prefix"],
        refused: &[
            "-i",
            "--input-file",
            "-r",
            "--recursive",
            "-m",
            "--mirror",
            "-p",
            "-x",
            "-a",
            "-o",
            "-e",
            "--config",
        ],
        seconds: 3.0,
        ..plain(&["wget"], Operands::Text, "wget(1), 1.21: it writes to the working directory unless -O or -P is given")
    },
    Known {
        values: &["--strip-components", "--exclude", "--owner", "--group", "--mode"],
        paths: &["-C", "--directory", "-f", "--file"],
        output: &["-C", "--directory"],
        refused: &[
            "-T",
            "--files-from",
            "-P",
            "--absolute-names",
            "-X",
            "--to-command",
            "-I",
            "--use-compress-program",
        ],
        seconds: 2.0,
        ..plain(&["tar"], Operands::Reads, "tar(1), GNU tar 1.34; names from `/` on lose the slash")
    },
    Known { paths: &["-d"], output: &["-d"], seconds: 2.0, ..plain(&["unzip"], Operands::Reads, "unzip(1), 6.0") },
];

const APT_VALUES: &[&str] =
    &["-t", "--target-release", "--default-release", "-o", "--option", "-a", "--host-architecture"];
const APT_REFUSED: &[&str] = &["-c", "--config-file", "--root", "-b", "--compile"];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_entry_has_a_source_and_makes_sense() {
        for known in TABLE {
            assert!(known.source.len() > 4, "{:?}", known.names);
            assert!(known.output.iter().all(|f| known.paths.contains(f)), "{:?}", known.names);
            let twice = known.values.iter().filter(|f| known.paths.contains(f) || known.refused.contains(f)).count();
            assert_eq!(twice, 0, "{:?}", known.names);
        }
    }
}
