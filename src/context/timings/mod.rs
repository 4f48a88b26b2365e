//! How many seconds each step took, read from the log of a build.
//!
//! Read are: `docker build --progress=plain` (with or without time stamps and colours of a CI system),
//! `--progress=rawjson` and `docker buildx history logs --progress=rawjson` (BuildKit's solve status,
//! one JSON value after the other), and the logs of the classic builder and of Buildah, which name
//! steps but no times. `docker buildx history inspect` has no times per step and is refused.

mod json;
mod matching;
mod plain;

pub use matching::Lookup;
use thiserror::Error;

/// One step of a build, as the log names it.
#[derive(Debug, Clone, PartialEq)]
pub struct TimedStep {
    /// The stage's name; BuildKit calls an unnamed one `stage-1` (counted from 0) when there are several.
    /// `None` when the log names none. Compose and Bake put the name of the service or target here when
    /// the stage has none.
    pub stage: Option<String>,
    /// The step's number, from 1, and how many there are: in its stage (BuildKit) or in the file (classic).
    pub position: Option<(u32, u32)>,
    /// The instruction as logged: variables replaced, cut at the end with `...` by some versions.
    pub text: String,
    /// How long it ran, in seconds; `None` when it was cached, failed, or the log has no times.
    pub seconds: Option<f64>,
    /// The result came from the cache.
    pub cached: bool,
}

/// The steps of one or more builds, in the order in which the log first names them.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Timings {
    /// The steps; one that several builds have is listed for each.
    pub steps: Vec<TimedStep>,
}

/// Why a log could not be read.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("line {line}: {message}")]
pub struct TimingsError {
    /// The line, from 1.
    pub line: usize,
    /// What is wrong with it.
    pub message: String,
}

impl Timings {
    /// Reads a build log, of one build or of several after each other; the form is found out from the
    /// text. Fails on broken JSON and when the text names no step at all. JSON that ends in the middle of
    /// a value is a build that was interrupted: what comes before counts.
    pub fn parse(text: &str) -> Result<Self, TimingsError> {
        let text = text.trim_start_matches('\u{feff}');
        let steps = if text.trim_start().starts_with('{') { json::parse(text)? } else { plain::parse(text) };
        if steps.is_empty() {
            let message = "no build step is named here: expected the log of `docker build --progress=plain` or \
                           `--progress=rawjson`";
            return Err(TimingsError { line: 1, message: message.to_owned() });
        }
        Ok(Self { steps })
    }

    /// How many seconds the step with this instruction took when it last ran, or `None` when the log does
    /// not say, or can't tell it from another step.
    ///
    /// `text` is the whole instruction, continued lines joined, variables as written. Blanks, quotes,
    /// backslashes and the case of the keyword don't matter; a variable stands for any text; a logged text
    /// cut with `...` has to agree as far as it goes. With a `stage`, a step of another named stage never
    /// counts; without one, unnamed stages come first.
    pub fn seconds_for(&self, stage: Option<&str>, text: &str) -> Option<f64> {
        self.lookup().seconds_for(stage, text)
    }

    /// To ask for many steps.
    pub fn lookup(&self) -> Lookup<'_> {
        Lookup::new(&self.steps)
    }
}

/// Splits what BuildKit calls a step: `[linux/amd64 build 2/4] RUN npm ci`. `None` for its own work,
/// as `[internal] load build context`.
fn named_step(name: &str) -> Option<TimedStep> {
    let (bracket, text) = name.strip_prefix('[')?.split_once("] ")?;
    let mut words = bracket.split_whitespace().rev();
    let position = numbers(words.next()?)?;
    // A platform has a slash, which no stage's name has.
    let stage = words.next().filter(|word| !word.contains('/')).map(str::to_owned);
    Some(TimedStep { stage, position: Some(position), text: text.trim().to_owned(), seconds: None, cached: false })
}

/// Reads `2/4`.
fn numbers(text: &str) -> Option<(u32, u32)> {
    let (number, count) = text.split_once('/')?;
    Some((number.parse().ok()?, count.parse().ok()?))
}

#[cfg(test)]
mod tests;
