//! Gathers what is known of how often the files that a Dockerfile brings change.

use super::odds::{Assumed, Evidence};
use crate::context::churn::{History, assumed_churn, assumed_churn_of_folder, is_named_file};
use crate::context::{Project, clean};
use crate::model::Model;
use std::collections::HashSet;

/// So many kinds of files are assumed to change each for itself. What else a file with more sources brings counts as one kind,
/// so that the time to weigh it grows with its length and no faster.
const MOST_ASSUMED: usize = 256;

/// The evidence for the files that `model` brings from its context: the commits of `history`, whose paths
/// start with `prefix` below the context, without what the context ignores; and the assumption for each
/// source that an instruction names.
pub fn evidence(model: &Model<'_, '_>, project: Option<&Project>, history: Option<(&History, &str)>) -> Evidence {
    let ignored = |path: &str| project.is_some_and(|p| p.ignore.ignores(path));
    let commits = history.map(|(history, prefix)| history.within(prefix, |path| !ignored(path))).unwrap_or_default();
    let mut known = HashSet::new();
    let mut assumed: Vec<Assumed> = Vec::new();
    for source in model.context_sources().unwrap_or_default() {
        let (path, chance) = assume(&source, project);
        if !known.insert(path.clone()) {
            continue;
        }
        match assumed.last_mut().filter(|_| known.len() > MOST_ASSUMED) {
            Some(rest) => {
                rest.paths.push(path);
                rest.chance = 1.0 - (1.0 - rest.chance) * (1.0 - chance);
            }
            None => assumed.push(Assumed { paths: vec![path], chance }),
        }
    }
    Evidence { commits, assumed }
}

/// A path that stands for the files of `source`, and the chance that a commit changes one of them.
fn assume(source: &str, project: Option<&Project>) -> (String, f64) {
    let path = clean(source);
    if path.contains(['*', '?', '[']) {
        let path = example(&path);
        // Several files fit, so more commits touch them than one.
        return (path.clone(), 2.0 * assumed_churn(&path));
    }
    let folder = match project {
        Some(project) if project.has(&path) => project.is_dir(&path),
        _ => path.is_empty() || source.ends_with('/') || !is_named_file(&path),
    };
    if !folder {
        return (path.clone(), assumed_churn(&path));
    }
    let inside = if path.is_empty() { "any file".to_owned() } else { format!("{path}/any file") };
    (inside, assumed_churn_of_folder(&path))
}

/// A path that fits `pattern`: `package*.json` is fitted by `package.json`.
fn example(pattern: &str) -> String {
    let mut path = String::new();
    let mut chars = pattern.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '*' if path.is_empty() || path.ends_with('/') => path.push('a'),
            '*' => {}
            '?' => path.push('a'),
            '[' => {
                let class: String = chars.by_ref().take_while(|&c| c != ']').collect();
                path.push(class.chars().find(|c| *c != '^').unwrap_or('a'));
            }
            '\\' => path.extend(chars.next()),
            c => path.push(c),
        }
    }
    path
}
