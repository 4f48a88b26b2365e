//! Paths in an image, compared so that a doubt counts as an overlap.

use std::borrow::Borrow;
use std::sync::Arc;

/// An absolute path without `.`, `..`, doubled or trailing slashes. The effects of many steps share one.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AbsolutePath(Arc<str>);

impl Borrow<str> for AbsolutePath {
    fn borrow(&self) -> &str {
        &self.0
    }
}

impl AbsolutePath {
    /// Cleans `path`; `None` if it is not absolute.
    pub fn new(path: &str) -> Option<Self> {
        if !path.starts_with('/') {
            return None;
        }
        Some(if is_clean(path) { Self(path.into()) } else { Self::cleaned(String::new(), path) })
    }

    /// `path` seen from `folder`, which is clean, or empty for the root.
    fn cleaned(mut folder: String, path: &str) -> Self {
        for part in path.split('/') {
            match part {
                "" | "." => {}
                ".." => folder.truncate(folder.rfind('/').unwrap_or(0)),
                part => {
                    folder.push('/');
                    folder.push_str(part);
                }
            }
        }
        if folder.is_empty() {
            folder.push('/');
        }
        Self(folder.into())
    }

    /// The path as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The path and all folders above it, from the root on.
    pub fn with_folders(&self) -> impl Iterator<Item = &str> {
        let whole = (&*self.0 != "/").then_some(&*self.0);
        let above = self.0.match_indices('/').skip(1).map(|(end, _)| &self.0[..end]);
        std::iter::once("/").chain(above).chain(whole)
    }

    /// Whether this is `other` or a folder above it.
    pub fn covers(&self, other: &AbsolutePath) -> bool {
        &*self.0 == "/" || other.0.strip_prefix(&*self.0).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    }

    /// Whether one is the other or stands above it.
    pub fn overlaps(&self, other: &AbsolutePath) -> bool {
        self.covers(other) || other.covers(self)
    }

    /// The part of the path that a step which writes it may have to create: one name below the
    /// deepest folder that every image has. Two steps that create the same parent may give it
    /// different owners, so they must not swap.
    pub fn claimed(&self) -> AbsolutePath {
        let slashes = self.0.bytes().enumerate().skip(1).filter(|(_, b)| *b == b'/').map(|(at, _)| at);
        let claim = slashes.map(|at| &self.0[..at]).find(|folder| !STANDARD.contains(folder));
        claim.map_or_else(|| self.clone(), |folder| Self(folder.into()))
    }

    /// The folders above the path that an image without a distribution may lack.
    pub fn folders_of_bare_images(&self) -> impl Iterator<Item = AbsolutePath> {
        let above = self.0.match_indices('/').skip(1).map(|(end, _)| &self.0[..end]);
        above.filter(|folder| !BARE.contains(folder)).map(|folder| Self(folder.into()))
    }

    /// Whether packages of a distribution own the place, or read it when they are installed.
    ///
    /// Source: Filesystem Hierarchy Standard 3.0; Debian Policy 9.1 (packages stay out of
    /// `/usr/local`, but the commands, libraries and settings there are used by their scripts).
    pub fn is_system(&self) -> bool {
        let mut parts = self.0[1..].split('/');
        let (first, second, third) = (parts.next().unwrap_or_default(), parts.next(), parts.next());
        if first.is_empty() {
            return true;
        }
        if !SYSTEM.contains(&first) {
            return false;
        }
        let application = match (first, second) {
            ("usr", Some("src" | "local")) | ("var", Some("www")) => third,
            ("usr" | "opt" | "srv" | "var" | "root", name) => name,
            _ => None,
        };
        !application.is_some_and(|name| APPLICATION.contains(&name))
    }
}

/// `path` seen from the folder `base`; `None` if `path` is relative and `base` is not known.
pub fn join(base: Option<&AbsolutePath>, path: &str) -> Option<AbsolutePath> {
    if path.starts_with('/') {
        return AbsolutePath::new(path);
    }
    let base = base?;
    if path == "." {
        return Some(base.clone());
    }
    let mut folder = String::with_capacity(base.0.len() + 1 + path.len());
    folder.push_str(base.0.trim_end_matches('/'));
    Some(AbsolutePath::cleaned(folder, path))
}

/// The folder that `path` is in.
pub fn parent(path: &AbsolutePath) -> AbsolutePath {
    let above = path.as_str().rsplit_once('/').map_or("", |(above, _)| above);
    AbsolutePath::new(&format!("{above}/")).unwrap_or_else(|| path.clone())
}

