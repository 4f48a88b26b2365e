//! Programs of images that can't be pulled, and servers that don't exist: a script of the same name, which writes
//! down what it was told and what it can see.

use crate::engine::{Builder, Engine};
use std::collections::BTreeSet;
use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::sync::Mutex;

/// The programs, and what shows that a file needs one that the local image of its base hasn't, or that can't do its
/// work without a server.
const PROGRAMS: &[(&str, &[&str])] = &[
    ("apk", &["apk add"]),
    ("apt-get", &["example.org/apt"]),
    ("curl", &["curl -fsSL"]),
    ("go", &["go build", "go install", "go mod"]),
    ("make", &["RUN make"]),
];

/// It makes what others need of it, and otherwise only adds to its own record: what a real one would read besides
/// (the files of its module) is in there, the rest of the folder is not.
const SCRIPT: &str = r#"#!/bin/sh
set -e
name=${0##*/}
mkdir -p /var/lib/stand-in
{
    echo "$name $*"
    id -u
    pwd
    env | grep -v -e ^_= -e ^HOSTNAME= | sort
    cat go.mod go.sum 2>/dev/null || true
} >>"/var/lib/stand-in/$name"
case " $name $* " in *" nginx "*) mkdir -p /etc/nginx/http.d ;; esac
while [ $# -gt 0 ]; do
    if [ "$1" = -o ]; then
        mkdir -p "$(dirname "$2")"
        echo "made by $name" >"$2"
    fi
    shift
done
"#;

/// The image `base` with the programs that `text` needs; `base` itself if it has them all.
pub fn with_programs(engine: &Engine, base: &str, text: &str) -> String {
    let needed = |(_, signs): &&(&str, &[&str])| signs.iter().any(|sign| text.contains(sign));
    // What the file installs itself must be the real one.
    let installs = |name: &str| {
        let mut installed = text.lines().filter_map(|l| l.split_once(" install ")).map(|(_, packages)| packages);
        installed.any(|packages| packages.split(' ').any(|word| word == name))
    };
    let names: Vec<&str> = PROGRAMS.iter().filter(needed).map(|(name, _)| *name).filter(|n| !installs(n)).collect();
    if names.is_empty() {
        return base.to_owned();
    }
    let script = |folder: &Path| {
        for name in &names {
            let path = folder.join(name);
            fs::write(&path, SCRIPT).expect("a file can be written");
            fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).expect("a mode can be set");
        }
    };
    let lines = format!("COPY {} /usr/local/bin/\n", names.join(" "));
    made(engine, base, &names.join("-"), &lines, script)
}

/// The image `base` with Yarn, which the published image of node has.
pub fn with_yarn(engine: &Engine, base: &str) -> String {
    made(engine, base, "yarn", "RUN command -v yarn || npm install -g yarn@1.22.22\n", |_| {})
}

/// Makes the image `base` with `lines` below it, once.
fn made(engine: &Engine, base: &str, name: &str, lines: &str, context: impl Fn(&Path)) -> String {
    static MADE: Mutex<BTreeSet<String>> = Mutex::new(BTreeSet::new());
    let name = format!("equiv-{}-with-{name}:1", base.replace([':', '/'], "-"));
    let mut made = MADE.lock().expect("nobody fails while making an image");
    if made.insert(name.clone()) {
        let folder = tempfile::tempdir().expect("a temporary folder can be made");
        fs::write(folder.path().join("Dockerfile"), format!("FROM {base}\n{lines}")).expect("a file can be written");
        context(folder.path());
        let mut build = engine.build(Builder::BuildKit);
        let output = build.args(["--tag", &name]).arg(folder.path()).output().expect("the client starts");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    }
    name
}
