//! What reads or prints text.

use super::scripts::of_awk;
use super::sed::only_changes_text;
use super::{Known, Operands, POSIX, Place, Style, plain, strict};

const SED: &str = "sed(1), GNU sed 4.9: without -e and -f the first word is the script";

pub(super) static TABLE: &[Known] = &[
    Known {
        needs: IN_PLACE,
        switches: &["-i", "-E", "-r", "-n", "-s", "-z", "--in-place", "--regexp-extended", "--quiet"],
        script: Some(only_changes_text),
        ..strict(&["sed"], Operands::TextThenWrites, SED)
    },
    Known {
        needs: IN_PLACE,
        switches: &["-i", "-E", "-r", "-n", "-s", "-z", "--in-place", "--regexp-extended", "--quiet"],
        values: &["-e", "--expression"],
        script: Some(only_changes_text),
        ..strict(&["sed"], Operands::Writes, SED)
    },
    Known {
        switches: &["-E", "-r", "-n", "-s", "-z", "-u", "--regexp-extended", "--quiet"],
        script: Some(only_changes_text),
        ..strict(&["sed"], Operands::TextThenReads, SED)
    },
    Known {
        switches: &["-E", "-r", "-n", "-s", "-z", "-u", "--regexp-extended", "--quiet"],
        values: &["-e", "--expression"],
        script: Some(only_changes_text),
        ..strict(&["sed"], Operands::Reads, SED)
    },
    Known {
        values: &["-F", "-v"],
        script: Some(of_awk),
        ..strict(&["awk", "gawk", "mawk", "nawk"], Operands::TextThenReads, "awk(1), POSIX.1-2024; gawk 5.2")
    },
    Known {
        switches: GREP_SWITCHES,
        values: &["-m", "-A", "-B", "-C", "--include", "--exclude", "--color"],
        ..strict(&["grep", "egrep", "fgrep"], Operands::TextThenReads, POSIX)
    },
    Known {
        switches: GREP_SWITCHES,
        values: &["-e", "--regexp", "-m", "-A", "-B", "-C"],
        sources: &["-f", "--file"],
        ..strict(&["grep", "egrep", "fgrep"], Operands::Reads, POSIX)
    },
    // Without an operand it reads all of the folder.
    Known {
        switches: &["-r", "-R", "-q", "-v", "-E", "-i", "-l", "-n", "-h", "-o", "-F", "-w", "-s", "-I"],
        reads: &[Place::Folder],
        ..strict(&["grep", "egrep", "fgrep"], Operands::TextThenReads, POSIX)
    },
    plain(&["cat", "tac", "nl", "cmp", "stat", "base64", "od", "rev"], Operands::Reads, POSIX),
    Known { refused: &["-f", "--files-from", "-C"], ..plain(&["file"], Operands::Reads, "file(1), 5.44") },
    // `-nt`, `-ot` and `-ef` have a path on both sides.
    Known {
        style: Style::OneDash,
        switches: &["-a", "-o", "-eq", "-ne", "-lt", "-le", "-gt", "-ge"],
        values: &["-z", "-n", "-t", "-v"],
        sources: &[
            "-b", "-c", "-d", "-e", "-f", "-g", "-h", "-k", "-L", "-O", "-p", "-r", "-s", "-S", "-u", "-w", "-x",
        ],
        ..strict(&["test", "["], Operands::Text, POSIX)
    },
    Known { values: &["-U"], ..plain(&["diff"], Operands::Reads, POSIX) },
    plain(&["readlink", "realpath"], Operands::Reads, POSIX),
    Known {
        values: &["-n", "-c"],
        refused: &["--files0-from"],
        ..plain(&["head", "tail", "wc"], Operands::Reads, POSIX)
    },
    Known {
        values: &["-d", "-f", "-c", "-b", "--delimiter", "--fields", "--output-delimiter", "--bytes", "--characters"],
        ..plain(&["cut"], Operands::Reads, POSIX)
    },
    Known {
        values: &["-k", "-t", "-S"],
        paths: &["-o", "--output", "-T", "--temporary-directory"],
        refused: &["--files0-from", "--compress-program"],
        ..plain(&["sort"], Operands::Reads, POSIX)
    },
    // A second operand is the output.
    Known { switches: &["-c", "-d", "-u", "-i"], ..strict(&["uniq"], Operands::Copies, POSIX) },
    Known { needs_operand: true, values: &["-I", "-w"], ..plain(&["ls"], Operands::Reads, POSIX) },
    Known {
        needs_operand: true,
        values: &["-d"],
        refused: &["--files0-from", "-X", "--exclude-from"],
        ..plain(&["du", "df"], Operands::Reads, POSIX)
    },
];

const IN_PLACE: &[&str] = &["-i", "--in-place"];
const GREP_SWITCHES: &[&str] = &[
    "-q",
    "-v",
    "-E",
    "-F",
    "-P",
    "-i",
    "-o",
    "-c",
    "-l",
    "-n",
    "-h",
    "-w",
    "-x",
    "-s",
    "-a",
    "-z",
    "--quiet",
    "--color=never",
    "--only-matching",
    "--invert-match",
    "--extended-regexp",
    "--ignore-case",
];
