//! `layerwise cache diff`: what a second build runs again.

use super::super::failure::Failure;
use super::super::input;
use super::gate::{Costs, question};
use super::given;
use super::{Outcome, argument};
use crate::builder::Builder;
use crate::cache::{Build, Rerun, reruns};
use crate::context::git::resolve;
use crate::context::{Digests, IgnoreFile, Revision, Tree, Unread, ignore_text, in_force};
use crate::report::{json_text, safe};
use clap::Args;
use clap::builder::PossibleValuesParser;
use serde::Serialize;
use std::io::{self, Write};
use std::path::{Component, Path, PathBuf};

/// The options of `cache diff`.
#[derive(Args, Debug)]
pub(super) struct DiffArgs {
    /// What was built first: a folder (a build context with its Dockerfile inside), or a Git revision.
    #[arg(long, value_name = "DIR|REVISION")]
    before: PathBuf,
    /// What is built now, likewise.
    #[arg(long, value_name = "DIR|REVISION", default_value = ".")]
    after: PathBuf,
    /// The Dockerfile, from the folder on.
    #[arg(long, value_name = "FILE", default_value = given::DEFAULT_FILE)]
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
    /// Exit with 1 if a later commit costs more rebuild time with the second Dockerfile than with the first.
    #[arg(long)]
    fail_if_costlier: bool,
}

/// What no prediction from files can see.
const NOTES: [&str; 3] = [
    "a base image that moved under its tag, or two tags of one image, can't be seen here",
    "a file that keeps both its size and its time is not sent again by BuildKit, but counts as changed here",
    "a command that runs again may write the same as before, but counts as changed for a COPY from its stage",
];

/// What `--format json` prints.
#[derive(Serialize)]
struct Document<'d> {
    builder: &'d str,
    reruns: &'d [Rerun],
    /// The expected seconds per commit, if they were asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    per_commit: Option<Costs>,
    notes: &'static [&'static str],
}

/// Runs the command; gives what could not be done.
pub(super) fn run(args: &DiffArgs, out: &mut dyn Write) -> io::Result<Outcome> {
    let builder = Builder::from_name(&args.builder).unwrap_or_default();
    // A revision is one of the repository around the other side's folder, or around this one.
    let folders = [&args.after, &args.before].into_iter().find(|p| p.is_dir());
    let folder = folders.map_or(Path::new("."), PathBuf::as_path);
    let twofold = [&args.before, &args.after].into_iter().filter(|place| is_twofold(place, folder));
    let twofold: Vec<Failure> = twofold.map(|place| Failure::Twofold { name: place.display().to_string() }).collect();
    if !twofold.is_empty() {
        return Ok(twofold.into());
    }
    let is_disk = args.before.is_dir() || args.after.is_dir();
    let digests = if is_disk { Digests::OfContents } else { Digests::OfIds };
    let read = |place: &Path| side(place, folder, &args.file, builder, digests);
    let (before, after) = match (read(&args.before), read(&args.after)) {
        (Ok(before), Ok(after)) => alike(before, after),
        (before, after) => return Ok([before.err(), after.err()].into_iter().flatten().collect::<Vec<_>>().into()),
    };
    let target = args.target.as_deref();
    let sides = [(&before, &args.before), (&after, &args.after)];
    let missing = sides.map(|(side, place)| given::has_target(&side.text, place, target).err());
    let missing: Vec<Failure> = missing.into_iter().flatten().collect();
    if !missing.is_empty() {
        return Ok(missing.into());
    }
    let old = Build { text: &before.text, tree: &before.tree, arguments: &args.build_arg_before, target };
    let new = Build { text: &after.text, tree: &after.tree, arguments: &args.build_arg, target };
    let list = reruns(&old, &new, builder);
    let costs = args.fail_if_costlier.then(|| {
        let ask = question(builder, target);
        Costs::new(folder, (&before.text, &before.ignore), (&after.text, &after.ignore), &ask)
    });
    if args.format == "json" {
        let document = Document { builder: builder.name(), reruns: &list, per_commit: costs, notes: &NOTES };
        json_text::write(&document, out)?;
        writeln!(out)?;
    } else {
        pretty(&list, costs.as_ref(), out)?;
    }
    Ok(Outcome { fails: costs.is_some_and(|c| c.is_costlier()), failures: Vec::new() })
}

