//! What a URL says about whether the file behind it changes.

/// Whether `text` holds anything that [`moving_part`] can find: a cheap look before the shell is read.
pub(super) fn may_move(text: &str) -> bool {
    text.contains("://") && HINTS.iter().any(|hint| text.contains(hint))
}

const HINTS: &[&str] =
    &["latest", "nightly", "stable", "current", "raw", "archive", "ball/", "plain/", "refs/heads", "Latest"];

/// Words that name whatever is newest, wherever they stand between blanks, dots and dashes.
const NEWEST: &[&str] = &["latest", "nightly"];

/// The same, but only as the name of the file or at the end of it: as folders they are parts of archives.
const NEWEST_FILE: &[&str] = &["stable", "current"];

/// Extensions of keys, signatures, sums and of the lists of a repository: what they hold is made to be
/// replaced, and does not get into the image as software.
const NOT_SOFTWARE: &[&str] = &[
    "asc",
    "gpg",
    "key",
    "pub",
    "pem",
    "crt",
    "cer",
    "sig",
    "sha1",
    "sha256",
    "sha512",
    "sha256sum",
    "md5",
    "sum",
    "repo",
    "list",
    "sources",
];

/// The part of `url` that moves: a branch, or a word for the newest. None if it names a version or a
/// commit, or if it does not show.
pub(super) fn moving_part(url: &str) -> Option<String> {
    let (scheme, rest) = url.split_once("://")?;
    if !matches!(scheme, "http" | "https" | "ftp") {
        return None;
    }
    let (host, path) = rest.split_once('/')?;
    let host = host.rsplit('@').next().unwrap_or(host);
    let name = host.split(':').next().unwrap_or(host);
    if matches!(name, "localhost" | "127.0.0.1" | "0.0.0.0") {
        return None;
    }
    let path = path.split('#').next().unwrap_or(path);
    let file = path.split('?').next().unwrap_or(path).rsplit('/').next().unwrap_or(path);
    let extension = file.rsplit_once('.').map(|(_, e)| e.to_ascii_lowercase());
    if extension.is_some_and(|e| NOT_SOFTWARE.contains(&e.as_str())) || is_no_software(file) {
        return None;
    }
    // A tag that moves is rarer than one that is called so.
    if path.contains("refs/tags/") {
        return None;
    }
    if let Some((branch, after)) = branch(name, path) {
        return (is_branch(branch) && !has_version(after)).then(|| branch.to_owned());
    }
    newest(path, file)
}

/// Whether a file is a key, a list of sums, a licence, or the package that only names a repository.
fn is_no_software(file: &str) -> bool {
    let lower = file.to_ascii_lowercase();
    if ["license", "licence", "copying", "readme"].iter().any(|w| lower.starts_with(w)) || lower.contains("-release-") {
        return true;
    }
    ["key", "gpg", "sums"].iter().any(|w| lower.ends_with(w)) || lower.contains("sha256") || lower.contains("checksum")
}

/// The branch, tag or commit at the place where the hosts of Git repositories have it, and what
/// follows it.
fn branch<'u>(host: &str, path: &'u str) -> Option<(&'u str, &'u str)> {
    if let Some((_, after)) = path.split_once("refs/heads/") {
        return Some(first(after));
    }
    if matches!(host, "raw.githubusercontent.com" | "raw.github.com") {
        return path.splitn(3, '/').nth(2).map(first);
    }
    let by_host = |markers: &[&str]| markers.iter().find_map(|m| path.split_once(m)).map(|(_, after)| first(after));
    match host {
        "github.com" | "codeload.github.com" => {
            by_host(&["/raw/", "/archive/", "/tarball/", "/zipball/", "/tar.gz/", "/zip/"])
        }
        "gitlab.com" | "bitbucket.org" => by_host(&["/-/raw/", "/raw/", "/-/archive/", "/get/"]),
        _ => None,
    }
}

/// The first part of a path, and the rest. The extension of an archive is no part of a branch.
fn first(path: &str) -> (&str, &str) {
    let (name, after) = path.split_once('/').unwrap_or((path, ""));
    let name = name.split('?').next().unwrap_or(name);
    let name =
        [".tar.gz", ".tgz", ".zip", ".tar.bz2", ".tar"].iter().find_map(|e| name.strip_suffix(e)).unwrap_or(name);
    (name, after)
}

/// Whether a name at the place of a branch, tag or commit is a branch: those that tags and commits
/// have hold a digit.
pub(super) fn is_branch(name: &str) -> bool {
    !name.is_empty() && !name.contains('$') && !name.bytes().any(|b| b.is_ascii_digit())
}

