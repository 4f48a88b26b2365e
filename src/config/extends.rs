//! The files that a configuration names: those that it is read over (`extends`), and its baseline.
//!
//! A repository may be anyone's, so what it extends has to lie within it: a configuration that is shown with its
//! mistakes would otherwise show parts of other files on this machine.

use super::mistake::{ConfigError, shown};
use super::{Catalogue, Config, find, root_of};
use std::cell::Cell;
use std::fs;
use std::path::{Component, Path, PathBuf};
use std::rc::Rc;

/// Longer chains are taken for a mistake.
const DEEPEST: usize = 10;
/// So many files are read for one configuration at most, each as often as it is named: lists that name lists would
/// otherwise grow with each level.
const MOST: usize = 100;

/// Why a configuration can't be extended.
pub(super) enum Problem {
    /// The word that names it is wrong.
    Here { message: String, help: &'static str },
    /// Too many were read.
    TooMany,
    /// It has mistakes of its own.
    There(Box<ConfigError>),
}

/// The file that extends, and those that extend it.
#[derive(Clone, Debug)]
pub(super) struct Chain {
    /// The file itself last, each without links.
    files: Vec<PathBuf>,
    /// The last one as it was found. The paths of Dockerfiles are held against it, and they may lead over a link, too.
    place: PathBuf,
    /// The name of the last in messages.
    name: PathBuf,
    /// The folder that nothing may lie outside of.
    root: PathBuf,
    /// How many files were read below the first, for all that share it.
    read: Rc<Cell<usize>>,
}

impl Problem {
    /// In words, with what to do.
    pub(super) fn too_many() -> (String, &'static str) {
        (
            format!("more than {MOST} files are extended"),
            "put some of them together; one that is named twice counts twice",
        )
    }
}

impl Chain {
    /// The chain that starts with the file at `path`, called `name` in messages.
    pub(super) fn new(path: &Path, name: &str) -> Self {
        let place = path.to_owned();
        let path = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
        let folder = path.parent().unwrap_or(Path::new(""));
        let root = root_of(folder).to_owned();
        Self { files: vec![path], place, name: name.into(), root, read: Rc::default() }
    }

    /// Where the last file was found.
    pub(super) fn place(&self) -> &Path {
        &self.place
    }

    /// That of a text that lies in no file: it can name none.
    pub(super) fn nowhere() -> Self {
        let nowhere = PathBuf::new;
        Self { files: Vec::new(), place: nowhere(), name: nowhere(), root: nowhere(), read: Rc::default() }
    }

    /// The configuration that the last file of the chain calls `word`.
    pub(super) fn open(&self, word: &str, catalogue: Catalogue<'_>) -> Result<Config, Problem> {
        if self.read.get() >= MOST {
            return Err(Problem::TooMany);
        }
        self.read.set(self.read.get() + 1);
        let here = |message: String, help| Err(Problem::Here { message, help });
        let said = shown(word);
        let path = self.locate(word).map_err(|(message, help)| Problem::Here { message, help })?;
        if let Err(error) = fs::metadata(&path) {
            return here(format!("can't read `{said}`: {error}"), "name a file that is there");
        }
        if self.files.contains(&path) {
            return here(format!("`{said}` extends this file in turn"), "let one of them extend the other");
        }
        if self.files.len() >= DEEPEST {
            return here(format!("{DEEPEST} files extend one another"), "put them together");
        }
        let name = beside(&self.name, word);
        let place = lexical(&beside(&self.place, word));
        let place = if fs::canonicalize(&place).is_ok_and(|same| same == path) { place } else { path.clone() };
        let files = self.files.iter().cloned().chain([path.clone()]).collect();
        let (root, read) = (self.root.clone(), Rc::clone(&self.read));
        let chain = Self { files, place, name: name.clone(), root, read };
        find::load_in(&path, &name.display().to_string(), &chain, catalogue)
            .map_err(|error| Problem::There(Box::new(error)))
    }

    /// The path of what the last file of the chain calls `word`, without links as far as it is there; else what is
    /// wrong with the word, and what to do.
    pub(super) fn locate(&self, word: &str) -> Result<PathBuf, (String, &'static str)> {
        let said = shown(word);
        if word.is_empty() || !Path::new(word).is_relative() {
            let help = "write the path as seen from this file, such as `../.layerwise.yaml`";
            return Err((format!("`{said}` is no file as seen from this one"), help));
        }
        let Some(last) = self.files.last() else {
            return Err((format!("`{said}` can't be found: this text lies in no file"), "save the text as a file"));
        };
        let path = beside(last, word);
        let path = fs::canonicalize(&path).unwrap_or_else(|_| lexical(&path));
        if !path.starts_with(&self.root) {
            let help = "keep a copy in the repository: what it says must not depend on this machine";
            return Err((format!("`{said}` lies outside the repository"), help));
        }
        Ok(path)
    }
}

fn beside(file: &Path, word: &str) -> PathBuf {
    file.parent().unwrap_or(Path::new("")).join(word)
}

/// `path` without `.` and `..`, for what is not there.
fn lexical(path: &Path) -> PathBuf {
    path.components().fold(PathBuf::new(), |mut path, part| {
        match part {
            Component::CurDir => {}
            Component::ParentDir => drop(path.pop()),
            part => path.push(part),
        }
        path
    })
}
