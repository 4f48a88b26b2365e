//! Writing a report: the whole of it or nothing.

use crate::cli::interrupt::at_once_while;
use crate::config::{is_link_out, root_of};
use crate::fix::replace::{Replacement, folder_of, may_write};
use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::Path;

/// Replaces the file at `path` by what `fill` writes, or makes it. A symbolic link stays and its target is replaced, unless
/// it leads out of the repository; what is no regular file, such as a pipe, is written to as it is.
pub(in crate::cli) fn write(path: &Path, fill: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> io::Result<()> {
    if leads_out(path) {
        return Err(io::Error::other("it is a link out of the repository, or below one; name the place itself"));
    }
    let known = match fs::metadata(path) {
        Ok(metadata) if metadata.is_dir() => return Err(io::Error::other("it is a folder")),
        Ok(metadata) if !metadata.is_file() => {
            return at_once_while(|| {
                let mut out = BufWriter::new(File::options().write(true).open(path)?);
                fill(&mut out)?;
                out.flush()
            });
        }
        Ok(metadata) if !may_write(path, &metadata)? => return Err(io::Error::other("the file is read-only")),
        Ok(metadata) => Some(metadata),
        Err(error) if error.kind() == io::ErrorKind::NotFound => None,
        Err(error) => return Err(error),
    };
    let target = if known.is_some() { fs::canonicalize(path)? } else { path.to_owned() };
    let folder = folder_of(&target);
    if !folder.is_dir() {
        return Err(io::Error::other(format!("there is no folder {}", folder.display())));
    }
    let replacement = Replacement::of(&target, known)?;
    replacement.fill(fill)?;
    replacement.put()
}

/// Whether `path` is named as one in a repository, and a link that somebody put there takes it out.
fn leads_out(path: &Path) -> bool {
    let folder = folder_of(path);
    let is_repository = |folder: &Path| folder.join(".git").exists();
    let Ok(real) = fs::canonicalize(folder) else { return false };
    if is_repository(root_of(&real)) && is_link_out(path, folder) {
        return true;
    }
    let Ok(here) = std::env::current_dir().and_then(fs::canonicalize) else { return false };
    let root = root_of(&here);
    let is_named_within = here.join(path).starts_with(root) && !path.components().any(|part| part.as_os_str() == "..");
    is_repository(root) && is_named_within && !real.starts_with(root)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn put(path: &Path, text: &str) -> io::Result<()> {
        write(path, |out| out.write_all(text.as_bytes()))
    }

    #[test]
    fn a_failure_leaves_the_old_file_and_no_other() {
        let folder = tempfile::tempdir().expect("a folder can be made");
        let path = folder.path().join("report.json");
        put(&path, "old").expect("it can be written");
        let failed = write(&path, |out| {
            out.write_all(b"half")?;
            Err(io::Error::other("the disk is full"))
        });
        assert_eq!(failed.map_err(|e| e.to_string()), Err("the disk is full".to_owned()));
        assert_eq!(fs::read_to_string(&path).expect("it is there"), "old");
        put(&path, "new").expect("it can be written");
        assert_eq!(fs::read_to_string(&path).expect("it is there"), "new");
        assert_eq!(fs::read_dir(folder.path()).expect("it can be listed").count(), 1);
    }

    #[test]
    fn what_can_not_be_written_says_why() {
        let folder = tempfile::tempdir().expect("a folder can be made");
        let error = |path: &Path| put(path, "x").expect_err("it can't be written").to_string();
        assert_eq!(error(folder.path()), "it is a folder");
        assert!(error(&folder.path().join("no/report.json")).starts_with("there is no folder "));
    }

    #[cfg(unix)]
    #[test]
    fn modes_links_and_pipes_stay_what_they_are() {
        use std::fs::Permissions;
        use std::os::unix::fs::{PermissionsExt, symlink};
        let folder = tempfile::tempdir().expect("a folder can be made");
        let path = folder.path().join("report.json");
        let mode = || fs::metadata(&path).expect("it is there").permissions().mode() & 0o777;
        put(&path, "new").expect("it can be written");
        assert_eq!(mode() & 0o600, 0o600);
        let plain = folder.path().join("plain");
        fs::write(&plain, "").expect("it can be written");
        assert_eq!(mode(), fs::metadata(&plain).expect("it is there").permissions().mode() & 0o777);
        fs::set_permissions(&path, Permissions::from_mode(0o640)).expect("it can be changed");
        let link = folder.path().join("link.json");
        symlink("report.json", &link).expect("it can be made");
        put(&link, "through").expect("it can be written");
        assert_eq!((mode(), fs::read_to_string(&path).expect("it is there")), (0o640, "through".to_owned()));
        assert!(fs::symlink_metadata(&link).expect("it is there").is_symlink());
        put(Path::new("/dev/null"), "gone").expect("it can be written");
        assert!(!fs::metadata("/dev/null").expect("it is there").is_file());
    }
}
