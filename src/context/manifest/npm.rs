//! What npm reads.

use super::{Needs, Place, inside, is_left_out, npmrc, texts};
use crate::context::Project;
use serde_json::Value;

/// The scripts of the project itself that an install runs (npm-scripts(7), npm 10).
const SCRIPTS: &[&str] =
    &["preinstall", "install", "postinstall", "prepublish", "preprepare", "prepare", "postprepare", "dependencies"];

/// Packages whose install scripts were read and look at nothing but their own folder.
///
/// Sources: `install.js` of esbuild 0.17 to 0.25, `postinstall.js` of core-js 3.
const HARMLESS: &[&str] = &["esbuild", "core-js", "core-js-pure"];

/// What npm needs to install at `place`. `keeps_lock` says that it is `npm ci`, and `runs_scripts`
/// that `--ignore-scripts` is not given.
pub fn npm(project: &Project, place: Place<'_>, keeps_lock: bool, runs_scripts: bool) -> Needs {
    let mut needs = Needs { writes: vec![place.inside("node_modules")], ..Needs::default() };
    let Some(text) = project.text(&place.inside("package.json")) else {
        return needs.absent(&place.inside("package.json"));
    };
    needs.files.push(place.inside("package.json"));
    // npm prefers npm-shrinkwrap.json where both are there.
    let locks = ["npm-shrinkwrap.json", "package-lock.json"].map(|name| place.inside(name));
    let locks: Vec<String> = locks.into_iter().filter(|path| project.has(path)).collect();
    needs.files.extend(locks.clone());
    let mut runs_scripts = runs_scripts;
    if project.has(&place.inside(".npmrc")) {
        needs.files.push(place.inside(".npmrc"));
        let settings = npmrc::read(project.text(&place.inside(".npmrc")).as_deref());
        runs_scripts &= !settings.ignores_scripts;
        needs.doubts.extend(settings.doubt);
    }
    if keeps_lock && locks.is_empty() {
        return needs.beyond("the context has no package-lock.json there, so `npm ci` fails");
    }
    let mut needs = package(needs, project, place, &text, runs_scripts, SCRIPTS);
    if let Some(lock) = locks.first() {
        needs = lockfile(needs, project, lock, runs_scripts);
    }
    if runs_scripts && project.has(&place.inside("binding.gyp")) {
        needs.doubt("binding.gyp makes npm compile your sources");
    }
    if !keeps_lock {
        match locks.first() {
            Some(lock) => {
                let name = lock.rsplit('/').next().unwrap_or(lock);
                needs.doubt(format!(
                    "`npm install` may change {name}, and the COPY of all files then restores the old one"
                ));
            }
            None => needs
                .doubt("without a package-lock.json nobody can tell which packages come and what their scripts read"),
        }
    }
    needs
}

/// What `package.json` says, for npm, Yarn and pnpm.
pub(super) fn package(
    mut needs: Needs,
    project: &Project,
    place: Place<'_>,
    text: &str,
    runs_scripts: bool,
    scripts: &[&str],
) -> Needs {
    let Ok(package) = serde_json::from_str::<Value>(text) else {
        return needs.beyond("package.json can't be read");
    };
    if package.get("workspaces").is_some() {
        return needs.beyond("package.json has workspaces, whose manifests are needed as well");
    }
    for key in ["dependencies", "devDependencies", "optionalDependencies", "peerDependencies", "resolutions"] {
        if let Some((name, place)) = texts(&package, key).find(|(_, version)| is_local(version)) {
            return needs.beyond(format!("package.json takes `{name}` from `{place}`"));
        }
    }
    let nested = [package.get("overrides"), package.get("pnpm")];
    if let Some(place) = nested.into_iter().flatten().find_map(local_text) {
        return needs.beyond(format!("package.json takes a package from `{place}`"));
    }
    if runs_scripts {
        let own = |name: &str| texts(&package, "scripts").find(|(n, _)| *n == name);
        if let Some((name, script)) = scripts.iter().find_map(|name| own(name)) {
            let patches = place.inside("patches");
            if script.contains("patch-package") && project.has(&patches) {
                needs.folders.push(patches);
            }
            needs.doubt(format!("package.json runs a `{name}` script, which may need your sources"));
        }
    }
    for up in place.above() {
        if project.has(&inside(up, "package.json")) {
            needs.doubt("a package.json in a folder above may make this one a part of its workspace");
            break;
        }
    }
    if !is_left_out(project, &place.inside("node_modules")) {
        needs.doubt(".dockerignore does not list node_modules, so a local one would come over the installed one");
    }
    needs
}

