//! `cache diff --fail-if-costlier`: does the changed Dockerfile make later commits rebuild more?

use crate::builder::Builder;
use crate::cache::{Evidence, Heat, Prepared, Question, evidence};
use crate::context::churn::DEFAULT_LIMIT;
use crate::context::{Histories, IgnoreFile, Project};
use crate::model::Model;
use crate::syntax::parse;
use serde::Serialize;
use std::path::Path;

/// Less than this, in seconds per commit, is no difference.
const NOTHING: f64 = 0.05;

/// The seconds that a commit costs with each of two Dockerfiles.
#[derive(Clone, Copy, Debug, Serialize)]
pub(super) struct Costs {
    pub(super) before: f64,
    pub(super) after: f64,
    /// How many commits were counted; 0 if the churn is assumed.
    pub(super) commits: usize,
}

impl Costs {
    /// Weighs both files, each with its ignore file, against the history around `folder`.
    pub(super) fn new(
        folder: &Path,
        before: (&str, &IgnoreFile),
        after: (&str, &IgnoreFile),
        ask: &Question<'_>,
    ) -> Self {
        let histories = Histories::new(DEFAULT_LIMIT);
        let history = histories.of(folder).and_then(Result::ok);
        let history = history.as_ref().map(|(history, prefix)| (&**history, prefix.as_str()));
        let weigh = |(text, ignore): (&str, &IgnoreFile)| {
            let project = Project::new(folder.to_owned(), ignore.clone());
            let file = parse(text);
            let model = Model::new(&file);
            let evidence = evidence(&model, Some(&project), history);
            (Heat::new(&Prepared::new(&model), ask, &evidence).expected(), counted(&evidence))
        };
        let ((before, commits), (after, _)) = (weigh(before), weigh(after));
        Self { before, after, commits }
    }

    pub(super) fn is_costlier(&self) -> bool {
        self.after > self.before + NOTHING
    }
}

fn counted(evidence: &Evidence) -> usize {
    if evidence.is_measured() { evidence.commits.len() } else { 0 }
}

/// What is asked about both files: no recorded build fits two of them.
pub(super) fn question<'q>(builder: Builder, target: Option<&'q str>) -> Question<'q> {
    Question { builder, target, arguments: &[], recorded: &|_, _| None, passed: &|| () }
}
