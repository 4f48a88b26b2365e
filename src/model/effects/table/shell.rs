//! What the shell does itself, and small programs that touch no file.

use super::{Known, Operands, POSIX, Place, plain, strict};

pub(super) static TABLE: &[Known] = &[
    // `export`, `local` and their kin set variables: their words are read as assignments, too.
    plain(
        &[
            "echo",
            "printf",
            "true",
            "false",
            ":",
            "set",
            "unset",
            "exit",
            "return",
            "shift",
            "break",
            "continue",
            "wait",
            "umask",
            "ulimit",
            "shopt",
            "export",
            "local",
            "readonly",
            "declare",
            "typeset",
            "read",
            "let",
            "sleep",
            "uname",
            "arch",
            "nproc",
            "id",
            "whoami",
            "hostname",
            "yes",
            "seq",
            "expr",
            "basename",
            "dirname",
            "tr",
            "getconf",
            "groups",
            "sync",
            "lsb_release",
            "tput",
            "clear",
        ],
        Operands::Text,
        POSIX,
    ),
    // Only the forms that look a name up: others are read as the command behind them.
    Known { switches: &["-v", "-V"], needs: &["-v", "-V"], ..strict(&["command"], Operands::Looks, POSIX) },
    Known { switches: &["-r"], ..strict(&["hash"], Operands::Looks, POSIX) },
    plain(&["which", "type"], Operands::Looks, POSIX),
    Known { reads: &[Place::Folder], ..plain(&["pwd"], Operands::Text, POSIX) },
    Known { refused: &["-r", "-f", "--reference", "--file"], ..plain(&["date"], Operands::Text, POSIX) },
    Known {
        writes: &[Place::At("/tmp")],
        switches: &["-d", "-q", "-u", "-t"],
        ..strict(&["mktemp"], Operands::Writes, "mktemp(1), GNU coreutils 9.1: it makes a file below /tmp")
    },
    Known {
        switches: &["--version", "-v", "-V"],
        needs: &["--version", "-v", "-V"],
        ..strict(
            &["node", "php", "java", "javac", "gcc", "ruby", "perl", "python", "python3", "python2"],
            Operands::None,
            "the manual pages: with these flags and no operand they print their version and end",
        )
    },
];
