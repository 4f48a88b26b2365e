//! Paths in an image, compared so that a doubt counts as an overlap.

/// An absolute path without `.`, `..`, doubled or trailing slashes.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AbsolutePath(String);

impl AbsolutePath {
    /// Cleans `path`; `None` if it is not absolute.
    pub fn new(path: &str) -> Option<Self> {
        if !path.starts_with('/') {
            return None;
        }
        let mut parts: Vec<&str> = Vec::new();
        for part in path.split('/') {
            match part {
                "" | "." => {}
                ".." => {
                    parts.pop();
                }
                part => parts.push(part),
            }
        }
        Some(Self(format!("/{}", parts.join("/"))))
    }

    /// The path as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether this is `other` or a folder above it.
    pub fn covers(&self, other: &AbsolutePath) -> bool {
        self.0 == "/" || other.0.strip_prefix(&self.0).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    }

    /// Whether one is the other or stands above it.
    pub fn overlaps(&self, other: &AbsolutePath) -> bool {
        self.covers(other) || other.covers(self)
    }

    /// The part of the path that a step which writes it may have to create: one name below the
    /// deepest folder that every image has. Two steps that create the same parent may give it
    /// different owners, so they must not swap.
    pub fn claimed(&self) -> AbsolutePath {
        let mut end = 0;
        for (at, _) in self.0.match_indices('/').skip(1).chain([(self.0.len(), "")]) {
            end = at;
            if !STANDARD.contains(&&self.0[..at]) {
                break;
            }
        }
        Self(self.0[..end].to_owned())
    }

    /// The folders above the path that an image without a distribution may lack.
    pub fn folders_of_bare_images(&self) -> impl Iterator<Item = AbsolutePath> {
        let above = self.0.match_indices('/').skip(1).map(|(end, _)| &self.0[..end]);
        above.filter(|folder| !BARE.contains(folder)).map(|folder| Self(folder.to_owned()))
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
    AbsolutePath::new(&format!("{}/{path}", base?.as_str()))
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
        assert_eq!(path("//a/./b/../c/").as_str(), "/a/c");
        assert!(path("/a").covers(&path("/a/b")) && !path("/a").covers(&path("/ab")));
        assert!(path("/").overlaps(&path("/x")) && path("/a/b").overlaps(&path("/a")));
        assert_eq!(join(None, "x"), None);
        assert_eq!(join(Some(&path("/w")), "../x").unwrap().as_str(), "/x");
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
        let folders = |text: &str| path(text).folders_of_bare_images().map(|p| p.0).collect::<Vec<_>>();
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
