//! A pair that fails, made as small as it stays failing.

use super::compare::{Comparison, Step};
use super::edit::Edit;
use super::pair::{Outcome, Pair, name};
use super::recipe::{Item, Kind, Recipe};
use crate::engine::{Builder, Engine};
use std::fmt::Write;

/// More builds than that are not made for one mismatch.
const TRIES: usize = 60;

/// The smallest pair found that fails like `pair`, in words.
pub fn report(pair: &Pair, engine: &Engine, builder: Builder, seed: u64) -> String {
    let mut tries = 0;
    let mut fails = |pair: &Pair| {
        tries += 1;
        match pair.check(engine, builder) {
            Outcome::Built(found) if !found.wrong.is_empty() => Some(found),
            _ => None,
        }
    };
    let Some(mut found) = fails(pair) else {
        return format!("seed {seed}: a mismatch that did not come again\n{}", shown(pair, None, builder, seed));
    };
    let mut small = pair.clone();
    let mut left = TRIES;
    while left > 0 {
        let mut smaller = None;
        for next in smaller_ones(&small) {
            if left == 0 {
                break;
            }
            left -= 1;
            if !next.before.can_be_foreseen() || !next.after().can_be_foreseen() {
                continue;
            }
            if let Some(found) = fails(&next) {
                smaller = Some((next, found));
                break;
            }
        }
        let Some(next) = smaller else { break };
        (small, found) = next;
    }
    shown(&small, Some(&found), builder, seed)
}

/// What is left of `pair` without an edit, a line, a file or an argument, the largest steps first.
fn smaller_ones(pair: &Pair) -> Vec<Pair> {
    let mut list = Vec::new();
    let with = |change: &dyn Fn(&mut Pair)| {
        let mut pair = pair.clone();
        change(&mut pair);
        pair
    };
    if pair.edits.len() > 1 {
        list.extend((0..pair.edits.len()).map(|at| with(&|p: &mut Pair| drop(p.edits.remove(at)))));
    }
    let lines = &pair.before.lines;
    let stages: Vec<usize> = (0..lines.len()).filter(|&at| lines[at].kind == Kind::From).collect();
    for (n, &start) in stages.iter().enumerate().rev() {
        let end = stages.get(n + 1).copied().unwrap_or(lines.len());
        list.push(with(&|p: &mut Pair| drop(p.before.lines.drain(start..end))));
    }
    let edited: Vec<u32> = pair.edits.iter().filter_map(target).collect();
    for at in (0..lines.len()).rev() {
        if !matches!(lines[at].kind, Kind::From | Kind::Own) && !edited.contains(&lines[at].id) {
            list.push(with(&|p: &mut Pair| drop(p.before.lines.remove(at))));
        }
    }
    let paths: Vec<&String> = pair.before.files.keys().collect();
    if paths.len() > 1 {
        list.insert(
            0,
            with(&|p: &mut Pair| p.before.files.retain(|path, _| p.before.lines.iter().any(|l| l.text.contains(path)))),
        );
    }
    list.extend(paths.iter().map(|path| with(&|p: &mut Pair| drop(p.before.files.remove(*path)))));
    let arguments = pair.before.arguments.len();
    list.extend((0..arguments).map(|at| with(&|p: &mut Pair| drop(p.before.arguments.remove(at)))));
    list
}

/// The line that an edit needs.
fn target(edit: &Edit) -> Option<u32> {
    match edit {
        Edit::Change(id, _) | Edit::Remove(id) | Edit::Swap(id, _) | Edit::Insert(id, _) => Some(*id),
        _ => None,
    }
}

fn shown(pair: &Pair, found: Option<&Comparison>, builder: Builder, seed: u64) -> String {
    let mut out = format!("MISMATCH with {} (seed {seed})\n", name(builder));
    for (side, recipe) in [("before", &pair.before), ("after", &pair.after())] {
        write!(out, "--- {side}\n{}{}", recipe.text("NONCE"), context(recipe)).expect("a string");
    }
    writeln!(out, "--- edits: {:?}", pair.edits).expect("a string");
    if let Some(found) = found {
        let lines = |steps: &mut dyn Iterator<Item = &Step>| steps.map(|s| s.line).collect::<Vec<u32>>();
        let (predicted, executed) = (lines(&mut found.predicted.keys()), lines(&mut found.executed.iter()));
        writeln!(out, "predicted {predicted:?}\nexecuted  {executed:?}").expect("a string");
        found.wrong.iter().for_each(|line| writeln!(out, "  {line}").expect("a string"));
    }
    out + &format!(
        "again: LAYERWISE_SEED={seed} LAYERWISE_PAIRS=1 LAYERWISE_BUILDER={} cargo test --release --test engine \
         predicted -- --ignored --nocapture\n",
        name(builder)
    )
}

fn context(recipe: &Recipe) -> String {
    let mut out = String::new();
    for (path, item) in &recipe.files {
        match item {
            Item::File { content, mode } => writeln!(out, "    {path} {mode:o} {content:?}"),
            Item::Link(target) => writeln!(out, "    {path} -> {target}"),
        }
        .expect("a string");
    }
    recipe.target.iter().for_each(|target| writeln!(out, "    --target {target}").expect("a string"));
    for (name, value) in &recipe.arguments {
        writeln!(out, "    --build-arg {name}={value}").expect("a string");
    }
    out
}
