//! How long builds take in the order that people write, and after `--fix`; and whether the estimate of
//! `layerwise cache --timings` agrees with the clock.

use crate::apps::layerwise;
use crate::engine::{Builder, Engine};
use crate::support::repository::Repository;
use serde_json::Value;
use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::Instant;

/// How often each build is timed; the middle one counts.
const RUNS: usize = 5;

/// Commits that change a source file, after the one that adds all. The more there are, the less that one weighs.
const EDITS: usize = 100;

struct App {
    name: &'static str,
    dockerfile: &'static str,
    files: &'static [(&'static str, &'static str)],
    /// The file that each commit changes.
    source: &'static str,
    /// The image and the command that write a lock file beside the manifest.
    lock: Option<(&'static str, &'static [&'static str], &'static str)>,
}

const APPS: [App; 2] = [
    App {
        name: "node",
        dockerfile: "FROM node:20\nWORKDIR /app\nCOPY . .\nRUN npm ci\nRUN npm run build\n\
                     ENV NODE_ENV=production\nEXPOSE 3000\nCMD [\"node\", \"dist/server.js\"]\n",
        files: &[
            (".dockerignore", "Dockerfile\n.dockerignore\n.git\nnode_modules\n"),
            (
                "package.json",
                r#"{"name": "shop", "version": "1.0.0", "private": true,
                    "scripts": {"build": "mkdir -p dist && cp server.js dist/"},
                    "dependencies": {"express": "4.21.2", "lodash": "4.17.21", "axios": "1.7.9", "moment": "2.30.1"}}"#,
            ),
        ],
        source: "server.js",
        lock: Some(("node:20", &["npm", "install", "--package-lock-only", "--no-audit"], "package-lock.json")),
    },
    App {
        name: "python",
        dockerfile: "FROM python:3.11\nWORKDIR /app\nCOPY . .\nRUN pip install --no-cache-dir -r requirements.txt\n\
                     RUN python -m compileall -q shop.py\nENV PYTHONUNBUFFERED=1\nEXPOSE 8000\n\
                     CMD [\"python\", \"shop.py\"]\n",
        files: &[
            (".dockerignore", "Dockerfile\n.dockerignore\n.git\n"),
            ("requirements.txt", "flask==3.0.3\nrequests==2.32.3\nsqlalchemy==2.0.36\npydantic==2.10.3\n"),
        ],
        source: "shop.py",
        lock: None,
    },
];

/// A line of source that no build has seen; a comment in neither language, but a value in both.
fn line(number: usize) -> String {
    static SERIAL: std::sync::atomic::AtomicUsize = std::sync::atomic::AtomicUsize::new(0);
    let serial = SERIAL.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
    format!("price = {number} + {} + {serial}\n", std::process::id())
}

fn repository(app: &App, engine: &Engine) -> tempfile::TempDir {
    let mut files: Vec<(&str, &str)> = app.files.to_vec();
    files.push(("Dockerfile", app.dockerfile));
    let lock = app.lock.map(|(image, command, name)| (name, made(engine, &files, image, command, name)));
    if let Some((name, text)) = &lock {
        files.push((name, text));
    }
    let first = line(0);
    files.push((app.source, &first));
    let mut repository = Repository::new();
    repository.commit(&files);
    (1..=EDITS).for_each(|n| repository.commit(&[(app.source, &line(n))]));
    repository.finish()
}

/// The file `name` that `command` writes in a container of `image`, in a folder with `files`.
fn made(engine: &Engine, files: &[(&str, &str)], image: &str, command: &[&str], name: &str) -> String {
    let folder = tempfile::Builder::new().prefix("layerwise-").tempdir().expect("a temporary folder can be made");
    files.iter().for_each(|(name, text)| fs::write(folder.path().join(name), text).expect("a file can be written"));
    let mount = format!("{}:/work", folder.path().display());
    let mut arguments = vec!["run", "--rm", "--network", "host", "-v", &mount, "-w", "/work", image];
    arguments.extend(command);
    engine.ask(&arguments).expect("the lock file is made");
    fs::read_to_string(folder.path().join(name)).expect("the lock file is there")
}

