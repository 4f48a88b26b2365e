//! What goes into the key of a step.

use super::scope::Scope;
use crate::context::Selection;
use crate::model::effects::Resource;
use std::borrow::Cow;
use std::sync::Arc;

/// What an input is called in messages.
#[derive(Clone, Debug)]
pub(super) enum Name {
    Fixed(&'static str),
    Made(Arc<str>),
    /// A file or folder of the context.
    Path(String),
    /// The variables that a command gets.
    Variables(Scope),
}

impl Name {
    pub(super) fn quoted(text: &str) -> Self {
        Self::Made(format!("`{text}`").into())
    }

    /// How many words there are at most.
    pub(super) fn length(&self) -> usize {
        match self {
            Name::Variables(scope) => scope.length(),
            _ => 1,
        }
    }

    /// The input in words, with its digest; one of each for all variables.
    pub(super) fn words(&self, digest: u128) -> Vec<(Cow<'_, str>, u128)> {
        match self {
            Name::Fixed(text) => vec![(Cow::Borrowed(*text), digest)],
            Name::Made(text) => vec![(Cow::Borrowed(&**text), digest)],
            Name::Path(path) => vec![(format!("`{path}`").into(), digest)],
            Name::Variables(scope) => scope.named(),
        }
    }
}

/// What goes into a key: digests, each with its name.
#[derive(Clone, Debug, Default)]
pub(super) struct Inputs {
    pub(super) names: Vec<Name>,
    pub(super) values: Vec<u128>,
}

impl Inputs {
    pub(super) fn push(&mut self, name: Name, value: u128) {
        self.names.push(name);
        self.values.push(value);
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = (&Name, u128)> {
        self.names.iter().zip(self.values.iter().copied())
    }
}

impl AsRef<[u128]> for Inputs {
    fn as_ref(&self) -> &[u128] {
        &self.values
    }
}

/// An input as far as it is known without the files of the context.
#[derive(Debug)]
pub(super) enum Part {
    /// It has nothing to do with them.
    Known(Name, u128),
    /// What `source` selects of them.
    Context { source: String, selection: Arc<Selection> },
    /// What a stage in front holds in `place`; `path` is how the step spells it.
    Stage { name: Name, stage: usize, path: String, place: Resource },
}
