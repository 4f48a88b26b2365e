//! The JSON Schema of the configuration, made from the same tables as its reader.

use crate::config::{Builder, OptionKind, RULE_LEVELS, ShellCheck};
use crate::diagnostic::Severity;
use crate::rules::{self, RULES, RuleMeta};
use crate::syntax::Keyword;
use serde_json::{Map, Value, json};
use std::io::{self, Write};

pub(super) fn write(out: &mut dyn Write) -> io::Result<()> {
    serde_json::to_writer_pretty(&mut *out, &schema())?;
    writeln!(out)
}

fn schema() -> Value {
    let mut all = of_file();
    let strings = json!({ "type": "array", "items": { "type": "string" } });
    all.insert(
        "contexts".into(),
        json!({
            "description": "The folder that each Dockerfile is built with, by patterns of Dockerfiles.",
            "type": "object",
            "additionalProperties": { "type": "string", "minLength": 1 },
        }),
    );
    all.insert(
        "baseline".into(),
        json!({
            "description": "The file of `--write-baseline`, within the repository: what stands in it is not reported.",
            "type": "string",
            "minLength": 1,
        }),
    );
    all.insert(
        "extends".into(),
        json!({
            "description": "Files of the repository that this one is read over; the last one wins.",
            "anyOf": [{ "type": "string" }, strings],
        }),
    );
    all.insert("custom".into(), custom());
    let mut entry = of_file();
    entry.insert(
        "files".into(),
        json!({ "description": "Patterns of Dockerfiles, from this folder on.", "anyOf": [{ "type": "string" }, strings] }),
    );
    all.insert(
        "overrides".into(),
        json!({
            "description": "What counts for some files only; of entries that fit, the last one wins.",
            "type": "array",
            "items": { "type": "object", "required": ["files"], "properties": entry, "additionalProperties": false },
        }),
    );
    json!({
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": "layerwise",
        "description": format!("The configuration of layerwise {}", env!("CARGO_PKG_VERSION")),
        "type": "object",
        "properties": all,
        "additionalProperties": false,
        "definitions": {
            "selectors": {
                "type": "array",
                // Editors offer the names; starts of codes and ShellCheck's codes are right too.
                "items": { "anyOf": [{ "enum": names() }, { "type": "string", "minLength": 1 }] },
            },
            "level": { "enum": RULE_LEVELS },
            "rule": rule(&[]),
        },
    })
}

/// The keys that may stand in an entry of `overrides` too.
fn of_file() -> Map<String, Value> {
    let selectors = |text: &str| json!({ "description": text, "$ref": "#/definitions/selectors" });
    let choice = |text: &str, names: Vec<&str>| json!({ "description": text, "enum": names });
    let flag = |text: &str| json!({ "description": text, "type": "boolean" });
    let entries = [
        ("select", selectors("The only rules that run.")),
        ("extend-select", selectors("Rules that run besides.")),
        ("ignore", selectors("Rules that don't run.")),
        ("ignore-comments", flag("Whether comments in Dockerfiles switch rules off.")),
        ("no-fail", flag("Whether findings never make the exit code 1.")),
        (
            "fail-level",
            choice("The lightest finding that makes the exit code 1.", Severity::ALL.map(Severity::name).to_vec()),
        ),
        ("builder", choice("Whose cache the findings are about.", Builder::ALL.map(Builder::name).to_vec())),
        (
            "shellcheck",
            choice("Whether scripts of RUN go to shellcheck.", ShellCheck::ALL.map(ShellCheck::name).to_vec()),
        ),
        ("rules", rules_of()),
    ];
    entries.into_iter().map(|(key, value)| (key.to_owned(), value)).collect()
}

