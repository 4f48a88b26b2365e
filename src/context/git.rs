//! A revision of a Git repository as a build context.

use super::tree::{Entry, Kind, Tree, digest};
use std::io::{self, BufRead, BufReader, Read, Write};
use std::path::Path;
use std::process::{Command, Stdio};

/// Why a revision can't be read.
#[derive(Debug, thiserror::Error)]
pub enum GitError {
    /// There is no `git` program, or it can't be started.
    #[error("the program `git` can't be started")]
    NoProgram(#[source] io::Error),
    /// What Git says.
    #[error("git says: {0}")]
    Refused(String),
    /// A name that looks like an option.
    #[error("`{0}` is no revision")]
    NoRevision(String),
    /// Git's output ended early or is not as documented.
    #[error("git's answer can't be read")]
    Output,
}

/// The `git` program in `folder`, kept from running anything that the repository's own configuration
/// names, from asking questions, and from fetching.
fn git(folder: &Path) -> Command {
    let mut command = Command::new("git");
    command.arg("-C").arg(folder).args(["--no-pager", "--no-optional-locks"]);
    for setting in ["core.fsmonitor=false", "core.hooksPath=/dev/null", "protocol.allow=never"] {
        command.args(["-c", setting]);
    }
    command.env("GIT_TERMINAL_PROMPT", "0").env("GIT_NO_LAZY_FETCH", "1").stdin(Stdio::null());
    command
}

fn answer(command: &mut Command) -> Result<Vec<u8>, GitError> {
    let output = command.output().map_err(GitError::NoProgram)?;
    if output.status.success() {
        return Ok(output.stdout);
    }
    let text = String::from_utf8_lossy(&output.stderr);
    Err(GitError::Refused(text.lines().next().unwrap_or("nothing").trim_start_matches("fatal: ").to_owned()))
}

/// A file of a revision: its path from the folder on, its mode as Git has it, and its content.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Blob {
    /// The path.
    pub path: String,
    /// `100644`, `100755` or `120000` (a link), in octal.
    pub mode: u32,
    /// The content; of a link, its target.
    pub content: Vec<u8>,
}

/// The files that `revision` has below `folder`. Submodules are left out.
///
/// # Errors
/// If there is no `git`, no repository around `folder`, or no such revision.
pub fn files_at(folder: &Path, revision: &str) -> Result<Vec<Blob>, GitError> {
    if revision.starts_with('-') || revision.is_empty() {
        return Err(GitError::NoRevision(revision.to_owned()));
    }
    let list = answer(git(folder).args(["ls-tree", "-r", "-z", "--end-of-options", revision, "."]))?;
    let mut wanted = Vec::new();
    for line in list.split(|&b| b == 0).filter(|l| !l.is_empty()) {
        let line = std::str::from_utf8(line).map_err(|_| GitError::Output)?;
        let (head, path) = line.split_once('\t').ok_or(GitError::Output)?;
        let mut words = head.split(' ');
        let (mode, kind, id) = (words.next(), words.next(), words.next());
        let mode = mode.and_then(|m| u32::from_str_radix(m, 8).ok()).ok_or(GitError::Output)?;
        if kind == Some("blob") {
            wanted.push((path.to_owned(), mode, id.ok_or(GitError::Output)?.to_owned()));
        }
    }
    contents(folder, wanted)
}

/// Asks one process for all contents.
fn contents(folder: &Path, wanted: Vec<(String, u32, String)>) -> Result<Vec<Blob>, GitError> {
    let mut command = git(folder);
    command.args(["cat-file", "--batch"]).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
    let mut process = command.spawn().map_err(GitError::NoProgram)?;
    let (Some(mut input), Some(output)) = (process.stdin.take(), process.stdout.take()) else {
        return Err(GitError::Output);
    };
    let ids: String = wanted.iter().map(|(_, _, id)| format!("{id}\n")).collect();
    // Git answers while it is still being asked: both pipes would fill up.
    let asking = std::thread::spawn(move || input.write_all(ids.as_bytes()));
    let mut output = BufReader::new(output);
    let mut blobs = Vec::with_capacity(wanted.len());
    for (path, mode, _) in wanted {
        let mut head = String::new();
        output.read_line(&mut head).map_err(|_| GitError::Output)?;
        let size: usize = head.split_whitespace().nth(2).and_then(|n| n.parse().ok()).ok_or(GitError::Output)?;
        let mut content = vec![0; size + 1];
        output.read_exact(&mut content).map_err(|_| GitError::Output)?;
        content.pop();
        blobs.push(Blob { path, mode, content });
    }
    // An answer to every question came, so the questions were all put.
    let asked = asking.join().map_err(|_| GitError::Output)?;
    asked.map_err(|_| GitError::Output)?;
    process.wait().map_err(|_| GitError::Output)?;
    Ok(blobs)
}

/// The context that `blobs` make.
pub fn tree_of(blobs: &[Blob]) -> Tree {
    let mut tree = Tree::default();
    for blob in blobs {
        let link = || Kind::Link(String::from_utf8_lossy(&blob.content).into_owned());
        let kind = if blob.mode == 0o120_000 { link() } else { Kind::File(digest(&blob.content)) };
        let mode = if blob.mode == 0o120_000 { 0o777 } else { blob.mode & 0o777 };
        tree.insert(&blob.path, Entry { kind, mode, owner: (0, 0) });
    }
    tree
}
