//! From the YAML tree to a `Config`. Reading goes on after a mistake, so that all are shown at once.

use super::custom;
use super::extends::{Chain, Problem};
use super::mistake::{ConfigError, Source, shown};
use super::nodes::NodeReader;
use super::options::{OptionKind, OptionSpec, OptionValue, Options};
use super::yaml::{Node, Place, Value};
use super::{
    Builder, Catalogue, Config, ContextConfig, FilePattern, Level, OverrideConfig, Resolution, RuleConfig, Selector,
    ShellCheck,
};
use crate::diagnostic::Severity;
use crate::suggest::closest;
use std::collections::HashMap;
use std::path::{Path, PathBuf};

/// The keys that may stand in an entry of `overrides` too.
const FILE_KEYS: [&str; 9] =
    ["select", "extend-select", "ignore", "ignore-comments", "fail-level", "no-fail", "builder", "shellcheck", "rules"];
const OTHER_KEYS: [&str; 5] = ["contexts", "baseline", "custom", "extends", "overrides"];
/// What a rule may be set to.
pub const RULE_LEVELS: [&str; 5] = ["off", "style", "info", "warning", "error"];

/// Reads the configuration in `source`. Fails with every mistake in it.
pub(super) fn read(source: &Source, catalogue: Catalogue<'_>, chain: &Chain) -> Result<Config, ConfigError> {
    let mut reader = Reader { nodes: NodeReader::new(source), catalogue, chain, custom: Vec::new() };
    let mut config = Config::default();
    if let Some(root) = reader.nodes.root() {
        reader.config(&root, &mut config);
    }
    reader.nodes.conclude(config)
}

struct Reader<'a> {
    nodes: NodeReader<'a>,
    catalogue: Catalogue<'a>,
    chain: &'a Chain,
    /// The codes of the custom rules.
    custom: Vec<&'static str>,
}

