//! The command line: what can be typed, and which exit code follows.

mod ast;
mod input;

use clap::{Parser, Subcommand};
use std::io::{self, Write};
use std::process::ExitCode;

/// A Dockerfile linter that knows what a rebuild will run.
#[derive(Parser, Debug)]
#[command(name = "layerwise", version)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand, Debug)]
enum Command {
    Ast(ast::AstArgs),
}

/// Runs the program with the arguments of the process.
pub fn main() -> ExitCode {
    let cli = Cli::parse();
    let mut out = io::BufWriter::new(io::stdout().lock());
    match cli.command {
        Command::Ast(args) => {
            let failures = ast::run(&args, &mut out);
            let _ = out.flush();
            match failures {
                Ok(list) if list.is_empty() => ExitCode::SUCCESS,
                Ok(list) => {
                    list.into_iter().for_each(|e| eprintln!("{:?}", miette::Report::new(e)));
                    ExitCode::from(2)
                }
                Err(_) => ExitCode::from(2),
            }
        }
    }
}
