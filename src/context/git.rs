//! Running the `git` program on a repository that nobody vouches for.
//!
//! A repository's own configuration can name programs, and git runs them. What was considered, and
//! what stands against it:
//!
//! | A repository may name | Stopped by |
//! |---|---|
//! | hooks, a file system monitor | `core.hooksPath`, `core.fsmonitor`; no command here reads the index |
//! | external diff and text conversion programs, filters | `--no-ext-diff`, `--no-textconv`; only trees and raw blobs are read |
//! | a signature checker (`log.showSignature`, `gpg.program`) | `--no-show-signature` |
//! | a pager, an alias | `--no-pager`; aliases can't replace git's own commands |
//! | submodules, with a program for their update | nothing is checked out or updated |
//! | a remote from which missing objects are fetched, through `ext::`, `core.sshCommand` or `uploadpack` | `GIT_NO_LAZY_FETCH`, and for older versions `GIT_ALLOW_PROTOCOL` with no protocol in it |
//! | credential helpers, prompts | no fetch, so none is asked; `GIT_TERMINAL_PROMPT=0`, an empty `credential.helper` |
//! | a bare repository hidden in a folder | `safe.bareRepository=explicit` |
//! | files to read that never end: a pipe as mail map or order file, an endless tree | `log.mailmap`, `diff.orderFile`; a limit on time and on output |
//! | replaced objects, a diff format or paths of its own | `--no-replace-objects`, and each option that matters is given |
//! | control characters in a message | they are replaced before the message is shown |
//!
//! Nothing goes through a shell, a revision can't begin with `-`, and after it is resolved only the
//! object's id is used. Git's own refusal of folders that belong to somebody else stays in force. The
//! configuration of the user and of the system is trusted, as git itself trusts it. Relative entries of
//! `PATH` are left out, so that a program named `git` in the folder is never run. Variables that point
//! git at another repository (`GIT_DIR`, set inside hooks) are removed.

mod tree;

pub use tree::{EntryKind, TreeEntry, blobs, tree_at};

use std::ffi::{OsStr, OsString};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;
use thiserror::Error;

/// How long one run of git may take.
const TIME_LIMIT: Duration = Duration::from_secs(30);
/// How many bytes one run of git may print.
const OUTPUT_LIMIT: u64 = 512 * 1024 * 1024;
/// How many bytes of its messages are kept.
const MESSAGE_LIMIT: u64 = 16 * 1024;

