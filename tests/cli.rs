//! The program from outside: options, streams, exit codes.

#[path = "support/ran.rs"]
mod ran;

use ran::{folder, run};
use std::fs;

const BAD: &str = "FROM debian:12\nWORKDIR /app\nCOPY . .\nRUN apt-get update && apt-get install -y curl && \
    rm -rf /var/lib/apt/lists/*\nCMD [\"x\"]\n";
const GOOD: &str = "FROM debian:12\nWORKDIR /app\nRUN make\nCOPY . .\n";

#[test]
fn exit_codes() {
    let dir = folder(&[("bad/Dockerfile", BAD), ("good/Dockerfile", GOOD)]);
    let code = |args: &[&str]| run(dir.path(), args, "").code;
    assert_eq!(code(&["good"]), 0);
    assert_eq!(code(&["bad"]), 1);
    assert_eq!(code(&["check", "bad"]), 1);
    assert_eq!(code(&["bad", "--no-fail"]), 0);
    assert_eq!(code(&["bad", "--fail-level", "error"]), 0);
    assert_eq!(code(&["bad", "--fail-level", "warning"]), 1);
    assert_eq!(code(&["bad", "--ignore", "LW105"]), 0, "style is below the fail level");
    assert_eq!(code(&["bad", "--ignore", "LW105", "--fail-level", "style"]), 1);
    assert_eq!(code(&["bad", "--ignore", "LW105", "--builder", "classic"]), 1, "LW101 is an info finding there");
    for format in ["pretty", "short", "json"] {
        assert_eq!(code(&["bad", "--format", format]), 1);
    }
    assert_eq!(code(&["missing"]), 2);
    assert_eq!(code(&["bad", "missing"]), 2);
    assert_eq!(code(&["bad", "--select", "LW10X"]), 2);
    assert_eq!(code(&["bad", "--nonsense"]), 2);
    assert_eq!(code(&["bad", "--format", "xml"]), 2);
    assert_eq!(code(&["bad", "--context", "bad"]), 1);
    assert_eq!(code(&["bad", "--context", "missing"]), 2);
    assert_eq!(code(&["--help"]), 0);
    assert_eq!(code(&["--version"]), 0);
}

#[test]
fn no_fail_of_a_configuration_holds_until_the_command_line_says_otherwise() {
    let dir = folder(&[("a/Dockerfile", BAD), ("a/.layerwise.yaml", "no-fail: true\n"), ("b/Dockerfile", BAD)]);
    let code = |args: &[&str]| run(dir.path(), args, "").code;
    assert_eq!((code(&["a"]), code(&["b"])), (0, 1));
    assert_eq!((code(&["a", "--diff"]), code(&["b", "--diff"]), code(&["a", "b", "--diff"])), (0, 1, 1));
    assert_eq!((code(&["a", "--fail-level", "style"]), code(&["a", "--fail-level", "error"])), (1, 0));
    assert_eq!(code(&["a", "--fail-level", "style", "--diff"]), 1);
    assert_eq!(code(&["a", "b", "--fail-level", "style", "--no-fail"]), 0);
}

#[test]
fn short_is_a_line_a_finding_and_the_summary_is_apart() {
    let dir = folder(&[("Dockerfile", BAD)]);
    let ran = run(dir.path(), &["--format", "short"], "");
    let lines: Vec<&str> = ran.out.lines().collect();
    assert_eq!(lines.len(), 2, "{}", ran.out);
    assert!(lines[0].starts_with("Dockerfile:4:1: warning[LW105]: this RUN does not need"), "{}", lines[0]);
    assert!(lines[1].starts_with("Dockerfile:5:1: style[LW101]: CMD stands below"), "{}", lines[1]);
    assert_eq!(ran.err, "1 file checked: 1 warning, 1 style finding; --fix mends 2\n");
}

