//! `layerwise cache` and `cache replay` on repositories with a history: what the commits would have
//! rebuilt, before and after `--fix`.

mod support;

use assert_cmd::Command;
use serde_json::Value;
use std::fs;
use std::path::Path;
use std::time::Instant;
use support::repository::{Repository, git};

fn run(folder: &Path, args: &[&str]) -> (i32, String, String) {
    let output = Command::cargo_bin("layerwise").expect("the program is built").current_dir(folder).args(args).output();
    let output = output.expect("the program starts");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("the program prints text");
    (output.status.code().unwrap_or(-1), text(output.stdout), text(output.stderr))
}

fn json(folder: &Path, args: &[&str]) -> Value {
    let (code, out, err) = run(folder, args);
    assert_eq!(code, 0, "{args:?}: {err}");
    serde_json::from_str(&out).expect("it prints JSON")
}

/// A text that differs for each `n`.
fn text(kind: &str, n: usize) -> String {
    format!("// {kind} {n}\n")
}

const LOCK: &str = r#"{"name":"shop","version":"1.0.0","lockfileVersion":3,"requires":true,"packages":{"":{"name":"shop","version":"1.0.0"}}}"#;

/// 61 commits: most change sources, some the manifests, the readme, or the Dockerfile.
fn project(
    dockerfile: &str,
    manifests: &dyn Fn(usize) -> Vec<(&'static str, String)>,
    ignore: &str,
) -> tempfile::TempDir {
    let mut repository = Repository::new();
    let file = |n: usize| format!("{dockerfile}# {n}\n");
    let mut first = manifests(0);
    first.push(("Dockerfile", file(0)));
    first.push((".dockerignore", ignore.to_owned()));
    first.push(("src/main", text("source", 0)));
    let borrowed = |list: &[(&'static str, String)]| list.to_vec();
    let mut commit = |list: Vec<(&'static str, String)>| {
        let list = borrowed(&list);
        let files: Vec<(&str, &str)> = list.iter().map(|(p, t)| (*p, t.as_str())).collect();
        repository.commit(&files);
    };
    commit(first);
    for n in 1..=60 {
        let files = match n {
            n if n % 15 == 0 => manifests(n),
            n if n % 20 == 7 => vec![("Dockerfile", file(n))],
            n if n % 10 == 3 => vec![("README.md", text("readme", n))],
            n if n % 2 == 0 => vec![("src/main", text("source", n)), ("src/part", text("part", n))],
            n => vec![("src/main", text("source", n))],
        };
        commit(files);
    }
    repository.finish()
}

fn node(dockerfile: &str) -> tempfile::TempDir {
    let manifests = |n: usize| {
        let package = format!(r#"{{"name":"shop","version":"1.0.{n}","scripts":{{"start":"node src/main"}}}}"#);
        vec![("package.json", package), ("package-lock.json", LOCK.replace("1.0.0", &format!("1.0.{n}")))]
    };
    project(dockerfile, &manifests, ".git\n**/node_modules\nDockerfile\n.dockerignore\n")
}

fn python(dockerfile: &str) -> tempfile::TempDir {
    let manifests = |n: usize| vec![("requirements.txt", format!("flask==3.0.{n}\n"))];
    project(dockerfile, &manifests, ".git\n__pycache__\nDockerfile\n.dockerignore\n")
}

const NODE: &str = "FROM node:20\nWORKDIR /app\nCOPY . .\nRUN npm ci\nCMD [\"npm\", \"start\"]\n";
const PYTHON: &str = "FROM python:3.12-slim\nWORKDIR /app\nCOPY . .\n\
    RUN apt-get update && apt-get install -y --no-install-recommends libpq5\n\
    RUN pip install -r requirements.txt\nCMD [\"python\", \"src/main\"]\n";

/// The seconds that the commits cost with the file as it is, and after `--fix`.
fn replayed(folder: &Path) -> (f64, f64, Value) {
    let report = json(folder, &["cache", "replay", "--format", "json"]);
    let before = report["versions"][0]["seconds"].as_f64().expect("seconds are a number");
    let (code, _, err) = run(folder, &["--fix", "--no-fail", "Dockerfile"]);
    assert_eq!(code, 0, "{err}");
    let fixed = json(folder, &["cache", "replay", "--format", "json"]);
    let after = fixed["versions"][0]["seconds"].as_f64().expect("seconds are a number");
    let planned = report["versions"][1]["seconds"].as_f64().expect("seconds are a number");
    assert!((planned - after).abs() < 1e-6, "the report says {planned}, the fixed file costs {after}");
    (before, after, report)
}

#[test]
fn the_commits_of_a_node_app_rebuild_less_after_the_fix() {
    let folder = node(NODE);
    let (before, after, report) = replayed(folder.path());
    assert_eq!(report["commits"], 60);
    let fixed = fs::read_to_string(folder.path().join("Dockerfile")).unwrap();
    assert!(fixed.contains("COPY package.json package-lock.json ./\nRUN npm ci\n"), "{fixed}");
    assert!(fixed.find("RUN npm ci") < fixed.find("COPY . ."), "{fixed}");
    let cut = 1.0 - after / before;
    eprintln!("node: {before:.0} s -> {after:.0} s over 60 commits, {:.0} % less", cut * 100.0);
    assert!(cut > 0.5, "{before} -> {after}");
    // 4 commits change the manifests; the three that change the Dockerfile and no others send nothing.
    let npm = report["versions"][1]["steps"].as_array().unwrap().iter();
    let npm = npm.filter(|s| s["instruction"] == "RUN npm ci").map(|s| s["runs"].as_u64().unwrap()).sum::<u64>();
    assert_eq!(npm, 4);
    assert_eq!(report["versions"][0]["steps"][2]["runs"], 57);
}

#[test]
fn the_commits_of_a_python_app_rebuild_less_after_the_fix() {
    let folder = python(PYTHON);
    let (before, after, _) = replayed(folder.path());
    let fixed = fs::read_to_string(folder.path().join("Dockerfile")).unwrap();
    let cut = 1.0 - after / before;
    eprintln!("python: {before:.0} s -> {after:.0} s over 60 commits, {:.0} % less\n{fixed}", cut * 100.0);
    assert!(cut > 0.5, "{before} -> {after}\n{fixed}");
}

#[test]
fn the_table_counts_commits_and_says_what_changed() {
    let folder = node(NODE);
    let report = json(folder.path(), &["cache", "--format", "json"]);
    assert_eq!(report["commits"], 60);
    let steps = report["before"]["stages"][0]["steps"].as_array().unwrap();
    let npm = steps.iter().find(|s| s["instruction"] == "RUN npm ci").unwrap();
    assert_eq!((npm["runs"].as_u64(), npm["cause"]["line"].as_u64()), (Some(57), Some(3)));
    assert_eq!(npm["cause"]["paths"][0][0], "src/main");
    assert_eq!(npm["layer"], true);
    let cmd = steps.iter().find(|s| s["instruction"].as_str().unwrap().starts_with("CMD")).unwrap();
    assert_eq!((cmd["layer"].as_bool(), cmd["seconds"].as_f64()), (Some(false), Some(0.0)));
    let (before, after) = (&report["before"]["expected"], &report["planned"]["expected"]);
    assert!(after.as_f64() < before.as_f64().map(|b| b / 2.0), "{before} -> {after}");

    let (code, out, _) = run(folder.path(), &["cache"]);
    assert_eq!(code, 0);
    for part in ["last 60 commits", "RUN npm ci", "its files: src/main (", "with `layerwise --fix` (LW10"] {
        assert!(out.contains(part), "{part} in\n{out}");
    }
    let (_, few, _) = run(folder.path(), &["cache", "--history", "5"]);
    assert!(few.contains("assumed") && few.contains("fewer than 10"), "{few}");
    let (_, none, _) = run(folder.path(), &["cache", "--history", "0"]);
    assert!(none.contains("assumed"), "{none}");
}

#[test]
fn recorded_seconds_take_the_place_of_estimates() {
    let folder = node(NODE);
    let log = "#5 [2/4] WORKDIR /app\n#5 DONE 0.1s\n\n#6 [3/4] COPY . .\n#6 DONE 0.4s\n\n#7 [4/4] RUN npm ci\n#7 DONE 123.4s\n";
    fs::write(folder.path().join("build.log"), log).unwrap();
    let report = json(folder.path(), &["cache", "--format", "json", "--timings", "build.log"]);
    let steps = report["before"]["stages"][0]["steps"].as_array().unwrap();
    let npm = steps.iter().find(|s| s["instruction"] == "RUN npm ci").unwrap();
    assert_eq!((npm["seconds"].as_f64(), npm["recorded"].as_bool()), (Some(123.4), Some(true)));
    let after: f64 = report["planned"]["expected"].as_f64().unwrap();
    assert!(after < 12.0, "4 of 60 commits run npm ci after the fix: {after}");
    let (_, out, _) = run(folder.path(), &["cache", "--timings", "build.log"]);
    assert!(out.contains("measured with --timings"), "{out}");
    fs::write(folder.path().join("build.log"), "nothing of the kind\n").unwrap();
    assert_eq!(run(folder.path(), &["cache", "--timings", "build.log"]).0, 2);
}

#[test]
fn a_finding_quotes_what_the_commits_cost() {
    let folder = python(PYTHON);
    let (code, out, _) = run(folder.path(), &["check", "Dockerfile", "--select", "LW105"]);
    assert_eq!(code, 1);
    assert!(out.contains("it runs again in 95 % of the last 60 commits, about 25 s each time"), "{out}");
    let (_, without, _) = run(folder.path(), &["check", "Dockerfile", "--select", "LW105", "--history", "0"]);
    assert!(without.contains("each change to those files costs about 25 s"), "{without}");
}

#[test]
fn a_file_of_its_own_is_copied_first_where_the_commits_say_that_it_pays() {
    let lines = |last: &str| format!("FROM debian:bookworm\nWORKDIR /app\n{last}");
    let install = "RUN apt-get update && apt-get install -y pandoc && cp README.md /etc/motd\n";
    let folder = python(&lines(&format!("COPY . .\n{install}")));
    let (code, out, _) = run(folder.path(), &["check", "Dockerfile", "--select", "LW108"]);
    assert_eq!(code, 1);
    assert!(out.contains("it runs again in 95 % of the last 60 commits, about 25 s each time"), "{out}");
    run(folder.path(), &["Dockerfile", "--select", "LW108", "--fix"]);
    let fixed = fs::read_to_string(folder.path().join("Dockerfile")).unwrap();
    let want = lines(&format!("COPY README.md ./\n{install}COPY . .\n"));
    assert!(fixed.starts_with(&want), "{fixed}");
    assert_eq!(run(folder.path(), &["check", "Dockerfile", "--select", "LW108"]).0, 0);
    // What changes as often as all of it is no help.
    let often = install.replace("README.md /etc/motd", "src/main README.md requirements.txt /etc/");
    let folder = python(&lines(&format!("COPY . .\n{often}")));
    assert_eq!(run(folder.path(), &["check", "Dockerfile", "--select", "LW108"]).0, 0);
}

#[test]
fn a_costlier_dockerfile_fails_the_gate() {
    let folder = node("FROM node:20\nWORKDIR /app\nCOPY package*.json ./\nRUN npm ci\nCOPY . .\n");
    let gate = |options: &[&str]| {
        run(folder.path(), &[&["cache", "diff", "--before", "HEAD", "--fail-if-costlier"], options].concat())
    };
    let (code, out, _) = gate(&[]);
    assert_eq!(code, 0, "{out}");
    assert!(out.contains("every step is cached") && out.contains("no costlier"), "{out}");
    fs::write(folder.path().join("Dockerfile"), NODE).unwrap();
    let (code, out, _) = gate(&[]);
    assert_eq!(code, 1, "{out}");
    assert!(out.contains("costlier (churn of the last 60 commits"), "{out}");
    let (code, out, _) = gate(&["--format", "json"]);
    let report: Value = serde_json::from_str(&out).unwrap();
    assert_eq!((code, report["per_commit"]["commits"].as_u64()), (1, Some(60)));
    let (code, ..) = run(folder.path(), &["cache", "diff", "--before", "HEAD"]);
    assert_eq!(code, 0, "without the option it only tells");
}

#[test]
fn the_page_needs_nothing_else_and_shows_markup_as_text() {
    let folder = node("FROM node:20\nCOPY . /app\nRUN echo '<script>alert(1)</script>' && apt-get update\n");
    let (code, page, _) = run(folder.path(), &["cache", "--format", "html"]);
    assert_eq!(code, 0);
    assert!(page.starts_with("<!doctype html>") && page.trim_end().ends_with("</html>"));
    assert!(page.contains("&lt;script&gt;alert(1)") && !page.contains("<script"), "{page}");
    for outside in ["http://", "https://", "src=", "href=", "url(", "@import"] {
        assert!(!page.contains(outside), "{outside}");
    }
}

#[test]
fn without_a_history_there_is_nothing_to_replay() {
    let folder = tempfile::Builder::new().prefix("shop").tempdir().unwrap();
    fs::write(folder.path().join("Dockerfile"), NODE).unwrap();
    fs::write(folder.path().join("package.json"), "{}").unwrap();
    let (code, _, err) = run(folder.path(), &["cache", "replay"]);
    assert_eq!(code, 2);
    assert!(err.contains("no history to replay"), "{err}");
    let (code, out, _) = run(folder.path(), &["cache"]);
    assert_eq!(code, 0);
    assert!(out.contains("no Git repository"), "{out}");
}

#[test]
fn a_shallow_clone_says_what_it_lacks() {
    let whole = node(NODE);
    let folder = tempfile::Builder::new().prefix("shop").tempdir().unwrap();
    let url = format!("file://{}", whole.path().display());
    for (depth, is_short) in [("1", true), ("5", true), ("30", false)] {
        git(folder.path(), &["clone", "-q", "--depth", depth, &url, depth], "");
        let clone = folder.path().join(depth);
        let (code, out, _) = run(&clone, &["cache"]);
        let why = "the clone holds only its newest commits; fetch more (`fetch-depth: 0`)";
        assert_eq!((code, out.contains(&format!("no history: {why}"))), (0, is_short), "{out}");
    }
    let (code, _, err) = run(&folder.path().join("1"), &["cache", "replay"]);
    assert!(code == 2 && err.contains("the clone holds only its newest commits"), "{err}");
}

#[test]
fn a_git_folder_that_is_no_repository_hides_no_history() {
    let mut repository = Repository::new();
    repository.commit(&[("svc/Dockerfile", NODE), ("svc/package.json", "{}"), ("svc/package-lock.json", LOCK)]);
    (0..30).for_each(|n| repository.commit(&[("svc/src/main", &text("source", n))]));
    let folder = repository.finish();
    let cost = || run(folder.path(), &["cache", "svc/Dockerfile"]).1;
    let before = cost();
    assert!(before.contains("the last 30 commits") && !before.contains("<0.1 s per commit"), "{before}");
    fs::create_dir(folder.path().join("svc/.git")).unwrap();
    assert_eq!(cost(), before);
}

#[test]
#[ignore = "makes 10,000 commits; .ci/run runs it"]
fn a_large_repository_answers_soon() {
    let mut repository = Repository::new();
    let paths: Vec<String> = (0..20_000).map(|n| format!("src/d{}/f{n}.js", n / 50)).collect();
    let mut files: Vec<(&str, &str)> = paths.iter().map(|p| (p.as_str(), "0\n")).collect();
    files.extend([("Dockerfile", NODE), ("package.json", "{}"), ("package-lock.json", LOCK)]);
    repository.commit(&files);
    for n in 0..10_000 {
        let change = n.to_string();
        repository.commit(&[(paths[n * 7 % paths.len()].as_str(), change.as_str())]);
    }
    let folder = repository.finish();
    let start = Instant::now();
    let (code, out, _) = run(folder.path(), &["cache"]);
    let took = start.elapsed();
    eprintln!("10,000 commits, 20,000 files: {:.2} s", took.as_secs_f64());
    assert_eq!(code, 0);
    assert!(out.contains("last 300 commits"), "{out}");
    assert!(took.as_secs_f64() < 2.0, "{took:?}");
}