/// Builds, and gives the seconds and the log.
fn build(engine: &Engine, folder: &Path, options: &[&str]) -> (f64, String) {
    let start = Instant::now();
    let output = engine.build(Builder::BuildKit).args(options).arg(folder).output().expect("the client runs");
    let seconds = start.elapsed().as_secs_f64();
    let log = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success(), "{log}");
    (seconds, log)
}

/// The middle one by time.
fn median(mut builds: Vec<(f64, String)>) -> (f64, String) {
    builds.sort_by(|a, b| f64::total_cmp(&a.0, &b.0));
    builds.swap_remove(builds.len() / 2)
}

struct Times {
    full: f64,
    rebuild: f64,
    /// What `layerwise cache --timings` expects a commit to cost, from the log of a full build.
    expected: f64,
}

/// The times of both orders, by turns: what else the machine does is then the same for both.
fn time(engine: &Engine, app: &App, folders: [&Path; 2]) -> [Times; 2] {
    let by_turns = |one: &dyn Fn(&Path) -> (f64, String)| {
        let mut builds = [Vec::new(), Vec::new()];
        for _ in 0..RUNS {
            folders.iter().zip(&mut builds).for_each(|(folder, builds)| builds.push(one(folder)));
        }
        builds.map(median)
    };
    let full = by_turns(&|folder| build(engine, folder, &["--no-cache"]));
    let edited = |folder: &Path| {
        fs::write(folder.join(app.source), line(0)).expect("a file can be written");
        build(engine, folder, &[])
    };
    folders.iter().for_each(|folder| drop(edited(folder)));
    let rebuild = by_turns(&edited);
    [0, 1].map(|at| Times { full: full[at].0, rebuild: rebuild[at].0, expected: expected(folders[at], &full[at].1) })
}

fn expected(folder: &Path, log: &str) -> f64 {
    let place = tempfile::NamedTempFile::new().expect("a temporary file can be made");
    fs::write(place.path(), log).expect("a file can be written");
    let mut command = Command::new(env!("CARGO_BIN_EXE_layerwise"));
    command.current_dir(folder).args(["cache", "--format", "json", "--timings"]).arg(place.path());
    let output = command.output().expect("the program starts");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let report: Value = serde_json::from_slice(&output.stdout).expect("the program prints JSON");
    report["before"]["expected"].as_f64().expect("a number of seconds")
}

#[test]
#[ignore = "needs a Docker engine: tests/engine/setup.sh"]
fn rebuilds_are_faster_after_the_fix_and_the_estimate_agrees_with_the_clock() {
    let engine = Engine::get();
    for app in &APPS {
        let folders = [repository(app, engine), repository(app, engine)];
        layerwise(folders[1].path(), &["--fix"]);
        let text = fs::read_to_string(folders[1].path().join("Dockerfile")).expect("there is a Dockerfile");
        assert_ne!(text, app.dockerfile, "{}: nothing was fixed", app.name);
        let [before, after] = time(engine, app, [folders[0].path(), folders[1].path()]);
        println!(
            "{}: full build {:.1} s, after the fix {:.1} s; rebuild {:.1} s, after the fix {:.1} s: {:.1} times as fast",
            app.name,
            before.full,
            after.full,
            before.rebuild,
            after.rebuild,
            before.rebuild / after.rebuild
        );
        for (order, times) in [("as written", &before), ("fixed", &after)] {
            let Times { rebuild, expected, .. } = times;
            println!("{}, {order}: {expected:.1} s expected of a commit, {rebuild:.1} s measured", app.name);
            // A build takes a while beside its steps: the client starts, the context is sent, the image is written.
            assert!((rebuild - expected).abs() <= f64::max(1.5, rebuild * 0.4), "the estimate is off");
        }
        assert!(after.rebuild * 1.5 < before.rebuild, "the fix saves too little");
    }
}
