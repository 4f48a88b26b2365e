//! Reading `custom`.

use super::{CustomRule, Matcher, Parts, Pattern, Patterns, StageFilter, Subject, is_custom_code, keep_code};
use crate::config::mistake::shown;
use crate::config::nodes::NodeReader;
use crate::config::read::RULE_LEVELS;
use crate::config::yaml::{Node, Place, Value};
use crate::config::{Catalogue, Resolution};
use crate::diagnostic::Severity;
use std::sync::Arc;

/// The keys of a rule.
const KEYS: [&str; 9] = ["code", "match", "require", "message", "severity", "help", "replace", "bad", "good"];
/// The keys of `match` and `require`, and of `not` in them.
const MATCH_KEYS: [&str; 7] = ["instruction", "stage", "image", "flag", "command", "argument", "not"];
const PART_KEYS: [&str; 4] = ["image", "flag", "command", "argument"];
/// The instructions.
pub(super) const INSTRUCTIONS: [&str; 18] = [
    "ADD",
    "ARG",
    "CMD",
    "COPY",
    "ENTRYPOINT",
    "ENV",
    "EXPOSE",
    "FROM",
    "HEALTHCHECK",
    "LABEL",
    "MAINTAINER",
    "ONBUILD",
    "RUN",
    "SHELL",
    "STOPSIGNAL",
    "USER",
    "VOLUME",
    "WORKDIR",
];
/// More rules, and more patterns or snippets in one place, are taken for a mistake.
const MOST_RULES: usize = 200;
const MOST_WORDS: usize = 50;

/// Reads the list under `custom`.
pub(in crate::config) fn rules(
    nodes: &mut NodeReader<'_>,
    node: &Node,
    catalogue: Catalogue<'_>,
) -> Vec<Arc<CustomRule>> {
    let items = match &node.value {
        Value::Null => return Vec::new(),
        Value::List(items) => items,
        _ => {
            let help = "write one rule a line: `- code: ACME001`, and below it what it matches";
            return nodes.wrong_type("custom", "a list of rules", node, help.to_owned());
        }
    };
    if items.len() > MOST_RULES {
        let message = format!("there are {} custom rules; {MOST_RULES} are the most", items.len());
        nodes.mistake(message, node.place, "too many", "put them together: a pattern may be a list");
        return Vec::new();
    }
    let mut read: Vec<(Place, Arc<CustomRule>)> = Vec::new();
    for item in items {
        let Some((place, rule)) = rule(nodes, item, catalogue) else { continue };
        if let Some((first, _)) = read.iter().find(|(_, other)| other.code == rule.code) {
            let first = *first;
            nodes.twice(format!("the rule {} is there twice", rule.code), place, first);
            continue;
        }
        read.push((place, Arc::new(rule)));
    }
    read.into_iter().map(|(_, rule)| rule).collect()
}

fn rule(nodes: &mut NodeReader<'_>, node: &Node, catalogue: Catalogue<'_>) -> Option<(Place, CustomRule)> {
    let (mut code, mut subject, mut message, mut help, mut replace) = (None, None, None, None, None);
    let (mut severity, mut bad, mut good) = (Severity::Warning, Vec::new(), Vec::new());
    let mut wrong = false;
    for (key, name, value) in nodes.entries(node, "a custom rule") {
        match name {
            "code" => code = self::code(nodes, value, catalogue),
            "match" | "require" if subject.is_some() => {
                nodes.mistake("a rule has `match` and `require`".into(), key, "the second", "make two rules of it");
            }
            "match" => subject = Some(matcher(nodes, name, value).map(Subject::Match)),
            "require" => subject = Some(matcher(nodes, name, value).map(Subject::Require)),
            "message" => message = Some(sentence(nodes, name, value)),
            "help" => help = sentence(nodes, name, value),
            "severity" => {
                let level = nodes.choice(name, value, &RULE_LEVELS[1..], Severity::from_name);
                severity = level.unwrap_or(severity);
            }
            "replace" => replace = replacement(nodes, value).map(|word| (value.place, word)),
            "bad" => bad = words(nodes, name, value),
            "good" => good = words(nodes, name, value),
            _ => {
                nodes.unknown_key(key, name, &KEYS);
                wrong = true;
            }
        }
    }
    let mut missing = |is: bool, what: &str, help: &str| {
        if is && !wrong {
            nodes.mistake(format!("a custom rule has no `{what}`"), node.place, &format!("`{what}` is missing"), help);
        }
    };
    missing(code.is_none() && !has(node, "code"), "code", "give it a code of your own, such as `ACME001`");
    missing(message.is_none(), "message", "say in one sentence what is wrong");
    missing(
        subject.is_none(),
        "match",
        "say what is reported: `match: {instruction: ADD}`; or what has to be there: `require:`",
    );
    let (subject, message) = (subject??, message??);
    if let Some((place, word)) = &replace {
        check_replacement(nodes, *place, word, &subject);
    }
    let (place, code) = code?;
    let replace = replace.map(|(_, word)| word);
    Some((place, CustomRule { code, subject, message, severity, help, replace, bad, good }))
}

