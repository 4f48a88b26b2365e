//! Building a Dockerfile, and reading what the image is.

use crate::compare::{CONTENT, Facts, Image};
use crate::engine::{Builder, Engine};
use layerwise::syntax;
use serde_json::Value;
use std::collections::{BTreeMap, HashMap};
use std::hash::{DefaultHasher, Hasher};
use std::io::{self, Read};
use std::path::Path;
use std::process::Stdio;
use std::sync::atomic::{AtomicUsize, Ordering};
use tar::{Archive, Entry, EntryType};

/// How to build.
#[derive(Clone, Copy, Debug, Default)]
pub struct How<'a> {
    /// The stage to stop at; the last one if `None`. BuildKit knows it by its name only.
    pub target: Option<&'a str>,
    /// Whether every step is to run.
    pub fresh: bool,
    /// Image names and the local images that stand for them.
    pub images: &'a [(String, String)],
}

/// An image that was built, with a name of its own, which goes when this is dropped.
pub struct Built<'e> {
    engine: &'e Engine,
    name: String,
}

impl Drop for Built<'_> {
    fn drop(&mut self) {
        // An image that stays costs disk space, not the proof.
        let _ = self.engine.ask(&["image", "rm", &self.name]);
    }
}

impl<'e> Built<'e> {
    /// Builds `text` with BuildKit.
    ///
    /// The text does not come from the context, so that a Dockerfile which the context holds, and which
    /// may be copied, stays the same whatever is built.
    ///
    /// # Errors
    /// The end of what the engine says, where the build fails.
    pub fn new(engine: &'e Engine, text: &str, context: &Path, how: How<'_>) -> Result<Self, String> {
        static COUNT: AtomicUsize = AtomicUsize::new(0);
        let name = format!("equiv-{}-{}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed));
        let folder = tempfile::Builder::new().prefix("layerwise-").tempdir().map_err(|e| e.to_string())?;
        let path = folder.path().join("Dockerfile");
        std::fs::write(&path, without_frontend(text)).map_err(|e| e.to_string())?;
        let mut build = engine.build(Builder::BuildKit);
        build.args(["--tag", &name, "--file"]).arg(&path);
        if let Some(stage) = how.target {
            build.args(["--target", stage]);
        }
        if how.fresh {
            build.arg("--no-cache");
        }
        for (image, local) in how.images {
            build.args(["--build-context", &format!("{image}=docker-image://{local}")]);
        }
        let output = build.arg(context).output().map_err(|e| e.to_string())?;
        if output.status.success() {
            return Ok(Self { engine, name });
        }
        let said = String::from_utf8_lossy(&output.stderr);
        let lines: Vec<&str> = said.lines().map(str::trim).filter(|l| !l.is_empty()).collect();
        Err(lines[lines.len().saturating_sub(12)..].join("\n"))
    }

    /// The layers, by the hash of what they hold. The same layers are the same files.
    ///
    /// # Errors
    /// What the engine says.
    pub fn layers(&self) -> Result<String, String> {
        Ok(self.inspect()?["RootFS"]["Layers"].to_string())
    }

    /// The config alone.
    ///
    /// # Errors
    /// What the engine says.
    pub fn config(&self) -> Result<Facts, String> {
        Ok(config(&self.inspect()?))
    }

    /// The config and the merged file system.
    ///
    /// # Errors
    /// What the engine says, or why its answer can't be read.
    pub fn image(&self) -> Result<Image, String> {
        // The command is never run, but an image without one can't be made a container.
        let container = self.engine.ask(&["create", "--network", "none", &self.name, "none"])?;
        let container = container.trim();
        let files = self.export(container);
        self.engine.ask(&["rm", "--volumes", container])?;
        Ok(Image { config: self.config()?, files: files? })
    }

    fn inspect(&self) -> Result<Value, String> {
        let answer = self.engine.ask(&["image", "inspect", &self.name])?;
        let mut images: Vec<Value> = serde_json::from_str(&answer).map_err(|e| e.to_string())?;
        images.pop().ok_or_else(|| "the engine knows nothing of the image".into())
    }

    fn export(&self, container: &str) -> Result<BTreeMap<String, Facts>, String> {
        let mut command = self.engine.command(&["export", container]);
        let mut child = command.stdout(Stdio::piped()).spawn().map_err(|e| e.to_string())?;
        let mut out = child.stdout.take().expect("the output is piped");
        let files = files(&mut out).map_err(|e| format!("the exported files can't be read: {e}"));
        // Padding at the end would otherwise block the client.
        let _ = io::copy(&mut out, &mut io::sink());
        let status = child.wait().map_err(|e| e.to_string())?;
        if status.success() { files } else { Err("the export failed".into()) }
    }
}

/// `text` without the line that has the builder fetch another frontend.
fn without_frontend(text: &str) -> String {
    let file = syntax::parse(text);
    match file.directives.iter().find(|d| d.name.eq_ignore_ascii_case("syntax")) {
        Some(directive) => {
            let mut text = text.to_owned();
            text.replace_range(directive.span.range(), "");
            text
        }
        None => text.to_owned(),
    }
}

/// The config as facts, a variable or a label each. What is empty is the same as what is missing.
pub fn config(inspected: &Value) -> Facts {
    let mut facts = Facts::new();
    for key in ["Architecture", "Os", "Author"] {
        add(&mut facts, key.into(), &inspected[key]);
    }
    let Value::Object(config) = &inspected["Config"] else { return facts };
    for (key, value) in config {
        match (key.as_str(), value) {
            // The engine's own notes of how it made the image.
            ("Hostname" | "Domainname" | "Image", _) => {}
            ("Env", Value::Array(pairs)) => {
                for pair in pairs.iter().filter_map(Value::as_str) {
                    let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
                    facts.insert(format!("Env {name}"), value.to_owned());
                }
            }
            ("Labels" | "ExposedPorts" | "Volumes", Value::Object(entries)) => {
                for (name, value) in entries {
                    let value = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
                    facts.insert(format!("{key} {name}"), value);
                }
            }
            _ => add(&mut facts, key.clone(), value),
        }
    }
    facts
}

fn add(facts: &mut Facts, key: String, value: &Value) {
    let empty = match value {
        Value::Null | Value::Bool(false) => true,
        Value::String(text) => text.is_empty(),
        Value::Array(list) => list.is_empty(),
        Value::Object(entries) => entries.is_empty(),
        _ => false,
    };
    if !empty {
        facts.insert(key, value.as_str().map_or_else(|| value.to_string(), str::to_owned));
    }
}

/// The facts of each path in an exported file system.
///
/// # Errors
/// What is wrong with the archive.
pub fn files(archive: impl Read) -> io::Result<BTreeMap<String, Facts>> {
    let mut files: BTreeMap<String, Facts> = BTreeMap::new();
    let mut links: HashMap<String, Vec<String>> = HashMap::new();
    for entry in Archive::new(archive).entries()? {
        let mut entry = entry?;
        let path = absolute(&entry.path_bytes());
        if entry.header().entry_type() == EntryType::Link {
            let target = absolute(&entry.link_name_bytes().unwrap_or_default());
            links.entry(target).or_default().push(path);
        } else {
            let facts = facts(&mut entry)?;
            files.insert(path, facts);
        }
    }
    // Names of one file are equals: which of them the archive has first is chance.
    for (target, names) in links {
        let mut facts = files.get(&target).cloned().unwrap_or_default();
        facts.insert("names".into(), (names.len() + 1).to_string());
        for name in names.into_iter().chain([target]) {
            files.insert(name, facts.clone());
        }
    }
    Ok(files)
}

fn absolute(path: &[u8]) -> String {
    let path = String::from_utf8_lossy(path);
    format!("/{}", path.trim_start_matches("./").trim_matches('/'))
}

fn facts<R: Read>(entry: &mut Entry<'_, R>) -> io::Result<Facts> {
    let header = entry.header().clone();
    let mut facts = Facts::new();
    let mut fact = |name: &str, value: String| {
        facts.insert(name.to_owned(), value);
    };
    let kind = header.entry_type();
    fact(
        "type",
        match kind {
            EntryType::Regular | EntryType::Continuous | EntryType::GNUSparse => "file".into(),
            EntryType::Directory => "folder".into(),
            EntryType::Symlink => "symbolic link".into(),
            EntryType::Char | EntryType::Block => {
                let number = |n: io::Result<Option<u32>>| n.ok().flatten().unwrap_or_default();
                format!("device {kind:?} {}:{}", number(header.device_major()), number(header.device_minor()))
            }
            other => format!("{other:?}"),
        },
    );
    fact("mode", format!("{:04o}", header.mode()? & 0o7777));
    fact("owner", format!("{}:{}", header.uid()?, header.gid()?));
    if let Some(target) = entry.link_name_bytes() {
        fact("target", String::from_utf8_lossy(&target).into_owned());
    }
    for extension in entry.pax_extensions()?.into_iter().flatten() {
        let extension = extension?;
        if let Some(name) = extension.key().unwrap_or_default().strip_prefix("SCHILY.xattr.") {
            fact(&format!("xattr {name}"), extension.value_bytes().escape_ascii().to_string());
        }
    }
    if kind.is_file() || kind.is_contiguous() || kind.is_gnu_sparse() {
        fact(CONTENT, content(entry)?);
    }
    Ok(facts)
}

/// A short text as it is, so that a difference can be read; anything else by its size and hash.
fn content(mut from: impl Read) -> io::Result<String> {
    const SHORT: usize = 4096;
    let mut start = Vec::new();
    from.by_ref().take(SHORT as u64).read_to_end(&mut start)?;
    let mut hash = DefaultHasher::new();
    hash.write(&start);
    let mut size = start.len();
    let mut buffer = vec![0; 1 << 16];
    loop {
        let read = from.read(&mut buffer)?;
        if read == 0 {
            break;
        }
        hash.write(&buffer[..read]);
        size += read;
    }
    match String::from_utf8(start) {
        Ok(text) if size < SHORT => Ok(text),
        _ => Ok(format!("{size} bytes, hash {:016x}", hash.finish())),
    }
}

#[cfg(test)]
mod tests;
