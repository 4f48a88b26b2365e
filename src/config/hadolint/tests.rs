use super::*;
use crate::config::mistake::Source;
use crate::config::{Config, Level, OptionValue, load};
use crate::rules::CATALOGUE;

fn read(text: &str) -> Result<Hadolint, ConfigError> {
    super::read::read(&Source::new(".hadolint.yaml", text))
}

fn config(text: &str) -> Config {
    read(text).expect("the text has no mistake").config(CATALOGUE)
}

const ALL: &str = "failure-threshold: warning\nno-fail: true\nformat: sarif\nno-color: true\ndisable-ignore-pragma: true\n\
    ignored: [DL3008, SC2086, DL3025, DL3008]\n\
    override:\n  style: [DL3006, DL3003]\n  error: [DL3006, SC2046]\n  info: [DL3006]\n  none: [DL3007]\n\
    trustedRegistries: [quay.io, '*.example.org']\nlabel-schema:\n  team: text\n  'a \"b\"': url\nstrict-labels: true\n";

#[test]
fn each_key_has_its_counterpart() {
    let config = config(ALL);
    assert_eq!(config.fail_level, Some(Severity::Warning));
    assert_eq!((config.no_fail, config.ignore_comments), (Some(true), Some(false)));
    let ignored: Vec<_> = config.ignore.iter().flat_map(|s| s.codes.clone()).collect();
    assert_eq!(ignored, ["DL3008", "SC2086", "JSONArgsRecommended", "DL3008"]);
    let levels: Vec<_> = config.rules.iter().map(|r| (r.code, r.level)).collect();
    let at = |severity| Some(Level::At(severity));
    assert_eq!(
        levels,
        [
            ("DL3006", at(Severity::Error)),
            ("DL3003", at(Severity::Style)),
            ("SC2046", at(Severity::Error)),
            ("DL3026", None),
            ("DL3049", None)
        ],
        "of several levels for one rule the heaviest counts"
    );
    assert_eq!(
        config.rules[3].options,
        [("registries", OptionValue::Words(vec!["quay.io".into(), "*.example.org".into()]))]
    );
    assert!(config.rules[4].options.contains(&("strict", OptionValue::Flag(true))));
    let remarks = config.from_hadolint.expect("it is hadolint's");
    assert_eq!(remarks.len(), 3, "format, colour and the level that is none: {remarks:?}");
}

#[test]
fn what_hadolint_passes_over_is_a_remark() {
    let config =
        config("ignored: [DL9999, dl3006, DL3, LW102, DL3006]\nallowedRegistries: [a]\noverride: {error: [DL0]}\n");
    assert_eq!(config.ignore.iter().map(|s| s.text.as_str()).collect::<Vec<_>>(), ["DL3006"]);
    assert!(config.rules.is_empty());
    assert_eq!(config.from_hadolint.map(|remarks| remarks.len()), Some(6));
}

#[test]
fn a_threshold_of_none_lets_every_finding_fail() {
    for (word, level) in [("none", "style"), ("ignore", "style"), ("style", "style"), ("error", "error")] {
        let read = read(&format!("failure-threshold: {word}\n")).expect("the word is known");
        assert_eq!(read.threshold.map(Severity::name), Some(level), "{word}");
    }
}

#[test]
fn what_hadolint_refuses_is_a_mistake() {
    for text in [
        "failure-threshold: Error\n",
        "label-schema: {a: b}\n",
        "label-schema: [a]\n",
        "no-fail: 1\n",
        "override: [DL3006]\n",
        "ignored: [3]\n",
        "ignored: {a: b}\n",
        "ignored: [DL3006\n",
    ] {
        assert!(read(text).is_err(), "{text}");
    }
    for text in ["", "# nothing\n", "ignored:\noverride:\nlabel-schema:\nno-fail:\n", "{}"] {
        assert!(read(text).expect("it says nothing").is_empty(), "{text:?}");
    }
}

#[test]
fn stronger_values_stay_and_lists_grow() {
    let strong = read("ignored: [DL3006]\nfailure-threshold: error\nlabel-schema: {a: url}\n").expect("it is right");
    let weak = read("ignored: [DL3008]\nfailure-threshold: style\nno-fail: true\nlabel-schema: {a: text, b: text}\n");
    let both = strong.over(weak.expect("it is right"));
    assert_eq!((both.ignored.len(), both.threshold, both.no_fail), (2, Some(Severity::Error), Some(true)));
    assert_eq!(both.labels, [("a".to_owned(), "url".to_owned()), ("b".to_owned(), "text".to_owned())]);
}

#[test]
fn the_written_configuration_says_the_same() {
    let said = read(ALL).expect("it is right");
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let path = folder.path().join(".layerwise.yaml");
    let text = said.yaml(CATALOGUE, "a\nb: c");
    assert!(text.starts_with("# Written by `layerwise config migrate` from a b: c.\n"), "{text}");
    std::fs::write(&path, &text).expect("a file can be written");
    let written = load(&path, "written", CATALOGUE).unwrap_or_else(|error| panic!("{error}: {text}"));
    let wanted = said.config(CATALOGUE);
    let rules = |config: &Config| config.rules.iter().map(|r| (r.code, r.level, r.options.clone())).collect::<Vec<_>>();
    assert_eq!(rules(&written), rules(&wanted));
    assert_eq!((written.fail_level, written.no_fail), (wanted.fail_level, wanted.no_fail));
    assert_eq!(written.ignore_comments, wanted.ignore_comments);
    assert_eq!(written.ignore.iter().map(|s| s.text.as_str()).collect::<Vec<_>>(), ["DL3008", "DL3025", "SC2086"]);
    assert_eq!(written.from_hadolint, None);
}

#[test]
fn only_a_file_with_its_name_is_read_as_hadolint_does() {
    let folder = tempfile::tempdir().expect("a folder can be made");
    for (name, is_its) in [
        (".hadolint.yaml", true),
        ("hadolint.yml", true),
        ("ci-hadolint.yaml", true),
        ("from-hadolint.layerwise.yaml", false),
        ("hadolint.yaml.new", false),
        ("hadolint-old.yaml", false),
    ] {
        let path = folder.path().join(name);
        std::fs::write(&path, "ignore: [ALL]\n").expect("it can be written");
        let config = load(&path, name, CATALOGUE).expect("both take it");
        assert_eq!((config.from_hadolint.is_some(), config.ignore.is_empty()), (is_its, is_its), "{name}");
    }
}
