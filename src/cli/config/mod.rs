//! `layerwise config`: what counts for a file and why, and the schema for editors.

mod schema;
mod show;

use super::failure::Failure;
use clap::{Args, Subcommand};
use std::io::{self, Write};

/// Show what is configured for a file, or what can be
#[derive(Args, Debug)]
#[command(subcommand_required = true)]
pub struct ConfigArgs {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand, Debug)]
enum Command {
    Show(show::ShowArgs),
    /// Print the JSON Schema of `.layerwise.yaml`, for editors
    Schema,
}

/// Runs `layerwise config`.
pub(super) fn run(args: &ConfigArgs, out: &mut dyn Write) -> io::Result<Vec<Failure>> {
    match &args.command {
        Command::Show(args) => show::run(args, out),
        Command::Schema => schema::write(out).map(|()| Vec::new()),
    }
}
