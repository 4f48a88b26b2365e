//! Paths on this machine, cleaned by their names alone, and files read with care.

use std::io::Read;
use std::path::{Component, Path, PathBuf};

/// `path` seen from the absolute folder `base`, without `.` and `..`.
pub(super) fn absolute(base: &Path, path: &Path) -> PathBuf {
    let mut clean = PathBuf::new();
    for part in base.join(path).components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir => {
                clean.pop();
            }
            part => clean.push(part),
        }
    }
    clean
}

/// The text of a plain file of at most `most` bytes. Whoever else may write to the folder can swap the
/// file between the look and the reading, so the reading has its own bound.
pub(super) fn plain_text(path: &Path, most: u64) -> Option<String> {
    let file = std::fs::File::open(path).ok()?;
    if !file.metadata().ok()?.is_file() {
        return None;
    }
    let mut text = String::new();
    let read = file.take(most + 1).read_to_string(&mut text).ok()?;
    (read as u64 <= most).then_some(text)
}
