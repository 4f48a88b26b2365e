//! `layerwise cache diff` on repositories that nobody vouches for: links, ignored files, names that mean two things.

#[path = "support/ran.rs"]
mod ran;
#[path = "support/repository.rs"]
mod repository;

use ran::{put, run};
use repository::{Repository, git};
use std::fs;
use std::path::Path;

const APP: &str = "FROM alpine\nCOPY . /a\nRUN make\n";

/// Exit code, output and messages of `cache diff`.
fn diff(folder: &Path, options: &[&str]) -> (i32, String, String) {
    let ran = run(folder, &[&["cache", "diff"], options].concat(), "");
    (ran.code, ran.out, ran.err)
}

#[track_caller]
fn all_cached(folder: &Path, options: &[&str]) {
    assert_eq!(diff(folder, options), (0, "every step is cached\n".to_owned(), String::new()), "{options:?}");
}

/// Each step that runs again, without the summary.
#[track_caller]
fn reruns(folder: &Path, options: &[&str], want: &[&str]) {
    let (code, out, err) = diff(folder, options);
    let lines: Vec<&str> = out.lines().collect();
    assert_eq!((code, &lines[..lines.len().saturating_sub(1)]), (0, want), "{options:?}: {out}{err}");
}

fn commit_all(folder: &Path) {
    git(folder, &["add", "-A"], "");
    git(folder, &["commit", "-qm", "c"], "");
}

#[test]
#[cfg(unix)]
fn a_linked_dockerfile_of_a_revision_is_the_file_it_leads_to() {
    use std::os::unix::fs::symlink;
    let mut history = Repository::new();
    history.commit(&[
        ("app/docker/Dockerfile", APP),
        ("app/docker/ignore", "*.log\n"),
        ("app/s.js", "1"),
        ("top", APP),
    ]);
    let repository = history.finish();
    let app = repository.path().join("app");
    symlink("docker/Dockerfile", app.join("Dockerfile")).unwrap();
    symlink("docker/ignore", app.join(".dockerignore")).unwrap();
    symlink("docker", app.join("linked")).unwrap();
    symlink("../top", app.join("above")).unwrap();
    symlink("../../outside", app.join("outside")).unwrap();
    symlink("/etc/hostname", app.join("absolute")).unwrap();
    symlink("round", app.join("round")).unwrap();
    fs::write(app.join("x.log"), "1").unwrap();
    commit_all(repository.path());
    fs::write(app.join("s.js"), "2").unwrap();
    fs::write(app.join("x.log"), "2").unwrap();
    commit_all(repository.path());

    let changed = ["   2  COPY . /a", "      `s.js` changed", "   3  RUN make", "      below line 2"];
    for file in ["Dockerfile", "linked/Dockerfile", "above", "../top", "./Dockerfile"] {
        reruns(&app, &["--before", "HEAD~1", "--after", "HEAD", "--file", file], &changed);
        reruns(&app, &["--before", "HEAD~1", "--after", ".", "--file", file], &changed);
        all_cached(&app, &["--before", "HEAD", "--after", ".", "--file", file]);
    }
    for file in ["outside", "absolute", "round"] {
        let (code, out, err) = diff(&app, &["--before", "HEAD", "--after", "HEAD", "--file", file]);
        assert_eq!((code, out.as_str()), (2, ""), "{file}");
        assert!(err.contains(&format!("{file} is a link that leads out of the revision")), "{err}");
    }
    let (code, _, err) = diff(&app, &["--before", "HEAD", "--after", "HEAD", "--file", "docker"]);
    assert!(code == 2 && err.contains("the revision `HEAD` has no docker"), "{err}");
}

#[test]
#[cfg(unix)]
fn a_linked_ignore_file_shows_nothing_of_what_lies_outside() {
    use std::os::unix::fs::symlink;
    let mut history = Repository::new();
    history.commit(&[("app/Dockerfile", APP), ("secret", "password=[secret\n")]);
    let repository = history.finish();
    let app = repository.path().join("app");
    symlink("../secret", app.join(".dockerignore")).unwrap();
    commit_all(repository.path());
    for (before, after) in [(".", "."), ("HEAD", "HEAD"), ("HEAD", ".")] {
        let (code, out, err) = diff(&app, &["--before", before, "--after", after]);
        assert_eq!((code, out.as_str()), (2, ""));
        assert!(err.contains(".dockerignore can't be used") && !err.contains("password"), "{err}");
    }
}

#[test]
fn a_name_that_is_both_a_folder_and_a_revision_is_refused() {
    let mut history = Repository::new();
    history.commit(&[("Dockerfile", APP), ("origin/main/Dockerfile", APP), ("old/Dockerfile", APP)]);
    let repository = history.finish();
    let here = repository.path();
    git(here, &["update-ref", "refs/remotes/origin/main", "HEAD"], "");
    for options in [
        &["--before", "origin/main"][..],
        &["--before", "HEAD", "--after", "origin/main"],
        &["--before", "origin/main", "--after", "HEAD", "--fail-if-costlier"],
    ] {
        let (code, out, err) = diff(here, options);
        assert_eq!((code, out.as_str()), (2, ""), "{options:?}");
        assert!(err.contains("`origin/main` is both a folder and a Git revision"), "{err}");
        assert!(err.contains("`./origin/main`") && err.contains("`origin/main~0`"), "{err}");
    }
    all_cached(here, &["--before", "origin/main~0"]);
    for folder in ["old", "./origin/main", "origin/../old"] {
        all_cached(here, &["--before", folder, "--after", folder]);
    }
    let inside = here.join("old");
    all_cached(&inside, &["--before", "../origin/main", "--after", "."]);
    let whole = inside.display().to_string();
    all_cached(here, &["--before", &whole, "--after", "./old"]);
}