#[test]
fn json_is_what_a_script_for_hadolint_reads_and_more() {
    let dir = folder(&[("Dockerfile", BAD)]);
    let ran = run(dir.path(), &["--format", "json"], "");
    let rows: serde_json::Value = serde_json::from_str(&ran.out).expect("it is JSON");
    let row = &rows[0];
    assert_eq!(
        (row["file"].as_str(), row["line"].as_u64(), row["column"].as_u64()),
        (Some("Dockerfile"), Some(4), Some(1))
    );
    assert_eq!((row["code"].as_str(), row["level"].as_str()), (Some("LW105"), Some("warning")));
    for key in ["message", "end_line", "end_column", "aliases", "url", "notes", "help", "related", "fix"] {
        assert!(row.get(key).is_some_and(|v| !v.is_null()), "{key}");
    }
    // Applying the edits by hand gives what --fix writes.
    let mut text = BAD.to_owned();
    let edits = row["fix"]["edits"].as_array().expect("a fix has edits");
    for edit in edits.iter().rev() {
        let at = |key: &str| edit[key].as_u64().expect("an offset") as usize;
        text.replace_range(at("start")..at("end"), edit["replacement"].as_str().expect("a text"));
    }
    run(dir.path(), &["--fix", "--select", "LW105"], "");
    assert_eq!(fs::read_to_string(dir.path().join("Dockerfile")).expect("it is there"), text);
    assert_eq!(run(dir.path(), &["--format", "json", "--select", "LW105"], "").out, "[]\n");
}

#[test]
fn fix_writes_and_says_what_it_did() {
    let dir = folder(&[("a/Dockerfile", BAD), ("b/Dockerfile", GOOD)]);
    let ran = run(dir.path(), &["--fix"], "");
    assert_eq!(ran.code, 0);
    assert!(ran.err.starts_with("a/Dockerfile: fixed LW101, LW105\n"), "{}", ran.err);
    let text = fs::read_to_string(dir.path().join("a/Dockerfile")).expect("it is there");
    assert!(text.starts_with("FROM debian:12\nCMD [\"x\"]\nWORKDIR /app\nRUN apt-get"), "{text}");
    assert_eq!(fs::read_to_string(dir.path().join("b/Dockerfile")).expect("it is there"), GOOD);
    assert_eq!(run(dir.path(), &["--fix"], "").err, "2 files checked: no findings\n");
}

#[test]
fn diff_shows_and_writes_nothing() {
    let dir = folder(&[("Dockerfile", BAD)]);
    let ran = run(dir.path(), &["--diff"], "");
    assert_eq!(ran.code, 1);
    assert!(ran.out.starts_with("--- a/Dockerfile\n+++ b/Dockerfile\n"), "{}", ran.out);
    assert_eq!(fs::read_to_string(dir.path().join("Dockerfile")).expect("it is there"), BAD);
    let clean = folder(&[("Dockerfile", GOOD)]);
    let ran = run(clean.path(), &["--diff"], "");
    assert_eq!((ran.code, ran.out.as_str()), (0, ""));
}

#[test]
fn unsafe_fixes_are_asked_for() {
    let dir = folder(&[("Dockerfile", "FROM a:1\nMAINTAINER Me <me@x.org>\n")]);
    let text = || fs::read_to_string(dir.path().join("Dockerfile")).expect("it is there");
    assert_eq!(run(dir.path(), &["--fix"], "").code, 1);
    assert!(text().contains("MAINTAINER"));
    assert_eq!(run(dir.path(), &["--fix", "--unsafe-fixes"], "").code, 0);
    assert_eq!(text(), "FROM a:1\nLABEL org.opencontainers.image.authors=\"Me <me@x.org>\"\n");
}

#[test]
fn standard_input() {
    let dir = folder(&[]);
    let ran = run(dir.path(), &["check", "-", "--format", "short", "--stdin-filename", "x/Dockerfile"], BAD);
    assert!(ran.out.starts_with("x/Dockerfile:4:1: warning[LW105]"), "{}", ran.out);
    let fixed = run(dir.path(), &["-", "--fix"], BAD);
    assert!(fixed.out.starts_with("FROM debian:12\nCMD [\"x\"]\n"), "{}", fixed.out);
    let same = run(dir.path(), &["-", "--fix"], GOOD);
    assert_eq!(same.out, GOOD);
}

