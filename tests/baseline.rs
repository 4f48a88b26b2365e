//! `--write-baseline` and `--baseline`: an old repository starts at zero, and new findings are still told.

#[path = "support/ran.rs"]
mod ran;

use ran::{Ran, put, repository};
use std::fs;
use std::path::Path;
use tempfile::TempDir;

const BASE: &str = "known.json";

fn run(folder: &Path, args: &[&str]) -> Ran {
    ran::run(folder, &[args, &["--format", "short"]].concat(), "")
}

fn read(folder: &TempDir, name: &str) -> String {
    fs::read_to_string(folder.path().join(name)).expect("the file is there")
}

/// DL3007, DL3004, and DL3020 on two lines.
const OLD: &str = "FROM debian:latest\nADD a /a\nRUN cd /x && \\\n    sudo make\nADD b /b\n";

#[test]
fn what_is_written_is_not_reported_again() {
    let dir =
        repository(&[("api/Dockerfile", OLD), ("web/Dockerfile", "FROM alpine\n"), ("ok/Dockerfile", "FROM a:1\n")]);
    let before = run(dir.path(), &[]);
    assert_eq!(before.code, 1);
    let wrote = run(dir.path(), &["--write-baseline", BASE]);
    assert_eq!((wrote.code, wrote.out.as_str()), (0, ""), "{}", wrote.err);
    let count = before.out.lines().count();
    assert_eq!(wrote.err, format!("known.json: written, with {count} known findings\n"));
    let file = read(&dir, BASE);
    assert_eq!(file.matches("fingerprint").count(), count, "{file}");
    assert!(file.contains("\n    \"api/Dockerfile\": [\n      {\"code\":\"DL3004\",\"message\":\""), "{file}");
    assert!(!file.contains("ok/Dockerfile") && !file.contains(dir.path().to_str().expect("it is text")), "{file}");

    let after = run(dir.path(), &["--baseline", BASE]);
    assert_eq!((after.code, after.out.as_str()), (0, ""));
    assert_eq!(after.err, format!("3 files checked: no findings but {count} of the baseline\n"));
    run(dir.path(), &["--write-baseline", BASE]);
    assert_eq!(read(&dir, BASE), file, "a second run writes the same");
    run(dir.path(), &["--write-baseline", BASE, "web", "api", "ok"]);
    assert_eq!(read(&dir, BASE), file, "whatever the order of the files");
}

#[test]
fn findings_are_known_by_content() {
    let dir = repository(&[("Dockerfile", OLD)]);
    run(dir.path(), &["--write-baseline", BASE]);
    let seen = |text: &str| {
        put(&dir, "Dockerfile", text);
        let lines = run(dir.path(), &["--baseline", BASE]).out;
        let code = |line: &str| {
            let (place, rest) = line.split_once(": ").expect("a line is place: level[code]");
            let code = rest.split(['[', ']']).nth(1).expect("it has a code");
            format!("{}:{code}", place.split(':').nth(1).expect("it has a line"))
        };
        lines.lines().map(code).collect::<Vec<_>>()
    };
    assert_eq!(seen(&format!("# a word\n\n{}", OLD.replace("\nADD b", "\n\nLABEL a=b\nADD b"))), [""; 0], "lines move");
    assert_eq!(seen(&OLD.replace('\n', "\r\n").replace("    sudo", "\tsudo")), [""; 0], "blanks change");
    assert_eq!(seen(&OLD.replace("ADD b /b\n", "ADD c /c\nADD b /b\n")), ["5:DL3020"], "another line");
    assert_eq!(seen(&format!("{OLD}ADD b /b\n")), ["6:DL3020"], "the same line again");
    assert_eq!(seen(&OLD.replace("ADD a", "ADD aa")), ["2:DL3020"], "the line is edited");
    assert_eq!(seen("FROM debian:latest\n"), [""; 0], "what is mended is no finding");
}

