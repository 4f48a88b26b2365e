//! `layerwise config migrate`: our configuration from what hadolint is told.

use crate::cli::failure::Failure;
use crate::cli::hadolint::HadolintArgs;
use crate::config::{Hadolint, NAMES};
use crate::diagnostic::Severity;
use crate::rules;
use clap::{ArgAction, Args, Parser};
use std::fs;
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};

/// Where hadolint looks for its file in the current folder.
const THEIRS: [&str; 2] = [".hadolint.yaml", ".hadolint.yml"];

/// Write a `.layerwise.yaml` from hadolint's file, its options and its environment variables
#[derive(Args, Debug)]
pub struct MigrateArgs {
    /// hadolint's file [default: .hadolint.yaml or .hadolint.yml, if there is one].
    #[arg(value_name = "FILE")]
    file: Option<PathBuf>,
    /// The file to write, which must not be there yet; `-` is standard output.
    #[arg(long, short, value_name = "FILE", default_value = NAMES[0])]
    output: PathBuf,
    /// hadolint's command line, behind `--`: `layerwise config migrate -- hadolint -t error --ignore DL3008`.
    #[arg(last = true, value_name = "HADOLINT")]
    command: Vec<String>,
}

/// hadolint's whole command line. The names of Dockerfiles in it say nothing.
#[derive(Parser, Debug)]
#[command(name = "hadolint", no_binary_name = true, disable_help_flag = true)]
struct CommandLine {
    #[command(flatten)]
    shared: HadolintArgs,
    #[arg(long, value_delimiter = ',', action = ArgAction::Append)]
    ignore: Vec<String>,
    #[arg(long)]
    no_fail: bool,
    #[arg(long, short)]
    config: Option<PathBuf>,
    #[arg(long, short)]
    format: Option<String>,
    #[arg(long, short)]
    output: Option<String>,
    #[arg(long)]
    file_path_in_report: Option<String>,
    #[arg(long, short = 'V')]
    verbose: bool,
    dockerfiles: Vec<PathBuf>,
}

pub(super) fn run(args: &MigrateArgs, out: &mut dyn Write) -> io::Result<Vec<Failure>> {
    let (said, origin) = match gather(args) {
        Ok(gathered) => gathered,
        Err(failure) => return Ok(vec![failure]),
    };
    let text = said.yaml(rules::CATALOGUE, &origin);
    if args.output == Path::new("-") {
        out.write_all(text.as_bytes())?;
        return Ok(Vec::new());
    }
    let path = args.output.display().to_string();
    match write(&args.output, &text) {
        Ok(()) => {
            writeln!(out, "{path} written from {origin}")?;
            Ok(Vec::new())
        }
        Err(error) if error.kind() == ErrorKind::AlreadyExists => {
            let help = "name another with `--output`, or print it with `--output -`";
            Ok(vec![usage(format!("{path} is there already, and was left as it is"), help)])
        }
        Err(source) => Ok(vec![Failure::Report { path, source }]),
    }
}

/// Makes the file; never writes over one.
fn write(path: &Path, text: &str) -> io::Result<()> {
    fs::OpenOptions::new().write(true).create_new(true).open(path)?.write_all(text.as_bytes())
}

/// What hadolint is told in all its ways, and where it was found.
fn gather(args: &MigrateArgs) -> Result<(Hadolint, String), Failure> {
    let mut words = args.command.as_slice();
    if let Some(("hadolint", rest)) = words.split_first().map(|(first, rest)| (first.as_str(), rest)) {
        words = rest;
    }
    let line = CommandLine::try_parse_from(words).map_err(|error| {
        let text = error.to_string();
        let first = text.lines().next().unwrap_or_default();
        usage(first.trim_start_matches("error: ").to_owned(), "what stands behind `--` are the options of hadolint")
    })?;
    let mut origins = Vec::new();
    let options = line.read();
    if !options.is_empty() {
        origins.push("its options".to_owned());
    }
    let named = args.file.as_ref().or(line.config.as_ref()).map(PathBuf::as_path);
    let file = named.or_else(|| THEIRS.iter().map(Path::new).find(|path| path.is_file()));
    let from_file = match file {
        Some(path) => {
            let name = path.display().to_string();
            let read = Hadolint::load(path, &name).map_err(|error| Failure::Config(error.into()))?;
            origins.insert(0, name);
            read
        }
        None => Hadolint::default(),
    };
    let variables = environment(|name| std::env::var(name).ok())?;
    if !variables.is_empty() {
        origins.push("the variables HADOLINT_*".to_owned());
    }
    if origins.is_empty() {
        let help =
            "name hadolint's file, or give its options behind `--`: `layerwise config migrate -- --ignore DL3008`";
        return Err(usage(
            "there is nothing to migrate: no .hadolint.yaml, no options, no HADOLINT_ variables".into(),
            help,
        ));
    }
    Ok((options.over(from_file).over(variables), origins.join(", ")))
}

