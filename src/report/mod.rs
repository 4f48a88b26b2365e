//! Output: findings as text for people, lines for editors and JSON for programs.
//!
//! The order of files and findings is the caller's; nothing is sorted here.

pub mod cache;
pub mod color;
mod json;
pub mod markdown;
mod pretty;
pub mod replay;
mod safe;
mod short;
#[cfg(test)]
mod tests;

use crate::lint::FileReport;
use crate::shellcheck;
use crate::source::Span;
use std::io::{self, Write};

/// How findings are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Format {
    /// The lines concerned, with labels, costs and what to do.
    #[default]
    Pretty,
    /// One line a finding, as compilers and editors expect it.
    Short,
    /// One JSON array over all files.
    Json,
}

impl Format {
    /// Every format.
    pub const ALL: [Format; 3] = [Format::Pretty, Format::Short, Format::Json];

    /// The name in options.
    pub const fn name(self) -> &'static str {
        match self {
            Format::Pretty => "pretty",
            Format::Short => "short",
            Format::Json => "json",
        }
    }

    /// The format called `name`.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|f| f.name() == name)
    }
}

/// Writes the findings of all `files` to `out`, with terminal colours where the format has them and
/// `colour` asks for them. Writes in small pieces: give it a buffered writer. Fails only when `out` does.
pub fn write(format: Format, files: &[FileReport], out: &mut dyn Write, colour: bool) -> io::Result<()> {
    match format {
        Format::Pretty => pretty::write(files, out, colour),
        Format::Short => short::write(files, out, colour),
        Format::Json => json::write(files, out),
    }
}

/// The page that explains the rule `code`.
pub fn rule_url(code: &str) -> String {
    if shellcheck::is_code(code) {
        return shellcheck::link(code);
    }
    format!("https://github.com/layerwise/layerwise/blob/main/rules/{code}.md")
}

/// `span` moved onto character borders inside `text`: a report never fails because a rule miscounted.
fn clamp(text: &str, span: Span) -> Span {
    let floor = |offset: u32| {
        let mut at = (offset as usize).min(text.len());
        while !text.is_char_boundary(at) {
            at -= 1;
        }
        at as u32
    };
    let start = floor(span.start);
    Span::new(start, floor(span.end).max(start))
}