#[test]
fn dockerfiles_are_found_in_folders() {
    let names =
        ["Dockerfile", "Dockerfile.dev", "api.Dockerfile", "api.dockerfile", "sub/Containerfile", ".hidden/Dockerfile"];
    let mut files: Vec<(&str, &str)> = names.iter().map(|n| (*n, BAD)).collect();
    files.extend([
        ("ignored/Dockerfile", BAD),
        (".gitignore", "ignored/\n"),
        ("notes.txt", BAD),
        (".git/Dockerfile", BAD),
    ]);
    files.push(("Dockerfile.dockerignore", "*\n"));
    let dir = folder(&files);
    let seen = |args: &[&str]| {
        let out = run(dir.path(), args, "").out;
        let mut files: Vec<String> = out.lines().filter_map(|l| l.split(':').next()).map(str::to_owned).collect();
        files.dedup();
        files
    };
    let mut want = names.map(str::to_owned);
    want.sort();
    assert_eq!(seen(&["--format", "short", "--select", "LW105"]), want);
    assert_eq!(
        seen(&["ignored/Dockerfile", "notes.txt", "--format", "short", "--select", "LW105"]),
        ["ignored/Dockerfile", "notes.txt"]
    );
    let empty = folder(&[]);
    let ran = run(empty.path(), &[], "");
    assert_eq!((ran.code, ran.err.lines().next()), (0, Some("no Dockerfile found in .")));
}

#[test]
fn pragmas_of_three_tools_are_honoured() {
    let text = |above: &str| BAD.replace("RUN apt", &format!("{above}RUN apt"));
    let dir = folder(&[]);
    let silent = |text: &str, select: &str| {
        run(dir.path(), &["-", "--select", select, "--format", "short"], text).out.is_empty()
    };
    assert!(!silent(BAD, "LW105"));
    for above in [
        "# layerwise ignore=LW105\n",
        "# layerwise ignore=DL3008,LW105 # it is quick\n",
        "# layerwise ignore=independent-run-below-sources\n",
        "# layerwise ignore=LW1\n",
        "#layerwise  ignore = LW105\n# another comment\n",
        "# hadolint ignore=LW105\n# hadolint ignore=DL3008\n",
        "# layerwise global ignore=LW105\n\n",
        "# hadolint global ignore=LW105\n\n",
    ] {
        assert!(silent(&text(above), "LW105"), "{above}");
    }
    for above in
        ["# layerwise ignore=LW101\n", "# layerwise ignore=LW105\n\n", "# layerwiseignore=LW105\n", "# ignore=LW105\n"]
    {
        assert!(!silent(&text(above), "LW105"), "{above}");
    }
    let maintainer = "FROM a:1\nMAINTAINER me\n";
    assert!(!silent(maintainer, "DL4000"));
    assert!(silent(&format!("# check=skip=MaintainerDeprecated\n{maintainer}"), "DL4000"));
    assert!(silent(&format!("# check=skip=all;error=true\n{maintainer}"), "DL4000"));
    assert!(!silent(&format!("# check=skip=all\n{BAD}"), "LW105"), "BuildKit has no such check");
    let inside = "FROM a:1\nWORKDIR /app\nCOPY . .\nRUN apt-get update && \\\n  # layerwise ignore=LW105\n  apt-get install -y curl && rm -rf /var/lib/apt/lists/*\n";
    assert!(silent(inside, "LW105"));
}

#[test]
fn configuration_is_found_upwards_and_its_mistakes_are_shown_in_place() {
    let dir = folder(&[("a/b/Dockerfile", BAD), (".layerwise.yaml", "ignore: [LW105]\nfail-level: style\n")]);
    let ran = run(dir.path(), &["a", "--format", "short"], "");
    assert_eq!(ran.code, 1);
    assert!(ran.out.lines().all(|l| l.contains("style[LW101]")), "{}", ran.out);
    assert!(run(dir.path(), &["a", "--no-config", "--format", "short"], "").out.contains("LW105"));
    let dir =
        folder(&[("Dockerfile", BAD), (".layerwise.yaml", "rules:\n  LW105: { severity: info }\nbuilder: classic\n")]);
    let out = run(dir.path(), &["--format", "short"], "").out;
    assert!(out.contains("info[LW105]") && out.contains("info[LW101]"), "{out}");
    let dir = folder(&[("Dockerfile", BAD), (".layerwise.yaml", "ignroe: [LW105]\n")]);
    let ran = run(dir.path(), &[], "");
    assert_eq!(ran.code, 2);
    assert!(
        ran.err.contains("ignroe") && ran.err.contains("ignore") && ran.err.contains(".layerwise.yaml:1:1"),
        "{}",
        ran.err
    );
}

