//! `layerwise check`: lint files, and fix them.

use super::discover::discover;
use super::failure::Failure;
use super::input;
use super::shell::Shell;
use super::summary::Summary;
use crate::config::{Builder, Config, Finder};
use crate::context::churn::DEFAULT_LIMIT;
use crate::context::{Chosen, Histories, LazyProject, ProjectFinder};
use crate::diagnostic::{Applicability, Severity};
use crate::fix::{addition, write};
use crate::lint::{self, FileReport, Fixed, Settings};
use crate::report::{self, Format};
use crate::rules::{self, Overrides, Selection};
use crate::shellcheck::ShellScript;
use clap::builder::PossibleValuesParser;
use clap::{ArgAction, Args};
use rayon::prelude::*;
use std::collections::BTreeMap;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

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
    /// Send all scripts to shellcheck, even those that an earlier run has its answer to, and keep no answers.
    #[arg(long)]
    no_cache: bool,
    /// Say what was left out, and why.
    #[arg(long, short)]
    verbose: bool,
    /// How findings are printed.
    #[arg(long, value_name = "FORMAT", default_value = "pretty",
          value_parser = PossibleValuesParser::new(["pretty", "short", "json"]))]
    format: String,
    /// The path to show for standard input, and to look for the configuration from.
    #[arg(long, value_name = "PATH")]
    stdin_filename: Option<PathBuf>,
}

/// What came of one file.
struct Outcome {
    report: FileReport,
    before: String,
    path: PathBuf,
    fixed: Option<Fixed>,
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
    let shell = match Shell::new(args.shellcheck.as_deref(), args.no_cache) {
        Ok(shell) => shell,
        Err(failure) => return Ok(Checked { fails: false, failures: vec![failure] }),
    };
    let (files, failures) = discover(&args.paths);
    let mut failures: Vec<Failure> = failures.into_iter().map(Failure::from).collect();
    let current = std::env::current_dir().unwrap_or_default();
    let projects = Arc::new(ProjectFinder::new(current.clone(), args.context.as_deref()));
    let configs = (!args.no_config).then(|| Finder::new(current, rules::CATALOGUE));
    let histories = Arc::new(Histories::new(args.history));
    let shared = Shared { configs, projects, histories, overrides, shell };
    // Starting threads costs more than a few files do.
    let threads = files.len() >= 8;
    let load = |path: &PathBuf| load(args, path, &shared);
    let results: Vec<_> = if threads { files.par_iter().map(load).collect() } else { files.iter().map(load).collect() };
    let mut inputs = Vec::with_capacity(results.len());
    for result in results {
        match result {
            Ok(input) => inputs.push(input),
            Err(failure) => failures.push(failure),
        }
    }
    prepare(&inputs);
    let check = |input: Input| check(args, input);
    let mut outcomes: Vec<Outcome> =
        if threads { inputs.into_par_iter().map(check).collect() } else { inputs.into_iter().map(check).collect() };
    let changes = conclude(args, &mut outcomes, &mut failures, out, err)?;
    if files.is_empty() && failures.is_empty() {
        writeln!(err, "no Dockerfile found in {}", shown(&args.paths))?;
    }
    let fails = outcomes.iter().any(|o| o.fails) && !args.diff;
    let reports: Vec<FileReport> = outcomes.into_iter().map(|o| o.report).collect();
    // With `--diff`, standard output is the diff; with `--fix` of standard input, the fixed text.
    let streams_text = args.diff || (args.fix && args.paths.iter().any(|p| p == Path::new("-")));
    let format = Format::from_name(&args.format).unwrap_or_default();
    if !streams_text {
        report::write(format, &reports, out, colour)?;
    } else if !args.diff {
        report::write(format, &reports, err, false)?;
    }
    out.flush()?;
    shared.shell.conclude(args.verbose, &reports, &mut failures, err)?;
    if !args.diff {
        writeln!(err, "{}", Summary::of(&reports))?;
    }
    Ok(Checked { fails: !args.no_fail && (fails || (args.diff && changes)), failures })
}

/// Adds lines to the files beside the Dockerfiles, or shows them. Several Dockerfiles may share one.
fn add(
    args: &CheckArgs,
    outcomes: &[Outcome],
    failures: &mut Vec<Failure>,
    out: &mut dyn Write,
    err: &mut dyn Write,
) -> io::Result<bool> {
    let mut files: BTreeMap<&Path, Vec<String>> = BTreeMap::new();
    for (path, lines) in outcomes.iter().filter_map(|o| o.fixed.as_ref()).flat_map(|f| &f.additions) {
        let known = files.entry(path).or_default();
        let new: Vec<String> = lines.iter().filter(|line| !known.contains(line)).cloned().collect();
        known.extend(new);
    }
    for (path, lines) in &files {
        let name = path.display().to_string();
        if args.diff {
            if let Ok((before, after)) = addition::preview(path, lines) {
                let diff = similar::TextDiff::from_lines(&before, &after);
                write!(out, "{}", diff.unified_diff().header(&format!("a/{name}"), &format!("b/{name}")))?;
            }
            continue;
        }
        match addition::add(path, lines) {
            Ok(()) => writeln!(err, "{name}: added {}", lines.join(", "))?,
            Err(source) => failures.push(Failure::Write { path: name, source }),
        }
    }
    Ok(!files.is_empty())
}