fn has(node: &Node, name: &str) -> bool {
    matches!(&node.value, Value::Map(entries) if entries.iter().any(|(k, _)| matches!(&k.value, Value::Text(t) if t == name)))
}

fn code(nodes: &mut NodeReader<'_>, node: &Node, catalogue: Catalogue<'_>) -> Option<(Place, &'static str)> {
    let word = nodes.word("code", node)?;
    let known = matches!((catalogue.resolve)(&word), Resolution::Rules(_));
    if !known && is_custom_code(&word) {
        return Some((node.place, keep_code(&word)));
    }
    let help = "take capitals and a number, such as `ACME001`; DL, SC, LW and CKV belong to others";
    let message = match known {
        true => format!("`{}` is a code or a name of a known rule", shown(&word)),
        false => format!("`{}` can't be the code of a custom rule", shown(&word)),
    };
    nodes.mistake(message, node.place, "not a code of your own", help);
    None
}

/// One line of text.
fn sentence(nodes: &mut NodeReader<'_>, key: &str, node: &Node) -> Option<String> {
    let text = nodes.word(key, node)?;
    let text = text.trim();
    if text.is_empty() || text.contains('\n') {
        let help = "write one sentence in one line".to_owned();
        nodes.mistake(format!("`{key}` takes one line of text"), node.place, "not one line", &help);
        return None;
    }
    Some(shown(text))
}

/// A word that the shell and the builder take as it is. A replacement of several words could grow without end, as each
/// of them is looked at again.
fn replacement(nodes: &mut NodeReader<'_>, node: &Node) -> Option<String> {
    let word = nodes.word("replace", node)?;
    let plain = |b: u8| b.is_ascii_alphanumeric() || b"._/:@=+,%-".contains(&b);
    if !word.is_empty() && word.bytes().all(plain) {
        return Some(word);
    }
    let message = format!("`{}` is no plain word", shown(&word));
    nodes.mistake(
        message,
        node.place,
        "not one word",
        "write one word of letters, digits and `._/:@=+,%-`, or leave it out",
    );
    None
}

/// What is put in must not be found again.
fn check_replacement(nodes: &mut NodeReader<'_>, place: Place, word: &str, subject: &Subject) {
    let Subject::Match(matcher) = subject else {
        let help = "say in `help` what to write";
        nodes.mistake("what is missing can't be replaced".into(), place, "nothing to replace", help);
        return;
    };
    let parts = &matcher.parts;
    let found = match [&parts.argument, &parts.flag, &parts.image, &parts.command].into_iter().flatten().next() {
        Some(patterns) => {
            let excepted = [&matcher.not].into_iter().flatten();
            let mut excepted = excepted.flat_map(|not| [&not.argument, &not.flag, &not.image, &not.command]).flatten();
            patterns.iter().any(|p| p.fits(word)) && !excepted.any(|list| list.iter().any(|p| p.fits(word)))
        }
        None => matcher.instructions.iter().any(|name| name.eq_ignore_ascii_case(word)),
    };
    if found {
        let message = format!("`{}` would be reported again", shown(word));
        nodes.mistake(message, place, "matched by the rule itself", "let `match` leave it out, with `not` if need be");
    }
}

/// A word, or a list of words.
fn words(nodes: &mut NodeReader<'_>, key: &str, node: &Node) -> Vec<String> {
    let words = nodes.words(key, node);
    if words.len() > MOST_WORDS {
        let message = format!("`{key}` has {} entries; {MOST_WORDS} are the most", words.len());
        nodes.mistake(message, node.place, "too many", "make several rules of it");
        return Vec::new();
    }
    words
}

