//! LW106 and LW107: a build argument with another value in each build, above RUNs that don't need it.

use super::listed::listed;
use super::meta::RuleMeta;
use super::volatile_name::is_volatile;
use super::{Context, Findings, layout, meta};
use crate::diagnostic::{Applicability, Fix, Severity};
use crate::model::{Invocation, Stage, invocations};
use crate::syntax::{Instruction, Keyword};
use std::collections::HashSet;

/// From this many seconds on, running again is worth a warning.
const SLOW: f64 = 5.0;
/// What a new value must cost to be worth a line, in seconds.
const WORTH: f64 = 1.0;
/// So many steps below an ARG are looked at.
const FURTHEST: usize = 250;
/// A RUN that files above it make run again in this share of the commits runs again with most new values anyway.
const ANYWAY: f64 = 0.5;

/// LW106: the argument itself could stand further down.
pub(super) fn argument(cx: &Context<'_, '_>, out: &mut Findings) {
    for sink in sinks(cx).iter().filter(|s| s.members.len() == 1) {
        report(cx, out, &meta::VOLATILE_ARGUMENT_ABOVE_RUN, sink);
    }
}

/// LW107: so could an ENV or a LABEL that is made from it.
pub(super) fn derived(cx: &Context<'_, '_>, out: &mut Findings) {
    // A line that takes several of them is reported once.
    let mut seen = HashSet::new();
    for sink in sinks(cx).iter().filter(|s| s.derived(cx).is_some_and(|line| seen.insert(line))) {
        report(cx, out, &meta::VOLATILE_METADATA_ABOVE_RUN, sink);
    }
}

fn report(cx: &Context<'_, '_>, out: &mut Findings, rule: &'static RuleMeta, sink: &Sink) {
    let step = |i: usize| &cx.file.instructions[i];
    let args: Vec<usize> = sink.members.iter().copied().filter(|&m| step(m).keyword == Keyword::Arg).collect();
    let quoted: Vec<String> = args.iter().map(|&arg| cx.quote(step(arg))).collect();
    let named = listed(quoted.iter().map(String::as_str));
    let costs = match sink.runs.len() {
        1 => format!("{} runs again with each of them", cx.quote(step(sink.runs[0]))),
        n => format!("{n} RUNs below run again with each of them"),
    };
    let (message, place) = match sink.derived(cx) {
        None => (format!("{named} has another value in most builds, and {costs} without using it"), step(args[0])),
        Some(derived) => {
            let derived = step(derived);
            let (values, used) = if args.len() == 1 { ("a value", "it") } else { ("values", "them") };
            let message = format!(
                "{} takes {values} from {named} that most builds change, and {costs} without using {used}",
                cx.quote(derived)
            );
            (message, derived)
        }
    };
    let them = ["it", "both"].get(sink.members.len() - 1).unwrap_or(&"them");
    let title = format!("move {them} down, below {}", cx.quote(step(sink.last)));
    let edits = layout::moves(cx.file, &sink.pairs());
    // An installation takes long, however long.
    let severity = if sink.seconds >= SLOW || sink.untimed { Severity::Warning } else { Severity::Style };
    let mut finding = out.report(rule, place.span, message).severity(severity).label("could stand further down");
    for &other in sink.members.iter().filter(|&&m| step(m).span != place.span) {
        let why = if args.contains(&other) { "has another value in most builds" } else { "takes it too" };
        finding = finding.member(step(other).span, why);
    }
    for &run in &sink.runs {
        finding = finding.why(step(run).span, "runs again");
    }
    if !sink.untimed {
        finding = finding.note(format!("each new value costs about {:.0} s here (an estimate)", sink.seconds));
    }
    finding
        .note("the fix is unsafe: a program that these RUNs start could read the variable from its environment")
        .help(title.clone())
        .fix(Fix::new(title, Applicability::Unsafe, edits));
}

/// An ARG, with the ENV and LABEL lines made from it and the other ARGs that these take, that could stand below some RUNs.
/// All positions are those of instructions.
struct Sink {
    /// In their order.
    members: Vec<usize>,
    /// The RUNs that don't use the value.
    runs: Vec<usize>,
    /// The last of them, or the last of the ARGs directly below it: several keep their order.
    last: usize,
    /// What they cost together, in seconds, without those whose time is not known.
    seconds: f64,
    /// Whether there is an installation among them whose time is not known.
    untimed: bool,
}

