//! Where findings go, and in which form: standard output, and files besides.

pub(super) mod file;
mod target;

use super::failure::Failure;
use crate::config::root_of;
use crate::lint::FileReport;
use crate::report::{self, Format, Root, Run};
use clap::Args;
use clap::builder::{PossibleValue, PossibleValuesParser};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use target::{Target, is_same};

/// The options about output.
#[derive(Args, Debug)]
pub(super) struct OutputArgs {
    /// How findings are printed.
    #[arg(long, short, value_name = "FORMAT", default_value = "pretty",
          value_parser = PossibleValuesParser::new(Format::ALL.map(|f| PossibleValue::new(f.name()).aliases(f.alias()))))]
    format: String,
    /// Write the findings to this file as well, in the format in front of `=`, or in the one of its extension
    /// (.sarif, .json, .jsonl, .rdjson, .txt): `--output report.sarif`, `--output junit=report.xml`. May be
    /// given several times.
    #[arg(long, short, value_name = "[FORMAT=]FILE", conflicts_with = "diff")]
    output: Vec<String>,
    /// Instead of the findings, print how many each rule has, and how many of them can be mended.
    #[arg(long, conflicts_with = "diff")]
    statistics: bool,
    /// Print nothing but findings and what went wrong: no summary, no progress.
    #[arg(long, short, conflicts_with = "verbose")]
    pub(super) quiet: bool,
    /// Say what was left out, and why.
    #[arg(long, short)]
    pub(super) verbose: bool,
    /// With --fix: list what was done in each file.
    #[arg(long)]
    pub(super) show_fixes: bool,
}

/// What is to be written where.
#[derive(Debug)]
pub(super) struct Outputs {
    format: Format,
    statistics: bool,
    targets: Vec<Target>,
    root: Root,
}

impl Outputs {
    /// Reads the options, for a run in the folder `current`.
    pub(super) fn new(args: &OutputArgs, current: &Path) -> Result<Self, Failure> {
        let format = Format::from_name(&args.format).unwrap_or_default();
        if args.statistics && !report::is_counted(format) {
            let message = format!("--statistics counts nothing in the format {}", format.name());
            let help = Some("take pretty, short, json or jsonl; `--output` writes the findings besides".to_owned());
            return Err(Failure::Usage { message, help });
        }
        let targets = target::read(&args.output)?;
        let root = Root::new(root_of(current).to_owned(), current.to_owned());
        Ok(Self { format, statistics: args.statistics, targets, root })
    }

    /// Refuses to write a report or the `baseline` over one of the `files` that it is about, or over one another.
    pub(super) fn spare(&self, files: &[PathBuf], baseline: Option<&Path>) -> Result<(), Failure> {
        let refuse =
            |message: String| Err(Failure::Usage { message, help: Some("name another file to write".to_owned()) });
        let reports = self.targets.iter().map(|target| ("--output", target.path.as_path()));
        for (option, path) in reports.chain(baseline.map(|path| ("--write-baseline", path))) {
            if files.iter().any(|file| is_same(file, path)) {
                return refuse(format!("{option}: {} is a file that is checked", path.display()));
            }
        }
        if baseline == Some(Path::new("-")) {
            return refuse("--write-baseline: a baseline is a file, and no text for standard output".to_owned());
        }
        match baseline.filter(|path| self.targets.iter().any(|target| is_same(&target.path, path))) {
            Some(path) => refuse(format!("--write-baseline: {} is named by --output as well", path.display())),
            None => Ok(()),
        }
    }

    /// Whether there are files to write.
    pub(super) fn writes_files(&self) -> bool {
        !self.targets.is_empty()
    }

    /// Writes the files. One that can't be written does not keep the others from being written.
    pub(super) fn write_files(&self, reports: &[FileReport], failures: &mut Vec<Failure>) {
        let run = Run { files: reports, root: &self.root };
        for Target { format, path } in &self.targets {
            if let Err(source) = file::write(path, |out| report::write(*format, &run, out, false)) {
                failures.push(Failure::Report { path: path.display().to_string(), source });
            }
        }
    }

    /// Prints the findings, or how many there are of each rule.
    pub(super) fn print(&self, reports: &[FileReport], out: &mut dyn Write, colour: bool) -> io::Result<()> {
        let run = Run { files: reports, root: &self.root };
        if self.statistics {
            return report::write_statistics(self.format, &run, out);
        }
        report::write(self.format, &run, out, colour)
    }
}
