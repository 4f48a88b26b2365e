//! `layerwise check`: lint files, and fix them.

use super::baseline::{Applied, Baseline, Baselines};
use super::discover::{Discovered, discover};
use super::failure::Failure;
use super::hadolint::HadolintArgs;
use super::input;
use super::interrupt::Interrupt;
use super::mend::Mending;
use super::notes::Notes;
use super::outcome::{Judge, Outcome};
use super::output::{OutputArgs, Outputs};
use super::progress::Progress;
use super::rule_choice::RuleChoice;
use super::settings::Shared;
use super::shell::Shell;
use super::summary::Summary;
use super::work;
use crate::config::{Builder, Config, Finder, Layers};
use crate::context::churn::DEFAULT_LIMIT;
use crate::context::{Histories, ProjectFinder};
use crate::diagnostic::{Applicability, Severity};
use crate::lint::{self, FileReport, Fixed, Settings};
use crate::report::safe;
use crate::rules;
use crate::shellcheck::ShellScript;
use crate::source::is_unsafe;
use clap::builder::PossibleValuesParser;
use clap::{ArgAction, Args};
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
    /// Write comments that switch the findings off, `# layerwise ignore=CODE # REASON`, above their instructions; with
    /// --diff, show them. May be given a reason: `--add-ignores="known, see #12"`.
    #[arg(long, value_name = "REASON", num_args = 0..=1, require_equals = true, default_missing_value = "", value_parser = reason,
          conflicts_with_all = ["fix", "write_baseline"])]
    add_ignores: Option<String>,
    /// Run only these rules: codes, starts of codes, names, or ALL.
    #[arg(long, value_name = "RULES", value_delimiter = ',', action = ArgAction::Append)]
    select: Option<Vec<String>>,
    /// Run these rules besides.
    #[arg(long, value_name = "RULES", value_delimiter = ',', action = ArgAction::Append)]
    extend_select: Vec<String>,
    /// Don't run these rules.
    #[arg(long, value_name = "RULES", value_delimiter = ',', action = ArgAction::Append)]
    ignore: Vec<String>,
    /// Leave out the findings that stand in this file, which `--write-baseline` has written.
    #[arg(long, value_name = "FILE", conflicts_with = "write_baseline")]
    baseline: Option<PathBuf>,
    /// Instead of reporting the findings, write them to this file: `--baseline` then leaves them out.
    #[arg(long, value_name = "FILE", conflicts_with = "diff")]
    write_baseline: Option<PathBuf>,
    /// Read no configuration file.
    #[arg(long)]
    no_config: bool,
    /// Read this configuration for all files, in place of the one found beside or above each; one with hadolint's name
    /// (`.hadolint.yaml`) is read as hadolint does.
    #[arg(long, short, value_name = "FILE", conflicts_with = "no_config")]
    config: Option<PathBuf>,
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
    #[command(flatten)]
    output: OutputArgs,
    /// The path to show for standard input, and to look for the configuration from.
    #[arg(long, value_name = "PATH", alias = "file-path-in-report")]
    stdin_filename: Option<PathBuf>,
    #[command(flatten)]
    pub(super) hadolint: HadolintArgs,
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
    let notes = Notes::default();
    let chosen = RuleChoice::read(args.select.as_ref(), &args.extend_select, &args.ignore, &notes);
    let mut chosen = match chosen {
        Ok(chosen) => chosen,
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
    let current = std::env::current_dir().unwrap_or_default();
    let Discovered { files, failures, links_out, .. } = discover(&args.paths);
    let outputs = Outputs::new(&args.output, &current)
        .and_then(|outputs| outputs.spare(&files, args.write_baseline.as_deref()).map(|()| outputs));
    let outputs = match outputs {
        Ok(outputs) => outputs,
        Err(failure) => return Ok(Checked { fails: false, failures: vec![failure] }),
    };
    let mut failures: Vec<Failure> = failures.into_iter().map(Failure::from).collect();
    let projects = ProjectFinder::new(current.clone(), args.context.as_deref());
    let configs = (!args.no_config).then(|| match &args.config {
        Some(path) => Finder::only(current.clone(), path, rules::CATALOGUE),
        None => Finder::new(current.clone(), rules::CATALOGUE),
    });
    let options = args.hadolint.read();
    let options = (!options.is_empty()).then(|| options.config(rules::CATALOGUE));
    notes.take(options.as_ref());
    for link in links_out {
        let name = link.display().to_string();
        let line = format!("note: {} is a link out of the repository, so it was passed over", safe::line(&name));
        notes.add(format!("{line}; name it to have it checked"));
    }
    let baselines = Baselines::new(&current, args.baseline.as_deref(), args.write_baseline.as_deref());
    let histories = Histories::new(args.history);
    let shared = Shared::new(configs, projects, histories, chosen.overrides.clone(), shell);
    let run = Run { shared, options, notes, baselines };
    let nothing_found = files.is_empty() && failures.is_empty();
    let bar = |pieces: usize, what| (!args.output.quiet).then(|| Progress::new(pieces, what));
    let count = files.len();
    let mut inputs = Vec::with_capacity(count);
    for result in work::each(files, bar(count, "reading files"), |path| load(args, &path, &run)) {
        match result {
            Ok(input) => inputs.push(input),
            Err(failure) => failures.push(failure),
        }
    }
    let unknown = chosen.unknown(inputs.iter().map(|input| &input.settings.selection));
    if !unknown.is_empty() {
        return Ok(Checked { fails: false, failures: unknown });
    }
    if !args.output.quiet {
        run.notes.print(err)?;
    }
    prepare(&inputs, bar);
    let progress = bar(inputs.len(), "checking files");
    let mut outcomes = Vec::with_capacity(inputs.len());
    for result in work::each(inputs, progress, |input| check(args, &current, input)) {
        match result {
            Ok(outcome) => outcomes.push(outcome),
            Err(failure) => failures.push(failure),
        }
    }
    let verbs = if args.add_ignores.is_some() { ("switched off", "would switch off") } else { ("fixed", "would fix") };
    let (diff, quiet, show_fixes) = (args.diff, args.output.quiet, args.output.show_fixes);
    let writes_baseline = args.write_baseline.is_some();
    let mends = !args.diff && outcomes.iter().any(Outcome::changes);
    let interrupt = Interrupt::new(mends || writes_baseline || outputs.writes_files());
    let mending = Mending { current: &current, diff, quiet, show_fixes, interrupt: &interrupt, verbs };
    mending.conclude(&mut outcomes, &mut failures, out, err)?;
    if failures.iter().any(|failure| failure.signal().is_some()) {
        return Ok(Checked { fails: false, failures });
    }
    if nothing_found && !args.output.quiet {
        writeln!(err, "no Dockerfile found in {}", shown(&args.paths))?;
    }
    let fails = outcomes.iter().any(|o| if args.diff { o.counts && o.changes() } else { o.fails && !writes_baseline });
    let known = outcomes.iter().filter_map(|o| o.known.as_ref()).map(Applied::hidden).sum();
    if !args.output.quiet {
        Baselines::conclude(&outcomes, err)?;
    }
    let reports: Vec<FileReport> = outcomes.into_iter().map(|o| o.report).collect();
    // Before standard output, whose reader may go away: the files are for somebody else.
    outputs.write_files(&reports, &mut failures);
    if writes_baseline {
        run.baselines.write(&reports, &mut failures, err)?;
    }
    if let Some(signal) = interrupt.caught_at_end() {
        failures.push(Failure::Stopped { signal, done: "all files were written".to_owned() });
        return Ok(Checked { fails, failures });
    }
    // With `--diff`, standard output is the diff; with `--fix` of standard input, the fixed text.
    let writes = args.fix || args.add_ignores.is_some();
    let streams_text = args.diff || (writes && args.paths.iter().any(|p| p == Path::new("-")));
    match (streams_text, args.diff) {
        // The baseline stands for what would be printed.
        _ if writes_baseline => {}
        (false, _) => outputs.print(&reports, out, colour)?,
        (true, false) => outputs.print(&reports, err, false)?,
        (true, true) => {}
    }
    out.flush()?;
    run.shared.shell.conclude(args.output.verbose, &reports, &mut failures, err)?;
    if !args.diff && !args.output.quiet && !writes_baseline {
        writeln!(err, "{}", Summary::of(&reports, known))?;
    }
    Ok(Checked { fails: !args.no_fail && fails, failures })
}