impl Reader<'_> {
    fn config(&mut self, root: &Node, config: &mut Config) {
        let entries = self.nodes.entries(root, "the configuration");
        // The rules that others may name come first.
        for (_, name, value) in &entries {
            match *name {
                "extends" => config.extends = self.extends(value),
                "custom" => config.custom = custom::rules(&mut self.nodes, value, self.catalogue),
                _ => {}
            }
        }
        self.custom = config.custom_rules().iter().map(|rule| rule.code).collect();
        for (key, name, value) in entries {
            match name {
                "custom" | "extends" => {}
                "contexts" => config.contexts = self.contexts(value),
                "baseline" => config.baseline = self.baseline(value),
                "overrides" => config.overrides = self.overrides(value),
                _ if self.of_file(name, value, config) => {}
                _ => self.nodes.unknown_key(key, name, &[&FILE_KEYS[..], &OTHER_KEYS].concat()),
            }
        }
    }

    /// Reads a key that may stand in an entry of `overrides` too; gives whether it is one.
    fn of_file(&mut self, name: &str, value: &Node, config: &mut Config) -> bool {
        match name {
            "select" => config.select = present(value).map(|list| self.selectors(name, list)),
            "extend-select" => config.extend_select = self.selectors(name, value),
            "ignore" => config.ignore = self.selectors(name, value),
            "ignore-comments" => config.ignore_comments = self.nodes.flag(name, value),
            "no-fail" => config.no_fail = self.nodes.flag(name, value),
            "fail-level" => {
                config.fail_level =
                    self.nodes.choice(name, value, &Severity::ALL.map(Severity::name), Severity::from_name);
            }
            "builder" => {
                config.builder = self.nodes.choice(name, value, &Builder::ALL.map(Builder::name), Builder::from_name);
            }
            "shellcheck" => {
                let names = ShellCheck::ALL.map(ShellCheck::name);
                config.shellcheck = self.nodes.choice(name, value, &names, ShellCheck::from_name);
            }
            "rules" => config.rules = self.rules(value),
            _ => return false,
        }
        true
    }

    fn extends(&mut self, node: &Node) -> Vec<Config> {
        let words = match &node.value {
            Value::Null => return Vec::new(),
            Value::List(items) => items.iter().collect(),
            _ => vec![node],
        };
        let mut bases = Vec::new();
        let mut named: HashMap<PathBuf, Place> = HashMap::new();
        for item in words {
            let Some(word) = self.nodes.word("extends", item) else { continue };
            let first = self.chain.locate(&word).ok().and_then(|path| named.insert(path, item.place));
            if let Some(first) = first {
                self.nodes.twice(format!("`{}` is extended twice", shown(&word)), item.place, first);
                break;
            }
            match self.chain.open(&word, self.catalogue) {
                Ok(config) => bases.push(config),
                Err(Problem::Here { message, help }) => {
                    self.nodes.mistake(message, item.place, "not to be extended", help)
                }
                Err(Problem::There(error)) => self.nodes.extend(&error),
                Err(Problem::TooMany) => {
                    let (message, help) = Problem::too_many();
                    self.nodes.mistake(message, item.place, "not read any more", help);
                    break;
                }
            }
        }
        bases
    }

    /// The path of a file that need not be there yet: `--write-baseline` makes it.
    fn baseline(&mut self, node: &Node) -> Option<PathBuf> {
        if matches!(node.value, Value::Null) {
            return None;
        }
        let word = self.nodes.word("baseline", node)?;
        match self.chain.locate(&word) {
            Ok(path) => Some(path),
            Err((message, help)) => {
                self.nodes.mistake(message, node.place, "not to be used", help);
                None
            }
        }
    }

    fn overrides(&mut self, node: &Node) -> Vec<OverrideConfig> {
        let items = match &node.value {
            Value::Null => return Vec::new(),
            Value::List(items) => items,
            _ => {
                let help = "write one entry a line: `- files: [\"legacy/**\"]`, and below it what counts for them";
                return self.nodes.wrong_type("overrides", "a list", node, help.to_owned());
            }
        };
        let mut overrides = Vec::new();
        for item in items {
            let (mut files, mut config) = (None, Config::default());
            for (key, name, value) in self.nodes.entries(item, "an override") {
                if name == "files" {
                    files = Some(self.patterns(value));
                } else if !self.of_file(name, value, &mut config) {
                    self.nodes.unknown_key(key, name, &[&["files"], &FILE_KEYS[..]].concat());
                }
            }
            match files {
                Some(files) => overrides.push(OverrideConfig { files, config }),
                None => {
                    let help = "add `files: [\"legacy/**\"]`, or move its keys up if they are for all files";
                    self.nodes.mistake("an override says no files".to_owned(), item.place, "`files` is missing", help);
                }
            }
        }
        overrides
    }

    /// One pattern, or a list of them.
    fn patterns(&mut self, node: &Node) -> Vec<FilePattern> {
        let items = match &node.value {
            Value::List(items) => items.iter().collect(),
            _ => vec![node],
        };
        let mut patterns = Vec::new();
        for item in items {
            let Some(word) = self.nodes.word("files", item) else { continue };
            patterns.extend(self.pattern(item.place, &word));
        }
        patterns
    }

    fn pattern(&mut self, place: Place, word: &str) -> Option<FilePattern> {
        match FilePattern::new(word) {
            Ok(pattern) => Some(pattern),
            Err(reason) => {
                let message = format!("`{}` is no pattern: {}", shown(word), shown(&reason));
                self.nodes.mistake(message, place, "not a pattern", "write a path, with `*` for a part of a name");
                None
            }
        }
    }

    fn contexts(&mut self, node: &Node) -> Vec<ContextConfig> {
        let mut contexts = Vec::new();
        for (key, pattern, value) in self.nodes.entries(node, "`contexts`") {
            let files = self.pattern(key, pattern);
            let folder = self.folder(pattern, value);
            contexts.extend(files.zip(folder).map(|(files, folder)| ContextConfig { files, folder }));
        }
        contexts
    }

    /// A folder, seen from the one of the configuration file.
    fn folder(&mut self, key: &str, node: &Node) -> Option<PathBuf> {
        let help = "write the folder as seen from this file, such as `.` or `services/api`";
        match &node.value {
            Value::Text(text) if Path::new(text).is_relative() && !text.is_empty() => Some(text.into()),
            Value::Text(text) => {
                let message = format!("`{}` is no folder as seen from this file", shown(text));
                self.nodes.mistake(message, node.place, "not a relative path", help);
                None
            }
            _ => self.nodes.wrong_type(key, "a folder", node, help.to_owned()),
        }
    }

    fn rules(&mut self, node: &Node) -> Vec<RuleConfig> {
        let mut rules: Vec<RuleConfig> = Vec::new();
        let mut set: HashMap<&str, Place> = HashMap::new();
        for (key, name, value) in self.nodes.entries(node, "`rules`") {
            let Some(selector) = self.selector(key, name) else { continue };
            let &[code] = selector.codes.as_slice() else {
                let message = format!("`{}` stands for {} rules", shown(name), selector.codes.len());
                let help = "name one rule at a time here; `select` and `ignore` take groups";
                self.nodes.mistake(message, key, "more than one rule", help);
                continue;
            };
            if let Some(&first) = set.get(code) {
                self.nodes.twice(format!("the rule {code} is set twice"), key, first);
                continue;
            }
            set.insert(code, key);
            let (level, options) = self.rule(name, code, value);
            rules.push(RuleConfig { code, place: key, level, options });
        }
        rules
    }

    /// The value of a rule: a level, or a mapping of its severity and its options.
    fn rule(&mut self, rule: &str, code: &str, node: &Node) -> (Option<Level>, Options) {
        if !matches!(node.value, Value::Map(_)) {
            return (self.nodes.choice(rule, node, &RULE_LEVELS, Level::from_name), Options::new());
        }
        let known = (self.catalogue.options)(code);
        let (mut level, mut options) = (None, Options::new());
        for (key, name, value) in self.nodes.entries(node, "the settings of a rule") {
            match known.iter().find(|option| option.name == name) {
                Some(option) => options.extend(self.option(option, value).map(|value| (option.name, value))),
                None if name == "severity" => level = self.nodes.choice(name, value, &RULE_LEVELS, Level::from_name),
                None => {
                    let keys: Vec<&str> = std::iter::once("severity").chain(known.iter().map(|o| o.name)).collect();
                    self.nodes.unknown_key(key, name, &keys);
                }
            }
        }
        (level, options)
    }

    /// The value of an option; a key without a value is as good as no key.
    fn option(&mut self, option: &OptionSpec, node: &Node) -> Option<OptionValue> {
        match (option.kind, &node.value) {
            (_, Value::Null) => None,
            (OptionKind::Flag, Value::Bool(flag)) => Some(OptionValue::Flag(*flag)),
            (OptionKind::Words, Value::List(items)) => {
                let words = items.iter().filter_map(|item| self.nodes.word(option.name, item));
                Some(OptionValue::Words(words.collect()))
            }
            (OptionKind::Map, Value::Map(_)) => {
                let mut pairs = Vec::new();
                for (_, key, value) in self.nodes.entries(node, "the option") {
                    pairs.extend(self.nodes.word(option.name, value).map(|word| (key.to_owned(), word)));
                }
                Some(OptionValue::Map(pairs))
            }
            (kind, _) => {
                let help = format!("write `{}: {}`", option.name, kind.example());
                self.nodes.wrong_type(option.name, kind.expected(), node, help)
            }
        }
    }

    fn selectors(&mut self, key: &str, node: &Node) -> Vec<Selector> {
        let items = match &node.value {
            Value::Null => return Vec::new(),
            Value::List(items) => items,
            Value::Text(word) => {
                let help = format!("write `{key}: [{}]`", shown(word));
                return self.nodes.wrong_type(key, "a list of rules", node, help);
            }
            _ => {
                return self.nodes.wrong_type(
                    key,
                    "a list of rules",
                    node,
                    format!("write it as `{key}: [CODE, ...]`"),
                );
            }
        };
        let mut selectors = Vec::new();
        for item in items {
            match &item.value {
                Value::Text(word) => selectors.extend(self.selector(item.place, word)),
                _ => {
                    let help = "write the code, a prefix of codes, the name or `ALL`".to_owned();
                    self.nodes.wrong_type::<()>(key, "the code or name of a rule", item, help);
                }
            }
        }
        selectors
    }

    fn selector(&mut self, place: Place, word: &str) -> Option<Selector> {
        let start = word.to_ascii_uppercase();
        let own: Vec<&'static str> =
            self.custom.iter().copied().filter(|code| !word.is_empty() && code.starts_with(&start)).collect();
        match (self.catalogue.resolve)(word) {
            Resolution::Unknown if !own.is_empty() => {
                let exact = own.iter().copied().find(|code| *code == start);
                let codes = exact.map_or(own, |code| vec![code]);
                Some(Selector { text: word.to_owned(), place, codes })
            }
            Resolution::Rules(codes) if !codes.is_empty() => Some(Selector { text: word.to_owned(), place, codes }),
            Resolution::Rules(_) | Resolution::Unknown => self.unknown_rule(place, word),
        }
    }

    fn unknown_rule<T>(&mut self, place: Place, word: &str) -> Option<T> {
        if self.nodes.is_full() {
            self.nodes.count();
            return None;
        }
        let of_project = || closest(word, self.custom.iter().copied()).map(str::to_owned);
        let suggestion = (self.catalogue.suggest)(word).or_else(of_project);
        let help = match suggestion {
            Some(meant) => format!("did you mean `{}`?", shown(&meant)),
            None => "use the code, a prefix of codes, the name of a rule or `ALL`".to_owned(),
        };
        self.nodes.mistake(format!("unknown rule `{}`", shown(word)), place, "no rule has this code or name", &help);
        None
    }
}

/// A key without a value says nothing, rather than "the empty list".
fn present(node: &Node) -> Option<&Node> {
    (!matches!(node.value, Value::Null)).then_some(node)
}
