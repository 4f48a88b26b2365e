//! From what hadolint is told to a `Config`.

use super::Hadolint;
use crate::config::yaml::Place;
use crate::config::{Catalogue, Config, Level, OptionValue, Options, Resolution, RuleConfig, Selector};

/// The rule about registries, and its option.
const REGISTRIES: (&str, &str) = ("DL3026", "registries");
/// The rule about labels, and its options.
const LABELS: (&str, [&str; 2]) = ("DL3049", ["labels", "strict"]);

impl Hadolint {
    /// What it means here. `from_hadolint` holds what has no meaning.
    pub fn config(&self, catalogue: Catalogue<'_>) -> Config {
        let mut remarks = self.remarks.clone();
        let mut config = Config {
            fail_level: self.threshold,
            no_fail: self.no_fail,
            ignore_comments: self.no_pragmas.map(|without| !without),
            ..Config::default()
        };
        for word in &self.ignored {
            match code(catalogue, word) {
                Some(code) => {
                    config.ignore.push(Selector { text: word.clone(), place: Place::default(), codes: vec![code] });
                }
                None => remarks.push(unknown(word)),
            }
        }
        for (severity, word) in &self.severities {
            let Some(code) = code(catalogue, word) else {
                remarks.push(unknown(word));
                continue;
            };
            let rule = rule(&mut config.rules, code);
            // However often a rule is named, hadolint takes the heaviest.
            let lighter = |level: Level| matches!(level, Level::At(other) if other < *severity);
            if rule.level.is_none_or(lighter) {
                rule.level = Some(Level::At(*severity));
            }
        }
        if !self.registries.is_empty() {
            set(catalogue, &mut config, REGISTRIES.0, REGISTRIES.1, OptionValue::Words(self.registries.clone()));
        }
        if !self.labels.is_empty() {
            set(catalogue, &mut config, LABELS.0, LABELS.1[0], OptionValue::Map(self.labels.clone()));
        }
        if let Some(strict) = self.strict_labels {
            set(catalogue, &mut config, LABELS.0, LABELS.1[1], OptionValue::Flag(strict));
        }
        remarks.sort();
        remarks.dedup();
        config.from_hadolint = Some(remarks);
        config
    }
}

/// The rule that hadolint knows by the number `word`. The start of a number names nothing there.
fn code(catalogue: Catalogue<'_>, word: &str) -> Option<&'static str> {
    match (Hadolint::is_code(word), (catalogue.resolve)(word)) {
        (true, Resolution::Rules(codes)) => codes.first().copied(),
        _ => None,
    }
}

fn unknown(word: &str) -> String {
    format!("there is no rule `{word}`")
}

fn rule<'r>(rules: &'r mut Vec<RuleConfig>, code: &'static str) -> &'r mut RuleConfig {
    let at = rules.iter().position(|rule| rule.code == code).unwrap_or_else(|| {
        rules.push(RuleConfig { code, place: Place::default(), level: None, options: Options::new() });
        rules.len() - 1
    });
    &mut rules[at]
}

/// Sets an option, under the name that the rule itself declares.
fn set(catalogue: Catalogue<'_>, config: &mut Config, word: &str, option: &str, value: OptionValue) {
    let Some(code) = code(catalogue, word) else { return };
    if let Some(spec) = (catalogue.options)(code).iter().find(|spec| spec.name == option) {
        rule(&mut config.rules, code).options.push((spec.name, value));
    }
}