/// What all files of a run have in common.
struct Run {
    shared: Shared,
    /// What hadolint's options say; it counts more than any configuration file.
    options: Option<Config>,
    notes: Notes,
    baselines: Baselines,
}

/// A file that is read, and how it is to be checked.
struct Input {
    path: PathBuf,
    /// The path to show.
    shown: String,
    before: String,
    settings: Settings,
    /// The lightest finding that counts, if any does.
    level: Option<Severity>,
    baseline: Option<Arc<Baseline>>,
}

fn load(args: &CheckArgs, path: &Path, run: &Run) -> Result<Input, Failure> {
    let before = input::read(path)?;
    let stdin = path == Path::new("-");
    let shown = if stdin { args.stdin_filename.as_deref().unwrap_or(Path::new("<stdin>")) } else { path };
    // Standard input without a name is looked at as a file of the current folder.
    let place = if stdin && args.stdin_filename.is_none() { Path::new("Dockerfile") } else { shown };
    let config = match run.shared.configs.as_ref().map(|f| f.for_file(place)) {
        None => None,
        Some(found) => found.map_err(Failure::Config)?,
    };
    let config = config.as_deref();
    run.notes.take(config);
    let mut layers = run.shared.layers(config, place);
    if let Some(options) = &run.options {
        layers.push(options);
    }
    let builder = args.builder.as_deref().and_then(Builder::from_name);
    let settings = run.shared.settings(&layers, config, place, builder);
    let baseline = run.baselines.of(layers.baseline())?;
    let shown = shown.to_string_lossy().into_owned();
    Ok(Input { path: path.to_owned(), shown, before, settings, level: fail_level(args, &layers), baseline })
}

