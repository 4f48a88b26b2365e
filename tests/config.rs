//! `layerwise config`, tried as people use it.

#[path = "support/ran.rs"]
mod ran;

use ran::repository;
use serde_json::Value;
use std::fs;
use std::path::Path;
use std::process::{Command, Output};

fn layerwise(folder: &Path, args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_layerwise")).args(args).current_dir(folder).output().expect("the program starts")
}

fn text(output: &Output) -> String {
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout.clone()).expect("the program prints text")
}

const BASE: &str =
    "fail-level: warning\nignore: [layers]\nrules: {DL3026: {registries: ['a \"b\"', c]}, SC2086: off}\n";
const OWN: &str = "extends: ../.layerwise.yaml\nbuilder: classic\nrules:\n  DL3006: error\n  SC20: info\n  SC2086: error\n\
                   contexts: {'*': ..}\noverrides:\n- files: '*.dev'\n  ignore: [DL3006, SC2046]\n";

#[test]
fn show_says_what_counts_and_where_it_comes_from() {
    let folder = repository(&[(".layerwise.yaml", BASE), ("api/layerwise.yaml", OWN)]);
    let shown = text(&layerwise(folder.path(), &["config", "show", "api/web.dev"]));
    let line = |start: &str| {
        let line =
            shown.lines().find(|l| l.trim_start().starts_with(start)).unwrap_or_else(|| panic!("{start}: {shown}"));
        line.split_whitespace().collect::<Vec<_>>().join(" ")
    };
    assert_eq!(line("builder"), "builder: classic # api/layerwise.yaml");
    assert_eq!(line("fail-level"), "fail-level: warning # .layerwise.yaml");
    assert_eq!(line("shellcheck"), "shellcheck: auto # default");
    assert_eq!(line("\"web.dev\""), "\"web.dev\": \"..\" # api/layerwise.yaml");
    assert_eq!(line("LW101"), "LW101: style # default");
    assert_eq!(line("LW102"), "LW102: off # .layerwise.yaml");
    assert_eq!(line("DL3006"), "DL3006: off # api/layerwise.yaml, override 1");
    assert!(
        line("DL3026").starts_with("DL3026: { severity: error, registries: [\"a \\\"b\\\"\", \"c\"] } #"),
        "{shown}"
    );
    assert_eq!(line("SC2086"), "SC2086: error # api/layerwise.yaml");
    assert_eq!(line("SC2046"), "SC2046: off # api/layerwise.yaml, override 1");
    let other = text(&layerwise(folder.path(), &["config", "show", "api/Dockerfile"]));
    assert!(other.contains("DL3006: error "), "{other}");
}

#[test]
fn what_show_prints_is_a_configuration_with_the_same_effect() {
    let folder = repository(&[(".layerwise.yaml", BASE), ("api/layerwise.yaml", OWN)]);
    let shown = text(&layerwise(folder.path(), &["config", "show", "api/web.dev"]));
    fs::write(folder.path().join("api/.layerwise.yaml"), &shown).expect("a file can be written");
    let again = text(&layerwise(folder.path(), &["config", "show", "api/web.dev"]));
    let settings = |text: &str| -> Vec<String> {
        let setting = |line: &str| line.rsplit_once('#').map_or(line, |(setting, _)| setting).trim_end().to_owned();
        text.lines().map(setting).map(|line| line.split_whitespace().collect::<Vec<_>>().join(" ")).collect()
    };
    assert_eq!(settings(&shown), settings(&again));
    assert!(again.contains("# api/.layerwise.yaml") && !again.contains("override 1"));
}

#[test]
fn a_wrong_configuration_is_shown_with_its_mistake() {
    let folder = repository(&[(".layerwise.yaml", "ignroe: []\n")]);
    let output = layerwise(folder.path(), &["config", "show"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&output.stderr).contains("did you mean `ignore`?"));
}

