//! Reading the nodes of a YAML tree: what is expected, and what is said when something else is there.

use super::mistake::{ConfigError, Mistake, Source, shown};
use super::yaml::{Node, Place, Value};
use crate::source::Span;
use crate::suggest::closest;
use crate::yaml::{Excess, within_bounds};
use std::collections::HashMap;

/// Reads nodes and collects the mistakes, so that all are shown at once.
pub(super) struct NodeReader<'a> {
    pub source: &'a Source,
    mistakes: Vec<Mistake>,
    /// How many are shown at most.
    most: usize,
    /// How many more there are.
    more: usize,
}

/// So many mistakes are shown at most.
const MOST: usize = 50;

/// To find the place of a mistake, the text is read once more: so many bytes in all. A long text shows fewer mistakes, but
/// always some.
const MOST_READ: usize = 4 * 1024 * 1024;
const LEAST: usize = 5;

impl<'a> NodeReader<'a> {
    pub fn new(source: &'a Source) -> Self {
        let most = (MOST_READ / source.text().len().max(1)).clamp(LEAST, MOST);
        Self { source, mistakes: Vec::new(), most, more: 0 }
    }

    /// What was read, if there was no mistake.
    pub fn conclude<T>(self, value: T) -> Result<T, ConfigError> {
        let more = (self.more > 0).then(|| ConfigError::more(self.more));
        ConfigError::of(self.mistakes.into_iter().chain(more).collect()).map_or(Ok(value), Err)
    }

    /// The whole tree.
    pub fn root(&mut self) -> Option<Node> {
        if let Err(excess) = within_bounds(self.source.text()) {
            self.mistakes.push(too_much(self.source, excess));
            return None;
        }
        match super::yaml::parse(self.source.text()) {
            Ok(root) => Some(root),
            Err(error) => {
                let message = "the configuration is not valid YAML".to_owned();
                self.add(|source| source.mistake_at(message, &[(error.span, &error.message)], None));
                None
            }
        }
    }

    /// Takes over the mistakes of another file.
    pub fn extend(&mut self, error: &ConfigError) {
        error.mistakes().for_each(|mistake| self.add(|_| mistake.clone()));
    }

    /// Whether no more mistakes are shown, only counted.
    pub fn is_full(&self) -> bool {
        self.mistakes.len() >= self.most
    }

    /// Counts a mistake that is not shown.
    pub fn count(&mut self) {
        self.more += 1;
    }

    fn add(&mut self, mistake: impl FnOnce(&Source) -> Mistake) {
        if self.is_full() {
            self.count();
        } else {
            self.mistakes.push(mistake(self.source));
        }
    }

    /// Something that stands there once too often.
    pub fn twice(&mut self, message: String, again: Place, first: Place) {
        let labels = [(again, "again here"), (first, "first set here")];
        let help = Some("keep one of the two".to_owned());
        self.add(|source| source.mistake(message, &labels, help));
    }

    pub fn word(&mut self, key: &str, node: &Node) -> Option<String> {
        match &node.value {
            Value::Text(word) => Some(word.clone()),
            _ => self.wrong_type(key, "text here", node, "put it in quotes if it is meant as text".to_owned()),
        }
    }

    /// `true` or `false`. A key without a value is as good as no key.
    pub fn flag(&mut self, key: &str, node: &Node) -> Option<bool> {
        match &node.value {
            Value::Null => None,
            Value::Bool(flag) => Some(*flag),
            _ => self.wrong_type(key, "`true` or `false`", node, format!("write `{key}: true`")),
        }
    }

    /// A list of words; one word counts as such a list.
    pub fn words(&mut self, key: &str, node: &Node) -> Vec<String> {
        match &node.value {
            Value::Null => Vec::new(),
            Value::List(items) => items.iter().filter_map(|item| self.word(key, item)).collect(),
            _ => self.word(key, node).into_iter().collect(),
        }
    }