/// The rules that a project writes itself.
fn custom() -> Value {
    let text = |text: &str| json!({ "description": text, "type": "string", "minLength": 1 });
    let words = |text: &str| json!({ "description": text, "anyOf": [{ "type": "string" }, { "type": "array", "items": { "type": "string" }, "maxItems": 50 }] });
    let parts = || {
        let all = [
            ("image", "The image of FROM."),
            ("flag", "A flag with its value, or its name alone."),
            ("command", "The name of a command of RUN."),
            ("argument", "A word of that command, or of another instruction."),
        ];
        all.into_iter().map(|(key, about)| (key.to_owned(), words(about))).collect::<Map<String, Value>>()
    };
    let mut matcher = parts();
    let name = json!({ "enum": Keyword::names().collect::<Vec<_>>() });
    let names = json!({ "type": "array", "items": name });
    matcher.insert(
        "instruction".into(),
        json!({ "description": "Which instruction, or several.", "anyOf": [name, names] }),
    );
    matcher.insert("stage".into(), words("`final`, `build`, `any`, or patterns of names of stages."));
    let not = json!({ "description": "What this fits is left out.", "type": "object", "properties": parts(), "additionalProperties": false });
    matcher.insert("not".into(), not);
    let named = |key: &str| json!({ "required": [key] });
    let implied =
        json!({ "properties": { "not": { "anyOf": [named("image"), named("command")] } }, "required": ["not"] });
    let matcher = |about: &str| {
        json!({
            "description": about,
            "type": "object",
            "properties": matcher,
            "additionalProperties": false,
            "anyOf": [named("instruction"), named("image"), named("command"), implied],
        })
    };
    json!({
        "description": "Rules of this project. Patterns are globs, or regular expressions between slashes.",
        "type": "array",
        "maxItems": 200,
        "items": {
            "type": "object",
            "properties": {
                "code": { "description": "A code of your own: ACME001.", "type": "string", "pattern": "^(?!DL|SC|LW|CKV|ALL)[A-Z][A-Z0-9_-]*[0-9]$" },
                "match": matcher("What is reported where it stands."),
                "require": matcher("What the image of the final stage, or of those that `stage` names, has to have."),
                "message": text("What is wrong, in one sentence."),
                "severity": { "description": "How much it weighs: warning if nothing is said.", "enum": RULE_LEVELS[1..] },
                "help": text("What to do."),
                "replace": { "description": "The word that comes in place of the one that was matched.", "type": "string", "pattern": "^[A-Za-z0-9._/:@=+,%-]+$" },
                "bad": words("Dockerfiles, or parts of some, that are reported."),
                "good": words("Those that are not."),
            },
            "required": ["code", "message"],
            "oneOf": [named("match"), named("require")],
            "additionalProperties": false,
        },
    })
}

fn rules_of() -> Value {
    let mut properties = Map::new();
    for rule in &RULES {
        for name in names_of(rule.meta) {
            properties.insert(name.into(), describe(rule.meta));
        }
    }
    json!({
        "description": "The severity and the options of single rules.",
        "type": "object",
        "properties": properties,
        "patternProperties": { "^SC[0-9]*$": { "$ref": "#/definitions/rule" } },
        // Codes and names are also right in other letter cases.
        "additionalProperties": { "$ref": "#/definitions/rule" },
    })
}

fn describe(meta: &RuleMeta) -> Value {
    let mut value = if meta.options.is_empty() { json!({ "$ref": "#/definitions/rule" }) } else { rule(meta.options) };
    value["description"] = json!(format!("{}: {}", meta.code, meta.title()));
    value
}

/// A level, or a mapping of the severity and `options`.
fn rule(options: &[crate::config::OptionSpec]) -> Value {
    let mut properties = Map::new();
    properties.insert("severity".into(), json!({ "$ref": "#/definitions/level" }));
    for option in options {
        let kind = match option.kind {
            OptionKind::Flag => json!({ "type": "boolean" }),
            OptionKind::Words => json!({ "type": "array", "items": { "type": "string" } }),
            OptionKind::Map => json!({ "type": "object", "additionalProperties": { "type": "string" } }),
        };
        properties.insert(option.name.into(), kind);
    }
    json!({
        "anyOf": [
            { "$ref": "#/definitions/level" },
            { "type": "object", "properties": properties, "additionalProperties": false },
        ],
    })
}

fn names() -> Vec<&'static str> {
    let mut names: Vec<&str> =
        ["ALL"].into_iter().chain(rules::names()).chain(rules::categories()).chain([rules::CUSTOM]).collect();
    names.sort_unstable();
    names.dedup();
    names
}

fn names_of(meta: &RuleMeta) -> impl Iterator<Item = &'static str> {
    [meta.code, meta.name].into_iter().chain(meta.aliases.iter().copied())
}