#[test]
fn the_schema_takes_and_refuses_what_the_reader_does() {
    let schema: Value = serde_json::from_str(&text(&layerwise(Path::new("."), &["config", "schema"]))).expect("JSON");
    let schema = jsonschema::validator_for(&schema).expect("the schema is one");
    let folder = repository(&[("other.yaml", "builder: classic\n")]);
    let cases: &[(&str, bool)] = &[
        (BASE, true),
        ("{}", true),
        ("select: [DL3, LW101, ALL, security, SC2086, label-schema]\n", true),
        ("extends: other.yaml\n", true),
        ("extends: [other.yaml]\n", true),
        ("overrides: [{files: a, rules: {DL3006: off}}, {files: [a, b], builder: buildah}]\n", true),
        ("rules: {DL3006: {severity: style}, DL3049: {strict: true}, SC2086: {severity: info}}\n", true),
        ("contexts: {'*': .}\n", true),
        ("baseline: ci/baseline.json\n", true),
        ("no-fail: true\nignore-comments: false\n", true),
        ("no-fail: 1\n", false),
        ("custom: [{code: A1, message: m, match: {instruction: ADD}}]\n", true),
        (
            "custom: [{code: A1, message: m, severity: style, help: h, require: {image: [a, b], stage: x}, bad: [a], good: b}]\n",
            true,
        ),
        (
            "custom: [{code: A1, message: m, match: {not: {command: a}, flag: b}, replace: c}]\nignore: [A1, custom]\n",
            true,
        ),
        ("custom: {code: A1}\n", false),
        ("custom: [{code: DL1, message: m, match: {instruction: ADD}}]\n", false),
        ("custom: [{code: a1, message: m, match: {instruction: ADD}}]\n", false),
        ("custom: [{code: A1, match: {instruction: ADD}}]\n", false),
        ("custom: [{code: A1, message: m}]\n", false),
        ("custom: [{code: A1, message: m, match: {argument: x}}]\n", false),
        ("custom: [{code: A1, message: m, match: {instruction: ADDD}}]\n", false),
        ("custom: [{code: A1, message: m, match: {instruction: ADD, text: x}}]\n", false),
        ("custom: [{code: A1, message: m, match: {instruction: ADD}, require: {instruction: ADD}}]\n", false),
        ("custom: [{code: A1, message: m, match: {instruction: ADD}, replace: 'a b'}]\n", false),
        ("custom: [{code: A1, message: m, match: {instruction: ADD}, severity: off}]\n", false),
        ("overrides: [{files: a, custom: []}]\n", false),
        ("overrides: [{files: a, ignore-comments: 'no'}]\n", false),
        ("select: DL3006\n", false),
        ("select: [3]\n", false),
        ("fail-level: bad\n", false),
        ("builder: podman\n", false),
        ("shellcheck: /bin/evil\n", false),
        ("rules: {DL3006: loud}\n", false),
        ("rules: {DL3006: {registries: []}}\n", false),
        ("rules: {DL3026: {registries: word}}\n", false),
        ("rules: {SC2086: {registries: []}}\n", false),
        ("rules: [DL3006]\n", false),
        ("contexts: {'*': 3}\n", false),
        ("extends: 3\n", false),
        ("baseline: []\n", false),
        ("baseline: ''\n", false),
        ("overrides: [{files: a, baseline: b.json}]\n", false),
        ("overrides: [{rules: {}}]\n", false),
        ("overrides: [{files: a, contexts: {}}]\n", false),
        ("overrides: {files: a}\n", false),
        ("colour: red\n", false),
    ];
    for (config, good) in cases {
        fs::write(folder.path().join(".layerwise.yaml"), config).expect("a file can be written");
        let read = layerwise(folder.path(), &["config", "show"]);
        let said = String::from_utf8_lossy(&read.stderr).into_owned();
        assert_eq!(read.status.success(), *good, "the reader says of {config}: {said}");
        let value: Value = serde_yaml::from_str(config).expect("it is YAML");
        assert_eq!(schema.is_valid(&value), *good, "the schema, of {config}");
    }
}
