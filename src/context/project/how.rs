//! How a context was found, and why it was not.

use super::super::ignore_file::IgnoreError;
use std::fmt;
use std::path::{Path, PathBuf};

/// What says that a folder is the context, the strongest word first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum How {
    /// The user, on the command line.
    Option,
    /// `contexts` in this configuration file.
    Config(PathBuf),
    /// `build` of a service in this compose file.
    Compose(PathBuf),
    /// The Dockerfile lies in it, and what it copies does too.
    Beside,
    /// It is the nearest folder above the Dockerfile that holds all that is copied.
    Parent,
}

impl fmt::Display for How {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = |path: &Path| path.file_name().unwrap_or_default().display().to_string();
        match self {
            How::Option => f.write_str("from --context"),
            How::Config(path) | How::Compose(path) => write!(f, "from {}", name(path)),
            How::Beside => f.write_str("the folder of the Dockerfile"),
            How::Parent => f.write_str("the nearest folder with all that is copied"),
        }
    }
}

/// Why the context of a Dockerfile can't be used although something names it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ProjectError {
    /// Its ignore file has a pattern that no builder reads.
    #[error("{} can't be used: {error}", path.display())]
    Pattern {
        /// The ignore file.
        path: PathBuf,
        /// The pattern.
        error: IgnoreError,
    },
    /// Its ignore file can't be read: no plain file, no UTF-8, too large, or a link out of its folder.
    #[error("{} can't be read", path.display())]
    Unreadable {
        /// The ignore file.
        path: PathBuf,
    },
    /// A configuration or a compose file names a folder outside the repository.
    #[error("the context {} lies outside {}", folder.display(), bounds.display())]
    Outside {
        /// The folder.
        folder: PathBuf,
        /// The repository; without one, the folder of the file that names the context.
        bounds: PathBuf,
    },
    /// A configuration names a folder that isn't there.
    #[error("the context {} is no folder", folder.display())]
    Missing {
        /// The folder.
        folder: PathBuf,
    },
}
