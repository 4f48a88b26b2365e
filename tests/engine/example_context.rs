//! A build context for an example, which is often no more than a Dockerfile, and images to build it from.

use crate::engine::Engine;
use crate::stand_in::{with_programs, with_yarn};
use layerwise::model::{Base, Model};
use layerwise::syntax;
use std::fs;
use std::io::Write as _;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::{Command, Stdio};
use tempfile::TempDir;

/// Packages that take minutes to install, and smaller ones that stand for them before and after the fix.
const LIGHT: &[(&str, &str)] = &[("ffmpeg", "tree"), ("pm2@5", "semver@7.6.3")];

const PACKAGE: &str = r#"{"name": "app", "version": "1.0.0", "private": true, "dependencies": {"ms": "2.1.3"}}
"#;
/// Without the address of the package, so that npm asks the registry that it is set up for.
const LOCK: &str = r#"{"name": "app", "version": "1.0.0", "lockfileVersion": 3, "requires": true, "packages": {
  "": {"name": "app", "version": "1.0.0", "dependencies": {"ms": "2.1.3"}},
  "node_modules/ms": {"version": "2.1.3", "integrity":
    "sha512-6FlzubTLZG3J2a/NVCAleEhjzq5oxgHyaCU9yYXvcLsvoVaHJq/s5xXI6/XXP6tz7R9xAOtHnSO/tXtF3WRTlA=="}
}}
"#;
/// What stands for scripts and build tools of the project: it looks at all that a step can look at.
const SCRIPT: &str = "#!/bin/sh\nset -e\nmkdir -p /out\n{ id -u; pwd; env | sort; ls -lAR | sed 's/ [A-Z][a-z][a-z] .* / /'; } > /out/seen\n";

/// `text` with light packages.
pub fn light(text: &str) -> String {
    LIGHT.iter().fold(text.to_owned(), |text, (heavy, light)| text.replace(heavy, light))
}

/// The files below `folder`, by name; a folder without any ends in `/`.
pub fn files(folder: &Path) -> Vec<(String, String)> {
    let mut found = Vec::new();
    collect(folder, "", &mut found);
    found
}

fn collect(folder: &Path, below: &str, found: &mut Vec<(String, String)>) {
    for entry in fs::read_dir(folder).expect("a context can be read") {
        let path = entry.expect("a context can be read").path();
        let name = format!("{below}{}", path.file_name().expect("a file has a name").to_string_lossy());
        if path.is_dir() {
            found.push((format!("{name}/"), String::new()));
            collect(&path, &format!("{name}/"), found);
        } else {
            found.push((name, fs::read_to_string(&path).expect("a file of an example is text")));
        }
    }
}

/// A context for an example before and after a fix: the files of the document, and what else the builds need.
pub fn make([text, after]: [&str; 2], files: &[(String, String)]) -> TempDir {
    let folder = tempfile::Builder::new().prefix("layerwise-").tempdir().expect("a temporary folder can be made");
    let root = folder.path();
    // What a document leaves empty only has a name there; a package or an archive must be one.
    for (name, content) in files {
        match real(name).filter(|_| content.is_empty()) {
            Some(bytes) => put(root, name, &bytes),
            None => put(root, name, content.as_bytes()),
        }
    }
    // Lock files of examples name packages in a way that is enough to read, but not to install.
    let locked: Vec<&str> = files.iter().filter_map(|(name, _)| name.strip_suffix("package-lock.json")).collect();
    for below in locked {
        put(root, &format!("{below}package.json"), PACKAGE.as_bytes());
        put(root, &format!("{below}package-lock.json"), LOCK.as_bytes());
    }
    // The fix may name a file where the example has its folder.
    for text in [after, text] {
        for source in Model::new(&syntax::parse(text)).context_sources().unwrap_or_default() {
            create(root, source.trim_start_matches("./"));
        }
    }
    for word in text.split_whitespace().filter_map(|w| w.strip_prefix("./")).filter(|w| w.ends_with(".sh")) {
        create(root, word);
    }
    if text.contains("npm ci") {
        create(root, "package.json");
        create(root, "package-lock.json");
    }
    if text.contains("requirements.txt") {
        create(root, "requirements.txt");
    }
    folder
}

