//! Settings that lead programs elsewhere: a list of packages below `/repo`, a certificate below `/app`. Who reads the
//! settings reads what they name.

use super::super::expand::Value;
use super::super::path::AbsolutePath;
use super::{Resource, State};

/// Folders and files below `/etc` with settings of package managers, of the loader and of what fetches files.
///
/// Sources: FILES of apt(8), apt.conf(5), dpkg.cfg(5), dnf.conf(5), yum.conf(5), zypper(8), apk(8), pacman(8), pip(1),
/// npmrc(5), ldconfig(8), ld.so(8), git-config(1), wget(1), curl(1), ssh_config(5), update-ca-certificates(8),
/// update-ca-trust(8), bash(1), login(1), sudo(8), gem(1), useradd(8), adduser.conf(5), login.defs(5); conda's manual.
const BELOW_ETC: [&str; 38] = [
    "adduser.conf",
    "apk",
    "apt",
    "bash.bashrc",
    "bashrc",
    "ca-certificates",
    "ca-certificates.conf",
    "conda",
    "curlrc",
    "default",
    "dnf",
    "dpkg",
    "environment",
    "gemrc",
    "gitconfig",
    "ld.so.conf",
    "ld.so.conf.d",
    "ld.so.preload",
    "login.defs",
    "microdnf",
    "netrc",
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
    match text.strip_prefix("/etc") {
        Some("") => return true,
        Some(rest) if rest.starts_with('/') => {
            return BELOW_ETC.contains(&rest[1..].split('/').next().unwrap_or_default());
        }
        _ => {}
    }
    let below_home = || text.strip_prefix("/home/").and_then(|rest| rest.split_once('/')).map(|(_, below)| below);
    let is_of_variable = || matches!(state.variable("HOME"), Value::Known(home) if is_home(home.trim_end_matches('/')));
    text == "/" || is_home("/root") || below_home().is_some_and(is_of_home) || is_of_installs(text) || is_of_variable()
}

/// Whether settings may have this name wherever they are.
pub(super) fn is_name_of_settings(name: &str) -> bool {
    name.starts_with('.') || name.ends_with(".pth") || LOOSE.contains(&name)
}

/// Names of settings in folders that a program or its options choose.
const LOOSE: [&str; 5] = ["gitconfig", "npmrc", "pip.conf", "sitecustomize.py", "usercustomize.py"];

/// Whether settings are at `below`, seen from a home.
fn is_of_home(below: &str) -> bool {
    BELOW_HOME.contains(&below.split('/').next().unwrap_or_default())
}

/// Whether Python (`site`), npm and git look there, wherever they are installed.
fn is_of_installs(text: &str) -> bool {
    let is_of_python = [".pth", "/sitecustomize.py", "/usercustomize.py"].iter().any(|end| text.ends_with(end));
    is_of_python || ["/etc/npmrc", "/etc/gitconfig", "/etc/pip.conf"].iter().any(|end| text.ends_with(end))
}

/// What stands in front of the path in an address of a file of this machine: of curl, pip, git, apt, apk, dnf and zypper.
pub(super) const LOCAL_SCHEMES: [&str; 4] = ["file:", "copy:", "dir:", "cdrom:"];

/// The places outside the folders of the system that are named in `text`: all of a RUN, or of a here-document.
pub(super) fn places(text: &str, state: &State) -> Vec<Resource> {
    let mut found = Vec::new();
    if names_from_here(text, state) {
        found.push(Resource::Files);
    }
    let mut from = 0;
    while let Some(at) = text[from..].find('/').map(|at| from + at) {
        let (before, rest) = text.split_at(at);
        let len = rest.find(|c| !is_of_path(c)).unwrap_or(rest.len());
        from = at + len;
        let place = match rest[..len].strip_prefix("//") {
            Some(path) if is_local(before) => Place::of(path.trim_start_matches('/')),
            // The rest of an address, whatever is in it.
            Some(_) => {
                from = at + rest.find(|c: char| c.is_whitespace() || matches!(c, '"' | '\'')).unwrap_or(rest.len());
                Place::None
            }
            None => match start(before, state) {
                Place::Known(start) => Place::Known(start + &rest[..len]),
                other => other,
            },
        };
        found.extend(match place {
            Place::None => None,
            Place::Any => Some(Resource::Files),
            Place::Known(path) => AbsolutePath::new(&path).filter(|path| !is_everywhere(path)).map(Resource::Path),
        });
    }
    found
}

