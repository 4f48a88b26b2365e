//! Globs, and regular expressions between slashes.
//!
//! They come with a repository, which may be anyone's: both kinds of matcher take time in proportion to the text, and the
//! size of a pattern is bounded.

use globset::{GlobBuilder, GlobMatcher};
use regex_lite::{Regex, RegexBuilder};

/// Longer patterns are refused, in bytes.
const LONGEST: usize = 300;
/// What a regular expression may take when it is compiled, in bytes: the time for a letter of text is in proportion.
const LARGEST: usize = 16 * 1024;

/// A glob, in which `*` stands for anything, or a `/regular expression/`.
#[derive(Clone, Debug)]
pub struct Pattern {
    text: String,
    kind: Kind,
}

#[derive(Clone, Debug)]
enum Kind {
    Glob(Box<GlobMatcher>),
    Regex(Regex),
}

/// Patterns of which one has to fit.
pub type Patterns = Vec<Pattern>;

impl Pattern {
    /// Reads `text`. Fails with the reason if it is no pattern.
    pub(super) fn new(text: &str) -> Result<Self, String> {
        if text.len() > LONGEST {
            return Err(format!("it has more than {LONGEST} bytes"));
        }
        let regex = text.strip_prefix('/').and_then(|rest| rest.strip_suffix('/')).filter(|regex| !regex.is_empty());
        let kind = match regex {
            Some(regex) => {
                let built = RegexBuilder::new(regex).size_limit(LARGEST).nest_limit(20).build();
                Kind::Regex(built.map_err(|error| error.to_string())?)
            }
            None => {
                let built = GlobBuilder::new(text).literal_separator(false).backslash_escape(true).build();
                Kind::Glob(Box::new(built.map_err(|error| error.kind().to_string())?.compile_matcher()))
            }
        };
        Ok(Self { text: text.to_owned(), kind })
    }

    /// Whether it fits `text`: a glob all of it, a regular expression a part.
    pub fn fits(&self, text: &str) -> bool {
        match &self.kind {
            Kind::Glob(glob) => glob.is_match(text),
            Kind::Regex(regex) => regex.is_match(text),
        }
    }

    /// As it was written.
    pub fn text(&self) -> &str {
        &self.text
    }
}

impl PartialEq for Pattern {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

impl Eq for Pattern {}
