//! What is in an image: its config, and its files with all layers merged.

use crate::engine::Engine;
use layerwise::context::digest;
use serde_json::Value;
use std::collections::BTreeMap;
use std::io::Read;
use std::process::Stdio;

/// What an image says of the containers that start from it.
const CONFIG: [&str; 11] = [
    "Cmd",
    "Entrypoint",
    "WorkingDir",
    "User",
    "Labels",
    "ExposedPorts",
    "Volumes",
    "Healthcheck",
    "StopSignal",
    "Shell",
    "OnBuild",
];

/// An image, as far as a user can tell two of them apart.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Image {
    /// What the config says, by name; each variable of the environment has an entry of its own.
    pub config: BTreeMap<String, String>,
    /// The files, by their paths from the root.
    pub files: BTreeMap<String, File>,
}

/// A file, a folder or something else that has a path. When it was written does not count.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct File {
    /// `file`, `folder`, `link` and so on.
    pub kind: String,
    /// The permissions, with the bits for set-user-id and the like.
    pub mode: u32,
    /// The numbers of user and group.
    pub owner: (u64, u64),
    /// Where a link leads.
    pub target: String,
    /// A hash of the content.
    pub content: u128,
    /// The extended attributes.
    pub attributes: BTreeMap<String, Vec<u8>>,
}

impl Image {
    /// Reads the image `tag`.
    pub fn read(engine: &Engine, tag: &str) -> Result<Self, String> {
        let inspected = engine.ask(&["image", "inspect", "--format", "{{json .Config}}", tag])?;
        let config = config(&serde_json::from_str(&inspected).map_err(|e| e.to_string())?);
        // An image without a command can't be made a container, unless one is named; it never starts.
        let container = engine.ask(&["create", "--network", "none", tag, "none"])?;
        let files = export(engine, container.trim());
        engine.ask(&["rm", "-f", container.trim()])?;
        Ok(Self { config, files: files? })
    }
}

fn config(inspected: &Value) -> BTreeMap<String, String> {
    let mut config = BTreeMap::new();
    for variable in inspected["Env"].as_array().into_iter().flatten().filter_map(Value::as_str) {
        let (name, value) = variable.split_once('=').unwrap_or((variable, ""));
        config.insert(format!("Env {name}"), value.to_owned());
    }
    for key in CONFIG {
        match &inspected[key] {
            Value::Null => {}
            Value::String(text) if text.is_empty() => {}
            Value::Object(map) if map.is_empty() => {}
            Value::Array(list) if list.is_empty() => {}
            value => {
                config.insert(key.to_owned(), value.to_string());
            }
        }
    }
    config
}

fn export(engine: &Engine, container: &str) -> Result<BTreeMap<String, File>, String> {
    let mut export = engine.command(&["export", container]);
    let mut child = export.stdout(Stdio::piped()).spawn().map_err(|e| e.to_string())?;
    let stream = child.stdout.take().ok_or("the export has no output")?;
    let files = read(stream).map_err(|e| e.to_string());
    let status = child.wait().map_err(|e| e.to_string())?;
    if status.success() { files } else { Err(format!("the export failed: {status}")) }
}

fn read(stream: impl Read) -> std::io::Result<BTreeMap<String, File>> {
    let mut files = BTreeMap::new();
    for entry in tar::Archive::new(stream).entries()? {
        let mut entry = entry?;
        let path = String::from_utf8_lossy(&entry.path_bytes()).trim_end_matches('/').to_owned();
        let mut attributes = BTreeMap::new();
        if let Some(extensions) = entry.pax_extensions()? {
            for extension in extensions {
                let extension = extension?;
                if let Some(name) = extension.key().ok().and_then(|key| key.strip_prefix("SCHILY.xattr.")) {
                    attributes.insert(name.to_owned(), extension.value_bytes().to_vec());
                }
            }
        }
        let header = entry.header();
        let mut file = File {
            kind: format!("{:?}", header.entry_type()).to_lowercase(),
            mode: header.mode()? & 0o7777,
            owner: (header.uid()?, header.gid()?),
            target: entry.link_name_bytes().map(|t| String::from_utf8_lossy(&t).into_owned()).unwrap_or_default(),
            content: 0,
            attributes,
        };
        let mut content = Vec::new();
        entry.read_to_end(&mut content)?;
        file.content = digest(&content);
        files.insert(path, file);
    }
    // Which of several hard links the archive holds in full is a matter of its order.
    let linked: Vec<(String, String)> =
        files.iter().filter(|(_, f)| f.kind == "link").map(|(path, f)| (path.clone(), f.target.clone())).collect();
    for (path, target) in linked {
        if let Some(whole) = files.get(&target).cloned() {
            files.insert(path, whole);
        }
    }
    Ok(files)
}

#[test]
fn an_export_is_read() {
    let mut archive = tar::Builder::new(Vec::new());
    let mut add = |path: &str, kind: tar::EntryType, mode: u32, content: &str, target: &str| {
        let mut header = tar::Header::new_gnu();
        header.set_entry_type(kind);
        header.set_mode(mode);
        header.set_uid(7);
        header.set_gid(8);
        header.set_size(content.len() as u64);
        if !target.is_empty() {
            header.set_link_name(target).unwrap();
        }
        archive.append_data(&mut header, path, content.as_bytes()).unwrap();
    };
    add("a/", tar::EntryType::Directory, 0o41777, "", "");
    add("a/one", tar::EntryType::Regular, 0o4755, "text", "");
    add("a/two", tar::EntryType::Link, 0o644, "", "a/one");
    add("a/way", tar::EntryType::Symlink, 0o777, "", "/a/one");
    let bytes = archive.into_inner().unwrap();
    let files = read(bytes.as_slice()).unwrap();
    assert_eq!((files["a"].mode, files["a"].owner), (0o1777, (7, 8)));
    assert_eq!(files["a/one"], files["a/two"]);
    assert_eq!((files["a/way"].kind.as_str(), files["a/way"].target.as_str()), ("symlink", "/a/one"));
    assert_ne!(files["a/one"].content, files["a"].content);
}

#[test]
fn a_config_is_read() {
    let inspected = serde_json::json!({"Env": ["A=1=2", "B"], "Cmd": ["x"], "Labels": {}, "User": "", "Hostname": "h"});
    let config = config(&inspected);
    let pairs: Vec<(&str, &str)> = config.iter().map(|(k, v)| (k.as_str(), v.as_str())).collect();
    assert_eq!(pairs, [("Cmd", "[\"x\"]"), ("Env A", "1=2"), ("Env B", "")]);
}
