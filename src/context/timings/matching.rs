//! Finding the logged step of an instruction.

use super::TimedStep;
use std::cell::RefCell;
use std::collections::{BTreeSet, HashMap};

/// With fewer known bytes than this (keyword included), any step would fit.
const LEAST_KNOWN: usize = 8;

/// Steps of a log in a form in which those that fit an instruction are found without a look at all others.
#[derive(Debug)]
pub struct Lookup<'t> {
    steps: &'t [TimedStep],
    /// The text of each step in plain form.
    plain: Vec<String>,
    /// By the name of their stage, in lower case.
    named: HashMap<String, Group>,
    /// Those without a stage.
    unnamed: Group,
    /// Those of stages that only BuildKit names, as `stage-1`.
    numbered: Group,
    /// Those of all other stages.
    others: Group,
    /// What was asked already: lines may be alike but for their variables.
    asked: RefCell<HashMap<Asked, Option<f64>>>,
}

/// A stage in lower case, and the text between variables.
type Asked = (Option<String>, Vec<String>);

/// Steps that fit the asked stage equally well.
#[derive(Debug, Default)]
struct Group {
    /// Which steps, sorted by their plain text, and then in order.
    by_text: Vec<usize>,
    /// What the log shows of the steps that it cuts, in plain form, sorted, with the step.
    by_start: Vec<(String, usize)>,
    /// The lengths of these.
    lengths: BTreeSet<usize>,
}

impl<'t> Lookup<'t> {
    pub(super) fn new(steps: &'t [TimedStep]) -> Self {
        let mut lookup = Self {
            steps,
            plain: steps.iter().map(|step| plain(&step.text)).collect(),
            named: HashMap::new(),
            unnamed: Group::default(),
            numbered: Group::default(),
            others: Group::default(),
            asked: RefCell::default(),
        };
        for (at, step) in steps.iter().enumerate() {
            let start = visible_start(&step.text).map(|start| plain(&start));
            let Some(stage) = &step.stage else {
                lookup.unnamed.push(at, start);
                continue;
            };
            let all = if stage.starts_with("stage-") { &mut lookup.numbered } else { &mut lookup.others };
            all.push(at, start.clone());
            lookup.named.entry(stage.to_ascii_lowercase()).or_default().push(at, start);
        }
        let groups = lookup.named.values_mut();
        for group in groups.chain([&mut lookup.unnamed, &mut lookup.numbered, &mut lookup.others]) {
            group.by_text.sort_by(|a, b| lookup.plain[*a].cmp(&lookup.plain[*b]));
            group.by_start.sort();
        }
        lookup
    }

    /// The same as [`super::Timings::seconds_for`].
    pub fn seconds_for(&self, stage: Option<&str>, text: &str) -> Option<f64> {
        let asked = (stage.map(str::to_ascii_lowercase), pieces(text));
        if let Some(known) = self.asked.borrow().get(&asked) {
            return *known;
        }
        let found = self.search(asked.0.as_deref(), &asked.1);
        self.asked.borrow_mut().insert(asked, found);
        found
    }

    fn search(&self, stage: Option<&str>, pieces: &[String]) -> Option<f64> {
        // Those that fit the stage best come first.
        let groups = match stage {
            Some(name) => [self.named.get(name), Some(&self.unnamed), None],
            None => [Some(&self.unnamed), Some(&self.numbered), Some(&self.others)],
        };
        let candidates = groups.into_iter().flatten().find_map(|group| self.best(group, pieces))?;
        let first = &self.steps[candidates[0]];
        // The same place with another text is the same step, built with another value of a variable.
        let is_same = |at: usize| {
            let step = &self.steps[at];
            let is_alike = || self.plain[at] == self.plain[candidates[0]] || step.position == first.position;
            step.stage == first.stage && is_alike()
        };
        if !candidates.iter().all(|&at| is_same(at)) {
            return None;
        }
        candidates.iter().rev().find_map(|&at| self.steps[at].seconds)
    }

    /// The steps of `group` that fit `pieces`, none of the others better, in order.
    fn best(&self, group: &Group, pieces: &[String]) -> Option<Vec<usize>> {
        let (first, rest) = pieces.split_first()?;
        let same = || if rest.is_empty() { self.same(group, first) } else { Vec::new() };
        let around = || if rest.is_empty() { Vec::new() } else { self.around_variables(group, pieces) };
        let ways: [&dyn Fn() -> Vec<usize>; 3] = [&same, &around, &|| group.cut(first)];
        let mut found = ways.into_iter().map(|way| way()).find(|found| !found.is_empty())?;
        found.sort_unstable();
        Some(found)
    }

