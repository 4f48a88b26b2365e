//! `extends` and `overrides`: what counts for which file, and what may be extended.

use super::*;
use tempfile::TempDir;

/// A repository with these files.
fn repository(files: &[(&str, &str)]) -> TempDir {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    fs::create_dir(folder.path().join(".git")).expect("a folder can be made");
    for (name, text) in files {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().expect("a file has a folder")).expect("a folder can be made");
        fs::write(path, text).expect("a file can be written");
    }
    folder
}

fn load_from(folder: &TempDir, name: &str) -> Result<Config, ConfigError> {
    load(&folder.path().join(name), name, CATALOGUE)
}

/// The rules that each layer ignores, for a Dockerfile.
fn ignored(config: &Config, dockerfile: &Path) -> Vec<String> {
    config.layers(dockerfile).iter().flat_map(|c| c.ignore.iter().map(|s| s.text.clone())).collect()
}

#[test]
fn an_override_counts_for_its_files_over_the_rest_and_the_last_one_wins() {
    let text = "ignore: [DL3008]\nfail-level: error\nbuilder: classic\noverrides:\n\
                - files: 'legacy/**'\n  ignore: [DL3009]\n  fail-level: warning\n\
                - files: [legacy/old/*, '*.dev']\n  ignore: [DL4006]\n  fail-level: info\n  shellcheck: off\n";
    let folder = repository(&[(".layerwise.yaml", text)]);
    let config = load_from(&folder, ".layerwise.yaml").expect("it is right");
    let at = |name: &str| {
        let layers = config.layers(&folder.path().join(name));
        let level = layers.fail_level().map(Severity::name);
        (ignored(&config, &folder.path().join(name)), level, layers.shellcheck(), layers.builder())
    };
    let classic = Some(Builder::Classic);
    let list = |words: &[&str]| words.iter().map(ToString::to_string).collect::<Vec<_>>();
    assert_eq!(at("Dockerfile"), (list(&["DL3008"]), Some("error"), None, classic));
    assert_eq!(at("legacy/a/Dockerfile"), (list(&["DL3008", "DL3009"]), Some("warning"), None, classic));
    let all = list(&["DL3008", "DL3009", "DL4006"]);
    assert_eq!(at("legacy/old/Dockerfile"), (all, Some("info"), Some(ShellCheck::Off), classic));
    assert_eq!(at("api.dev").1, Some("info"));
    assert_eq!(at("sub/api.dev").1, Some("error"), "`*` stays within a name");
}

#[test]
fn what_is_extended_is_read_first() {
    let folder = repository(&[
        ("one.yaml", "ignore: [DL3008]\nfail-level: error\noverrides: [{files: 'api/*', ignore: [LW101]}]\n"),
        ("two.yaml", "extends: one.yaml\nfail-level: warning\ncontexts: {'*': images}\n"),
        ("api/.layerwise.yaml", "extends: [../two.yaml]\nignore: [DL3009]\n"),
    ]);
    let config = load_from(&folder, "api/.layerwise.yaml").expect("it is right");
    let api = folder.path().join("api/Dockerfile");
    assert_eq!(ignored(&config, &api), ["DL3008", "LW101", "DL3009"]);
    assert_eq!(config.layers(&api).fail_level(), Some(Severity::Warning));
    // Patterns and folders are seen from the file that they stand in.
    assert_eq!(config.context_of(&api), None);
    let root = fs::canonicalize(folder.path()).expect("it is there");
    let found = config.context_of(&root.join("Dockerfile"));
    assert_eq!(found, Some((Path::new("images"), root.join("two.yaml").as_path())));
}

#[test]
fn mistakes_of_a_file_that_is_extended_are_shown_in_it() {
    let folder = repository(&[("base.yaml", "ignroe: []\n"), ("a/.layerwise.yaml", "extends: ../base.yaml\n")]);
    let shown = render(&load_from(&folder, "a/.layerwise.yaml").expect_err("it has a mistake"));
    assert!(shown.contains("a/../base.yaml:1:1") && shown.contains("did you mean `ignore`?"), "{shown}");
}

#[test]
fn only_files_of_the_repository_are_extended() {
    let outside = repository(&[("secret", "token\n")]);
    let folder = repository(&[("a.yaml", "extends: b.yaml\n"), ("b.yaml", "extends: a.yaml\n")]);
    let secret = outside.path().join("secret");
    std::os::unix::fs::symlink(&secret, folder.path().join("link.yaml")).expect("a link can be made");
    let up = format!("../{}/secret", outside.path().file_name().expect("it has a name").to_string_lossy());
    for (word, want) in [
        (secret.to_str().expect("it is text"), "is no file as seen from this one"),
        (up.as_str(), "lies outside the repository"),
        ("link.yaml", "lies outside the repository"),
        ("none.yaml", "can't read `none.yaml`"),
        ("a.yaml", "extends this file in turn"),
        (".layerwise.yaml", "extends this file in turn"),
        ("''", "is no file as seen from this one"),
        ("[{a: b}]", "`extends` takes text here, found a mapping"),
    ] {
        fs::write(folder.path().join(".layerwise.yaml"), format!("extends: {word}\n")).expect("it can be written");
        let shown = render(&load_from(&folder, ".layerwise.yaml").expect_err(word));
        assert!(shown.contains(want) && !shown.contains("token"), "{word}: {shown}");
    }
}

