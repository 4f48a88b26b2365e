//! What Yarn reads.

use super::npm::package;
use super::{Needs, Place, inside, npmrc, resolve};
use crate::context::Project;

/// The scripts of the project itself that an install runs (Yarn 1: lifecycle scripts; Yarn 4 runs the
/// first three).
const SCRIPTS: &[&str] = &["preinstall", "install", "postinstall", "prepublish", "prepare"];

/// Parts of `.yarn` that an install reads (Yarn 4, questions and answers: which files to keep in Git).
const PARTS: &[&str] = &["releases", "plugins", "patches", "versions"];

/// What Yarn needs to install at `place`.
pub fn yarn(project: &Project, place: Place<'_>, keeps_lock: bool, runs_scripts: bool) -> Needs {
    let mut needs = Needs { writes: vec![place.inside("node_modules")], ..Needs::default() };
    let Some(text) = project.text(&place.inside("package.json")) else {
        return needs.absent(&place.inside("package.json"));
    };
    needs.files.push(place.inside("package.json"));
    let lock = place.inside("yarn.lock");
    let has_lock = project.has(&lock);
    let present = [".yarnrc", ".yarnrc.yml", ".npmrc", ".yarnclean"].map(|name| place.inside(name));
    needs.files.extend(std::iter::once(lock.clone()).chain(present).filter(|path| project.has(path)));
    let parts = PARTS.iter().map(|part| place.inside(&format!(".yarn/{part}")));
    needs.folders.extend(parts.filter(|path| project.has(path)));
    if keeps_lock && !has_lock {
        return needs.beyond("the context has no yarn.lock there");
    }
    let is_modern = project.has(&place.inside(".yarnrc.yml")) || is_modern(&text);
    if project.has(&place.inside(".npmrc")) {
        let settings = npmrc::read(project.text(&place.inside(".npmrc")).as_deref());
        // That it runs no scripts would count for Yarn 1 only.
        needs.doubts.extend(settings.doubt);
    }
    if project.has(&place.inside(".yarnrc")) {
        let text = project.text(&place.inside(".yarnrc")).unwrap_or_else(|| "unreadable".into());
        needs = settings(needs, project, place, &text);
    }
    let mut needs = package(needs, project, place, &text, runs_scripts, SCRIPTS);
    let local =
        |line: &str| ["@file:", "@link:", "@portal:", "resolved \"file:"].iter().any(|mark| line.contains(mark));
    let text = project.text(&lock).unwrap_or_default();
    if text.lines().any(local) || text.contains("@workspace:") && !is_modern {
        return needs.beyond("yarn.lock takes a package from a folder of the project");
    }
    for up in place.above() {
        if [".yarnrc", ".npmrc", ".yarnrc.yml"].iter().any(|name| project.has(&inside(up, name))) {
            needs.doubt("Yarn also reads the settings in the folders above");
            break;
        }
    }
    if is_modern {
        needs.doubt("Yarn 2 and newer keep files of their own beside package.json");
    } else if runs_scripts {
        needs.doubt("yarn.lock does not say which packages run scripts, and a script may look at your sources");
    }
    if !keeps_lock {
        needs.doubt("without `--frozen-lockfile`, Yarn may change yarn.lock, and the COPY of all files then restores the old one");
    }
    needs
}

/// Whether `package.json` asks for Yarn 2 or newer.
fn is_modern(package: &str) -> bool {
    let package: Option<serde_json::Value> = serde_json::from_str(package).ok();
    let manager = package.as_ref().and_then(|p| p.get("packageManager")?.as_str()).unwrap_or_default();
    manager.strip_prefix("yarn@").is_some_and(|version| !version.starts_with("1.") && !version.starts_with("0."))
}

/// `.yarnrc` of Yarn 1: `yarn-path` names the program itself.
fn settings(mut needs: Needs, project: &Project, place: Place<'_>, text: &str) -> Needs {
    for line in text.lines().map(str::trim).filter(|l| !l.is_empty() && !l.starts_with('#')) {
        let (key, value) = line.split_once(' ').unwrap_or((line, ""));
        match key.trim_matches('"') {
            "registry"
            | "network-timeout"
            | "lastUpdateCheck"
            | "strict-ssl"
            | "--frozen-lockfile"
            | "--install.frozen-lockfile"
            | "save-prefix" => {}
            "yarn-path" => {
                let path = resolve(place.folder, value.trim().trim_matches('"'));
                match path.filter(|path| project.has(path)) {
                    Some(path) if needs.folders.iter().any(|f| path.starts_with(&format!("{f}/"))) => {}
                    Some(path) => needs.files.push(path),
                    None => return needs.beyond(".yarnrc names a program that the context does not have"),
                }
                needs.doubt(".yarnrc runs a Yarn of your own");
            }
            key => needs.doubt(format!("`{key}` in .yarnrc may name other files")),
        }
    }
    needs
}