/// Asks ShellCheck about the scripts of all files at once: a process for each file would cost more than its scripts.
fn prepare(inputs: &[Input], bar: impl Fn(usize, &'static str) -> Option<Progress>) {
    let asked = || inputs.iter().filter(|input| input.settings.shellcheck.is_some());
    if asked().count() < 2 {
        return;
    }
    let scripts: Vec<ShellScript> = asked().flat_map(|input| lint::shell_scripts(&input.before)).collect();
    let texts: Vec<&str> = scripts.iter().map(|script| script.text.text()).collect();
    if let Some(checker) = asked().find_map(|input| input.settings.shellcheck.as_ref()) {
        work::watched(bar(texts.len(), "reading scripts"), |done| {
            checker.ask_and_tell(&texts, |pieces| done.add(pieces));
        });
    }
}

fn check(args: &CheckArgs, current: &Path, input: Input) -> Result<Outcome, Failure> {
    let Input { path, shown, before, settings, level, baseline } = input;
    let judge = Judge { settings, level, baseline, current: current.to_owned() };
    let settings = &judge.settings;
    let mut fixed = None;
    let mut report = FileReport { path: shown, text: before.clone(), findings: Vec::new() };
    if (args.fix || args.diff) && args.add_ignores.is_none() {
        let least = if args.unsafe_fixes { Applicability::Unsafe } else { Applicability::Safe };
        let mut done = lint::fix(&before, settings, least);
        report.text.clone_from(&done.text);
        report.findings = std::mem::take(&mut done.findings);
        fixed = Some(done);
    } else {
        report.findings = lint::lint(&before, settings);
    }
    let mut known = judge.leave_out(&mut report);
    if let Some(reason) = &args.add_ignores {
        if !settings.selection.comments() && !report.findings.is_empty() {
            return Err(Failure::NoComments { path: report.path });
        }
        let reason = Some(reason.as_str()).filter(|reason| !reason.is_empty());
        let text = lint::add_ignores(&before, &report.findings, reason)
            .map_err(|source| Failure::Ignores { path: report.path.clone(), source })?;
        let findings = lint::lint(&text, settings);
        let mut done = Fixed { text: text.clone(), ..Fixed::default() };
        report.findings.iter().for_each(|finding| *done.applied.entry(finding.code).or_default() += 1);
        for finding in &findings {
            done.applied.entry(finding.code).and_modify(|n| *n = n.saturating_sub(1));
        }
        done.applied.retain(|_, n| *n > 0);
        (report.text, report.findings, fixed) = (text, findings, Some(done));
        known = judge.leave_out(&mut report);
    }
    Ok(Outcome::new(path, before, (report, known), fixed, judge))
}

/// Reads what `--add-ignores` is given: what stands behind a `#` on one line.
fn reason(word: &str) -> Result<String, String> {
    match word.chars().find(|&c| c == '\n' || is_unsafe(c)) {
        Some(c) => Err(format!("a comment is one line of plain text, without {c:?}")),
        None => Ok(word.trim().to_owned()),
    }
}

/// What the command line says wins over the configuration, even over its `no-fail`.
fn fail_level(args: &CheckArgs, layers: &Layers<'_>) -> Option<Severity> {
    let configured = || {
        let fails = !layers.no_fail().unwrap_or_default();
        fails.then(|| layers.fail_level().unwrap_or(Severity::Info))
    };
    args.fail_level.as_deref().and_then(Severity::from_name).or_else(configured)
}

fn shown(paths: &[PathBuf]) -> String {
    paths.iter().map(|p| p.display().to_string()).collect::<Vec<_>>().join(", ")
}