#[test]
fn what_stands_for_nothing_is_counted() {
    let dir =
        repository(&[("a/Dockerfile", OLD), ("b/Dockerfile", "FROM alpine\n"), ("c/Dockerfile", "FROM alpine\n")]);
    run(dir.path(), &["--write-baseline", BASE]);
    let gone = |args: &[&str]| {
        let err = run(dir.path(), &[&["--baseline", BASE], args].concat()).err;
        err.lines().find(|line| line.contains("any more")).map(str::to_owned)
    };
    assert_eq!(gone(&[]), None);
    put(&dir, "a/Dockerfile", &OLD.replace("ADD a", "COPY a").replace("latest", "12"));
    let two = "known.json: 2 entries stand for nothing any more; `--write-baseline known.json` drops them";
    assert_eq!(gone(&[]).as_deref(), Some(two));
    assert_eq!(gone(&["--quiet"]), None);
    assert_eq!(gone(&["b"]), None, "the file was not checked");
    assert_eq!(gone(&["--ignore", "DL3007,DL3020"]), None, "the rules did not run");
    fs::remove_file(dir.path().join("c/Dockerfile")).expect("it can be removed");
    let one = "known.json: 1 entry stands for nothing any more; `--write-baseline known.json` drops it";
    assert_eq!(gone(&["b"]).as_deref(), Some(one), "the file is gone");
    run(dir.path(), &["--write-baseline", BASE]);
    assert_eq!(gone(&[]), None);
}

#[test]
fn fixes_mend_what_is_known_too() {
    let dir = repository(&[("Dockerfile", "FROM debian:latest as base\nRUN make\n")]);
    run(dir.path(), &["--write-baseline", BASE]);
    let diff = run(dir.path(), &["--diff", "--baseline", BASE]);
    assert!(diff.code == 1 && diff.out.contains("+FROM debian:latest AS base"), "{}", diff.out);
    let fixed = run(dir.path(), &["--fix", "--baseline", BASE, "--ignore", "DL3007"]);
    assert_eq!((fixed.code, fixed.out.as_str()), (0, ""));
    assert!(read(&dir, "Dockerfile").contains(" AS ") && fixed.err.contains("any more"), "{}", fixed.err);
}

#[test]
fn a_configuration_names_it() {
    let dir = repository(&[
        ("api/deep/Dockerfile", OLD),
        ("web/Dockerfile", "FROM alpine\n"),
        (".layerwise.yaml", "baseline: ci/known.json\n"),
    ]);
    let missing = run(dir.path(), &[]);
    assert_eq!(missing.code, 2);
    assert_eq!(missing.err.matches("can't be read").count(), 1, "once, not for each file: {}", missing.err);
    assert!(missing.err.contains("`--write-baseline ci/known.json` makes it anew"), "{}", missing.err);
    fs::create_dir(dir.path().join("ci")).expect("a folder can be made");
    assert_eq!(run(dir.path(), &["--write-baseline", "ci/known.json"]).code, 0, "the file need not be there");
    assert!(read(&dir, "ci/known.json").contains("\"../api/deep/Dockerfile\""));
    assert_eq!(run(dir.path(), &[]).code, 0);
    assert_eq!(run(&dir.path().join("api"), &["deep"]).code, 0, "from another folder");
    let whole = dir.path().join("api/deep/Dockerfile");
    assert_eq!(run(&dir.path().join("web"), &[whole.to_str().expect("it is text")]).code, 0, "by another path");
    assert_eq!(run(dir.path(), &["--no-config"]).code, 1);
    put(&dir, "other.json", "{\"version\": 1, \"files\": {}}");
    assert_eq!(run(dir.path(), &["--baseline", "other.json"]).code, 1, "the option wins");
}

#[test]
fn what_makes_no_sense_is_refused() {
    let dir = repository(&[("Dockerfile", OLD), ("bad.json", "{"), ("next.json", "{\"version\": 2, \"files\": {}}")]);
    for (args, want) in [
        (["--baseline", "bad.json"], "the baseline bad.json can't be read: EOF"),
        (["--baseline", "next.json"], "its version is 2"),
        (["--baseline", "none.json"], "the baseline none.json can't be read: "),
        (["--write-baseline", "-"], "--write-baseline: a baseline is a file"),
        (["--write-baseline", "Dockerfile"], "--write-baseline: Dockerfile is a file that is checked"),
        (["--write-baseline", "none/known.json"], "the report none/known.json was not written"),
    ] {
        let ran = run(dir.path(), &args);
        assert_eq!(ran.code, 2, "{args:?}: {}", ran.err);
        assert!(ran.err.contains(want), "{args:?}: {}", ran.err);
    }
    assert_eq!(run(dir.path(), &["--write-baseline", BASE, "--baseline", BASE]).code, 2);
    put(&dir, BASE, "as it was");
    let ran = run(dir.path(), &["Dockerfile", "missing", "--write-baseline", BASE]);
    assert!(ran.code == 2 && ran.err.contains("known.json: not written"), "{}", ran.err);
    assert_eq!(read(&dir, BASE), "as it was", "a baseline without one of the files would be wrong");
}
