//! The answers of ShellCheck that are kept between runs: whatever becomes of their files, the findings are those of a
//! run without them.
#![cfg(unix)]

#[path = "support/ran.rs"]
mod ran;

use ran::folder;
use std::fs::{self, File, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use tempfile::TempDir;

/// A program that has a word on the first line of each script, and notes its starts in `starts`.
const FAKE: &str = include_str!("support/shellcheck.sh");

/// Dockerfiles, a program and an empty folder for its answers.
struct Setting {
    dir: TempDir,
    bin: TempDir,
    kept: TempDir,
}

impl Setting {
    fn new() -> Self {
        let scripts: String = (0..40).map(|n| format!("RUN ls -{n}\n")).collect();
        let dir = folder(&[("Dockerfile", &format!("FROM debian:12\n{scripts}"))]);
        let bin = folder(&[("shellcheck", FAKE)]);
        fs::set_permissions(bin.path().join("shellcheck"), Permissions::from_mode(0o755)).expect("it is ours");
        Self { dir, bin, kept: folder(&[]) }
    }

    fn command(&self, kept: &Path) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_layerwise"));
        command.args(["--format", "short", "--select", "SC", "Dockerfile"]).current_dir(self.dir.path());
        command.env("LAYERWISE_CACHE_DIR", kept).env("LAYERWISE_SHELLCHECK", self.bin.path().join("shellcheck"));
        command.stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    }

    /// What is printed with answers in `kept`: the same each time.
    fn check(&self, kept: &Path, want: &str, why: &str) {
        let output = self.command(kept).output().expect("the program starts");
        assert_eq!(shown(&output), want, "{why}");
    }

    fn starts(&self) -> usize {
        fs::read_to_string(self.bin.path().join("starts")).map_or(0, |text| text.lines().count())
    }

    /// The files that hold answers.
    fn files(&self) -> Vec<PathBuf> {
        let entries = fs::read_dir(self.kept.path().join("shellcheck")).expect("it can be listed");
        let mut files: Vec<PathBuf> = entries.map(|entry| entry.expect("as above").path()).collect();
        files.sort();
        files
    }
}

fn shown(output: &Output) -> String {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    format!("{:?}\n{}{}", output.status.code(), text(&output.stdout), text(&output.stderr))
}

#[test]
fn damaged_answers_are_asked_for_again() {
    let setting = Setting::new();
    let kept = setting.kept.path();
    let want = shown(&setting.command(kept).output().expect("the program starts"));
    assert!(want.starts_with("Some(1)\n") && want.matches("[SC2086]").count() == 40, "{want}");
    let files = setting.files();
    assert!(files.len() > 8, "{files:?}");
    let whole: Vec<Vec<u8>> = files.iter().map(|path| fs::read(path).expect("it can be read")).collect();
    let longest = whole.iter().map(Vec::len).max().unwrap_or_default();
    let damage = |change: &dyn Fn(&[u8]) -> Vec<u8>, why: &str| {
        for (path, bytes) in files.iter().zip(&whole) {
            fs::write(path, change(bytes)).expect("it can be written");
        }
        setting.check(kept, &want, why);
    };
    let before = setting.starts();
    damage(&<[u8]>::to_vec, "as it was");
    assert_eq!(setting.starts(), before, "nothing is asked");
    for len in (0..longest).step_by(13) {
        damage(&|bytes| bytes[..len.min(bytes.len())].to_vec(), "cut off");
    }
    for at in (0..longest).step_by(11) {
        let flip = |bytes: &[u8]| bytes.iter().enumerate().map(|(n, b)| if n == at { b ^ 0x55 } else { *b }).collect();
        damage(&flip, "one byte is another");
    }
    damage(&|bytes| bytes.iter().rev().copied().collect(), "backwards");
    damage(&|bytes| [bytes, bytes].concat(), "twice");
    damage(&|_| b"layerwise: answers of shellcheck, 1\n".iter().chain(&[0xff; 5_000]).copied().collect(), "no end");
    // Each answer under the key of another script.
    let other = whole.clone();
    for (at, path) in files.iter().enumerate() {
        fs::write(path, &other[(at + 1) % other.len()]).expect("it can be written");
    }
    setting.check(kept, &want, "files under other names");
    assert!(setting.starts() > before, "it was asked again");
}

#[test]
fn where_nothing_can_be_kept_nothing_is_missed() {
    let setting = Setting::new();
    let kept = setting.kept.path();
    let want = shown(&setting.command(kept).output().expect("the program starts"));
    let other = folder(&[("file", ""), ("folder/shellcheck", "no folder")]);
    for place in ["file", "file/below", "folder"] {
        setting.check(&other.path().join(place), &want, place);
    }
    for path in setting.files() {
        fs::remove_file(&path).expect("it is ours");
        assert!(Command::new("mkfifo").arg(&path).status().expect("mkfifo is there").success());
    }
    setting.check(kept, &want, "pipes");
    for path in setting.files() {
        fs::remove_file(&path).expect("it is ours");
        fs::create_dir(&path).expect("it can be made");
    }
    setting.check(kept, &want, "folders");
    for path in setting.files() {
        fs::remove_dir(&path).expect("it is ours");
        File::create(&path).and_then(|file| file.set_len(1 << 31)).expect("a file may have holes");
    }
    setting.check(kept, &want, "too large");
}

#[test]
fn runs_at_once_do_not_disturb_one_another() {
    let setting = Setting::new();
    let kept = setting.kept.path();
    let alone = folder(&[]);
    let want = shown(&setting.command(alone.path()).output().expect("the program starts"));
    for round in 0..3 {
        let start = |_| setting.command(kept).spawn().expect("the program starts");
        let children: Vec<_> = (0..6).map(start).collect();
        for child in children {
            assert_eq!(shown(&child.wait_with_output().expect("it ends")), want, "round {round}");
        }
    }
    let names = setting.files().into_iter().map(|path| path.file_name().map_or(0, |name| name.len()));
    assert!(names.eq(std::iter::repeat_n(1, setting.files().len())), "none is left unfinished");
    let before = setting.starts();
    setting.check(kept, &want, "afterwards");
    assert_eq!(setting.starts(), before, "all answers are known");
}

#[test]
#[ignore = "needs the program unshare"]
fn unshare_a_full_or_read_only_disk_for_answers_is_no_trouble() {
    let setting = Setting::new();
    let want = shown(&setting.command(setting.kept.path()).output().expect("the program starts"));
    let disk = folder(&[]);
    let full = "mount -t tmpfs -o size=64k none \"$KEPT\"; cat /dev/zero > \"$KEPT\"/fill 2> /dev/null || true";
    let shut = "mount --bind \"$KEPT\" \"$KEPT\"; mount -o remount,ro,bind \"$KEPT\"";
    for mount in [full, "mount -t tmpfs -o nr_inodes=1 none \"$KEPT\"", shut] {
        let inner = setting.command(disk.path());
        let mut command = Command::new("unshare");
        let script = format!("set -e; {mount}; exec \"$0\" \"$@\"");
        command.args(["--map-root-user", "--mount", "sh", "-c", &script]).arg(inner.get_program());
        command.args(inner.get_args()).current_dir(setting.dir.path()).env("KEPT", disk.path());
        command.envs(inner.get_envs().filter_map(|(name, value)| Some((name, value?))));
        assert_eq!(shown(&command.output().expect("unshare is there")), want, "{mount}");
    }
}
