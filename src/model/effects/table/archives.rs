//! What packs and unpacks.

use super::{Known, Operands, Place, Style, plain, strict};

const TAR: &str = "tar(1), GNU tar 1.34 and BusyBox 1.36; names from `/` on lose the slash";

pub(super) static TABLE: &[Known] = &[
    Known {
        style: Style::Bundle,
        needs: &["-x", "--extract", "--get"],
        switches: TAR_EXTRACT,
        values: TAR_VALUES,
        sources: &["-f", "--file"],
        paths: &["-C", "--directory", "--one-top-level"],
        output: &["-C", "--directory"],
        seconds: 2.0,
        ..strict(&["tar", "bsdtar"], Operands::Text, TAR)
    },
    Known {
        style: Style::Bundle,
        needs: &["-t", "--list"],
        switches: TAR_LIST,
        values: TAR_VALUES,
        sources: &["-f", "--file"],
        seconds: 1.0,
        ..strict(&["tar", "bsdtar"], Operands::Text, TAR)
    },
    // What is packed is read from the folder or from one that `-C` names.
    Known {
        style: Style::Bundle,
        needs: &["-c", "--create"],
        switches: TAR_CREATE,
        values: TAR_VALUES,
        sources: &["-C", "--directory"],
        paths: &["-f", "--file"],
        reads: &[Place::Folder],
        seconds: 2.0,
        ..strict(&["tar", "bsdtar"], Operands::Reads, TAR)
    },
    Known { paths: &["-d"], output: &["-d"], seconds: 2.0, ..plain(&["unzip"], Operands::Beside, "unzip(1), 6.0") },
    Known {
        needs: &["-c", "--stdout", "--to-stdout"],
        switches: &["-c", "-d", "-f", "-k", "-q", "-v", "--stdout", "--to-stdout", "--decompress", "--best", "-9"],
        seconds: 1.0,
        ..strict(
            &["gzip", "gunzip", "bzip2", "bunzip2", "xz", "unxz", "zstd"],
            Operands::Beside,
            "gzip(1), bzip2(1), xz(1): with -c they print and leave the file; `.gz` may be left out",
        )
    },
    Known {
        switches: &["-d", "-q", "-9", "--decompress"],
        seconds: 1.0,
        ..strict(
            &["gzip", "gunzip", "bzip2", "bunzip2", "xz", "unxz", "xzcat", "zcat", "bzcat"],
            Operands::None,
            "gzip(1), bzip2(1), xz(1): without an operand they read standard input",
        )
    },
];

const TAR_VALUES: &[&str] =
    &["--strip-components", "--strip", "--exclude", "--owner", "--group", "--mode", "--transform", "--wildcards-match"];
const TAR_EXTRACT: &[&str] = &[
    "-x",
    "-z",
    "-j",
    "-J",
    "-v",
    "-p",
    "-o",
    "-k",
    "-m",
    "-a",
    "--extract",
    "--get",
    "--gzip",
    "--gunzip",
    "--bzip2",
    "--xz",
    "--verbose",
    "--no-same-owner",
    "--no-same-permissions",
    "--same-owner",
    "--preserve-permissions",
    "--overwrite",
    "--wildcards",
    "--auto-compress",
    "--zstd",
    "--touch",
    "--no-overwrite-dir",
    "--keep-old-files",
    "--delay-directory-restore",
    "--warning=no-unknown-keyword",
];
const TAR_LIST: &[&str] = &["-t", "-z", "-j", "-J", "-v", "-a", "--list", "--gzip", "--bzip2", "--xz", "--verbose"];
const TAR_CREATE: &[&str] = &[
    "-c",
    "-z",
    "-j",
    "-J",
    "-v",
    "-p",
    "-a",
    "-h",
    "--create",
    "--gzip",
    "--bzip2",
    "--xz",
    "--verbose",
    "--auto-compress",
    "--zstd",
    "--dereference",
];
