//! What asks a server.

use super::{Known, Operands, plain};

pub(super) static TABLE: &[Known] = &[
    Known {
        values: &[
            "-H",
            "--header",
            "-X",
            "--request",
            "-A",
            "--retry",
            "--retry-delay",
            "-m",
            "--max-time",
            "--connect-timeout",
        ],
        paths: &["-o", "--output", "--output-dir"],
        refused: &[
            "-O",
            "--remote-name",
            "-J",
            "-K",
            "--config",
            "-T",
            "--upload-file",
            "-F",
            "--form",
            "-d",
            "--data",
            "-b",
            "--cookie",
            "-c",
            "--cookie-jar",
            "--cacert",
            "-E",
            "--cert",
            "-n",
            "--netrc",
            "-D",
            "--dump-header",
        ],
        seconds: 3.0,
        ..plain(&["curl"], Operands::Text, "curl(1), 7.88: it writes to standard output unless -o or -O is given")
    },
    Known {
        values: &["-T", "--timeout", "-t", "--tries", "-U", "--user-agent", "--header"],
        paths: &["-O", "--output-document", "-P", "--directory-prefix"],
        output: &["-O", "--output-document", "-P", "--directory-prefix"],
        refused: &[
            "-i",
            "--input-file",
            "-r",
            "--recursive",
            "-m",
            "--mirror",
            "-p",
            "-x",
            "-a",
            "-o",
            "-e",
            "--config",
        ],
        seconds: 3.0,
        ..plain(&["wget"], Operands::Text, "wget(1), 1.21: it writes to the working directory unless -O or -P is given")
    },
];
