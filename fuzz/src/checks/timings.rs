//! Logs of builds.

use layerwise::context::timings::Timings;

pub(super) fn check(text: &str) {
    let timings = match Timings::parse(text) {
        Ok(timings) => timings,
        Err(error) => {
            let lines = text.split('\n').count();
            assert!((1..=lines).contains(&error.line), "{error:?} in {text:?}");
            return;
        }
    };
    for step in timings.steps.iter().take(16) {
        let found = [step.stage.as_deref(), None].map(|stage| timings.seconds_for(stage, &step.text));
        for seconds in found.into_iter().flatten().chain(step.seconds) {
            assert!(seconds.is_finite() && seconds >= 0.0, "{step:?} took {seconds} in {text:?}");
        }
    }
}
