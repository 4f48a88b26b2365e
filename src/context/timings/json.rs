//! BuildKit's solve status as JSON: `--progress=rawjson`.

use super::{TimedStep, TimingsError, named_step};
use serde::Deserialize;
use std::collections::HashMap;

/// One report. A vertex (BuildKit's word for a step or for work of its own) comes up in several, with
/// more known each time. Logs and statuses are passed over.
#[derive(Deserialize)]
struct Report {
    vertexes: Option<Vec<Vertex>>,
    statuses: Option<serde::de::IgnoredAny>,
    logs: Option<serde::de::IgnoredAny>,
    warnings: Option<serde::de::IgnoredAny>,
    #[serde(rename = "NumTotalSteps")]
    history: Option<serde::de::IgnoredAny>,
}

#[derive(Deserialize)]
struct Vertex {
    digest: Option<String>,
    name: Option<String>,
    started: Option<String>,
    completed: Option<String>,
    cached: Option<bool>,
    error: Option<String>,
}

/// What is known of a vertex so far. A digest says what a step does, so a second build has the same
/// ones: a new start after the end is another run.
#[derive(Default)]
struct Known {
    name: String,
    index: Option<usize>,
    started: Option<i128>,
    ended: bool,
}

pub(super) fn parse(text: &str) -> Result<Vec<TimedStep>, TimingsError> {
    let (mut steps, mut vertices) = (Vec::new(), HashMap::new());
    let mut reports = serde_json::Deserializer::from_str(text).into_iter::<Report>();
    loop {
        let start = reports.byte_offset();
        let error = |message: &str| {
            let line = 1 + text.as_bytes()[..start].iter().filter(|&&b| b == b'\n').count();
            Err(TimingsError { line, message: message.to_owned() })
        };
        let report = match reports.next() {
            None => break,
            Some(Ok(report)) => report,
            // The build, or the copying of its log, was interrupted.
            Some(Err(error)) if error.is_eof() && !steps.is_empty() => break,
            Some(Err(error)) => {
                return Err(TimingsError { line: error.line(), message: format!("not BuildKit's progress: {error}") });
            }
        };
        let known = report.statuses.is_some() || report.logs.is_some() || report.warnings.is_some();
        match report.vertexes {
            Some(news) => news.into_iter().for_each(|vertex| merge(vertex, &mut vertices, &mut steps)),
            None if report.history.is_some() => {
                return error(
                    "a build's record has no times per step: use `docker buildx history logs --progress=rawjson`",
                );
            }
            None if !known && steps.is_empty() => {
                return error("this JSON is not BuildKit's progress: it has no `vertexes`");
            }
            None => {}
        }
    }
    Ok(steps)
}

fn merge(vertex: Vertex, vertices: &mut HashMap<String, Known>, steps: &mut Vec<TimedStep>) {
    let Some(digest) = vertex.digest else { return };
    let known = vertices.entry(digest).or_default();
    if let Some(name) = vertex.name.filter(|name| !name.is_empty()) {
        known.name = name;
    }
    let started = vertex.started.as_deref().and_then(nanoseconds);
    if known.ended && started.is_some() && started != known.started {
        *known = Known { name: std::mem::take(&mut known.name), ..Known::default() };
    }
    known.started = started.or(known.started);
    if known.index.is_none() {
        let Some(step) = named_step(&known.name) else { return };
        known.index = Some(steps.len());
        steps.push(step);
    }
    let Some(step) = known.index.and_then(|index| steps.get_mut(index)) else { return };
    step.cached |= vertex.cached == Some(true);
    if let Some(completed) = vertex.completed.as_deref().and_then(nanoseconds) {
        known.ended = true;
        let failed = vertex.error.is_some_and(|error| !error.is_empty());
        // A completion before the start comes from a clock that was set: no fact about the step.
        step.seconds = known
            .started
            .filter(|_| !failed && !step.cached)
            .map(|started| (completed - started) as f64 / 1e9)
            .filter(|&seconds| seconds >= 0.0);
    }
    if step.cached {
        step.seconds = None;
    }
}

/// Nanoseconds since 1970 of an RFC 3339 time. `None` for anything else.
pub(super) fn nanoseconds(text: &str) -> Option<i128> {
    let field = |from: usize, to: usize| -> Option<i128> {
        text.get(from..to).filter(|digits| digits.bytes().all(|b| b.is_ascii_digit()))?.parse().ok()
    };
    let separators = [(4, b'-'), (7, b'-'), (10, b'T'), (13, b':'), (16, b':')];
    if !text.is_ascii() || separators.iter().any(|&(at, byte)| text.as_bytes().get(at) != Some(&byte)) {
        return None;
    }
    let (year, month, day) = (field(0, 4)?, field(5, 7)?, field(8, 10)?);
    let seconds = (field(11, 13)? * 60 + field(14, 16)?) * 60 + field(17, 19)?;
    let rest = text.get(19..)?;
    let zone_at = rest.find(['Z', '+', '-'])?;
    let (fraction, zone) = rest.split_at(zone_at);
    let fraction = match fraction.strip_prefix('.') {
        Some(digits) if !digits.is_empty() && digits.len() <= 9 => format!("{digits:0<9}").parse().ok()?,
        None if fraction.is_empty() => 0,
        _ => return None,
    };
    let offset = match zone.as_bytes() {
        [b'Z'] => 0,
        [sign, _, _, b':', _, _] => {
            let minutes = zone.get(1..3)?.parse::<i128>().ok()? * 60 + zone.get(4..6)?.parse::<i128>().ok()?;
            if *sign == b'-' { -minutes } else { minutes }
        }
        _ => return None,
    };
    // Days since 1970 in the Gregorian calendar; the year begins in March, so that a leap day comes last.
    let (y, m) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
    let days = 365 * y + y.div_euclid(4) - y.div_euclid(100) + y.div_euclid(400) + (153 * m + 2) / 5 + day - 719_469;
    Some((days * 86_400 + seconds - offset * 60) * 1_000_000_000 + fraction)
}
