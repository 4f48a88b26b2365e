//! `layerwise config`: what counts for a file and why, the schema for editors, and the way over from hadolint.

mod migrate;
mod schema;
mod show;
mod test;

use super::check::Checked;
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
    Migrate(migrate::MigrateArgs),
    Show(show::ShowArgs),
    Test(test::TestArgs),
    /// Print the JSON Schema of `.layerwise.yaml`, for editors
    Schema,
}

/// Runs `layerwise config`.
pub(super) fn run(args: &ConfigArgs, out: &mut dyn Write) -> io::Result<Checked> {
    let failures = match &args.command {
        Command::Migrate(args) => migrate::run(args, out),
        Command::Show(args) => show::run(args, out),
        Command::Test(args) => return test::run(args, out),
        Command::Schema => schema::write(out).map(|()| Vec::new()),
    }?;
    Ok(Checked { fails: false, failures })
}
