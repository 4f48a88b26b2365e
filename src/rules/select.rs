//! Which rules run, and how much their findings weigh.

use super::registry::{RULES, Rule, find};
use super::shell_codes::ShellCodes;
use crate::config::{
    Catalogue, Config, CustomRule, Level, OptionSpec, OptionValue, Options, Resolution, RuleConfig, Selector,
};
use crate::diagnostic::Severity;
use crate::shellcheck;
use crate::suggest::{Suggestions, closest};
use std::collections::HashMap;
use std::sync::{Arc, LazyLock};

/// A word that names no rule.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("there is no rule `{word}`")]
pub struct UnknownRule {
    /// The word.
    pub word: String,
    /// What was most likely meant.
    pub suggestion: Option<&'static str>,
}

/// The word for all rules that a project writes itself.
pub const CUSTOM: &str = "custom";

/// The codes that `word` stands for: `ALL`, a code, the start of codes, a name, an alias or a category. ShellCheck's codes
/// are not listed anywhere: the start of such codes stands for itself.
///
/// # Errors
/// If it stands for none.
pub fn resolve(word: &str) -> Result<Vec<&'static str>, UnknownRule> {
    let unknown = || UnknownRule { word: word.to_owned(), suggestion: closest(word, suggested()) };
    codes_of(word).ok_or_else(unknown)
}

/// The same without a guess at what was meant: that takes far longer.
pub fn codes_of(word: &str) -> Option<Vec<&'static str>> {
    if word.eq_ignore_ascii_case("all") {
        return Some(RULES.iter().map(|r| r.meta.code).chain([shellcheck::PREFIX, CUSTOM]).collect());
    }
    if word.eq_ignore_ascii_case(CUSTOM) {
        return Some(vec![CUSTOM]);
    }
    if let Some(code) = shellcheck::selector(word) {
        return Some(vec![code]);
    }
    if let Some(rule) = find(word) {
        return Some(vec![rule.meta.code]);
    }
    let word = word.to_ascii_lowercase();
    let places = BY_CATEGORY.get(&word).cloned().unwrap_or_else(|| starting(&word));
    (!places.is_empty()).then(|| places.into_iter().map(|place| RULES[place].meta.code).collect())
}

/// Which rule was most likely meant by `word`, one of the many words of a file.
pub fn suggestion(word: &str, suggestions: &Suggestions) -> Option<&'static str> {
    suggestions.closest(word, suggested)
}

/// The places in the registry of the rules of each category, in lower case.
static BY_CATEGORY: LazyLock<HashMap<String, Vec<usize>>> = LazyLock::new(|| {
    let mut all: HashMap<String, Vec<usize>> = HashMap::new();
    for (place, rule) in RULES.iter().enumerate() {
        all.entry(rule.meta.category.to_ascii_lowercase()).or_default().push(place);
    }
    all
});

/// The codes in lower case, sorted, with their places in the registry.
static BY_CODE: LazyLock<Vec<(String, usize)>> = LazyLock::new(|| {
    let mut all: Vec<_> = RULES.iter().map(|r| r.meta.code.to_ascii_lowercase()).zip(0..).collect();
    all.sort();
    all
});

/// The places in the registry of the rules whose code starts with `start`, which is in lower case.
fn starting(start: &str) -> Vec<usize> {
    if start.is_empty() {
        return Vec::new();
    }
    let from = BY_CODE.partition_point(|(code, _)| code.as_str() < start);
    let all = BY_CODE[from..].iter().take_while(|(code, _)| code.starts_with(start));
    let mut places: Vec<usize> = all.map(|(_, place)| *place).collect();
    places.sort_unstable();
    places
}

/// What may have been meant by a word.
fn suggested() -> impl Iterator<Item = &'static str> {
    names().chain(categories()).chain([CUSTOM])
}

/// Every code, name and alias.
pub fn names() -> impl Iterator<Item = &'static str> {
    RULES
        .iter()
        .flat_map(|r| [r.meta.code, r.meta.name].into_iter().chain(r.meta.aliases.iter().chain(r.meta.also).copied()))
}

/// Every category, some of them more than once.
pub fn categories() -> impl Iterator<Item = &'static str> {
    RULES.iter().map(|r| r.meta.category)
}

/// What the configuration has to know of the rules.
pub const CATALOGUE: Catalogue<'static> = Catalogue { resolve: &lookup, suggest: &suggest, options: &options };

fn options(code: &str) -> &'static [OptionSpec] {
    find(code).map_or(&[], |rule| rule.meta.options)
}