/// Writes what was fixed, or shows it. Gives whether any file changes.
fn conclude(
    args: &CheckArgs,
    outcomes: &mut [Outcome],
    failures: &mut Vec<Failure>,
    out: &mut dyn Write,
    err: &mut dyn Write,
) -> io::Result<bool> {
    let mut changes = add(args, outcomes, failures, out, err)?;
    for outcome in outcomes {
        let Some(fixed) = &outcome.fixed else { continue };
        let changed = fixed.text != outcome.before;
        changes |= changed;
        let name = &outcome.report.path;
        if args.diff {
            if changed {
                let diff = similar::TextDiff::from_lines(&outcome.before, &fixed.text);
                write!(out, "{}", diff.unified_diff().header(&format!("a/{name}"), &format!("b/{name}")))?;
            }
            continue;
        }
        if outcome.path == Path::new("-") {
            out.write_all(fixed.text.as_bytes())?;
        } else if changed
            && let Err(source) = write::write(&outcome.path, outcome.before.as_bytes(), fixed.text.as_bytes())
        {
            failures.push(Failure::Write { path: name.clone(), source });
            continue;
        }
        if changed {
            let list: Vec<String> = fixed
                .applied
                .iter()
                .map(|(code, &n)| if n == 1 { (*code).to_owned() } else { format!("{code} x{n}") })
                .collect();
            writeln!(err, "{name}: fixed {}", list.join(", "))?;
        }
        if !fixed.oscillating.is_empty() {
            let rules = fixed.oscillating.join(" and ");
            writeln!(err, "{name}: the fixes of {rules} undo each other; stopped before doing it again")?;
        }
    }
    Ok(changes)
}

/// What all files of a run have in common.
struct Shared<'s> {
    configs: Option<Finder<'s>>,
    projects: Arc<ProjectFinder>,
    histories: Arc<Histories>,
    overrides: Overrides,
    shell: Shell,
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

fn load(args: &CheckArgs, path: &Path, shared: &Shared<'_>) -> Result<Input, Failure> {
    let before = input::read(path)?;
    let stdin = path == Path::new("-");
    let shown = if stdin { args.stdin_filename.as_deref().unwrap_or(Path::new("<stdin>")) } else { path };
    // Standard input without a name is looked at as a file of the current folder.
    let place = if stdin && args.stdin_filename.is_none() { Path::new("Dockerfile") } else { shown };
    let config = match shared.configs.as_ref().map(|f| f.for_file(place)) {
        None => None,
        Some(found) => found.map_err(Failure::Config)?,
    };
    let config = config.as_deref();
    let builder = builder(args, config);
    let project = LazyProject::new(
        shared.projects.clone(),
        shared.projects.request(place, builder, |dockerfile| {
            let config = config?;
            let folder = config.context_of(dockerfile)?.to_owned();
            Some(Chosen { folder, config: config.path.clone()? })
        }),
    );
    let selection = Selection::new(config, &shared.overrides);
    let shellcheck = if selection.shell().any() { shared.shell.checker(config) } else { None };
    let settings = Settings {
        selection,
        builder,
        project: Some(Arc::new(project)),
        histories: Some(Arc::clone(&shared.histories)),
        shellcheck,
    };
    let shown = shown.to_string_lossy().into_owned();
    Ok(Input { path: path.to_owned(), shown, before, settings, level: fail_level(args, config) })
}

/// Asks ShellCheck about the scripts of all files at once: a process for each file would cost more than its scripts.
fn prepare(inputs: &[Input]) {
    let asked = || inputs.iter().filter(|input| input.settings.shellcheck.is_some());
    if asked().count() < 2 {
        return;
    }
    let scripts: Vec<ShellScript> = asked().flat_map(|input| lint::shell_scripts(&input.before)).collect();
    let texts: Vec<&str> = scripts.iter().map(|script| script.text.text()).collect();
    if let Some(checker) = asked().find_map(|input| input.settings.shellcheck.as_ref()) {
        checker.ask(&texts);
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

fn builder(args: &CheckArgs, config: Option<&Config>) -> Builder {
    let named = args.builder.as_deref().and_then(Builder::from_name);
    named.or_else(|| config.and_then(|c| c.builder)).unwrap_or_default()
}

fn fail_level(args: &CheckArgs, config: Option<&Config>) -> Severity {
    let named = args.fail_level.as_deref().and_then(Severity::from_name);
    named.or_else(|| config.and_then(|c| c.fail_level)).unwrap_or(Severity::Info)
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