    fn same(&self, group: &Group, text: &str) -> Vec<usize> {
        let from = group.by_text.partition_point(|&at| self.plain[at].as_str() < text);
        group.by_text[from..].iter().copied().take_while(|&at| self.plain[at] == text).collect()
    }

    fn around_variables(&self, group: &Group, pieces: &[String]) -> Vec<usize> {
        let Some((first, rest)) = pieces.split_first().filter(|_| known(pieces) >= LEAST_KNOWN) else {
            return Vec::new();
        };
        let from = group.by_text.partition_point(|&at| &self.plain[at] < first);
        let starting = group.by_text[from..].iter().copied().take_while(|&at| self.plain[at].starts_with(first));
        starting.filter(|&at| fits_around_variables(first, rest, &self.plain[at])).collect()
    }
}

impl Group {
    fn push(&mut self, at: usize, start: Option<String>) {
        self.by_text.push(at);
        if let Some(start) = start {
            self.lengths.insert(start.len());
            self.by_start.push((start, at));
        }
    }

    /// The steps that agree with `first` as far as both go. Beyond the first variable nothing can be compared: its value
    /// may reach past the cut.
    fn cut(&self, first: &str) -> Vec<usize> {
        if first.len() < LEAST_KNOWN {
            return Vec::new();
        }
        let shorter = self.lengths.range(LEAST_KNOWN..first.len()).filter_map(|&length| first.get(..length));
        let shorter = shorter.flat_map(|start| self.starting(start).take_while(move |(other, _)| other == start));
        shorter.chain(self.starting(first)).map(|(_, at)| *at).collect()
    }

    fn starting<'g, 's: 'g>(&'g self, start: &'s str) -> impl Iterator<Item = &'g (String, usize)> {
        let from = self.by_start.partition_point(|(other, _)| other.as_str() < start);
        self.by_start[from..].iter().take_while(move |(other, _)| other.starts_with(start))
    }
}

fn fits_around_variables(first: &str, rest: &[String], text: &str) -> bool {
    let Some(mut text) = text.strip_prefix(first) else { return false };
    let Some((last, middle)) = rest.split_last() else { return text.is_empty() };
    if !text.ends_with(last.as_str()) {
        return false;
    }
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

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// How well a logged text fits; a smaller one is better.
    #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
    enum Fit {
        Same,
        Variables,
        Cut,
    }

    /// The same as [`Lookup::seconds_for`], with a look at all steps.
    fn of_all(steps: &[TimedStep], stage: Option<&str>, text: &str) -> Option<f64> {
        let pieces = pieces(text);
        let fits = |step: &TimedStep| Some((stage_fit(step.stage.as_deref(), stage)?, fit(&pieces, &step.text)?));
        let candidates: Vec<_> = steps.iter().filter_map(|step| Some((fits(step)?, step))).collect();
        let best = candidates.iter().map(|(fit, _)| *fit).min()?;
        let equal = || candidates.iter().filter(|(fit, _)| *fit == best).map(|(_, step)| *step);
        let first = equal().next()?;
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
        let agrees = first.starts_with(&start) || start.starts_with(first.as_str());
        let compared = first.len().min(start.len());
        (agrees && compared >= LEAST_KNOWN).then_some(Fit::Cut)
    }

    fn step() -> impl Strategy<Value = TimedStep> {
        let stage = proptest::option::of(prop_oneof!["a|A|b", "stage-[01]"]);
        let text = "RUN (ab|cd){1,4}( <<E \\((ab|cd){0,3})?( e| \"f\"| \\\\g)?(\\.\\.\\.|\\))?";
        (stage, proptest::option::of((1u32..3, 3u32..4)), text, proptest::option::of(0u8..9)).prop_map(
            |(stage, position, text, seconds)| TimedStep {
                stage,
                position,
                text,
                seconds: seconds.map(f64::from),
                cached: false,
            },
        )
    }

    proptest! {
        #[test]
        fn a_lookup_finds_what_a_look_at_all_steps_finds(
            steps in proptest::collection::vec(step(), 1..12),
            asked in "(RUN|run) (ab|cd){0,3}( <<E)?(\\$A)?(ab|cd){0,3}( \\$\\{B\\}|ab)?( e| 'f'| g)?",
            stage in proptest::option::of(prop_oneof!["a|B|c", "stage-[01]"]),
        ) {
            let lookup = Lookup::new(&steps);
            let known: Vec<&str> = steps.iter().map(|step| step.text.as_str()).chain([asked.as_str()]).collect();
            for text in known.iter().chain(&known) {
                prop_assert_eq!(lookup.seconds_for(stage.as_deref(), text), of_all(&steps, stage.as_deref(), text));
                prop_assert_eq!(lookup.seconds_for(None, text), of_all(&steps, None, text));
            }
        }
    }
}
