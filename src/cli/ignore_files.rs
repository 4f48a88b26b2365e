//! The ignore files that a walk through folders reads, looked at before it does. A repository may hold a pipe of such a
//! name, or a link to what has no end, and would keep a pipeline waiting or fill its memory.

use std::fs::{self, File};
use std::io::Read;
use std::path::{Path, PathBuf};

/// The most bytes that one may have.
const LARGEST: u64 = 1024 * 1024;

/// The first of them in `folder` that is not to be read.
pub(super) fn unsound_in(folder: &Path) -> Option<PathBuf> {
    let own = [".gitignore", ".ignore"].into_iter().map(|name| folder.join(name)).find(|path| !is_sound(path));
    own.or_else(|| unsound_of_git(folder.join(".git")))
}

/// The same in `folder` and those above it, whose files count as well.
pub(super) fn unsound_around(folder: &Path) -> Option<PathBuf> {
    let whole = folder.canonicalize().ok()?;
    unsound_in(folder).or_else(|| whole.ancestors().skip(1).find_map(unsound_in))
}

/// In a working tree beside the main one, `.git` is a file that names a folder, in which another names the next.
fn unsound_of_git(git: PathBuf) -> Option<PathBuf> {
    let mut folder = git;
    if !fs::metadata(&folder).ok()?.is_dir() {
        if !is_sound(&folder) {
            return Some(folder);
        }
        let named = PathBuf::from(first_line(&folder)?.strip_prefix("gitdir: ")?);
        let common = named.join("commondir");
        if !is_sound(&common) {
            return Some(common);
        }
        folder = named.join(first_line(&common)?);
    }
    Some(folder.join("info/exclude")).filter(|path| !is_sound(path))
}

/// Whether the file at `path` has an end that is near, or is not there.
fn is_sound(path: &Path) -> bool {
    let Ok(data) = fs::metadata(path) else { return true };
    if data.is_dir() {
        return true;
    }
    // The files of the system seem to be empty, and some of them are waited for: a link may lead there.
    let is_of_system = || {
        let place = fs::canonicalize(path).unwrap_or_default();
        ["/dev", "/proc", "/sys"].iter().any(|root| place.starts_with(root))
    };
    data.is_file() && data.len() <= LARGEST && !(data.len() == 0 && is_of_system())
}

fn first_line(path: &Path) -> Option<String> {
    let mut text = String::new();
    File::open(path).ok()?.take(LARGEST).read_to_string(&mut text).ok()?;
    text.lines().next().map(str::to_owned)
}
