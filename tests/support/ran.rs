//! The program from outside, and folders for it to work in.
#![allow(dead_code, reason = "each test uses a part of it")]

use assert_cmd::Command;
use std::fs;
use std::io;
use std::path::Path;
use tempfile::TempDir;

/// What came of a run.
pub struct Ran {
    pub code: i32,
    pub out: String,
    pub err: String,
}

/// Runs the program in `folder`. What a machine has installed must not change what is found.
pub fn run(folder: &Path, args: &[&str], stdin: &str) -> Ran {
    let mut command = Command::cargo_bin("layerwise").expect("the program is built");
    command.env("LAYERWISE_SHELLCHECK", "off").env_remove("NO_COLOR").current_dir(folder);
    let output = command.args(args).write_stdin(stdin).output().expect("the program starts");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("the program prints text");
    Ran { code: output.status.code().unwrap_or(-1), out: text(output.stdout), err: text(output.stderr) }
}

/// A folder with these files. Its name starts with a dot, so it is taken for no project: what is found does not depend
/// on a build context.
pub fn folder(files: &[(&str, &str)]) -> TempDir {
    filled(TempDir::new(), files)
}

/// A folder with these files that is the root of a repository: no configuration above it counts.
pub fn repository(files: &[(&str, &str)]) -> TempDir {
    let folder = filled(tempfile::Builder::new().prefix("layerwise-").tempdir(), files);
    fs::create_dir(folder.path().join(".git")).expect("a folder can be made");
    folder
}

fn filled(folder: io::Result<TempDir>, files: &[(&str, &str)]) -> TempDir {
    let folder = folder.expect("a temporary folder can be made");
    files.iter().for_each(|(name, text)| put(&folder, name, text));
    folder
}

/// Writes a file, and makes the folders above it.
pub fn put(folder: &TempDir, name: &str, text: &str) {
    let path = folder.path().join(name);
    fs::create_dir_all(path.parent().expect("a file has a folder")).expect("a folder can be made");
    fs::write(path, text).expect("a file can be written");
}
