//! Runs that are ended while they write a thousand files, or wait for ShellCheck.
#![cfg(unix)]

#[path = "support/ran.rs"]
mod ran;

use ran::folder;
use std::fs::{self, Permissions};
use std::io::{Read, Write};
use std::os::unix::fs::PermissionsExt;
use std::os::unix::process::ExitStatusExt;
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::thread;
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// Longer than a run takes on a busy machine.
const PATIENCE: Duration = Duration::from_secs(60);

const OLD: &str = "FROM debian:12\nMAINTAINER  me\nENV a b\n";
const NEW: &str = "FROM debian:12\nMAINTAINER  me\nENV a=b\n";
const FILES: usize = 1_000;

/// What came of a run that was ended.
struct Ended {
    status: ExitStatus,
    err: String,
    mended: usize,
    /// What stands beside the Dockerfiles.
    others: Vec<String>,
}

/// Has `end` end a run that mends a thousand files, in the middle.
fn ended(program: impl Fn() -> Command, end: impl Fn(&mut Child)) -> Ended {
    for _ in 0..10 {
        let names: Vec<String> = (0..FILES).map(|n| format!("{n}.Dockerfile")).collect();
        let files: Vec<(&str, &str)> = names.iter().map(|name| (name.as_str(), OLD)).collect();
        let dir = folder(&files);
        let mut command = program();
        command.current_dir(dir.path()).env("LAYERWISE_SHELLCHECK", "off").stdout(Stdio::null()).stderr(Stdio::piped());
        let mut child = command.spawn().expect("the program starts");
        let start = Instant::now();
        let first = dir.path().join(&names[0]);
        while read(&first) == OLD && start.elapsed() < PATIENCE {
            thread::sleep(Duration::from_millis(1));
        }
        end(&mut child);
        let mut err = String::new();
        let read_all = child.stderr.take().map(|mut pipe| pipe.read_to_string(&mut err));
        read_all.expect("there is a pipe").expect("it is text");
        let status = child.wait().expect("it ends");
        let mut mended = 0;
        for name in &names {
            let text = read(&dir.path().join(name));
            assert!(text == OLD || text == NEW, "{name}: {text:?}");
            mended += usize::from(text == NEW);
        }
        if 0 < mended && mended < FILES {
            let entries = fs::read_dir(dir.path()).expect("it can be listed").map(|e| e.expect("as above").file_name());
            let names = entries.map(|name| name.to_string_lossy().into_owned());
            return Ended { status, err, mended, others: names.filter(|n| !n.ends_with(".Dockerfile")).collect() };
        }
    }
    panic!("it was never ended in the middle: the test shows nothing");
}

fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn layerwise() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_layerwise"));
    command.arg("--fix");
    command
}

fn send(signal: &str, child: &Child) {
    let sent = Command::new("kill").args(["-s", signal, &child.id().to_string()]).status().expect("kill is there");
    assert!(sent.success(), "kill -s {signal}");
}

/// Whether whoever runs the tests has them ignore `signal`, as a shell does with what it runs in the background.
fn is_ignored(signal: i32) -> bool {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let set = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    set.and_then(|set| u64::from_str_radix(set.trim(), 16).ok()).is_some_and(|set| set >> (signal - 1) & 1 == 1)
}

/// Nothing can be put in order any more.
#[test]
fn who_is_killed_leaves_whole_files() {
    let ended = ended(layerwise, |child| child.kill().expect("it can be killed"));
    assert_eq!(ended.status.signal(), Some(9), "{}", ended.err);
    assert!(ended.others.len() <= 1, "{:?}", ended.others);
}

#[test]
fn who_is_told_to_stop_finishes_the_file_at_hand_and_dies_of_the_signal() {
    for (number, name) in [(1, "HUP"), (2, "INT"), (15, "TERM")] {
        if is_ignored(number) {
            eprintln!("SKIPPED: SIG{name} is ignored here, so nothing is shown of it");
            continue;
        }
        let ended = ended(layerwise, |child| send(name, child));
        assert_eq!(ended.others, [""; 0], "SIG{name}: nothing is left beside the files");
        assert_eq!((ended.status.signal(), ended.status.code()), (Some(number), None), "{}", ended.err);
        let said = format!("stopped by SIG{name} after {} of {FILES} files were written", ended.mended);
        assert!(ended.err.contains(&said), "{said}: {}", ended.err);
        assert_eq!(ended.err.matches(": fixed ").count(), ended.mended, "what is told is what was done: {}", ended.err);
    }
}

/// A shell has `nohup` and jobs of scripts ignore a signal for a reason.
#[test]
fn what_the_shell_ignores_stays_ignored() {
    let names: Vec<String> = (0..FILES).map(|n| format!("{n}.Dockerfile")).collect();
    let files: Vec<(&str, &str)> = names.iter().map(|name| (name.as_str(), OLD)).collect();
    let dir = folder(&files);
    let script = "trap '' HUP INT; exec \"$0\" --fix --quiet --no-fail";
    let mut command = Command::new("sh");
    command.args(["-c", script, env!("CARGO_BIN_EXE_layerwise")]).env("LAYERWISE_SHELLCHECK", "off");
    let mut child = command.current_dir(dir.path()).stdout(Stdio::null()).spawn().expect("sh is there");
    let start = Instant::now();
    while read(&dir.path().join(&names[0])) == OLD && start.elapsed() < PATIENCE {
        thread::sleep(Duration::from_millis(1));
    }
    for signal in ["HUP", "INT"] {
        send(signal, &child);
    }
    assert_eq!(child.wait().expect("it ends").code(), Some(0));
    assert!(names.iter().all(|name| read(&dir.path().join(name)) == NEW));
}

