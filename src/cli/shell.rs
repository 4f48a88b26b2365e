//! `--shellcheck`: whether the scripts of RUN go to the `shellcheck` program, and which one that is.

use super::failure::Failure;
use crate::config::ShellCheck;
use crate::shellcheck::{self, Checker, Trouble};
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
    checker: OnceLock<Option<Arc<Checker>>>,
    /// Whether something says that it must be there.
    insists: AtomicBool,
}

impl Shell {
    /// Reads `--shellcheck`, or the variable if the option is not given.
    pub(super) fn new(option: Option<&str>) -> Result<Self, Failure> {
        let (name, word) = match (option, std::env::var(VARIABLE)) {
            (Some(word), _) => ("--shellcheck", Some(word.to_owned())),
            (None, Ok(word)) if !word.is_empty() => (VARIABLE, Some(word)),
            _ => (VARIABLE, None),
        };
        let mut shell = Self { said: None, program: None, checker: OnceLock::new(), insists: AtomicBool::new(false) };
        let Some(word) = word else { return Ok(shell) };
        shell.said = ShellCheck::from_name(&word);
        if shell.said.is_none() {
            // A name or a relative path could be a program of the repository.
            let path = Path::new(&word);
            if !path.is_absolute() {
                let message = format!("{name}: `{word}` is neither auto, on, off nor an absolute path");
                let help = Some("name the program by its whole path".to_owned());
                return Err(Failure::Usage { message, help });
            }
            (shell.said, shell.program) = (Some(ShellCheck::On), Some(path.to_owned()));
        }
        Ok(shell)
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
        let find = || self.program.clone().or_else(shellcheck::find).map(|program| Arc::new(Checker::new(program)));
        self.checker.get_or_init(find).clone()
    }

    /// Says what went wrong: as a failure if the program has to be there, else in a line.
    pub(super) fn conclude(&self, verbose: bool, failures: &mut Vec<Failure>, err: &mut dyn Write) -> io::Result<()> {
        let insists = self.insists.load(Ordering::Relaxed);
        match self.checker.get() {
            // No file wanted it.
            None => {}
            Some(None) if insists => failures.push(Failure::NoShellCheck),
            Some(None) if verbose => {
                writeln!(err, "shellcheck is not on the path, so the scripts of RUN were not read by it")?
            }
            Some(None) => {}
            Some(Some(checker)) => match checker.trouble() {
                Some(trouble) if insists => failures.push(Failure::ShellCheck(trouble)),
                Some(trouble) => {
                    writeln!(err, "warning: not all scripts of RUN were read by shellcheck: {}", told(&trouble))?
                }
                None => {}
            },
        }
        Ok(())
    }
}

/// The trouble on one line.
fn told(trouble: &Trouble) -> String {
    trouble.to_string().split_whitespace().collect::<Vec<_>>().join(" ")
}
