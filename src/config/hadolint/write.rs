//! From a `Config` that came from hadolint to the text of a `.layerwise.yaml`.

use super::Hadolint;
use crate::config::{Catalogue, Level, OptionValue, RuleConfig, quoted};
use std::fmt::Write as _;

impl Hadolint {
    /// The text of a configuration that says the same; `origin` says where it was taken from.
    pub fn yaml(&self, catalogue: Catalogue<'_>, origin: &str) -> String {
        let config = self.config(catalogue);
        let mut text = format!("# Written by `layerwise config migrate` from {}.\n", one_line(origin));
        let remarks = config.from_hadolint.unwrap_or_default();
        if !remarks.is_empty() {
            text.push_str("# What has no counterpart here:\n");
            text.extend(remarks.iter().map(|remark| format!("#   {}\n", one_line(remark))));
        }
        text.push_str("# Some rules of hadolint are off by default here; this would switch all of them on:\n");
        text.push_str("# extend-select: [DL]\n");
        if let Some(level) = config.fail_level {
            let _ = writeln!(text, "fail-level: {}", level.name());
        }
        if let Some(no_fail) = config.no_fail {
            let _ = writeln!(text, "no-fail: {no_fail}");
        }
        if let Some(comments) = config.ignore_comments {
            let _ = writeln!(text, "ignore-comments: {comments}");
        }
        let mut ignored: Vec<&str> = config.ignore.iter().map(|selector| selector.text.as_str()).collect();
        ignored.sort_unstable();
        ignored.dedup();
        if !ignored.is_empty() {
            let _ = writeln!(text, "ignore: [{}]", ignored.join(", "));
        }
        if !config.rules.is_empty() {
            text.push_str("rules:\n");
            config.rules.iter().for_each(|rule| write_rule(rule, &mut text));
        }
        text
    }
}

fn write_rule(rule: &RuleConfig, text: &mut String) {
    let level = rule.level.map(|level| match level {
        Level::Off => "off",
        Level::At(severity) => severity.name(),
    });
    if rule.options.is_empty() {
        let _ = writeln!(text, "  {}: {}", rule.code, level.unwrap_or("{}"));
        return;
    }
    let _ = writeln!(text, "  {}:", rule.code);
    if let Some(level) = level {
        let _ = writeln!(text, "    severity: {level}");
    }
    for (name, value) in &rule.options {
        match value {
            OptionValue::Flag(flag) => {
                let _ = writeln!(text, "    {name}: {flag}");
            }
            OptionValue::Words(words) => {
                let _ = writeln!(text, "    {name}:");
                text.extend(words.iter().map(|word| format!("      - {}\n", quoted(word))));
            }
            OptionValue::Map(pairs) => {
                let _ = writeln!(text, "    {name}:");
                text.extend(pairs.iter().map(|(key, value)| format!("      {}: {}\n", quoted(key), quoted(value))));
            }
        }
    }
}

/// What can't end the comment it stands in.
fn one_line(text: &str) -> String {
    text.chars().map(|c| if c.is_control() || crate::source::is_unsafe(c) { ' ' } else { c }).collect()
}
