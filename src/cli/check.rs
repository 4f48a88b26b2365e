//! `layerwise check`: lint files, and fix them.

use super::discover::discover;
use super::failure::Failure;
use super::input;
use super::mend::Mending;
use super::output::{OutputArgs, Outputs};
use super::progress::Progress;
use super::settings::{ForFile, Shared};
use super::shell::Shell;
use super::summary::Summary;
use super::work;
use crate::config::{Builder, Finder};
use crate::context::churn::DEFAULT_LIMIT;
use crate::context::{Histories, ProjectFinder};
use crate::diagnostic::{Applicability, Severity};
use crate::lint::{self, FileReport, Fixed, Settings};
use crate::rules::{self, Overrides};
use clap::builder::PossibleValuesParser;
use clap::{ArgAction, Args};
use std::collections::BTreeSet;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

/// Find what is wrong in Dockerfiles and what breaks their cache, and mend it.
#[derive(Args, Debug)]
pub struct CheckArgs {
    /// The files and folders to check; `-` is standard input.
    #[arg(value_name = "PATH", default_value = ".")]
    paths: Vec<PathBuf>,
    /// Apply the fixes that leave the image as it is, until none is left.
    #[arg(long)]
    fix: bool,
    /// With --fix or --diff: apply the fixes too that may change the image, as their findings say.
    #[arg(long)]
    unsafe_fixes: bool,
    /// Show what --fix would change and write nothing; exit with 1 if anything would change.
    #[arg(long)]
    diff: bool,
    /// Run only these rules: codes, starts of codes, names, or ALL.
    #[arg(long, value_name = "RULES", value_delimiter = ',', action = ArgAction::Append)]
    select: Option<Vec<String>>,
    /// Run these rules besides.
    #[arg(long, value_name = "RULES", value_delimiter = ',', action = ArgAction::Append)]
    extend_select: Vec<String>,
    /// Don't run these rules.
    #[arg(long, value_name = "RULES", value_delimiter = ',', action = ArgAction::Append)]
    ignore: Vec<String>,
    /// Read no configuration file.
    #[arg(long)]
    no_config: bool,
    /// Exit with 0 even if there are findings.
    #[arg(long)]
    no_fail: bool,
    /// The lightest finding that makes the exit code 1 [default: info].
    #[arg(long, value_name = "LEVEL", value_parser = PossibleValuesParser::new(["error", "warning", "info", "style"]))]
    fail_level: Option<String>,
    /// The builder whose cache the findings are about [default: buildkit].
    #[arg(long, value_name = "BUILDER", value_parser = PossibleValuesParser::new(["buildkit", "classic", "buildah"]))]
    builder: Option<String>,
    /// The build context: the folder that COPY and ADD read from [default: found for each file].
    #[arg(long, value_name = "DIR")]
    context: Option<PathBuf>,
    /// How many commits of the Git history tell how often files change; 0 for none.
    #[arg(long, value_name = "N", default_value_t = DEFAULT_LIMIT)]
    history: usize,
    /// Whether the scripts of RUN go to the `shellcheck` program: if it is there, always, never, or to the
    /// one at this absolute path [default: auto].
    #[arg(long, value_name = "auto|on|off|PROGRAM")]
    shellcheck: Option<String>,
    #[command(flatten)]
    output: OutputArgs,
    /// The path to show for standard input, and to look for the configuration from.
    #[arg(long, value_name = "PATH")]
    stdin_filename: Option<PathBuf>,
}

/// What came of one file.
pub(super) struct Outcome {
    pub(super) report: FileReport,
    pub(super) before: String,
    pub(super) path: PathBuf,
    pub(super) fixed: Option<Fixed>,
    fails: bool,
}

/// What the whole run came to.
pub(super) struct Checked {
    /// Whether a finding is at or above the fail level, or `--diff` has something to show.
    pub(super) fails: bool,
    /// What could not be done.
    pub(super) failures: Vec<Failure>,
}

