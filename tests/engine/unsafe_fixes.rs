//! Unsafe fixes of the apps: they may change the image, and the finding has to say what changes.
//!
//! `LAYERWISE_APPS` has the names of the apps to look at, with commas between them; all of them without it.

use crate::apps::{self, App, layerwise};
use crate::compare::{CONFIG, CONTENT, Difference};
use crate::engine::Engine;
use crate::equivalence::{Pair, Verdict, in_parallel, list};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::time::Instant;

/// All that the findings of one rule with an unsafe fix say about an app.
struct Announced {
    app: App,
    code: String,
    text: String,
}

fn announced(app: &App) -> Vec<Announced> {
    let folder = app.copy();
    let (json, _) = layerwise(folder.path(), &["--format", "json", "--select", "ALL"]);
    let findings: Vec<Value> = serde_json::from_str(&json).expect("the program prints JSON");
    let mut by_rule = BTreeMap::<String, String>::new();
    for finding in findings.iter().filter(|f| f["fix"]["applicability"] == "unsafe") {
        let text = by_rule.entry(finding["code"].as_str().expect("a finding has a code").to_owned()).or_default();
        let notes = finding["notes"].as_array().into_iter().flatten();
        for part in [&finding["message"], &finding["help"]].into_iter().chain(notes) {
            text.push_str(part.as_str().unwrap_or_default());
            text.push('\n');
        }
    }
    by_rule.into_iter().map(|(code, text)| Announced { app: app.clone(), code, text }).collect()
}

impl Announced {
    /// Whether the text says that the command may do something else, or fail.
    fn doubts_the_command(&self) -> bool {
        self.text.contains("runs before the other files are there: build once")
    }

    /// Whether the text names what differs: the path, a folder that it lies in, its file, the
    /// words of the file that came or went, or the part of the config.
    fn names(&self, difference: &Difference) -> bool {
        if difference.place == CONFIG {
            let part = difference.what.split(' ').next().unwrap_or_default();
            return self.text.to_lowercase().contains(&part.trim_end_matches('s').to_lowercase());
        }
        let path = difference.place.as_str();
        let named = |path: &str| words(&self.text).any(|word| word == path);
        let above = path.match_indices('/').skip(1).map(|(at, _)| &path[..at]).chain([path]);
        // A name with a dot is that of a file; `root` or `in` may be a word like others.
        let is_file = |name: &str| name.contains('.') && named(name) || self.entries().any(|entry| entry == name);
        above.into_iter().any(named)
            || path.split('/').skip(1).any(is_file)
            || self.names_words(difference)
            || self.doubts_the_command() && is_installed(path)
    }

    /// What the text says should stand in the ignore file.
    fn entries(&self) -> impl Iterator<Item = &str> {
        let lists = self.text.lines().filter_map(|line| {
            let (before, list) = line.split_once(": ")?;
            (before.ends_with("ignore file") || before.ends_with(".dockerignore")).then_some(list)
        });
        lists.flat_map(|list| list.split(", ")).map(|entry| entry.strip_prefix("**/").unwrap_or(entry))
    }

    fn names_words(&self, difference: &Difference) -> bool {
        let (CONTENT, Some(before), Some(after)) = (&*difference.what, &difference.before, &difference.after) else {
            return false;
        };
        let sides = [words(before), words(after)].map(Iterator::collect::<BTreeSet<_>>);
        let mut changed = sides[0].symmetric_difference(&sides[1]).peekable();
        changed.peek().is_some() && changed.all(|word| words(&self.text).any(|w| w == *word))
    }
}

/// Whether an install of a package manager writes there: packages, caches and logs.
fn is_installed(path: &str) -> bool {
    ["/root/.npm/", "/root/.cache/", "/usr/local/lib/"].iter().any(|folder| path.starts_with(folder))
        || path.split('/').any(|name| name == "node_modules")
}

/// The words of a text, as far as they may be paths.
fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| c.is_whitespace() || "`=,;:[]\"".contains(c))
        .map(|word| word.strip_prefix("**/").unwrap_or(word).trim_end_matches(['.', '/']))
        .filter(|word| !word.is_empty())
}

