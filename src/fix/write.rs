//! Writing a mended file: all of it or nothing.

use super::replace::{Replacement, folder_of, may_write};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use thiserror::Error;

/// Why a file was not written. The file is then as it was.
#[derive(Debug, Error)]
pub enum WriteError {
    /// Somebody else wrote to the file in the meantime.
    #[error("{} changed after it was read, so it was left alone: run again", .path.display())]
    Changed {
        /// The file.
        path: PathBuf,
    },
    /// The file is marked as read-only, or this user may not write to it.
    #[error("{} is read-only, so it was left alone: make it writable and run again", .path.display())]
    ReadOnly {
        /// The file.
        path: PathBuf,
    },
    /// The path leads to a folder, a device or a pipe.
    #[error("{} is not a regular file, so it can't be rewritten", .path.display())]
    NotAFile {
        /// The path.
        path: PathBuf,
    },
    /// No new file can be made next to the file.
    #[error("can't make a file in the folder {}, which is needed to replace {} safely: {source}", .folder.display(), .path.display())]
    Folder {
        /// The file.
        path: PathBuf,
        /// The folder that it lies in, symbolic links resolved.
        folder: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// Anything else that the system refuses.
    #[error("can't write {}: {source}", .path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
}

/// Replaces the content of the file at `path`, read before as `original`, by `new`. A symbolic link
/// stays and its target is written; the permissions stay. Fails, with the file as it was, when it no
/// longer holds `original`, is read-only, or the system refuses a step.
pub fn write(path: &Path, original: &[u8], new: &[u8]) -> Result<(), WriteError> {
    write_with(path, original, new, || {})
}

/// `write`, with a hook for tests between making the new file and putting it in place.
fn write_with(path: &Path, original: &[u8], new: &[u8], meanwhile: impl FnOnce()) -> Result<(), WriteError> {
    let io = |source| WriteError::Io { path: path.to_owned(), source };
    let target = fs::canonicalize(path).map_err(io)?;
    let metadata = fs::metadata(&target).map_err(io)?;
    if !metadata.is_file() {
        return Err(WriteError::NotAFile { path: path.to_owned() });
    }
    if !may_write(&target, &metadata).map_err(io)? {
        return Err(WriteError::ReadOnly { path: path.to_owned() });
    }
    let replacement = Replacement::of(&target, Some(metadata)).map_err(|source| {
        let folder = folder_of(&target).to_owned();
        WriteError::Folder { path: path.to_owned(), folder, source }
    })?;
    replacement.fill(|out| out.write_all(new)).map_err(io)?;
    meanwhile();
    // As late as can be: what is between here and the rename is the smallest gap a file system gives.
    if fs::read(&target).map_err(io)? != original {
        return Err(WriteError::Changed { path: path.to_owned() });
    }
    replacement.put().map_err(io)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder_with(content: &str) -> (tempfile::TempDir, PathBuf) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("Dockerfile");
        fs::write(&path, content).unwrap();
        (folder, path)
    }

    fn names(folder: &Path) -> Vec<String> {
        let names = fs::read_dir(folder).unwrap().map(|e| e.unwrap().file_name().into_string().unwrap());
        let mut names: Vec<String> = names.collect();
        names.sort();
        names
    }

    #[test]
    fn replaces_the_content() {
        let (folder, path) = folder_with("old");
        write(&path, b"old", b"new").unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"new");
        assert_eq!(names(folder.path()), ["Dockerfile"]);
    }

    #[test]
    fn refuses_when_the_file_changed() {
        let (folder, path) = folder_with("old");
        let error = write_with(&path, b"old", b"new", || fs::write(&path, "theirs").unwrap()).unwrap_err();
        assert!(matches!(error, WriteError::Changed { .. }), "{error}");
        assert!(error.to_string().ends_with("Dockerfile changed after it was read, so it was left alone: run again"));
        assert_eq!(fs::read(&path).unwrap(), b"theirs");
        assert_eq!(names(folder.path()), ["Dockerfile"]);
    }

    #[test]
    fn a_file_that_goes_away_is_not_made_again() {
        let (folder, path) = folder_with("old");
        let error = write_with(&path, b"old", b"new", || fs::remove_file(&path).unwrap()).unwrap_err();
        assert!(matches!(error, WriteError::Io { .. }), "{error}");
        assert!(names(folder.path()).is_empty());
    }

    #[test]
    fn refuses_what_is_not_a_regular_file() {
        let folder = tempfile::tempdir().unwrap();
        assert!(matches!(write(folder.path(), b"", b""), Err(WriteError::NotAFile { .. })));
    }

    #[test]
    fn refuses_a_read_only_file() {
        let (folder, path) = folder_with("old");
        let mut permissions = fs::metadata(&path).unwrap().permissions();
        permissions.set_readonly(true);
        fs::set_permissions(&path, permissions).unwrap();
        assert!(matches!(write(&path, b"old", b"new"), Err(WriteError::ReadOnly { .. })));
        assert_eq!(fs::read(&path).unwrap(), b"old");
        assert_eq!(names(folder.path()), ["Dockerfile"]);
    }

    #[cfg(unix)]
    #[test]
    fn keeps_the_mode() {
        use std::os::unix::fs::PermissionsExt;
        for mode in [0o600, 0o640, 0o664, 0o755] {
            let (_folder, path) = folder_with("old");
            fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
            write(&path, b"old", b"new").unwrap();
            assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o7777, mode);
        }
    }

    #[cfg(unix)]
    #[test]
    fn keeps_a_symbolic_link_and_writes_its_target() {
        let (folder, path) = folder_with("old");
        let other = tempfile::tempdir().unwrap();
        let link = other.path().join("link");
        std::os::unix::fs::symlink(&path, &link).unwrap();
        write(&link, b"old", b"new").unwrap();
        assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
        assert_eq!(fs::read(&path).unwrap(), b"new");
        assert_eq!(names(folder.path()), ["Dockerfile"]);
        assert_eq!(names(other.path()), ["link"]);
    }

    #[cfg(unix)]
    #[test]
    fn a_read_only_folder_is_named_in_the_error() {
        use std::os::unix::fs::PermissionsExt;
        let (folder, path) = folder_with("old");
        fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o555)).unwrap();
        // Root may write everywhere: then there is nothing to see.
        if fs::write(folder.path().join("probe"), "").is_err() {
            let error = write(&path, b"old", b"new").unwrap_err();
            assert!(matches!(error, WriteError::Folder { .. }), "{error}");
            assert_eq!(fs::read(&path).unwrap(), b"old");
        }
        fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o755)).unwrap();
    }
}
