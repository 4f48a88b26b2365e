//! `layerwise ast`: the syntax tree, for people and for programs.

mod buildkit;
mod json;
mod tree;

use super::input::{self, InputError};
use clap::{Args, ValueEnum};
use std::io::{self, Write};
use std::path::PathBuf;

/// Print the syntax tree of Dockerfiles.
#[derive(Args, Debug)]
pub struct AstArgs {
    /// The files to read; `-` is standard input.
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// How to print the tree.
    #[arg(long, value_enum, default_value_t = AstFormat::Tree)]
    format: AstFormat,
}

/// The forms of the tree.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum AstFormat {
    /// An indented tree for people.
    Tree,
    /// A JSON document per file, a line each.
    Json,
    /// A JSON line per file in the shape of BuildKit's parser.
    Buildkit,
}

/// Runs the command; gives the failures, after all files that can be read were printed.
pub(super) fn run(args: &AstArgs, out: &mut dyn Write) -> io::Result<Vec<InputError>> {
    let mut failures = Vec::new();
    for path in &args.files {
        let text = match input::read(path) {
            Ok(text) => text,
            Err(error) => {
                failures.push(error);
                continue;
            }
        };
        let file = crate::syntax::parse(&text);
        let name = path.to_string_lossy();
        match args.format {
            AstFormat::Tree => tree::write(&name, &file, out)?,
            AstFormat::Json => json::write(&name, &file, out)?,
            AstFormat::Buildkit => buildkit::write(&name, &file, out)?,
        }
    }
    Ok(failures)
}