impl CommandLine {
    fn read(&self) -> Hadolint {
        let mut read = self.shared.read();
        read.ignored.clone_from(&self.ignore);
        read.no_fail = self.no_fail.then_some(true);
        let remarks = [
            self.format.as_ref().map(|word| format!("`--format {word}`: a format is chosen with `--format`")),
            self.output
                .as_ref()
                .map(|word| format!("`--output {word}`: a report is written with `--output FORMAT=FILE`")),
            self.file_path_in_report.as_ref().map(|_| "`--file-path-in-report` is `--stdin-filename`".to_owned()),
            self.verbose.then(|| "`--verbose` is an option here, too".to_owned()),
            self.shared.no_color.then(|| "`--no-color` is `--color never`".to_owned()),
        ];
        read.remarks.extend(remarks.into_iter().flatten());
        read
    }
}

/// What the environment variables say that hadolint reads.
fn environment(variable: impl Fn(&str) -> Option<String>) -> Result<Hadolint, Failure> {
    let get = |name: &str| variable(&format!("HADOLINT_{name}")).filter(|value| !value.is_empty());
    let list = |name: &str| -> Vec<String> {
        let value = get(name).unwrap_or_default();
        value.split(',').filter(|word| !word.is_empty()).map(str::to_owned).collect()
    };
    let flag = |name: &str| get(name).filter(|word| is_true(word)).map(|_| true);
    let wrong = |name: &str, word: &str| {
        usage(format!("HADOLINT_{name}: `{word}` means nothing to hadolint"), "mend it, or unset it")
    };
    let mut read = Hadolint {
        ignored: list("IGNORE"),
        registries: list("TRUSTED_REGISTRIES"),
        strict_labels: flag("STRICT_LABELS"),
        no_fail: flag("NOFAIL"),
        no_pragmas: flag("DISABLE_IGNORE_PRAGMA"),
        ..Hadolint::default()
    };
    for level in Severity::ALL.into_iter().rev() {
        let name = format!("OVERRIDE_{}", level.name().to_ascii_uppercase());
        read.severities.extend(list(&name).into_iter().map(|rule| (level, rule)));
    }
    for word in list("REQUIRE_LABELS") {
        read.labels.push(Hadolint::label(&word).ok_or_else(|| wrong("REQUIRE_LABELS", &word))?);
    }
    if let Some(word) = get("FAILURE_THRESHOLD") {
        read.threshold = Some(Hadolint::threshold(&word).ok_or_else(|| wrong("FAILURE_THRESHOLD", &word))?);
    }
    if let Some(word) = get("FORMAT") {
        read.remarks.push(format!("HADOLINT_FORMAT={word}: a format is chosen with `--format`"));
    }
    Ok(read)
}

fn is_true(word: &str) -> bool {
    matches!(word.to_ascii_lowercase().as_str(), "1" | "true" | "yes" | "on" | "y" | "t")
}

fn usage(message: String, help: &str) -> Failure {
    Failure::Usage { message, help: Some(help.to_owned()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(variables: &[(&str, &str)]) -> Option<Hadolint> {
        environment(|name| variables.iter().find(|(n, _)| *n == name).map(|(_, value)| (*value).to_owned())).ok()
    }

    #[test]
    fn the_variables_are_read_as_hadolint_reads_them() {
        let read = of(&[
            ("HADOLINT_IGNORE", "DL3008,SC2086"),
            ("HADOLINT_OVERRIDE_ERROR", "DL3006"),
            ("HADOLINT_OVERRIDE_STYLE", "DL3003"),
            ("HADOLINT_TRUSTED_REGISTRIES", "quay.io,ghcr.io"),
            ("HADOLINT_REQUIRE_LABELS", "team:text,a:b:url"),
            ("HADOLINT_FAILURE_THRESHOLD", "none"),
            ("HADOLINT_NOFAIL", "yes"),
            ("HADOLINT_STRICT_LABELS", "0"),
            ("HADOLINT_CONFIG", "x"),
        ])
        .expect("all of them mean something");
        let severities = vec![(Severity::Error, "DL3006".to_owned()), (Severity::Style, "DL3003".to_owned())];
        assert_eq!((read.ignored.len(), read.registries.len(), read.severities), (2, 2, severities));
        assert_eq!(read.labels[1], ("a:b".to_owned(), "url".to_owned()));
        assert_eq!((read.threshold, read.no_fail, read.strict_labels), (Some(Severity::Style), Some(true), None));
        assert_eq!(of(&[("HADOLINT_IGNORE", "")]), Some(Hadolint::default()), "an empty variable is none");
        assert_eq!(of(&[("HADOLINT_FAILURE_THRESHOLD", "loud")]), None);
        assert_eq!(of(&[("HADOLINT_REQUIRE_LABELS", "team")]), None);
    }
}
