//! What reads or prints text.

use super::{Known, Operands, POSIX, plain};

pub(super) static TABLE: &[Known] = &[
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
];
