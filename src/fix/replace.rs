//! A new file that takes the place of an old one in a single step, whoever writes it: whatever fails before that step
//! leaves the old one as it was.

use std::fs::{File, Metadata, Permissions};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use tempfile::NamedTempFile;

/// A file that is being filled, in the folder of the one that it will be.
pub struct Replacement {
    temporary: NamedTempFile,
    target: PathBuf,
    /// The file that is there, if one is.
    known: Option<Metadata>,
}

impl Replacement {
    /// A file for `target`, a path without links, where the file of `known` is. Dropping it deletes it.
    ///
    /// # Errors
    /// If no file can be made in that folder.
    pub fn of(target: &Path, known: Option<Metadata>) -> io::Result<Self> {
        let mut builder = tempfile::Builder::new();
        builder.prefix(".layerwise-");
        if let Some(permissions) = known.is_none().then(usual).flatten() {
            builder.permissions(permissions);
        }
        Ok(Self { temporary: builder.tempfile_in(folder_of(target))?, target: target.to_owned(), known })
    }

    /// Has `fill` write what it is to hold.
    ///
    /// # Errors
    /// As `fill`, or if the system refuses a step.
    pub fn fill(&self, fill: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> io::Result<()> {
        let mut out = BufWriter::new(self.temporary.as_file());
        fill(&mut out)?;
        out.flush()?;
        drop(out);
        if let Some(known) = &self.known {
            keep_owner(self.temporary.as_file(), known);
            // After the owner: changing that clears the set-id bits.
            self.temporary.as_file().set_permissions(known.permissions())?;
        }
        self.temporary.as_file().sync_all()
    }

    /// Puts it in place.
    ///
    /// # Errors
    /// If the system refuses; the old file is then as it was.
    pub fn put(self) -> io::Result<()> {
        self.temporary.persist(&self.target).map_err(|error| error.error)?;
        sync_folder(folder_of(&self.target));
        Ok(())
    }

    /// Puts it in place, unless somebody else has made the file in the meantime.
    ///
    /// # Errors
    /// As [`Replacement::put`], or if the file is there.
    pub fn put_new(self) -> io::Result<()> {
        self.temporary.persist_noclobber(&self.target).map_err(|error| error.error)?;
        sync_folder(folder_of(&self.target));
        Ok(())
    }
}

/// Whether the file at `path` may be written to, by anybody and by this user. A rename needs no permission on the file
/// itself, so the wish must be read here.
///
/// # Errors
/// If the system says no for another reason than a permission.
pub fn may_write(path: &Path, metadata: &Metadata) -> io::Result<bool> {
    if metadata.permissions().readonly() {
        return Ok(false);
    }
    match File::options().write(true).open(path) {
        Ok(_) => Ok(true),
        Err(error) if error.kind() == io::ErrorKind::PermissionDenied => Ok(false),
        Err(error) => Err(error),
    }
}

/// The folder that `path` lies in.
pub fn folder_of(path: &Path) -> &Path {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// What a new file may have; the system takes away what the user's mask says. A temporary file is its owner's alone.
fn usual() -> Option<Permissions> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        Some(Permissions::from_mode(0o666))
    }
    #[cfg(not(unix))]
    None
}

/// Only root may give a file away; for everybody else a new owner is what any editor leaves too.
#[cfg(unix)]
fn keep_owner(file: &File, metadata: &Metadata) {
    use std::os::unix::fs::{MetadataExt, fchown};
    let now = file.metadata().map(|m| (m.uid(), m.gid())).ok();
    if now != Some((metadata.uid(), metadata.gid())) {
        let _ = fchown(file, Some(metadata.uid()), Some(metadata.gid()));
    }
}

#[cfg(not(unix))]
fn keep_owner(_: &File, _: &Metadata) {}

/// Makes the rename itself survive a power cut. The file is whole either way, so a file system that
/// can't do this is no error.
fn sync_folder(folder: &Path) {
    if cfg!(unix) {
        let _ = File::open(folder).and_then(|f| f.sync_all());
    }
}
