//! The package managers of Python.

use super::{Known, Operands, Place, plain, project, strict};

const PIP: &str =
    "pip 24.0, User Guide (`pip install`, Configuration): settings are in /etc, the home and PIP_ variables";
const CONDA: &str =
    "conda 24.1, micromamba 1.5, command reference; a prefix is below the installation, CONDA_ variables or ~";
const UV: &str = "uv 0.5, reference of the CLI: settings of the folder and of those above it are read";

const PIPS: &[&str] = &[
    "pip", "pip2", "pip3", "pip2.7", "pip3.6", "pip3.7", "pip3.8", "pip3.9", "pip3.10", "pip3.11", "pip3.12", "pip3.13",
];
const PYTHONS: &[&str] = &[
    "python",
    "python2",
    "python3",
    "python2.7",
    "python3.6",
    "python3.7",
    "python3.8",
    "python3.9",
    "python3.10",
    "python3.11",
    "python3.12",
    "python3.13",
];
const CONDAS: &[&str] = &["conda", "mamba", "micromamba"];

/// Where installed packages go, and what is kept besides.
const INSTALLED: &[Place] = &[Place::System, Place::Home, Place::Installs];
const INSTALLED_HERE: &[Place] = &[Place::System, Place::Home, Place::Installs, Place::Folder];

pub(super) static TABLE: &[Known] = &[
    Known {
        subcommands: &["install"],
        reads: &[Place::Home],
        writes: INSTALLED,
        switches: PIP_SWITCHES,
        values: PIP_VALUES,
        sources: PIP_SOURCES,
        paths: PIP_PATHS,
        needs_operand: true,
        seconds: 15.0,
        ..strict(PIPS, Operands::Names, PIP)
    },
    // A list of requirements may name any folder or file.
    Known {
        subcommands: &["install", "download", "wheel"],
        needs: &["-r", "--requirement", "-c", "--constraint"],
        reads: &[Place::Anywhere],
        writes: INSTALLED_HERE,
        switches: PIP_SWITCHES,
        values: PIP_VALUES,
        sources: &["-r", "--requirement", "-c", "--constraint", "--cert", "--client-cert", "-f", "--find-links"],
        paths: &[
            "-t",
            "--target",
            "--prefix",
            "--root",
            "--src",
            "--cache-dir",
            "--log",
            "--report",
            "-d",
            "--dest",
            "-w",
            "--wheel-dir",
        ],
        seconds: 20.0,
        ..strict(PIPS, Operands::Names, PIP)
    },
    Known {
        subcommands: &["uninstall"],
        reads: &[Place::Home],
        writes: INSTALLED,
        switches: &["-y", "--yes", "-q", "--quiet", "--no-input", "--break-system-packages"],
        seconds: 2.0,
        ..strict(PIPS, Operands::Names, PIP)
    },
    Known {
        subcommands: &["cache purge", "cache info", "cache dir"],
        reads: &[Place::Home],
        writes: &[Place::Home, Place::Installs],
        seconds: 1.0,
        ..strict(PIPS, Operands::None, PIP)
    },
    Known {
        subcommands: &["config set"],
        reads: &[Place::Home],
        writes: &[Place::Home, Place::System, Place::Installs],
        configures: true,
        switches: &["--global", "--user", "--site"],
        ..strict(PIPS, Operands::Text, PIP)
    },
    project(PIPS, &["install", "download", "wheel"], 20.0),
    // `python -m venv`, as it is read.
    Known {
        switches: &["--system-site-packages", "--without-pip", "--upgrade-deps", "--clear", "--copies", "--symlinks"],
        values: &["--prompt"],
        needs_operand: true,
        seconds: 4.0,
        ..strict(&["-m venv"], Operands::Writes, "The Python Standard Library 3.12, venv")
    },
    Known {
        reads: &[Place::Home],
        writes: &[Place::Home, Place::Installs],
        switches: &["--system-site-packages", "--no-download", "--clear", "--copies", "--no-site-packages"],
        values: &["-p", "--python", "--prompt"],
        needs_operand: true,
        seconds: 4.0,
        ..strict(&["virtualenv", "-m virtualenv"], Operands::Writes, "virtualenv 20.25, CLI interface")
    },
    Known {
        writes: INSTALLED,
        switches: &["--upgrade", "-U", "--default-pip", "--user"],
        seconds: 4.0,
        ..strict(&["-m ensurepip"], Operands::None, "The Python Standard Library 3.12, ensurepip")
    },
    Known {
        subcommands: &["pip install"],
        reads: &[Place::Anywhere],
        writes: INSTALLED_HERE,
        switches: &[
            "--system",
            "--no-cache",
            "--no-cache-dir",
            "-U",
            "--upgrade",
            "--no-deps",
            "-q",
            "--quiet",
            "--pre",
            "--break-system-packages",
            "--compile-bytecode",
            "--reinstall",
        ],
        values: &["-p", "--python", "--index-url", "--extra-index-url", "--index-strategy", "--index", "-i"],
        sources: &["-r", "--requirement", "--requirements", "-c", "--constraint", "--constraints"],
        paths: &["--target", "--prefix", "--cache-dir"],
        seconds: 8.0,
        ..strict(&["uv"], Operands::Names, UV)
    },
    Known {
        subcommands: &["venv"],
        reads: &[Place::Anywhere],
        writes: &[Place::Home, Place::Installs, Place::Folder],
        switches: &["--seed", "--clear", "--system-site-packages", "--no-project", "--allow-existing"],
        values: &["-p", "--python", "--prompt"],
        seconds: 1.0,
        ..strict(&["uv"], Operands::Writes, UV)
    },
    Known {
        subcommands: &["tool install", "python install"],
        reads: &[Place::Anywhere],
        writes: INSTALLED,
        switches: &["--no-cache", "-U", "--upgrade", "--force", "-q", "--default"],
        values: &["-p", "--python"],
        paths: &["-i", "--install-dir"],
        needs_operand: true,
        seconds: 8.0,
        ..strict(&["uv"], Operands::Names, UV)
    },
    project(&["uv"], &["sync", "pip install", "pip sync", "build"], 8.0),
    Known {
        subcommands: &["config"],
        reads: &[Place::Anywhere],
        writes: &[Place::Home, Place::Folder, Place::Installs],
        configures: true,
        ..plain(&["poetry"], Operands::Text, "Poetry 1.8, Configuration")
    },
    project(&["poetry"], &["install", "update", "build", "sync"], 25.0),
    project(&["poetry"], &["export", "lock"], 5.0),
    project(&["pipenv"], &["install", "sync"], 25.0),
    project(&["pdm", "hatch"], &["install", "sync", "build"], 25.0),
    Known {
        subcommands: &["install", "create", "update", "upgrade", "remove"],
        reads: &[Place::Home],
        writes: INSTALLED,
        switches: &[
            "-y",
            "--yes",
            "-q",
            "--quiet",
            "--freeze-installed",
            "--no-deps",
            "--update-all",
            "--all",
            "--copy",
            "--override-channels",
            "--strict-channel-priority",
            "--no-channel-priority",
            "--force-reinstall",
            "--no-update-deps",
            "--update-deps",
            "--no-default-packages",
            "--no-pin",
        ],
        values: &["-n", "--name", "-c", "--channel", "--solver"],
        paths: &["-p", "--prefix", "-r", "--root-prefix"],
        seconds: 40.0,
        ..strict(CONDAS, Operands::Names, CONDA)
    },
    // Such a file may have a list of requirements for pip.
    Known {
        subcommands: &["install", "create", "update", "env create", "env update"],
        needs: &["-f", "--file"],
        reads: &[Place::Anywhere],
        writes: INSTALLED_HERE,
        switches: &["-y", "--yes", "-q", "--quiet", "--force", "--prune"],
        values: &["-n", "--name", "-c", "--channel"],
        sources: &["-f", "--file"],
        paths: &["-p", "--prefix", "-r", "--root-prefix"],
        seconds: 60.0,
        ..strict(CONDAS, Operands::Names, CONDA)
    },
    Known {
        subcommands: &["clean"],
        reads: &[Place::Home],
        writes: INSTALLED,
        switches: &[
            "-a",
            "-y",
            "-f",
            "-t",
            "-p",
            "-i",
            "-q",
            "-s",
            "-l",
            "--all",
            "--yes",
            "--force-pkgs-dirs",
            "--tarballs",
            "--packages",
            "--index-cache",
            "--quiet",
        ],
        seconds: 2.0,
        ..strict(CONDAS, Operands::None, CONDA)
    },
    Known {
        subcommands: &["config"],
        reads: &[Place::Home],
        writes: INSTALLED,
        configures: true,
        switches: &["--system", "--env", "--add", "--append", "--prepend", "--set", "--remove"],
        paths: &["--file"],
        ..strict(CONDAS, Operands::Text, CONDA)
    },
    project(CONDAS, &["install", "create", "update", "env create", "env update"], 60.0),
    project(PYTHONS, &["setup.py", "pip", "build", "pytest", "tox"], 20.0),
    project(PYTHONS, &["manage.py", "compileall"], 5.0),
    project(&["pytest", "tox", "nox", "py.test"], &[], 20.0),
];

