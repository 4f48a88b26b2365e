//! Each mistake as the user sees it, and each way to find the file.

mod layers;
mod many;
mod options;

use super::*;
use crate::suggest::closest;
use insta::assert_snapshot;
use miette::{GraphicalReportHandler, GraphicalTheme};
use std::fs;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

const RULES: [&str; 4] = ["DL3008", "DL3009", "DL4006", "LW101"];

/// A registry of four rules; `pin-apt` is a name of the first.
fn lookup(word: &str) -> Resolution {
    let codes: Vec<_> = RULES.into_iter().filter(|c| word == "ALL" || c.starts_with(word)).collect();
    match (word, codes.is_empty()) {
        ("pin-apt", _) => Resolution::Rules(vec!["DL3008"]),
        (_, false) => Resolution::Rules(codes),
        _ => Resolution::Unknown,
    }
}

fn suggest(word: &str) -> Option<String> {
    closest(word, RULES.into_iter()).map(str::to_owned)
}

const OPTIONS: [OptionSpec; 3] = [
    OptionSpec { name: "strict", kind: OptionKind::Flag },
    OptionSpec { name: "trusted", kind: OptionKind::Words },
    OptionSpec { name: "schema", kind: OptionKind::Map },
];

/// Only the first rule has options.
fn options(code: &str) -> &'static [OptionSpec] {
    if code == RULES[0] { &OPTIONS } else { &[] }
}

const CATALOGUE: Catalogue<'static> = Catalogue { resolve: &lookup, suggest: &suggest, options: &options };

fn read(text: &str) -> Result<Config, ConfigError> {
    let chain = super::extends::Chain::new(Path::new(".layerwise.yaml"), ".layerwise.yaml");
    super::read::read(&super::mistake::Source::new(".layerwise.yaml", text), CATALOGUE, &chain)
}

fn render(error: &ConfigError) -> String {
    let mut out = String::new();
    let handler = GraphicalReportHandler::new_themed(GraphicalTheme::unicode_nocolor()).with_width(100);
    handler.render_report(&mut out, error).expect("a string takes everything");
    out
}

fn report(text: &str) -> String {
    render(&read(text).expect_err("the text has a mistake"))
}

#[test]
fn every_key_is_read() {
    let config = read(
        "select: [DL3, pin-apt]\nextend-select:\n  - LW101\nignore: ['DL4006']\nfail-level: info\nbuilder: classic\n\
         rules:\n  DL3008: off\n  DL3009: warning\n  LW101: {severity: error}\n  DL4006: {}\n",
    )
    .unwrap();
    let codes = |selectors: &[Selector]| selectors.iter().flat_map(|s| s.codes.clone()).collect::<Vec<_>>();
    assert_eq!(codes(config.select.as_deref().unwrap()), ["DL3008", "DL3009", "DL3008"]);
    assert_eq!(config.select.as_ref().unwrap()[1].text, "pin-apt");
    assert_eq!(codes(&config.extend_select), ["LW101"]);
    assert_eq!(codes(&config.ignore), ["DL4006"]);
    assert_eq!((config.fail_level, config.builder), (Some(Severity::Info), Some(Builder::Classic)));
    let levels: Vec<_> = config.rules.iter().map(|r| (r.code, r.level)).collect();
    let at = |severity| Some(Level::At(severity));
    assert_eq!(
        levels,
        [
            ("DL3008", Some(Level::Off)),
            ("DL3009", at(Severity::Warning)),
            ("LW101", at(Severity::Error)),
            ("DL4006", None)
        ]
    );
}

#[test]
fn what_is_not_said_is_not_set() {
    for text in ["", "# nothing yet\n", "---\n", "select:\nignore:\nrules:\nfail-level:\nbuilder: ~\n", "{}"] {
        assert_eq!(read(text).unwrap(), Config::default(), "{text:?}");
    }
    assert_eq!(read("select: []").unwrap().select, Some(vec![]));
}

