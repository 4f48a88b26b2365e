//! Random builds: a Dockerfile of a few stages, a context for it, build arguments.

use super::lines::{Place, make};
use super::random::Random;
use super::recipe::{Item, Kind, Line, Recipe};
use crate::engine::Builder;
use std::collections::BTreeMap;

/// The kinds of lines between the FROMs, each with its weight.
pub const KINDS: &[(usize, Kind)] = &[
    (14, Kind::Env),
    (10, Kind::Arg),
    (10, Kind::Workdir),
    (5, Kind::User),
    (4, Kind::Shell),
    (24, Kind::Copy),
    (12, Kind::CopyFrom),
    (3, Kind::Add),
    (3, Kind::Document),
    (8, Kind::Run),
    (8, Kind::Output),
    (14, Kind::Witness),
    (12, Kind::Metadata),
    (5, Kind::Onbuild),
    (4, Kind::Comment),
];

/// What may lie in a context. There are always two of a kind, so that a pattern fits when one is gone.
const FILES: &[&str] = &[
    "a.txt",
    "b.txt",
    "c.md",
    "d.md",
    "src/one.js",
    "src/two.js",
    "src/deep/three.js",
    "src/deep/four.txt",
    "docs/x.md",
    "docs/y.txt",
    "conf/app.conf",
    "conf/db.conf",
    "a blank.txt",
    "two blanks.txt",
];

/// A build for `builder`.
pub fn recipe(random: &mut Random, builder: Builder) -> Recipe {
    let mut recipe = Recipe { lines: Vec::new(), files: files(random), arguments: Vec::new(), target: None };
    let stages = random.weighted(&[(6, 1), (5, 2), (2, 3)]);
    if random.chance(25) {
        push(&mut recipe, Kind::Arg, "ARG BASE=busybox:1.36".to_owned());
    }
    for stage in 0..stages {
        from(random, &mut recipe, stage);
        for _ in 0..2 + random.below(7) {
            let kind = random.weighted(KINDS);
            let place = Place::at(&recipe, recipe.lines.len(), builder);
            if let Some(made) = make(random, kind, &place, next_id(&recipe)) {
                add(&mut recipe, made);
            }
        }
        // Most stages are there for a later one.
        for _ in 0..if random.chance(85) { 4 } else { 0 } {
            let place = Place::at(&recipe, recipe.lines.len(), builder);
            let (count, id) = (recipe.lines.len(), next_id(&recipe));
            if let Some(made) = make(random, Kind::CopyFrom, &place, id) {
                add(&mut recipe, made);
            }
            if recipe.lines.len() > count && random.chance(70) {
                break;
            }
        }
    }
    for name in ["A1", "A2", "A3"] {
        if random.chance(25) {
            recipe.arguments.push((name.to_owned(), random.word()));
        }
    }
    if stages > 1 && random.chance(10) {
        recipe.target = reference(&recipe, random.below(stages));
    }
    recipe
}

/// A number that no line has yet.
pub fn next_id(recipe: &Recipe) -> u32 {
    recipe.lines.iter().map(|l| l.id + 1).max().unwrap_or(0)
}

/// Appends `line` if its stages can be foreseen; what it copies from stays from now on.
fn add(recipe: &mut Recipe, line: Line) {
    recipe.lines.push(line.clone());
    if recipe.can_be_foreseen() {
        keep_sources(&mut recipe.lines, &line);
    } else {
        recipe.lines.pop();
    }
}

/// Marks the lines that make what `line` copies.
pub fn keep_sources(lines: &mut [Line], line: &Line) {
    for (_, copied) in line.copied() {
        lines.iter_mut().for_each(|other| other.kept |= other.makes.as_deref() == Some(copied));
    }
}

fn push(recipe: &mut Recipe, kind: Kind, text: String) {
    let id = next_id(recipe);
    recipe.lines.push(Line { id, kind, text, makes: None, kept: true });
}

/// FROM, and a first step that only this pair has.
fn from(random: &mut Random, recipe: &mut Recipe, stage: usize) {
    let has_base = recipe.lines.first().is_some_and(|l| l.kind == Kind::Arg);
    let earlier = (stage > 0 && random.chance(35)).then(|| random.below(stage));
    let base = match earlier {
        Some(earlier) => reference(recipe, earlier).unwrap_or_else(|| "busybox:1.36".to_owned()),
        None if has_base && random.chance(50) => "$BASE".to_owned(),
        None => "busybox:1.36".to_owned(),
    };
    let name = if random.chance(60) { format!(" AS s{stage}") } else { String::new() };
    push(recipe, Kind::From, format!("FROM {base}{name}"));
    if base.starts_with('s') {
        return;
    }
    let own = ["WORKDIR /own/NONCE", "RUN echo NONCE > /own", "RUN mkdir -p /app && echo NONCE"];
    push(recipe, Kind::Own, random.one(&own).to_owned());
}

/// The name of the stage with the number `stage`, if it has one: FROM takes no numbers.
fn reference(recipe: &Recipe, stage: usize) -> Option<String> {
    recipe.stage_names().swap_remove(stage)
}

fn files(random: &mut Random) -> BTreeMap<String, Item> {
    let mut files = BTreeMap::new();
    for pair in FILES.chunks(2) {
        if random.chance(65) || pair[0] == "a.txt" {
            files.extend(pair.iter().map(|path| ((*path).to_owned(), file(random))));
        }
    }
    for (link, target, inside) in [("link", "a.txt", "a.txt"), ("folder", "src", "src/one.js")] {
        if files.contains_key(inside) && random.chance(25) {
            files.insert(link.to_owned(), Item::Link(target.to_owned()));
        }
    }
    if random.chance(10) {
        // BuildKit takes this one, the classic builder the other one.
        files.insert("Dockerfile.dockerignore".to_owned(), ignore(random));
    }
    if random.chance(40) {
        files.insert(".dockerignore".to_owned(), ignore(random));
    }
    files
}

/// A file with new content.
pub fn file(random: &mut Random) -> Item {
    let content = format!("{} NONCE\n", random.word());
    Item::File { content, mode: random.weighted(&[(6, 0o644), (2, 0o755), (1, 0o600), (1, 0o664)]) }
}

/// A `.dockerignore` that leaves the files there that lines name.
pub fn ignore(random: &mut Random) -> Item {
    let patterns =
        ["Dockerfile", ".dockerignore", "*.log", "**/*.md", "src/deep", "docs", "!docs/y.txt", "# note", "**/four.txt"];
    let count = 1 + random.below(4);
    let content: String = (0..count).map(|_| random.one(&patterns).to_owned() + "\n").collect();
    Item::File { content, mode: 0o644 }
}