/// Why git gave no answer.
#[derive(Debug, Error)]
pub enum GitError {
    /// The program is not installed, so callers fall back to what they assume.
    #[error("there is no git program on this system's path")]
    NoProgram,
    /// The folder does not exist or is a file.
    #[error("{} is not a folder", .0.display())]
    NotAFolder(PathBuf),
    /// No repository holds the folder.
    #[error("{} is not in a git repository", .0.display())]
    NotARepository(PathBuf),
    /// The repository has no work tree, or the folder lies in the repository's own files.
    #[error("{} is a git repository without files checked out, so no folder of it is a context", .0.display())]
    Bare(PathBuf),
    /// Git refuses a repository that belongs to another user.
    #[error("{} belongs to another user, so git refuses to read it: see `safe.directory` in git's documentation", .0.display())]
    OtherOwner(PathBuf),
    /// The repository has no commit yet.
    #[error("the git repository of {} has no commit yet", .0.display())]
    Empty(PathBuf),
    /// No commit has that name, or the name could be read as an option.
    #[error("`{0}` names no commit")]
    UnknownRevision(String),
    /// An object is not there, as in a partial clone, or is of another type.
    #[error("the git object {0} is missing or is not a file's content")]
    Missing(String),
    /// Git took too long.
    #[error("git gave no answer within {} seconds", TIME_LIMIT.as_secs())]
    TooSlow,
    /// Git printed too much.
    #[error("git's answer is larger than {} MiB", OUTPUT_LIMIT / 1024 / 1024)]
    TooMuch,
    /// Git printed something that it is not known to print.
    #[error("git's answer could not be read: {0}")]
    Unreadable(&'static str),
    /// Anything else that git refuses, in its words.
    #[error("git failed: {0}")]
    Failed(String),
    /// The system could not start git or talk to it.
    #[error("git could not be run: {0}")]
    Io(#[from] io::Error),
}

/// Where a folder lies in its repository.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// The way from the repository's root to the folder: empty, or ending in `/`.
    pub prefix: String,
    /// The clone holds only the newest commits.
    pub shallow: bool,
}

/// Asks git where `folder` lies. Fails when it is in no repository or in one without a work tree.
pub fn place(folder: &Path) -> Result<Place, GitError> {
    // The prefix comes last: it may hold line breaks itself.
    let asked = ["--is-bare-repository", "--is-inside-work-tree", "--is-shallow-repository", "--show-prefix"];
    let output = run(folder, &[&["rev-parse"], &asked[..]].concat(), Vec::new())?;
    let text = String::from_utf8_lossy(&output);
    let mut lines = text.splitn(4, '\n');
    let mut next = || lines.next().ok_or(GitError::Unreadable("a line about the folder is missing"));
    let (bare, inside, shallow) = (next()?, next()?, next()?);
    if bare == "true" || inside != "true" {
        return Err(GitError::Bare(folder.to_owned()));
    }
    let prefix = next()?;
    Ok(Place { prefix: prefix.strip_suffix('\n').unwrap_or(prefix).to_owned(), shallow: shallow == "true" })
}

/// The full id of the commit that `revision` names (a branch, a tag, an id, `HEAD~2`). Fails with
/// [`GitError::UnknownRevision`] when there is none, or when it begins with `-`.
pub fn resolve(folder: &Path, revision: &str) -> Result<String, GitError> {
    let unknown = || GitError::UnknownRevision(printable(revision));
    if revision.is_empty() || revision.starts_with('-') || revision.chars().any(char::is_control) {
        return Err(unknown());
    }
    let commit = format!("{revision}^{{commit}}");
    let output = match run(folder, &["rev-parse", "--verify", "--quiet", "--end-of-options", &commit], Vec::new()) {
        // Asked to be quiet, git says nothing about a name that it does not know, or "Needed a single revision".
        Err(GitError::Failed(message)) if message.is_empty() || message.contains("revision") => return Err(unknown()),
        other => other?,
    };
    let id = String::from_utf8_lossy(&output).trim().to_owned();
    if is_id(&id) { Ok(id) } else { Err(unknown()) }
}

/// Whether the text is a full object id (SHA-1 or SHA-256), so that it can't be read as anything else.
pub(super) fn is_id(text: &str) -> bool {
    matches!(text.len(), 40 | 64) && text.bytes().all(|b| b.is_ascii_hexdigit())
}

/// Runs git in `folder` with `input` on its standard input, and gives back what it prints.
pub(super) fn run(folder: &Path, arguments: &[&str], input: Vec<u8>) -> Result<Vec<u8>, GitError> {
    if !folder.is_dir() {
        return Err(GitError::NotAFolder(folder.to_owned()));
    }
    let path = std::env::var_os("PATH").and_then(|path| search_path(&path)).ok_or(GitError::NoProgram)?;
    let child = command(folder, arguments, &path).spawn().map_err(|error| match error.kind() {
        io::ErrorKind::NotFound => GitError::NoProgram,
        _ => GitError::Io(error),
    })?;
    let (status, output, message) = talk(child, input, TIME_LIMIT)?;
    if status.success() { Ok(output) } else { Err(failure(folder, &message)) }
}

/// The absolute folders of `PATH`. `None` when there is none: an empty path would mean the current folder.
fn search_path(path: &OsStr) -> Option<OsString> {
    let absolute = std::env::join_paths(std::env::split_paths(path).filter(|folder| folder.is_absolute())).ok()?;
    (!absolute.is_empty()).then_some(absolute)
}

fn command(folder: &Path, arguments: &[&str], path: &OsStr) -> Command {
    let mut command = Command::new("git");
    for (name, _) in std::env::vars_os() {
        if points_elsewhere(&name.to_string_lossy()) {
            command.env_remove(name);
        }
    }
    command.env("PATH", path);
    for (name, value) in [
        ("GIT_ALLOW_PROTOCOL", "none-is-allowed"),
        ("GIT_NO_LAZY_FETCH", "1"),
        ("GIT_OPTIONAL_LOCKS", "0"),
        ("GIT_TERMINAL_PROMPT", "0"),
        // Errors are told apart by git's English messages.
        ("LC_ALL", "C"),
        ("LANGUAGE", ""),
    ] {
        command.env(name, value);
    }
    command.arg("-C").arg(folder);
    for setting in [
        "core.fsmonitor=false",
        "core.hooksPath=/dev/null",
        "core.sshCommand=false",
        "credential.helper=",
        "diff.orderFile=/dev/null",
        "log.diffMerges=first-parent",
        "log.mailmap=false",
        "log.showRoot=false",
        "protocol.allow=never",
        "safe.bareRepository=explicit",
    ] {
        command.args(["-c", setting]);
    }
    command.args(["--no-pager", "--no-optional-locks", "--no-replace-objects", "--literal-pathspecs"]);
    command.args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

/// All of git's variables go, but for those that say how the user or the system configured git.
fn points_elsewhere(name: &str) -> bool {
    let kept = name.starts_with("GIT_CONFIG_") && name != "GIT_CONFIG_PARAMETERS"
        || matches!(name, "GIT_EXEC_PATH" | "GIT_CEILING_DIRECTORIES" | "GIT_DISCOVERY_ACROSS_FILESYSTEM");
    name.starts_with("GIT_") && !kept
}

/// Writes and reads at the same time, so that neither side waits for the other for ever.
fn talk(mut child: Child, input: Vec<u8>, limit: Duration) -> Result<(ExitStatus, Vec<u8>, String), GitError> {
    let (stdin, stdout, stderr) = (child.stdin.take(), child.stdout.take(), child.stderr.take());
    thread::spawn(move || {
        // A closed pipe means that git stopped early; its exit status then says why.
        let _ = stdin.map(|mut pipe| pipe.write_all(&input));
    });
    let message = read(stderr, MESSAGE_LIMIT);
    let output = read(stdout, OUTPUT_LIMIT + 1);
    let answer = match output.recv_timeout(limit) {
        Ok(Ok(bytes)) if bytes.len() as u64 > OUTPUT_LIMIT => Err(GitError::TooMuch),
        Ok(bytes) => bytes.map_err(GitError::Io),
        Err(_) => Err(GitError::TooSlow),
    };
    if answer.is_err() {
        let _ = child.kill();
    }
    let status = child.wait()?;
    let message = message.recv_timeout(Duration::from_secs(1)).ok().and_then(Result::ok).unwrap_or_default();
    Ok((status, answer?, String::from_utf8_lossy(&message).into_owned()))
}

fn read(pipe: Option<impl Read + Send + 'static>, limit: u64) -> mpsc::Receiver<io::Result<Vec<u8>>> {
    let (sender, receiver) = mpsc::channel();
    thread::spawn(move || {
        let mut bytes = Vec::new();
        let result = pipe.map_or(Ok(0), |pipe| pipe.take(limit).read_to_end(&mut bytes));
        let _ = sender.send(result.map(|_| bytes));
    });
    receiver
}

fn failure(folder: &Path, message: &str) -> GitError {
    let folder = folder.to_owned();
    if message.contains("not a git repository") {
        GitError::NotARepository(folder)
    } else if message.contains("dubious ownership") {
        GitError::OtherOwner(folder)
    } else if message.contains("safe.bareRepository") || message.contains("must be run in a work tree") {
        GitError::Bare(folder)
    } else {
        GitError::Failed(printable(message.trim().trim_start_matches("fatal: ")))
    }
}

/// Text from a repository must not steer the terminal that it is shown in.
fn printable(text: &str) -> String {
    text.chars()
        .map(|c| {
            if c == '\n' {
                ' '
            } else if c.is_control() {
                '\u{fffd}'
            } else {
                c
            }
        })
        .collect()
}

#[cfg(test)]
mod tests;
