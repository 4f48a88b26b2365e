//! The tool's own failures: reports on standard error, and exit code 2.

use super::baseline::BaselineError;
use super::input::InputError;
use super::interrupt::{self, Signal};
use crate::config::ConfigError;
use crate::context::git::GitError;
use crate::context::timings::TimingsError;
use crate::context::{IgnoreError, ProjectError};
use crate::fix::validate::Unproven;
use crate::fix::write::WriteError;
use crate::report::safe;
use crate::rules::UnknownRule;
use crate::shellcheck::Trouble;
use miette::{Diagnostic, GraphicalReportHandler, GraphicalTheme, LabeledSpan, SourceCode};
use std::error::Error;
use std::fmt;
use std::io::Write;
use std::sync::Arc;

/// Why the tool could not do its work.
#[derive(Debug, thiserror::Error, Diagnostic)]
pub(super) enum Failure {
    #[error(transparent)]
    #[diagnostic(transparent)]
    Input(#[from] InputError),
    #[error(transparent)]
    #[diagnostic(transparent)]
    Config(Arc<ConfigError>),
    #[error(transparent)]
    #[diagnostic(transparent)]
    Baseline(Arc<BaselineError>),
    #[error("{path} was not given comments, as they would change more than comments")]
    #[diagnostic(code(layerwise::not_written), help("the file is as it was"))]
    Ignores { path: String, source: Unproven },
    #[error("{path} was not given comments, as comments don't count there")]
    #[diagnostic(
        code(layerwise::not_written),
        help("`ignore-comments: false` or `--disable-ignore-pragma` says so; write the rules into `ignore` instead")
    )]
    NoComments { path: String },
    #[error("{path} was not written")]
    #[diagnostic(code(layerwise::not_written), help("the file is as it was"))]
    Write { path: String, source: WriteError },
    #[error("{path} can't be used")]
    #[diagnostic(code(layerwise::ignore_file), help("mend the pattern; Docker refuses the file too"))]
    Ignore { path: String, source: IgnoreError },
    #[error("{path} can't be used: it is a link that leads out of its folder, or no text of at most 1 MiB")]
    #[diagnostic(code(layerwise::ignore_file), help("put a text file in its place"))]
    IgnoreUnread { path: String },
    #[error("`{revision}` is no folder, and can't be read as a Git revision")]
    #[diagnostic(code(layerwise::revision))]
    Revision { revision: String, source: GitError },
    #[error("the files of the revision `{revision}` can't be read")]
    #[diagnostic(
        code(layerwise::revision),
        help("compare two revisions, as with `--after HEAD`: then what files hold need not be read")
    )]
    RevisionFiles { revision: String, source: GitError },
    #[error("`{name}` is both a folder and a Git revision")]
    #[diagnostic(code(layerwise::revision), help("write `./{name}` for the folder, `{name}~0` for the revision"))]
    Twofold { name: String },
    #[error("the revision `{revision}` has no {file}")]
    #[diagnostic(code(layerwise::revision), help("`--file` names the Dockerfile, from the folder on"))]
    Missing { revision: String, file: String },
    #[error("{path} is a link out of the repository, so it was not read")]
    #[diagnostic(code(layerwise::link), help("name it, as `./Dockerfile`, to have it read all the same"))]
    LinkOut { path: String },
    #[error("there is no stage `{target}` in {place}")]
    #[diagnostic(code(layerwise::target), help("`--target` takes the name of a stage, or its number from 0 on"))]
    Target { target: String, place: String },
    #[error("{file} is a link that leads out of the revision `{revision}`")]
    #[diagnostic(code(layerwise::revision), help("`--file` names the Dockerfile, from the folder on"))]
    LeadsOut { revision: String, file: String },
    #[error("{path} can't be read as a build log")]
    #[diagnostic(code(layerwise::timings), help("record one with `docker build --progress=plain . 2> build.log`"))]
    Timings { path: String, source: TimingsError },
    #[error("there is no history to replay: {why}")]
    #[diagnostic(code(layerwise::no_history))]
    NoHistory { why: String },
    #[error("the build context can't be used")]
    #[diagnostic(code(layerwise::context), help("`--context` names another"))]
    Context(#[source] ProjectError),
    #[error("{option}: {unknown}")]
    #[diagnostic(code(layerwise::unknown_rule))]
    Rule {
        option: &'static str,
        unknown: UnknownRule,
        #[help]
        help: Option<String>,
    },
    #[error("{message}")]
    #[diagnostic(code(layerwise::usage))]
    Usage {
        message: String,
        #[help]
        help: Option<String>,
    },
    #[error("there is no shellcheck program on this system's path")]
    #[diagnostic(code(layerwise::shellcheck), help("install it, or leave out `--shellcheck on`"))]
    NoShellCheck,
    #[error("shellcheck did not read {scripts}")]
    #[diagnostic(code(layerwise::shellcheck), help("`--shellcheck off` does without it"))]
    ShellCheck {
        scripts: String,
        #[source]
        trouble: Trouble,
    },
    #[error("the pages can't be written to {folder}")]
    #[diagnostic(code(layerwise::not_written), help("name a folder that you may write to"))]
    Pages { folder: String, source: std::io::Error },
    #[error("the report {path} was not written")]
    #[diagnostic(code(layerwise::not_written), help("name a file in a folder that is there and that you may write to"))]
    Report { path: String, source: std::io::Error },
    #[error("stopped by {} after {done}", interrupt::name(*signal))]
    #[diagnostic(code(layerwise::stopped), help("each file is whole, old or new; run again for what is missing"))]
    Stopped { signal: Signal, done: String },
    #[error("can't write the output")]
    #[diagnostic(code(layerwise::output))]
    Output(#[source] std::io::Error),
}

impl Failure {
    /// The signal that stopped the work.
    pub(super) fn signal(&self) -> Option<Signal> {
        match self {
            Self::Stopped { signal, .. } => Some(*signal),
            _ => None,
        }
    }
}

/// Prints failures. One that stands for many files is printed once.
pub(super) fn print(failures: &[Failure], err: &mut dyn Write, colour: bool) {
    let theme = if colour { GraphicalTheme::unicode() } else { GraphicalTheme::unicode_nocolor() };
    let handler = GraphicalReportHandler::new_themed(theme);
    let mut shown: Vec<*const ()> = Vec::new();
    for failure in failures {
        let shared = match failure {
            Failure::Config(config) => Some(Arc::as_ptr(config).cast()),
            Failure::Baseline(baseline) => Some(Arc::as_ptr(baseline).cast()),
            _ => None,
        };
        if let Some(shared) = shared {
            if shown.contains(&shared) {
                continue;
            }
            shown.push(shared);
        }
        let mut text = String::new();
        // Nothing can be done when standard error itself fails.
        if handler.render_report(&mut text, &Shown::new(failure)).is_ok() {
            let _ = err.write_all(text.as_bytes());
        }
    }
}

/// The longest line of a file that is shown with a failure, in bytes.
const WIDEST: usize = 10_000;

/// A failure whose words steer no terminal and no pipeline: names of files come from whoever made the repository.
#[derive(Debug)]
struct Shown<'f> {
    failure: &'f Failure,
    message: String,
    cause: Option<Box<Cause>>,
    shows_lines: bool,
}

