//! What packs and unpacks.

use super::{Known, Operands, plain};

pub(super) static TABLE: &[Known] = &[
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
