//! What two builds of one file show differently.

use super::bake::{Built, BuiltStage, Record};
use super::scene::{Knowledge, mentioned};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// What comparing two builds gave.
#[derive(Default)]
pub struct Comparison {
    /// What differs and must not.
    pub differences: Vec<String>,
    /// How many commands ran in another folder, which they don't look at.
    pub other_folder: usize,
    /// How many stages have their variables in another order.
    pub other_order: usize,
    /// How many commands were compared, and how many of them with all files there were.
    pub commands: usize,
    pub strict: usize,
    /// How many of the texts that ran are in none of the two files.
    pub unmatched: usize,
}

/// Compares two builds, given what is known of the commands in both files.
pub fn compare(before: &Built, after: &Built, knowledge: &BTreeMap<String, Knowledge>) -> Comparison {
    let mut comparison = Comparison::default();
    if before.stages.len() != after.stages.len() {
        comparison.differences.push("the number of stages".into());
    }
    for (index, (a, b)) in before.stages.iter().zip(&after.stages).enumerate() {
        let from = comparison.differences.len();
        comparison.stage(a, b, knowledge);
        comparison.differences[from..].iter_mut().for_each(|d| *d = format!("stage {index}: {d}"));
    }
    comparison
}

impl Comparison {
    fn differs(&mut self, what: impl Into<String>, before: &str, after: &str) {
        let gone = lines(before, after, '-');
        let new = lines(after, before, '+');
        self.differences.push(format!("{}\n{gone}{new}", what.into()));
    }

    fn stage(&mut self, a: &BuiltStage, b: &BuiltStage, knowledge: &BTreeMap<String, Knowledge>) {
        if order(&a.image) != order(&b.image) {
            self.other_order += 1;
        }
        let (x, y) = (image(&a.image), image(&b.image));
        if x != y {
            self.differs("the config", &x, &y);
        }
        if a.files != b.files {
            self.differs("the files", &a.files, &b.files);
        }
        let names: BTreeSet<&String> = a.records.keys().chain(b.records.keys()).collect();
        for name in names {
            match (a.records.get(name), b.records.get(name)) {
                (Some(x), Some(y)) => self.record(x, y, knowledge),
                (Some(x), None) => self.differs(format!("a command that no longer runs: {:?}", x.arguments), "", ""),
                (None, Some(y)) => {
                    self.differs(format!("a command that did not run before: {:?}", y.arguments), "", "")
                }
                (None, None) => {}
            }
        }
    }

    fn record(&mut self, a: &Record, b: &Record, knowledge: &BTreeMap<String, Knowledge>) {
        let found = knowledge.get(&a.text()).or_else(|| knowledge.get(&a.arguments.join("\n")));
        let what = found.copied().unwrap_or_default();
        self.commands += 1;
        self.strict += usize::from(!what.known);
        self.unmatched += usize::from(found.is_none());
        for (name, x) in &a.seen {
            let y = b.seen.get(name).map_or("", String::as_str);
            let (mut x, mut y) = (x.clone(), y.to_owned());
            match name.as_str() {
                "folder" if what.known && !what.looks_around => {
                    self.other_folder += usize::from(x != y);
                    continue;
                }
                "earlier" if what.known => continue,
                // It may pass what it doesn't look at, but not what it names.
                "files" if what.known => (x, y) = (named(&x, a), named(&y, a)),
                _ => {}
            }
            if x != y {
                self.differs(format!("the {name} that this command sees: {:?}", a.arguments), &x, &y);
            }
        }
    }
}

/// The lines of a listing whose files the command names.
fn named(listing: &str, record: &Record) -> String {
    let text = record.arguments.join("\n");
    let (whole, parts): (BTreeSet<&str>, BTreeSet<&str>) = mentioned(&text).partition(|name| name.starts_with('/'));
    // Where a relative name lies is for the folder and the variables to say: its last part must do.
    let last: BTreeSet<&str> = parts.iter().filter_map(|n| n.rsplit('/').next()).collect();
    let is_named = |line: &&str| {
        let path = line.split_once('/').map_or("", |(_, path)| path).split(['\'', ' ']).next().unwrap_or_default();
        whole.contains(format!("/{path}").as_str()) || last.contains(path.rsplit('/').next().unwrap_or_default())
    };
    listing.lines().filter(is_named).fold(String::new(), |all, line| all + line + "\n")
}

/// The lines of `of` that `other` doesn't have, each behind `sign`; the first twenty.
fn lines(of: &str, other: &str, sign: char) -> String {
    let there: BTreeSet<&str> = other.lines().collect();
    let missing = of.lines().filter(|line| !there.contains(line)).take(20);
    missing.fold(String::new(), |all, line| format!("{all}    {sign} {line}\n"))
}

fn order(image: &Value) -> Vec<&str> {
    let list = image["Config"]["Env"].as_array();
    list.into_iter().flatten().filter_map(Value::as_str).map(|v| v.split('=').next().unwrap_or(v)).collect()
}

/// The image as text: the order of the variables is that of their names.
fn image(image: &Value) -> String {
    let mut image = image.clone();
    if let Some(list) = image["Config"]["Env"].as_array_mut() {
        list.sort_by_key(ToString::to_string);
    }
    serde_json::to_string_pretty(&image).unwrap()
}
