//! Users and groups.

use super::{Known, Operands, Place, plain, strict};

pub(super) static TABLE: &[Known] = &[
    Known {
        writes: &[Place::System],
        refused: &["-r", "--root", "-b", "--dbpath", "--config", "--cachedir", "--sysroot"],
        seconds: 20.0,
        ..plain(&["pacman"], Operands::Packages, "pacman(8), 6.0")
    },
    Known {
        writes: &[Place::Accounts],
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
        writes: &[Place::Accounts],
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
        writes: &[Place::Accounts],
        values: &["-g", "--gid", "-K", "-p", "--key", "--password"],
        refused: &["-R", "--root", "-P", "--prefix", "--conf"],
        ..plain(
            &["groupadd", "addgroup", "delgroup", "groupdel"],
            Operands::Text,
            "groupadd(8), shadow 4.13; BusyBox 1.36",
        )
    },
    // A new number or group is given to the files of the user, too.
    Known {
        writes: &[Place::Accounts, Place::Anywhere],
        needs: &["-u", "-g", "--uid", "--gid", "-d", "--home", "-m", "--move-home"],
        values: &["-u", "-g", "--uid", "--gid", "-G", "-s", "-c", "-l", "--groups", "--shell", "--login"],
        paths: &["-d", "--home"],
        switches: &["-a", "-o", "-m", "--append", "--non-unique", "--move-home"],
        ..strict(&["usermod"], Operands::Text, "usermod(8), shadow 4.13")
    },
    Known {
        writes: &[Place::Accounts],
        values: &[
            "-G",
            "-s",
            "-c",
            "-l",
            "-p",
            "-e",
            "-f",
            "--groups",
            "--shell",
            "--comment",
            "--login",
            "--password",
        ],
        switches: &["-a", "-o", "-L", "-U", "--append", "--lock", "--unlock"],
        ..strict(&["usermod"], Operands::Text, "usermod(8), shadow 4.13")
    },
    Known {
        writes: &[Place::Accounts],
        values: &["-g", "-n", "-p", "--gid", "--new-name", "--password"],
        switches: &["-o", "--non-unique"],
        ..strict(&["groupmod"], Operands::Text, "groupmod(8), shadow 4.13: it changes no file but the lists")
    },
    Known {
        writes: &[Place::Accounts],
        values: &["-a", "-d", "-s", "-c", "--shell"],
        switches: &["-e", "--encrypted", "-l", "-u"],
        ..strict(&["chpasswd", "gpasswd", "chsh"], Operands::Text, "chpasswd(8), gpasswd(1), chsh(1), shadow 4.13")
    },
    Known {
        writes: &[Place::Accounts],
        switches: &["-d", "-l", "-u", "-e", "--delete", "--lock", "--unlock", "--expire"],
        ..strict(&["passwd"], Operands::Text, "passwd(1), shadow 4.13")
    },
];
