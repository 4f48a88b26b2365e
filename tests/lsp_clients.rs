//! The language server in editors that people use. These are ignored tests, which `.ci/run` runs where the program is
//! installed.

mod support;

use serde_json::{Value, json};
use std::fs;
use std::path::Path;
use std::process::Command;
use support::language_client::{BAD, folder};

#[test]
#[ignore = "needs the program nvim"]
fn nvim_shows_findings_and_takes_fixes() {
    let (dir, path, _) = folder(BAD);
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/support/client.lua");
    let mut nvim = Command::new("nvim");
    nvim.current_dir(dir.path()).args(["--headless", "--clean", "-n", "-S"]).arg(script);
    // Its logs and its state have no place outside of the test.
    for name in ["XDG_STATE_HOME", "XDG_CACHE_HOME", "XDG_DATA_HOME", "XDG_CONFIG_HOME"] {
        nvim.env(name, dir.path().join("home"));
    }
    let told = told(&mut nvim);
    assert!(told["first"].as_u64().is_some_and(|n| n > 0), "{told}");
    assert_eq!(told["maintainer"], 3, "two lines above it came in front: {told}");
    assert!(told["hover"]["contents"]["value"].as_str().is_some_and(|t| t.starts_with("**LW105**")), "{told}");
    assert_eq!(told["lenses"].as_array().map(Vec::len), Some(3), "{told}");
    assert_eq!((&told["actions"], &told["exit"]), (&1.into(), &0.into()), "{told}");
    let mended = fs::read_to_string(&path).expect("a file");
    fs::write(&path, BAD).expect("a file");
    let mut fix = assert_cmd::Command::cargo_bin("layerwise").expect("the program is built");
    fix.current_dir(dir.path()).args(["--fix", "--shellcheck", "off", "Dockerfile"]).output().expect("it starts");
    assert_eq!(mended, fs::read_to_string(&path).expect("a file"));
    assert_ne!(mended, BAD);
}

#[test]
#[ignore = "needs the program emacs, with eglot"]
fn emacs_shows_findings_and_takes_fixes() {
    let (dir, path, _) = folder(BAD);
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/support/client.el");
    let mut emacs = Command::new("emacs");
    // Without its own settings, but with the packages of the system.
    emacs.current_dir(dir.path()).env("HOME", dir.path().join("home")).args(["--batch", "-l"]).arg(script);
    let told = told(&mut emacs);
    assert!(told["first"].as_u64().is_some_and(|n| n > 0), "{told}");
    assert_eq!(told["maintainer"], 3, "a line above it came in front: {told}");
    // It sends empty settings as it starts; the options that it began with still count.
    assert_eq!(told["all"], json!(["fix all that can be (may change the image)"]), "{told}");
    assert_eq!(told["fixes"], json!(["move it above `COPY . .`", "ignore LW105 here"]), "{told}");
    let moved = BAD.replace("COPY . .\n", "").replace("CMD", "COPY . .\nCMD");
    assert_eq!(fs::read_to_string(&path).expect("a file"), moved);
}

/// The line of JSON that the script of an editor prints.
fn told(editor: &mut Command) -> Value {
    let output = editor.env("LAYERWISE", assert_cmd::cargo::cargo_bin("layerwise")).output().expect("it starts");
    let (out, err) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    let line = out.lines().find(|line| line.starts_with('{')).unwrap_or_else(|| panic!("{out}{err}"));
    let told: Value = serde_json::from_str(line).expect("JSON");
    assert!(told.get("error").is_none(), "{told}\n{err}");
    told
}
