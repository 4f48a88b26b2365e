//! Finding the logged step of an instruction.

use super::TimedStep;

/// How well a logged text fits; a smaller one is better.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Fit {
    Same,
    Variables,
    Cut,
}

/// With fewer known bytes than this (keyword included), any step would fit.
const LEAST_KNOWN: usize = 8;

pub(super) fn seconds_for(steps: &[TimedStep], stage: Option<&str>, text: &str) -> Option<f64> {
    let pieces = pieces(text);
    let fits = |step: &TimedStep| Some((stage_fit(step.stage.as_deref(), stage)?, fit(&pieces, &step.text)?));
    let candidates: Vec<_> = steps.iter().filter_map(|step| Some((fits(step)?, step))).collect();
    let best = candidates.iter().map(|(fit, _)| *fit).min()?;
    let equal = || candidates.iter().filter(|(fit, _)| *fit == best).map(|(_, step)| *step);
    let first = equal().next()?;
    // The same place with another text is the same step, built with another value of a variable.
    let one_step = equal().all(|step| {
        step.stage == first.stage && (plain(&step.text) == plain(&first.text) || step.position == first.position)
    });
    if one_step { equal().filter_map(|step| step.seconds).next_back() } else { None }
}

fn stage_fit(logged: Option<&str>, asked: Option<&str>) -> Option<u8> {
    match (logged, asked) {
        (Some(logged), Some(asked)) => logged.eq_ignore_ascii_case(asked).then_some(0),
        (None, None) => Some(0),
        (Some(logged), None) if logged.starts_with("stage-") => Some(1),
        (None, Some(_)) => Some(1),
        (Some(_), None) => Some(2),
    }
}

fn fit(pieces: &[String], logged: &str) -> Option<Fit> {
    let text = plain(logged);
    let (first, rest) = pieces.split_first()?;
    if rest.is_empty() && *first == text {
        return Some(Fit::Same);
    }
    if !rest.is_empty() && known(pieces) >= LEAST_KNOWN && fits_around_variables(first, rest, &text) {
        return Some(Fit::Variables);
    }
    let start = plain(&visible_start(logged)?);
    // Beyond the first variable nothing can be compared: its value may reach past the cut.
    let agrees = first.starts_with(&start) || start.starts_with(first.as_str());
    let compared = first.len().min(start.len());
    (agrees && compared >= LEAST_KNOWN).then_some(Fit::Cut)
}

fn fits_around_variables(first: &str, rest: &[String], text: &str) -> bool {
    let Some(mut text) = text.strip_prefix(first) else { return false };
    let Some((last, middle)) = rest.split_last() else { return text.is_empty() };
    for piece in middle {
        let Some(at) = text.find(piece.as_str()) else { return false };
        text = &text[at + piece.len()..];
    }
    text.ends_with(last.as_str())
}

fn known(pieces: &[String]) -> usize {
    pieces.iter().map(|piece| piece.trim().len()).sum()
}

/// What the log shows of a text that it cuts: `RUN apt-get ins...`, or of a RUN with a heredoc, whose
/// first line stands in brackets: `RUN <<EOF (apt-get update...)`. `None` when nothing is cut.
fn visible_start(logged: &str) -> Option<String> {
    let heredoc = logged.contains("<<");
    let shown = if heredoc { logged.strip_suffix(')').unwrap_or(logged) } else { logged };
    if !heredoc && !shown.ends_with("...") {
        return None;
    }
    let shown = shown.trim_end_matches('.');
    match shown.find("<<").and_then(|at| Some(at + shown[at..].find(" (")?)) {
        Some(at) => Some(format!("{} {}", &shown[..at], &shown[at + 2..])),
        None => Some(shown.to_owned()),
    }
}

/// The text between the variables, in plain form, the keyword in upper case as BuildKit logs it.
fn pieces(text: &str) -> Vec<String> {
    let text = text.trim_start();
    let keyword = text.find(char::is_whitespace).unwrap_or(text.len());
    let text = plain(&format!("{}{}", text[..keyword].to_ascii_uppercase(), &text[keyword..]));
    let mut pieces = Vec::new();
    let (mut piece, mut rest) = (String::new(), text.as_str());
    while let Some(at) = rest.find('$') {
        piece.push_str(&rest[..at]);
        let after = &rest[at + 1..];
        let length = variable(after);
        if length == 0 {
            piece.push('$');
        } else {
            pieces.push(std::mem::take(&mut piece));
        }
        rest = &after[length..];
    }
    piece.push_str(rest);
    pieces.push(piece);
    pieces
}

/// How many bytes after a `$` belong to the variable: `NAME`, `{NAME:-default}`, one digit.
fn variable(after: &str) -> usize {
    if !after.starts_with('{') {
        return after.bytes().take_while(|&b| b.is_ascii_alphanumeric() || b == b'_').count();
    }
    let mut depth = 0;
    for (at, byte) in after.bytes().enumerate() {
        match byte {
            b'{' => depth += 1,
            b'}' => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return at + 1;
        }
    }
    0
}

/// BuildKit logs some words without their quotes and backslashes, so neither side is compared by them.
fn plain(text: &str) -> String {
    let text: String = text.chars().filter(|c| !matches!(c, '"' | '\'' | '\\')).collect();
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