/// A word for the newest that no version follows.
fn newest(path: &str, file: &str) -> Option<String> {
    let mut at = 0;
    for token in path.split_inclusive(['/', '-', '_', '.', '=', '&', '?']) {
        let end = at + token.len();
        let word = token.trim_end_matches(['/', '-', '_', '.', '=', '&', '?']);
        let lower = word.to_ascii_lowercase();
        at = end;
        if NEWEST.contains(&lower.as_str()) {
            return (!has_version(&path[end..])).then(|| word.to_owned());
        }
    }
    let stem = file.split('.').next().unwrap_or(file);
    let last = stem.rsplit('-').next().unwrap_or(stem);
    NEWEST_FILE.contains(&last).then(|| last.to_owned()).filter(|_| !path.contains('?'))
}

/// Whether `text` holds a version: numbers with a dot between them, a commit, or a variable that may be one.
pub(super) fn has_version(text: &str) -> bool {
    let bytes = text.as_bytes();
    let digit = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_digit);
    let dotted = (1..bytes.len()).any(|at| bytes[at] == b'.' && digit(at - 1) && digit(at + 1));
    let numbered = text.split(|c: char| !c.is_ascii_alphanumeric()).any(|word| {
        let number = word.strip_prefix('v').is_some_and(|n| !n.is_empty() && n.bytes().all(|b| b.is_ascii_digit()));
        number || is_commit(word)
    });
    dotted || numbered || text.split('$').skip(1).any(may_be_version)
}

fn is_commit(word: &str) -> bool {
    word.len() >= 7 && word.bytes().all(|b| b.is_ascii_hexdigit()) && word.bytes().any(|b| b.is_ascii_digit())
}

/// Whether a variable, given what follows its `$`, may hold a version: not if its name says that it is
/// a machine, a system, a folder or a place.
fn may_be_version(rest: &str) -> bool {
    let end = rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(rest.len());
    let name = rest[..end].to_ascii_uppercase();
    !NO_VERSION.iter().any(|word| name.contains(word))
}

const NO_VERSION: &[&str] = &[
    "ARCH", "PLATFORM", "TARGETOS", "HOME", "DIR", "PATH", "PREFIX", "ROOT", "USER", "REPO", "HOST", "MIRROR", "BASE",
];

/// Whether `url` is a script rather than an archive or a program.
pub(super) fn is_script(url: &str) -> bool {
    let path = url.split('?').next().unwrap_or(url);
    let file = path.rsplit('/').next().unwrap_or(path);
    file.ends_with(".sh") || file.ends_with(".py") || file.ends_with(".bash") || !file.contains('.')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn urls_that_move_and_urls_that_do_not() {
        for (url, want) in [
            ("https://wordpress.org/latest.tar.gz", "latest"),
            ("https://host/Miniconda3-latest-Linux-x86_64.sh", "latest"),
            ("https://host/latest/$ARCH/tool.tgz", "latest"),
            ("https://host/download?product=tool-latest&os=linux", "latest"),
            ("https://host/1.2/latest/tool.zip", "latest"),
            ("https://host/builds/nightly/tool", "nightly"),
            ("https://host/redis-stable.tar.gz", "stable"),
            ("https://raw.githubusercontent.com/o/r/main/a/b.sh", "main"),
            ("https://raw.githubusercontent.com/o/r/refs/heads/main/a/b.sh", "main"),
            ("https://github.com/o/r/archive/refs/heads/next.zip", "next"),
            ("https://github.com/o/$REPO/archive/master.tar.gz", "master"),
            ("https://github.com/o/r/releases/latest/download/tool", "latest"),
        ] {
            assert_eq!(moving_part(url).as_deref(), Some(want), "{url}");
            assert!(may_move(url), "{url}");
        }
        for url in [
            "https://host/tool-1.2.tar.gz",
            "https://host/latest/tool-1.2.tar.gz",
            "https://host/latest/tool-$VERSION.tar.gz",
            "https://host/stable/x86_64/tool.tgz",
            "https://host/main/installer",
            "https://host/latest/tool.tgz.asc",
            "https://host/latest/SHA256SUMS",
            "https://host/epel-release-latest-9.noarch.rpm",
            "https://raw.githubusercontent.com/o/r/v1/a.sh",
            "https://raw.githubusercontent.com/o/r/$COMMIT/a.sh",
            "https://raw.githubusercontent.com/o/r/0a1b2c3/a.sh",
            "https://raw.githubusercontent.com/o/r/main/r.gpg",
            "https://github.com/o/r/archive/refs/tags/latest.zip",
            "https://github.com/o/r/archive/$TAG.tar.gz",
            "https://github.com/o/r/raw/main/tool-1.2.jar",
            "http://localhost:80/latest/",
            "file:///latest/x.tgz",
        ] {
            assert_eq!(moving_part(url), None, "{url}");
        }
    }
}
