//! Building stubs: every stage as an image, and the records and files of all of them.

use super::rewrite::{RESULTS, Stub};
use crate::engine::Engine;
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

/// What came of building a stub, a stage each.
pub struct Built {
    pub stages: Vec<BuiltStage>,
    /// The images that were made.
    pub images: Vec<String>,
}

/// One stage, as it was built.
pub struct BuiltStage {
    /// What the image says besides its files.
    pub image: Value,
    /// A line for each file: name, mode and owner, and then the hashes.
    pub files: String,
    /// What each command saw, by the hash of its text and the number of the times.
    pub records: BTreeMap<String, Record>,
}

/// What one command saw.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Record {
    /// The shell and the text, or the words of the exec form.
    pub arguments: Vec<String>,
    /// By what was looked at.
    pub seen: BTreeMap<String, String>,
}

/// Builds `stubs` with the context in `work/context`.
///
/// # Errors
/// What the builder says.
pub fn build(
    engine: &Engine,
    work: &Path,
    stubs: &[&Stub],
    given: &BTreeMap<String, String>,
) -> Result<Vec<Built>, String> {
    let mut targets = Map::new();
    for (number, stub) in stubs.iter().enumerate() {
        let file = format!("stub{number}.Dockerfile");
        fs::write(work.join(&file), &stub.text).unwrap();
        let target = |name: &str, output: String| {
            json!({
                "context": "context", "dockerfile": format!("../{file}"), "target": name, "args": given,
                "output": [output],
            })
        };
        for (index, name) in stub.stages.iter().enumerate() {
            targets.insert(format!("stub{number}-{index}"), target(name, "type=docker".into()));
        }
        targets.insert(format!("stub{number}"), target(RESULTS, format!("type=local,dest=results{number}")));
        let _ = fs::remove_dir_all(work.join(format!("results{number}")));
    }
    let names: Vec<&String> = targets.keys().collect();
    let plan = json!({ "group": { "default": { "targets": names } }, "target": targets });
    // `${` means a variable of the plan.
    let plan = plan.to_string().replace("${", "$${");
    fs::write(work.join("bake.json"), plan).unwrap();
    let mut bake =
        engine.command(&["buildx", "bake", "-f", "bake.json", "--metadata-file", "made.json", "--progress", "plain"]);
    let output = bake.current_dir(work).output().map_err(|e| e.to_string())?;
    if !output.status.success() {
        let log = String::from_utf8_lossy(&output.stderr);
        let line = log.lines().rev().find(|l| l.contains("ERROR") || l.contains("rror:")).or(log.lines().last());
        return Err(line.unwrap_or("no output").to_owned());
    }
    let made: Value = serde_json::from_slice(&fs::read(work.join("made.json")).unwrap()).unwrap();
    let built = |number: usize, stub: &Stub| {
        let id = |index: usize| {
            let made = &made[format!("stub{number}-{index}")]["containerimage.config.digest"];
            made.as_str().expect("a stage is an image").to_owned()
        };
        let images: Vec<String> = (0..stub.stages.len()).map(id).collect();
        let results = work.join(format!("results{number}"));
        let stages = images.iter().enumerate().map(|(index, id)| BuiltStage::read(engine, id, &results, index));
        Ok(Built { stages: stages.collect::<Result<_, String>>()?, images })
    };
    stubs.iter().enumerate().map(|(number, stub)| built(number, stub)).collect()
}

impl BuiltStage {
    fn read(engine: &Engine, id: &str, results: &Path, index: usize) -> Result<Self, String> {
        let image: Value = serde_json::from_str(&engine.ask(&["image", "inspect", id])?).map_err(|e| e.to_string())?;
        let image = &image[0];
        let kept = ["Config", "Author", "Architecture", "Os", "Variant"];
        let image: Map<String, Value> = kept.iter().map(|k| ((*k).to_owned(), image[k].clone())).collect();
        let files = read(&results.join(format!("{index}.files")))?;
        let mut records = BTreeMap::new();
        for entry in fs::read_dir(results.join(index.to_string())).map_err(|e| e.to_string())? {
            let path = entry.map_err(|e| e.to_string())?.path();
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            records.insert(name, Record::parse(&read(&path)?));
        }
        Ok(Self { image: image.into(), files, records })
    }
}

fn read(path: &Path) -> Result<String, String> {
    let bytes = fs::read(path).map_err(|e| format!("{}: {e}", path.display()))?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

impl Record {
    fn parse(text: &str) -> Self {
        let mut record = Self::default();
        for section in text.split("## ").skip(1) {
            let (name, content) = section.split_once('\n').unwrap_or((section, ""));
            if name == "arguments" {
                let digits: Vec<u8> = content.bytes().filter(u8::is_ascii_hexdigit).collect();
                let byte = |pair: &[u8]| u8::from_str_radix(std::str::from_utf8(pair).unwrap(), 16).unwrap();
                let bytes: Vec<u8> = digits.chunks_exact(2).map(byte).collect();
                let text = String::from_utf8_lossy(&bytes);
                record.arguments = text.split_terminator('\0').map(str::to_owned).collect();
            } else {
                record.seen.insert(name.to_owned(), content.to_owned());
            }
        }
        record
    }

    /// The text of the step: the last argument of the shell, or all words.
    pub fn text(&self) -> String {
        match &self.arguments[..] {
            [shell, .., text] if shell.starts_with("/bin/sh") || self.arguments.len() > 1 => text.clone(),
            all => all.join("\n"),
        }
    }
}