#[test]
#[ignore = "needs a Docker engine: tests/engine/setup.sh"]
fn what_unsafe_fixes_change_is_announced() {
    let (engine, start) = (Engine::get(), Instant::now());
    let wanted = std::env::var("LAYERWISE_APPS").ok();
    let apps = apps::all().into_iter().filter(|a| wanted.as_ref().is_none_or(|w| w.split(',').any(|w| w == a.name)));
    let all: Vec<Announced> = apps.flat_map(|app| announced(&app)).collect();
    let results = in_parallel(&all, |announced| {
        let (before, after) = (announced.app.copy(), announced.app.copy());
        layerwise(after.path(), &["--fix", "--unsafe-fixes", "--select", &announced.code]);
        let place = after.path().join("Dockerfile");
        let texts = [announced.app.text(), fs::read_to_string(&place).expect("the program leaves a Dockerfile")];
        // A copy of the Dockerfile in the image differs as it should.
        fs::write(&place, &texts[0]).expect("a file can be written");
        let pair = Pair { before: &texts[0], after: &texts[1], contexts: [before.path(), after.path()], images: &[] };
        let (ok, differs, what) = match pair.differences(engine) {
            Ok(found) => {
                let (named, other): (Vec<_>, Vec<_>) = found.into_iter().partition(|d| announced.names(d));
                let what = match other.as_slice() {
                    [] => format!("{} differences, all announced", named.len()),
                    _ => format!("NOT ANNOUNCED by\n      {}{}", announced.text, list(&other)),
                };
                (other.is_empty(), !named.is_empty(), what)
            }
            Err(Verdict::Broken(_)) if announced.doubts_the_command() => (true, true, "broken, as announced".into()),
            Err(Verdict::Broken(said)) => (false, false, format!("BROKEN by the fix\n{said}")),
            Err(verdict) => (false, false, format!("{verdict:?}")),
        };
        println!("  {} {}: {what}", announced.app.name, announced.code);
        (ok, differs)
    });
    let differ = results.iter().filter(|r| r.1).count();
    let wrong: Vec<String> =
        all.iter().zip(&results).filter(|(_, r)| !r.0).map(|(a, _)| format!("{} {}", a.app.name, a.code)).collect();
    println!(
        "{} unsafe fixes of {} rules, {differ} change the image; {:.0} s",
        all.len(),
        all.iter().map(|a| &a.code).collect::<BTreeSet<_>>().len(),
        start.elapsed().as_secs_f32()
    );
    assert!(wrong.is_empty(), "{}", wrong.join(", "));
    assert!(differ >= 10 || wanted.is_some(), "too few images are changed to prove anything");
}

#[test]
fn a_difference_is_announced_if_its_path_a_folder_above_or_its_part_of_the_config_is_named() {
    let app = apps::all().swap_remove(0);
    let text = "mount `--mount=type=cache,target=/root/.npm`. Sets USER, a label\n\
                write a .dockerignore: **/node_modules, Dockerfile\n"
        .to_owned();
    let announced = Announced { app, code: String::new(), text };
    let names = |place: &str, what: &str, sides: [&str; 2]| {
        let [before, after] = sides.map(|s| Some(s.to_owned()));
        announced.names(&Difference { place: place.into(), what: what.into(), before, after })
    };
    for path in ["/root/.npm", "/root/.npm/_logs/1", "/app/node_modules/a", "/srv/Dockerfile"] {
        assert!(names(path, "path", ["", ""]), "{path}");
    }
    for path in ["/root/.npmrc", "/root", "/app/node", "/app/a/cache"] {
        assert!(!names(path, "path", ["", ""]), "{path}");
    }
    assert!(names(CONFIG, "User", ["", "1"]) && names(CONFIG, "Labels x", ["", "1"]));
    assert!(!names(CONFIG, "Cmd", ["", "1"]));
    assert!(names("/list", CONTENT, ["a node_modules b", "a b"]));
    assert!(!names("/list", CONTENT, ["a node_modules b", "a c"]) && !names("/list", CONTENT, ["a", "a"]));
}
