//! The package managers of the distributions.

use super::{Known, Operands, Place, Unlisted, plain, strict};

pub(super) static TABLE: &[Known] = &[
    Known {
        subcommands: &["update", "clean", "autoclean", "autoremove", "remove", "purge"],
        writes: &[Place::System],
        values: APT_VALUES,
        refused: APT_REFUSED,
        seconds: 5.0,
        ..plain(&["apt-get", "apt"], Operands::Packages, "apt-get(8), Debian 12; maintainer scripts: Debian Policy 6")
    },
    Known {
        subcommands: &["install", "upgrade", "dist-upgrade", "full-upgrade", "build-dep", "reinstall"],
        writes: &[Place::System],
        values: APT_VALUES,
        refused: APT_REFUSED,
        seconds: 20.0,
        ..plain(&["apt-get", "apt"], Operands::Packages, "apt-get(8), Debian 12; maintainer scripts: Debian Policy 6")
    },
    Known {
        subcommands: &["add", "del", "update", "upgrade", "fix", "info"],
        writes: &[Place::System],
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
        writes: &[Place::System],
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
        refused: &["--installroot", "-c", "--config", "--downloaddir", "--destdir", "--repofrompath"],
        seconds: 30.0,
        ..plain(&["dnf", "yum", "microdnf", "tdnf"], Operands::Packages, "dnf(8), DNF 4.14; yum(8)")
    },
    Known {
        switches: &["--set-enabled", "--set-disabled", "--enable", "--disable", "--save"],
        writes: &[Place::System],
        paths: &["--add-repo"],
        seconds: 1.0,
        ..strict(&["yum-config-manager"], Operands::Packages, "yum-config-manager(1), dnf-plugins-core 4")
    },
    Known {
        subcommands: &["install", "in", "refresh", "ref", "update", "up", "clean", "cc", "remove", "rm"],
        writes: &[Place::System],
        values: &["-r", "--repo", "-t", "--type"],
        refused: &["-R", "--root", "-D", "--reposd-dir", "-C", "--cache-dir", "--installroot", "-c", "--config"],
        seconds: 30.0,
        ..plain(&["zypper"], Operands::Packages, "zypper(8), 1.14")
    },
    Known {
        writes: &[Place::System],
        reads: &[Place::Home],
        seconds: 5.0,
        refused: &["-k", "--keyserver"],
        ..plain(
            &["add-apt-repository", "apt-add-repository"],
            Operands::Text,
            "add-apt-repository(1), software-properties 0.99",
        )
    },
    Known {
        subcommands: &["add"],
        writes: &[Place::System, Place::Home],
        ..strict(&["apt-key"], Operands::Reads, "apt-key(8), APT 2.6: `add` reads a file, or standard input for `-`")
    },
    Known {
        subcommands: &["adv", "del", "update", "list"],
        writes: &[Place::System, Place::Home],
        values: &["--keyserver", "--recv-keys", "--recv", "--recv-key", "--keyserver-options"],
        switches: &["--batch", "--no-tty", "--refresh-keys"],
        seconds: 3.0,
        ..strict(&["apt-key"], Operands::Text, "apt-key(8), APT 2.6: `adv` hands its words to gpg(1)")
    },
    Known {
        needs: &["-i", "--install"],
        switches: &["-i", "--install"],
        writes: &[Place::System],
        refused: DPKG_REFUSED,
        seconds: 3.0,
        ..plain(&["dpkg"], Operands::Reads, "dpkg(1), Debian 12; maintainer scripts: Debian Policy 6")
    },
    Known {
        needs: DPKG_TEXT,
        switches: DPKG_TEXT,
        writes: &[Place::System],
        unlisted: Unlisted::Refused,
        ..plain(&["dpkg"], Operands::Text, "dpkg(1), Debian 12")
    },
    Known {
        values: &["-f", "--showformat"],
        refused: &["--admindir", "--root"],
        ..plain(&["dpkg-query"], Operands::Text, "dpkg-query(1), Debian 12: it prints what is installed")
    },
    Known {
        switches: &["--import", "-v"],
        needs: &["--import"],
        writes: &[Place::System],
        seconds: 1.0,
        ..strict(&["rpm"], Operands::Reads, "rpmkeys(8), 4.18")
    },
    Known {
        switches: &[
            "-i",
            "-U",
            "-F",
            "-e",
            "-q",
            "-a",
            "-v",
            "-h",
            "--install",
            "--upgrade",
            "--erase",
            "--query",
            "--nodeps",
            "--force",
            "--quiet",
            "--replacepkgs",
            "--nosignature",
            "--noscripts",
        ],
        values: &["--eval", "-E", "--qf", "--queryformat"],
        writes: &[Place::System],
        seconds: 4.0,
        ..strict(&["rpm"], Operands::Packages, "rpm(8), 4.18")
    },
];

const APT_VALUES: &[&str] =
    &["-t", "--target-release", "--default-release", "-o", "--option", "-a", "--host-architecture"];
const APT_REFUSED: &[&str] = &["-c", "--config-file", "--root", "-b", "--compile"];
const DPKG_REFUSED: &[&str] = &["-R", "--recursive", "--root", "--admindir", "--instdir", "--log", "--unpack"];
const DPKG_TEXT: &[&str] = &[
    "--print-architecture",
    "--print-foreign-architectures",
    "--add-architecture",
    "--remove-architecture",
    "--configure",
    "--purge",
    "--remove",
    "--list",
    "--status",
    "--force-all",
    "--force-depends",
    "-a",
    "-l",
    "-r",
    "-s",
    "-P",
];
