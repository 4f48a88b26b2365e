//! Rules that a project writes itself, tried as people write them.

#[path = "support/ran.rs"]
mod ran;

use layerwise::report::Format;
use ran::repository;
use serde_json::Value;
use std::fs;
use std::path::Path;
use std::process::{Command, Output};

/// What people ask for most.
const TEN: &str = r##"
custom:
  - code: ACME001
    match: { image: "*centos*" }
    message: CentOS has no updates any more
    severity: error
    help: take debian
    bad: ["FROM centos:7", "ARG V=8\nFROM quay.io/centos/centos:$V"]
    good: ["FROM debian:12", "FROM debian:12 AS centos\nFROM centos", "FROM $BASE"]
  - code: ACME002
    match: { image: "*", not: { image: ["registry.example.org/*", "docker.io/library/*"] } }
    message: the image is from a registry that is not ours
    bad: ["FROM quay.io/a/b:1", "FROM team/tool:1"]
    good: ["FROM registry.example.org/a:1", "FROM debian:12", "FROM scratch", "FROM debian AS a\nFROM a"]
  - code: ACME003
    match: { command: [apt-get, apt, apk], argument: ["telnet", "telnet=*"] }
    message: telnet has no place in an image
    bad: ["RUN apt-get update && apt-get install -y \\\n  curl telnet", "RUN [\"apk\", \"add\", \"telnet=1\"]"]
    good: ["RUN apt-get install -y telnetd", "RUN echo telnet", "CMD [\"apk\", \"add\", \"telnet\"]"]
  - code: ACME004
    match: { command: "wget" }
    message: wget is not what we use
    bad: ["RUN cd /x && sudo wget https://example.org", "ONBUILD RUN wget x", "RUN <<EOF\nwget x\nEOF"]
    good: ["RUN apt-get install wget", "COPY wget /bin/"]
  - code: ACME005
    require: { instruction: LABEL, argument: "org.opencontainers.image.source=https://*" }
    message: the image does not say where its source is
    bad: ["CMD x", "FROM a AS b\nLABEL org.opencontainers.image.source=https://x\nFROM c"]
    good: ["LABEL a=b \"org.opencontainers.image.source\"='https://x'", "FROM a AS b\nLABEL org.opencontainers.image.source=https://x\nFROM b"]
  - code: ACME006
    require: { instruction: USER, not: { argument: "/^(root|0)(:.*)?$/" } }
    message: the image runs as root
    bad: ["CMD x", "USER 1000\nUSER root", "USER 0:0"]
    good: ["USER root\nUSER app", "FROM a AS b\nUSER 1000\nFROM b\nCMD x"]
  - code: ACME007
    match: { image: "*:latest" }
    message: latest is another image tomorrow
    bad: ["FROM debian", "FROM debian:latest", "FROM a/b"]
    good: ["FROM debian:12", "FROM debian@sha256:0123456789012345678901234567890123456789012345678901234567890123"]
  - code: ACME008
    match: { command: [curl, wget], argument: "/://([a-z0-9-]+[.])*corp[.]example(:|\/|$)/" }
    message: the build needs a host that only we can reach
    bad: ["RUN curl -sSf 'http://files.corp.example/a' | sh", "RUN wget http://corp.example:80"]
    good: ["RUN curl https://corp.example.org/", "RUN echo http://corp.example/"]
  - code: ACME009
    match: { instruction: ADD }
    message: ADD does more than it says
    replace: COPY
    bad: ["ADD a b", "add --link a b"]
    good: ["COPY a b", "# ADD a b"]
  - code: ACME010
    match: { instruction: [COPY, ADD], stage: final, not: { flag: "--chown" } }
    message: the files belong to root
    help: add `--chown=app`
    bad: ["COPY a b", "COPY --link a b"]
    good: ["COPY --chown=1000 a b", "FROM a AS build\nCOPY a b\nFROM c"]
"##;

fn run(folder: &Path, args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_layerwise")).args(args).current_dir(folder).output().expect("the program starts")
}

