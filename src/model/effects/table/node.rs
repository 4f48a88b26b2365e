//! The package managers of Node.

use super::{Known, Operands, Place, project, strict};

const NPM: &str = "npm 10, CLI commands and npmrc: with -g the settings of the folder are not read";
const COREPACK: &str = "Corepack 0.29, README: `enable` writes links beside node";

pub(super) static TABLE: &[Known] = &[
    Known {
        subcommands: &["install", "i", "add", "update", "upgrade", "uninstall", "remove", "rm", "un"],
        needs: GLOBAL,
        reads: &[Place::Home],
        writes: INSTALLED,
        switches: NPM_SWITCHES,
        values: NPM_VALUES,
        paths: &["--prefix", "--cache"],
        needs_operand: true,
        seconds: 8.0,
        ..strict(&["npm"], Operands::Names, NPM)
    },
    // Without scripts nothing of the project runs, but its manifest may name any folder.
    Known {
        subcommands: &["ci", "clean-install", "install", "i"],
        needs: &["--ignore-scripts"],
        reads: &[Place::Anywhere],
        writes: &[Place::System, Place::Home, Place::Installs, Place::Folder, Place::At("/tmp")],
        switches: NPM_LOCAL_SWITCHES,
        values: NPM_VALUES,
        paths: &["--prefix", "--cache"],
        seconds: 25.0,
        ..strict(&["npm"], Operands::None, NPM)
    },
    Known {
        subcommands: &["cache clean", "cache verify"],
        reads: &[Place::Anywhere],
        writes: INSTALLED,
        switches: &["-f", "--force", "--silent"],
        paths: &["--cache"],
        seconds: 1.0,
        ..strict(&["npm"], Operands::None, NPM)
    },
    Known {
        subcommands: &["config set", "set"],
        reads: &[Place::Anywhere],
        writes: INSTALLED,
        switches: &["-g", "--global", "--location=global", "--location=user"],
        configures: true,
        ..strict(&["npm"], Operands::Text, NPM)
    },
    project(
        &["npm"],
        &["ci", "clean-install", "install", "i", "add", "rebuild", "run build", "run-script build"],
        25.0,
    ),
    project(&["npm"], &["run", "run-script", "test", "t"], 20.0),
    project(&["npm"], &["prune", "pack", "link"], 3.0),
    Known {
        subcommands: &["enable", "disable"],
        writes: INSTALLED,
        paths: &["--install-directory"],
        ..strict(&["corepack"], Operands::Text, COREPACK)
    },
    Known {
        subcommands: &["prepare", "install"],
        reads: &[Place::Home],
        writes: INSTALLED,
        switches: &["--activate", "-g", "--global"],
        needs_operand: true,
        seconds: 2.0,
        ..strict(&["corepack"], Operands::Names, COREPACK)
    },
    project(&["corepack"], &["prepare", "install", "use"], 2.0),
    // Corepack and yarn run the release that the project names.
    project(&["yarn", "yarnpkg"], &["global add", "cache clean"], 8.0),
    project(&["yarn", "yarnpkg"], &["build", "test", "run", "workspace", "lint"], 20.0),
    project(&["yarn", "yarnpkg"], &["config", "set version"], 1.0),
    project(&["yarn", "yarnpkg"], &[], 25.0),
    project(&["pnpm", "bun"], &["build", "test", "run"], 20.0),
    project(&["pnpm", "bun"], &["install", "i", "add", "fetch", "deploy", "ci"], 15.0),
    project(&["lerna", "rush"], &["bootstrap", "install", "run"], 30.0),
    project(&["ng", "gulp", "grunt", "webpack", "tsc", "vite", "next", "nx", "turbo"], &[], 20.0),
    project(&["bower"], &["install"], 10.0),
];

const GLOBAL: &[&str] = &["-g", "--global", "--location=global"];
const INSTALLED: &[Place] = &[Place::System, Place::Home, Place::Installs, Place::At("/tmp")];
const NPM_SWITCHES: &[&str] = &[
    "-g",
    "--global",
    "--location=global",
    "-s",
    "--silent",
    "-q",
    "--quiet",
    "-d",
    "--verbose",
    "--no-audit",
    "--no-fund",
    "-f",
    "--force",
    "--unsafe-perm",
    "--unsafe-perm=true",
    "--production",
    "--no-optional",
    "--ignore-scripts",
    "--no-save",
    "--no-progress",
    "--progress=false",
    "--legacy-peer-deps",
    "--no-package-lock",
    "--prefer-offline",
    "--no-update-notifier",
    "--audit=false",
    "--fund=false",
    "--no-cache",
    "--no-bin-links",
    "--strict-ssl=false",
];
const NPM_LOCAL_SWITCHES: &[&str] = &[
    "--ignore-scripts",
    "-s",
    "--silent",
    "-q",
    "--quiet",
    "--verbose",
    "--no-audit",
    "--no-fund",
    "-f",
    "--force",
    "--production",
    "--no-optional",
    "--no-save",
    "--no-progress",
    "--legacy-peer-deps",
    "--prefer-offline",
    "--audit=false",
    "--fund=false",
    "--only=production",
    "--only=prod",
];
const NPM_VALUES: &[&str] =
    &["--registry", "--loglevel", "--omit", "--include", "--fetch-timeout", "--fetch-retries", "--tag"];
