//! The repository around a folder. It may be anyone's: what is found in it has to lie in it, or a link could have other
//! files of this machine shown, or written over.

use std::fs;
use std::path::Path;

/// The nearest folder from `folder` up that is the root of a repository; `folder` itself if none is.
pub fn root_of(folder: &Path) -> &Path {
    folder.ancestors().find(|folder| folder.join(".git").exists()).unwrap_or(folder)
}

/// Whether `path`, found in `folder` or below it, is a link out of the repository around `folder`.
pub fn is_link_out(path: &Path, folder: &Path) -> bool {
    if !path.symlink_metadata().is_ok_and(|data| data.is_symlink()) {
        return false;
    }
    // `canonicalize` knows no empty path.
    let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
    match (fs::canonicalize(path), fs::canonicalize(folder)) {
        (Ok(target), Ok(folder)) => !target.starts_with(root_of(&folder)),
        _ => true,
    }
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;
    use std::os::unix::fs::symlink;

    #[test]
    fn only_what_lies_elsewhere_is_out() {
        let place = tempfile::tempdir().expect("a folder can be made");
        let (repository, api) = (place.path().join("r"), place.path().join("r/api"));
        fs::create_dir_all(&api).expect("a folder can be made");
        for file in ["r/here", "r/api/file", "r-else"] {
            fs::write(place.path().join(file), "").expect("a file can be written");
        }
        for (target, link) in [("../here", "in"), ("../../r-else", "out"), ("nothing", "broken"), ("out", "twice")] {
            symlink(target, api.join(link)).expect("a link can be made");
        }
        let out = |name: &str| is_link_out(&api.join(name), &api);
        assert_eq!(["file", "out", "twice", "broken"].map(out), [false, true, true, true]);
        // Without a repository, the folder stands for one.
        assert!(out("in"));
        fs::create_dir(repository.join(".git")).expect("a folder can be made");
        assert_eq!(["in", "out", "twice"].map(out), [false, true, true]);
    }
}