impl Sink {
    /// The first line made from the arguments.
    fn derived(&self, cx: &Context<'_, '_>) -> Option<usize> {
        self.members.iter().copied().find(|&m| cx.file.instructions[m].keyword != Keyword::Arg)
    }

    fn pairs(&self) -> Vec<(usize, usize)> {
        let mut below = self.last;
        self.members.iter().map(|&step| (step, std::mem::replace(&mut below, step))).collect()
    }
}

fn sinks(cx: &Context<'_, '_>) -> Vec<Sink> {
    if !cx.file.errors.is_empty() {
        return Vec::new();
    }
    let mut list = Vec::new();
    for stage in &cx.model.stages {
        let args: Vec<usize> = stage.steps.clone().filter(|&at| is_volatile_line(&cx.file.instructions[at])).collect();
        list.extend(args.iter().filter_map(|&at| sink(cx, stage, &args, at)));
    }
    list
}

fn is_volatile_line(step: &Instruction<'_>) -> bool {
    let args = step.args();
    !args.is_empty() && !step.unfinished && args.iter().all(is_volatile)
}

/// Follows the value of the ARG `start`, one of `args`, down its stage, to the first step that uses it or may use it.
fn sink(cx: &Context<'_, '_>, stage: &Stage, args: &[usize], start: usize) -> Option<Sink> {
    let all = &cx.file.instructions;
    let mut names = names_of(&all[start]);
    let mut members = vec![start];
    let mut runs = Vec::new();
    let mut found: Option<Sink> = None;
    let (mut seconds, mut untimed) = (0.0, false);
    let end = stage.steps.end.min(start + FURTHEST);
    for (at, step) in all.iter().enumerate().take(end).skip(start + 1) {
        let derived = mentions(step, &names);
        if derived {
            join(cx, args, at, &mut members, &mut names);
        }
        let follows = derived && comes_along(step, &names);
        if step.unfinished || !follows && declares(step, &names) {
            break;
        }
        if let Some(sink) = found.as_mut().filter(|s| s.last + 1 == at && step.keyword == Keyword::Arg) {
            sink.last = at;
        }
        if derived {
            if !follows {
                break;
            }
            if step.keyword == Keyword::Env {
                names.extend(step.pairs().iter().map(|p| p.key.text.to_string()));
            }
            members.push(at);
        } else if step.keyword == Keyword::Run {
            let Some(cost) = indifferent(cx, stage, at) else { break };
            if cx.chances().reruns(stage, at).1 >= ANYWAY {
                break;
            }
            runs.push(at);
            seconds += cost.unwrap_or_default();
            untimed |= cost.is_none();
            found = Some(Sink { members: members.clone(), runs: runs.clone(), last: at, seconds, untimed });
        }
    }
    found.filter(|sink| sink.seconds >= WORTH || sink.untimed)
}

/// So many of the nearest ARGs go down with the line that takes them.
const MOST_ARGS: usize = 16;

/// Takes in the others of `args` whose values the line `at` takes, if nothing else between does: each of them would still
/// run again what the line has left behind.
fn join(cx: &Context<'_, '_>, args: &[usize], at: usize, members: &mut Vec<usize>, names: &mut Vec<String>) {
    let all = &cx.file.instructions;
    if !matches!(all[at].keyword, Keyword::Env | Keyword::Label) {
        return;
    }
    let above = &args[..args.partition_point(|&arg| arg < at)];
    for &arg in above.iter().rev().take(MOST_ARGS).take_while(|&&arg| arg + FURTHEST > at) {
        let its = names_of(&all[arg]);
        let is_used = || (arg + 1..at).any(|between| !members.contains(&between) && mentions(&all[between], &its));
        if !members.contains(&arg) && mentions(&all[at], &its) && !is_used() {
            members.push(arg);
            names.extend(its);
        }
    }
    members.sort_unstable();
}

fn names_of(arg: &Instruction<'_>) -> Vec<String> {
    arg.args().iter().map(|a| a.name.text.to_string()).collect()
}

/// Whether the step sets one of `names` anew.
fn declares(step: &Instruction<'_>, names: &[String]) -> bool {
    let is = |name: &str| names.iter().any(|n| n == name);
    step.args().iter().any(|a| is(&a.name.text))
        || (step.keyword == Keyword::Env && step.pairs().iter().any(|p| is(&p.key.text)))
}