#[test]
fn what_is_ignored_is_not_read_from_a_revision() {
    let mut history = Repository::new();
    let ignore = "assets/*\n.dockerignore\n";
    let large = "0".repeat(1000);
    history.commit(&[("Dockerfile", APP), (".dockerignore", ignore), ("assets/a", &large), ("s.js", "1")]);
    history.commit(&[("assets/a", "2")]);
    let repository = history.finish();
    let partial = tempfile::tempdir().unwrap();
    git(repository.path(), &["config", "uploadpack.allowFilter", "true"], "");
    let url = format!("file://{}", repository.path().display());
    git(partial.path(), &["clone", "-q", "--filter=blob:none", &url, "clone"], "");
    let clone = partial.path().join("clone");
    for (before, after) in [("HEAD~1", "HEAD"), ("HEAD~1", "."), ("HEAD", ".")] {
        all_cached(&clone, &["--before", before, "--after", after]);
        all_cached(repository.path(), &["--before", before, "--after", after]);
    }

    // What a build would get has to be there when it is compared with a folder, and the reason has to be told.
    fs::write(clone.join("s.js"), "first").unwrap();
    commit_all(&clone);
    fs::write(clone.join("s.js"), "second").unwrap();
    commit_all(&clone);
    let id = String::from_utf8(
        std::process::Command::new("git")
            .arg("-C")
            .arg(&clone)
            .args(["rev-parse", "HEAD~1:s.js"])
            .output()
            .unwrap()
            .stdout,
    )
    .unwrap();
    fs::remove_file(clone.join(".git/objects").join(&id[..2]).join(id[2..].trim())).unwrap();
    let changed = ["   2  COPY . /a", "      `s.js` changed", "   3  RUN make", "      below line 2"];
    reruns(&clone, &["--before", "HEAD~1", "--after", "HEAD"], &changed);
    let (code, out, err) = diff(&clone, &["--before", "HEAD~1"]);
    assert_eq!((code, out.as_str()), (2, ""));
    assert!(err.contains("the files of the revision `HEAD~1` can't be read") && err.contains("is missing"), "{err}");
    assert!(!err.contains("no folder"), "{err}");
}

#[test]
fn a_folder_with_nothing_but_ignored_files_is_no_difference_to_git() {
    let mut history = Repository::new();
    history.commit(&[("Dockerfile", APP), (".dockerignore", "assets/*\n"), ("assets/a", "1")]);
    let repository = history.finish();
    all_cached(repository.path(), &["--before", "HEAD"]);
    put(&repository, "assets/b", "2");
    all_cached(repository.path(), &["--before", "HEAD"]);
}

#[test]
#[cfg(unix)]
fn a_linked_dockerfile_that_nobody_named_shows_nothing_of_what_lies_outside() {
    use std::os::unix::fs::symlink;
    let outside = ran::folder(&[("secret", "FROM secret-base:1\nRUN echo hunter2\n")]);
    let dir = ran::folder(&[("b/Dockerfile", APP), ("b/Makefile", "")]);
    for folder in [dir.path(), &dir.path().join("a")] {
        fs::create_dir_all(folder).expect("a folder can be made");
        symlink(outside.path().join("secret"), folder.join("Dockerfile")).expect("a link can be made");
    }
    for args in [&["cache"][..], &["cache", "diff", "--before", "b", "--after", "a"]] {
        let ran = run(dir.path(), args, "");
        assert_eq!((ran.code, ran.out.as_str()), (2, ""), "{args:?}");
        assert!(ran.err.contains("is a link out of the repository") && !ran.err.contains("secret-base"), "{}", ran.err);
    }
    let ran = run(dir.path(), &["cache", "./Dockerfile"], "");
    assert!(ran.code == 0 && ran.out.contains("hunter2"), "who names it has it read: {}", ran.err);
}

#[test]
fn a_target_that_is_no_stage_is_refused() {
    let dir = ran::folder(&[("a/Dockerfile", "FROM alpine AS x\nRUN make\n"), ("b/Dockerfile", APP)]);
    for args in [
        &["cache", "a/Dockerfile", "--target", "y"][..],
        &["cache", "diff", "--before", "a", "--after", "b", "--target", "x", "--fail-if-costlier"],
    ] {
        let ran = run(dir.path(), args, "");
        assert_eq!((ran.code, ran.out.as_str()), (2, ""), "{args:?}");
        assert!(ran.err.contains("there is no stage `"), "{}", ran.err);
    }
    for target in ["x", "X", "0"] {
        assert_eq!(run(dir.path(), &["cache", "a/Dockerfile", "--target", target], "").code, 0, "{target}");
    }
}