/// Settings of git, curl, wget, ssh, pip and npm whose values are names of files, in small letters.
///
/// Sources: git-config(1), curl(1), wget(1), ssh_config(5); the manuals of pip 24 and npm 10.
const OF_FILES: [&str; 23] = [
    "askpass",
    "ca_certificate",
    "ca_directory",
    "cacert",
    "cafile",
    "capath",
    "cert",
    "certificate",
    "certificatefile",
    "client-cert",
    "constraint",
    "find-links",
    "globalknownhostsfile",
    "hookspath",
    "identityfile",
    "netrc-file",
    "private_key",
    "sslcainfo",
    "sslcapath",
    "sslcert",
    "sslkey",
    "templatedir",
    "userknownhostsfile",
];

/// Whether one of the settings in `text` names a file that is looked for where a program runs.
fn names_from_here(text: &str, state: &State) -> bool {
    let is_border = |c: char| c.is_whitespace() || matches!(c, '"' | '\'' | '=' | ';' | '\\');
    let mut words = text.split(is_border).filter(|word| !word.is_empty());
    let is_relative = |value: &str| match value.strip_prefix('$') {
        // What is behind a slash is looked at as a place.
        Some(_) if value.contains('/') => false,
        Some(name) => !matches!(of_variable(name.trim_matches(['{', '}']), state), Place::Known(_)),
        None => !value.starts_with(['/', '~', '&', '|']) && !value.contains("://") && !NO_FILES.contains(&value),
    };
    // The key of `core.sshCommand` is an option of a command.
    let mut is_command = false;
    while let Some(word) = words.next() {
        let key = key_of(word);
        let next_is_relative = || words.clone().next().is_some_and(is_relative);
        if OF_FILES.iter().any(|name| name.eq_ignore_ascii_case(key)) && next_is_relative() {
            return true;
        }
        is_command |= key.eq_ignore_ascii_case("sshCommand");
        if is_command && (matches!(word, "-i" | "-F") && next_is_relative() || word.starts_with("./")) {
            return true;
        }
    }
    false
}

/// Values of such settings that name nothing.
const NO_FILES: [&str; 5] = ["true", "false", "yes", "no", "none"];

/// The key of a setting, which may have its section in front: `http.sslCAInfo`.
fn key_of(word: &str) -> &str {
    let is_part = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
    word.trim_end_matches(':').rsplit(|c| !is_part(c)).next().unwrap_or_default()
}

/// What a path in a text starts with, or the path.
enum Place {
    /// It is a part of a longer word.
    None,
    /// It starts somewhere.
    Any,
    Known(String),
}

impl Place {
    fn of(below: &str) -> Self {
        Self::Known(format!("/{below}"))
    }
}

fn is_of_path(c: char) -> bool {
    c.is_ascii_alphanumeric() || "._-+@%/".contains(c)
}

fn is_local(before: &str) -> bool {
    let scheme = &before[before.trim_end_matches(|c: char| c.is_ascii_alphabetic() || c == ':').len()..];
    LOCAL_SCHEMES.iter().any(|local| scheme.eq_ignore_ascii_case(local))
}

/// Whether every image has the place, or its packages bring it.
fn is_everywhere(path: &AbsolutePath) -> bool {
    path.is_system() || ["/dev", "/proc", "/sys"].iter().any(|p| AbsolutePath::new(p).is_some_and(|p| p.covers(path)))
}