fn matcher(nodes: &mut NodeReader<'_>, key: &str, node: &Node) -> Option<Matcher> {
    let mut matcher = Matcher::default();
    let mut named = None;
    for (place, name, value) in nodes.entries(node, &format!("`{key}`")) {
        match name {
            "instruction" => named = Some(instructions(nodes, value)),
            "stage" => matcher.stage = stage(nodes, value),
            "not" => {
                let mut not = Parts::default();
                for (place, name, value) in nodes.entries(value, "`not`") {
                    if !part(nodes, name, value, &mut not) {
                        nodes.unknown_key(place, name, &PART_KEYS);
                    }
                }
                matcher.not = Some(not).filter(|not| !not.is_empty());
            }
            _ if part(nodes, name, value, &mut matcher.parts) => {}
            _ => nodes.unknown_key(place, name, &MATCH_KEYS),
        }
    }
    let not = matcher.not.as_ref();
    let says = |part: fn(&Parts) -> &Option<Patterns>| {
        part(&matcher.parts).is_some() || not.is_some_and(|n| part(n).is_some())
    };
    // A part that only one instruction has says which one is meant.
    matcher.instructions = match named {
        Some(names) => names,
        None if says(|p| &p.image) => vec!["FROM"],
        None if says(|p| &p.command) => vec!["RUN"],
        None => {
            let help = "add one, such as `instruction: COPY`; only `image` (FROM) and `command` (RUN) do without";
            nodes.mistake(format!("`{key}` names no instruction"), node.place, "`instruction` is missing", help);
            return None;
        }
    };
    let only = |part: &str, instruction: &str| (part.to_owned(), instruction.to_owned());
    let wrong = [(says(|p| &p.image), only("image", "FROM")), (says(|p| &p.command), only("command", "RUN"))];
    for (_, (part, instruction)) in
        wrong.iter().filter(|(said, (_, only))| *said && matcher.instructions != [only.as_str()])
    {
        let help = format!("leave `instruction` out, or write `instruction: {instruction}`");
        nodes.mistake(format!("only {instruction} has `{part}`"), node.place, "this never matches", &help);
    }
    (!matcher.instructions.is_empty()).then_some(matcher)
}

fn part(nodes: &mut NodeReader<'_>, name: &str, value: &Node, parts: &mut Parts) -> bool {
    let part = match name {
        "image" => &mut parts.image,
        "flag" => &mut parts.flag,
        "command" => &mut parts.command,
        "argument" => &mut parts.argument,
        _ => return false,
    };
    let patterns = patterns(nodes, name, value);
    *part = (!patterns.is_empty()).then_some(patterns);
    true
}

fn patterns(nodes: &mut NodeReader<'_>, key: &str, node: &Node) -> Patterns {
    let mut patterns = Patterns::new();
    for word in words(nodes, key, node) {
        match Pattern::new(&word) {
            Ok(pattern) => patterns.push(pattern),
            Err(reason) => {
                let message = format!("`{}` is no pattern: {}", shown(&word), shown(&reason));
                let help =
                    "write a glob, in which `*` stands for anything, or a regular expression between slashes: `/^a+$/`";
                nodes.mistake(message, node.place, "not a pattern", help);
            }
        }
    }
    patterns
}

fn instructions(nodes: &mut NodeReader<'_>, node: &Node) -> Vec<&'static str> {
    let find = |word: &str| INSTRUCTIONS.into_iter().find(|name| name.eq_ignore_ascii_case(word));
    match &node.value {
        Value::List(items) => {
            items.iter().filter_map(|item| nodes.choice("instruction", item, &INSTRUCTIONS, find)).collect()
        }
        _ => nodes.choice("instruction", node, &INSTRUCTIONS, find).into_iter().collect(),
    }
}

fn stage(nodes: &mut NodeReader<'_>, node: &Node) -> Option<StageFilter> {
    match &node.value {
        Value::Text(word) if word == "final" => Some(StageFilter::Final),
        Value::Text(word) if word == "build" => Some(StageFilter::Build),
        Value::Text(word) if word == "any" => Some(StageFilter::Any),
        _ => Some(patterns(nodes, "stage", node)).filter(|p| !p.is_empty()).map(StageFilter::Named),
    }
}
