//! The image that all stub builds start from: no program but the recorder, and the users they name.

use super::scene::Scene;
use crate::engine::{Builder, Engine};
use std::fmt::Write;
use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};

/// Folders that the images of distributions have.
const FOLDERS: &[&str] = &[
    "bin",
    "etc",
    "home",
    "lib",
    "media",
    "mnt",
    "opt",
    "root",
    "run",
    "sbin",
    "srv",
    "tmp",
    "usr/bin",
    "usr/lib",
    "usr/local/bin",
    "usr/local/etc",
    "usr/local/lib",
    "usr/local/sbin",
    "usr/local/share",
    "usr/sbin",
    "usr/share",
    "usr/src",
    "var/cache",
    "var/lib",
    "var/log",
    "var/tmp",
];

/// The recorder is its shell, so that RUN in shell form runs as it is written.
const FILE: &str = r#"FROM busybox:1.36 AS programs
FROM scratch
COPY --from=programs /bin/busybox /stub/busybox
COPY --chmod=755 recorder collector /stub/
COPY root /
RUN --network=none ["/stub/busybox", "chmod", "1777", "/stub/records", "/tmp", "/var/tmp"]
ENV PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
SHELL ["/stub/recorder", "/bin/sh", "-c"]
CMD ["sh"]
"#;

/// The users and groups of the image.
pub struct Accounts {
    pub passwd: String,
    pub group: String,
}

impl Accounts {
    /// All that the files of `scenes` name.
    pub fn of<'s>(scenes: impl Iterator<Item = &'s Scene> + Clone) -> Self {
        let users = scenes.clone().flat_map(|s| &s.users);
        let groups = scenes.flat_map(|s| &s.groups).chain(users.clone());
        Self {
            passwd: accounts("root:x:0:0:root:/root:/bin/sh\n", users, ":0::/:/bin/sh"),
            group: accounts("root:x:0:\n", groups, ":"),
        }
    }
}

/// Makes the image and gives its name, which is another one for other accounts.
pub fn make(engine: &Engine, accounts: &Accounts) -> String {
    let mut hasher = DefaultHasher::new();
    (&accounts.passwd, &accounts.group).hash(&mut hasher);
    let image = format!("stub-base:{:x}", hasher.finish());
    let context = tempfile::Builder::new().prefix("stub-base-").tempdir().unwrap();
    let root = context.path().join("root");
    for folder in FOLDERS.iter().chain(&["stub/records"]) {
        fs::create_dir_all(root.join(folder)).unwrap();
    }
    fs::write(root.join("etc/passwd"), &accounts.passwd).unwrap();
    fs::write(root.join("etc/group"), &accounts.group).unwrap();
    fs::write(context.path().join("recorder"), include_str!("recorder.sh")).unwrap();
    fs::write(context.path().join("collector"), include_str!("collector.sh")).unwrap();
    fs::write(context.path().join("Dockerfile"), FILE).unwrap();
    let built = engine.build(Builder::BuildKit).args(["-t", &image]).arg(context.path()).output().unwrap();
    assert!(built.status.success(), "{}", String::from_utf8_lossy(&built.stderr));
    image
}

/// Lines of passwd or group, with a number for each name.
fn accounts<'s>(first: &str, names: impl Iterator<Item = &'s String>, rest: &str) -> String {
    let mut names: Vec<&String> = names.filter(|n| *n != "root").collect();
    names.sort();
    names.dedup();
    let mut text = first.to_owned();
    for (number, name) in names.into_iter().enumerate() {
        writeln!(text, "{name}:x:{}{rest}", 2000 + number).unwrap();
    }
    text
}
