//! What the documents in `rules/` declare of each rule; the table is made by `build.rs`.

use crate::config::OptionSpec;
use crate::diagnostic::{Applicability, Severity};

/// What is known of a rule without running it.
#[derive(Debug)]
pub struct RuleMeta {
    /// The code: `LW101`, `DL3006`.
    pub code: &'static str,
    /// The name in kebab case.
    pub name: &'static str,
    /// The severity of its findings, unless the rule or the configuration says otherwise.
    pub severity: Severity,
    /// `syntax`, `order`, `layers`, `images`, `style` and so on.
    pub category: &'static str,
    /// The version that it came with.
    pub since: &'static str,
    /// The names that other linters have for it.
    pub aliases: &'static [&'static str],
    /// The names that other linters have for some of its findings, which carry them.
    pub also: &'static [&'static str],
    /// The best fix that it can give.
    pub fix: Option<Applicability>,
    /// Whether it runs when nothing is selected.
    pub default: bool,
    /// What can be set, besides the severity.
    pub options: &'static [OptionSpec],
    /// The whole document, in Markdown.
    pub document: &'static str,
}

impl RuleMeta {
    /// The document without its front matter.
    pub fn body(&self) -> &'static str {
        let rest = self.document.split_once("\n---").map_or(self.document, |(_, rest)| rest);
        rest.trim_start_matches('\r').trim_start_matches('\n')
    }

    /// The title of the document.
    pub fn title(&self) -> &'static str {
        let line = self.body().lines().find(|line| line.starts_with("# "));
        line.map_or(self.name, |line| line.trim_start_matches("# ").trim())
    }
}

include!(concat!(env!("OUT_DIR"), "/rules.rs"));
