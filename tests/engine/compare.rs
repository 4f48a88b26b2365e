//! Comparing two images, and telling what differs without a cause.
//!
//! An image is a list of facts: one for each part of its config, and a few for each path of its file
//! system. Times are no facts: they differ between any two builds, and no cache key and no program that
//! honours its cache looks at them.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

/// What is known of one thing: `mode` is `0755`, `Env PATH` is `/bin`.
pub type Facts = BTreeMap<String, String>;

/// What an image is, as far as a container can tell.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Image {
    pub config: Facts,
    /// The paths of the merged file system, from `/`.
    pub files: BTreeMap<String, Facts>,
}

/// A fact that is not the same in both.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// A path, or `config`.
    pub place: String,
    pub what: String,
    pub before: Option<String>,
    pub after: Option<String>,
}

/// The place of the facts that are not about a path.
pub const CONFIG: &str = "config";
/// What a file holds.
pub const CONTENT: &str = "content";
/// What differs where a path is in one image only.
pub const PATH: &str = "path";

/// All differences, the config first, then by path. A path that is in one image only is one difference.
pub fn differences(before: &Image, after: &Image) -> Vec<Difference> {
    let mut found = Vec::new();
    facts(CONFIG, &before.config, &after.config, &mut found);
    let paths: BTreeSet<&String> = before.files.keys().chain(after.files.keys()).collect();
    for path in paths {
        match (before.files.get(path), after.files.get(path)) {
            (Some(old), Some(new)) => facts(path, old, new, &mut found),
            (old, new) => found.push(Difference {
                place: path.clone(),
                what: PATH.into(),
                before: old.map(summary),
                after: new.map(summary),
            }),
        }
    }
    found
}

fn facts(place: &str, before: &Facts, after: &Facts, found: &mut Vec<Difference>) {
    let names: BTreeSet<&String> = before.keys().chain(after.keys()).collect();
    for name in names {
        let (old, new) = (before.get(name).cloned(), after.get(name).cloned());
        if old != new {
            found.push(Difference { place: place.into(), what: name.clone(), before: old, after: new });
        }
    }
}

/// All facts in one line, the content last: it may be long.
fn summary(facts: &Facts) -> String {
    let (content, others): (Vec<_>, Vec<_>) = facts.iter().partition(|(name, _)| *name == CONTENT);
    others.into_iter().chain(content).map(|(name, value)| format!("{name} {value}")).collect::<Vec<_>>().join(", ")
}

/// What differs between two builds of the same file, and so says nothing about a change to it.
#[derive(Clone, Debug, Default)]
pub struct Noise(BTreeSet<(String, String)>);

impl Noise {
    /// What differs between two builds of one file.
    pub fn between(first: &Image, second: &Image) -> Self {
        Self(differences(first, second).iter().map(key).collect())
    }

    /// The differences that are not noise. A path whose content is noise still has to keep its mode.
    pub fn subtract(&self, found: Vec<Difference>) -> Vec<Difference> {
        found.into_iter().filter(|d| !self.0.contains(&key(d))).collect()
    }

    /// How many facts are noise.
    pub fn len(&self) -> usize {
        self.0.len()
    }
}

/// A file that comes and goes often has the time in its name (`2026-01-02T03_04_05Z-debug-0.log`): it is known
/// by its name without the numbers.
fn key(difference: &Difference) -> (String, String) {
    let Difference { place, what, .. } = difference;
    if what != PATH {
        return (place.clone(), what.clone());
    }
    let mut shape = String::with_capacity(place.len());
    for letter in place.chars() {
        let letter = if letter.is_ascii_digit() { '#' } else { letter };
        if letter != '#' || !shape.ends_with('#') {
            shape.push(letter);
        }
    }
    (shape, what.clone())
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let texts = [&self.before, &self.after].map(|side| side.as_deref().unwrap_or_default());
        let same = texts[0].chars().zip(texts[1].chars()).take_while(|(a, b)| a == b).count();
        let shown = |side: &Option<String>| side.as_ref().map_or("none".to_owned(), |value| excerpt(value, same));
        write!(f, "{}: {}: {} -> {}", self.place, self.what, shown(&self.before), shown(&self.after))
    }
}

