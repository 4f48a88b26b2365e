//! Files and folders.

use super::{Known, Operands, POSIX, Place, Style, plain, strict};

const TARGET: &[&str] = &["-t", "--target-directory"];

pub(super) static TABLE: &[Known] = &[
    Known { values: &["-m", "--mode"], ..plain(&["mkdir", "mkfifo", "mknod"], Operands::Writes, POSIX) },
    plain(&["rm", "rmdir", "unlink", "tee"], Operands::Writes, POSIX),
    // The target of a link is text, whether it is there or not.
    Known {
        needs: &["-s", "--symbolic"],
        switches: &["-s", "-f", "-n", "-v", "-T", "--symbolic", "--force", "--no-dereference", "--verbose"],
        ..strict(&["ln"], Operands::Links, POSIX)
    },
    Known { switches: &["-f", "-v", "-n", "-T", "-L", "-P"], ..strict(&["ln"], Operands::Moves, POSIX) },
    Known { paths: TARGET, values: &["-S", "--suffix"], ..plain(&["cp"], Operands::Copies, POSIX) },
    Known { paths: TARGET, values: &["-S", "--suffix"], ..plain(&["mv"], Operands::Moves, POSIX) },
    Known { values: &["-d", "-t", "--date"], refused: &["-r"], ..plain(&["touch"], Operands::Writes, POSIX) },
    Known { values: &["-s", "--size"], switches: &["-c"], ..strict(&["truncate"], Operands::Writes, POSIX) },
    Known {
        needs: &["-d", "--directory"],
        switches: &["-d", "--directory", "-v", "-p", "-D"],
        values: INSTALL_VALUES,
        ..strict(&["install"], Operands::Writes, "install(1), GNU coreutils 9.1 and BusyBox 1.36")
    },
    Known {
        switches: &["-D", "-v", "-p", "-c", "-C", "-s", "-T"],
        values: INSTALL_VALUES,
        paths: TARGET,
        ..strict(&["install"], Operands::Copies, "install(1), GNU coreutils 9.1 and BusyBox 1.36")
    },
    Known { refused: &["--reference"], ..plain(&["chown", "chgrp"], Operands::TextThenWrites, POSIX) },
    // A mode such as `-x` looks like a flag.
    Known {
        refused: &["-r", "-w", "-x", "-X", "-s", "-t", "--reference"],
        ..plain(&["chmod"], Operands::TextThenWrites, POSIX)
    },
    Known { switches: &["-q", "-v"], ..strict(&["setcap"], Operands::TextThenWrites, "setcap(8), libcap 2.66") },
    Known {
        values: &["-K", "-N", "-R", "-j"],
        paths: &["-o"],
        ..plain(&["strip"], Operands::Writes, "strip(1), GNU binutils 2.40")
    },
    Known {
        style: Style::OneDash,
        needs: &["-delete"],
        switches: FIND_SWITCHES,
        values: FIND_VALUES,
        needs_operand: true,
        ..strict(&["find"], Operands::Writes, FIND)
    },
    Known {
        style: Style::OneDash,
        switches: FIND_SWITCHES,
        values: FIND_VALUES,
        needs_operand: true,
        ..strict(&["find"], Operands::Reads, FIND)
    },
    Known {
        switches: &["-t", "-b", "-f", "-w", "--tag", "--quiet", "--status"],
        ..strict(SUMS, Operands::Reads, "sha256sum(1), GNU coreutils 9.1 and BusyBox 1.36")
    },
    // The files to check are named in the list.
    Known {
        reads: &[Place::Anywhere],
        ..plain(SUMS, Operands::Text, "sha256sum(1), GNU coreutils 9.1: `-c` reads the files that the list names")
    },
];

const INSTALL_VALUES: &[&str] = &["-m", "--mode", "-o", "--owner", "-g", "--group"];
const FIND: &str = "find(1), GNU findutils 4.9: other expressions may run commands or write files";
const FIND_SWITCHES: &[&str] = &[
    "-H",
    "-L",
    "-P",
    "-a",
    "-o",
    "-or",
    "-and",
    "-not",
    "-print",
    "-print0",
    "-empty",
    "-depth",
    "-xdev",
    "-mount",
    "-executable",
    "-readable",
    "-writable",
    "-ls",
    "-prune",
    "-true",
    "-false",
    "-quit",
];
const FIND_VALUES: &[&str] = &[
    "-name",
    "-iname",
    "-type",
    "-path",
    "-ipath",
    "-wholename",
    "-regex",
    "-iregex",
    "-regextype",
    "-mindepth",
    "-maxdepth",
    "-perm",
    "-user",
    "-group",
    "-uid",
    "-gid",
    "-size",
    "-mtime",
    "-mmin",
    "-atime",
    "-ctime",
    "-links",
];
const SUMS: &[&str] = &["sha256sum", "sha1sum", "sha512sum", "sha384sum", "sha224sum", "md5sum", "b2sum", "shasum"];