fn pretty(list: &[Rerun], costs: Option<&Costs>, out: &mut dyn Write) -> io::Result<()> {
    for rerun in list {
        let text: String = safe::line(&rerun.instruction).chars().take(60).collect();
        writeln!(out, "{:>4}  {text}\n      {}", rerun.line, safe::line(&rerun.reason))?;
    }
    match list.len() {
        0 => writeln!(out, "every step is cached"),
        1 => writeln!(out, "1 step runs again"),
        n => writeln!(out, "{n} steps run again"),
    }?;
    let Some(costs) = costs else { return Ok(()) };
    let verdict = if costs.is_costlier() { "costlier" } else { "no costlier" };
    let basis = match costs.commits {
        0 => "churn assumed by kind of file".to_owned(),
        n => format!("churn of the last {n} commits"),
    };
    writeln!(out, "per commit: {:.1} s -> {:.1} s, {verdict} ({basis}, seconds estimated)", costs.before, costs.after)
}

/// Whether `place` names both a folder and a revision. A pull request may add a folder named like a branch, so that
/// neither meaning can be preferred.
fn is_twofold(place: &Path, folder: &Path) -> bool {
    let is_bare = matches!(place.components().next(), Some(Component::Normal(_)));
    let name = place.to_string_lossy();
    is_bare && place.is_dir() && [Path::new("."), folder].iter().any(|folder| resolve(folder, &name).is_ok())
}

/// One of the two builds: a Dockerfile and its context.
struct Side {
    text: String,
    tree: Tree,
    ignore: IgnoreFile,
    from_git: bool,
}

/// The Dockerfile and the context of `place`: a folder, or else a revision of the repository around
/// `folder`.
fn side(place: &Path, folder: &Path, file: &Path, builder: Builder, digests: Digests) -> Result<Side, Failure> {
    if place.is_dir() {
        given::inside(place, file)?;
        let text = input::read(&place.join(file))?;
        let read = |name: &Path| {
            let path = place.join(name);
            path.is_file().then(|| ignore_text(&path).ok_or_else(|| ignore_unread(name)))
        };
        let ignore = ignore_file(file, builder, &read)?;
        let unreadable = |source| input::InputError::Io { path: place.to_owned(), source };
        let tree = Tree::read(place, &ignore).map_err(unreadable)?;
        return Ok(Side { text, tree, ignore, from_git: false });
    }
    let name = place.to_string_lossy().into_owned();
    let unknown = |source| Failure::Revision { revision: name.clone(), source };
    let revision = Revision::open(folder, &name).map_err(unknown)?;
    let failure = |source| Failure::RevisionFiles { revision: name.clone(), source };
    let text = |file: &Path, bytes| input::text(&folder.join(file), bytes).map_err(Failure::from);
    let unread = |file: &Path, why| match why {
        Unread::LeadsOut => Failure::LeadsOut { revision: name.clone(), file: file.display().to_string() },
        Unread::Git(source) => failure(source),
    };
    let Some(bytes) = revision.read(file).map_err(|why| unread(file, why))? else {
        return Err(Failure::Missing { revision: name, file: file.display().to_string() });
    };
    let read = |path: &Path| match revision.read_ignore_file(path) {
        Ok(bytes) => bytes.map(|bytes| text(path, bytes)),
        Err(Unread::LeadsOut) => Some(Err(ignore_unread(path))),
        Err(Unread::Git(source)) => Some(Err(failure(source))),
    };
    let ignore = ignore_file(file, builder, &read)?;
    let tree = revision.tree(&ignore, digests).map_err(failure)?;
    Ok(Side { text: text(file, bytes)?, tree, ignore, from_git: true })
}

fn ignore_unread(path: &Path) -> Failure {
    Failure::IgnoreUnread { path: path.display().to_string() }
}

/// Git keeps less of files and folders than a disk does: where one side is a revision, both are cut down to that.
fn alike(before: Side, after: Side) -> (Side, Side) {
    if before.from_git == after.from_git {
        return (before, after);
    }
    let cut = |side: Side| Side { tree: side.tree.as_git_keeps_it(), ..side };
    (cut(before), cut(after))
}

/// Reads a file of a context; `None` if it is not there.
type ReadFile<'r> = &'r dyn Fn(&Path) -> Option<Result<String, Failure>>;

/// The ignore file in force.
fn ignore_file(file: &Path, builder: Builder, read: ReadFile<'_>) -> Result<IgnoreFile, Failure> {
    let Some((path, text)) = in_force(file, Path::new(""), builder, read) else {
        return Ok(IgnoreFile::default());
    };
    let failure = |source| Failure::Ignore { path: path.display().to_string(), source };
    Ok(IgnoreFile::parse(&text?).map_err(failure)?.for_builder(builder))
}
