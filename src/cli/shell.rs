//! `--shellcheck`: whether the scripts of RUN go to the `shellcheck` program, and which one that is.

use super::cache_folder::CacheFolder;
use super::failure::Failure;
use super::interrupt;
use crate::config::ShellCheck;
use crate::lint::{self, FileReport};
use crate::shellcheck::{self, Checker, Trouble};
use crate::source::{LineIndex, is_unsafe};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};

/// Says what `--shellcheck` does not.
const VARIABLE: &str = "LAYERWISE_SHELLCHECK";

/// The program, looked for when the first file wants it.
pub(super) struct Shell {
    /// What the command line or the environment says.
    said: Option<ShellCheck>,
    /// The program that was named.
    program: Option<PathBuf>,
    /// Where its answers are kept.
    folder: CacheFolder,
    checker: OnceLock<Option<Arc<Checker>>>,
    /// Whether something says that it must be there.
    insists: AtomicBool,
}

impl Shell {
    /// Reads `--shellcheck`, or the variable if the option is not given. With `forgets`, answers are not kept.
    pub(super) fn new(option: Option<&str>, forgets: bool) -> Result<Self, Failure> {
        let (name, word) = match (option, std::env::var(VARIABLE)) {
            (Some(word), _) => ("--shellcheck", Some(word.to_owned())),
            (None, Ok(word)) if !word.is_empty() => (VARIABLE, Some(word)),
            _ => (VARIABLE, None),
        };
        let (mut said, mut program) = (word.as_deref().and_then(ShellCheck::from_name), None);
        if let (None, Some(word)) = (said, word) {
            // A name or a relative path could be a program of the repository.
            let path = Path::new(&word);
            if !path.is_absolute() {
                let message = format!("{name}: `{word}` is neither auto, on, off nor an absolute path");
                let help = Some("name the program by its whole path".to_owned());
                return Err(Failure::Usage { message, help });
            }
            (said, program) = (Some(ShellCheck::On), Some(path.to_owned()));
        }
        let is_needed = !forgets && said != Some(ShellCheck::Off);
        let folder = if is_needed { CacheFolder::find()? } else { CacheFolder::None };
        Ok(Self { said, program, folder, checker: OnceLock::new(), insists: false.into() })
    }

    /// The program for a file whose configuration says `configured`.
    pub(super) fn checker(&self, configured: Option<ShellCheck>) -> Option<Arc<Checker>> {
        let wish = self.said.or(configured).unwrap_or_default();
        if wish == ShellCheck::Off {
            return None;
        }
        if wish == ShellCheck::On {
            self.insists.store(true, Ordering::Relaxed);
        }
        let kept = match &self.folder {
            CacheFolder::Here(folder) => Some(folder.as_path()),
            CacheFolder::None | CacheFolder::Unsafe(_) => None,
        };
        let new = |program| Arc::new(Checker::new(program, kept).guarded_by(interrupt::end_with_process));
        self.checker.get_or_init(|| self.program.clone().or_else(shellcheck::find).map(new)).clone()
    }

    /// Says what went wrong: as a failure if the program has to be there, else in a line. Keeps what it said.
    pub(super) fn conclude(
        &self,
        verbose: bool,
        reports: &[FileReport],
        failures: &mut Vec<Failure>,
        err: &mut dyn Write,
    ) -> io::Result<()> {
        let insists = self.insists.load(Ordering::Relaxed);
        let checker = match self.checker.get() {
            // No file wanted it.
            None => return Ok(()),
            Some(Some(checker)) => checker,
            Some(None) if insists => {
                failures.push(Failure::NoShellCheck);
                return Ok(());
            }
            Some(None) if verbose => {
                return writeln!(err, "shellcheck is not on the path, so the scripts of RUN were not read by it");
            }
            Some(None) => return Ok(()),
        };
        checker.save();
        if let CacheFolder::Unsafe(folder) = &self.folder
            && verbose
        {
            let folder = folder.display();
            writeln!(
                err,
                "the answers of shellcheck were not kept: {folder} lies in a repository or below this folder"
            )?;
        }
        match checker.trouble() {
            Some(trouble) if insists => {
                failures.push(Failure::ShellCheck { scripts: unread(checker, reports), trouble });
            }
            Some(trouble) => {
                let scripts = unread(checker, reports);
                writeln!(err, "warning: shellcheck did not read {scripts}: {}", told(&trouble))?
            }
            None => {}
        }
        Ok(())
    }
}

/// How many scripts are named.
const NAMED: usize = 3;

/// The scripts that got no answer, by file and line.
fn unread(checker: &Checker, reports: &[FileReport]) -> String {
    let mut places = Vec::new();
    for report in reports {
        let lines = LineIndex::new(&report.text);
        let path: String = report.path.chars().filter(|&c| c != '\n' && !is_unsafe(c)).collect();
        for script in lint::shell_scripts(&report.text).iter().filter(|s| checker.left_unread(s.text.text())) {
            let line = script.text.start().map_or(1, |at| lines.position(&report.text, at).line);
            places.push(format!("{path}:{line}"));
        }
    }
    if places.is_empty() {
        return "all scripts".to_owned();
    }
    let noun = if places.len() == 1 { "the script" } else { "the scripts" };
    let more = match places.len().saturating_sub(NAMED) {
        0 => String::new(),
        n => format!(" and {n} more"),
    };
    places.truncate(NAMED);
    format!("{noun} at {}{more}", places.join(", "))
}

/// The trouble on one line.
fn told(trouble: &Trouble) -> String {
    trouble.to_string().split_whitespace().collect::<Vec<_>>().join(" ")
}
