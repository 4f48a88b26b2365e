//! Reading the files that a command names.

use miette::Diagnostic;
use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use thiserror::Error;

/// Why a file can't be read.
#[derive(Debug, Error, Diagnostic)]
pub enum InputError {
    /// The system says no.
    #[error("can't read {}", path.display())]
    #[diagnostic(code(layerwise::unreadable))]
    Io {
        /// The file.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// The bytes are no text.
    #[error("{} is not UTF-8 text: the byte at offset {at} (line {line}) can't be read", path.display())]
    #[diagnostic(code(layerwise::not_utf8), help("save the file as UTF-8; nothing in it was checked"))]
    NotUtf8 {
        /// The file.
        path: PathBuf,
        /// The offset of the first bad byte.
        at: usize,
        /// Its line, from 1.
        line: usize,
    },
    /// No Dockerfile is so large, and some files have no end.
    #[error("{} is larger than {} MiB", path.display(), LARGEST / 1024 / 1024)]
    #[diagnostic(code(layerwise::too_large), help("nothing in it was checked; is it a Dockerfile?"))]
    TooLarge {
        /// The file.
        path: PathBuf,
    },
}

/// The largest file that is read, in bytes.
pub(super) const LARGEST: u64 = 64 * 1024 * 1024;

/// The text of the file at `path`; `-` is standard input.
///
/// # Errors
/// If it can't be read, is not UTF-8, or is larger than 64 MiB.
pub fn read(path: &Path) -> Result<String, InputError> {
    let io_error = |source| InputError::Io { path: path.to_owned(), source };
    let mut bytes = Vec::new();
    if path == Path::new("-") {
        io::stdin().lock().take(LARGEST + 1).read_to_end(&mut bytes).map_err(io_error)?;
    } else {
        let file = File::open(path).map_err(io_error)?;
        // Room for all of it at once; what says another length is read all the same.
        bytes.reserve(file.metadata().map_or(0, |data| data.len().min(LARGEST) as usize + 1));
        file.take(LARGEST + 1).read_to_end(&mut bytes).map_err(io_error)?;
    }
    text(path, bytes)
}

/// `bytes`, the content of the file at `path`, as text.
///
/// # Errors
/// If they are not UTF-8, or more than 64 MiB.
pub fn text(path: &Path, bytes: Vec<u8>) -> Result<String, InputError> {
    if bytes.len() as u64 > LARGEST {
        return Err(InputError::TooLarge { path: path.to_owned() });
    }
    String::from_utf8(bytes).map_err(|error| {
        let at = error.utf8_error().valid_up_to();
        let line = error.as_bytes()[..at].iter().filter(|&&b| b == b'\n').count() + 1;
        InputError::NotUtf8 { path: path.to_owned(), at, line }
    })
}
