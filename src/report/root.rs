//! Paths as services show them: from the root of the repository, with forward slashes.

use std::fmt::Write;
use std::path::{Component, Path, PathBuf};

/// Where the repository begins, and where the paths of this run begin.
#[derive(Clone, Debug, Default)]
pub struct Root {
    folder: PathBuf,
    current: PathBuf,
}

impl Root {
    /// The repository in `folder`, seen from the folder `current`. Both are absolute.
    pub fn new(folder: PathBuf, current: PathBuf) -> Self {
        Self { folder, current }
    }

    /// `path`, as the user wrote it, from the root on. One outside of it stays absolute.
    pub fn relative(&self, path: &str) -> String {
        let whole = lexical(&self.current.join(path));
        let inside = whole.strip_prefix(&self.folder).ok().filter(|rest| !rest.as_os_str().is_empty());
        let path = inside.unwrap_or(&whole);
        let has_drive = matches!(path.components().next(), Some(Component::Prefix(_)));
        let parts = path.components().filter_map(|part| match part {
            Component::RootDir if has_drive => None,
            Component::RootDir => Some(String::new()),
            part => Some(part.as_os_str().to_string_lossy().into_owned()),
        });
        parts.collect::<Vec<_>>().join("/")
    }
}

/// `path` without `.` and `..`, as far as that can be told without looking.
fn lexical(path: &Path) -> PathBuf {
    let mut out = PathBuf::new();
    for part in path.components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir if matches!(out.components().next_back(), Some(Component::Normal(_))) => {
                out.pop();
            }
            part => out.push(part),
        }
    }
    out
}

/// A path from [`Root::relative`] as a URI: relative to the root, or of a file elsewhere.
pub(super) fn uri(path: &str) -> String {
    let mut out = String::with_capacity(path.len());
    let (drive, rest) = if cfg!(windows) && path.get(1..3) == Some(":/") { path.split_at(2) } else { ("", path) };
    if !drive.is_empty() {
        out.push_str("file:///");
        out.push_str(drive);
    } else if path.starts_with('/') {
        out.push_str("file://");
    }
    for byte in rest.bytes() {
        match byte {
            b'/' | b'-' | b'.' | b'_' | b'~' => out.push(byte as char),
            byte if byte.is_ascii_alphanumeric() => out.push(byte as char),
            byte => write!(out, "%{byte:02X}").unwrap_or_default(),
        }
    }
    out
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn paths_start_at_the_root() {
        let root = Root::new("/home/me/shop".into(), "/home/me/shop/api".into());
        for (path, want) in [
            ("Dockerfile", "api/Dockerfile"),
            ("./a b/../Dockerfile", "api/Dockerfile"),
            ("../web/Dockerfile", "web/Dockerfile"),
            ("/home/me/shop/api/x/Dockerfile", "api/x/Dockerfile"),
            ("/etc/Dockerfile", "/etc/Dockerfile"),
            ("../../other/Dockerfile", "/home/me/other/Dockerfile"),
            ("<stdin>", "api/<stdin>"),
        ] {
            assert_eq!(root.relative(path), want);
        }
        assert_eq!(Root::default().relative("a/./Dockerfile"), "a/Dockerfile");
    }

    #[test]
    fn uris_hold_no_byte_with_a_meaning() {
        assert_eq!(uri("a b/ü%41?#\n.Dockerfile"), "a%20b/%C3%BC%2541%3F%23%0A.Dockerfile");
        assert_eq!(uri("C:\\dir\\Dockerfile"), "C%3A%5Cdir%5CDockerfile");
        assert_eq!(uri("/etc/Docker file"), "file:///etc/Docker%20file");
    }
}
