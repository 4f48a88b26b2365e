//! Reading the files that a command names.

use miette::Diagnostic;
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
    /// Offsets are 32 bits wide.
    #[error("{} is larger than 4 GiB", path.display())]
    #[diagnostic(code(layerwise::too_large))]
    TooLarge {
        /// The file.
        path: PathBuf,
    },
}

/// The text of the file at `path`; `-` is standard input.
///
/// # Errors
/// If it can't be read, is not UTF-8, or is larger than 4 GiB.
pub fn read(path: &Path) -> Result<String, InputError> {
    let io_error = |source| InputError::Io { path: path.to_owned(), source };
    let bytes = if path == Path::new("-") {
        let mut bytes = Vec::new();
        io::stdin().lock().read_to_end(&mut bytes).map_err(io_error)?;
        bytes
    } else {
        std::fs::read(path).map_err(io_error)?
    };
    text(path, bytes)
}

/// `bytes`, the content of the file at `path`, as text.
///
/// # Errors
/// If they are not UTF-8, or more than 4 GiB.
pub fn text(path: &Path, bytes: Vec<u8>) -> Result<String, InputError> {
    if u32::try_from(bytes.len()).is_err() {
        return Err(InputError::TooLarge { path: path.to_owned() });
    }
    String::from_utf8(bytes).map_err(|error| {
        let at = error.utf8_error().valid_up_to();
        let line = error.as_bytes()[..at].iter().filter(|&&b| b == b'\n').count() + 1;
        InputError::NotUtf8 { path: path.to_owned(), at, line }
    })
}
