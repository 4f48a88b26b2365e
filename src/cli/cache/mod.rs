//! `layerwise cache`: what a rebuild runs, how often, and what that costs.

mod diff;
mod gate;
mod given;
mod ground;
mod heat;
mod replay;

pub(super) use heat::of_text;

use super::failure::Failure;
use clap::builder::PossibleValuesParser;
use clap::{Args, Subcommand};
use std::io::{self, Write};

/// What a commit rebuilds, what that costs, and the order of steps that costs least.
#[derive(Args, Debug)]
#[command(args_conflicts_with_subcommands = true)]
pub struct CacheArgs {
    #[command(subcommand)]
    command: Option<CacheCommand>,
    #[command(flatten)]
    ground: ground::GroundArgs,
    /// How the report is printed.
    #[arg(long, value_name = "FORMAT", default_value = "pretty", value_parser = PossibleValuesParser::new(["pretty", "json", "html"]))]
    format: String,
}

#[derive(Subcommand, Debug)]
enum CacheCommand {
    /// Print the steps that a second build runs again, each with its reason.
    Diff(diff::DiffArgs),
    /// Go through the commits of the history, and count what each would have rebuilt.
    Replay(replay::ReplayArgs),
}

/// What the command came to.
pub(super) struct Outcome {
    /// Whether a gate (`--fail-if-costlier`) says no.
    pub(super) fails: bool,
    /// What could not be done.
    pub(super) failures: Vec<Failure>,
}

impl From<Vec<Failure>> for Outcome {
    fn from(failures: Vec<Failure>) -> Self {
        Self { fails: false, failures }
    }
}

/// Runs the command.
pub(super) fn run(args: &CacheArgs, out: &mut dyn Write, colour: bool) -> io::Result<Outcome> {
    match &args.command {
        None => heat::run(&args.ground, &args.format, out, colour),
        Some(CacheCommand::Diff(args)) => diff::run(args, out),
        Some(CacheCommand::Replay(args)) => replay::run(args, out),
    }
}

/// `NAME=VALUE`, or `NAME` for a value from the environment, as `docker build` has it.
fn argument(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((name, value)) if !name.is_empty() => Ok((name.to_owned(), value.to_owned())),
        None => std::env::var(text).map(|value| (text.to_owned(), value)).map_err(|_| format!("`{text}` has no value")),
        Some(_) => Err(format!("`{text}` has no name")),
    }
}
