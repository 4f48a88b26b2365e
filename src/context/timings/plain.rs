//! Logs made of lines: BuildKit's plain progress, the classic builder's and Buildah's.

use super::{TimedStep, named_step, numbers};
use std::collections::HashMap;

/// The steps that the lines name; any other line is passed over.
pub(super) fn parse(text: &str) -> Vec<TimedStep> {
    let mut log = Log::default();
    for line in text.lines() {
        let line = without_escapes(line);
        let line = without_time_stamp(line.trim_end());
        if let Some((number, rest)) = numbered(line) {
            log.buildkit(number, rest);
        } else {
            log.classic(line);
        }
    }
    log.steps
}

#[derive(Default)]
struct Log {
    steps: Vec<TimedStep>,
    /// BuildKit's number of a step, to its index and whether it has ended.
    open: HashMap<u32, (usize, bool)>,
    /// The classic builder is past its first step; its stage.
    classic: bool,
    stage: Option<String>,
}

impl Log {
    fn buildkit(&mut self, number: u32, rest: &str) {
        if let Some(step) = named_step(rest) {
            // The name comes again when the log returns to a step; after its end it is another build's.
            let known =
                self.open.get(&number).filter(|(_, ended)| !ended).and_then(|(index, _)| self.steps.get(*index));
            let returns = known.is_some_and(|known| known.text == step.text && known.stage == step.stage);
            if !returns {
                self.open.insert(number, (self.steps.len(), false));
                self.steps.push(step);
            }
            return;
        }
        if rest.starts_with('[') || number == 0 {
            // The numbers start again with each build, with BuildKit's own work first.
            if number <= 1 {
                self.open.clear();
            }
            self.open.remove(&number);
            return;
        }
        let Some((index, ended)) = self.open.get_mut(&number) else { return };
        let Some(step) = self.steps.get_mut(*index) else { return };
        if rest == "CACHED" {
            (step.cached, step.seconds, *ended) = (true, None, true);
        } else if let Some(seconds) = rest.strip_prefix("DONE").and_then(duration) {
            *ended = true;
            // A base image may be both cached and done.
            if !step.cached {
                step.seconds = Some(seconds);
            }
        } else if rest.starts_with("ERROR") || rest.starts_with("CANCELED") {
            *ended = true;
        }
    }

    fn classic(&mut self, line: &str) {
        if line.starts_with(" ---> Using cache") || line.starts_with("--> Using cache") {
            if let Some(step) = self.steps.last_mut().filter(|_| self.classic) {
                step.cached = true;
            }
        } else if let Some((position, text)) = classic_step(line) {
            if text.get(..5).is_some_and(|keyword| keyword.eq_ignore_ascii_case("FROM ")) {
                let words: Vec<&str> = text.split_whitespace().collect();
                self.stage = match words[..] {
                    [.., word, name] if word.eq_ignore_ascii_case("as") => Some(name.to_ascii_lowercase()),
                    _ => None,
                };
            }
            self.classic = true;
            let (stage, text) = (self.stage.clone(), text.trim().to_owned());
            self.steps.push(TimedStep { stage, position: Some(position), text, seconds: None, cached: false });
        }
    }
}

/// `Step 3/7 : RUN npm ci` (classic), `STEP 3/7: RUN npm ci` or `[1/2] STEP 3/7: ...` (Buildah).
fn classic_step(line: &str) -> Option<((u32, u32), &str)> {
    if let Some(rest) = line.strip_prefix("Step ") {
        let (position, text) = rest.split_once(" : ")?;
        return Some((numbers(position)?, text));
    }
    let line = line.strip_prefix('[').and_then(|rest| Some(rest.split_once("] ")?.1)).unwrap_or(line);
    let (position, text) = line.strip_prefix("STEP ")?.split_once(": ")?;
    Some((numbers(position)?, text))
}

/// Reads `#7 rest`.
fn numbered(line: &str) -> Option<(u32, &str)> {
    let (number, rest) = line.strip_prefix('#')?.split_once(' ')?;
    Some((number.parse().ok()?, rest))
}

/// Reads ` 12.3s`; a step that was interrupted has several.
fn duration(text: &str) -> Option<f64> {
    let mut total = None;
    for word in text.split_whitespace() {
        let seconds: f64 = word.strip_suffix('s')?.parse().ok()?;
        if !seconds.is_finite() || seconds < 0.0 {
            return None;
        }
        total = Some(total.unwrap_or(0.0) + seconds);
    }
    total
}

/// CI systems put `2024-05-01T10:00:00.1234567Z ` before each line.
fn without_time_stamp(line: &str) -> &str {
    match line.split_once(' ') {
        Some((stamp, rest))
            if stamp.len() >= 20 && stamp.ends_with('Z') && super::json::nanoseconds(stamp).is_some() =>
        {
            rest
        }
        _ => line,
    }
}

/// The line without colours and other control sequences for a terminal.
fn without_escapes(line: &str) -> String {
    let mut plain = String::with_capacity(line.len());
    let mut characters = line.chars();
    while let Some(character) = characters.next() {
        if character != '\u{1b}' {
            plain.push(character);
            continue;
        }
        match characters.next() {
            Some('[') => while characters.next().is_some_and(|c| !('@'..='~').contains(&c)) {},
            Some(']') => while characters.next().is_some_and(|c| c != '\u{7}') {},
            _ => {}
        }
    }
    plain
}
