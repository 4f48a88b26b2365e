//! Files and folders.

use super::{Known, Operands, POSIX, plain};

pub(super) static TABLE: &[Known] = &[
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
];
