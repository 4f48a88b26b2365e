//! What a step costs when it runs.

use crate::model::effects::Effects;
use crate::model::is_remote;
use crate::syntax::{Instruction, Keyword};

/// A RUN of which nothing is known, in seconds.
const UNKNOWN_RUN: f64 = 5.0;
/// The least that a RUN costs: a container is made and thrown away.
const LEAST_RUN: f64 = 0.3;
/// A COPY of files that are there.
const COPY: f64 = 0.3;
/// An ADD that asks a server.
const REMOTE: f64 = 3.0;
/// A WORKDIR, and whatever the classic builder makes an image for.
const SMALL: f64 = 0.1;

/// An estimate of the seconds that `step` takes when it runs, from the table of commands. For ranking:
/// a recorded build (`--timings`) takes its place where there is one. The small ones are the order of
/// magnitude of builds on Docker 26.1; an unknown RUN counts as five seconds.
pub(super) fn estimate(step: &Instruction<'_>, effects: &Effects) -> f64 {
    match step.keyword {
        Keyword::Run => effects.seconds.map_or(UNKNOWN_RUN, |s| f64::from(s).max(LEAST_RUN)),
        Keyword::Add if step.sources().iter().any(|w| is_remote(&w.text)) => REMOTE,
        Keyword::Copy | Keyword::Add => COPY,
        _ => SMALL,
    }
}
