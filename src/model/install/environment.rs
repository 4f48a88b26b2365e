//! Variables that change what an install reads or where it writes.

use super::super::effects::{State, is_of_shims, may_be_relative, names_a_place, path_of};
use super::super::path::AbsolutePath;
use super::stage::StageInstalls;
use crate::syntax::{Instruction, Keyword};

/// The variables in front of a step: each value as far as it is known.
#[derive(Clone, Debug, Default)]
pub(super) struct Variables(Vec<(String, Option<String>, String)>);

impl Variables {
    pub(super) fn advance(&mut self, step: &Instruction<'_>, state: &State, escape: char) {
        let mut set = |name: &str, raw: &str, value: Option<String>| {
            self.0.retain(|(other, ..)| other != name);
            self.0.push((name.to_owned(), value, raw.trim_matches('"').to_owned()));
        };
        match step.keyword {
            Keyword::Env => {
                for pair in step.pairs() {
                    set(&pair.key.text, &pair.value.text, state.expand(&pair.value.text, escape).known());
                }
            }
            // Any build may give it another value.
            Keyword::Arg => step.args().iter().for_each(|arg| set(&arg.name.text, "", None)),
            _ => {}
        }
    }
}

/// Why the variables that the RUN at `step` sees may make its installs read or write something in
/// `folder`, where the sources go; `written` is what they write there anyway.
///
/// Sources: npm-config(7) of npm 10 (each setting is a variable `npm_config_...`), pip's user guide
/// (`PIP_...`), `go help environment`, the manual of Yarn 1 (`YARN_...`), environ(7).
pub fn environment_doubt(
    stage: &StageInstalls,
    step: usize,
    folder: &AbsolutePath,
    written: &[AbsolutePath],
) -> Option<String> {
    let variables = stage.variables.get(step)?.as_ref()?;
    variables.0.iter().find_map(|(name, value, raw)| doubt(name, value.as_deref(), raw, folder, written))
}

fn doubt(
    name: &str,
    value: Option<&str>,
    raw: &str,
    folder: &AbsolutePath,
    written: &[AbsolutePath],
) -> Option<String> {
    let says = || Some(format!("the variable {name} may make it read or write files in {}", folder.as_str()));
    let upper = name.to_ascii_uppercase();
    if is_own_name(&upper) {
        return None;
    }
    if is_setting(&upper, value) {
        return says();
    }
    let list = upper.ends_with("PATH") || upper == "LD_PRELOAD";
    let is_place = names_a_place(name);
    for part in value.unwrap_or(raw).split([':', ' ', '=', ',']) {
        if is_of_shims(name, part) {
            return says();
        }
        let part = path_of(part);
        let itself = part == format!("${name}") || part == format!("${{{name}}}");
        if part.starts_with('/') {
            let known = part.split('$').next().unwrap_or_default();
            let inside = |path: &AbsolutePath| path.overlaps(folder) && !written.iter().any(|w| w.covers(path));
            if AbsolutePath::new(known).is_none_or(|path| inside(&path)) {
                return says();
            }
        } else if !part.is_empty() && !itself && (list || is_place && (value.is_none() || may_be_relative(part))) {
            // From the folder that the install runs in, or not known.
            return says();
        }
    }
    None
}

/// A name that projects give the folder of their sources, and that no installer looks at.
fn is_own_name(upper: &str) -> bool {
    let owned = ["APP", "PROJECT", "WORK", "SRC", "SOURCE", "CODE", "SERVICE"].iter().any(|p| upper.starts_with(p));
    owned && !upper.ends_with("_PATH")
}

/// Whether it is a setting of an installer that may name files, and not one of those that don't.
fn is_setting(upper: &str, value: Option<&str>) -> bool {
    if let Some(setting) = upper.strip_prefix("NPM_CONFIG_") {
        const PLAIN: &[&str] = &[
            "LOGLEVEL",
            "REGISTRY",
            "UPDATE_NOTIFIER",
            "FUND",
            "AUDIT",
            "PRODUCTION",
            "OMIT",
            "PROGRESS",
            "UNSAFE_PERM",
            "LEGACY_PEER_DEPS",
        ];
        return !PLAIN.contains(&setting);
    }
    if let Some(setting) = upper.strip_prefix("PIP_") {
        const PLAIN: &[&str] = &[
            "NO_CACHE_DIR",
            "DISABLE_PIP_VERSION_CHECK",
            "DEFAULT_TIMEOUT",
            "TIMEOUT",
            "RETRIES",
            "INDEX_URL",
            "EXTRA_INDEX_URL",
            "TRUSTED_HOST",
            "NO_INPUT",
            "ROOT_USER_ACTION",
            "BREAK_SYSTEM_PACKAGES",
            "NO_COMPILE",
            "PREFER_BINARY",
            "QUIET",
            "PROGRESS_BAR",
            "NO_WARN_SCRIPT_LOCATION",
            "VERSION",
        ];
        return !PLAIN.contains(&setting);
    }
    match upper {
        "NODE_OPTIONS" => !value.is_some_and(|v| v.split(' ').all(|o| o.starts_with("--max-old-space-size="))),
        "GOFLAGS" => value.is_none_or(|v| v.contains("mod")),
        "GOWORK" => value != Some("off"),
        "GOPROXY" => value.is_none_or(|v| v.contains("file:")),
        "GOENV" | "PYTHONSTARTUP" | "HOME" | "TMPDIR" | "GIT_DIR" => value.is_none_or(|v| !v.starts_with('/')),
        "GOPATH" | "GOMODCACHE" | "PYTHONPATH" | "PYTHONHOME" | "VIRTUAL_ENV" => value.is_none(),
        _ => upper.starts_with("YARN_") && upper != "YARN_VERSION",
    }
}
