//! What is written, and what is said of it when it can't be.

#[path = "support/ran.rs"]
mod ran;

use ran::{put, repository, run};
use std::fs;
use std::path::Path;
use std::process::Command;

const ASKS: &str = "from debian:12\nCOPY . .\nRUN make\n";

fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn lock(path: &Path) {
    let mut permissions = path.metadata().expect("it is there").permissions();
    permissions.set_readonly(true);
    fs::set_permissions(path, permissions).expect("it is ours");
}

const FIX: [&str; 6] = ["--fix", "--unsafe-fixes", "--output", "r.json", "-f", "short"];

#[test]
fn a_dockerfile_that_can_not_be_written_keeps_its_findings_and_gets_no_lines_elsewhere() {
    let dir = repository(&[("Dockerfile", ASKS), ("app.c", ""), ("r.json", "")]);
    let found = run(dir.path(), &["-f", "short"], "");
    assert!(found.out.contains("[LW201]") && found.out.contains("[ConsistentInstructionCasing]"), "{}", found.out);
    lock(&dir.path().join("Dockerfile"));
    let ran = run(dir.path(), &FIX, "");
    assert_eq!((ran.code, ran.out.as_str()), (2, found.out.as_str()), "{}", ran.err);
    assert!(ran.err.starts_with(&found.err), "the summary is that of the file on disk: {}", ran.err);
    assert!(!ran.err.contains("fixed") && !ran.err.contains("added"), "{}", ran.err);
    assert_eq!(read(&dir.path().join("Dockerfile")), ASKS);
    assert!(!dir.path().join(".dockerignore").exists());
    let report = read(&dir.path().join("r.json"));
    assert!(report.contains("LW201") && report.contains("ConsistentInstructionCasing"), "{report}");
}

#[test]
fn lines_that_can_not_be_added_leave_their_findings() {
    let dir = repository(&[("Dockerfile", ASKS), ("app.c", ""), (".dockerignore", "x\n"), ("r.json", "")]);
    lock(&dir.path().join(".dockerignore"));
    let ran = run(dir.path(), &FIX, "");
    assert_eq!(ran.code, 2, "{}", ran.err);
    assert!(ran.err.starts_with("Dockerfile: fixed ConsistentInstructionCasing\n"), "{}", ran.err);
    assert!(ran.out.contains("[LW202]") && !ran.out.contains("[ConsistentInstructionCasing]"), "{}", ran.out);
    assert!(read(&dir.path().join("r.json")).contains("LW202"));
    assert_eq!(read(&dir.path().join(".dockerignore")), "x\n");
    assert!(read(&dir.path().join("Dockerfile")).starts_with("FROM"));
}

#[test]
fn several_dockerfiles_ask_for_lines_in_one_file_and_one_of_them_is_locked() {
    let dir = repository(&[("Dockerfile", ASKS), ("app.c", "")]);
    put(&dir, "Dockerfile.dev", &ASKS.replace("from", "FROM"));
    lock(&dir.path().join("Dockerfile"));
    let ran = run(dir.path(), &["--fix", "--unsafe-fixes", "-f", "short"], "");
    assert_eq!(ran.code, 2, "{}", ran.err);
    assert!(ran.err.contains(".dockerignore: added .git"), "the other one asks for it too: {}", ran.err);
    assert!(read(&dir.path().join(".dockerignore")).contains(".git\n"));
}

#[test]
fn fixes_that_are_left_out_are_not_promised() {
    let doubling: String = (1..30).map(|n| format!("ENV A{n}=${{A{}}}${{A{}}}\n", n - 1, n - 1)).collect();
    let dir =
        repository(&[("Dockerfile", &format!("from debian:12\nENV A0={}\n{doubling}RUN make\n", "x".repeat(64)))]);
    let ran = run(dir.path(), &["Dockerfile", "--diff"], "");
    assert_eq!((ran.code, ran.out.as_str()), (0, ""), "{}", ran.err);
    assert!(
        ran.err.starts_with("Dockerfile: ") && ran.err.contains("left out: the values of the variables"),
        "{}",
        ran.err
    );
    let ran = run(dir.path(), &["Dockerfile", "--fix"], "");
    assert!(ran.out.contains("the fix was not applied: the values of the variables"), "{}", ran.out);
    assert!(!ran.err.contains("--fix mends") && !ran.out.contains("`--fix` does it"), "{}{}", ran.out, ran.err);
}

#[test]
fn a_diff_is_a_patch_for_the_current_folder() {
    let dir = repository(&[("api/Dockerfile", ASKS), ("api/app.c", ""), ("web/Dockerfile", ASKS), ("web/a b.c", "")]);
    put(&dir, "web/.dockerignore", "x\n");
    let whole = dir.path().canonicalize().expect("it is there").join("web/Dockerfile");
    let whole = whole.to_str().expect("it is text");
    let args = ["--diff", "--unsafe-fixes", "--context", "api", "api/Dockerfile"];
    let ran = run(dir.path(), &args, "");
    assert!(ran.out.contains("--- /dev/null\n+++ b/api/.dockerignore\n"), "{}\n{}", ran.out, ran.err);
    assert!(ran.out.contains("--- a/api/Dockerfile\n+++ b/api/Dockerfile\n"), "{}", ran.out);
    let web = run(dir.path(), &["--diff", "--unsafe-fixes", "--context", "web", whole], "");
    assert!(web.out.contains("--- a/web/.dockerignore\n+++ b/web/.dockerignore\n"), "{}", web.out);
    assert!(web.out.contains("--- a/web/Dockerfile\n+++ b/web/Dockerfile\n"), "{}", web.out);
    put(&dir, "all.patch", &(ran.out + &web.out));
    fs::remove_dir(dir.path().join(".git")).expect("it is empty");
    let git =
        |args: &[&str]| Command::new("git").args(args).current_dir(dir.path()).status().expect("git is installed");
    assert!(git(&["init", "-q"]).success());
    assert!(git(&["apply", "all.patch"]).success());
    assert!(read(&dir.path().join("api/.dockerignore")).contains("Dockerfile\n"));
    assert!(read(&dir.path().join("web/.dockerignore")).starts_with("x\n"));
    assert!(read(&dir.path().join("web/Dockerfile")).starts_with("FROM"));
}