/// A program in the place of ShellCheck, which says which process it is and goes on for long; what it runs before.
fn sleeper(before: &str) -> TempDir {
    let says = "echo $$ > \"${0%/*}/made\" && mv \"${0%/*}/made\" \"${0%/*}/process\"";
    let bin = folder(&[("shellcheck", &format!("#!/bin/sh\n{says}\n{before}\nexec sleep 300 >&- 2>&-\n"))]);
    fs::set_permissions(bin.path().join("shellcheck"), Permissions::from_mode(0o755)).expect("it is ours");
    bin
}

fn waits_for(what: impl Fn() -> bool, why: &str) {
    let start = Instant::now();
    while !what() {
        assert!(start.elapsed() < PATIENCE, "{why}");
        thread::sleep(Duration::from_micros(200));
    }
}

/// The process of the program in `bin`, if it was started, is gone.
fn is_gone(bin: &Path) -> bool {
    let Ok(process) = fs::read_to_string(bin.join("process")) else { return true };
    // Of a process that has ended, nothing is known but that it has.
    let line = fs::read_to_string(format!("/proc/{}/cmdline", process.trim())).unwrap_or_default();
    line.is_empty()
}

fn checks_with(bin: &Path, dir: &Path, temporary: &Path) -> Child {
    let mut command = Command::new(env!("CARGO_BIN_EXE_layerwise"));
    command.current_dir(dir).env("LAYERWISE_SHELLCHECK", bin.join("shellcheck")).env("LAYERWISE_CACHE_DIR", "off");
    command.env("TMPDIR", temporary).stdout(Stdio::null()).stderr(Stdio::null());
    command.spawn().expect("the program starts")
}

#[test]
fn who_is_told_to_stop_leaves_no_scripts_behind() {
    for (number, name) in [(1, "HUP"), (2, "INT"), (15, "TERM")] {
        if is_ignored(number) {
            eprintln!("SKIPPED: SIG{name} is ignored here, so nothing is shown of it");
            continue;
        }
        // Once it runs, and while it is only about to be started.
        for runs in [true, false] {
            let (bin, temporary) = (sleeper("exec 3>&1"), folder(&[]));
            let scripts: String = (0..60).map(|n| format!("RUN ls $1 -{n}\n")).collect();
            let dir = folder(&[("Dockerfile", &format!("FROM debian:12\n{scripts}"))]);
            let mut child = checks_with(bin.path(), dir.path(), temporary.path());
            let is_at = || if runs { bin.path().join("process").exists() } else { count(temporary.path()) > 0 };
            waits_for(is_at, "it never begins");
            send(name, &child);
            let status = child.wait().expect("it ends");
            assert_eq!((status.signal(), status.code()), (Some(number), None));
            assert_eq!(count(temporary.path()), 0, "SIG{name}");
            waits_for(|| is_gone(bin.path()), "shellcheck goes on");
        }
    }
}

/// The rest is not waited for.
#[test]
fn a_program_that_has_said_all_is_ended() {
    let (bin, temporary) = (sleeper("echo '{\"comments\":[]}'"), folder(&[]));
    let dir = folder(&[("Dockerfile", "FROM debian:12\nRUN ls $1\n")]);
    let start = Instant::now();
    let status = checks_with(bin.path(), dir.path(), temporary.path()).wait().expect("it ends");
    assert!(status.code().is_some() && start.elapsed() < PATIENCE, "{status} {:?}", start.elapsed());
    assert_eq!(count(temporary.path()), 0);
    waits_for(|| is_gone(bin.path()), "shellcheck goes on");
}

#[test]
fn an_editor_that_closes_leaves_no_scripts_behind() {
    let (bin, temporary) = (sleeper("exec 3>&1"), folder(&[]));
    let mut command = Command::new(env!("CARGO_BIN_EXE_layerwise"));
    command.arg("lsp").env("LAYERWISE_SHELLCHECK", bin.path().join("shellcheck")).env("LAYERWISE_CACHE_DIR", "off");
    command.env("TMPDIR", temporary.path()).stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null());
    let mut child = command.spawn().expect("the program starts");
    let mut input = child.stdin.take().expect("there is a pipe");
    let open = r#"{"textDocument":{"uri":"file:///x/Dockerfile","languageId":"dockerfile","version":1,"text":"FROM a:1\nRUN ls $1\n"}}"#;
    for message in [
        r#"{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"capabilities":{}}}"#.to_owned(),
        r#"{"jsonrpc":"2.0","method":"initialized","params":{}}"#.to_owned(),
        format!(r#"{{"jsonrpc":"2.0","method":"textDocument/didOpen","params":{open}}}"#),
    ] {
        write!(input, "Content-Length: {}\r\n\r\n{message}", message.len()).expect("it listens");
    }
    input.flush().expect("it listens");
    waits_for(|| bin.path().join("process").exists(), "it never begins");
    drop(input);
    child.wait().expect("it ends");
    assert_eq!(count(temporary.path()), 0);
    waits_for(|| is_gone(bin.path()), "shellcheck goes on");
}

fn count(folder: &Path) -> usize {
    fs::read_dir(folder).expect("it can be listed").count()
}
