use super::read::INSTRUCTIONS;
use super::*;
use crate::rules::CATALOGUE;
use crate::syntax::Keyword;
use std::path::Path;

/// The rules in `text`, or its mistakes.
fn read(text: &str) -> Result<Vec<CustomRule>, String> {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let path = folder.path().join(".layerwise.yaml");
    std::fs::write(&path, text).expect("a file can be written");
    let config = crate::config::load(&path, "x", CATALOGUE);
    let said =
        |error: crate::config::ConfigError| error.mistakes().map(ToString::to_string).collect::<Vec<_>>().join("; ");
    config.map(|config| config.custom.iter().map(|rule| (**rule).clone()).collect()).map_err(said)
}

fn one(rest: &str) -> Result<CustomRule, String> {
    read(&format!("custom:\n- {{code: ACME001, message: m, {rest}}}\n")).map(|mut rules| rules.remove(0))
}

#[test]
fn the_instructions_are_those_of_the_syntax() {
    let mut names: Vec<&str> = Keyword::names().collect();
    names.sort_unstable();
    assert_eq!(names, INSTRUCTIONS);
    assert!(Path::new("rules/DL3000.md").exists());
}

#[test]
fn a_rule_is_read() {
    let rule = one("severity: error, help: h, match: {command: [curl, wget], argument: '/^-k$/', not: {argument: x}}")
        .unwrap();
    let matcher = rule.subject.matcher();
    assert_eq!((rule.code, rule.severity, rule.help.as_deref()), ("ACME001", Severity::Error, Some("h")));
    assert_eq!(matcher.instructions, ["RUN"], "only RUN has commands");
    assert_eq!(matcher.parts.command.as_ref().map(Vec::len), Some(2));
    assert!(
        matcher.not.is_some() && matcher.parts.argument.as_ref().is_some_and(|p| p[0].fits("-k") && !p[0].fits("-ks"))
    );
    assert_eq!(one("match: {image: '*'}").unwrap().subject.matcher().instructions, ["FROM"]);
    assert_eq!(one("require: {instruction: [label, USER]}").unwrap().subject.matcher().instructions, ["LABEL", "USER"]);
}

#[test]
fn codes_of_others_are_refused() {
    for code in
        ["DL3006", "DL9999", "SC2086", "LW999", "CKV1", "ALL1", "acme1", "ACME", "A B1", "DuplicateStageName", "custom"]
    {
        let text = format!("custom: [{{code: '{code}', message: m, match: {{instruction: ADD}}}}]");
        assert!(read(&text).is_err(), "{code}");
    }
    for code in ["ACME001", "A1", "TEAM-X_12"] {
        assert!(
            read(&format!("custom: [{{code: {code}, message: m, match: {{instruction: ADD}}}}]")).is_ok(),
            "{code}"
        );
    }
}

#[test]
fn each_mistake_is_named() {
    for (rest, part) in [
        ("match: {}", "names no instruction"),
        ("match: {argument: x}", "names no instruction"),
        ("match: {instruction: ADDD}", "unknown value `ADDD`"),
        ("match: {instruction: ADD}, require: {instruction: ADD}", "`match` and `require`"),
        ("match: {instruction: ADD}, mesage: x", "unknown key `mesage`"),
        ("match: {instruction: COPY, image: x}", "only FROM has `image`"),
        ("match: {instruction: [RUN, COPY], command: x}", "only RUN has `command`"),
        ("match: {command: '/(/'}", "is no pattern"),
        ("match: {command: '[a'}", "is no pattern"),
        ("match: {command: '/((((a{9}){9}){9}){9}){9}/'}", "is no pattern"),
        ("match: {command: x, nott: {argument: y}}", "unknown key `nott`"),
        ("match: {command: x, not: {stage: y}}", "unknown key `stage`"),
        ("match: {command: x}, replace: 'a b'", "no plain word"),
        ("match: {command: x}, replace: 'a;b'", "no plain word"),
        ("match: {command: x*}, replace: xy", "would be reported again"),
        ("match: {instruction: ADD}, replace: add", "would be reported again"),
        ("require: {instruction: USER}, replace: x", "can't be replaced"),
        ("match: {instruction: ADD}, severity: off", "unknown value `off`"),
        ("match: {instruction: ADD}, help: 3", "takes text here"),
        ("severity: error", "no `match`"),
    ] {
        let said = one(rest).expect_err(rest);
        assert!(said.contains(part), "{rest}: {said}");
    }
    assert!(read("custom: [{code: A1, match: {instruction: ADD}}]").is_err_and(|said| said.contains("no `message`")));
    assert!(read("custom: [{message: m, match: {instruction: ADD}}]").is_err_and(|said| said.contains("no `code`")));
    let twice = "custom: [&a {code: A1, message: m, match: {instruction: ADD}}, *a]";
    assert!(read(twice).is_err_and(|said| said.contains("is there twice")));
    assert!(read("custom: {code: A1}").is_err_and(|said| said.contains("a list of rules")));
    assert!(one("match: {command: x*, not: {command: xy}}, replace: xy").is_ok(), "what `not` leaves out is not found");
}

#[test]
fn size_is_bounded() {
    let rules: String =
        (0..201).map(|n| format!("- {{code: A{n}, message: m, match: {{instruction: ADD}}}}\n")).collect();
    assert!(read(&format!("custom:\n{rules}")).is_err());
    let list = vec!["x"; 51].join(", ");
    assert!(one(&format!("match: {{command: [{list}]}}")).is_err());
    assert!(one(&format!("match: {{command: {}}}", "x".repeat(301))).is_err());
}

#[test]
fn a_glob_fits_all_of_a_word_and_an_expression_a_part() {
    for (pattern, text, fits) in [
        ("docker.io/*", "docker.io/library/debian:12", true),
        ("debian", "debian:12", false),
        ("*:latest", "x/y:latest", true),
        ("{curl,wget}", "wget", true),
        ("/deb/", "debian:12", true),
        ("/^deb$/", "debian", false),
        ("/", "/", true),
        ("*", "", true),
    ] {
        assert_eq!(Pattern::new(pattern).unwrap().fits(text), fits, "{pattern} {text}");
    }
}

#[test]
fn the_rules_of_a_file_can_be_named_in_it() {
    let rule = "custom: [{code: ACME001, message: m, match: {instruction: ADD}}]\n";
    for other in [
        "ignore: [ACME001]",
        "ignore: [ACME]",
        "select: [custom, acme001]",
        "rules: {ACME001: style}",
        "rules: {ACME001: off}",
    ] {
        assert!(read(&format!("{other}\n{rule}")).is_ok(), "{other}");
    }
    for other in ["ignore: [ACME002]", "rules: {ACMF001: style}", "rules: {ACME001: {strict: true}}"] {
        assert!(read(&format!("{other}\n{rule}")).is_err(), "{other}");
    }
}
