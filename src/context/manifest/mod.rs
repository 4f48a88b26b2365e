//! What an install needs from the build context, read from its manifests.
//!
//! A manifest that refers to what is not a manifest (a folder of the workspace, a local package) can't
//! be split off; one that may let other files matter (a script) leaves a doubt. What is not understood
//! is a doubt, too.

mod go;
mod listed;
mod npm;
mod npmrc;
mod pip;
#[cfg(test)]
mod tests;
mod yarn;

pub use go::go;
pub use listed::{bundler, composer, dotnet, gradle, maven, mix, pipenv, pnpm, poetry, uv};
pub use npm::npm;
pub use pip::pip;
pub use yarn::yarn;

use super::Project;
use serde_json::Value;

/// What an install needs. Paths are relative to the context, with `/` between names.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Needs {
    /// The manifests that are there, in the order in which people name them.
    pub files: Vec<String>,
    /// Folders of which all files are needed.
    pub folders: Vec<String>,
    /// Folders that the install makes below its own.
    pub writes: Vec<String>,
    /// Whether the manifest that everything starts with is not in the context.
    pub absent: bool,
    /// Why no list of manifests is enough.
    pub beyond: Option<String>,
    /// Why more than the manifests may matter, the gravest first.
    pub doubts: Vec<String>,
}

impl Needs {
    fn beyond(mut self, why: impl Into<String>) -> Self {
        self.beyond.get_or_insert_with(|| why.into());
        self
    }

    /// The manifest that everything starts with, `path`, is not there.
    fn absent(mut self, path: &str) -> Self {
        self.absent = true;
        self.beyond(format!("the context has no {path}"))
    }

    fn doubt(&mut self, why: impl Into<String>) {
        self.doubts.push(why.into());
    }
}

/// Whether nothing of `folder` is sent to the builder, whatever is in it.
pub fn is_left_out(project: &Project, folder: &str) -> bool {
    project.ignore.covers(folder)
}

/// Whether `path` is a folder of the context, and no link.
pub fn is_folder(project: &Project, path: &str) -> bool {
    project.has(path) && project.root.join(path).symlink_metadata().is_ok_and(|d| d.is_dir())
}

/// Whether `folder` holds nothing but manifests and what no program reads: then COPY of it is not broad.
pub fn holds_only_manifests(project: &Project, folder: &str) -> bool {
    const NAMES: &[&str] = &[
        "package.json",
        "package-lock.json",
        "npm-shrinkwrap.json",
        "yarn.lock",
        "pnpm-lock.yaml",
        "Pipfile",
        "Pipfile.lock",
        "poetry.lock",
        "uv.lock",
        "pyproject.toml",
        "go.mod",
        "go.sum",
        "Gemfile",
        "Gemfile.lock",
        "composer.json",
        "composer.lock",
        "pom.xml",
        "mix.exs",
        "mix.lock",
        "Dockerfile",
        "LICENSE",
        ".npmrc",
        ".yarnrc",
        ".dockerignore",
        ".gitignore",
    ];
    let Ok(entries) = std::fs::read_dir(project.root.join(folder)) else { return false };
    let mut names = entries.filter_map(|e| e.ok()?.file_name().into_string().ok());
    names.all(|name| {
        let path = inside(folder, &name);
        let plain = NAMES.contains(&name.as_str()) || [".txt", ".in", ".md"].iter().any(|e| name.ends_with(e));
        (plain && !is_folder(project, &path)) || project.ignore.covers(&path)
    })
}

/// `name` in `folder`, which is empty for the context itself.
fn inside(folder: &str, name: &str) -> String {
    if folder.is_empty() { name.to_owned() } else { format!("{folder}/{name}") }
}

/// The folder of an install, in the context; both are empty for the context itself.
#[derive(Clone, Copy, Debug)]
pub struct Place<'p> {
    /// The folder of which all is copied: what stands above it does not come to the image.
    pub root: &'p str,
    /// The folder that the install works in, or that its manifests are in.
    pub folder: &'p str,
}

impl<'p> Place<'p> {
    /// `name` in the folder.
    fn inside(self, name: &str) -> String {
        inside(self.folder, name)
    }

    /// The folders above, up to the root.
    fn above(self) -> impl Iterator<Item = &'p str> {
        let root = self.root;
        let mut rest = Some(self.folder).filter(|f| f.len() > root.len());
        std::iter::from_fn(move || {
            let up = rest?.rsplit_once('/').map_or("", |(up, _)| up);
            rest = Some(up).filter(|u| u.len() > root.len());
            Some(up)
        })
    }
}

/// `path` seen from `folder`, cleaned; `None` if it leads out of the context.
fn resolve(folder: &str, path: &str) -> Option<String> {
    let mut parts: Vec<&str> = folder.split('/').filter(|p| !p.is_empty()).collect();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => drop(parts.pop()?),
            part => parts.push(part),
        }
    }
    Some(parts.join("/"))
}

/// The object called `key`, with its texts.
fn texts<'v>(value: &'v Value, key: &str) -> impl Iterator<Item = (&'v str, &'v str)> {
    let object = value.get(key).and_then(Value::as_object);
    object.into_iter().flatten().filter_map(|(name, v)| Some((name.as_str(), v.as_str()?)))
}