/// Whether one of `names` stands anywhere in the step, its here-documents and triggers included.
fn mentions(step: &Instruction<'_>, names: &[String]) -> bool {
    let within = |text: &str| names.iter().any(|name| has_word(text, name));
    within(step.span.of(step.logical.source())) || step.heredocs.iter().any(|h| within(h.content))
}

/// Whether `name` stands in `text` as a word of its own.
fn has_word(text: &str, name: &str) -> bool {
    let is_part = |c: char| c.is_ascii_alphanumeric() || c == '_';
    text.match_indices(name)
        .any(|(at, _)| !text[..at].ends_with(is_part) && !text[at + name.len()..].starts_with(is_part))
}

/// Whether the step is a LABEL, or an ENV of which each value comes from `names`: another one may be
/// needed where it stands.
fn comes_along(step: &Instruction<'_>, names: &[String]) -> bool {
    let from_them = |value: &str| names.iter().any(|name| value.contains('$') && has_word(value, name));
    match step.keyword {
        Keyword::Label => true,
        Keyword::Env => step.pairs().iter().all(|p| from_them(&p.value.text)),
        _ => false,
    }
}

/// The seconds, if they are known, of a RUN of which nobody expects that it looks at a variable that it does
/// not name: known commands and installations of packages. `None` for all others: a build may well ask for
/// its version.
fn indifferent(cx: &Context<'_, '_>, stage: &Stage, at: usize) -> Option<Option<f64>> {
    let effects = cx.effects(stage).effects.get(at - stage.steps.start)?;
    let known = effects.seconds.map(f64::from);
    if !effects.is_unknown() {
        return Some(Some(known.unwrap_or_default()));
    }
    let commands = invocations(&cx.file.instructions[at]);
    let harmless = |c: &Invocation| {
        matches!(c.name(), "cd" | "set" | "echo" | "mkdir" | "rm" | "true" | "export" | "corepack")
            || is_installation(c)
    };
    (commands.iter().any(is_installation) && commands.iter().all(harmless)).then_some(known)
}

/// Whether a command fetches the dependencies of a project and builds nothing of its own.
fn is_installation(command: &Invocation) -> bool {
    let second = command.words.iter().skip(1).filter(|w| !w.starts_with('-')).nth(1).map(String::as_str);
    match (command.name(), command.subcommand()) {
        ("npm" | "pnpm" | "yarn" | "bun", Some("install" | "ci" | "i" | "add")) | ("yarn", None) => true,
        ("pip" | "pip3" | "gem" | "bundle" | "composer" | "poetry" | "pipenv", Some("install")) => {
            !command.words.iter().any(|w| w == "." || w == "-e" || w == "--editable")
        }
        ("uv", Some("sync")) => true,
        ("uv", Some("pip")) => second == Some("install"),
        ("go", Some("mod")) => second == Some("download"),
        ("cargo", Some("fetch")) | ("dotnet", Some("restore")) => true,
        ("mix", Some("deps.get")) => true,
        ("mvn" | "mvnw", Some(goal)) => goal.starts_with("dependency:"),
        ("apt-get" | "apt", Some("install" | "update")) | ("apk", Some("add")) => true,
        ("dnf" | "yum" | "microdnf", Some("install")) => true,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Model;
    use crate::syntax::parse;

    #[test]
    fn the_table_has_a_time_for_each_installation() {
        for command in [
            "npm install",
            "npm ci",
            "npm i",
            "npm add left-pad",
            "pnpm install --frozen-lockfile",
            "pnpm add x",
            "yarn",
            "yarn install",
            "yarn add x",
            "bun install",
            "bun add x",
            "pip install -r requirements.txt",
            "pip3 install flask",
            "gem install rake",
            "bundle install",
            "composer install",
            "poetry install",
            "pipenv install",
            "uv sync",
            "uv pip install flask",
            "go mod download",
            "cargo fetch",
            "dotnet restore",
            "mix deps.get",
            "mvn dependency:resolve",
            "./mvnw dependency:go-offline",
            "apt-get install -y curl",
            "apt update",
            "apk add curl",
            "dnf install -y curl",
            "microdnf install curl",
        ] {
            let text = format!("FROM a\nRUN {command}\n");
            let file = parse(&text);
            assert!(invocations(&file.instructions[1]).iter().all(is_installation), "{command}");
            let model = Model::new(&file);
            let seconds = model.effects(&model.stages[0]).effects[0].seconds;
            assert!(seconds.is_some_and(|s| f64::from(s) >= SLOW), "{command}: {seconds:?}");
        }
    }
}