#[test]
fn failures_are_reports_and_other_files_are_still_checked() {
    let dir = folder(&[("Dockerfile", BAD)]);
    fs::write(dir.path().join("latin.Dockerfile"), b"FROM a\n# caf\xe9\n").expect("a file can be written");
    let ran = run(dir.path(), &["--format", "short"], "");
    assert_eq!(ran.code, 2);
    assert!(ran.out.contains("LW105"));
    assert!(ran.err.contains("latin.Dockerfile is not UTF-8 text") && ran.err.contains("line 2"), "{}", ran.err);
    let ran = run(dir.path(), &["--select", "LW10X"], "");
    assert!(ran.err.contains("there is no rule `LW10X`") && ran.err.contains("did you mean"), "{}", ran.err);
}

#[test]
fn colour_is_a_matter_of_options_and_environment() {
    let dir = folder(&[("Dockerfile", BAD)]);
    let coloured = |args: &[&str]| run(dir.path(), args, "").out.contains('\u{1b}');
    assert!(!coloured(&[]));
    assert!(coloured(&["--color", "always"]));
    assert!(!coloured(&["--color", "never"]));
}

#[test]
fn the_tree_is_printed_in_three_forms() {
    let dir = folder(&[("Dockerfile", BAD)]);
    assert!(run(dir.path(), &["ast", "Dockerfile"], "").out.contains("COPY (line 3)"));
    for format in ["json", "buildkit"] {
        let out = run(dir.path(), &["ast", "--format", format, "Dockerfile"], "").out;
        let value: serde_json::Value = serde_json::from_str(&out).expect("it is JSON");
        assert_eq!(value["file"], "Dockerfile");
    }
    assert_eq!(run(dir.path(), &["ast", "missing"], "").code, 2);
}

#[test]
fn cache_diff_says_what_a_second_build_runs() {
    let text =
        "FROM node:20\nARG GIT_SHA\nWORKDIR /app\nCOPY package.json .\nRUN npm ci\nCOPY . .\nRUN npm run build\n";
    let dir = folder(&[
        ("old/Dockerfile", text),
        ("old/package.json", "{}"),
        ("old/src/a.js", "1"),
        ("old/.dockerignore", "*.log\n.dockerignore\nDockerfile\n"),
        ("new/Dockerfile", text),
        ("new/package.json", "{}"),
        ("new/src/a.js", "2"),
        ("new/x.log", "ignored"),
        ("new/.dockerignore", "*.log\n.dockerignore\nDockerfile\n"),
        ("broken/Dockerfile", text),
        ("broken/.dockerignore", "[a\n"),
    ]);
    let diff = |more: &[&str]| {
        let mut args = vec!["cache", "diff", "--before", "old", "--after", "new", "--format", "json"];
        args.extend(more);
        let ran = run(dir.path(), &args, "");
        let value: serde_json::Value = serde_json::from_str(&ran.out).expect("it is JSON");
        let rows = value["reruns"].as_array().expect("a list").clone();
        rows.iter()
            .map(|r| (r["line"].as_u64().unwrap_or(0), r["reason"].as_str().unwrap_or("").to_owned()))
            .collect::<Vec<_>>()
    };
    assert_eq!(diff(&[]), [(6, "`src/a.js` changed".to_owned()), (7, "below line 6".to_owned())]);
    let with = diff(&["--build-arg-before", "GIT_SHA=1", "--build-arg", "GIT_SHA=2"]);
    assert_eq!(with[0], (5, "ARG GIT_SHA is in scope and changed".to_owned()));
    let ran = run(dir.path(), &["cache", "diff", "--before", "old", "--after", "old"], "");
    assert_eq!((ran.code, ran.out.as_str()), (0, "every step is cached\n"));
    let ran = run(dir.path(), &["cache", "diff", "--before", "old", "--after", "broken"], "");
    assert!(ran.code == 2 && ran.err.contains("line 1: `[a` is no pattern"), "{}", ran.err);
    assert_eq!(run(dir.path(), &["cache", "diff", "--before", "old", "--after", "missing"], "").code, 2);
}

