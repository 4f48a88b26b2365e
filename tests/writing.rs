//! What is written, and what is said of it when it can't be.

#[path = "support/ran.rs"]
mod ran;

use ran::{put, repository, run};
use std::fs;
use std::path::Path;

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