fn lookup(word: &str) -> Resolution {
    codes_of(word).map_or(Resolution::Unknown, Resolution::Rules)
}

fn suggest(word: &str) -> Option<String> {
    closest(word, suggested()).map(str::to_owned)
}

/// What the command line says about rules. It is read after the configuration and wins over it.
#[derive(Clone, Debug, Default)]
pub struct Overrides {
    /// The only rules that run.
    pub select: Option<Vec<&'static str>>,
    /// Rules that run besides.
    pub extend_select: Vec<&'static str>,
    /// Rules that don't run.
    pub ignore: Vec<&'static str>,
}

/// The rules that run, in the order of the registry, with their severities where those are changed. Each file has one;
/// those of many are the same.
#[derive(Clone, Debug)]
pub struct Selection {
    rules: Arc<[(&'static Rule, Option<Severity>)]>,
    /// The options that were set, by the code of their rule.
    options: Arc<Vec<(&'static str, Options)>>,
    shell: ShellCodes,
    custom: Arc<[(Arc<CustomRule>, Option<Severity>)]>,
    /// The codes of all rules of the project, whether they run or not.
    declared: Arc<[&'static str]>,
    comments: bool,
}

impl Selection {
    /// What `layers`, each over the ones before it, and then `overrides` leave of the rules. Within a layer, a rule
    /// that is ignored does not run, whoever selects it.
    pub fn new<'c>(layers: impl IntoIterator<Item = &'c Config>, overrides: &Overrides) -> Self {
        let mut choice = Choice::default();
        layers.into_iter().for_each(|config| choice.read(config));
        if let Some(select) = &overrides.select {
            choice.only(select);
        }
        choice.set(&overrides.extend_select, true);
        choice.set(&overrides.ignore, false);
        let rules = RULES.iter().zip(choice.on).zip(choice.severities);
        Self {
            rules: rules.filter(|((_, on), _)| *on).map(|((rule, _), severity)| (rule, severity)).collect(),
            options: Arc::new(choice.options),
            shell: choice.shell,
            declared: choice.custom.iter().map(|own| own.rule.code).collect(),
            custom: choice.custom.into_iter().filter(|own| own.on).map(|own| (own.rule, own.severity)).collect(),
            comments: choice.comments,
        }
    }

    /// The rules, each with the severity that the configuration gives it.
    pub fn rules(&self) -> impl Iterator<Item = (&'static Rule, Option<Severity>)> {
        self.rules.iter().copied()
    }

    /// The rules of the project, each with the severity that `rules` gives it.
    pub fn custom(&self) -> &[(Arc<CustomRule>, Option<Severity>)] {
        &self.custom
    }

    /// Whether the project has rules of its own whose code starts with `start`, even if they don't run.
    pub fn declares(&self, start: &str) -> bool {
        self.declared.iter().any(|code| code.starts_with(start))
    }

    /// Whether comments switch findings off.
    pub fn comments(&self) -> bool {
        self.comments
    }

    /// Which findings of ShellCheck are reported.
    pub fn shell(&self) -> &ShellCodes {
        &self.shell
    }

    /// What the options of the rule `code` are set to.
    pub fn options(&self, code: &str) -> &[(&'static str, OptionValue)] {
        self.options.iter().find(|(c, _)| *c == code).map_or(&[], |(_, options)| options)
    }
}

/// A selection while it is made.
struct Choice {
    /// Whether each rule runs.
    on: Vec<bool>,
    severities: Vec<Option<Severity>>,
    options: Vec<(&'static str, Options)>,
    shell: ShellCodes,
    custom: Vec<Own>,
    comments: bool,
}

/// A rule of the project, while it is chosen.
struct Own {
    rule: Arc<CustomRule>,
    on: bool,
    severity: Option<Severity>,
}

impl Own {
    /// Whether `code` is its code, the word for all such rules, or the start of its code; the code of one of `all` does not
    /// mean others that start with it.
    fn is_meant(&self, code: &str, all: &[&str]) -> bool {
        code == CUSTOM || self.rule.code == code || (self.rule.code.starts_with(code) && !all.contains(&code))
    }
}

impl Default for Choice {
    fn default() -> Self {
        Self {
            on: RULES.iter().map(|r| r.meta.default).collect(),
            severities: vec![None; RULES.len()],
            options: Vec::new(),
            shell: ShellCodes::default(),
            custom: Vec::new(),
            comments: true,
        }
    }
}

impl Choice {
    fn read(&mut self, config: &Config) {
        for rule in &config.custom {
            self.custom.retain(|own| own.rule.code != rule.code);
            self.custom.push(Own { rule: Arc::clone(rule), on: true, severity: None });
        }
        self.comments = config.ignore_comments.unwrap_or(self.comments);
        let codes = |list: &[Selector]| list.iter().flat_map(|s| s.codes.iter().copied()).collect::<Vec<_>>();
        if let Some(select) = &config.select {
            self.only(&codes(select));
        }
        self.set(&codes(&config.extend_select), true);
        for rule in &config.rules {
            self.level(rule);
            self.extend_options(rule);
        }
        self.set(&codes(&config.ignore), false);
    }

    fn only(&mut self, codes: &[&'static str]) {
        self.on.fill(false);
        self.custom.iter_mut().for_each(|own| own.on = false);
        self.shell.set(&[shellcheck::PREFIX], false);
        self.set(codes, true);
    }

    fn set(&mut self, codes: &[&'static str], value: bool) {
        self.shell.set(codes, value);
        let all: Vec<&str> = self.custom.iter().map(|own| own.rule.code).collect();
        for own in &mut self.custom {
            if codes.iter().any(|code| own.is_meant(code, &all)) {
                own.on = value;
            }
        }
        for (rule, on) in RULES.iter().zip(self.on.iter_mut()) {
            if codes.contains(&rule.meta.code) {
                *on = value;
            }
        }
    }

    fn level(&mut self, rule: &RuleConfig) {
        if let Some(own) = self.custom.iter_mut().find(|own| own.rule.code == rule.code) {
            match rule.level {
                Some(Level::Off) => own.on = false,
                Some(Level::At(severity)) => (own.on, own.severity) = (true, Some(severity)),
                None => {}
            }
            return;
        }
        let at = RULES.iter().position(|r| r.meta.code == rule.code);
        match (at, rule.level) {
            (Some(at), Some(Level::Off)) => self.on[at] = false,
            (Some(at), Some(Level::At(severity))) => {
                self.on[at] = true;
                self.severities[at] = Some(severity);
            }
            (None, Some(Level::Off)) => self.shell.set(&[rule.code], false),
            (None, Some(Level::At(severity))) => self.shell.weigh(rule.code, severity),
            (_, None) => {}
        }
    }

    /// An option that is set again counts as it was set last.
    fn extend_options(&mut self, rule: &RuleConfig) {
        if rule.options.is_empty() {
            return;
        }
        let at = self.options.iter().position(|(code, _)| *code == rule.code).unwrap_or_else(|| {
            self.options.push((rule.code, Options::new()));
            self.options.len() - 1
        });
        let known = &mut self.options[at].1;
        for (name, value) in &rule.options {
            known.retain(|(other, _)| other != name);
            known.push((name, value.clone()));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The same as [`codes_of`] for a word that is no word of ours, with a look at all rules.
    fn of_all(word: &str) -> Vec<&'static str> {
        let is = |other: &&str| other.eq_ignore_ascii_case(word);
        let all = || RULES.iter().map(|rule| rule.meta);
        let by_code = all().find(|meta| is(&meta.code));
        let by_name = || all().find(|meta| is(&meta.name) || meta.aliases.iter().chain(meta.also).any(is));
        if let Some(meta) = by_code.or_else(by_name) {
            return vec![meta.code];
        }
        let of_category: Vec<_> = all().filter(|meta| is(&meta.category)).map(|meta| meta.code).collect();
        if !of_category.is_empty() {
            return of_category;
        }
        let starts = |code: &str| code.get(..word.len()).is_some_and(|head| head.eq_ignore_ascii_case(word));
        all().map(|meta| meta.code).filter(|code| !word.is_empty() && starts(code)).collect()
    }

    #[test]
    fn tables_say_what_a_look_at_all_rules_says() {
        for name in names().chain(categories()).chain(["", "x", "no-such-rule", "\u{df}"]) {
            for end in name.char_indices().map(|(at, _)| at).chain([name.len()]) {
                for word in [name[..end].to_owned(), name[..end].to_lowercase(), name[..end].to_uppercase()] {
                    let is_ours = ["all", CUSTOM].iter().any(|own| own.eq_ignore_ascii_case(&word));
                    if !is_ours && shellcheck::selector(&word).is_none() {
                        assert_eq!(codes_of(&word).unwrap_or_default(), of_all(&word), "{word}");
                    }
                }
            }
        }
    }
}
