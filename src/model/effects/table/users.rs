//! Users and groups.

use super::{Known, Operands, Writes, plain};

pub(super) static TABLE: &[Known] = &[
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
];