fn out(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

fn err(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// What the rules of the project find, one line each.
fn found(folder: &Path, args: &[&str]) -> Vec<String> {
    let output = run(folder, &[&["check", "-f", "short", "--shellcheck", "off"], args].concat());
    assert_ne!(output.status.code(), Some(2), "{}", err(&output));
    out(&output).lines().filter(|line| line.contains("[ACME")).map(str::to_owned).collect()
}

#[test]
fn the_ten_rules_do_what_their_examples_say() {
    let folder = repository(&[(".layerwise.yaml", TEN)]);
    let output = run(folder.path(), &["config", "test"]);
    assert_eq!(out(&output), "10 rules, 47 examples: all right\n", "{}", err(&output));
    assert_eq!(output.status.code(), Some(0));
}

#[test]
fn a_wrong_example_is_named_and_fails() {
    let one = "custom: [{code: A1, message: m, match: {command: curl}, bad: [RUN curl x]}]\n";
    let folder = repository(&[(".layerwise.yaml", one)]);
    assert_eq!(out(&run(folder.path(), &["config", "test"])), "1 rule, 1 example: all right\n");
    let wrong = "custom:\n- {code: ACME001, message: m, match: {command: curl}, bad: [RUN wget x, RUN curl x], good: [\"RUN a; curl y\\nRUN b\"]}\n\
                 - {code: ACME002, message: m, match: {command: wget}}\n";
    let folder = repository(&[("ci.yaml", wrong)]);
    let output = run(folder.path(), &["config", "test", "ci.yaml"]);
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(
        out(&output),
        "ACME001: bad example 1 is not reported: RUN wget x\nACME001: good example 1 is reported: RUN a; curl y\n\
         ACME002: nothing shows that it finds anything: give it a `bad` example\n2 rules, 3 examples: 2 wrong\n"
    );
    assert_eq!(run(folder.path(), &["config", "test"]).status.code(), Some(2), "there are none in this folder");
}

#[test]
fn the_code_of_one_rule_does_not_mean_those_that_start_with_it() {
    let rules = "custom:\n\
        - {code: ACME1, message: m, match: {command: wget}}\n\
        - {code: ACME10, message: m, match: {command: curl}}\n";
    let folder = repository(&[(".layerwise.yaml", rules), ("Dockerfile", "FROM debian:12\nRUN wget x\nRUN curl x\n")]);
    let codes = |args: &[&str]| -> Vec<String> {
        let lines = found(folder.path(), args);
        lines.iter().map(|line| line.split(['[', ']']).nth(1).unwrap_or_default().to_owned()).collect()
    };
    assert_eq!(codes(&[]), ["ACME1", "ACME10"]);
    assert_eq!(codes(&["--ignore", "ACME1"]), ["ACME10"]);
    assert_eq!(codes(&["--ignore", "ACME"]), [""; 0]);
    assert_eq!(codes(&["--select", "ACME10"]), ["ACME10"]);
}

#[test]
fn a_replacement_has_to_mend_the_bad_examples() {
    let rules = "custom:\n\
        - {code: ACME001, message: m, match: {command: wget}, replace: curl, bad: [RUN wget x]}\n\
        - {code: ACME002, message: m, match: {instruction: MAINTAINER}, replace: LABELS, bad: [MAINTAINER me]}\n";
    let folder = repository(&[(".layerwise.yaml", rules)]);
    let output = run(folder.path(), &["config", "test"]);
    assert_eq!(output.status.code(), Some(1), "{}", err(&output));
    let lines: Vec<String> = out(&output).lines().map(str::to_owned).collect();
    let fault = "ACME002: bad example 1 is still reported after `--fix` (the fix was not applied: ";
    assert!(lines[0].starts_with(fault) && lines[0].ends_with("): MAINTAINER me"), "{lines:?}");
    assert_eq!(lines[1..], ["2 rules, 2 examples: 1 wrong"]);
}

const FILE: &str = "FROM debian:12\nADD a b\nRUN apt-get install -y \\\n    curl telnet\nUSER 1000\n";

#[test]
fn findings_stand_at_the_word_that_is_meant() {
    let folder = repository(&[(".layerwise.yaml", TEN), ("Dockerfile", FILE)]);
    assert_eq!(
        found(folder.path(), &[]),
        [
            "Dockerfile:1:1: warning[ACME005]: the image does not say where its source is",
            "Dockerfile:2:1: warning[ACME009]: ADD does more than it says",
            "Dockerfile:2:1: warning[ACME010]: the files belong to root",
            "Dockerfile:4:10: warning[ACME003]: telnet has no place in an image",
        ]
    );
}

#[test]
fn they_are_chosen_like_all_rules() {
    let folder = repository(&[(".layerwise.yaml", TEN), ("Dockerfile", FILE)]);
    let codes = |args: &[&str]| -> Vec<String> {
        let code = |line: &String| line.split(['[', ']']).nth(1).expect("a code stands in brackets").to_owned();
        found(folder.path(), args).iter().map(code).collect()
    };
    assert_eq!(codes(&["--ignore", "ACME005,acme009"]), ["ACME010", "ACME003"]);
    assert_eq!(codes(&["--ignore", "ACME00"]), ["ACME010"]);
    assert_eq!(codes(&["--ignore", "custom"]), [""; 0]);
    assert_eq!(codes(&["--select", "ACME003"]), ["ACME003"]);
    assert_eq!(codes(&["--select", "DL"]), [""; 0]);
    assert_eq!(codes(&["--select", "ALL"]).len(), 4);
    let unknown = run(folder.path(), &["check", "--ignore", "ACMF003"]);
    assert_eq!(unknown.status.code(), Some(2));
    assert!(err(&unknown).contains("there is no rule `ACMF003`"), "{}", err(&unknown));

    let settings = "rules:\n  ACME009: error\n  ACME010: off\nignore: [ACME005]\noverrides:\n- {files: '*.dev', rules: {ACME003: off}}\n";
    fs::write(folder.path().join(".layerwise.yaml"), format!("{TEN}{settings}")).expect("a file can be written");
    fs::write(folder.path().join("a.dev"), FILE).expect("a file can be written");
    assert_eq!(codes(&["Dockerfile"]), ["ACME009", "ACME003"]);
    assert_eq!(codes(&["a.dev"]), ["ACME009"]);
    assert!(found(folder.path(), &["a.dev"])[0].contains("error[ACME009]"));
    let shown = run(folder.path(), &["config", "show"]);
    assert!(out(&shown).contains("# custom: ACME009: error\n") && !out(&shown).contains("ACME010"), "{}", out(&shown));
}

#[test]
fn the_code_of_one_rule_is_not_the_start_of_another() {
    let rules = "custom:\n- {code: ACME1, message: m, match: {instruction: ADD}}\n\
                 - {code: ACME10, message: m, match: {argument: a, instruction: ADD}}\n";
    for (comment, left) in [
        ("# layerwise ignore=ACME1", vec!["ACME10"]),
        ("# layerwise ignore=acme10", vec!["ACME1"]),
        ("# layerwise ignore=ACME", vec![]),
        ("# hadolint ignore=ACME1", vec!["ACME10"]),
        // Starts of codes are a habit of ours.
        ("# hadolint ignore=ACME", vec!["ACME1", "ACME10"]),
        ("# check=skip=A,ACME10", vec!["ACME1"]),
    ] {
        let (first, above) = if comment.contains("check") { (comment, "#") } else { ("#", comment) };
        let file = format!("{first}\nFROM debian:12\n{above}\nADD a b\n");
        let folder = repository(&[(".layerwise.yaml", rules), ("Dockerfile", &file)]);
        let lines = found(folder.path(), &[]);
        let codes: Vec<&str> = lines.iter().filter_map(|line| line.split(['[', ']']).nth(1)).collect();
        assert_eq!(codes, left, "{comment}");
    }
}

#[test]
fn comments_silence_them() {
    for (comment, left) in [
        ("# layerwise ignore=ACME009", vec!["ACME010"]),
        ("# layerwise ignore=acme0", vec![]),
        ("# hadolint ignore=ACME009,ACME010", vec![]),
        ("# layerwise ignore=custom", vec![]),
        ("# layerwise ignore=DL3020", vec!["ACME009", "ACME010"]),
        ("# layerwise ignore=ACMEX", vec!["ACME009", "ACME010"]),
    ] {
        let file =
            format!("FROM debian:12\n{comment}\nADD a b\nLABEL org.opencontainers.image.source=https://x\nUSER 1\n");
        let folder = repository(&[(".layerwise.yaml", TEN), ("Dockerfile", &file)]);
        let lines = found(folder.path(), &[]);
        let codes: Vec<&str> = lines.iter().filter_map(|line| line.split(['[', ']']).nth(1)).collect();
        assert_eq!(codes, left, "{comment}");
    }
}

#[test]
fn a_file_extends_the_rules_of_another_and_may_replace_one() {
    let own = "extends: base.yaml\nignore: [ACME003]\ncustom:\n- {code: ACME005, message: ours, match: {instruction: USER, argument: '1000'}}\n";
    let folder = repository(&[("base.yaml", TEN), (".layerwise.yaml", own), ("Dockerfile", FILE)]);
    let lines = found(folder.path(), &[]);
    assert_eq!(lines.len(), 3, "{lines:?}");
    assert_eq!(lines[2], "Dockerfile:5:6: warning[ACME005]: ours");
}

#[test]
fn a_replacement_is_an_unsafe_fix() {
    let folder = repository(&[(".layerwise.yaml", TEN), ("Dockerfile", FILE)]);
    let fix = |more: &[&str]| {
        run(folder.path(), &[&["check", "--select", "ACME009", "--fix"], more].concat());
        fs::read_to_string(folder.path().join("Dockerfile")).expect("the file is there")
    };
    assert_eq!(fix(&[]), FILE);
    assert_eq!(fix(&["--unsafe-fixes"]), FILE.replace("ADD", "COPY"));
}

#[test]
fn every_format_takes_them() {
    let folder = repository(&[(".layerwise.yaml", TEN), ("Dockerfile", FILE)]);
    for format in Format::ALL.map(Format::name) {
        let output = run(folder.path(), &["check", "-f", format]);
        assert!(out(&output).contains("ACME003"), "{format}: {}", err(&output));
    }
    let statistics = run(folder.path(), &["check", "--statistics"]);
    assert!(out(&statistics).contains("ACME003"), "{}", out(&statistics));
    let json: Value = serde_json::from_slice(&run(folder.path(), &["check", "-f", "json"]).stdout).expect("it is JSON");
    let finding = json.as_array().and_then(|list| list.iter().find(|f| f["code"] == "ACME010")).expect("it is found");
    assert_eq!((&finding["level"], &finding["line"]), (&Value::from("warning"), &Value::from(2)));
}

#[test]
fn explain_prints_what_the_configuration_says() {
    let folder = repository(&[(".layerwise.yaml", TEN)]);
    let output = run(folder.path(), &["explain", "acme010"]);
    let text = out(&output);
    assert!(
        text.starts_with(
            "ACME010 warning, a rule of this project\n\nthe files belong to root\nWhat to do: add `--chown=app`\n"
        ),
        "{text}"
    );
    assert!(
        text.contains("Reported:\n    COPY a b\n") && text.contains("Not reported:\n    COPY --chown=1000 a b\n"),
        "{text}"
    );
    assert_eq!(run(folder.path(), &["explain", "ACME011"]).status.code(), Some(2));
}

#[test]
fn an_expression_that_others_choke_on_takes_no_time() {
    let config = "custom: [{code: ACME001, message: m, match: {command: echo, argument: '/^(a|aa|a*)*b$/'}}]\n";
    let file = format!("FROM debian:12\nRUN echo {}\n", "a".repeat(20_000));
    let folder = repository(&[(".layerwise.yaml", config), ("Dockerfile", &file)]);
    let start = std::time::Instant::now();
    assert_eq!(found(folder.path(), &[]), [""; 0]);
    assert!(start.elapsed().as_secs() < 20, "{:?}", start.elapsed());
}
