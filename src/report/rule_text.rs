//! What reports tell of a rule.

use super::rule_url;
use crate::rules;
use crate::shellcheck;

/// A rule in the words of its document. ShellCheck's codes have no document here: their page has the words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RuleText {
    /// `IndependentRunBelowSources`.
    pub name: String,
    /// What it finds, in a few words.
    pub title: String,
    /// One paragraph of plain text.
    pub summary: String,
    /// Markdown of several paragraphs.
    pub help: String,
    /// What kind of rule it is.
    pub category: &'static str,
}

/// What is known of the rule `code`.
pub fn of(code: &str) -> RuleText {
    let url = rule_url(code);
    let Some(rule) = rules::find(code) else {
        if !shellcheck::is_code(code) {
            let title = format!("{code}, a rule of this project");
            let summary = format!("What the configuration of this project calls {code}: see `custom` in it");
            let help = format!("{summary}\n");
            return RuleText {
                name: format!("Custom{code}").replace(['-', '_'], ""),
                title,
                summary,
                help,
                category: "custom",
            };
        }
        let title = format!("ShellCheck {code}");
        let summary = format!("What ShellCheck says of the script of a RUN: see {url}");
        let help = format!("{summary}\n");
        return RuleText { name: format!("ShellCheck{code}"), title, summary, help, category: "shell" };
    };
    let body = rule.meta.body();
    let (what, why) = (section(body, "What it does"), section(body, "Why it matters"));
    let first = what.split("\n\n").next().unwrap_or_default();
    RuleText {
        name: pascal(rule.meta.name),
        title: rule.meta.title().to_owned(),
        summary: first.lines().map(str::trim).collect::<Vec<_>>().join(" "),
        help: format!("{what}\n\n{why}\n\nSee {url}\n"),
        category: rule.meta.category,
    }
}

/// What stands below the heading `title`.
fn section<'t>(body: &'t str, title: &str) -> &'t str {
    let start = body.find(&format!("\n## {title}\n")).map_or(body.len(), |at| at + title.len() + 5);
    let rest = &body[start..];
    rest[..rest.find("\n## ").unwrap_or(rest.len())].trim()
}

fn pascal(kebab: &str) -> String {
    let word = |word: &str| {
        let (first, rest) = word.split_at(word.chars().next().map_or(0, char::len_utf8));
        first.to_uppercase() + rest
    };
    kebab.split('-').map(word).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_rule_has_its_texts() {
        for rule in &rules::RULES {
            let text = of(rule.meta.code);
            assert!(text.summary.len() > 20 && text.summary.len() <= 1024, "{}: {}", rule.meta.code, text.summary);
            assert!(!text.summary.contains('\n') && !text.summary.contains("## "), "{}", text.summary);
            assert!(text.help.len() > text.summary.len(), "{}", rule.meta.code);
            assert!(text.name.chars().all(char::is_alphanumeric), "{}", text.name);
        }
        assert_eq!(of("LW105").name, "IndependentRunBelowSources");
        assert_eq!(of("SC2086").title, "ShellCheck SC2086");
        assert_eq!((of("ACME-X1").name.as_str(), of("ACME-X1").category), ("CustomACMEX1", "custom"));
        assert!(of("SC2086").help.contains("https://www.shellcheck.net/wiki/SC2086"));
    }
}