/// A few dozen letters of `value` around the letter `at`, on one line.
fn excerpt(value: &str, at: usize) -> String {
    if value.is_empty() {
        return "\"\"".into();
    }
    const BEFORE: usize = 16;
    const WIDTH: usize = 72;
    let start = if value.chars().count() <= WIDTH { 0 } else { at.saturating_sub(BEFORE) };
    let part: String = value.chars().skip(start).take(WIDTH).collect();
    let end = if start + WIDTH < value.chars().count() { "..." } else { "" };
    format!("{}{}{end}", if start > 0 { "..." } else { "" }, part.escape_debug())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn image(config: &[(&str, &str)], files: &[(&str, &[(&str, &str)])]) -> Image {
        let facts = |list: &[(&str, &str)]| list.iter().map(|&(k, v)| (k.to_owned(), v.to_owned())).collect();
        Image {
            config: facts(config),
            files: files.iter().map(|&(path, list)| (path.to_owned(), facts(list))).collect(),
        }
    }

    fn shown(before: &Image, after: &Image) -> Vec<String> {
        differences(before, after).iter().map(ToString::to_string).collect()
    }

    const FILE: &[(&str, &str)] = &[("mode", "0644"), ("owner", "0:0"), ("type", "file")];

    #[test]
    fn an_image_is_the_same_as_itself() {
        let one = image(&[("Cmd", "[\"x\"]")], &[("/a", FILE)]);
        assert_eq!(differences(&one, &one.clone()), []);
    }

    #[test]
    fn every_part_of_the_config_counts() {
        let before = image(&[("Cmd", "[\"x\"]"), ("Env A", "1")], &[]);
        let after = image(&[("Cmd", "[\"y\"]"), ("User", "1")], &[]);
        assert_eq!(
            shown(&before, &after),
            [r#"config: Cmd: [\"x\"] -> [\"y\"]"#, "config: Env A: 1 -> none", "config: User: none -> 1",]
        );
    }

    #[test]
    fn every_fact_of_a_path_counts_and_a_missing_path_is_one_difference() {
        let changed: &[(&str, &str)] = &[("mode", "0600"), ("owner", "1:1"), ("type", "folder"), ("xattr user.a", "b")];
        let before = image(&[], &[("/a", FILE), ("/gone", FILE)]);
        let after = image(&[], &[("/a", changed), ("/new", FILE)]);
        assert_eq!(
            shown(&before, &after),
            [
                "/a: mode: 0644 -> 0600",
                "/a: owner: 0:0 -> 1:1",
                "/a: type: file -> folder",
                "/a: xattr user.a: none -> b",
                "/gone: path: mode 0644, owner 0:0, type file -> none",
                "/new: path: none -> mode 0644, owner 0:0, type file",
            ]
        );
    }

    #[test]
    fn a_long_text_is_shown_from_where_it_differs() {
        let long = |end: &str| format!("{}{end}", "x".repeat(300));
        let before = image(&[], &[("/a", &[("content", &long("one\nline"))])]);
        let after = image(&[], &[("/a", &[("content", &long("two"))])]);
        let x = "x".repeat(16);
        assert_eq!(shown(&before, &after), [format!("/a: content: ...{x}one\\nline -> ...{x}two")]);
    }

    #[test]
    fn noise_is_subtracted_where_it_was_seen_and_nowhere_else() {
        let build = |log: &str, mode: &str, other: &str| {
            image(&[], &[("/log", &[("content", log), ("mode", mode)]), ("/x", &[("content", other)])])
        };
        let noise = Noise::between(&build("1", "0644", "x"), &build("2", "0644", "x"));
        assert_eq!(noise.len(), 1);
        let left = |after: &Image| noise.subtract(differences(&build("1", "0644", "x"), after));
        assert_eq!(left(&build("3", "0644", "x")), []);
        // The mode of a noisy path, and the content of a quiet one, still count.
        let left = left(&build("3", "0600", "y"));
        let left: Vec<String> = left.iter().map(ToString::to_string).collect();
        assert_eq!(left, ["/log: mode: 0644 -> 0600", "/x: content: x -> y"]);
        assert_eq!(Noise::default().subtract(differences(&build("1", "0644", "x"), &build("2", "0644", "x"))).len(), 1);
    }

    #[test]
    fn a_file_with_the_time_in_its_name_is_known_by_the_rest() {
        let log = |time: &str| image(&[], &[(&*format!("/logs/2026-01-01T{time}-debug-0.log"), FILE)]);
        let noise = Noise::between(&log("1_22"), &log("11_2"));
        assert_eq!(noise.subtract(differences(&log("1_22"), &log("9_99"))), []);
        let other = image(&[], &[("/logs/2026-01-01T1_22-error-0.log", FILE)]);
        assert_eq!(noise.subtract(differences(&log("1_22"), &other)).len(), 1);
        // Facts of a path that stays are known by the whole name.
        let file = |mode: &str| image(&[], &[("/a1", &[("mode", mode)]), ("/a2", FILE)]);
        let noise = Noise::between(&file("1"), &file("2"));
        let moved =
            image(&[], &[("/a1", &[("mode", "1")]), ("/a2", &[("mode", "0600"), ("owner", "0:0"), ("type", "file")])]);
        assert_eq!(noise.subtract(differences(&file("1"), &moved)).len(), 1);
    }
}
