//! `--shellcheck` from outside: with the real program (ignored tests, which `.ci/run` runs where it is installed), and
//! with one that misbehaves.

use assert_cmd::Command;
use std::fs;
use std::path::Path;
use tempfile::TempDir;

const SPLIT: &str = "FROM debian:12\nARG dir=/x\nARG given\nRUN set -e; \\\n\tls $dir $given é \\\n  # more\n  $2\n";

struct Ran {
    code: i32,
    out: String,
    err: String,
}

/// Runs the program on `Dockerfile`, with the program paths `path`. It keeps no answers.
fn run(folder: &Path, path: Option<&Path>, args: &[&str]) -> Ran {
    run_with(folder, path, &[("LAYERWISE_CACHE_DIR", "off")], args)
}

fn run_with(folder: &Path, path: Option<&Path>, variables: &[(&str, &str)], args: &[&str]) -> Ran {
    let mut command = Command::cargo_bin("layerwise").expect("the program is built");
    command.current_dir(folder).env_remove("LAYERWISE_SHELLCHECK").env_remove("LAYERWISE_CACHE_DIR");
    command.envs(variables.iter().copied());
    if let Some(path) = path {
        command.env("PATH", path);
    }
    let output = command.args(args).output().expect("the program starts");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("the program prints text");
    Ran { code: output.status.code().unwrap_or(-1), out: text(output.stdout), err: text(output.stderr) }
}

fn folder(files: &[(&str, &str)]) -> TempDir {
    let folder = TempDir::new().expect("a temporary folder can be made");
    for (name, text) in files {
        fs::write(folder.path().join(name), text).expect("a file can be written");
    }
    folder
}

#[test]
#[ignore = "needs the program shellcheck"]
fn findings_stand_where_the_words_stand() {
    let dir = folder(&[("Dockerfile", SPLIT), ("crlf.Dockerfile", &SPLIT.replace('\n', "\r\n"))]);
    for name in ["Dockerfile", "crlf.Dockerfile"] {
        let ran = run(dir.path(), None, &[name, "--select", "SC2086,SC2154", "--format", "short"]);
        let places: Vec<&str> = ran.out.lines().map(|l| l.split(": Double").next().unwrap_or_default()).collect();
        let at = |place: &str| format!("{name}:{place}: info[SC2086]");
        // `dir` has a default, and is taken to be one word; `$given` and `$2` may be several.
        assert_eq!(places, [at("5:10"), at("7:3")], "{}{}", ran.out, ran.err);
        assert_eq!(ran.code, 1);
    }
}

#[test]
#[ignore = "needs the program shellcheck"]
fn codes_work_like_those_of_rules() {
    let config = "ignore: [SC2]\nrules:\n  SC3: { severity: error }\n";
    let text = |comment: &str| format!("FROM debian:12\n{comment}RUN ls $1 \\\n{comment}  && [[ a ]]\n");
    let dir = folder(&[("Dockerfile", &text("")), ("set.yaml", config)]);
    let codes = |args: &[&str]| {
        let ran = run(dir.path(), None, &[&["Dockerfile", "--format", "json", "--no-fail"], args].concat());
        let rows: serde_json::Value = serde_json::from_str(&ran.out).expect("it is JSON");
        let rows = rows.as_array().cloned().unwrap_or_default();
        let shown = |row: &serde_json::Value| format!("{} {}", row["level"], row["code"]).replace('"', "");
        rows.iter().map(shown).filter(|row| row.contains("SC2086") || row.contains("SC3010")).collect::<Vec<_>>()
    };
    let both = ["info SC2086", "warning SC3010"];
    assert_eq!(codes(&[]), both);
    assert_eq!(codes(&["--ignore", "SC2086"]), both[1..]);
    assert_eq!(codes(&["--ignore", "SC"]), [""; 0]);
    assert_eq!(codes(&["--select", "sc20"]), both[..1]);
    assert_eq!(codes(&["--select", "LW"]), [""; 0]);
    assert_eq!(codes(&["--shellcheck", "off"]), [""; 0]);
    let comments = [
        "# layerwise ignore=SC2086",
        "# hadolint ignore=SC2086",
        "# shellcheck disable=SC2086 # why",
        "# shellcheck disable=2086",
        "# shellcheck disable=SC1090,SC2000-SC2100",
    ];
    for comment in comments {
        fs::write(dir.path().join("Dockerfile"), text(&format!("{comment}\n"))).expect("a file can be written");
        assert_eq!(codes(&[]), both[1..], "{comment}");
    }
    for (comment, left) in [("disable=all", &both[..0]), ("disable=SC2000-SC2086", &both), ("disable=SC2", &both)] {
        fs::write(dir.path().join("Dockerfile"), text(&format!("# shellcheck {comment}\n")))
            .expect("a file can be written");
        assert_eq!(codes(&[]), left, "{comment}");
    }
    fs::write(dir.path().join("Dockerfile"), text("")).expect("a file can be written");
    fs::rename(dir.path().join("set.yaml"), dir.path().join(".layerwise.yaml")).expect("a file can be renamed");
    assert_eq!(codes(&[]), ["error SC3010"]);
}

