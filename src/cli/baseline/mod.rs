//! `--baseline` and `--write-baseline`: findings that are known, so that an old repository starts at zero.
//!
//! What stands in the baseline is left out of all that a run tells, and of its exit code. It is still mended by
//! `--fix`: a baseline says that nobody has to, not that nobody may.

mod file;

use super::failure::Failure;
use super::input::LARGEST;
use super::outcome::Outcome;
use super::output;
use super::summary::plural;
use crate::lint::{FileReport, Settings, fingerprints};
use crate::report::safe;
use crate::rules;
use file::{Entry, Files};
use miette::Diagnostic;
use std::collections::{BTreeMap, HashMap, HashSet};
use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use thiserror::Error;

/// Why a baseline can't be used.
#[derive(Debug, Error, Diagnostic)]
#[error("the baseline {path} can't be read: {why}")]
#[diagnostic(code(layerwise::baseline), help("`--write-baseline {path}` makes it anew"))]
pub(super) struct BaselineError {
    path: String,
    why: String,
}

/// The baselines of a run: the one that the command line names, or those of the configurations.
pub(super) struct Baselines {
    current: PathBuf,
    named: Option<PathBuf>,
    /// Where all findings are to be written. Then none is left out.
    target: Option<PathBuf>,
    loaded: Mutex<HashMap<PathBuf, Loaded>>,
}

type Loaded = Result<Arc<Baseline>, Arc<BaselineError>>;

