//! The package managers of the distributions.

use super::{Known, Operands, Writes, plain};

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
];

const APT_VALUES: &[&str] =
    &["-t", "--target-release", "--default-release", "-o", "--option", "-a", "--host-architecture"];
const APT_REFUSED: &[&str] = &["-c", "--config-file", "--root", "-b", "--compile"];