#[test]
#[ignore = "needs the program shellcheck"]
fn fixes_are_unsafe_and_end() {
    let dir = folder(&[("Dockerfile", "FROM debian:12\nRUN ls $1$2 \\\n  `which a`\n")]);
    let path = dir.path().join("Dockerfile");
    let read = || fs::read_to_string(&path).expect("the file is there");
    run(dir.path(), None, &["Dockerfile", "--fix", "--select", "SC"]);
    assert_eq!(read(), "FROM debian:12\nRUN ls $1$2 \\\n  `which a`\n");
    run(dir.path(), None, &["Dockerfile", "--fix", "--unsafe-fixes", "--select", "SC"]);
    assert_eq!(read(), "FROM debian:12\nRUN ls \"$1\"\"$2\" \\\n  $(which a)\n");
}

#[test]
#[ignore = "needs the program shellcheck"]
fn no_file_of_the_repository_tells_the_program_what_to_do() {
    let text = "FROM debian:12\nRUN ls $1\n";
    let config = "shellcheck: /bin/true\n";
    let dir = folder(&[("Dockerfile", text), (".shellcheckrc", "disable=all\n")]);
    let args = ["Dockerfile", "--select", "SC2086", "--format", "short"];
    assert!(run(dir.path(), None, &args).out.contains("SC2086"));
    fs::write(dir.path().join(".layerwise.yaml"), config).expect("a file can be written");
    assert_eq!(run(dir.path(), None, &args).code, 2, "a configuration does not name programs");
}

#[test]
fn an_absent_program_is_named_only_if_asked_for() {
    let dir = folder(&[("Dockerfile", "FROM debian:12\nRUN ls $1\n")]);
    let empty = TempDir::new().expect("a temporary folder can be made");
    let run = |args: &[&str]| run(dir.path(), Some(empty.path()), &[&["Dockerfile"], args].concat());
    let quiet = run(&[]);
    assert_eq!((quiet.code, quiet.err.as_str()), (0, "1 file checked: no findings\n"));
    let told = run(&["-v"]);
    assert_eq!(told.code, 0);
    assert_eq!(told.err.lines().count(), 2, "{}", told.err);
    assert!(told.err.starts_with("shellcheck is not on the path"), "{}", told.err);
    let insists = run(&["--shellcheck", "on"]);
    assert_eq!(insists.code, 2);
    assert!(insists.err.contains("there is no shellcheck program"), "{}", insists.err);
    let relative = run(&["--shellcheck", "./shellcheck"]);
    assert_eq!(relative.code, 2);
    assert!(relative.err.contains("nor an absolute path"), "{}", relative.err);
}

#[cfg(unix)]
#[test]
fn a_program_that_fails_loses_none_of_our_findings() {
    use std::os::unix::fs::PermissionsExt;
    let text = "FROM debian:12\nRUN sudo ls $1\n";
    let dir = folder(&[("Dockerfile", text), ("shellcheck", "#!/bin/sh\necho no luck >&2\nexit 9\n")]);
    let program = dir.path().join("shellcheck");
    fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).expect("a mode can be set");
    let args = ["Dockerfile", "--format", "short"];
    let auto = run(dir.path(), Some(dir.path()), &args);
    assert_eq!(auto.code, 1);
    assert!(auto.out.contains("DL3004"), "{}", auto.out);
    assert!(
        auto.err.starts_with("warning: shellcheck did not read the script at Dockerfile:2: it failed"),
        "{}",
        auto.err
    );
    let path = program.to_string_lossy();
    for word in ["on", &path] {
        let on = run(dir.path(), Some(dir.path()), &[&args[..], &["--shellcheck", word]].concat());
        assert_eq!(on.code, 2);
        assert!(on.out.contains("DL3004") && on.err.contains("no luck"), "{}{}", on.out, on.err);
    }
    // A folder that is named from here is none of the system's.
    let relative = run(dir.path(), Some(Path::new(".")), &args);
    assert_eq!(relative.err.lines().count(), 1, "{}", relative.err);
}

