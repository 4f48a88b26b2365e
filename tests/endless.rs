//! Files of a repository that have no end, or that nobody ever writes to: they keep no pipeline waiting, and fill no
//! memory.
#![cfg(unix)]

#[path = "support/ran.rs"]
mod ran;

use ran::{Ran, put, repository};
use std::fs::{self, File};
use std::io::Read;
use std::os::unix::fs::symlink;
use std::path::Path;
use std::process::{Command, Stdio};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// Longer than a run takes on a busy machine, and shorter than the patience of the programs that are started.
const PATIENCE: Duration = Duration::from_secs(60);

const BAD: &str = "FROM node:20\nWORKDIR /app\nCOPY . .\nRUN sudo npm ci\n";

/// Runs the program, which has to end by itself, with little memory.
fn run(folder: &Path, args: &[&str]) -> Ran {
    within(4_000_000, folder, args)
}

/// The same with so many kilobytes.
fn within(memory: usize, folder: &Path, args: &[&str]) -> Ran {
    let script = format!("ulimit -v {memory}; exec \"$0\" \"$@\"");
    let mut command = Command::new("sh");
    command.args(["-c", &script, env!("CARGO_BIN_EXE_layerwise")]).args(args).current_dir(folder);
    command.env("LAYERWISE_SHELLCHECK", "off").stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().expect("sh is there");
    let out = child.stdout.take().map(read).expect("there is a pipe");
    let err = child.stderr.take().map(read).expect("there is a pipe");
    let start = Instant::now();
    let status = loop {
        if let Some(status) = child.try_wait().expect("it can be waited for") {
            break status;
        }
        if start.elapsed() > PATIENCE {
            child.kill().expect("it can be killed");
            panic!("{args:?}: it waits");
        }
        thread::sleep(Duration::from_millis(2));
    };
    let text = |reader: JoinHandle<String>| reader.join().expect("it is text");
    Ran { code: status.code().unwrap_or(-1), out: text(out), err: text(err) }
}

/// Reads meanwhile what a program writes: it waits where nobody does.
fn read(mut pipe: impl Read + Send + 'static) -> JoinHandle<String> {
    thread::spawn(move || {
        let mut text = String::new();
        pipe.read_to_string(&mut text).expect("it is text");
        text
    })
}

type Make = fn(&Path);

/// How a file is made that can't be read to its end.
const KINDS: [(&str, Make); 3] = [
    ("a pipe", |path| assert!(Command::new("mkfifo").arg(path).status().expect("mkfifo is there").success())),
    ("a device", |path| symlink("/dev/zero", path).expect("a link can be made")),
    ("holes", |path| File::create(path).and_then(|file| file.set_len(3 << 30)).expect("a file may have holes")),
];

fn shop() -> TempDir {
    let dir = repository(&[("Dockerfile", BAD), ("sub/Dockerfile", BAD)]);
    put(&dir, ".git/info/.keep", "");
    dir
}

#[test]
fn ignore_files_are_refused_and_their_folder_is_passed_over() {
    for (kind, make) in KINDS {
        for name in [".gitignore", ".ignore", ".git/info/exclude", "sub/.gitignore", "sub/.ignore"] {
            let dir = shop();
            make(&dir.path().join(name));
            let ran = run(dir.path(), &["-f", "short", "--fix"]);
            assert_eq!(ran.code, 2, "{kind} {name}: {}", ran.err);
            assert!(ran.err.contains(&format!("can't read {name}\n")), "{kind} {name}: {}", ran.err);
            assert!(ran.err.contains("so its folder was passed over"), "{kind} {name}: {}", ran.err);
            let is_below = name.starts_with("sub/");
            assert_eq!(ran.out.contains("Dockerfile:4:"), is_below, "the rest is checked: {kind} {name}: {}", ran.out);
            assert!(!ran.out.contains("sub/"), "{kind} {name}: {}", ran.out);
            // Who names a file has it checked.
            let ran = run(dir.path(), &["-f", "short", "sub/Dockerfile"]);
            assert!(ran.code == 1 && ran.out.contains("[DL3004]"), "{kind} {name}: {}{}", ran.out, ran.err);
        }
    }
}

