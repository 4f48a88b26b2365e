//! What the `go` command reads.

use super::{Needs, Place, inside};
use crate::context::Project;
use std::collections::HashSet;

/// What `go mod download` needs at `place`.
///
/// Source: the Go modules reference, Go 1.22: the `go.mod` grammar, `go mod download`, workspaces.
pub fn go(project: &Project, place: Place<'_>) -> Needs {
    let mut needs = Needs::default();
    let Some(text) = project.text(&place.inside("go.mod")) else {
        return needs.absent(&place.inside("go.mod"));
    };
    needs.files.push(place.inside("go.mod"));
    let sums = project.text(&place.inside("go.sum"));
    if project.has(&place.inside("go.sum")) {
        needs.files.push(place.inside("go.sum"));
    }
    let workspace = std::iter::once(place.folder).chain(place.above()).any(|f| project.has(&inside(f, "go.work")));
    if workspace {
        return needs.beyond("go.work makes the modules of a workspace needed as well");
    }
    let module = Module::read(&text);
    if let Some(place) = &module.local {
        return needs.beyond(format!("go.mod replaces a module by the folder `{place}`"));
    }
    if !module.understood {
        needs.doubt("go.mod has a line that is not understood");
    }
    // From Go 1.17 on, all modules of the build are listed, and nothing else is downloaded.
    if !module.lists_all {
        needs.doubt("go.mod is for Go 1.16 or older, so `go mod download` may change go.sum");
    }
    let sums: HashSet<(&str, &str)> = sums.as_deref().unwrap_or_default().lines().filter_map(sum).collect();
    let missing = |(path, version): &&(String, String)| {
        !sums.contains(&(path.as_str(), version.as_str()))
            || !sums.contains(&(path.as_str(), &format!("{version}/go.mod")))
    };
    if let Some((path, _)) = module.required.iter().find(missing) {
        needs.doubt(format!("go.sum lacks sums of `{path}`, so `go mod download` may change it"));
    }
    needs
}

fn sum(line: &str) -> Option<(&str, &str)> {
    let mut words = line.split_whitespace();
    Some((words.next()?, words.next()?))
}

struct Module {
    required: Vec<(String, String)>,
    local: Option<String>,
    lists_all: bool,
    understood: bool,
}

impl Module {
    fn read(text: &str) -> Self {
        let mut module = Self { required: Vec::new(), local: None, lists_all: false, understood: true };
        let mut replaced: Vec<(String, Option<(String, String)>)> = Vec::new();
        let mut block: Option<String> = None;
        for line in text.lines() {
            let line = line.split("//").next().unwrap_or_default().trim();
            if line == ")" {
                block = None;
                continue;
            }
            let mut words: Vec<String> =
                line.split_whitespace().map(|w| w.trim_matches(['"', '`']).to_owned()).collect();
            if words.is_empty() {
                continue;
            }
            let verb = match &block {
                Some(verb) => verb.clone(),
                None => words.remove(0),
            };
            if words == ["("] {
                block = Some(verb);
                continue;
            }
            match (verb.as_str(), &words[..]) {
                ("require", [path, version]) => module.required.push((path.clone(), version.clone())),
                ("replace", words) => {
                    let Some(at) = words.iter().position(|w| w == "=>") else {
                        module.understood = false;
                        continue;
                    };
                    let old = words.first().cloned().unwrap_or_default();
                    match &words[at + 1..] {
                        [path, version] => replaced.push((old, Some((path.clone(), version.clone())))),
                        [folder] => {
                            module.local.get_or_insert_with(|| folder.clone());
                        }
                        _ => module.understood = false,
                    }
                    // A replacement of one version only may not count.
                    module.understood &= at == 1;
                }
                ("go", [version]) => module.lists_all = is_at_least_1_17(version),
                ("module" | "toolchain" | "exclude" | "retract" | "godebug" | "tool", _) => {}
                _ => module.understood = false,
            }
        }
        for (old, new) in replaced {
            let at = module.required.iter().position(|(path, _)| *path == old);
            if let (Some(at), Some(new)) = (at, new) {
                module.required[at] = new;
            }
        }
        module
    }
}

fn is_at_least_1_17(version: &str) -> bool {
    let mut parts = version.split('.').map(|p| p.parse::<u32>().unwrap_or_default());
    (parts.next().unwrap_or_default(), parts.next().unwrap_or_default()) >= (1, 17)
}
