//! `layerwise cache`: what a rebuild runs.

use super::failure::Failure;
use super::input;
use crate::builder::Builder;
use crate::cache::{Build, Rerun, reruns};
use crate::context::{IgnoreFile, Tree};
use clap::builder::PossibleValuesParser;
use clap::{Args, Subcommand};
use serde::Serialize;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// What a rebuild runs, and why.
#[derive(Args, Debug)]
pub struct CacheArgs {
    #[command(subcommand)]
    command: CacheCommand,
}

#[derive(Subcommand, Debug)]
enum CacheCommand {
    /// Print the steps that a second build runs again, each with its reason.
    Diff(DiffArgs),
}

/// The options of `cache diff`.
#[derive(Args, Debug)]
struct DiffArgs {
    /// The folder that was built first: a build context with its Dockerfile inside.
    #[arg(long, value_name = "DIR")]
    before: PathBuf,
    /// The folder that is built now.
    #[arg(long, value_name = "DIR")]
    after: PathBuf,
    /// The Dockerfile, from the folder on.
    #[arg(long, value_name = "FILE", default_value = "Dockerfile")]
    file: PathBuf,
    /// A build argument of the first build.
    #[arg(long, value_name = "NAME=VALUE", value_parser = argument)]
    build_arg_before: Vec<(String, String)>,
    /// A build argument of the second build.
    #[arg(long, value_name = "NAME=VALUE", value_parser = argument)]
    build_arg: Vec<(String, String)>,
    /// The stage to build; the last one if none is named.
    #[arg(long, value_name = "STAGE")]
    target: Option<String>,
    /// The builder.
    #[arg(long, value_name = "BUILDER", default_value = "buildkit",
          value_parser = PossibleValuesParser::new(["buildkit", "classic", "buildah"]))]
    builder: String,
    /// How the steps are printed.
    #[arg(long, value_name = "FORMAT", default_value = "pretty", value_parser = PossibleValuesParser::new(["pretty", "json"]))]
    format: String,
}

/// `NAME=VALUE`, or `NAME` for a value from the environment, as `docker build` has it.
fn argument(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((name, value)) if !name.is_empty() => Ok((name.to_owned(), value.to_owned())),
        None => std::env::var(text).map(|value| (text.to_owned(), value)).map_err(|_| format!("`{text}` has no value")),
        Some(_) => Err(format!("`{text}` has no name")),
    }
}

/// What `--format json` prints.
#[derive(Serialize)]
struct Document<'d> {
    builder: &'d str,
    reruns: &'d [Rerun],
}

/// Runs the command; gives what could not be done.
pub(super) fn run(args: &CacheArgs, out: &mut dyn Write) -> io::Result<Vec<Failure>> {
    let CacheCommand::Diff(args) = &args.command;
    let builder = Builder::from_name(&args.builder).unwrap_or_default();
    let (before, after) = match (side(&args.before, &args.file, builder), side(&args.after, &args.file, builder)) {
        (Ok(before), Ok(after)) => (before, after),
        (before, after) => return Ok([before.err(), after.err()].into_iter().flatten().collect()),
    };
    let target = args.target.as_deref();
    let old = Build { text: &before.0, tree: &before.1, arguments: &args.build_arg_before, target };
    let new = Build { text: &after.0, tree: &after.1, arguments: &args.build_arg, target };
    let list = reruns(&old, &new, builder);
    if args.format == "json" {
        let document = Document { builder: builder.name(), reruns: &list };
        return writeln!(out, "{}", serde_json::to_string(&document)?).map(|()| Vec::new());
    }
    pretty(&list, out)?;
    Ok(Vec::new())
}

fn pretty(list: &[Rerun], out: &mut dyn Write) -> io::Result<()> {
    for rerun in list {
        let text: String = rerun.instruction.chars().take(60).filter(|c| !crate::source::is_unsafe(*c)).collect();
        let reason: String = rerun.reason.chars().filter(|c| !crate::source::is_unsafe(*c)).collect();
        writeln!(out, "{:>4}  {text}\n      {reason}", rerun.line)?;
    }
    match list.len() {
        0 => writeln!(out, "every step is cached"),
        1 => writeln!(out, "1 step runs again"),
        n => writeln!(out, "{n} steps run again"),
    }
}

/// The Dockerfile and the context below `folder`.
fn side(folder: &Path, file: &Path, builder: Builder) -> Result<(String, Tree), Failure> {
    let text = input::read(&folder.join(file))?;
    let ignore = ignore_file(folder, file, builder)?;
    let unreadable = |source| input::InputError::Io { path: folder.to_owned(), source };
    let tree = Tree::read(folder, &ignore).map_err(unreadable)?;
    Ok((text, tree))
}

/// The ignore file in force: BuildKit prefers the one that is named like the Dockerfile, Buildah its
/// own name.
fn ignore_file(folder: &Path, file: &Path, builder: Builder) -> Result<IgnoreFile, Failure> {
    let mut own = file.as_os_str().to_owned();
    own.push(".dockerignore");
    let names: [PathBuf; 2] = match builder {
        Builder::Buildkit => [own.into(), ".dockerignore".into()],
        Builder::Classic => [".dockerignore".into(), ".dockerignore".into()],
        Builder::Buildah => [".containerignore".into(), ".dockerignore".into()],
    };
    let Some(path) = names.iter().map(|n| folder.join(n)).find(|p| p.is_file()) else {
        return Ok(IgnoreFile::default());
    };
    let text = input::read(&path)?;
    IgnoreFile::parse(&text).map_err(|source| Failure::Ignore { path: path.display().to_string(), source })
}