/// A program that has a word on the first line of each script, and notes its starts in `starts`.
#[cfg(unix)]
const FAKE: &str = include_str!("support/shellcheck.sh");

#[cfg(unix)]
#[test]
fn answers_are_kept_where_no_repository_can_put_any() {
    use std::os::unix::fs::PermissionsExt;
    let bin = folder(&[("shellcheck", FAKE)]);
    fs::set_permissions(bin.path().join("shellcheck"), fs::Permissions::from_mode(0o755)).expect("a mode can be set");
    let text = "FROM debian:12\nRUN ls\nRUN ls -l\n";
    let dir = folder(&[("a.Dockerfile", text), ("b.Dockerfile", text)]);
    let home = folder(&[]);
    let program = bin.path().join("shellcheck").display().to_string();
    let starts = || fs::read_to_string(bin.path().join("starts")).map_or(0, |text| text.lines().count());
    let home_variables = [
        ("HOME", home.path().display().to_string()),
        ("XDG_CACHE_HOME", String::new()),
        ("LOCALAPPDATA", home.path().display().to_string()),
        ("LAYERWISE_SHELLCHECK", program),
    ];
    let run = |more: &[(&str, &str)], args: &[&str]| {
        let all: Vec<(&str, &str)> =
            home_variables.iter().map(|(n, v)| (*n, v.as_str())).chain(more.iter().copied()).collect();
        run_with(dir.path(), None, &all, &[&["--format", "short", "--select", "SC"], args].concat())
    };
    let first = run(&[], &[]);
    assert_eq!((first.out.lines().count(), starts()), (4, 1), "{}{}", first.out, first.err);
    let kept = home.path().join(if cfg!(windows) { "layerwise" } else { ".cache/layerwise" });
    assert!(kept.join("shellcheck").is_dir());
    let second = run(&[], &[]);
    assert_eq!((&second.out, second.code, starts()), (&first.out, first.code, 1));
    assert_eq!((run(&[], &["--no-cache"]).out, starts()), (first.out.clone(), 2));
    assert_eq!((run(&[("LAYERWISE_CACHE_DIR", "off")], &[]).out, starts()), (first.out.clone(), 3));
    // In the checkout, its files would be believed.
    let inside = dir.path().join("cache").display().to_string();
    let refused = run(&[("XDG_CACHE_HOME", &inside)], &["-v"]);
    assert_eq!((&refused.out, starts()), (&first.out, 4));
    assert!(refused.err.starts_with("the answers of shellcheck were not kept: "), "{}", refused.err);
    assert!(!dir.path().join("cache").exists());
    // Who names it says that it is to be believed.
    for _ in 0..2 {
        assert_eq!((run(&[("LAYERWISE_CACHE_DIR", &inside)], &[]).out, starts()), (first.out.clone(), 5));
    }
    let relative = run(&[("LAYERWISE_CACHE_DIR", "cache")], &[]);
    assert_eq!(relative.code, 2);
    assert!(relative.err.contains("neither off nor an absolute path"), "{}", relative.err);
}