#[test]
fn a_text_that_would_take_too_long_is_not_read() {
    let error = |text: &str| read(text).unwrap_err().to_string();
    let slow = "the configuration takes too long to read";
    assert_eq!(error(&format!("ignore: {}", "[".repeat(20_000))), slow);
    assert_eq!(error(&format!("{}ignore: []\n", "%TAG !a! b\n".repeat(100))), slow);
    assert_eq!(error(&format!("a: &a [{}]\nb: [{}]\n", "1,".repeat(1_000), "*a,".repeat(1_000))), slow);
    assert_eq!(error(&format!("ignore: {}", "[".repeat(1_000))), "the configuration is not valid YAML");
}

#[test]
fn a_configuration_of_many_megabytes_is_not_read() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(".layerwise.yaml");
    let text = |size: usize| "#".repeat(size - 1) + "\n";
    fs::write(&path, text(1024 * 1024)).unwrap();
    assert!(load(&path, "c.yaml", CATALOGUE).is_ok());
    fs::write(&path, text(1024 * 1024 + 1)).unwrap();
    let error = load(&path, "c.yaml", CATALOGUE).unwrap_err();
    assert_eq!(error.to_string(), "can't read the configuration c.yaml: it is larger than 1 MiB");
}

#[test]
fn broken_yaml() {
    assert_snapshot!(report("ignore: [DL3008\nbuilder: classic\n"), @r#"
     × the configuration is not valid YAML
      ╭─[.layerwise.yaml:2:8]
    1 │ ignore: [DL3008
    2 │ builder: classic
      ·        ┬
      ·        ╰── did not find expected ',' or ']', while parsing a flow sequence
      ╰────
    "#);
}

#[test]
fn a_control_character() {
    assert_snapshot!(report("builder: \u{1b}[2Jx\n"), @r#"
     × the configuration is not valid YAML
      ╭─[.layerwise.yaml:1:10]
    1 │ builder: ?[2Jx
      ·          ┬
      ·          ╰── the character \u{1b} is not allowed in YAML
      ╰────
    "#);
}

#[test]
fn the_words_for_shellcheck() {
    let read = |word: &str| read(&format!("shellcheck: {word}\n")).map(|config| config.shellcheck);
    assert_eq!(read("on").unwrap(), Some(super::ShellCheck::On));
    assert_eq!(read("off").unwrap(), Some(super::ShellCheck::Off));
    assert_eq!(read("auto").unwrap(), Some(super::ShellCheck::Auto));
    assert!(read("/bin/sh").is_err(), "a configuration does not name programs");
}

#[test]
fn an_unknown_key() {
    assert_snapshot!(report("# é\nbuilder: classic\ningore: [DL3008]\n"), @r#"
     × unknown key `ingore`
      ╭─[.layerwise.yaml:3:1]
    2 │ builder: classic
    3 │ ingore: [DL3008]
      · ───┬──
      ·    ╰── this key has no meaning here
      ╰────
     help: did you mean `ignore`?
    "#);
    assert_snapshot!(report("colour: true\n"), @r#"
     × unknown key `colour`
      ╭─[.layerwise.yaml:1:1]
    1 │ colour: true
      · ───┬──
      ·    ╰── this key has no meaning here
      ╰────
     help: use `select`, `extend-select`, `ignore`, `ignore-comments`, `fail-level`, `no-fail`,
           `builder`, `shellcheck`, `rules`, `contexts`, `baseline`, `custom`, `extends` or
           `overrides`
    "#);
}

#[test]
fn an_unknown_key_of_a_rule() {
    assert_snapshot!(report("rules:\n  DL3008: {severty: error}\n"), @r#"
     × unknown key `severty`
      ╭─[.layerwise.yaml:2:12]
    1 │ rules:
    2 │   DL3008: {severty: error}
      ·            ───┬───
      ·               ╰── this key has no meaning here
      ╰────
     help: did you mean `severity`?
    "#);
}

#[test]
fn a_wrong_type() {
    assert_snapshot!(report("ignore: DL3008\n"), @r#"
     × `ignore` takes a list of rules, found text
      ╭─[.layerwise.yaml:1:9]
    1 │ ignore: DL3008
      ·         ───┬──
      ·            ╰── expected a list of rules
      ╰────
     help: write `ignore: [DL3008]`
    "#);
    assert_snapshot!(report("ignore:\n  - DL3008\n  - 3009\n"), @r#"
     × `ignore` takes the code or name of a rule, found a number
      ╭─[.layerwise.yaml:3:5]
    2 │   - DL3008
    3 │   - 3009
      ·     ──┬─
      ·       ╰── expected the code or name of a rule
      ╰────
     help: write the code, a prefix of codes, the name or `ALL`
    "#);
    assert_snapshot!(report("fail-level: [error]\n"), @r#"
     × `fail-level` takes one word, found a list
      ╭─[.layerwise.yaml:1:13]
    1 │ fail-level: [error]
      ·             ───┬───
      ·                ╰── expected one word
      ╰────
     help: use `style`, `info`, `warning` or `error`
    "#);
    assert_snapshot!(report("- select\n"), @r#"
     × the configuration must be a mapping, found a list
      ╭─[.layerwise.yaml:1:1]
    1 │ - select
      · ────┬───
      ·     ╰── expected `key: value`
      ╰────
     help: write one `key: value` a line
    "#);
    assert_snapshot!(report("rules:\n  DL3008: false\n"), @r#"
     × `DL3008` takes one word, found the truth value `false`
      ╭─[.layerwise.yaml:2:11]
    1 │ rules:
    2 │   DL3008: false
      ·           ──┬──
      ·             ╰── expected one word
      ╰────
     help: use `off`, `style`, `info`, `warning` or `error`
    "#);
}

#[test]
fn a_wrong_value() {
    assert_snapshot!(report("fail-level: \"warn\\e[0m\"\n"), @r#"
     × unknown value `warn\u{1b}[0m` for `fail-level`
      ╭─[.layerwise.yaml:1:13]
    1 │ fail-level: "warn\e[0m"
      ·             ─────┬─────
      ·                  ╰── not one of the values
      ╰────
     help: use `style`, `info`, `warning` or `error`
    "#);
    assert_snapshot!(report("builder: Buildkit # the default\n"), @r#"
     × unknown value `Buildkit` for `builder`
      ╭─[.layerwise.yaml:1:10]
    1 │ builder: Buildkit # the default
      ·          ────┬───
      ·              ╰── not one of the values
      ╰────
     help: did you mean `buildkit`?
    "#);
    assert_snapshot!(report("rules: {DL3008: loud}\n"), @r#"
     × unknown value `loud` for `DL3008`
      ╭─[.layerwise.yaml:1:17]
    1 │ rules: {DL3008: loud}
      ·                 ──┬─
      ·                   ╰── not one of the values
      ╰────
     help: use `off`, `style`, `info`, `warning` or `error`
    "#);
}

#[test]
fn an_unknown_rule() {
    assert_snapshot!(report("select: [DL3, 'DL3080']\n"), @r#"
     × unknown rule `DL3080`
      ╭─[.layerwise.yaml:1:15]
    1 │ select: [DL3, 'DL3080']
      ·               ────┬───
      ·                   ╰── no rule has this code or name
      ╰────
     help: did you mean `DL3008`?
    "#);
    assert_snapshot!(report("rules:\n  nonsense: off\n"), @r#"
     × unknown rule `nonsense`
      ╭─[.layerwise.yaml:2:3]
    1 │ rules:
    2 │   nonsense: off
      ·   ────┬───
      ·       ╰── no rule has this code or name
      ╰────
     help: use the code, a prefix of codes, the name of a rule or `ALL`
    "#);
}

#[test]
fn a_group_where_one_rule_is_meant() {
    assert_snapshot!(report("rules:\n  DL3: off\n"), @r#"
     × `DL3` stands for 2 rules
      ╭─[.layerwise.yaml:2:3]
    1 │ rules:
    2 │   DL3: off
      ·   ─┬─
      ·    ╰── more than one rule
      ╰────
     help: name one rule at a time here; `select` and `ignore` take groups
    "#);
}

#[test]
fn a_key_or_rule_set_twice() {
    assert_snapshot!(report("ignore: [DL3008]\nbuilder: classic\nignore: [LW101]\n"), @r#"
     × the key `ignore` is set twice
      ╭─[.layerwise.yaml:3:1]
    1 │ ignore: [DL3008]
      · ───┬──
      ·    ╰── first set here
    2 │ builder: classic
    3 │ ignore: [LW101]
      · ───┬──
      ·    ╰── again here
      ╰────
     help: keep one of the two
    "#);
    assert_snapshot!(report("rules:\n  DL3008: off\n  pin-apt: error\n"), @r#"
     × the rule DL3008 is set twice
      ╭─[.layerwise.yaml:3:3]
    1 │ rules:
    2 │   DL3008: off
      ·   ───┬──
      ·      ╰── first set here
    3 │   pin-apt: error
      ·   ───┬───
      ·      ╰── again here
      ╰────
     help: keep one of the two
    "#);
}

#[test]
fn all_mistakes_are_shown_in_order() {
    let error = read("ingore: []\nbuilder: docker\nselect: [XX1]\n").unwrap_err();
    let messages: Vec<_> = error.mistakes().map(ToString::to_string).collect();
    assert_eq!(messages, ["unknown key `ingore`", "unknown value `docker` for `builder`", "unknown rule `XX1`"]);
    let report = render(&error);
    assert_eq!(report.matches(".layerwise.yaml:").count(), 3, "{report}");
}

#[test]
fn what_is_not_utf8_is_shown() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(".layerwise.yaml");
    fs::write(&path, b"builder: cl\xffssic\n").unwrap();
    assert_snapshot!(render(&load(&path, "here.yaml", CATALOGUE).unwrap_err()), @r#"
     × the configuration is not UTF-8 text
      ╭─[here.yaml:1:12]
    1 │ builder: cl�ssic
      ·            ┬
      ·            ╰── the first wrong byte
      ╰────
     help: save the file as UTF-8
    "#);
    let error = load(&folder.path().join("none.yaml"), "none.yaml", CATALOGUE).unwrap_err();
    assert!(error.to_string().starts_with("can't read the configuration none.yaml: "), "{error}");
}

/// A folder with files of the given names and texts.
fn tree(files: &[(&str, &str)]) -> tempfile::TempDir {
    let root = tempfile::tempdir().unwrap();
    for (name, text) in files {
        let path = root.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    root
}

fn builder(finder: &Finder, path: impl AsRef<Path>) -> Option<Builder> {
    finder.for_file(path.as_ref()).unwrap().and_then(|config| config.builder)
}

#[test]
fn the_nearest_file_wins_and_the_repository_is_the_border() {
    let root = tree(&[
        (".git/HEAD", ""),
        ("layerwise.yaml", "builder: classic"),
        ("a/.layerwise.yaml", "builder: buildah"),
        ("a/layerwise.yaml", "builder: classic"),
        ("a/b/c/Dockerfile", ""),
        ("inner/.git", "gitdir: elsewhere"),
        ("inner/x/Dockerfile", ""),
        ("odd/.layerwise.yaml/file", ""),
    ]);
    let finder = Finder::new(root.path(), CATALOGUE);
    assert_eq!(builder(&finder, "a/b/c/Dockerfile"), Some(Builder::Buildah));
    assert_eq!(builder(&finder, root.path().join("a/Dockerfile")), Some(Builder::Buildah));
    assert_eq!(builder(&finder, "Dockerfile"), Some(Builder::Classic));
    assert_eq!(builder(&finder, "a/../Dockerfile"), Some(Builder::Classic));
    assert_eq!(builder(&finder, "./not/there/Dockerfile"), Some(Builder::Classic));
    assert_eq!(builder(&finder, "odd/Dockerfile"), Some(Builder::Classic));
    assert_eq!(builder(&finder, "inner/x/Dockerfile"), None);
}

#[test]
fn a_file_is_read_once() {
    let root = tree(&[(".git/HEAD", ""), (".layerwise.yaml", "select: [DL3]"), ("a/b/x", ""), ("c/x", "")]);
    let calls = AtomicUsize::new(0);
    let counted = |word: &str| {
        calls.fetch_add(1, Ordering::Relaxed);
        lookup(word)
    };
    let finder = Finder::new(root.path(), Catalogue { resolve: &counted, ..CATALOGUE });
    let one = finder.for_file(Path::new("a/b/x")).unwrap().unwrap();
    let two = finder.for_file(Path::new("c/x")).unwrap().unwrap();
    assert!(Arc::ptr_eq(&one, &two));
    assert_eq!(calls.into_inner(), 1);
}

#[test]
fn a_broken_file_is_named_and_its_error_shared() {
    let root = tree(&[(".git/HEAD", ""), ("sub/.layerwise.yaml", "bilder: classic\n"), ("sub/a/x", "")]);
    let finder = Finder::new(root.path(), CATALOGUE);
    let error = finder.for_file(Path::new("sub/a/x")).unwrap_err();
    assert!(Arc::ptr_eq(&error, &finder.for_file(Path::new("sub/x")).unwrap_err()));
    let name = Path::new("sub").join(".layerwise.yaml").display().to_string();
    assert!(render(&error).contains(&format!("{name}:1:1")), "{}", render(&error));
}

#[test]
fn contexts_are_patterns_and_folders() {
    let text = "contexts:\n  '**/*.Dockerfile': ..\n  services/*/Dockerfile: .\n  ./x/{a,b}: web\n";
    let config = Config { path: Some("/r/.layerwise.yaml".into()), ..read(text).unwrap() };
    let context = |path: &str| config.context_of(Path::new(path)).map(|(folder, _)| folder.display().to_string());
    assert_eq!(context("/r/services/api/Dockerfile").as_deref(), Some("."));
    assert_eq!(context("/r/services/api/v1/Dockerfile"), None);
    assert_eq!(context("/r/a/b.Dockerfile").as_deref(), Some(".."));
    assert_eq!(context("/r/x/b").as_deref(), Some("web"));
    assert_eq!(context("/elsewhere/x/b"), None);
    let both = Config { path: config.path, ..read("contexts: {'*': one, D*: two}").unwrap() };
    assert_eq!(both.context_of(Path::new("/r/Dockerfile")).map(|c| c.0), Some(Path::new("two")), "the last one counts");
    assert_eq!(read("contexts:\n").unwrap().contexts, []);
}

#[test]
fn a_context_is_a_relative_folder() {
    assert_snapshot!(report("contexts: {'a[': ., b: /srv, c: 3}\n"), @r#"
      × `a[` is no pattern: unclosed character class; missing ']'
       ╭─[.layerwise.yaml:1:12]
     1 │ contexts: {'a[': ., b: /srv, c: 3}
       ·            ──┬─
       ·              ╰── not a pattern
       ╰────
      help: write a path, with `*` for a part of a name

    Error: 
      × `/srv` is no folder as seen from this file
       ╭─[.layerwise.yaml:1:24]
     1 │ contexts: {'a[': ., b: /srv, c: 3}
       ·                        ──┬─
       ·                          ╰── not a relative path
       ╰────
      help: write the folder as seen from this file, such as `.` or `services/api`

    Error: 
      × `c` takes a folder, found a number
       ╭─[.layerwise.yaml:1:33]
     1 │ contexts: {'a[': ., b: /srv, c: 3}
       ·                                 ┬
       ·                                 ╰── expected a folder
       ╰────
      help: write the folder as seen from this file, such as `.` or `services/api`
    "#);
}