    /// A word out of a few. A key without a value is as good as no key.
    pub fn choice<T>(
        &mut self,
        key: &str,
        node: &Node,
        names: &[&str],
        from_name: impl Fn(&str) -> Option<T>,
    ) -> Option<T> {
        let all = format!("use {}", alternatives(names));
        match &node.value {
            Value::Null => None,
            Value::Text(word) => {
                let found = from_name(word);
                if found.is_none() {
                    let help = match closest(word, names.iter().copied()) {
                        Some(meant) => format!("did you mean `{meant}`?"),
                        None => all,
                    };
                    let message = format!("unknown value `{}` for `{}`", shown(word), shown(key));
                    self.mistake(message, node.place, "not one of the values", &help);
                }
                found
            }
            _ => self.wrong_type(key, "one word", node, all),
        }
    }

    /// The entries of a mapping with text as keys, each key once: the place of the key, the key, the value.
    pub fn entries<'n>(&mut self, node: &'n Node, what: &str) -> Vec<(Place, &'n str, &'n Node)> {
        let entries = match &node.value {
            Value::Null => return Vec::new(),
            Value::Map(entries) => entries,
            other => {
                let message = format!("{what} must be a mapping, found {}", other.kind());
                self.mistake(message, node.place, "expected `key: value`", "write one `key: value` a line");
                return Vec::new();
            }
        };
        let mut read: Vec<(Place, &str, &Node)> = Vec::new();
        let mut known: HashMap<&str, Place> = HashMap::new();
        for (key, value) in entries {
            let Value::Text(name) = &key.value else {
                let message = format!("a key must be text, found {}", key.value.kind());
                self.mistake(message, key.place, "not a key", "put the key in quotes if it is meant as text");
                continue;
            };
            if let Some(&first) = known.get(name.as_str()) {
                self.twice(format!("the key `{}` is set twice", shown(name)), key.place, first);
                continue;
            }
            known.insert(name, key.place);
            read.push((key.place, name, value));
        }
        read
    }

    pub fn unknown_key(&mut self, place: Place, name: &str, keys: &[&str]) {
        if self.is_full() {
            return self.count();
        }
        let help = match closest(name, keys.iter().copied()) {
            Some(meant) => format!("did you mean `{meant}`?"),
            None => format!("use {}", alternatives(keys)),
        };
        self.mistake(format!("unknown key `{}`", shown(name)), place, "this key has no meaning here", &help);
    }

    pub fn wrong_type<T: Default>(&mut self, key: &str, expected: &str, node: &Node, help: String) -> T {
        let message = format!("`{}` takes {expected}, found {}", shown(key), node.value.kind());
        self.mistake(message, node.place, &format!("expected {expected}"), &help);
        T::default()
    }

    pub fn mistake(&mut self, message: String, place: Place, label: &str, help: &str) {
        self.add(|source| source.mistake(message, &[(place, label)], Some(help.to_owned())));
    }
}

/// "`a`, `b` or `c`".
fn alternatives(words: &[&str]) -> String {
    let quoted: Vec<String> = words.iter().map(|w| format!("`{w}`")).collect();
    match quoted.split_last() {
        Some((last, [])) => last.clone(),
        Some((last, rest)) => format!("{} or {last}", rest.join(", ")),
        None => String::new(),
    }
}

/// The mistake of a text that would take too long to read.
fn too_much(source: &Source, excess: Excess) -> Mistake {
    let message = "the configuration takes too long to read".to_owned();
    let (at, label, help) = match excess {
        Excess::Brackets(at) => (Some(at), "too many brackets up to here", "write lists with `-`, one entry a line"),
        Excess::Directives(at) => (Some(at), "too many lines with `%` up to here", "leave them out"),
        Excess::Aliases => (None, "", "write less with `*` aliases: what they stand for comes to several megabytes"),
    };
    let label = at.map(|at| (Span::from(at..at + 1), label));
    source.mistake_at(message, label.as_slice(), Some(help.to_owned()))
}
