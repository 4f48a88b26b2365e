//! What it costs that a RUN runs again, in words and as a severity.

use super::Context;
use crate::diagnostic::Severity;

/// From this many seconds on, running again is worth a warning.
const SLOW: f32 = 5.0;
/// What a change has to save for a warning, in seconds per commit, where commits were counted.
const WORTH_WARNING: f64 = 0.5;

/// What a move does where a WORKDIR then stands above the COPY that made its folder.
pub(super) const MADE_BY_WORKDIR: &str =
    "the folder would be made by WORKDIR, not by COPY, so its owner and mode may differ";

/// The severity for a RUN that takes about `seconds`, where a change would save `gain` seconds per commit.
pub(super) fn severity(cx: &Context<'_, '_>, seconds: Option<f32>, gain: f64) -> Severity {
    let slow = seconds.is_some_and(|s| s >= SLOW);
    let worth = !cx.chances().is_measured() || gain >= WORTH_WARNING;
    if slow && worth { Severity::Warning } else { Severity::Style }
}

/// What it costs, counted where there is a history: `runs` is in how many of its commits it runs again.
pub(super) fn cost(cx: &Context<'_, '_>, seconds: Option<f32>, runs: usize) -> String {
    let each = match seconds {
        Some(seconds) if seconds >= SLOW => format!("about {seconds:.0} s"),
        _ => "a few seconds".to_owned(),
    };
    if cx.chances().is_measured() {
        let (share, commits) = (100.0 * runs as f64 / cx.chances().commits() as f64, cx.chances().commits());
        return format!("it runs again in {share:.0} % of the last {commits} commits, {each} each time (an estimate)");
    }
    format!("each change to those files costs {each} here (an estimate)")
}
