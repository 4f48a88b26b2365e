//! The command line: what can be typed, and which exit code follows.

mod ast;
mod baseline;
mod cache;
mod cache_folder;
mod check;
mod config;
mod discover;
mod failure;
mod hadolint;
mod ignore_files;
mod input;
mod interrupt;
mod lsp;
mod mend;
mod notes;
mod outcome;
mod output;
mod patch;
mod progress;
mod rule_choice;
mod rules;
mod settings;
mod setup;
mod shell;
mod summary;
mod work;

use crate::report::color::ColorChoice;
use clap::builder::PossibleValuesParser;
use clap::{Parser, Subcommand};
use failure::Failure;
use std::io::{self, Write};
use std::process::ExitCode;

const EXAMPLES: &str = "  layerwise                          check the Dockerfiles below this folder
  layerwise Dockerfile --fix         mend what can be mended without changing the image
  layerwise . --diff                 show what --fix would do
  layerwise check - < Dockerfile     check standard input
  layerwise . --output lint.sarif    write a report for code scanning, too
  layerwise explain LW104            tell all about a rule
  layerwise setup vim                print a file that teaches Vim to read layerwise
  layerwise cache diff --before old --after new
                                     what a build of the folder new runs after one of old";
const EXIT_CODES: &str = "0 clean, 1 findings at or above the fail level, 2 layerwise could not do its work.";

/// A Dockerfile linter that knows what a rebuild will run, and reorders the file without changing
/// the image.
#[derive(Parser, Debug)]
#[command(name = "layerwise", version, args_conflicts_with_subcommands = true, after_help = after_help())]
struct Cli {
    #[command(subcommand)]
    command: Option<Command>,
    #[command(flatten)]
    check: check::CheckArgs,
    /// When to print in colour.
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto",
          value_parser = PossibleValuesParser::new(["auto", "always", "never"]))]
    color: String,
}

#[derive(Subcommand, Debug)]
enum Command {
    Check(check::CheckArgs),
    Ast(ast::AstArgs),
    Cache(cache::CacheArgs),
    Config(config::ConfigArgs),
    Rules(rules::RulesArgs),
    Explain(rules::ExplainArgs),
    Lsp(lsp::LspArgs),
    Setup(setup::SetupArgs),
}

fn after_help() -> String {
    format!("Examples:\n{EXAMPLES}\n\nExit codes: {EXIT_CODES}")
}

/// Runs the program with the arguments of the process.
pub fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => return usage(&error),
    };
    let mut colour = ColorChoice::from_name(&cli.color).unwrap_or_default();
    if let Some(Command::Lsp(args)) = &cli.command {
        // It talks on threads of its own, which would wait for ever for what is locked here.
        return lsp::run(args);
    }
    let check = match &cli.command {
        Some(Command::Check(args)) => args,
        _ => &cli.check,
    };
    if check.hadolint.no_color {
        colour = ColorChoice::Never;
    }
    let mut out = io::BufWriter::new(Told(io::stdout().lock()));
    let mut err = io::BufWriter::new(Told(io::stderr().lock()));
    let result = match cli.command {
        Some(Command::Ast(args)) => {
            ast::run(&args, &mut out).map(|list| failed(list.into_iter().map(Failure::from).collect()))
        }
        Some(Command::Cache(args)) => {
            let colour = colour.resolve(&io::stdout());
            cache::run(&args, &mut out, colour).map(|o| check::Checked { fails: o.fails, failures: o.failures })
        }
        Some(Command::Config(args)) => config::run(&args, &mut out),
        Some(Command::Rules(args)) => rules::run(&args, &mut out, colour.resolve(&io::stdout())).map(failed),
        Some(Command::Explain(args)) => rules::explain(&args, &mut out, colour.resolve(&io::stdout())).map(failed),
        Some(Command::Lsp(_)) => unreachable!("it runs before the output is locked"),
        Some(Command::Setup(args)) => setup::run(&args, &mut out).map(failed),
        Some(Command::Check(args)) => check::run(&args, &mut out, &mut err, colour.resolve(&io::stdout())),
        None => check::run(&cli.check, &mut out, &mut err, colour.resolve(&io::stdout())),
    };
    let result = result.and_then(|checked| out.flush().map(|()| checked));
    let (fails, failures) = match result {
        Ok(checked) => (checked.fails, checked.failures),
        Err(error) => (false, vec![Failure::Output(error)]),
    };
    failure::print(&failures, &mut err, colour.resolve(&io::stderr()));
    let _ = err.flush();
    if let Some(signal) = failures.iter().find_map(Failure::signal) {
        interrupt::end_by(signal);
    }
    match (failures.is_empty(), fails) {
        (false, _) => ExitCode::from(2),
        (true, true) => ExitCode::from(1),
        (true, false) => ExitCode::SUCCESS,
    }
}

/// Standard output and error. That nobody reads them any more (`layerwise --fix | head`) is no reason to leave the work
/// undone, nor to hide by the exit code what was found.
struct Told<W>(W);

impl<W: Write> Write for Told<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self.0.write(bytes) {
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(bytes.len()),
            result => result,
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self.0.flush() {
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
            result => result,
        }
    }
}

/// A command that finds nothing in files: it works or it fails.
fn failed(failures: Vec<Failure>) -> check::Checked {
    check::Checked { fails: false, failures }
}

/// Help and version are no failures; everything else that clap refuses is one of ours.
fn usage(error: &clap::Error) -> ExitCode {
    if !error.use_stderr() {
        return match error.print().and_then(|()| io::stdout().flush()) {
            Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
                let colour = ColorChoice::Auto.resolve(&io::stderr());
                failure::print(&[Failure::Output(error)], &mut io::stderr().lock(), colour);
                ExitCode::from(2)
            }
            _ => ExitCode::SUCCESS,
        };
    }
    let text = error.render().to_string();
    let (first, rest) = text.split_once('\n').unwrap_or((&text, ""));
    let message = first.strip_prefix("error: ").unwrap_or(first).to_owned();
    let help = Some(rest.trim().to_owned()).filter(|h| !h.is_empty());
    let colour = ColorChoice::Auto.resolve(&io::stderr());
    failure::print(&[Failure::Usage { message, help }], &mut io::stderr().lock(), colour);
    ExitCode::from(2)
}
