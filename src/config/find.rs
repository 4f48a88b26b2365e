//! Finding the configuration: upwards from the linted file, up to the root of its repository.

use super::extends::Chain;
use super::mistake::{ConfigError, Source};
use super::read::read;
use super::{Catalogue, Config};
use crate::source::Span;
use std::collections::HashMap;
use std::fs;
use std::io::{self, ErrorKind};
use std::path::{Component, Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

/// The names of the file, the one that wins first.
pub const NAMES: [&str; 2] = [".layerwise.yaml", "layerwise.yaml"];

/// What was found for a folder: a configuration, none, or one with mistakes.
pub type Found = Result<Option<Arc<Config>>, Arc<ConfigError>>;

/// Finds configurations, each folder and each file looked at once. Threads may share it.
pub struct Finder<'a> {
    catalogue: Catalogue<'a>,
    current: PathBuf,
    folders: Mutex<HashMap<PathBuf, Found>>,
}

impl<'a> Finder<'a> {
    /// A finder whose messages name files as seen from the folder `current`.
    pub fn new(current: impl Into<PathBuf>, catalogue: Catalogue<'a>) -> Self {
        Self { catalogue, current: current.into(), folders: Mutex::default() }
    }

    /// The configuration for the file at `path`, which need not exist. Fails when the configuration
    /// has mistakes or can't be read; the same error comes for every file that it is for.
    pub fn for_file(&self, path: &Path) -> Found {
        self.for_folder(path.parent().unwrap_or(Path::new("")))
    }

    /// The absolute path of the file at `path`, as the patterns of a configuration are held against it.
    pub fn whole(&self, path: &Path) -> PathBuf {
        let folder = self.whole_folder(path.parent().unwrap_or(Path::new("")));
        path.file_name().map_or_else(|| folder.clone(), |name| folder.join(name))
    }

    fn whole_folder(&self, folder: &Path) -> PathBuf {
        let whole = self.current.join(folder);
        // The folder above `a/..` is not `a`: only the file system knows which it is.
        if whole.components().any(|c| c == Component::ParentDir) {
            return fs::canonicalize(&whole).unwrap_or(whole);
        }
        // `./` would fit no pattern.
        whole.components().collect()
    }

    /// The configuration for files in `folder`. Fails as `for_file` does.
    pub fn for_folder(&self, folder: &Path) -> Found {
        let whole = self.whole_folder(folder);
        // Held while looking: the other threads most often wait for the same answer.
        let mut folders = self.folders.lock().unwrap_or_else(PoisonError::into_inner);
        let mut passed = Vec::new();
        let mut found = Ok(None);
        for folder in whole.ancestors() {
            if let Some(known) = folders.get(folder) {
                found = known.clone();
                break;
            }
            passed.push(folder.to_owned());
            if let Some(here) = self.look(folder) {
                found = here;
                break;
            }
            if folder.join(".git").exists() {
                break;
            }
        }
        folders.extend(passed.into_iter().map(|folder| (folder, found.clone())));
        found
    }

    /// The configuration in `folder` itself, if there is a file.
    fn look(&self, folder: &Path) -> Option<Found> {
        NAMES.iter().map(|name| folder.join(name)).find_map(|path| match fs::metadata(&path) {
            Ok(metadata) if metadata.is_file() => {
                let name = path.strip_prefix(&self.current).unwrap_or(&path).display().to_string();
                Some(load(&path, &name, self.catalogue).map(|config| Some(Arc::new(config))).map_err(Arc::new))
            }
            Ok(_) => None,
            Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => None,
            // A folder that may not be looked into can't be told to hold no configuration.
            Err(error) => Some(Err(Arc::new(ConfigError::unreadable(&path.display().to_string(), &error)))),
        })
    }
}

/// Reads the configuration file at `path`, called `name` in messages. Fails when the file can't be
/// read, and with all its mistakes.
pub fn load(path: &Path, name: &str, catalogue: Catalogue<'_>) -> Result<Config, ConfigError> {
    load_in(path, name, &Chain::new(path, name), catalogue)
}

pub(super) fn load_in(path: &Path, name: &str, chain: &Chain, catalogue: Catalogue<'_>) -> Result<Config, ConfigError> {
    let bytes = fs::read(path).map_err(|error: io::Error| ConfigError::unreadable(name, &error))?;
    let text = String::from_utf8(bytes).map_err(|error| not_utf8(name, &error))?;
    let config = read(&Source::new(name, &text), catalogue, chain)?;
    Ok(Config { path: Some(path.to_owned()), ..config })
}

fn not_utf8(name: &str, error: &std::string::FromUtf8Error) -> ConfigError {
    // Up to the first wrong byte the lossy text has the same offsets.
    let text = String::from_utf8_lossy(error.as_bytes());
    let at = error.utf8_error().valid_up_to();
    let span = Span::from(at..at + char::REPLACEMENT_CHARACTER.len_utf8());
    let message = "the configuration is not UTF-8 text".to_owned();
    let help = Some("save the file as UTF-8".to_owned());
    let mistake = Source::new(name, &text).mistake_at(message, &[(span, "the first wrong byte")], help);
    ConfigError::of(vec![mistake]).unwrap_or_else(|| unreachable!("there is one mistake"))
}
