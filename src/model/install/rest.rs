//! What the other commands of a RUN may need, besides its install.

use super::script::Call;

/// What the other commands of a RUN need.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Rest {
    /// Nothing: there are none, or they touch no file but their own caches and those of the system.
    Nothing,
    /// Most likely no file of the sources.
    Harmless,
    /// Perhaps the sources: the first command of which it is not known; empty if it is not just commands
    /// in a row.
    Other(String),
}

impl Rest {
    /// Both: the first command that may need the sources stays.
    pub(super) fn and(self, more: Rest) -> Rest {
        match (self, more) {
            (Rest::Other(command), _) | (_, Rest::Other(command)) => Rest::Other(command),
            (Rest::Harmless, _) | (_, Rest::Harmless) => Rest::Harmless,
            _ => Rest::Nothing,
        }
    }
}

/// What `call`, which is no install, needs.
///
/// Sources: the manual pages of the programs; npm-cache(1), npm-config(1), pip-install(1).
pub(super) fn of(call: &Call) -> Rest {
    let name = call.name();
    let operands: Vec<&str> = call.rest().iter().map(String::as_str).filter(|w| !w.starts_with('-')).collect();
    let first = operands.first().copied().unwrap_or_default();
    let second = operands.get(1).copied().unwrap_or_default();
    let named = || operands.iter().skip(1).all(|w| is_name(w));
    let other = || unknown(call);
    match name {
        "apt-get" | "apt" | "yum" | "dnf" | "microdnf" if named() => Rest::Harmless,
        // `.build-deps` is a name: so people call the virtual packages of apk.
        "apk" if operands.iter().skip(1).all(|w| is_name(w.strip_prefix('.').unwrap_or(w))) => Rest::Harmless,
        "mkdir" => Rest::Harmless,
        // What it loads is the version manager of the user.
        "source" | "." if first.contains("/.nvm/") || first.contains("/nvm/") => Rest::Harmless,
        _ if call.words.iter().any(String::is_empty) && name != "echo" => other(),
        "cd" | "set" | "echo" | "true" | ":" | "sleep" | "date" => Rest::Nothing,
        "rm" if operands.iter().all(|w| is_elsewhere(w)) => Rest::Nothing,
        "npm" | "yarn" | "pnpm" if matches!((first, second), ("cache", "clean" | "verify")) => Rest::Nothing,
        "npm" if matches!(first, "config" | "set" | "get" | "version" | "") => Rest::Harmless,
        "npm" if matches!(first, "install" | "i") && is_global(call) && named() => Rest::Harmless,
        "yarn" if first == "global" && second == "add" => Rest::Harmless,
        "yarn" | "pnpm" if matches!(first, "config" | "store") => Rest::Harmless,
        "corepack" => Rest::Harmless,
        "pip" | "pip3" if first == "cache" => Rest::Nothing,
        "pip" | "pip3" if first == "install" && is_plain_pip(call) && named() => Rest::Nothing,
        "pip" | "pip3" if matches!(first, "config" | "list" | "freeze" | "check" | "") => Rest::Harmless,
        "python" | "python3" if call.rest().first().is_some_and(|w| w == "--version" || w == "-V") => Rest::Nothing,
        "python" | "python3"
            if operands.starts_with(&["pip", "install"]) && operands[2..].iter().all(|w| is_name(w)) =>
        {
            Rest::Harmless
        }
        "gem" if first == "install" && named() => Rest::Harmless,
        "bundle" | "bundler" | "composer" | "poetry" if first == "config" => Rest::Harmless,
        "composer" if matches!(first, "clear-cache" | "clearcache" | "self-update") => Rest::Harmless,
        "mix" if matches!(first, "local.hex" | "local.rebar") => Rest::Harmless,
        "go" if matches!(first, "env" | "version") => Rest::Harmless,
        "git" if first == "config" && call.rest().iter().any(|w| w == "--global") => Rest::Harmless,
        _ => other(),
    }
}

/// `call` may need the sources.
pub(super) fn unknown(call: &Call) -> Rest {
    Rest::Other(shown(call))
}

fn shown(call: &Call) -> String {
    let known: Vec<&str> = call.words.iter().map(String::as_str).take_while(|w| !w.is_empty()).take(3).collect();
    known.join(" ")
}

fn is_global(call: &Call) -> bool {
    call.rest().iter().any(|w| matches!(w.as_str(), "-g" | "--global" | "--location=global"))
}

/// No flag that names a file or a folder.
fn is_plain_pip(call: &Call) -> bool {
    const PLAIN: &[&str] = &[
        "--upgrade",
        "-U",
        "--no-cache-dir",
        "--quiet",
        "-q",
        "--break-system-packages",
        "--disable-pip-version-check",
        "--no-input",
    ];
    call.rest().iter().filter(|w| w.starts_with('-')).all(|w| PLAIN.contains(&w.as_str()))
}

/// A package, not a path.
fn is_name(word: &str) -> bool {
    let starts = !word.starts_with(['.', '/', '~']);
    let archive = [".tgz", ".gz", ".zip", ".whl", ".deb", ".rpm", ".apk"].iter().any(|e| word.ends_with(e));
    starts && !archive && (!word.contains('/') || word.starts_with('@'))
}

/// A place that holds nothing of the sources.
fn is_elsewhere(path: &str) -> bool {
    const PLACES: &[&str] =
        &["/var/lib/apt/", "/var/cache/", "/var/lib/dnf", "/var/lib/yum", "/tmp/", "/root/.npm", "/root/.cache", "~/."];
    !path.contains("..") && PLACES.iter().any(|place| path.starts_with(place))
}
