//! `contexts`: which Dockerfiles are built with which folder.

use globset::{GlobBuilder, GlobMatcher};
use std::path::{Path, PathBuf};

/// One entry of `contexts`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ContextConfig {
    /// The Dockerfiles it is about.
    pub files: FilePattern,
    /// Their context, from the folder of the configuration file on.
    pub folder: PathBuf,
}

/// A pattern over paths from the folder of the configuration file on: `*` and `?` stay within a name,
/// `**` crosses folders, `[...]` and `{a,b}` are choices.
#[derive(Clone, Debug)]
pub struct FilePattern(GlobMatcher);

impl FilePattern {
    /// Reads `text`. Fails with the reason if it is no pattern.
    pub(super) fn new(text: &str) -> Result<Self, String> {
        let relative = text.strip_prefix("./").unwrap_or(text);
        let glob = GlobBuilder::new(relative).literal_separator(true).build();
        glob.map(|glob| Self(glob.compile_matcher())).map_err(|error| error.kind().to_string())
    }

    /// Whether `path` fits, seen from the folder of the configuration file.
    pub fn matches(&self, path: &Path) -> bool {
        self.0.is_match(path)
    }
}

impl PartialEq for FilePattern {
    fn eq(&self, other: &Self) -> bool {
        self.0.glob() == other.0.glob()
    }
}

impl Eq for FilePattern {}
