//! The apps of `testdata/apps`, before and after `--fix`.

use crate::engine::{Engine, failed};
use crate::equivalence::{Pair, Verdict, in_parallel, list};
use crate::support::document::root;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;
use tempfile::TempDir;

/// A small project, whose Dockerfile says in its first comment what it is meant to catch.
#[derive(Clone, Debug)]
pub struct App {
    pub name: String,
    folder: PathBuf,
}

/// All apps, by name.
pub fn all() -> Vec<App> {
    let folder = root().join("testdata/apps");
    let paths =
        fs::read_dir(&folder).expect("the folder of the apps is there").map(|e| e.expect("it can be read").path());
    let name = |path: &Path| path.file_name().expect("an app has a name").to_string_lossy().into_owned();
    let mut apps: Vec<App> =
        paths.filter(|path| path.is_dir()).map(|folder| App { name: name(&folder), folder }).collect();
    apps.sort_by(|a, b| a.name.cmp(&b.name));
    apps
}

impl App {
    /// A copy of the app in a folder of its own.
    pub fn copy(&self) -> TempDir {
        let copy = tempfile::Builder::new().prefix("layerwise-").tempdir().expect("a temporary folder can be made");
        copy_folder(&self.folder, copy.path());
        copy
    }

    /// The Dockerfile as it is.
    pub fn text(&self) -> String {
        fs::read_to_string(self.folder.join("Dockerfile")).expect("an app has a Dockerfile")
    }
}

fn copy_folder(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("a folder can be made");
    for entry in fs::read_dir(from).expect("an app can be read") {
        let path = entry.expect("an app can be read").path();
        let to = to.join(path.file_name().expect("a file has a name"));
        let kind = path.symlink_metadata().expect("a file has a kind").file_type();
        if kind.is_symlink() {
            let target = fs::read_link(&path).expect("a link has a target");
            std::os::unix::fs::symlink(target, to).expect("a link can be made");
        } else if kind.is_dir() {
            copy_folder(&path, &to);
        } else {
            fs::copy(&path, &to).expect("a file can be copied");
        }
    }
}

/// Runs the program on the Dockerfile in `folder`; gives what it prints on both streams.
pub fn layerwise(folder: &Path, arguments: &[&str]) -> (String, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_layerwise"));
    let output = command
        .arg("Dockerfile")
        .args(arguments)
        .args(["--no-fail", "--no-config", "--shellcheck", "off"])
        .current_dir(folder)
        .output();
    let output = output.expect("the program starts");
    assert!(output.status.success(), "layerwise {arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("the program prints text");
    (text(output.stdout), text(output.stderr))
}

#[test]
fn every_app_says_what_it_is_meant_to_catch() {
    for app in all() {
        let first = app.text().lines().find(|l| !l.starts_with("# escape=")).unwrap_or_default().to_owned();
        assert!(first.starts_with("# ") && first.trim_end().ends_with('.'), "{}: {first}", app.name);
    }
}

#[test]
#[ignore = "needs a Docker engine: tests/engine/setup.sh"]
fn safe_fixes_change_no_app() {
    let (engine, start) = (Engine::get(), Instant::now());
    let apps = all();
    let results = in_parallel(&apps, |app| {
        let (start, folder, before) = (Instant::now(), app.copy(), app.text());
        layerwise(folder.path(), &["--fix"]);
        let place = folder.path().join("Dockerfile");
        let after = fs::read_to_string(&place).expect("the program leaves a Dockerfile");
        // A copy of the Dockerfile in the image differs as it should; nothing else may.
        fs::write(&place, &before).expect("a file can be written");
        let pair = Pair { before: &before, after: &after, contexts: [folder.path(); 2], images: &[] };
        let verdict = pair.verdict(engine);
        let (ok, what) = match &verdict {
            Verdict::Same { noise: 0 } => (true, "the same".to_owned()),
            Verdict::Same { noise } => (true, format!("the same ({noise} facts of noise)")),
            Verdict::Different { stage, found } => (false, format!("DIFFERENT in stage {stage}\n{}", list(found))),
            Verdict::Broken(said) => (false, format!("BROKEN by the fix\n{said}")),
            Verdict::NotBuildable(said) => (false, format!("NOT BUILDABLE\n{said}")),
        };
        let changed = before != after;
        let note = if changed { "fixed" } else { "left as it is" };
        println!("  {}: {note}, {what} ({:.0} s)", app.name, start.elapsed().as_secs_f32());
        if !ok {
            failed();
        }
        let noise = if let Verdict::Same { noise } = verdict { noise } else { 0 };
        (ok, changed, noise)
    });
    let count = |is: fn(&(bool, bool, usize)) -> bool| results.iter().filter(|r| is(r)).count();
    let (same, changed, noisy) = (count(|r| r.0), count(|r| r.1), count(|r| r.2 > 0));
    println!(
        "apps {same}/{} the same, {changed} changed by the fix; noise in {noisy}, at most {} facts; {:.0} s",
        apps.len(),
        results.iter().map(|r| r.2).max().unwrap_or_default(),
        start.elapsed().as_secs_f32()
    );
    assert_eq!(same, apps.len());
    assert!(apps.len() >= 40 && changed >= 30, "too few apps are changed to prove anything");
}