/// Whether an absolute path needs no cleaning; false for some others that need none, like `/.a`.
fn is_clean(path: &str) -> bool {
    let odd = |pair: &[u8]| pair[0] == b'/' && matches!(pair[1], b'/' | b'.');
    path == "/" || !(path.ends_with('/') || path.as_bytes().windows(2).any(odd))
}

/// Folders that the images of all distributions have (Filesystem Hierarchy Standard 3.0; looked at in
/// Debian and Alpine), so that no step creates them.
const STANDARD: &[&str] = &[
    "/bin",
    "/etc",
    "/home",
    "/lib",
    "/mnt",
    "/opt",
    "/root",
    "/run",
    "/sbin",
    "/tmp",
    "/usr",
    "/usr/bin",
    "/usr/lib",
    "/usr/local",
    "/usr/local/bin",
    "/usr/local/etc",
    "/usr/local/lib",
    "/usr/local/sbin",
    "/usr/local/share",
    "/usr/sbin",
    "/usr/share",
    "/usr/src",
    "/var",
    "/var/cache",
    "/var/lib",
    "/var/log",
    "/var/tmp",
];

/// Folders that images have without being a distribution (looked at in BusyBox, and in distroless images with
/// a shell).
const BARE: &[&str] = &["/bin", "/etc", "/home", "/root", "/tmp", "/usr", "/var"];

/// The folders at the root that packages write to.
const SYSTEM: &[&str] = &[
    "bin", "boot", "dev", "etc", "lib", "lib32", "lib64", "libx32", "opt", "proc", "root", "run", "sbin", "srv", "sys",
    "usr", "var",
];

/// Names that people give the folder of their own application inside a system folder, and that no
/// package of a distribution uses there.
const APPLICATION: &[&str] =
    &["app", "apps", "application", "myapp", "webapp", "project", "code", "workspace", "backend", "frontend"];

#[cfg(test)]
mod tests {
    use super::*;

    fn path(text: &str) -> AbsolutePath {
        AbsolutePath::new(text).unwrap()
    }

    #[test]
    fn paths_are_cleaned_and_compared_by_name() {
        for (text, want) in [
            ("//a/./b/../c/", "/a/c"),
            ("/a/b", "/a/b"),
            ("/a/", "/a"),
            ("/a//b", "/a/b"),
            ("/.a/..b", "/.a/..b"),
            ("/a/.", "/a"),
            ("/a/..", "/"),
            ("/../a", "/a"),
            ("/", "/"),
            ("//", "/"),
        ] {
            assert_eq!(path(text).as_str(), want, "{text}");
        }
        assert_eq!(AbsolutePath::new("a"), None);
        assert!(path("/a").covers(&path("/a/b")) && !path("/a").covers(&path("/ab")));
        assert!(path("/").overlaps(&path("/x")) && path("/a/b").overlaps(&path("/a")));
        assert_eq!(join(None, "x"), None);
        for (base, text, want) in [
            ("/w", "../x", "/x"),
            ("/w", ".", "/w"),
            ("/w", "", "/w"),
            ("/", "x", "/x"),
            ("/w", "x/", "/w/x"),
            ("/w", "/x", "/x"),
        ] {
            assert_eq!(join(Some(&path(base)), text).unwrap().as_str(), want, "{base} {text}");
        }
    }

    #[test]
    fn a_written_path_claims_the_folders_it_may_create() {
        for (text, want) in [("/app/a/b", "/app"), ("/home/me/x", "/home/me"), ("/usr/local/x/y", "/usr/local/x")] {
            assert_eq!(path(text).claimed().as_str(), want);
        }
        assert_eq!(path("/").claimed().as_str(), "/");
        assert_eq!(path("/etc").claimed().as_str(), "/etc");
    }

    #[test]
    fn a_bare_image_has_few_folders() {
        let folders =
            |text: &str| path(text).folders_of_bare_images().map(|p| p.as_str().to_owned()).collect::<Vec<_>>();
        assert_eq!(folders("/opt/a"), ["/opt"]);
        assert_eq!(folders("/usr/local/bin/a"), ["/usr/local", "/usr/local/bin"]);
        assert_eq!(folders("/etc/a"), [""; 0]);
        assert_eq!(folders("/"), [""; 0]);
    }

    #[test]
    fn system_folders_are_told_from_application_folders() {
        for text in ["/", "/usr", "/usr/local/bin/x", "/etc/x", "/var/www/html", "/opt/google", "/usr/src/linux-1"] {
            assert!(path(text).is_system(), "{text}");
        }
        for text in ["/app", "/usr/src/app/x", "/home/me", "/opt/app", "/data", "/var/www/app"] {
            assert!(!path(text).is_system(), "{text}");
        }
    }
}