#[cfg(unix)]
#[test]
fn a_file_with_several_names_is_read_and_mended_once() {
    let dir = repository(&[("Dockerfile", ASKS), ("web/Dockerfile", ASKS)]);
    for link in ["Containerfile", "Dockerfile.dev", "web/Dockerfile.root"] {
        let target = if link.starts_with("web") { "../Dockerfile" } else { "Dockerfile" };
        std::os::unix::fs::symlink(target, dir.path().join(link)).expect("a link can be made");
    }
    let files = |args: &[&str]| {
        let ran = run(dir.path(), &[&["-f", "short", "--select", "ConsistentInstructionCasing"], args].concat(), "");
        assert_eq!(ran.code, 1, "{}", ran.err);
        ran.out.lines().map(|line| line.split(':').next().unwrap_or_default().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(files(&["--fail-level", "style"]), ["Dockerfile", "web/Dockerfile"]);
    let twice = ["--fail-level", "style", "Dockerfile", "./Dockerfile", "web/../Dockerfile", "."];
    assert_eq!(files(&twice), ["Dockerfile", "web/Dockerfile"]);
    assert_eq!(files(&["--fail-level", "style", "Dockerfile.dev"]), ["Dockerfile.dev"], "it is named so");
    let ran = run(dir.path(), &["--fix", "-q"], "");
    assert!(ran.code < 2 && !ran.err.contains("changed after"), "{}", ran.err);
    assert!(read(&dir.path().join("Dockerfile.dev")).starts_with("FROM"));
    assert!(dir.path().join("Dockerfile.dev").is_symlink());
}

/// Where comments count for nothing, one that is written switches nothing off, and the next run would write it again.
#[test]
fn no_comment_is_written_where_comments_do_not_count() {
    let off = ".layerwise.yaml";
    let dir = repository(&[("Dockerfile", "FROM debian:latest\n"), (off, "ignore-comments: false\n")]);
    for args in [&["--add-ignores"][..], &["--add-ignores=known", "--diff"]] {
        let ran = run(dir.path(), args, "");
        assert_eq!((ran.code, ran.out.as_str()), (2, ""), "{}", ran.err);
        assert!(ran.err.contains("comments don't count") && ran.err.contains("ignore-comments"), "{}", ran.err);
    }
    assert_eq!(read(&dir.path().join("Dockerfile")), "FROM debian:latest\n");
    let some = "overrides: [{files: Dockerfile.dev, ignore-comments: false}]\n";
    put(&dir, off, some);
    put(&dir, "Dockerfile.dev", "FROM debian:latest\n");
    let ran = run(dir.path(), &["--add-ignores"], "");
    assert_eq!(ran.code, 2, "{}", ran.err);
    assert_eq!(read(&dir.path().join("Dockerfile.dev")), "FROM debian:latest\n");
    assert!(read(&dir.path().join("Dockerfile")).starts_with("# layerwise ignore="), "that one can be helped");
}

/// Between reading and writing, ShellCheck is asked: here, by a program that does something to the file meanwhile.
#[cfg(unix)]
#[test]
fn what_somebody_else_does_meanwhile_wins() {
    use std::os::unix::fs::PermissionsExt;
    const TEXT: &str = "from debian:12\nRUN ls\nRUN ls -l\n";
    let cases = [
        ("echo 'USER me' >> Dockerfile", Some(format!("{TEXT}USER me\n")), "changed after it was read"),
        ("rm Dockerfile", None, "No such file"),
        ("rm Dockerfile; mkdir Dockerfile", None, "not a regular file"),
        ("rm Dockerfile; mkfifo Dockerfile", None, "not a regular file"),
        ("echo 'FROM x' > other; mv other Dockerfile", Some("FROM x\n".to_owned()), "changed after it was read"),
        ("chmod a-w Dockerfile", Some(TEXT.to_owned()), "is read-only"),
    ];
    for (does, left, why) in cases {
        let dir = repository(&[("Dockerfile", TEXT), ("other.Dockerfile", TEXT)]);
        let bin = ran::folder(&[]);
        let program = bin.path().join("shellcheck");
        let script =
            format!("#!/bin/sh\ncd '{}' || exit 9\n{does}\necho '{{\"comments\":[]}}'\n", dir.path().display());
        fs::write(&program, script).expect("it can be written");
        fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).expect("it is ours");
        let program = program.to_str().expect("it is text");
        let args = ["--fix", "-f", "short", "--no-cache", "--shellcheck", program];
        let ran = run(dir.path(), &args, "");
        assert_eq!(ran.code, 2, "{does}: {}", ran.err);
        assert!(ran.err.contains("Dockerfile was not written") && ran.err.contains(why), "{does}: {}", ran.err);
        assert!(read(&dir.path().join("other.Dockerfile")).starts_with("FROM"), "{does}: the other one is mended");
        let path = dir.path().join("Dockerfile");
        assert_eq!(path.is_file().then(|| read(&path)), left, "{does}");
        let entries = fs::read_dir(dir.path()).expect("it can be listed").map(|e| e.expect("as above").file_name());
        assert!(entries.into_iter().all(|name| !name.to_string_lossy().starts_with(".layerwise-")), "{does}");
    }
}
