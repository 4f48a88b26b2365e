//! Settings that lead programs elsewhere: a list of packages below `/repo`, a certificate below `/app`. Who reads the
//! settings reads what they name.

use super::super::expand::Value;
use super::super::path::AbsolutePath;
use super::State;

/// Folders and files below `/etc` with settings of package managers, of the loader and of what fetches files. `-` at
/// the end stands for any ending.
///
/// Sources: FILES of apt(8), apt.conf(5), dpkg.cfg(5), dnf.conf(5), yum.conf(5), zypper(8), apk(8), pacman(8), pip(1), npmrc(5), ldconfig(8),
/// ld.so(8), git-config(1), wget(1), curl(1), ssh_config(5), update-ca-certificates(8), update-ca-trust(8), bash(1), login(1), sudo(8), gem(1),
/// conda's configuration.
const BELOW_ETC: [&str; 36] = [
    "apk",
    "apt",
    "bash.bashrc",
    "bashrc",
    "ca-certificates",
    "ca-certificates.conf",
    "conda",
    "curlrc",
    "dnf",
    "dpkg",
    "environment",
    "gemrc",
    "gitconfig",
    "ld.so.conf",
    "ld.so.conf.d",
    "ld.so.preload",
    "npmrc",
    "pacman.conf",
    "pacman.d",
    "pip.conf",
    "pki",
    "profile",
    "profile.d",
    "ssh",
    "ssl",
    "sudoers",
    "sudoers.d",
    "wgetrc",
    "xdg",
    "yum",
    "yum.conf",
    "yum.repos.d",
    "zypp",
    "microdnf",
    "netrc",
    "bash_completion.d",
];

/// The same below a home.
const BELOW_HOME: [&str; 33] = [
    ".aptitude",
    ".bash_login",
    ".bash_profile",
    ".bashrc",
    ".bundle",
    ".cargo",
    ".composer",
    ".condarc",
    ".config",
    ".curlrc",
    ".docker",
    ".gemrc",
    ".git-credentials",
    ".gitconfig",
    ".gnupg",
    ".gradle",
    ".m2",
    ".mambarc",
    ".netrc",
    ".npmrc",
    ".nuget",
    ".pip",
    ".pnpmrc",
    ".profile",
    ".pydistutils.cfg",
    ".pypirc",
    ".ssh",
    ".wgetrc",
    ".yarnrc",
    ".yarnrc.yml",
    ".zprofile",
    ".zshenv",
    ".zshrc",
];

/// Whether such settings are at `path`, or may be below it.
pub(super) fn holds_settings(path: &AbsolutePath, state: &State) -> bool {
    let text = path.as_str();
    let is_home = |home: &str| {
        text.strip_prefix(home).is_some_and(|rest| rest.is_empty() || rest.strip_prefix('/').is_some_and(is_of_home))
    };
    let home = match state.variable("HOME") {
        Value::Known(home) => Some(home),
        _ => None,
    };
    let below_home = text.strip_prefix("/home/").and_then(|rest| rest.split_once('/')).map(|(_, below)| below);
    match text.strip_prefix("/etc") {
        _ if text == "/" => true,
        Some("") => true,
        Some(rest) if rest.starts_with('/') => {
            let first = rest[1..].split('/').next().unwrap_or_default();
            BELOW_ETC.contains(&first)
        }
        _ => {
            is_home("/root")
                || below_home.is_some_and(is_of_home)
                || home.is_some_and(|home| is_home(home.trim_end_matches('/')))
                || is_of_installs(text)
        }
    }
}

/// Whether settings are at `below`, seen from a home.
fn is_of_home(below: &str) -> bool {
    BELOW_HOME.contains(&below.split('/').next().unwrap_or_default())
}

/// Whether Python (`site`), npm and git look there, wherever they are installed.
fn is_of_installs(text: &str) -> bool {
    text.ends_with(".pth") || ["/etc/npmrc", "/etc/gitconfig", "/etc/pip.conf"].iter().any(|end| text.ends_with(end))
}

/// The places outside the folders of the system that are named in `text`: all of a RUN, or of a here-document.
pub(super) fn places<'t>(text: &'t str, state: &'t State) -> impl Iterator<Item = AbsolutePath> {
    let is_of_path = |c: char| c.is_ascii_alphanumeric() || "._-+@%/".contains(c);
    let mut from = 0;
    std::iter::from_fn(move || {
        while let Some(at) = text[from..].find('/').map(|at| from + at) {
            let rest = &text[at..];
            let len = rest.find(|c| !is_of_path(c)).unwrap_or(rest.len());
            from = at + len;
            let before = &text[..at];
            let path = match rest[..len].strip_prefix("//") {
                Some(path) if before.ends_with("file:") => Some(path.trim_start_matches('/')).and_then(absolute),
                Some(_) => None,
                None => start(before, state).and_then(|start| AbsolutePath::new(&(start + &rest[..len]))),
            };
            if let Some(path) = path.filter(|path| !is_everywhere(path)) {
                return Some(path);
            }
        }
        None
    })
}

fn absolute(below: &str) -> Option<AbsolutePath> {
    AbsolutePath::new(&format!("/{below}"))
}

/// Whether every image has the place, or its packages bring it.
fn is_everywhere(path: &AbsolutePath) -> bool {
    path.is_system() || ["/dev", "/proc", "/sys"].iter().any(|p| AbsolutePath::new(p).is_some_and(|p| p.covers(path)))
}

/// What stands in front of a slash at the end of `before`: nothing, or a variable whose value is known. `None` for a part of
/// a longer word.
fn start(before: &str, state: &State) -> Option<String> {
    if before.is_empty() {
        return Some(String::new());
    }
    let name_start = before.trim_end_matches('}').rfind(|c: char| !(c.is_ascii_alphanumeric() || c == '_'));
    let name = before.get(name_start? + 1..).unwrap_or_default().trim_end_matches('}');
    let sign = before.get(..=name_start?).unwrap_or_default();
    if !name.is_empty() && (sign.ends_with('$') || sign.ends_with("${")) {
        return match (name, state.variable(name)) {
            (_, Value::Known(value)) if value.starts_with('/') => Some(value),
            ("PWD", _) => state.workdir.as_ref().map(|folder| folder.as_str().to_owned()),
            _ => None,
        };
    }
    let is_word = before.ends_with(|c: char| c.is_ascii_alphanumeric() || "._-+@%~}*".contains(c));
    (!is_word).then(String::new)
}
