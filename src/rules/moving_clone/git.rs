//! What the words of a Git command say about the state that it brings.

/// What is of interest in a call of Git.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Call {
    /// A clone of a branch of a server.
    Clone {
        /// Which word is the address.
        address: usize,
        /// The folder, as written or as Git makes it of the address.
        folder: String,
        /// The branch; none for the default one.
        branch: Option<String>,
    },
    /// A switch to a tag, to a commit or to what a variable says.
    Pin {
        /// The folder that `-C` names.
        folder: Option<String>,
    },
}

/// Reads a call, the name of the program first. None if it is nothing of interest.
pub(super) fn read(words: &[String]) -> Option<Call> {
    let mut at = 1;
    let mut folder = None;
    loop {
        let word = words.get(at)?;
        match word.as_str() {
            "-C" => folder = words.get(at + 1).cloned(),
            "-c" | "--git-dir" | "--work-tree" | "--namespace" => {}
            _ if word.starts_with('-') => {
                at += 1;
                continue;
            }
            _ => break,
        }
        at += 2;
    }
    match words[at].as_str() {
        "clone" => clone(words, at + 1),
        "checkout" | "reset" | "switch" | "fetch" | "pull" | "worktree" | "merge" | "cherry-pick" => {
            pins(&words[at + 1..]).then_some(Call::Pin { folder })
        }
        _ => None,
    }
}

/// Flags of `git clone` whose value is the next word (git-clone(1)).
const VALUES: &[&str] = &[
    "-o",
    "--origin",
    "-u",
    "--upload-pack",
    "--reference",
    "--reference-if-able",
    "--separate-git-dir",
    "--depth",
    "--shallow-since",
    "--shallow-exclude",
    "-c",
    "--config",
    "-j",
    "--jobs",
    "--template",
    "--filter",
    "--server-option",
    "--bundle-uri",
    "--ref-format",
];

fn clone(words: &[String], from: usize) -> Option<Call> {
    let mut branch = None;
    let mut operands = Vec::new();
    let mut at = from;
    while let Some(word) = words.get(at) {
        at += 1;
        if let Some(value) = word.strip_prefix("--branch=") {
            branch = Some(value.to_owned());
        } else if matches!(word.as_str(), "-b" | "--branch") {
            branch = Some(words.get(at)?.clone());
            at += 1;
        } else if word.starts_with("--revision") {
            return None;
        } else if VALUES.contains(&word.as_str()) {
            at += 1;
        } else if let Some(value) = word.strip_prefix("-b") {
            branch = Some(value.to_owned());
        } else if !word.starts_with('-') {
            operands.push(at - 1);
        }
    }
    let &address = operands.first()?;
    if !is_server(&words[address]) || branch.as_deref().is_some_and(is_fixed) {
        return None;
    }
    let folder = match operands.get(1) {
        Some(&folder) => words[folder].clone(),
        None => {
            let address = words[address].trim_end_matches('/');
            address.strip_suffix(".git").unwrap_or(address).replace(':', "/")
        }
    };
    Some(Call::Clone { address, folder, branch })
}

/// Whether an address is on a server; what a variable hides may be a folder. The packages of Arch
/// Linux have no tags, and go with a distribution that has no versions.
fn is_server(address: &str) -> bool {
    let remote = ["https://", "http://", "git://", "ssh://"].iter().any(|s| address.starts_with(s))
        || address.split_once(':').is_some_and(|(host, path)| host.contains('@') && !path.is_empty());
    remote && !address.contains("aur.archlinux.org") && !address.contains("localhost")
}

/// Whether a name stands for one state: a tag, a commit or a variable that may hold one. Tags and
/// commits have digits; the branch of a release has, too, and is not told from its tag.
fn is_fixed(name: &str) -> bool {
    name.contains('$') || name.bytes().any(|b| b.is_ascii_digit())
}

/// Whether a switch with these words is one to a fixed state.
fn pins(words: &[String]) -> bool {
    let mut words = words.iter();
    while let Some(word) = words.next() {
        match word.as_str() {
            "--depth" | "-j" | "--jobs" | "--deepen" => drop(words.next()),
            _ if word.starts_with('-') => {}
            // `HEAD~1` is one behind whatever was cloned.
            _ if word.starts_with("HEAD") => {}
            _ if is_fixed(word) => return true,
            _ => {}
        }
    }
    false
}

/// Whether the program takes requirements such as `git+https://host/repository@tag`.
pub(super) fn takes_requirements(name: &str) -> bool {
    ["pip", "python", "uv"].iter().any(|p| name.starts_with(p))
}

/// The branch of a requirement that names no fixed state; the inner is none for the default branch.
pub(super) fn requirement(word: &str) -> Option<Option<String>> {
    let at = ["git+https://", "git+http://", "git+ssh://", "git+git://"].iter().find_map(|s| {
        let at = word.find(s)?;
        Some(at + s.len())
    })?;
    let address = word[at..].split(['#', '?']).next()?;
    let (_, path) = address.split_once('/')?;
    match path.rsplit_once('@') {
        Some((_, name)) if is_fixed(name) => None,
        Some((_, name)) => Some(Some(name.to_owned())),
        None => Some(None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn call(line: &str) -> Option<Call> {
        read(&line.split(' ').map(str::to_owned).collect::<Vec<_>>())
    }

    #[test]
    fn clones_of_branches() {
        for (line, folder, branch) in [
            ("git clone https://h/o/r.git", "https///h/o/r", None),
            ("git clone --depth 1 -b main https://h/o/r /r", "/r", Some("main")),
            ("git -c a=b clone -bmain git@h:o/r.git .", ".", Some("main")),
            ("git clone --branch=next -j 4 ssh://git@h/r", "ssh///git@h/r", Some("next")),
        ] {
            let Some(Call::Clone { folder: f, branch: b, .. }) = call(line) else { panic!("{line}") };
            assert_eq!((f.as_str(), b.as_deref()), (folder, branch), "{line}");
        }
        for line in [
            "git clone -b v1.2 https://h/r",
            "git clone --branch=$TAG https://h/r",
            "git clone --revision=refs/heads/main https://h/r",
            "git clone $REPO",
            "git clone /src /r",
            "git clone https://aur.archlinux.org/yay.git",
            "git status",
            "git",
        ] {
            assert_eq!(call(line), None, "{line}");
        }
    }

    #[test]
    fn switches_to_a_fixed_state() {
        let pin = |folder: Option<&str>| Some(Call::Pin { folder: folder.map(str::to_owned) });
        assert_eq!(call("git -C r checkout v1"), pin(Some("r")));
        for line in ["git checkout -q 0a1b2c3d", "git reset --hard $SHA", "git fetch --depth 1 origin 0a1b2c3"] {
            assert_eq!(call(line), pin(None), "{line}");
        }
        for line in ["git checkout main", "git reset --hard HEAD~1", "git fetch --depth 1 origin main", "git pull"] {
            assert_eq!(call(line), None, "{line}");
        }
    }

    #[test]
    fn requirements() {
        let branch = |name: &str| Some(Some(name.to_owned()));
        assert_eq!(requirement("git+https://u@h/o/r.git"), Some(None));
        assert_eq!(requirement("r@git+https://h/o/r@main#egg=r"), branch("main"));
        assert_eq!(requirement("git+ssh://git@h/o/r@v1"), None);
        assert_eq!(requirement("https://h/o/r"), None);
    }
}