const PIP_SWITCHES: &[&str] = &[
    "-U",
    "--upgrade",
    "--no-cache-dir",
    "--no-cache",
    "--user",
    "--pre",
    "--no-deps",
    "--force-reinstall",
    "-I",
    "--ignore-installed",
    "-q",
    "--quiet",
    "-v",
    "--verbose",
    "--no-build-isolation",
    "--no-use-pep517",
    "--use-pep517",
    "--break-system-packages",
    "--disable-pip-version-check",
    "--no-input",
    "--no-warn-script-location",
    "--no-compile",
    "--compile",
    "--prefer-binary",
    "--require-hashes",
    "--isolated",
    "--no-index",
    "--no-color",
    "--no-clean",
    "--no-warn-conflicts",
    "--process-dependency-links",
    "--egg",
    "--no-python-version-warning",
    "--ignore-requires-python",
];
const PIP_VALUES: &[&str] = &[
    "-i",
    "--index-url",
    "--extra-index-url",
    "--trusted-host",
    "--timeout",
    "--default-timeout",
    "--retries",
    "--proxy",
    "--exists-action",
    "--upgrade-strategy",
    "--no-binary",
    "--only-binary",
    "--platform",
    "--python-version",
    "--implementation",
    "--abi",
    "--progress-bar",
    "--use-feature",
    "--use-deprecated",
    "--root-user-action",
];
const PIP_SOURCES: &[&str] = &["--cert", "--client-cert", "-f", "--find-links"];
const PIP_PATHS: &[&str] = &["-t", "--target", "--prefix", "--root", "--src", "--cache-dir", "--log", "--report"];
