//! The folder for what is worth keeping between runs.
//!
//! What lies there is believed. So the user names it, or it is the one of the system, unless that lies where a repository
//! could put files into it.

use super::failure::Failure;
use std::env;
use std::ffi::OsString;
use std::path::{Path, PathBuf};

/// Names another folder, or says `off`.
const VARIABLE: &str = "LAYERWISE_CACHE_DIR";

/// Where things are kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum CacheFolder {
    /// Nowhere: the user says so, or the system has no place.
    None,
    /// Here.
    Here(PathBuf),
    /// Not here, because a repository may write here.
    Unsafe(PathBuf),
}

impl CacheFolder {
    /// The folder that the environment names.
    pub(super) fn find() -> Result<Self, Failure> {
        let get = |name: &str| env::var_os(name).filter(|value| !value.is_empty());
        if let Some(word) = get(VARIABLE) {
            return named(&word).ok_or_else(|| {
                let message = format!("{VARIABLE}: `{}` is neither off nor an absolute path", word.to_string_lossy());
                Failure::Usage { message, help: Some("name the folder by its whole path".to_owned()) }
            });
        }
        let absolute = |path: PathBuf| path.is_absolute().then_some(path);
        let home = env::home_dir().and_then(absolute);
        let of_system = if cfg!(windows) {
            get("LOCALAPPDATA").map(PathBuf::from).and_then(absolute)
        } else {
            let xdg = get("XDG_CACHE_HOME").map(PathBuf::from).and_then(absolute);
            xdg.or_else(|| home.as_ref().map(|home| home.join(".cache")))
        };
        let current = env::current_dir().unwrap_or_default();
        Ok(of_system.map_or(Self::None, |folder| Self::judge(folder.join("layerwise"), home.as_deref(), &current)))
    }

    /// `folder`, unless it lies in a working tree or below the current folder. A home may be one, and may lie below.
    fn judge(folder: PathBuf, home: Option<&Path>, current: &Path) -> Self {
        let outer = |place: &&Path| !home.is_some_and(|home| home.starts_with(place) && folder.starts_with(home));
        let inside = |place: &Path| place == current || place.join(".git").exists();
        match folder.ancestors().take_while(outer).any(inside) {
            true => Self::Unsafe(folder),
            false => Self::Here(folder),
        }
    }
}

fn named(word: &OsString) -> Option<CacheFolder> {
    if word == "off" {
        return Some(CacheFolder::None);
    }
    Path::new(word).is_absolute().then(|| CacheFolder::Here(word.into()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_repository_gets_no_say() {
        let root = tempfile::tempdir().unwrap();
        let root = root.path();
        let (home, work) = (root.join("home"), root.join("home/work"));
        std::fs::create_dir_all(work.join(".git")).unwrap();
        let judge = |folder: &Path, current: &Path| CacheFolder::judge(folder.to_owned(), Some(&home), current);
        let usual = home.join(".cache/layerwise");
        for current in [root, &home, &work] {
            assert_eq!(judge(&usual, current), CacheFolder::Here(usual.clone()));
        }
        // As some services set XDG_CACHE_HOME: in the checkout.
        let inside = work.join(".cache/layerwise");
        assert_eq!(judge(&inside, root), CacheFolder::Unsafe(inside.clone()));
        let plain = root.join("unpacked/.cache/layerwise");
        assert_eq!(judge(&plain, &root.join("unpacked")), CacheFolder::Unsafe(plain.clone()));
        assert_eq!(judge(&plain, &home), CacheFolder::Here(plain.clone()));
        // Who keeps the home in Git is its owner.
        std::fs::create_dir(home.join(".git")).unwrap();
        assert_eq!(judge(&usual, &work), CacheFolder::Here(usual.clone()));
        assert_eq!(judge(&inside, root), CacheFolder::Unsafe(inside.clone()));
    }

    #[test]
    fn a_relative_name_is_none() {
        assert_eq!(named(&"off".into()), Some(CacheFolder::None));
        assert_eq!(named(&"cache".into()), None);
    }
}