/// Runs the command.
pub(super) fn run(args: &CheckArgs, out: &mut dyn Write, err: &mut dyn Write, colour: bool) -> io::Result<Checked> {
    let overrides = match overrides(args) {
        Ok(overrides) => overrides,
        Err(failure) => return Ok(Checked { fails: false, failures: vec![failure] }),
    };
    if let Some(folder) = args.context.as_deref().filter(|folder| !folder.is_dir()) {
        let message = format!("--context: {} is no folder", folder.display());
        let help = Some("name the folder that `docker build` gets".to_owned());
        return Ok(Checked { fails: false, failures: vec![Failure::Usage { message, help }] });
    }
    let shell = match Shell::new(args.shellcheck.as_deref()) {
        Ok(shell) => shell,
        Err(failure) => return Ok(Checked { fails: false, failures: vec![failure] }),
    };
    let current = std::env::current_dir().unwrap_or_default();
    let (files, failures) = discover(&args.paths);
    let outputs = Outputs::new(&args.output, &current).and_then(|outputs| outputs.spare(&files).map(|()| outputs));
    let outputs = match outputs {
        Ok(outputs) => outputs,
        Err(failure) => return Ok(Checked { fails: false, failures: vec![failure] }),
    };
    let mut failures: Vec<Failure> = failures.into_iter().map(Failure::from).collect();
    let projects = Arc::new(ProjectFinder::new(current.clone(), args.context.as_deref()));
    let configs = (!args.no_config).then(|| Finder::new(current, rules::CATALOGUE));
    let histories = Arc::new(Histories::new(args.history));
    let shared = Shared { configs, projects, histories, overrides, shell };
    let nothing_found = files.is_empty() && failures.is_empty();
    let bar = |pieces: usize, what| (!args.output.quiet).then(|| Progress::new(pieces, what));
    let count = files.len();
    let mut inputs = Vec::with_capacity(count);
    for result in work::each(files, bar(count, "reading files"), |path| load(args, &path, &shared)) {
        match result {
            Ok(input) => inputs.push(input),
            Err(failure) => failures.push(failure),
        }
    }
    prepare(&inputs, bar);
    let progress = bar(inputs.len(), "checking files");
    let mut outcomes = work::each(inputs, progress, |input| check(args, input));
    let mending = Mending { diff: args.diff, quiet: args.output.quiet, show_fixes: args.output.show_fixes };
    let changes = mending.conclude(&mut outcomes, &mut failures, out, err)?;
    if nothing_found && !args.output.quiet {
        writeln!(err, "no Dockerfile found in {}", shown(&args.paths))?;
    }
    let fails = outcomes.iter().any(|o| o.fails) && !args.diff;
    let reports: Vec<FileReport> = outcomes.into_iter().map(|o| o.report).collect();
    // Before standard output, whose reader may go away: the files are for somebody else.
    outputs.write_files(&reports, &mut failures);
    // With `--diff`, standard output is the diff; with `--fix` of standard input, the fixed text.
    let streams_text = args.diff || (args.fix && args.paths.iter().any(|p| p == Path::new("-")));
    if !streams_text {
        outputs.print(&reports, out, colour)?;
    } else if !args.diff {
        outputs.print(&reports, err, false)?;
    }
    out.flush()?;
    shared.shell.conclude(args.output.verbose, &mut failures, err)?;
    if !args.diff && !args.output.quiet {
        writeln!(err, "{}", Summary::of(&reports))?;
    }
    Ok(Checked { fails: !args.no_fail && (fails || (args.diff && changes)), failures })
}

/// A file that is read, and how it is to be checked.
struct Input {
    path: PathBuf,
    /// The path to show.
    shown: String,
    before: String,
    settings: Settings,
    /// The lightest finding that counts.
    level: Severity,
}

fn load(args: &CheckArgs, path: &Path, shared: &Shared) -> Result<Input, Failure> {
    let before = input::read(path)?;
    let stdin = path == Path::new("-");
    let shown = if stdin { args.stdin_filename.as_deref().unwrap_or(Path::new("<stdin>")) } else { path };
    // Standard input without a name is looked at as a file of the current folder.
    let place = if stdin && args.stdin_filename.is_none() { Path::new("Dockerfile") } else { shown };
    let builder = args.builder.as_deref().and_then(Builder::from_name);
    let ForFile { settings, fail_level } = shared.for_file(place, builder).map_err(Failure::Config)?;
    let named = args.fail_level.as_deref().and_then(Severity::from_name);
    let level = named.or(fail_level).unwrap_or(Severity::Info);
    let shown = shown.to_string_lossy().into_owned();
    Ok(Input { path: path.to_owned(), shown, before, settings, level })
}

/// Asks ShellCheck about the scripts of all files at once: a process for each file would cost more than its scripts.
fn prepare(inputs: &[Input], bar: impl Fn(usize, &'static str) -> Option<Progress>) {
    let asked = || inputs.iter().filter(|input| input.settings.shellcheck.is_some());
    if asked().count() < 2 {
        return;
    }
    let scripts: BTreeSet<String> = asked().flat_map(|input| lint::shell_scripts(&input.before)).collect();
    let texts: Vec<&str> = scripts.iter().map(String::as_str).collect();
    if let Some(checker) = asked().find_map(|input| input.settings.shellcheck.as_ref()) {
        work::watched(bar(texts.len(), "reading scripts"), |done| {
            let done = Mutex::new(done);
            checker.ask_and_tell(&texts, |pieces| {
                let _ = done.lock().unwrap_or_else(PoisonError::into_inner).send(pieces);
            });
        });
    }
}

fn check(args: &CheckArgs, input: Input) -> Outcome {
    let Input { path, shown, before, settings, level } = input;
    let (text, findings, fixed) = if args.fix || args.diff {
        let least = if args.unsafe_fixes { Applicability::Unsafe } else { Applicability::Safe };
        let mut fixed = lint::fix(&before, &settings, least);
        (fixed.text.clone(), std::mem::take(&mut fixed.findings), Some(fixed))
    } else {
        let findings = lint::lint(&before, &settings);
        (before.clone(), findings, None)
    };
    let fails = findings.iter().any(|f| f.severity >= level);
    let report = FileReport { path: shown, text, findings };
    Outcome { report, before, path, fixed, fails }
}

fn overrides(args: &CheckArgs) -> Result<Overrides, Failure> {
    Ok(Overrides {
        select: args.select.as_ref().map(|list| codes("--select", list)).transpose()?,
        extend_select: codes("--extend-select", &args.extend_select)?,
        ignore: codes("--ignore", &args.ignore)?,
    })
}

fn codes(option: &'static str, words: &[String]) -> Result<Vec<&'static str>, Failure> {
    let mut codes = Vec::new();
    for word in words {
        let resolved = rules::resolve(word.trim()).map_err(|unknown| {
            let help = unknown.suggestion.map(|s| format!("did you mean `{s}`?"));
            Failure::Rule { option, unknown, help }
        })?;
        codes.extend(resolved);
    }
    Ok(codes)
}

fn shown(paths: &[PathBuf]) -> String {
    paths.iter().map(|p| p.display().to_string()).collect::<Vec<_>>().join(", ")
}
