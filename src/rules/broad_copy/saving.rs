//! What it saves to copy the needed files first.

use super::remedy::Remedy;
use crate::model::Stage;
use crate::rules::Context;

/// What a change must save, in seconds per commit.
const WORTH: f64 = 0.5;

/// What a RUN costs below a COPY of more than it needs.
pub(super) struct Saving {
    /// How long the RUN takes, in seconds.
    pub(super) seconds: f32,
    /// In how many of the commits that were counted it runs again where it stands.
    pub(super) runs: usize,
    /// What the remedy saves, in seconds per commit.
    pub(super) gain: f64,
}

impl Saving {
    /// Weighs `remedy` for `run`, a step of `stage` that takes `seconds`; `None` if it saves too little.
    pub(super) fn of(cx: &Context<'_, '_>, stage: &Stage, run: usize, seconds: f32, remedy: &Remedy) -> Option<Self> {
        let position = |step: usize| stage.steps.start + step;
        let files: Vec<(&str, bool)> = remedy.items.iter().map(|item| (item.from.as_str(), item.folder)).collect();
        let (runs, now) = cx.chances().reruns(stage, position(run));
        let (_, then) = cx.chances().reruns_with(stage, position(run), position(remedy.broad.step), &files);
        let gain = f64::from(seconds) * (now - then);
        (gain >= WORTH).then_some(Self { seconds, runs, gain })
    }
}
