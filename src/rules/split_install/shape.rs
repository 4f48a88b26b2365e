//! The COPY that brings the sources to where an install looks for its manifests.

use super::super::Context;
use super::Checker;
use crate::context::manifest::{holds_only_manifests, is_folder};
use crate::model::install::{Install, StageInstalls};
use crate::model::{AbsolutePath, Stage, is_remote, join};
use crate::syntax::Keyword;
use std::collections::HashMap;

/// A COPY or ADD of a whole folder.
#[derive(Clone, Debug)]
pub(in super::super) struct Broad {
    /// Its position below FROM.
    pub(in super::super) step: usize,
    /// The folder of the context that it copies; empty for all of it.
    pub(in super::super) from: String,
    /// Where the files go.
    pub(in super::super) to: AbsolutePath,
}

/// Where the files go, and the instructions that bring them, from the top.
pub(in super::super) type BroadByPlace = HashMap<AbsolutePath, Vec<Broad>>;

/// All of `stage`; `read` is what its steps say.
pub(in super::super) fn by_place(cx: &Context<'_, '_>, stage: &Stage, read: &StageInstalls) -> BroadByPlace {
    let mut all = BroadByPlace::new();
    for broad in (0..cx.model.steps(stage).len()).filter_map(|step| Broad::at(cx, stage, read, step)) {
        all.entry(broad.to.clone()).or_default().push(broad);
    }
    all
}

impl Broad {
    /// The topmost COPY above `run` that brings the manifests of `install` together with other files.
    pub(super) fn above(checker: &Checker<'_, '_, '_>, run: usize, install: &Install) -> Option<Self> {
        let place = install.place();
        let brings = |b: &&Broad| b.step < run && !b.may_be_a_manifest(checker.cx, install);
        let first = |folder: &str| checker.broad().get(folder)?.iter().find(brings);
        let broad = place.with_folders().filter_map(first).min_by_key(|broad| broad.step)?.clone();
        match checker.cx.project() {
            Some(project) => (!holds_only_manifests(project, &broad.from)).then_some(broad),
            // Something else may have put the manifests into a folder of that name.
            None if broad.to != place && checker.read.fetches[..run].contains(&true) => None,
            // A folder that is called after its manifests holds little else.
            None => {
                let name = broad.from.rsplit('/').next().unwrap_or_default().to_ascii_lowercase();
                (!["require", "depend", "deps", "constraint", "wheel"].iter().any(|part| name.contains(part)))
                    .then_some(broad)
            }
        }
    }

    /// Whether the name that is taken for a folder is that of a file of `install`, as in `COPY deps .` above
    /// `pip install -r deps`.
    fn may_be_a_manifest(&self, cx: &Context<'_, '_>, install: &Install) -> bool {
        let name = self.from.rsplit('/').next().unwrap_or_default();
        cx.project().is_none()
            && !name.is_empty()
            && join(Some(&self.to), name).is_some_and(|path| install.named.contains(&path))
    }

    /// The COPY or ADD at `index` of `stage`, if it brings a folder of the context; `read` is what the
    /// steps of the stage say.
    fn at(cx: &Context<'_, '_>, stage: &Stage, read: &StageInstalls, index: usize) -> Option<Self> {
        let step = &cx.model.steps(stage)[index];
        if !matches!(step.keyword, Keyword::Copy | Keyword::Add) || step.flag("from").is_some() {
            return None;
        }
        let to = read.destinations[index].clone()?;
        let [source] = &read.sources[index][..] else { return None };
        if !step.heredocs.is_empty() || is_remote(source) || source.contains(['*', '?', '[', '\\']) && !is_all(source) {
            return None;
        }
        if is_all(source) {
            return Some(Self { step: index, from: String::new(), to });
        }
        let from = clean(source)?;
        let folder = from.is_empty()
            || match cx.project() {
                Some(project) => is_folder(project, &from),
                None => source.ends_with('/') || looks_like_a_folder(&from),
            };
        folder.then_some(Self { step: index, from, to })
    }

    /// The path in the context of what it puts at `path`; `None` if it puts nothing there.
    pub(in super::super) fn source(&self, path: &AbsolutePath) -> Option<String> {
        if !self.to.covers(path) {
            return None;
        }
        let below = path.as_str()[self.to.as_str().len()..].trim_start_matches('/');
        let parts = [self.from.as_str(), below];
        Some(parts.iter().copied().filter(|p| !p.is_empty()).collect::<Vec<_>>().join("/"))
    }
}

/// A pattern that fits all that lies in the context.
fn is_all(source: &str) -> bool {
    matches!(source, "*" | "./*")
}

/// A source without `.`, and without slashes at its ends; `None` if `..` is in it.
fn clean(source: &str) -> Option<String> {
    let parts: Vec<&str> = source.split('/').filter(|p| !p.is_empty() && *p != ".").collect();
    (!parts.contains(&"..")).then(|| parts.join("/"))
}

/// Whether a name is more likely that of a folder than that of a file.
fn looks_like_a_folder(path: &str) -> bool {
    const FILES: &[&str] = &["Gemfile", "Pipfile", "Makefile", "Dockerfile", "LICENSE", "Procfile", "Rakefile"];
    let name = path.rsplit('/').next().unwrap_or(path);
    !name.trim_start_matches('.').contains('.') && !FILES.contains(&name) && !name.starts_with('.')
}