/// Where `failure` is, if a line there is too long to be shown: miette pads with a width that may be no more than 65,535.
fn too_wide(failure: &Failure) -> Option<String> {
    let source = failure.source_code()?;
    let is_wide = |label: &LabeledSpan| {
        // With the lines around it.
        let part = source.read_span(label.inner(), 1, 1).ok();
        part.is_some_and(|part| part.data().split(|&b| b == b'\n').any(|line| line.len() > WIDEST))
    };
    let label = failure.labels()?.find(is_wide)?;
    let place = source.read_span(label.inner(), 0, 0).ok()?;
    Some(format!("{}:{}", place.name().unwrap_or_default(), place.line() + 1))
}

/// What led to it.
#[derive(Debug, thiserror::Error)]
#[error("{message}")]
struct Cause {
    message: String,
    source: Option<Box<Cause>>,
}

impl Cause {
    fn of(error: &dyn Error) -> Box<Self> {
        let message = safe::line(&error.to_string()).into_owned();
        // Some say themselves what led to them.
        let source = error.source().map(Self::of).filter(|cause| !message.ends_with(&cause.message));
        Box::new(Self { message, source })
    }
}

impl<'f> Shown<'f> {
    fn new(failure: &'f Failure) -> Self {
        let mut message = safe::line(&failure.to_string()).into_owned();
        let too_wide = too_wide(failure);
        if let Some(place) = &too_wide {
            message = format!("{}: {message}", safe::line(place));
        }
        Self { failure, message, cause: failure.source().map(Cause::of), shows_lines: too_wide.is_none() }
    }
}

impl fmt::Display for Shown<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl Error for Shown<'_> {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.cause.as_deref().map(|cause| cause as _)
    }
}

impl Diagnostic for Shown<'_> {
    fn code(&self) -> Option<Box<dyn fmt::Display + '_>> {
        self.failure.code()
    }

    fn help(&self) -> Option<Box<dyn fmt::Display + '_>> {
        self.failure.help().map(|help| Box::new(safe::block(&help.to_string())) as _)
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        self.failure.source_code().filter(|_| self.shows_lines)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        self.failure.labels().filter(|_| self.shows_lines)
    }

    fn related<'a>(&'a self) -> Option<Box<dyn Iterator<Item = &'a dyn Diagnostic> + 'a>> {
        self.failure.related()
    }
}
