//! Finding the configuration: upwards from the linted file, up to the root of its repository.

use super::extends::Chain;
use super::mistake::{ConfigError, Source};
use super::read::read;
use super::{Catalogue, Config, hadolint, is_link_out};
use crate::source::Span;
use crate::yaml::LARGEST;
use std::collections::HashMap;
use std::fs::{self, File};
use std::io::{self, ErrorKind, Read};
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
    /// Our own files, by folder.
    own: Folders,
    /// Those of hadolint.
    theirs: Folders,
    /// The one that counts for all files.
    only: Option<Found>,
}

type Folders = Mutex<HashMap<PathBuf, Found>>;

impl<'a> Finder<'a> {
    /// A finder whose messages name files as seen from the folder `current`.
    pub fn new(current: impl Into<PathBuf>, catalogue: Catalogue<'a>) -> Self {
        let (own, theirs) = (Mutex::default(), Mutex::default());
        Self { catalogue, current: current.into(), own, theirs, only: None }
    }

    /// A finder that looks nowhere: the file at `path` counts for all.
    pub fn only(current: impl Into<PathBuf>, path: &Path, catalogue: Catalogue<'a>) -> Self {
        let finder = Self::new(current, catalogue);
        let only = Some(finder.load(&finder.whole(path)));
        Self { only, ..finder }
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

    /// The configuration for files in `folder`: ours, or where there is none up to the root of the repository, hadolint's.
    /// Fails as `for_file` does.
    pub fn for_folder(&self, folder: &Path) -> Found {
        if let Some(only) = &self.only {
            return only.clone();
        }
        let whole = self.whole_folder(folder);
        match self.search(&whole, &NAMES, &self.own) {
            Ok(None) => self.search(&whole, &hadolint::NAMES, &self.theirs),
            found => found,
        }
    }

    fn search(&self, whole: &Path, names: &[&str], known: &Folders) -> Found {
        // Held while looking: the other threads most often wait for the same answer.
        let mut folders = known.lock().unwrap_or_else(PoisonError::into_inner);
        let mut passed = Vec::new();
        let mut found = Ok(None);
        for folder in whole.ancestors() {
            if let Some(known) = folders.get(folder) {
                found = known.clone();
                break;
            }
            passed.push(folder.to_owned());
            if let Some(here) = self.look(folder, names) {
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
    fn look(&self, folder: &Path, names: &[&str]) -> Option<Found> {
        names.iter().map(|name| folder.join(name)).find_map(|path| match fs::metadata(&path) {
            Ok(metadata) if metadata.is_file() && is_link_out(&path, folder) => {
                Some(Err(Arc::new(ConfigError::link_out(&self.name(&path)))))
            }
            Ok(metadata) if metadata.is_file() => Some(self.load(&path)),
            Ok(_) => None,
            Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => None,
            // A folder that may not be looked into can't be told to hold no configuration.
            Err(error) => Some(Err(Arc::new(ConfigError::unreadable(&path.display().to_string(), &error)))),
        })
    }

    fn load(&self, path: &Path) -> Found {
        load(path, &self.name(path), self.catalogue).map(|config| Some(Arc::new(config))).map_err(Arc::new)
    }

    /// What messages call the file at `path`.
    fn name(&self, path: &Path) -> String {
        path.strip_prefix(&self.current).unwrap_or(path).display().to_string()
    }
}

/// Reads the configuration file at `path`, called `name` in messages; one that has hadolint's name as hadolint does.
/// Fails when the file can't be read, and with all its mistakes.
pub fn load(path: &Path, name: &str, catalogue: Catalogue<'_>) -> Result<Config, ConfigError> {
    if path.file_name().is_some_and(|file| is_of_hadolint(&file.to_string_lossy())) {
        let config = hadolint::load(path, name)?.config(catalogue);
        return Ok(Config { path: Some(path.to_owned()), ..config });
    }
    load_in(path, name, &Chain::new(path, name), catalogue)
}

/// Reads the configuration in `text`, which lies in no file, so that it can name none; one whose `name` is hadolint's as
/// hadolint does. Fails with all its mistakes.
pub fn parse(name: &str, text: &str, catalogue: Catalogue<'_>) -> Result<Config, ConfigError> {
    let source = Source::new(name, text);
    if is_of_hadolint(name) {
        return Ok(hadolint::read(&source)?.config(catalogue));
    }
    read(&source, catalogue, &Chain::nowhere())
}

/// Whether a file of this name is hadolint's: `.hadolint.yaml`, and `ci-hadolint.yml` where it is named by the user.
fn is_of_hadolint(name: &str) -> bool {
    hadolint::NAMES.iter().any(|of_hadolint| name.ends_with(of_hadolint.trim_start_matches('.')))
}

/// The text of the file at `path`, called `name` in messages.
pub(super) fn text_of(path: &Path, name: &str) -> Result<String, ConfigError> {
    let bytes = bytes_of(path).map_err(|error| ConfigError::unreadable(name, &error))?;
    String::from_utf8(bytes).map_err(|error| not_utf8(name, &error))
}

fn bytes_of(path: &Path) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    File::open(path)?.take(LARGEST + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > LARGEST {
        let message = format!("it is larger than {} MiB", LARGEST / 1024 / 1024);
        return Err(io::Error::new(ErrorKind::FileTooLarge, message));
    }
    Ok(bytes)
}

pub(super) fn load_in(path: &Path, name: &str, chain: &Chain, catalogue: Catalogue<'_>) -> Result<Config, ConfigError> {
    let text = text_of(path, name)?;
    let config = read(&Source::new(name, &text), catalogue, chain)?;
    Ok(Config { path: Some(chain.place().to_owned()), ..config })
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