/// What stands in front of a slash at the end of `before`: nothing, a variable, or a part of a longer word.
fn start(before: &str, state: &State) -> Place {
    if let Some(inside) = before.strip_suffix('}') {
        let name = inside.trim_end_matches(|c: char| c.is_ascii_alphanumeric() || c == '_').len();
        // `${X:-/app}` may be anything.
        return if inside[..name].ends_with("${") { of_variable(&inside[name..], state) } else { Place::Any };
    }
    let name = before.trim_end_matches(|c: char| c.is_ascii_alphanumeric() || c == '_').len();
    if before[..name].ends_with('$') && name < before.len() {
        return of_variable(&before[name..], state);
    }
    // What a command prints may be anything.
    match before.ends_with([')', '`']) {
        true => Place::Any,
        false if before.ends_with(|c: char| c.is_ascii_alphanumeric() || "._-+@%~*".contains(c)) => Place::None,
        false => Place::Known(String::new()),
    }
}

fn of_variable(name: &str, state: &State) -> Place {
    let is_root = state.user.as_deref().is_none_or(|user| matches!(user, "root" | "0"));
    match (name, state.variable(name)) {
        (_, Value::Known(value)) if value.starts_with('/') => Place::Known(value),
        ("PWD", _) => state.workdir.as_ref().map_or(Place::Any, |folder| Place::Known(folder.as_str().to_owned())),
        ("HOME", Value::Unset) if is_root => Place::of("root"),
        _ => Place::Any,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn state() -> State {
        let mut state = State::default();
        state.workdir = AbsolutePath::new("/w");
        state
    }

    fn found(text: &str) -> Vec<String> {
        let name = |place| match place {
            Resource::Path(path) => path.as_str().to_owned(),
            _ => "any".to_owned(),
        };
        places(text, &state()).into_iter().map(name).collect()
    }

    #[test]
    fn a_setting_may_name_a_file_from_where_a_program_runs() {
        for text in [
            "git config --global core.sshCommand \"ssh -i deploy_key\"",
            "git config --global core.sshCommand ./ssh.sh",
            "git config --global http.sslCAInfo ca.pem",
            "pip config set global.cert ca.pem",
            "echo 'cacert = certs/ca.pem'",
            "ca_certificate=ca.pem",
            "Host *\n  IdentityFile deploy_key\n",
            "npm config set cafile=\"$CA\"",
        ] {
            assert!(names_from_here(text, &state()), "{text}");
        }
        for text in [
            "git config --global core.sshCommand \"ssh -o StrictHostKeyChecking=no\"",
            "git config --global core.sshCommand \"ssh -i /root/.ssh/id\"",
            "git config --global http.sslVerify false && ls -i x",
            "git config --global user.name cert",
            "pip config set global.cert /etc/ca.pem",
            "IdentityFile ~/.ssh/id",
            "npm config set cafile=\"$PWD\"",
            "npm config set cafile=\"$CA/ca.pem\"",
        ] {
            assert!(!names_from_here(text, &state()), "{text}");
        }
    }

    #[test]
    fn a_place_is_what_stands_at_the_start_of_a_word() {
        for (text, want) in [
            ("/a/b", "/a/b"),
            ("x=/a:/b,'/c'", "/a /b /c"),
            ("file:/a copy:///b DIR:///c", "/a /b /c"),
            ("https://x/y/$Z/z /a", "/a"),
            ("a/b ./c ../d ~/e", ""),
            ("é/a ü/b \u{20ac}file:/c é$X/d éfile:///e", "/a /b /c any /e"),
            ("$X/a ${X}/b ${X:-/c}/d $(x)/e `x`/f", "any any any any any"),
            ("$PWD/a $HOME/.x $HOME/app", "/w/a /root/app"),
            ("/etc/x /usr/share/y /dev/null", ""),
            ("/ // \u{e9}} ${/", ""),
        ] {
            assert_eq!(found(text).join(" "), want, "{text}");
        }
    }
}
