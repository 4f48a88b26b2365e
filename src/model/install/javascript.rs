//! npm, Yarn and pnpm.

use super::flags::Flags;
use super::script::Call;
use super::{Install, Manager};

/// Flags that name no file and change nothing about what is read.
const PLAIN: &[&str] = &[
    "--audit",
    "--color",
    "--force",
    "-f",
    "--foreground-scripts",
    "--fund",
    "--ignore-engines",
    "--ignore-optional",
    "--ignore-scripts",
    "--include-workspace-root",
    "--legacy-peer-deps",
    "--no-audit",
    "--no-color",
    "--no-fund",
    "--no-optional",
    "--no-package-lock",
    "--no-progress",
    "--no-save",
    "--non-interactive",
    "--no-update-notifier",
    "--only-production",
    "--prefer-dedupe",
    "--prefer-offline",
    "--prod",
    "--production",
    "-P",
    "--progress",
    "--quiet",
    "-q",
    "--silent",
    "-s",
    "--strict-peer-deps",
    "--unsafe-perm",
    "--allow-root",
    "--update-notifier",
    "--verbose",
    "--dev",
    "-D",
    "--frozen-lockfile",
    "--no-frozen-lockfile",
    "--pure-lockfile",
    "--immutable",
    "--immutable-cache",
    "--check-files",
    "--inline-builds",
    "-d",
    "-dd",
    "-ddd",
];

/// Flags with a value that names no file.
const VALUES: &[&str] = &[
    "--only",
    "--omit",
    "--include",
    "--loglevel",
    "--registry",
    "--network-timeout",
    "--network-concurrency",
    "--maxsockets",
    "--fetch-retries",
    "--fetch-timeout",
    "--mutex",
    "--reporter",
    "--cache",
    "--cache-folder",
    "--jobs",
    "--filter",
    "-F",
];

/// The flags that say where to work, each with a value.
const FOLDERS: &[&str] = &["--prefix", "-C", "--cwd", "--dir"];

/// Those of [`VALUES`] whose value is not looked at further, but may name a place or a package.
const DOUBTFUL: &[&str] = &["--cache", "--cache-folder", "--filter", "-F"];

fn flags(call: &Call) -> Flags {
    let mut values = VALUES.to_vec();
    values.extend(FOLDERS);
    Flags::read(call.rest(), &values, PLAIN)
}

fn install(manager: Manager, command: &str, call: &Call, flags: &Flags) -> Option<Install> {
    // Packages of the workspace: their manifests are needed, too.
    let workspaces = ["--workspace", "--workspaces", "-w", "-ws", "-g", "--global", "--location"];
    if flags.has(&workspaces) {
        return None;
    }
    let folder = match flags.value(FOLDERS) {
        Some(path) => call.path(path)?,
        None => call.folder.clone(),
    };
    let mut install = Install::new(manager, command, &folder);
    install.runs_scripts = !flags.has(&["--ignore-scripts"]);
    // It wins over `ignore-scripts` of the settings.
    if flags.values(&["--ignore-scripts", "--no-ignore-scripts"]).any(|value| value == "false") {
        install.doubt(&["--ignore-scripts=false".to_owned()]);
    }
    install.doubt(&flags.unknown);
    for name in DOUBTFUL.iter().filter(|name| flags.has(&[name])) {
        install.doubt(&[(*name).to_owned()]);
    }
    if flags.values(&["--registry"]).any(|place| !place.starts_with("http")) {
        install.doubt(&["--registry".to_owned()]);
    }
    Some(install)
}

/// `npm ci` and `npm install` without packages.
///
/// Source: npm-ci(1), npm-install(1), npm 10.
pub(super) fn npm(call: &Call) -> Option<Install> {
    let flags = flags(call);
    let [subcommand] = &flags.operands[..] else { return None };
    let clean = match subcommand.as_str() {
        "ci" | "clean-install" | "ic" | "install-clean" => true,
        "install" | "i" | "add" => false,
        _ => return None,
    };
    let mut install = install(Manager::Npm, &format!("npm {subcommand}"), call, &flags)?;
    install.keeps_lock = clean;
    Some(install)
}

/// `yarn` and `yarn install`.
///
/// Source: the command-line reference of Yarn 1 and of Yarn 4.
pub(super) fn yarn(call: &Call) -> Option<Install> {
    let flags = flags(call);
    if flags.has(&["--version", "-v", "--help", "-h"]) {
        return None;
    }
    let command = match &flags.operands[..] {
        [] => "yarn",
        [word] if word == "install" => "yarn install",
        _ => return None,
    };
    let command = if flags.has(&["--immutable"]) { format!("{command} --immutable") } else { command.to_owned() };
    let mut install = install(Manager::Yarn, &command, call, &flags)?;
    install.keeps_lock = flags.has(&["--frozen-lockfile", "--pure-lockfile", "--immutable"]);
    Some(install)
}

/// `pnpm install`, and `pnpm fetch`, which does most of its work from the lock file.
///
/// Source: the command-line reference of pnpm 9.
pub(super) fn pnpm(call: &Call) -> Option<Install> {
    let flags = flags(call);
    let [subcommand] = &flags.operands[..] else { return None };
    if !matches!(subcommand.as_str(), "install" | "i" | "fetch") || flags.has(&["--filter", "-F", "-r", "--recursive"])
    {
        return None;
    }
    let mut install = install(Manager::Pnpm, &format!("pnpm {subcommand}"), call, &flags)?;
    install.keeps_lock = flags.has(&["--frozen-lockfile"]);
    Some(install)
}
