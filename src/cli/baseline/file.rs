//! The file: known findings by Dockerfile, one a line, so that a change of it can be read.

use crate::lint::FileReport;
use crate::lint::fingerprints;
use crate::report::{json_text, safe};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::io::{self, Write};
use std::path::{Component, Path};

/// The only version there is.
const VERSION: u32 = 1;

/// A known finding.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(super) struct Entry {
    pub(super) code: String,
    /// For readers only: what a finding says may change without the defect.
    #[serde(default)]
    message: String,
    pub(super) fingerprint: String,
}

/// The entries of each Dockerfile, by its path from the folder of the file on.
pub(super) type Files = BTreeMap<String, Vec<Entry>>;

#[derive(Deserialize)]
struct Document {
    version: u32,
    files: Files,
}

/// Reads the content of the file, or says why it can't be read.
pub(super) fn read(bytes: &[u8]) -> Result<Files, String> {
    let document: Document = serde_json::from_slice(bytes).map_err(|error| error.to_string())?;
    if document.version != VERSION {
        return Err(format!("its version is {}, and only {VERSION} is known", document.version));
    }
    Ok(document.files)
}

/// The entries for the findings of `report`: by code and message, not by place, which moves.
pub(super) fn entries(report: &FileReport) -> Vec<Entry> {
    let one = |(finding, fingerprint): (&crate::diagnostic::Diagnostic, String)| Entry {
        code: finding.code.to_owned(),
        message: safe::line(&finding.message).into_owned(),
        fingerprint,
    };
    let mut entries: Vec<Entry> = report.findings.iter().zip(fingerprints(report)).map(one).collect();
    entries.sort();
    entries
}

/// Writes `files`, in an order that does not depend on the run.
pub(super) fn write(files: &Files, out: &mut dyn Write) -> io::Result<()> {
    write!(out, "{{\n  \"version\": {VERSION},\n  \"files\": {{")?;
    let mut between = "";
    for (path, entries) in files {
        write!(out, "{between}\n    ")?;
        json_text::write(path, out)?;
        write!(out, ": [")?;
        for (at, entry) in entries.iter().enumerate() {
            let comma = if at == 0 { "" } else { "," };
            write!(out, "{comma}\n      ")?;
            json_text::write(entry, out)?;
        }
        write!(out, "\n    ]")?;
        between = ",";
    }
    out.write_all(if files.is_empty() { b"}\n}\n" } else { b"\n  }\n}\n" })
}

/// The way from `folder` to `file`, both absolute, with forward slashes.
pub(super) fn relative(folder: &Path, file: &Path) -> String {
    let (mut from, mut to) = (folder.components().peekable(), file.components().peekable());
    while from.peek().is_some() && from.peek() == to.peek() {
        from.next();
        to.next();
    }
    let up = from.map(|_| "..".to_owned());
    let down = to.map(|part| match part {
        Component::Normal(name) => name.to_string_lossy().into_owned(),
        other => other.as_os_str().to_string_lossy().replace('\\', "/"),
    });
    up.chain(down).collect::<Vec<_>>().join("/")
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_again() {
        let entry = |code: &str, message: &str| Entry {
            code: code.into(),
            message: message.into(),
            fingerprint: format!("{code}-print"),
        };
        let text = |files: &Files| {
            let mut out = Vec::new();
            write(files, &mut out).expect("memory can be written");
            String::from_utf8(out).expect("it is text")
        };
        let files = Files::from([
            ("b".into(), vec![entry("DL3006", "\"a\"")]),
            ("a/ü".into(), vec![entry("X", ""), entry("Y", "")]),
        ]);
        let written = text(&files);
        assert_eq!(read(written.as_bytes()), Ok(files));
        assert_eq!(written.lines().count(), 12, "a line for each finding: {written}");
        assert_eq!(read(text(&Files::new()).as_bytes()), Ok(Files::new()));
        assert!(read(b"{\"version\": 2, \"files\": {}}").is_err_and(|e| e.contains("version is 2")));
        assert!(read(b"{\"files\": {}}").is_err() && read(b"").is_err() && read(b"[]").is_err());
    }

    #[test]
    fn paths_lead_from_the_folder_to_the_file() {
        for (folder, file, want) in [
            ("/shop", "/shop/api/Dockerfile", "api/Dockerfile"),
            ("/shop/ci", "/shop/api/Dockerfile", "../api/Dockerfile"),
            ("/shop/ci", "/shop/ci", ""),
            ("/shop", "/shopping/Dockerfile", "../shopping/Dockerfile"),
            ("/", "/Dockerfile", "Dockerfile"),
        ] {
            assert_eq!(relative(Path::new(folder), Path::new(file)), want);
        }
    }
}