#[test]
fn files_that_name_files_are_read_a_hundred_times_and_no_more() {
    // Three files on each of five levels, each of which extends all of the next one: 3 + 9 + 27 + 81 + 243.
    let list = |level: usize| format!("extends: [{0}a.yaml, {0}b.yaml, {0}c.yaml]\n", level + 1);
    let level =
        |n: usize| ["a", "b", "c"].map(|file| (format!("{n}{file}.yaml"), if n < 5 { list(n) } else { "{}".into() }));
    let files: Vec<(String, String)> = (1..=5).flat_map(level).chain([(".layerwise.yaml".into(), list(0))]).collect();
    let files: Vec<(&str, &str)> = files.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
    let folder = repository(&files);
    let error = load_from(&folder, ".layerwise.yaml").expect_err("it is too much");
    assert!(render(&error).contains("more than 100 files are extended"), "{}", render(&error));
    assert!(error.mistakes().count() < 10, "once for each file that is being read, not for each word");
    // 3 + 9 + 27 are fine.
    assert!(load_from(&folder, "2a.yaml").is_ok());
}

#[test]
fn a_list_names_a_file_once() {
    let folder = repository(&[("a.yaml", "{}"), (".layerwise.yaml", "extends: [a.yaml, x/../a.yaml]\n"), ("x/y", "")]);
    let shown = render(&load_from(&folder, ".layerwise.yaml").expect_err("it is named twice"));
    assert!(shown.contains("`x/../a.yaml` is extended twice") && shown.contains("first set here"), "{shown}");
    let both = [("a.yaml", "extends: c.yaml"), ("b.yaml", "extends: c.yaml"), ("c.yaml", "ignore: [DL3008]")];
    let folder = repository(&[&both[..], &[(".layerwise.yaml", "extends: [a.yaml, b.yaml]\n")]].concat());
    assert!(load_from(&folder, ".layerwise.yaml").is_ok(), "two files may extend the same one");
}

#[test]
fn patterns_fit_where_a_link_leads_to_the_files() {
    let folder = repository(&[
        ("real/.layerwise.yaml", "overrides: [{files: '**', ignore: [DL3008]}]\n"),
        ("real/sub/.layerwise.yaml", "extends: ../.layerwise.yaml\n"),
        ("other/base.yaml", "overrides: [{files: 'link.*', ignore: [DL3009]}]\n"),
        ("other/lint.yaml", "extends: base.yaml\n"),
    ]);
    std::os::unix::fs::symlink("real", folder.path().join("link")).expect("a link can be made");
    std::os::unix::fs::symlink("other/lint.yaml", folder.path().join("lint.yaml")).expect("a link can be made");
    for way in ["real", "link"] {
        let name = format!("{way}/sub/.layerwise.yaml");
        let config = load_from(&folder, &name).expect("it is right");
        assert_eq!(ignored(&config, &folder.path().join(way).join("sub/Dockerfile")), ["DL3008"], "{way}");
    }
    // What a file extends is seen from where it is, not from a link to it.
    let config = load_from(&folder, "lint.yaml").expect("it is right");
    let root = fs::canonicalize(folder.path()).expect("it is there");
    assert_eq!(ignored(&config, &root.join("other/link.dev")), ["DL3009"]);
    assert_eq!(ignored(&config, &root.join("link.dev")), [""; 0]);
}

#[test]
fn a_wrong_override_is_shown_in_place() {
    let text =
        "overrides:\n- ignore: [DL3008]\n- files: 'a['\n  contexts: {}\n- files: [x]\n  select: no\n- files: 3\n";
    let shown = report(text);
    for want in [
        "an override says no files\n   ╭─[.layerwise.yaml:2:3]",
        "`a[` is no pattern: unclosed character class; missing ']'\n   ╭─[.layerwise.yaml:3:10]",
        "unknown key `contexts`\n   ╭─[.layerwise.yaml:4:3]",
        "`select` takes a list of rules, found text\n   ╭─[.layerwise.yaml:6:11]",
        "`files` takes text here, found a number\n   ╭─[.layerwise.yaml:7:10]",
    ] {
        assert!(shown.contains(want), "{want}\n{shown}");
    }
    assert!(report("overrides: {files: x}\n").contains("`overrides` takes a list, found a mapping"));
}

#[test]
fn a_baseline_lies_in_the_repository_and_need_not_be_there() {
    let outside = repository(&[("secret", "token\n")]);
    let folder = repository(&[
        (".layerwise.yaml", "baseline: known/all.json\n"),
        ("a/.layerwise.yaml", "extends: ../.layerwise.yaml\nbuilder: classic\n"),
        ("b/.layerwise.yaml", "extends: ../.layerwise.yaml\nbaseline: ../c/../b.json\n"),
    ]);
    std::os::unix::fs::symlink(outside.path().join("secret"), folder.path().join("link")).expect("a link can be made");
    let root = fs::canonicalize(folder.path()).expect("it is there");
    let of = |file: &str| {
        let config = load_from(&folder, file).expect("it has no mistake");
        config.layers(&root.join("a/Dockerfile")).baseline().map(Path::to_owned)
    };
    assert_eq!(of("a/.layerwise.yaml"), Some(root.join("known/all.json")), "seen from the file that says it");
    assert_eq!(of("b/.layerwise.yaml"), Some(root.join("b.json")), "the last one wins");
    for (word, want) in [
        ("/srv/b.json", "is no file as seen from this one"),
        ("''", "is no file as seen from this one"),
        ("../none/b.json", "lies outside the repository"),
        ("link", "lies outside the repository"),
        ("[b.json]", "`baseline` takes text here, found a list"),
    ] {
        fs::write(folder.path().join(".layerwise.yaml"), format!("baseline: {word}\n")).expect("it can be written");
        let shown = render(&load_from(&folder, ".layerwise.yaml").expect_err(word));
        assert!(shown.contains(want) && !shown.contains("token"), "{word}: {shown}");
    }
}