/// Makes `name`, if it is not there, of what fits its kind.
fn create(root: &Path, name: &str) {
    if matches!(name, "" | ".") {
        return create(root, "src/notes.txt");
    }
    if root.join(name).exists() {
        return;
    }
    let last = name.trim_end_matches('/').rsplit('/').next().unwrap_or_default();
    match last {
        "package.json" => put(root, name, PACKAGE.as_bytes()),
        "package-lock.json" => put(root, name, LOCK.as_bytes()),
        "requirements.txt" => put(root, name, b"six==1.16.0\n"),
        _ if last.ends_with(".sh") => put(root, name, SCRIPT.as_bytes()),
        _ if real(last).is_some() => put(root, name, &real(last).unwrap_or_default()),
        _ if name.ends_with('/') => put(root, &format!("{name}notes.txt"), b"notes\n"),
        _ => put(root, name, b"text\n"),
    }
}

/// A package or an archive that can be unpacked, if `name` is one of such.
fn real(name: &str) -> Option<Vec<u8>> {
    let last = name.rsplit('/').next().unwrap_or(name);
    if let Some(stem) = last.strip_suffix(".deb") {
        return Some(package(stem));
    }
    last.ends_with(".tar.gz").then(|| zipped(&archive("unpacked/tool.txt", b"tool\n")))
}

/// `bytes` through gzip, without a time.
fn zipped(bytes: &[u8]) -> Vec<u8> {
    let mut child = Command::new("gzip").arg("-n").stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("gzip");
    child.stdin.take().expect("its input is piped").write_all(bytes).expect("a short archive");
    child.wait_with_output().expect("gzip ends").stdout
}

fn put(root: &Path, name: &str, content: &[u8]) {
    let path = root.join(name);
    if name.ends_with('/') {
        return fs::create_dir_all(path).expect("a folder can be made");
    }
    fs::create_dir_all(path.parent().expect("a file is in a folder")).expect("a folder can be made");
    fs::write(&path, content).expect("a file can be written");
    let mode = if name.ends_with(".sh") { 0o755 } else { 0o644 };
    fs::set_permissions(&path, fs::Permissions::from_mode(mode)).expect("a mode can be set");
}

/// A Debian package of one file (deb(5)).
fn package(name: &str) -> Vec<u8> {
    let control = format!(
        "Package: {name}\nVersion: 1.0\nArchitecture: all\nMaintainer: A <a@example.org>\nDescription: a package\n"
    );
    let members = [
        ("debian-binary", b"2.0\n".to_vec()),
        ("control.tar", archive("./control", control.as_bytes())),
        ("data.tar", archive(&format!("./usr/share/{name}.txt"), b"tool\n")),
    ];
    let mut bytes = b"!<arch>\n".to_vec();
    for (member, content) in members {
        writeln!(bytes, "{member:<16}{:<12}{:<6}{:<6}{:<8}{:<10}`", 0, 0, 0, "100644", content.len())
            .expect("memory can be written");
        bytes.extend(&content);
        if bytes.len() % 2 == 1 {
            bytes.push(b'\n');
        }
    }
    bytes
}

fn archive(name: &str, content: &[u8]) -> Vec<u8> {
    let mut archive = tar::Builder::new(Vec::new());
    let mut header = tar::Header::new_ustar();
    header.set_size(content.len() as u64);
    header.set_mode(0o644);
    archive.append_data(&mut header, name, content).expect("memory can be written");
    archive.into_inner().expect("memory can be written")
}

/// The local images that stand for those of `text`, the same before and after its fix.
pub fn images(engine: &Engine, text: &str) -> Vec<(String, String)> {
    let file = syntax::parse(text);
    let model = Model::new(&file);
    let bases = model.stages.iter().filter_map(|stage| match &stage.base {
        Base::Image(name) => Some(name.clone()),
        _ => None,
    });
    bases.map(|name| (name.clone(), local(engine, &name, text))).collect()
}

fn local(engine: &Engine, name: &str, text: &str) -> String {
    let last = name.rsplit('/').next().unwrap_or(name).split(':').next().unwrap_or_default();
    let base = match last {
        "node" if text.contains("yarn") => with_yarn(engine, "node:20"),
        "node" => "node:20".into(),
        "python" => "python:3.11".into(),
        "debian" | "ubuntu" | "golang" => "debian:bookworm".into(),
        _ => "busybox:1.36".into(),
    };
    with_programs(engine, &base, text)
}
