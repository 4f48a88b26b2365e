//! Finding and running the program.
//!
//! It is run on text from a repository that nobody vouches for. Its place comes from the user or from the
//! absolute folders of `PATH`, never from the repository. It runs in an empty folder of its own, where it finds
//! no configuration, reads none of the user's folders and follows no `source`.

use super::answer::{Answer, Comment};
use super::work::{AtWork, Place};
use std::fmt::Write as _;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::mpsc;
use std::time::Duration;
use std::{env, fs, thread};
use thiserror::Error;

/// How many bytes it may print.
const OUTPUT_LIMIT: u64 = 256 * 1024 * 1024;

/// How long it may go on once it has said all.
const GRACE: Duration = Duration::from_secs(1);

/// What a RUN has no use for: what is about files that are read with `source` (SC1090, SC1091), about the `#!`
/// line (SC1008, SC1071, SC2148), which is ours, and about ash (SC2187), which is right there.
const NOT_ASKED: &str = "SC1008,SC1071,SC1090,SC1091,SC2148,SC2187";

/// What it is told besides the names of the scripts.
pub(super) const OPTIONS: [&str; 4] = ["--norc", "--format=json1", "-e", NOT_ASKED];

/// Why the program gave no answer.
#[derive(Debug, Error)]
pub enum Trouble {
    /// It can't be started.
    #[error("{} can't be started: {source}", program.display())]
    Start {
        /// The program.
        program: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// The scripts can't be handed over.
    #[error("the scripts can't be handed over: {0}")]
    Files(#[source] io::Error),
    /// It takes too long.
    #[error("it gave no answer within {} seconds", .0.as_secs_f32())]
    TooSlow(Duration),
    /// It ended as it does not when all is well.
    #[error("it failed ({status}){message}")]
    Failed {
        /// How it ended.
        status: String,
        /// What it said, with a colon in front.
        message: String,
    },
    /// Its answer can't be read.
    #[error("its answer can't be read: {0}")]
    Nonsense(String),
}

/// The program in the absolute folders of `PATH`.
pub fn find() -> Option<PathBuf> {
    let name = format!("shellcheck{}", env::consts::EXE_SUFFIX);
    let folders = env::var_os("PATH")?;
    env::split_paths(&folders).filter(|f| f.is_absolute()).map(|f| f.join(&name)).find(|path| is_program(path))
}

#[cfg(unix)]
fn is_program(path: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt;
    fs::metadata(path).is_ok_and(|m| m.is_file() && m.permissions().mode() & 0o111 != 0)
}

#[cfg(not(unix))]
fn is_program(path: &Path) -> bool {
    path.is_file()
}

/// What the program says of each of `scripts`, if it says so within `limit`.
pub(super) fn run(
    program: &Path,
    scripts: &[&str],
    limit: Duration,
    at_work: &AtWork,
) -> Result<Vec<Vec<Comment>>, Trouble> {
    let place = at_work.place().map_err(Trouble::Files)?;
    let folder = place.path();
    let mut command = Command::new(program);
    command.args(OPTIONS).current_dir(folder);
    // It would add options of its own; then its answer could not be read.
    command.env_remove("SHELLCHECK_OPTS");
    // ShellCheck follows `source` to the files that it is given: no script may guess the name of another.
    let stem = folder.file_name().unwrap_or_default().to_string_lossy().into_owned() + "-";
    for (at, script) in scripts.iter().enumerate() {
        let name = format!("{stem}{at}");
        fs::write(folder.join(&name), script).map_err(Trouble::Files)?;
        command.arg(name);
    }
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let (code, output, message) = talk(command, limit, &place)?;
    // 0 and 1 tell whether it found something.
    if !matches!(code, Some(0 | 1)) {
        let status = code.map_or("killed".to_owned(), |code| format!("exit code {code}"));
        return Err(Trouble::Failed { status, message: shown(&message) });
    }
    let answer: Answer = serde_json::from_slice(&output).map_err(|e| Trouble::Nonsense(e.to_string()))?;
    let mut all: Vec<Vec<Comment>> = vec![Vec::new(); scripts.len()];
    for comment in answer.comments {
        let at = comment.file.strip_prefix(&stem).and_then(|at| at.parse::<usize>().ok());
        let place = at.and_then(|at| all.get_mut(at));
        place.ok_or_else(|| Trouble::Nonsense("it speaks of a file that it was not given".to_owned()))?.push(comment);
    }
    Ok(all)
}

/// Runs the program in `place`, reads all that it prints, and ends it if that takes too long.
fn talk(mut command: Command, limit: Duration, place: &Place<'_>) -> Result<(Option<i32>, Vec<u8>, String), Trouble> {
    let (output, message) =
        place.start(&mut command).map_err(|source| Trouble::Start { program: command.get_program().into(), source })?;
    let message = read(message, 16 * 1024);
    let output = read(output, OUTPUT_LIMIT).recv_timeout(limit);
    let status = place.wait(if output.is_ok() { GRACE } else { Duration::ZERO }).map_err(Trouble::Files)?;
    let output = output.map_err(|_| Trouble::TooSlow(limit))?;
    let message = message.recv_timeout(Duration::from_secs(1)).unwrap_or_default();
    Ok((status.and_then(|status| status.code()), output, String::from_utf8_lossy(&message).into_owned()))
}

fn read(pipe: Option<impl Read + Send + 'static>, limit: u64) -> mpsc::Receiver<Vec<u8>> {
    let (sender, receiver) = mpsc::channel();
    thread::spawn(move || {
        let mut bytes = Vec::new();
        // What was read before an error is cut short, and is then no valid answer.
        let _ = pipe.map(|pipe| pipe.take(limit).read_to_end(&mut bytes));
        let _ = sender.send(bytes);
    });
    receiver
}

/// The first line of a message, with a colon in front.
fn shown(message: &str) -> String {
    let mut out = String::new();
    if let Some(line) = message.lines().map(str::trim).find(|line| !line.is_empty()) {
        let line: String = line.chars().filter(|&c| !crate::source::is_unsafe(c)).take(200).collect();
        let _ = write!(out, ": {line}");
    }
    out
}