#[cfg(unix)]
#[test]
fn the_script_that_breaks_the_program_is_named() {
    use std::os::unix::fs::PermissionsExt;
    let fails = FAKE.replace("comma=\n", "comma=\nif grep -q crash \"$@\"; then echo no luck >&2; exit 9; fi\n");
    let text = "FROM debian:12\nRUN ls\nRUN ls && \\\n  crash\nRUN ls -l\n";
    let dir = folder(&[("Dockerfile", text), ("shellcheck", &fails)]);
    let program = dir.path().join("shellcheck");
    fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).expect("a mode can be set");
    let args = ["Dockerfile", "--format", "short", "--select", "SC"];
    let path = program.to_string_lossy();
    let on = run(dir.path(), None, &[&args[..], &["--shellcheck", &path]].concat());
    assert_eq!(on.code, 2, "{}", on.err);
    assert!(on.err.contains("shellcheck did not read the script at Dockerfile:3"), "{}", on.err);
    let path = format!("{}:/usr/bin:/bin", dir.path().display());
    let auto = run(dir.path(), Some(Path::new(&path)), &args);
    assert_eq!(auto.code, 1, "{}", auto.err);
    let lines: Vec<&str> = auto.out.lines().map(|line| line.split(": ").next().unwrap_or_default()).collect();
    assert_eq!(lines, ["Dockerfile:2:5", "Dockerfile:5:5"]);
    let warning = "warning: shellcheck did not read the script at Dockerfile:3: it failed (exit code 9): no luck\n";
    assert!(auto.err.starts_with(warning), "{}", auto.err);
}

/// What the program finds on the second line of a script, with a fix that lets it find the same again.
#[cfg(unix)]
const INSATIABLE: &str = r#""fix":{"replacements":[{"line":2,"endLine":2,"column":1,"endColumn":1,"precedence":1,"insertionPoint":"beforeStart","replacement":"x"}]}"#;

#[cfg(unix)]
#[test]
fn fixes_without_an_end_are_left() {
    use std::os::unix::fs::PermissionsExt;
    let fake = FAKE.replace(r#""fix":null"#, INSATIABLE);
    let dir = folder(&[("Dockerfile", "FROM debian:12\nRUN ls\n"), ("shellcheck", &fake)]);
    let program = dir.path().join("shellcheck");
    fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).expect("a mode can be set");
    let args = ["Dockerfile", "--fix", "--unsafe-fixes", "--select", "SC", "--shellcheck", &program.to_string_lossy()];
    let ran = run(dir.path(), None, &args);
    assert!(ran.code == 1 && ran.err.contains("fixes of SC2086 undo each other"), "{}: {}", ran.code, ran.err);
    let starts = fs::read_to_string(dir.path().join("starts")).expect("it was started").lines().count();
    assert!((100..110).contains(&starts), "{starts}");
}

#[test]
fn codes_are_listed_in_a_line_and_explained_with_their_page() {
    let dir = folder(&[]);
    let ran = run(dir.path(), None, &["explain", "sc2086"]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    assert!(ran.out.contains("https://www.shellcheck.net/wiki/SC2086"), "{}", ran.out);
    assert_eq!(run(dir.path(), None, &["explain", "SC20861"]).code, 2);
    let table = run(dir.path(), None, &["rules"]);
    assert!(table.out.contains("SC1000 to SC3999") && table.out.contains("--ignore SC2086"), "{}", table.out);
}

#[cfg(unix)]
#[test]
fn a_comment_for_shellcheck_is_unused_only_if_it_was_asked() {
    use std::os::unix::fs::PermissionsExt;
    let text = "FROM debian:12\n# layerwise ignore=SC2086,SC2046,SC2\nRUN ls $1\n";
    let silent = "#!/bin/sh\necho no luck >&2\nexit 9\n";
    let dir = folder(&[("Dockerfile", text), ("shellcheck", FAKE), ("failing", silent)]);
    let unused = |program: &str, more: &[&str]| {
        let path = dir.path().join(program);
        if path.exists() {
            fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).expect("a mode can be set");
        }
        let program = if path.exists() { path.display().to_string() } else { program.to_owned() };
        let args = ["Dockerfile", "--format", "short", "--shellcheck", &program];
        let ran = run(dir.path(), None, &[&args[..], more].concat());
        ran.out.lines().filter(|line| line.contains("[LW018]")).map(str::to_owned).collect::<Vec<_>>()
    };
    let one = "Dockerfile:2:27: info[LW018]: `SC2046` switches nothing off: it finds nothing in the instruction";
    assert_eq!(unused("shellcheck", &[]), [one]);
    assert_eq!(unused("shellcheck", &["--ignore", "SC2046"]), [""; 0], "it is not reported");
    assert_eq!(unused("shellcheck", &["--ignore", "LW018"]), [""; 0]);
    assert_eq!(unused("off", &[]), [""; 0], "nobody was asked");
    assert_eq!(unused("failing", &[]), [""; 0], "nobody answered");
}
