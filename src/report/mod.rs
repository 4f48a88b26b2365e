//! Output: findings as text for people, lines for editors, and what programs and services read.
//!
//! The order of files and findings is the caller's, save where a service shows only the first few.

mod advice;
mod azure;
pub mod cache;
mod checkstyle;
mod codacy;
mod code_climate;
pub mod color;
mod excerpt;
mod format;
mod github;
mod json;
pub mod json_text;
mod junit;
pub mod markdown;
mod pretty;
mod rdjson;
mod region;
pub mod replay;
mod root;
mod rule_text;
pub mod safe;
mod sarif;
mod short;
mod sonarqube;
mod statistics;
mod suggestion;
#[cfg(test)]
mod tests;
mod xml;

pub use format::Format;
pub use region::solid;
pub use root::Root;
pub use rule_text::{RuleText, of as rule_text};
pub use statistics::{is_counted, write_statistics};

use crate::diagnostic::Diagnostic;
use crate::lint::FileReport;
use crate::rules;
use crate::shellcheck;
use crate::source::{Span, border};
use std::io::{self, Write};

/// Where the project is at home.
const HOME: &str = "https://github.com/layerwise/layerwise";

/// What came of a run.
#[derive(Clone, Copy, Debug)]
pub struct Run<'a> {
    /// Every file that was checked.
    pub files: &'a [FileReport],
    /// Where the paths of services start.
    pub root: &'a Root,
}

impl<'a> Run<'a> {
    /// All findings, each with its file.
    fn findings(&self) -> impl Iterator<Item = (&'a FileReport, &'a Diagnostic)> + use<'a> {
        self.files.iter().flat_map(|file| file.findings.iter().map(move |finding| (file, finding)))
    }
}

/// Writes the findings of `run` to `out`, with terminal colours where the format has them and
/// `colour` asks for them. Writes in small pieces: give it a buffered writer. Fails only when `out` does.
pub fn write(format: Format, run: &Run<'_>, out: &mut dyn Write, colour: bool) -> io::Result<()> {
    match format {
        Format::Pretty => pretty::write(run.files, out, colour),
        Format::Short => short::write(run.files, out, colour),
        Format::Json => json::write(run.files, out),
        Format::JsonLines => json::write_lines(run.files, out),
        Format::Sarif => sarif::write(run, out),
        Format::GitHub => github::write(run, out),
        Format::GitLab => code_climate::write_array(run, out),
        Format::CodeClimate => code_climate::write_stream(run, out),
        Format::Codacy => codacy::write(run, out),
        Format::Checkstyle => checkstyle::write(run, out),
        Format::JUnit => junit::write(run, out),
        Format::SonarQube => sonarqube::write(run, out),
        Format::RdJson => rdjson::write(run, out),
        Format::Azure => azure::write(run, out),
    }
}

/// The page that explains the rule `code`.
pub fn rule_url(code: &str) -> String {
    if shellcheck::is_code(code) {
        return shellcheck::link(code);
    }
    if rules::find(code).is_none() {
        return format!("{HOME}#custom-rules");
    }
    format!("{HOME}/blob/main/rules/{code}.md")
}

/// `span` moved onto character borders inside `text`: a report never fails because a rule miscounted.
fn clamp(text: &str, span: Span) -> Span {
    let floor = |offset: u32| border(text, offset as usize) as u32;
    let start = floor(span.start);
    Span::new(start, floor(span.end).max(start))
}