#[test]
fn cache_diff_reads_revisions() {
    let text = "FROM node:20\nWORKDIR /app\nCOPY package.json .\nRUN npm ci\nCOPY src src\nRUN npm run build\n";
    let dir = folder(&[("app/Dockerfile", text), ("app/package.json", "{}"), ("app/src/a.js", "1"), ("other", "x")]);
    let git = |args: &[&str]| {
        let mut command = std::process::Command::new("git");
        let identity = ["-c", "user.name=t", "-c", "user.email=t@example.org", "-c", "commit.gpgsign=false"];
        let output = command.arg("-C").arg(dir.path()).args(identity).args(args).output().expect("git starts");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    };
    git(&["init", "-q"]);
    git(&["add", "."]);
    git(&["commit", "-qm", "one"]);
    let app = dir.path().join("app");
    let out = |args: &[&str]| run(&app, &[&["cache", "diff"], args].concat(), "").out;
    assert_eq!(out(&["--before", "HEAD"]), "every step is cached\n");
    fs::write(app.join("src/a.js"), "2").expect("it can be written");
    let changed = out(&["--before", "HEAD"]);
    assert!(changed.contains("`src/a.js` changed") && changed.ends_with("2 steps run again\n"), "{changed}");
    git(&["commit", "-qam", "two"]);
    assert_eq!(out(&["--before", "HEAD~1", "--after", "HEAD"]), changed);
    assert_eq!(out(&["--before", "HEAD~1", "--after", "HEAD~1"]), "every step is cached\n");
    for wrong in ["nowhere", "--output=x"] {
        let before = format!("--before={wrong}");
        let ran = run(&app, &["cache", "diff", &before], "");
        assert!(ran.code == 2 && ran.err.contains("no folder"), "{}", ran.err);
    }
}

#[test]
fn rules_are_listed_and_explained() {
    let dir = folder(&[]);
    let ran = run(dir.path(), &["rules"], "");
    assert_eq!(ran.code, 0);
    let row = |line: &&str| line.starts_with("DL4000 ") && line.contains(" error ");
    assert!(ran.out.lines().any(|line| row(&line)), "{}", ran.out);
    let rows: serde_json::Value =
        serde_json::from_str(&run(dir.path(), &["rules", "--format", "json"], "").out).unwrap();
    let row = rows.as_array().unwrap().iter().find(|r| r["code"] == "DL4000").unwrap();
    assert_eq!(row["aliases"], serde_json::json!(["MaintainerDeprecated"]));

    for name in ["LW101", "lw101", "stable-metadata-below-sources"] {
        let ran = run(dir.path(), &["explain", name], "");
        assert_eq!(ran.code, 0, "{name}: {}", ran.err);
        assert!(ran.out.starts_with("LW101 stable-metadata-below-sources\n"), "{}", ran.out);
        assert!(ran.out.contains("\nReported:\n\n    FROM "), "{}", ran.out);
    }
    assert!(run(dir.path(), &["explain", "MaintainerDeprecated"], "").out.contains("also known as"));
    let wrong = run(dir.path(), &["explain", "LW1O1", "LW101"], "");
    assert_eq!(wrong.code, 2);
    assert!(wrong.err.contains("did you mean `LW101`?") && wrong.out.contains("LW101"), "{}", wrong.err);
}

#[test]
fn each_rule_gets_a_page() {
    let dir = folder(&[]);
    for (format, link) in [("html", "<a href=\"LW104.html\">"), ("markdown", "[LW104](LW104.md)")] {
        assert_eq!(run(dir.path(), &["rules", "--format", format], "").code, 2, "pages need a folder");
        let ran = run(dir.path(), &["rules", "--format", format, "--output", "a/pages"], "");
        assert_eq!((ran.code, ran.out.as_str()), (0, ""), "{}", ran.err);
        let extension = if format == "html" { "html" } else { "md" };
        let read = |name: &str| fs::read_to_string(dir.path().join(format!("a/pages/{name}.{extension}"))).unwrap();
        assert!(read("index").contains(link));
        assert!(read("LW104").contains("Dependencies installed below a COPY of all sources"));
    }
    fs::write(dir.path().join("file"), "").unwrap();
    let ran = run(dir.path(), &["rules", "--format", "html", "--output", "file"], "");
    assert_eq!(ran.code, 2, "a file is no folder");
}

/// The name of a file may be anyone's: on a terminal it would set the title, in a pipeline it would be a command.
#[test]
#[cfg(unix)]
fn names_of_files_steer_nothing_when_they_can_not_be_read() {
    let dir = folder(&[]);
    let name = "x\u{1b}]0;title\u{7}\n::error::y.Dockerfile";
    fs::write(dir.path().join(name), b"FROM debian:12\n\xff\n").expect("a file can be written");
    let ran = run(dir.path(), &[], "");
    assert_eq!(ran.code, 2);
    assert!(ran.err.contains("y.Dockerfile is not UTF-8 text"), "{}", ran.err);
    assert!(!ran.err.contains(['\u{1b}', '\u{7}']) && !ran.err.contains("\n::error"), "{:?}", ran.err);
}
