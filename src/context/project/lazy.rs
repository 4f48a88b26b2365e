//! A context that is looked for when somebody asks.

use super::{Project, ProjectError, ProjectFinder, Request};
use std::sync::{Arc, OnceLock};

/// The context of one Dockerfile, found at the first question. Mending the file does not change it.
#[derive(Debug)]
pub struct LazyProject {
    found: OnceLock<Result<Option<Project>, ProjectError>>,
    search: Option<(Arc<ProjectFinder>, Request)>,
}

impl LazyProject {
    /// The context that `finder` will find.
    pub fn new(finder: Arc<ProjectFinder>, request: Request) -> Self {
        Self { found: OnceLock::new(), search: Some((finder, request)) }
    }

    /// One that stays unknown.
    pub fn unknown() -> Self {
        Self { found: OnceLock::from(Ok(None)), search: None }
    }

    /// The context, if it is known. `sources` is asked at the first call only: what COPY and ADD bring
    /// from the context, or `None` if they bring nothing (see `Model::context_sources`).
    ///
    /// # Errors
    /// If something names a context that can't be used.
    pub fn get(&self, sources: impl FnOnce() -> Option<Vec<String>>) -> Result<Option<&Project>, &ProjectError> {
        let found = self.found.get_or_init(|| match (&self.search, sources()) {
            (Some((finder, request)), Some(sources)) => finder.find(request, &sources),
            _ => Ok(None),
        });
        found.as_ref().map(Option::as_ref)
    }
}

impl From<Project> for LazyProject {
    fn from(project: Project) -> Self {
        Self { found: OnceLock::from(Ok(Some(project))), search: None }
    }
}