/// The content of the file at `path`, which may be a pipe or a device if `takes_all`.
fn read(path: &Path, takes_all: bool) -> io::Result<Vec<u8>> {
    if !takes_all && !fs::metadata(path)?.is_file() {
        return Err(io::Error::other("it is no file"));
    }
    let mut bytes = Vec::new();
    File::open(path)?.take(LARGEST + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > LARGEST {
        return Err(io::Error::other(format!("it is larger than {} MiB", LARGEST / 1024 / 1024)));
    }
    Ok(bytes)
}

/// Known findings.
#[derive(Debug)]
pub(super) struct Baseline {
    /// The path to show.
    path: String,
    folder: PathBuf,
    files: Files,
}

/// What a baseline did to the findings of one file.
#[derive(Debug)]
pub(super) struct Applied {
    baseline: Arc<Baseline>,
    /// How many findings were left out.
    hidden: usize,
    /// How many entries stand for nothing any more.
    gone: usize,
}

impl Baselines {
    pub(super) fn new(current: &Path, named: Option<&Path>, target: Option<&Path>) -> Self {
        let [named, target] = [named, target].map(|path| path.map(Path::to_owned));
        Self { current: current.to_owned(), named, target, loaded: Mutex::default() }
    }

    /// The baseline for a file whose configuration says `configured`.
    pub(super) fn of(&self, configured: Option<&Path>) -> Result<Option<Arc<Baseline>>, Failure> {
        let Some(path) = self.named.as_deref().or(configured).filter(|_| self.target.is_none()) else {
            return Ok(None);
        };
        let mut loaded = self.loaded.lock().unwrap_or_else(PoisonError::into_inner);
        let found = loaded.entry(path.to_owned()).or_insert_with(|| self.load(path)).clone();
        found.map(Some).map_err(Failure::Baseline)
    }

    fn load(&self, path: &Path) -> Loaded {
        let shown = path.strip_prefix(&self.current).unwrap_or(path).display().to_string();
        let error = |why: String| Arc::new(BaselineError { path: shown.clone(), why });
        // Who names a pipe knows what is behind it; a configuration may be anybody's.
        let is_named = self.named.as_deref() == Some(path);
        let bytes = read(&self.current.join(path), is_named).map_err(|e| error(e.to_string()))?;
        let files = file::read(&bytes).map_err(error)?;
        let folder = whole(&self.current.join(path)).parent().unwrap_or(Path::new("")).to_owned();
        Ok(Arc::new(Baseline { path: shown, folder, files }))
    }

    /// Writes the findings of `reports`, if that is asked for, and says so. After a failure, a file would be missing:
    /// nothing is written then.
    pub(super) fn write(
        &self,
        reports: &[FileReport],
        failures: &mut Vec<Failure>,
        err: &mut dyn Write,
    ) -> io::Result<()> {
        let Some(target) = &self.target else { return Ok(()) };
        let shown = target.display().to_string();
        if !failures.is_empty() {
            return writeln!(err, "{}: not written, as not all files could be checked", safe::line(&shown));
        }
        let path = whole(&self.current.join(target));
        let folder = path.parent().unwrap_or(Path::new(""));
        let mut files = Files::new();
        for report in reports.iter().filter(|report| !report.findings.is_empty()) {
            let name = file::relative(folder, &whole(&self.current.join(&report.path)));
            files.entry(name).or_default().extend(file::entries(report));
        }
        if let Err(source) = output::file::write(target, |out| file::write(&files, out)) {
            failures.push(Failure::Report { path: shown, source });
            return Ok(());
        }
        let count: usize = files.values().map(Vec::len).sum();
        writeln!(err, "{}: written, with {}", safe::line(&shown), plural(count, "known finding"))
    }

    /// Says which entries stand for nothing any more, so that somebody takes them out. Those of files that were not
    /// checked count if the file is gone.
    pub(super) fn conclude(outcomes: &[Outcome], err: &mut dyn Write) -> io::Result<()> {
        let mut gone: BTreeMap<&str, (&Baseline, usize)> = BTreeMap::new();
        for applied in outcomes.iter().filter_map(|outcome| outcome.known.as_ref()) {
            let baseline = &*applied.baseline;
            gone.entry(&baseline.path).or_insert_with(|| (baseline, baseline.of_lost_files())).1 += applied.gone;
        }
        for (path, (_, n)) in gone.iter().filter(|(_, (_, n))| *n > 0) {
            let path = safe::line(path);
            let (entries, them) = if *n == 1 { ("entry stands", "it") } else { ("entries stand", "them") };
            writeln!(err, "{path}: {n} {entries} for nothing any more; `--write-baseline {path}` drops {them}")?;
        }
        Ok(())
    }
}

impl Baseline {
    /// Takes the known findings out of `report`, whose path starts in the folder `current`.
    pub(super) fn apply(self: &Arc<Self>, report: &mut FileReport, current: &Path, settings: &Settings) -> Applied {
        let path = whole(&current.join(&report.path));
        let entries = self.files.get(&file::relative(&self.folder, &path)).map_or(&[][..], Vec::as_slice);
        let known: HashSet<&str> = entries.iter().map(|entry| entry.fingerprint.as_str()).collect();
        let prints = if known.is_empty() { Vec::new() } else { fingerprints(report) };
        let before = report.findings.len();
        let mut each = prints.iter();
        report.findings.retain(|_| each.next().is_none_or(|print| !known.contains(print.as_str())));
        let found: HashSet<&String> = prints.iter().collect();
        let is_gone = |entry: &&Entry| !found.contains(&entry.fingerprint) && would_be_found(&entry.code, settings);
        let gone = entries.iter().filter(is_gone).count();
        Applied { baseline: Arc::clone(self), hidden: before - report.findings.len(), gone }
    }

    fn of_lost_files(&self) -> usize {
        let lost = self.files.iter().filter(|(name, _)| !self.folder.join(name).exists());
        lost.map(|(_, entries)| entries.len()).sum()
    }
}

impl Applied {
    pub(super) fn hidden(&self) -> usize {
        self.hidden
    }
}

/// Whether this run reports findings with the code `code` at all.
fn would_be_found(code: &str, settings: &Settings) -> bool {
    match rules::find(code) {
        Some(rule) => settings.selection.rules().any(|(other, _)| other.meta.code == rule.meta.code),
        None if crate::shellcheck::is_code(code) => {
            settings.shellcheck.is_some() && settings.selection.shell().reports(code)
        }
        None => true,
    }
}

/// `path` with the links of its folder followed: one file has one path, however it was named.
fn whole(path: &Path) -> PathBuf {
    let folder = path.parent().and_then(|folder| fs::canonicalize(folder).ok());
    match (folder, path.file_name()) {
        (Some(folder), Some(name)) => folder.join(name),
        _ => path.to_owned(),
    }
}
