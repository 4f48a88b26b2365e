//! Git repositories with a history, made in one go by `git fast-import`.

use std::fmt::Write as _;
use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};
use tempfile::TempDir;

/// A repository that grows commit by commit.
pub struct Repository {
    stream: String,
    commits: u64,
}

impl Repository {
    pub fn new() -> Self {
        Self { stream: String::new(), commits: 0 }
    }

    /// A commit that writes these files.
    pub fn commit(&mut self, files: &[(&str, &str)]) {
        self.commits += 1;
        let time = 1_700_000_000 + self.commits * 3600;
        let message = format!("commit {}", self.commits);
        let _ = write!(
            self.stream,
            "commit refs/heads/main\ncommitter A <a@example.org> {time} +0000\ndata {}\n{message}\n",
            message.len()
        );
        for (path, text) in files {
            let _ = write!(self.stream, "M 100644 inline {path}\ndata {}\n{text}\n", text.len());
        }
        self.stream.push('\n');
    }

    /// The repository in a folder of its own, the newest commit checked out.
    pub fn finish(&self) -> TempDir {
        // A folder whose name starts with a dot is not taken for a project.
        let folder = tempfile::Builder::new().prefix("shop").tempdir().expect("a temporary folder can be made");
        git(folder.path(), &["init", "-q", "-b", "main"], "");
        git(folder.path(), &["fast-import", "--quiet"], &self.stream);
        git(folder.path(), &["reset", "-q", "--hard", "main"], "");
        folder
    }
}

/// Runs git in `folder`, whatever the machine's own settings are.
pub fn git(folder: &Path, args: &[&str], input: &str) {
    let mut child = Command::new("git")
        .current_dir(folder)
        .args(["-c", "user.name=A", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false"])
        .args(args)
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .env("GIT_CONFIG_SYSTEM", "/dev/null")
        .stdin(Stdio::piped())
        .spawn()
        .expect("git is installed");
    child.stdin.take().expect("git reads").write_all(input.as_bytes()).expect("git reads all");
    assert!(child.wait().expect("git ends").success(), "git {args:?}");
}