/// What the lock file says.
fn lockfile(mut needs: Needs, project: &Project, path: &str, runs_scripts: bool) -> Needs {
    let name = path.rsplit('/').next().unwrap_or(path);
    let lock = project.text(path).and_then(|text| serde_json::from_str::<Value>(&text).ok());
    let Some(lock) = lock else { return needs.beyond(format!("{name} can't be read")) };
    let version = lock.get("lockfileVersion").and_then(Value::as_u64).unwrap_or(1);
    let packages = lock.get("packages").and_then(Value::as_object);
    let (2 | 3, Some(packages)) = (version, packages) else {
        if let Some(place) = lock.get("dependencies").and_then(local_text) {
            return needs.beyond(format!("{name} takes a package from `{place}`"));
        }
        if runs_scripts {
            needs.doubt(format!("{name} is of version {version}, which does not say which packages run scripts"));
        }
        return needs;
    };
    let flag = |package: &Value, key: &str| package.get(key).and_then(Value::as_bool).unwrap_or(false);
    let mut with_scripts = Vec::new();
    for (place, package) in packages.iter().filter(|(place, _)| !place.is_empty()) {
        let resolved = package.get("resolved").and_then(Value::as_str).unwrap_or_default();
        if flag(package, "link") || is_local(resolved) || !place.starts_with("node_modules/") {
            return needs.beyond(format!("{name} takes a package from `{place}`"));
        }
        let own = place.rsplit("node_modules/").next().unwrap_or(place);
        if flag(package, "hasInstallScript") && runs_on_linux(package) && !HARMLESS.contains(&own) {
            with_scripts.push(own);
        }
    }
    if let (true, Some(first)) = (runs_scripts, with_scripts.first()) {
        let more = with_scripts.len() - 1;
        let (others, runs) = match more {
            0 => (String::new(), "runs"),
            1 => (" and another package".to_owned(), "run"),
            _ => (format!(" and {more} other packages"), "run"),
        };
        let which = if more == 0 { "a script that" } else { "scripts that" };
        needs.doubt(format!("`{first}`{others} {runs} {which} may look at your sources"));
    }
    needs
}

/// Whether the package is installed on Linux at all.
fn runs_on_linux(package: &Value) -> bool {
    let Some(list) = package.get("os").and_then(Value::as_array) else { return true };
    let names: Vec<&str> = list.iter().filter_map(Value::as_str).collect();
    names.contains(&"linux") || (names.iter().all(|n| n.starts_with('!')) && !names.contains(&"!linux"))
}

/// Whether a version names a place in the project (npm's package-spec: `file:`, or a path; Yarn adds
/// `link:`, `portal:`, `workspace:` and `patch:`).
pub(super) fn is_local(version: &str) -> bool {
    let prefixes = ["file:", "link:", "portal:", "workspace:", "patch:", "exec:", "./", "../", "/", "~/", ".\\"];
    let archive = [".tgz", ".tar.gz", ".tar"].iter().any(|e| version.ends_with(e)) && !version.contains("://");
    prefixes.iter().any(|p| version.starts_with(p)) || archive || version == "." || version == ".."
}

/// The first text, at any depth, that names a place in the project.
fn local_text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => is_local(text).then(|| text.clone()),
        Value::Array(list) => list.iter().find_map(local_text),
        Value::Object(object) => object.values().find_map(local_text),
        _ => None,
    }
}
