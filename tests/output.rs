//! Where findings go: formats, files, counts, and what is said besides.

#[path = "support/ran.rs"]
mod ran;

use assert_cmd::Command;
use ran::{Ran, folder};
use std::fs;
use std::path::Path;
use tempfile::TempDir;

const BAD: &str = "FROM debian:12\nWORKDIR /app\nCOPY . .\nRUN apt-get update && apt-get install -y curl && \
    rm -rf /var/lib/apt/lists/*\nCMD [\"x\"]\n";
const GOOD: &str = "FROM debian:12\nWORKDIR /app\nRUN make\nCOPY . .\n";
const FORMATS: [&str; 14] = [
    "pretty",
    "short",
    "json",
    "jsonl",
    "sarif",
    "github",
    "gitlab",
    "codeclimate",
    "codacy",
    "checkstyle",
    "junit",
    "sonarqube",
    "rdjson",
    "azure",
];

fn run(folder: &Path, args: &[&str]) -> Ran {
    ran::run(folder, args, BAD)
}

fn read(folder: &TempDir, name: &str) -> String {
    fs::read_to_string(folder.path().join(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
}

#[test]
fn a_file_holds_what_standard_output_would_and_the_exit_code_is_the_same() {
    let dir = folder(&[("Dockerfile", BAD)]);
    for format in FORMATS {
        let printed = run(dir.path(), &["Dockerfile", "--format", format, "--color", "never"]);
        assert_eq!(printed.code, 1, "{format}");
        let target = format!("{format}=report.out");
        let written = run(dir.path(), &["Dockerfile", "--color", "always", "--output", &target]);
        assert_eq!(written.code, 1, "{format}");
        assert!(written.out.contains("\u{1b}[") && written.out.contains("LW105"), "the terminal has its own format");
        assert_eq!(read(&dir, "report.out"), printed.out, "{format}");
    }
    fs::write(dir.path().join("Dockerfile"), GOOD).expect("it can be written");
    for format in FORMATS {
        assert_eq!(run(dir.path(), &["Dockerfile", "--format", format]).code, 0, "{format}");
    }
}

#[test]
fn the_environment_of_a_service_does_not_change_the_format() {
    let dir = folder(&[("Dockerfile", BAD)]);
    let plain = run(dir.path(), &["--color", "never"]).out;
    let mut command = Command::cargo_bin("layerwise").expect("the program is built");
    command.env("LAYERWISE_SHELLCHECK", "off").current_dir(dir.path()).args(["--color", "never"]);
    for (name, value) in [("GITHUB_ACTIONS", "true"), ("GITLAB_CI", "true"), ("TF_BUILD", "True"), ("CI", "true")] {
        command.env(name, value);
    }
    assert_eq!(String::from_utf8_lossy(&command.output().expect("the program starts").stdout), plain);
}

#[test]
fn several_files_are_written_at_once() {
    let dir = folder(&[("Dockerfile", BAD), ("reports/old.json", "old")]);
    let args = ["-f", "short", "-o", "r.sarif", "-o", "reports/old.json", "-o", "junit=r.xml", "-o", "r.txt"];
    let ran = run(dir.path(), &args);
    assert_eq!((ran.code, ran.out.lines().count()), (1, 2));
    assert!(read(&dir, "r.sarif").contains("\"2.1.0\""));
    assert!(read(&dir, "reports/old.json").starts_with("[\n{\"file\":\"Dockerfile\""));
    assert!(read(&dir, "r.xml").contains("<testsuites"));
    assert!(read(&dir, "r.txt").contains("┌─ Dockerfile:4:1"));
}

#[test]
fn a_report_that_can_not_be_written_fails_and_loses_nothing_else() {
    let dir = folder(&[("Dockerfile", BAD)]);
    let printed = run(dir.path(), &["-f", "short"]);
    let ran = run(dir.path(), &["-f", "short", "-o", "no/r.sarif", "-o", "r.json", "--no-fail"]);
    assert_eq!((ran.code, ran.out.as_str()), (2, printed.out.as_str()));
    assert!(ran.err.contains("the report no/r.sarif was not written"), "{}", ran.err);
    assert!(ran.err.contains("there is no folder no"), "{}", ran.err);
    assert!(ran.err.starts_with(&printed.err), "the summary is there, too: {}", ran.err);
    assert!(read(&dir, "r.json").contains("LW105"));
}

#[test]
fn outputs_that_make_no_sense_are_refused_before_anything_is_done() {
    let dir = folder(&[("Dockerfile", BAD)]);
    for (args, why) in [
        (&["--output", "report.xml"][..], "--output sarif=report.xml"),
        (&["--output", "sarf=report"], "did you mean `sarif`?"),
        (&["--output", "-"], "this names no file"),
        (&["--output", "json=Dockerfile"], "is a file that is checked"),
        (&["--output", "json=./Dockerfile"], "is a file that is checked"),
        (&["--output", "a.json", "--output", "sarif=a.json"], "named twice"),
        (&["--output", "a.json", "--output", "sarif=./a.json"], "named twice"),
        (&["--output", "a.json", "--diff"], "cannot be used with"),
        (&["--statistics", "--format", "sarif"], "--statistics counts nothing"),
        (&["--quiet", "--verbose"], "cannot be used with"),
    ] {
        let ran = run(dir.path(), &[args, &["--fix"]].concat());
        assert_eq!((ran.code, ran.out.as_str()), (2, ""), "{args:?}");
        let err = ran.err.split_whitespace().filter(|word| *word != "│").collect::<Vec<_>>().join(" ");
        assert!(err.contains(why), "{args:?}: {err}");
    }
    assert_eq!(read(&dir, "Dockerfile"), BAD);
    assert!(!dir.path().join("a.json").exists());
    let ran = run(dir.path(), &["--output", "json=k.json", "--write-baseline", "./k.json"]);
    assert!(ran.code == 2 && ran.err.contains("is named by --output as well"), "{}", ran.err);
    assert!(!dir.path().join("k.json").exists());
}

#[test]
fn services_get_paths_from_the_root_of_the_repository() {
    let dir = folder(&[("my app/Dockerfile", BAD), (".git/HEAD", "ref: refs/heads/main\n")]);
    let below = dir.path().join("my app");
    for (format, want) in [
        ("sarif", "\"uri\":\"my%20app/Dockerfile\""),
        ("github", "file=my app/Dockerfile,"),
        ("gitlab", "\"path\":\"my app/Dockerfile\""),
        ("codeclimate", "\"path\":\"my app/Dockerfile\""),
        ("codacy", "\"filename\":\"my app/Dockerfile\""),
        ("azure", "sourcepath=my app/Dockerfile;"),
        ("rdjson", "\"path\":\"./Dockerfile\""),
        ("short", "./Dockerfile:4:1: "),
    ] {
        let ran = run(&below, &["./Dockerfile", "--format", format]);
        assert!(ran.out.contains(want), "{format}: {}", ran.out);
    }
    let absolute = below.join("Dockerfile").canonicalize().expect("it is there");
    let ran = run(&below, &[&absolute.display().to_string(), "--format", "gitlab"]);
    assert!(ran.out.contains("\"path\":\"my app/Dockerfile\""), "{}", ran.out);
}

#[test]
fn statistics_stand_in_place_of_the_findings() {
    let dir = folder(&[("a/Dockerfile", BAD), ("b/Dockerfile", BAD), ("c/Dockerfile", "FROM debian\nCMD [\"x\"]\n")]);
    let ran = run(dir.path(), &["--statistics", "--output", "r.json"]);
    let rows: Vec<Vec<&str>> = ran.out.lines().map(|line| line.split_whitespace().collect()).collect();
    let wanted = [
        ["findings", "--fix", "--unsafe-fixes", "rule"].as_slice(),
        &["2", "2", "0", "LW101", "stable-metadata-below-sources"],
        &["2", "2", "0", "LW105", "independent-run-below-sources"],
        &["1", "0", "0", "DL3006", "untagged-image"],
    ];
    assert_eq!(rows, wanted, "{}", ran.out);
    assert!(ran.err.starts_with("3 files checked: "), "{}", ran.err);
    assert_eq!(ran.code, 1);
    assert_eq!(read(&dir, "r.json").matches("\"code\"").count(), 5, "the file has the findings");
    let json: serde_json::Value =
        serde_json::from_str(&run(dir.path(), &["--statistics", "-f", "json"]).out).expect("JSON");
    assert_eq!(json[0]["code"], "LW101");
    assert_eq!(run(&dir.path().join("c"), &["--statistics", "--ignore", "DL3006"]).out, "");
}

#[test]
fn quiet_is_nothing_but_findings() {
    let dir = folder(&[("Dockerfile", BAD)]);
    let loud = run(dir.path(), &["-f", "short"]);
    let ran = run(dir.path(), &["-f", "short", "--quiet"]);
    assert_eq!((ran.code, ran.out.as_str(), ran.err.as_str()), (1, loud.out.as_str(), ""));
    assert_eq!(run(dir.path(), &["-q", "--fix"]).err, "");
    assert_eq!(run(dir.path(), &["-q"]).out, "");
    let failed = run(dir.path(), &["-q", "missing"]);
    assert!(failed.code == 2 && failed.err.contains("missing"), "what went wrong is told: {}", failed.err);
}

#[test]
fn show_fixes_lists_what_was_done() {
    let dir = folder(&[("a/Dockerfile", BAD), ("b/Dockerfile", GOOD)]);
    let would = run(dir.path(), &["--diff", "--show-fixes"]);
    let ran = run(dir.path(), &["--fix", "--show-fixes", "--quiet"]);
    let lines: Vec<&str> = ran.err.lines().collect();
    assert_eq!(lines.len(), 3, "{}", ran.err);
    assert_eq!(lines[0], "a/Dockerfile: fixed LW101, LW105");
    assert!(lines[1].starts_with("  LW101: move ") && lines[2].starts_with("  LW105: move "), "{}", ran.err);
    assert_eq!(would.err, ran.err.replace("fixed", "would fix"));
    assert_eq!(run(dir.path(), &["--fix", "--show-fixes", "--quiet"]).err, "", "nothing was left to do");
}

#[test]
fn the_fixed_text_of_standard_input_is_not_mixed_with_the_report() {
    let dir = folder(&[]);
    let ran = run(dir.path(), &["-", "--fix", "--unsafe-fixes", "-o", "r.json", "-q"]);
    assert!(ran.out.starts_with("FROM debian:12\nCMD [\"x\"]\n"), "{}", ran.out);
    assert_eq!(read(&dir, "r.json"), "[]\n");
}
