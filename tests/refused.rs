//! A system that refuses: a disk that is full, a folder that may not be written to, a reader that went away.
#![cfg(unix)]

#[path = "support/ran.rs"]
mod ran;

use ran::folder;
use std::fs::{self, File, Permissions};
use std::io::Read;
use std::os::unix::fs::{MetadataExt, PermissionsExt, chown};
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Command, Output, Stdio};

const BAD: &str = "from debian:12\nMAINTAINER  me\nENV a b\n";

fn layerwise(folder: &Path, args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_layerwise"));
    command.current_dir(folder).env("LAYERWISE_SHELLCHECK", "off").args(args);
    command
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// Commands that print.
const PRINTING: [&[&str]; 13] = [
    &["Dockerfile"],
    &["Dockerfile", "--format", "json"],
    &["Dockerfile", "--diff"],
    &["Dockerfile", "--statistics"],
    &["--help"],
    &["--version"],
    &["ast", "Dockerfile"],
    &["cache"],
    &["config", "show"],
    &["config", "schema"],
    &["explain", "LW105"],
    &["rules"],
    &["setup", "completions", "bash"],
];

#[test]
fn output_that_nobody_takes_is_an_error() {
    if !Path::new("/dev/full").exists() {
        eprintln!("SKIPPED: this system has no /dev/full");
        return;
    }
    let dir = folder(&[("Dockerfile", BAD)]);
    for args in PRINTING {
        let full = File::options().write(true).open("/dev/full").expect("it can be opened");
        let output = layerwise(dir.path(), args).stdout(full).output().expect("the program starts");
        let err = text(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{args:?}: {err}");
        assert!(err.contains("can't write the output") && err.contains("No space left"), "{args:?}: {err}");
        assert!(!err.contains("panicked"), "{args:?}: {err}");
    }
    // Nothing is left to say it with, but the exit code.
    for (args, code) in [(&["Dockerfile"][..], 1), (&["none"], 2), (&["--none"], 2)] {
        let full = File::options().write(true).open("/dev/full").expect("it can be opened");
        let status = layerwise(dir.path(), args).stdout(Stdio::null()).stderr(full).status();
        assert_eq!(status.expect("the program starts").code(), Some(code), "{args:?}");
    }
}

/// Runs the program and reads no more than the first byte that it prints.
fn read_a_byte(folder: &Path, args: &[&str]) -> Output {
    let mut command = layerwise(folder, args);
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("the program starts");
    let mut byte = [0];
    let mut pipe = child.stdout.take().expect("there is a pipe");
    pipe.read_exact(&mut byte).unwrap_or_else(|error| panic!("{args:?}: {error}"));
    drop(pipe);
    child.wait_with_output().expect("it ends")
}

#[test]
fn a_reader_that_has_seen_enough_changes_no_exit_code() {
    let many = format!("FROM debian:12\n{}", "MAINTAINER  me\nENV a b\n".repeat(2_000));
    let dir = folder(&[("Dockerfile", &many)]);
    let more: [&[&str]; 2] = [&["Dockerfile", "none"], &["Dockerfile", "--no-fail"]];
    for args in PRINTING.into_iter().chain(more) {
        let output = read_a_byte(dir.path(), args);
        let whole = layerwise(dir.path(), args).output().expect("the program starts");
        let err = text(&output.stderr);
        assert_eq!(output.status.code(), whole.status.code(), "{args:?}: {err}");
        assert_eq!(err, text(&whole.stderr), "{args:?}");
    }
}

#[test]
fn a_reader_that_has_seen_enough_leaves_no_file_unmended() {
    let files: Vec<_> = (0..40).map(|n| format!("{n}/Dockerfile")).collect();
    let bad = format!("{BAD}{}", "RUN cd /a && ls\n".repeat(100));
    let dir = folder(&files.iter().map(|name| (name.as_str(), bad.as_str())).collect::<Vec<_>>());
    let output = read_a_byte(dir.path(), &["--fix"]);
    assert_eq!(output.status.code(), Some(1), "{}", text(&output.stderr));
    for name in &files {
        let mended = fs::read_to_string(dir.path().join(name)).expect("it can be read");
        assert!(mended.starts_with("FROM debian:12"), "{name} is as it was");
    }
}

fn is_root() -> bool {
    let file = tempfile::tempfile().and_then(|file| file.metadata());
    file.expect("a file can be made").uid() == 0
}

/// Runs the program as somebody whom permissions bind: root is let through everywhere. Nothing where the program lies
/// out of the reach of others.
fn as_nobody(folder: &Path, args: &[&str]) -> Option<Output> {
    let mut command = layerwise(folder, args);
    if is_root() {
        command.uid(65534).gid(65534);
    }
    match command.output() {
        Ok(output) => Some(output),
        Err(error) => {
            eprintln!("SKIPPED: nobody but root can start the program, so nothing is shown: {error}");
            None
        }
    }
}

/// Gives what lies below `path` to whom [`as_nobody`] runs as.
fn give_away(path: &Path) {
    if is_root() {
        chown(path, Some(65534), Some(65534)).expect("root may");
    }
    for entry in fs::read_dir(path).into_iter().flatten() {
        give_away(&entry.expect("it can be listed").path());
    }
}

fn mode(path: &Path, mode: u32) {
    fs::set_permissions(path, Permissions::from_mode(mode)).expect("it is ours");
}

fn names(path: &Path) -> Vec<String> {
    let names = fs::read_dir(path).expect("it can be listed").map(|e| e.expect("as above").file_name());
    let mut names: Vec<String> = names.map(|name| name.to_string_lossy().into_owned()).collect();
    names.sort();
    names
}

#[test]
fn what_can_not_be_read_is_named_and_the_rest_is_checked() {
    let dir = folder(&[("closed/Dockerfile", BAD), ("part/Dockerfile", BAD), ("open/Dockerfile", BAD)]);
    let (closed, file) = (dir.path().join("closed"), dir.path().join("part/Dockerfile"));
    give_away(dir.path());
    mode(&closed, 0);
    mode(&file, 0);
    let output = as_nobody(dir.path(), &[".", "--format", "short", "--no-config"]);
    mode(&closed, 0o755);
    let Some(output) = output else { return };
    let (out, err) = (text(&output.stdout), text(&output.stderr));
    assert_eq!(output.status.code(), Some(2), "{err}");
    assert!(out.contains("open/Dockerfile:2") && !out.contains("part/"), "{out}");
    for path in ["closed", "part/Dockerfile"] {
        assert!(
            err.contains(&format!("can't read {path}\n")) || err.contains(&format!("can't read ./{path}\n")),
            "{err}"
        );
    }
    assert_eq!(err.matches("Permission denied").count(), 2, "{err}");
}

#[test]
fn a_folder_or_a_file_that_may_not_be_written_to_stays_and_is_named() {
    let dir = folder(&[("folder/Dockerfile", BAD), ("file/Dockerfile", BAD), ("open/Dockerfile", BAD)]);
    let (shut, file) = (dir.path().join("folder"), dir.path().join("file/Dockerfile"));
    give_away(dir.path());
    mode(&shut, 0o555);
    mode(&file, 0o444);
    let output = as_nobody(dir.path(), &[".", "--fix", "--format", "short", "--no-config", "-o", "json=folder/r.json"]);
    mode(&shut, 0o755);
    let Some(output) = output else { return };
    let (out, err) = (text(&output.stdout), text(&output.stderr));
    assert_eq!(output.status.code(), Some(2), "{err}");
    for name in ["folder", "file"] {
        assert_eq!(fs::read_to_string(dir.path().join(name).join("Dockerfile")).expect("it is there"), BAD);
        assert!(err.contains(&format!("{name}/Dockerfile was not written")), "{err}");
        assert!(out.contains(&format!("{name}/Dockerfile:1:1")), "its findings are those of the file on disk: {out}");
        assert_eq!(names(&dir.path().join(name)), ["Dockerfile"]);
    }
    assert!(err.contains("can't make a file in the folder") && err.contains("Permission denied"), "{err}");
    assert!(err.contains("is read-only, so it was left alone"), "{err}");
    assert!(err.contains("the report folder/r.json was not written"), "{err}");
    assert_ne!(fs::read_to_string(dir.path().join("open/Dockerfile")).expect("it is there"), BAD, "that one is mended");
}

/// Mounts as `mount` says below an empty folder `disk` that only the script sees, puts `BAD` into it, and runs `script`.
/// `$0` is the program.
fn on_a_disk(mount: &str, script: &str) -> String {
    let dir = folder(&[("Dockerfile", BAD), ("disk/.keep", "")]);
    let whole = format!("set -e\n{mount}\ncd disk\nset +e\n{script}");
    let mut command = Command::new("unshare");
    command.args(["--map-root-user", "--mount", "sh", "-c", &whole, env!("CARGO_BIN_EXE_layerwise")]);
    command.current_dir(dir.path()).env("LAYERWISE_SHELLCHECK", "off").stderr(Stdio::piped());
    let output = command.output().expect("unshare is there");
    let shown = text(&output.stdout) + &text(&output.stderr);
    assert!(output.status.success(), "{shown}");
    shown
}

/// What stands in the way on a full disk: no room for content, or for one more file.
const FULL: [&str; 2] = [
    "mount -t tmpfs -o size=64k none disk; cp Dockerfile disk; echo old > disk/r.json; \
     cat /dev/zero > disk/fill 2> /dev/null || true",
    "mount -t tmpfs -o nr_inodes=4 none disk; cp Dockerfile disk; echo old > disk/r.json; : > disk/fill",
];

#[test]
#[ignore = "needs the program unshare"]
fn unshare_a_full_disk_keeps_the_old_files_and_gets_no_others() {
    for mount in FULL {
        let shown = on_a_disk(mount, "\"$0\" --fix -o r.json -f short; echo code $?; cat Dockerfile r.json; ls -A");
        assert!(shown.contains("code 2\n"), "{shown}");
        assert!(shown.contains(&format!("{BAD}old\nDockerfile\nfill\nr.json\n")), "{shown}");
        assert!(shown.contains("Dockerfile was not written") && shown.contains("No space left on device"), "{shown}");
        assert!(shown.contains("the report r.json was not written") && !shown.contains("fixed"), "{shown}");
        assert!(shown.contains("Dockerfile:1:1: style[ConsistentInstructionCasing]"), "{shown}");
        let shown = on_a_disk(mount, "\"$0\" --write-baseline known.json; echo code $?; ls -A");
        assert!(shown.contains("code 2\nDockerfile\nfill\nr.json\n"), "{shown}");
        assert!(shown.contains("the report known.json was not written"), "{shown}");
    }
    // Room for one file at a time is enough for many.
    let one = "mount -t tmpfs -o size=64k none disk; for n in 1 2 3 4 5 6 7 8; do cp Dockerfile disk/$n.Dockerfile; done; \
               cat /dev/zero > disk/fill 2> /dev/null || true; : > disk/fill; head -c 24576 /dev/zero > disk/fill";
    let shown =
        on_a_disk(one, "\"$0\" --fix -q --no-fail; echo code $?; cat *Dockerfile | grep -c '^ENV a=b'; ls -A | wc -l");
    assert!(shown.ends_with("code 0\n8\n9\n"), "{shown}");
}

#[test]
#[ignore = "needs the program unshare"]
fn unshare_a_disk_that_is_read_only_keeps_its_files() {
    let mount = "cp Dockerfile disk; mount --bind disk disk; mount -o remount,ro,bind disk";
    let shown = on_a_disk(mount, "\"$0\" --fix -f short -o r.json; echo code $?; cat Dockerfile; ls -A");
    assert!(shown.contains(&format!("code 2\n{BAD}.keep\nDockerfile\n")), "{shown}");
    assert!(shown.contains("Dockerfile was not written") && shown.contains("Read-only file system"), "{shown}");
    assert!(shown.contains("the report r.json was not written"), "{shown}");
}

/// The reports are for somebody else than the one who reads the messages.
#[test]
#[cfg(unix)]
fn a_reader_of_messages_that_goes_away_costs_no_report() {
    let many = format!("FROM debian:12\n{}", "MAINTAINER  me\nENV a b\n".repeat(20));
    let names: Vec<String> = (0..200).map(|n| format!("{n:04}-a-rather-long-name-of-a.Dockerfile")).collect();
    let files: Vec<(&str, &str)> = names.iter().map(|name| (name.as_str(), many.as_str())).collect();
    let dir = folder(&files);
    let mut command = layerwise(dir.path(), &["--fix", "--output", "r.sarif", "--format", "sarif"]);
    let mut child = command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().expect("the program starts");
    drop(child.stderr.take());
    assert_eq!(child.wait().expect("it ends").code(), Some(1));
    let report = fs::read_to_string(dir.path().join("r.sarif")).expect("the report is there");
    assert!(report.contains("0199-a-rather-long-name-of-a.Dockerfile"), "all files are in it");
}