#[test]
fn a_working_tree_is_led_to_no_such_file() {
    for (kind, make) in KINDS {
        for at in 0..3 {
            let dir = shop();
            fs::remove_dir_all(dir.path().join(".git")).expect("it is ours");
            let files = [".git", "tree/commondir", "common/info/exclude"];
            let [tree, common] = ["tree", "common"].map(|name| dir.path().join(name).display().to_string());
            put(&dir, ".git", &format!("gitdir: {tree}\n"));
            put(&dir, "tree/commondir", &format!("{common}\n"));
            put(&dir, "common/info/exclude", "sub\n");
            let ran = run(dir.path(), &["-f", "short"]);
            assert!(ran.code == 1 && !ran.out.contains("sub/"), "what it hides stays hidden: {}{}", ran.out, ran.err);
            fs::remove_file(dir.path().join(files[at])).expect("it is ours");
            make(&dir.path().join(files[at]));
            let ran = run(dir.path(), &["-f", "short"]);
            assert!(ran.code == 2 && ran.err.contains(files[at]), "{kind} {}: {}{}", files[at], ran.out, ran.err);
        }
    }
}

#[test]
fn files_of_the_project_are_hints_and_no_more() {
    for (kind, make) in KINDS {
        for name in ["compose.yaml", "package.json", "package-lock.json", ".npmrc", "requirements.txt", "go.mod"] {
            let dir = shop();
            make(&dir.path().join(name));
            let ran = run(dir.path(), &["-f", "short", "Dockerfile"]);
            assert!(ran.code == 1 && ran.out.contains("[DL3004]"), "{kind} {name}: {}{}", ran.out, ran.err);
        }
        for name in [".layerwise.yaml", ".hadolint.yaml", ".dockerignore", "Dockerfile.dockerignore"] {
            let dir = shop();
            make(&dir.path().join(name));
            for args in [&["-f", "short", "Dockerfile"][..], &["cache"], &["config", "show"]] {
                let ran = run(dir.path(), args);
                assert!((0..=2).contains(&ran.code) && !ran.err.contains("panicked"), "{kind} {name}: {}", ran.err);
            }
        }
    }
}

#[test]
fn a_baseline_of_the_configuration_is_a_file() {
    for (kind, make) in KINDS {
        let dir = shop();
        put(&dir, ".layerwise.yaml", "baseline: known.json\n");
        make(&dir.path().join("known.json"));
        let ran = run(dir.path(), &["-f", "short"]);
        assert!(ran.code == 2 && ran.err.contains("known.json"), "{kind}: {}", ran.err);
        assert_eq!(ran.out, "", "{kind}");
    }
}

/// Files in which each line adds to what is known at all lines below: each of these took more than this once.
#[test]
fn long_files_take_little_memory() {
    let lines = |n: usize, line: fn(usize) -> String| (0..n).map(line).collect::<String>();
    let check = &["check", "--diff", "Dockerfile"][..];
    let both = &[check, &["cache", "Dockerfile"]][..];
    let stages = lines(800, |i| format!("ENV A{i}=b\n"))
        + &lines(800, |i| format!("FROM s AS t{i}\nENV B=$A{i}\nCOPY --from={} /a /b\n", i / 2));
    let files = [
        ("values", &[check][..], lines(12_000, |i| format!("ENV A=$A:/b{i}\n"))),
        ("places", both, lines(2_500, |i| format!("ENV P{i}=/opt/p{i}\nRUN mkdir /a{i}\n")) + "COPY . .\nRUN npm ci\n"),
        ("sources", both, lines(3_000, |i| format!("COPY src/a{i}/ /b{i}/\n")) + "RUN pip install x\n"),
        ("variables of a RUN", both, lines(3_000, |i| format!("ENV A{i}=b\nRUN a $A{i}\n"))),
        ("stages", both, stages),
    ];
    for (name, commands, text) in files {
        let dir = repository(&[("Dockerfile", &format!("FROM debian:12 AS s\n{text}"))]);
        for args in commands {
            let ran = within(400_000, dir.path(), args);
            assert!(matches!(ran.code, 0 | 1), "{name}, {args:?}: {} {}", ran.code, ran.err);
        }
    }
}
