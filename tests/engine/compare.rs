//! In what two images differ, and which of that would differ anyway.

use crate::image::Image;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

/// One thing that is not the same in two images.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// The path of a file, or the name of an entry of the config.
    pub place: String,
    /// What of it differs.
    pub what: &'static str,
    /// In the first image.
    pub before: String,
    /// In the second.
    pub after: String,
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} of {}: {:?} became {:?}", self.what, self.place, self.before, self.after)
    }
}

/// Everything in which `after` is not `before`.
pub fn differences(before: &Image, after: &Image) -> Vec<Difference> {
    let mut list = Vec::new();
    let mut differ = |place: &str, what: &'static str, before: String, after: String| {
        if before != after {
            list.push(Difference { place: place.to_owned(), what, before, after });
        }
    };
    for (name, a, b) in pairs(&before.config, &after.config) {
        let value = |v: Option<&String>| v.map_or_else(|| "nothing".to_owned(), |v| format!("`{v}`"));
        differ(name, "config", value(a), value(b));
    }
    for (path, a, b) in pairs(&before.files, &after.files) {
        let (Some(a), Some(b)) = (a, b) else {
            let there = |is: bool| if is { "there".to_owned() } else { "not there".to_owned() };
            differ(path, "presence", there(a.is_some()), there(b.is_some()));
            continue;
        };
        differ(path, "kind", a.kind.clone(), b.kind.clone());
        differ(path, "mode", format!("{:o}", a.mode), format!("{:o}", b.mode));
        differ(path, "owner", format!("{:?}", a.owner), format!("{:?}", b.owner));
        differ(path, "target", a.target.clone(), b.target.clone());
        differ(path, "content", format!("{:x}", a.content), format!("{:x}", b.content));
        differ(path, "attributes", format!("{:?}", a.attributes), format!("{:?}", b.attributes));
    }
    list
}

/// The entries of two maps, by key.
fn pairs<'m, V>(
    a: &'m BTreeMap<String, V>,
    b: &'m BTreeMap<String, V>,
) -> impl Iterator<Item = (&'m str, Option<&'m V>, Option<&'m V>)> {
    let keys: BTreeSet<&String> = a.keys().chain(b.keys()).collect();
    keys.into_iter().map(|key| (key.as_str(), a.get(key), b.get(key)))
}

/// What two builds of one file do not have in common: logs, caches, times that programs write down.
#[derive(Clone, Debug, Default)]
pub struct Noise(BTreeSet<(String, &'static str)>);

impl Noise {
    /// Learns from two builds of the same file.
    pub fn learn(&mut self, one: &Image, other: &Image) {
        self.0.extend(differences(one, other).into_iter().map(|d| (shape(&d.place, d.what), d.what)));
    }

    /// How many places are noisy.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether `difference` says nothing: two builds of the same file differ in it too. Config is never noise.
    pub fn covers(&self, difference: &Difference) -> bool {
        difference.what != "config" && self.0.contains(&(shape(&difference.place, difference.what), difference.what))
    }
}

/// A path as noise knows it. A log whose name holds the time is another file in each build.
fn shape(place: &str, what: &str) -> String {
    if what != "presence" {
        return place.to_owned();
    }
    place.chars().map(|c| if c.is_ascii_hexdigit() { '#' } else { c }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::image::File;

    fn image(change: impl FnOnce(&mut Image)) -> Image {
        let mut image = Image::default();
        image.config.insert("Env A".into(), "1".into());
        image.files.insert("etc/x".into(), File { kind: "regular".into(), mode: 0o644, content: 1, ..File::default() });
        change(&mut image);
        image
    }

    fn seen(change: impl FnOnce(&mut Image)) -> Vec<String> {
        differences(&image(|_| ()), &image(change)).iter().map(|d| format!("{} {}", d.what, d.place)).collect()
    }

    fn file(image: &mut Image) -> &mut File {
        image.files.get_mut("etc/x").unwrap()
    }

    #[test]
    fn every_kind_of_difference_is_seen() {
        assert_eq!(seen(|_| ()), Vec::<String>::new());
        assert_eq!(seen(|i| drop(i.config.insert("Env A".into(), "2".into()))), ["config Env A"]);
        assert_eq!(seen(|i| drop(i.config.insert("User".into(), "x".into()))), ["config User"]);
        assert_eq!(seen(|i| i.config.clear()), ["config Env A"]);
        assert_eq!(seen(|i| i.files.clear()), ["presence etc/x"]);
        assert_eq!(seen(|i| drop(i.files.insert("new".into(), File::default()))), ["presence new"]);
        assert_eq!(seen(|i| file(i).kind = "directory".into()), ["kind etc/x"]);
        assert_eq!(seen(|i| file(i).mode = 0o4644), ["mode etc/x"]);
        assert_eq!(seen(|i| file(i).owner = (0, 1)), ["owner etc/x"]);
        assert_eq!(seen(|i| file(i).target = "y".into()), ["target etc/x"]);
        assert_eq!(seen(|i| file(i).content = 2), ["content etc/x"]);
        assert_eq!(seen(|i| drop(file(i).attributes.insert("user.a".into(), vec![1]))), ["attributes etc/x"]);
    }

    #[test]
    fn noise_is_no_more_than_what_two_builds_differ_in() {
        let log = |name: &str| image(|i| drop(i.files.insert(format!("logs/2026-01-{name}.log"), File::default())));
        let mut noise = Noise::default();
        noise.learn(&image(|_| ()), &image(|i| file(i).content = 2));
        noise.learn(&log("01"), &log("02"));
        let quiet = |other: &Image| differences(&image(|_| ()), other).iter().all(|d| noise.covers(d));
        assert!(quiet(&image(|i| file(i).content = 3)) && quiet(&log("03")));
        assert!(!quiet(&image(|i| file(i).mode = 0)), "a noisy content says nothing of the mode");
        assert!(!quiet(&image(|i| i.files.clear())));
        assert!(!quiet(&image(|i| drop(i.files.insert("logs/other.log".into(), File::default())))));
        let mut config = Noise::default();
        config.learn(&image(|_| ()), &image(|i| i.config.clear()));
        assert!(!differences(&image(|_| ()), &image(|i| i.config.clear())).iter().any(|d| config.covers(d)));
    }
}
