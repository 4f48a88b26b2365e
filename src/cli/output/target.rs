//! What `--output` is given.

use super::super::failure::Failure;
use crate::report::Format;
use crate::suggest::closest;
use std::path::{Path, PathBuf};

/// A file for a report.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Target {
    pub(super) format: Format,
    pub(super) path: PathBuf,
}

/// The targets that `words` name.
pub(super) fn read(words: &[String]) -> Result<Vec<Target>, Failure> {
    let mut targets: Vec<Target> = Vec::new();
    for word in words {
        let target = one(word)?;
        if targets.iter().any(|other| is_same(&other.path, &target.path)) {
            return Err(usage(format!("--output: {} is named twice", target.path.display()), "name each file once"));
        }
        targets.push(target);
    }
    Ok(targets)
}

/// Whether both paths lead to the same file, which need not be there yet.
pub(super) fn is_same(a: &Path, b: &Path) -> bool {
    let whole = |path: &Path| {
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let new = || Some(folder.canonicalize().ok()?.join(path.file_name()?));
        path.canonicalize().ok().or_else(new)
    };
    a == b || whole(a).is_some_and(|a| whole(b) == Some(a))
}

fn one(word: &str) -> Result<Target, Failure> {
    // What stands before a slash is part of a path, so that every file can be named: `./a=b.json`.
    let named = word.split_once('=').filter(|(name, _)| !name.contains(['/', '\\', '.']));
    let (format, path) = match named {
        Some((name, path)) => {
            let Some(format) = Format::from_name(name) else {
                let meant = closest(name, Format::ALL.into_iter().map(Format::name));
                let help = meant.map_or_else(names, |meant| format!("did you mean `{meant}`?"));
                return Err(usage(format!("--output {word}: there is no format `{name}`"), &help));
            };
            (Some(format), path)
        }
        None => (Format::of_file(word), word),
    };
    if path.is_empty() || path == "-" {
        let message = format!("--output {word}: this names no file");
        return Err(usage(message, "`--format` is for standard output; `--output` is for files"));
    }
    let Some(format) = format else {
        let message = format!("--output {word}: the name does not say which format the file is to have");
        return Err(usage(message, &format!("put the format in front: `--output sarif={word}`; {}", names())));
    };
    Ok(Target { format, path: PathBuf::from(path) })
}

fn names() -> String {
    format!("the formats are {}", Format::ALL.map(Format::name).join(", "))
}

fn usage(message: String, help: &str) -> Failure {
    Failure::Usage { message, help: Some(help.to_owned()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(word: &str) -> Option<(Format, String)> {
        one(word).ok().map(|target| (target.format, target.path.display().to_string()))
    }

    #[test]
    fn the_format_is_named_or_told_by_the_extension() {
        assert_eq!(of("sarif=out/a.json"), Some((Format::Sarif, "out/a.json".into())));
        assert_eq!(of("junit=x=y.xml"), Some((Format::JUnit, "x=y.xml".into())));
        assert_eq!(of("report.SARIF"), Some((Format::Sarif, "report.SARIF".into())));
        assert_eq!(of("report.sarif.json"), Some((Format::Sarif, "report.sarif.json".into())));
        assert_eq!(of("report.json"), Some((Format::Json, "report.json".into())));
        assert_eq!(of("./a=b.json"), Some((Format::Json, "./a=b.json".into())));
        for no in ["report.xml", "report", "sarf=a.json", "sarif=", "-", "json=-", "", "Dockerfile"] {
            assert_eq!(of(no), None, "{no}");
        }
    }

    #[test]
    fn a_file_is_named_once() {
        let read = |words: &[&str]| read(&words.iter().map(|&w| w.to_owned()).collect::<Vec<_>>());
        assert_eq!(read(&["a.json", "a.sarif"]).map(|t| t.len()).ok(), Some(2));
        assert!(read(&["a.json", "sarif=a.json"]).is_err());
    }
}
