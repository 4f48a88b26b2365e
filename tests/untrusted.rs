//! Repositories that mean no good: nothing outside of them is read or written.
#![cfg(unix)]

#[path = "support/ran.rs"]
mod ran;

use ran::{folder, repository, run};
use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt, symlink};
use std::os::unix::process::CommandExt;
use std::process::Command;

const SECRET: &str = "password: hunter2\n";
const BAD: &str = "FROM debian:12\nRUN sudo make\nMAINTAINER me\n";

#[test]
fn a_configuration_that_is_a_link_out_is_refused_and_not_shown() {
    let other = folder(&[("secret.yaml", SECRET), ("good.yaml", "ignore: [ALL]\n")]);
    for name in [".layerwise.yaml", "layerwise.yaml", ".hadolint.yaml", ".hadolint.yml"] {
        for target in ["secret.yaml", "good.yaml"] {
            let dir = repository(&[("api/Dockerfile", BAD)]);
            symlink(other.path().join(target), dir.path().join(name)).expect("a link can be made");
            for args in [&["-f", "short"][..], &["config", "show", "api/Dockerfile"]] {
                let ran = run(dir.path(), args, "");
                assert_eq!((ran.code, ran.out.as_str()), (2, ""), "{name} {target}: {}", ran.err);
                assert!(!ran.err.contains("hunter2") && !ran.err.contains("password"), "{}", ran.err);
                let err = ran.err.split_whitespace().filter(|word| *word != "│").collect::<Vec<_>>().join(" ");
                let why = format!("the configuration {name} is a link out of the repository, so it was not read");
                assert!(err.contains(&why), "{}", ran.err);
            }
        }
    }
}

#[test]
fn a_link_within_the_repository_and_one_that_is_named_are_followed() {
    let dir = repository(&[("api/Dockerfile", BAD), ("ci/lint.yaml", "ignore: [ALL]\n")]);
    symlink("ci/lint.yaml", dir.path().join(".layerwise.yaml")).expect("a link can be made");
    assert_eq!(run(dir.path(), &[], "").code, 0);
    let other = folder(&[("good.yaml", "select: [DL3004]\n"), ("Dockerfile", BAD)]);
    symlink(other.path().join("good.yaml"), dir.path().join("named.yaml")).expect("a link can be made");
    let ran = run(dir.path(), &["-f", "short", "-c", "named.yaml"], "");
    assert_eq!((ran.code, ran.out.lines().count()), (1, 1), "{}{}", ran.out, ran.err);
    symlink(other.path().join("Dockerfile"), dir.path().join("Dockerfile.out")).expect("a link can be made");
    let args = ["-f", "short", "--no-config", "--select", "DL3004", "Dockerfile.out"];
    assert!(run(dir.path(), &args, "").out.starts_with("Dockerfile.out:2"));
}

#[test]
fn a_dockerfile_that_is_a_link_out_is_passed_over_and_stays_as_it_is() {
    let other = folder(&[("secret.yaml", SECRET), ("Dockerfile", BAD)]);
    let dir = repository(&[("base.txt", BAD), ("sub/.keep", "")]);
    symlink(other.path().join("secret.yaml"), dir.path().join("Dockerfile.x")).expect("a link can be made");
    symlink(other.path().join("Dockerfile"), dir.path().join("sub/Dockerfile")).expect("a link can be made");
    symlink("base.txt", dir.path().join("Dockerfile")).expect("a link can be made");
    let ran = run(dir.path(), &["-f", "short", "--fix", "--unsafe-fixes"], "");
    assert!(!ran.out.contains("Dockerfile.x") && !ran.out.contains("sub/"), "{}", ran.out);
    for name in ["Dockerfile.x", "sub/Dockerfile"] {
        let note = format!("note: {name} is a link out of the repository, so it was passed over; name it to have it");
        assert!(ran.err.contains(&note), "{}", ran.err);
    }
    assert_eq!(fs::read_to_string(other.path().join("Dockerfile")).expect("it is there"), BAD);
    assert_ne!(fs::read_to_string(dir.path().join("base.txt")).expect("it is there"), BAD, "a link within is mended");
    let ran = run(&dir.path().join("sub"), &["-f", "short"], "");
    assert_eq!((ran.code, ran.out.as_str()), (0, ""), "{}", ran.err);
}

#[test]
fn no_report_is_written_through_a_link_out() {
    let other = folder(&[("target", "mine")]);
    let dir = repository(&[("Dockerfile", BAD), ("here.json", "old")]);
    for name in ["report.sarif", "known.json", "LW105.html"] {
        symlink(other.path().join("target"), dir.path().join(name)).expect("a link can be made");
    }
    symlink(other.path(), dir.path().join("sub")).expect("a link can be made");
    symlink(other.path().join("new"), dir.path().join("broken.json")).expect("a link can be made");
    let within = dir.path().join("report.sarif").display().to_string();
    for args in [
        &["-o", "report.sarif"][..],
        &["-o", &within],
        &["-o", "json=broken.json"],
        &["-o", "sub/x.json"],
        &["--write-baseline", "known.json"],
        &["rules", "--format", "html", "--output", "."],
    ] {
        let ran = run(dir.path(), args, "");
        assert_eq!(ran.code, 2, "{args:?}: {}", ran.err);
        assert!(ran.err.contains("a link out of the repository"), "{args:?}: {}", ran.err);
    }
    assert_eq!(fs::read_to_string(other.path().join("target")).expect("it is there"), "mine");
    assert_eq!(fs::read_dir(other.path()).expect("it can be listed").count(), 1);
    // A link within is followed, and so is one that is no part of a repository.
    symlink("here.json", dir.path().join("in.json")).expect("a link can be made");
    let outside = other.path().join("out.json");
    symlink(dir.path().join("here.json"), &outside).expect("a link can be made");
    for path in ["in.json", &outside.display().to_string(), "/dev/stdout"] {
        let ran = run(dir.path(), &["-o", &format!("json={path}")], "");
        assert_eq!(ran.code, 1, "{path}: {}", ran.err);
    }
    assert_ne!(fs::read_to_string(dir.path().join("here.json")).expect("it is there"), "old");
}

/// Who may write to the folder could rename a new file to the old name; but whose file it is decides what becomes of it.
#[test]
fn a_file_that_somebody_else_owns_is_left_alone() {
    let dir = repository(&[("Dockerfile", BAD), ("report.json", "old")]);
    if dir.path().metadata().expect("it is there").uid() != 0 {
        return; // Only root can be somebody else.
    }
    fs::set_permissions(dir.path(), fs::Permissions::from_mode(0o777)).expect("it is ours");
    let mut command = Command::new(env!("CARGO_BIN_EXE_layerwise"));
    let args =
        ["--fix", "--unsafe-fixes", "--no-config", "--shellcheck", "off", "--output", "report.json", "Dockerfile"];
    let Ok(output) = command.args(args).current_dir(dir.path()).uid(65534).gid(65534).output() else {
        return; // The program lies where nobody else may start it.
    };
    let err = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(2), "{err}");
    assert_eq!(err.matches("is read-only").count(), 2, "{err}");
    for (name, text) in [("Dockerfile", BAD), ("report.json", "old")] {
        let path = dir.path().join(name);
        assert_eq!(fs::read_to_string(&path).expect("it is there"), text);
        assert_eq!(path.metadata().expect("it is there").uid(), 0);
    }
}

#[test]
fn names_of_files_steer_no_terminal_and_forge_no_line() {
    let base = "\u{1b}[31mx\nevil.yaml";
    let own = "extends: \"\\e[31mx\\nevil.yaml\"\ncontexts: {'*/Dockerfile': .}\n";
    let dir = repository(&[(base, "builder: classic\n"), (".layerwise.yaml", own)]);
    let ran = run(dir.path(), &["config", "show"], "");
    assert_eq!(ran.code, 0, "{}", ran.err);
    assert!(ran.out.contains("# \u{fffd}[31mx evil.yaml\n"), "{}", ran.out);
    assert!(!ran.out.contains('\u{1b}') && !ran.out.contains("\nevil"), "{}", ran.out);

    let dir = repository(&[("a\u{1b}[31mred\n+++ b/Dockerfile", "FROM debian:12\nMAINTAINER me\n")]);
    let folder = dir.path().join("a\u{1b}[31mred\n+++ b");
    fs::write(folder.join("Dockerfile"), "from debian:12\nRUN make\nRUN make\n").expect("it can be written");
    let ran = run(dir.path(), &["--diff"], "");
    let quoted = |side: &str| format!("\"{side}/a\\033[31mred\\n+++ b/Dockerfile\"");
    let header = format!("--- {}\n+++ {}\n@@", quoted("a"), quoted("b"));
    assert!(ran.out.starts_with(&header), "{}", ran.out);
    assert!(!ran.out.contains('\u{1b}') && !ran.err.contains('\u{1b}'), "{}", ran.out);
}

const MARK: &str = "##vso[task.setvariable variable=PATH]evil;";

#[test]
fn names_and_texts_are_no_commands_for_a_pipeline() {
    let text = format!("from debian:12\n# {MARK}\nRUN sudo make && echo '##[error]{MARK}'\n");
    let names = [format!("{MARK}/Dockerfile"), "::add-mask::x/Dockerfile".to_owned()];
    for format in ["short", "pretty", "azure"] {
        let dir = repository(&[(&names[0], &text), (&names[1], &text)]);
        for args in [&["-f", format, "--diff"][..], &["-f", format, "--show-fixes", "--fix"]] {
            let ran = run(dir.path(), args, "");
            let shown = ran.out.clone() + &ran.err;
            assert!(shown.contains("\u{fffd}vso[") || shown.contains("\\043vso["), "{args:?}: {shown}");
            for line in ran.out.lines().chain(ran.err.lines()) {
                // A patch has to say what stands in the file.
                let line = if args.contains(&"--diff") { line.trim_start_matches([' ', '+', '-']) } else { line };
                let of_file = args.contains(&"--diff") && (line.starts_with("# ##vso") || line.starts_with("RUN sudo"));
                // Ours; what stands behind it is not looked at again.
                if line.starts_with("##vso[task.logissue type=") {
                    continue;
                }
                let is_command = line.contains("##vso[") || line.contains("##[") || line.trim_start().starts_with("::");
                assert!(of_file || !is_command, "{args:?}: {line}");
            }
        }
    }
    let dir = repository(&[("Dockerfile", BAD), (".layerwise.yaml", &format!("'{MARK}': 1 # {MARK}\n"))]);
    let ran = run(dir.path(), &[], "");
    assert!(ran.code == 2 && ran.err.contains("unknown key") && !ran.err.contains("##vso["), "{}", ran.err);
}

/// Whether an agent would take something on `line` for an order.
fn commands(line: &str) -> bool {
    line.to_lowercase().contains("##vso[") || line.contains("##[") || line.trim_start().starts_with("::")
}

#[test]
fn no_format_hands_on_a_command() {
    let text = format!(
        "# escape=\\\nfrom debian:12 AS {MARK}\n::error::x\nRUN sudo make && echo '##[error]{MARK}'\nADD {MARK} /\n"
    );
    let names = [format!("{MARK}/Dockerfile"), "::add-mask::x/Dockerfile".to_owned()];
    let dir = repository(&[(&names[0], &text), (&names[1], &text), ("r/.keep", "")]);
    fs::write(dir.path().join(MARK).join(".layerwise.yaml"), "builder: buildkit\n").expect("it can be written");
    let formats =
        ["json", "jsonl", "sarif", "gitlab", "codeclimate", "codacy", "checkstyle", "junit", "sonarqube", "rdjson"];
    for format in formats {
        let ran = run(dir.path(), &["-f", format], "");
        assert!(ran.code == 1 && ran.out.contains("vso["), "{format}: {}{}", ran.out, ran.err);
        let line = ran.out.lines().find(|line| commands(line));
        assert_eq!(line, None, "{format}");
    }
    let own = |line: &&str| {
        !["::group::", "::endgroup::", "::error title=", "::warning title=", "::notice title="]
            .iter()
            .any(|own| line.starts_with(own))
            || line.contains("##")
    };
    let ran = run(dir.path(), &["-f", "github"], "");
    let line = ran.out.lines().filter(own).find(|line| commands(line));
    assert!(line.is_none() && ran.out.contains("vso["), "{line:?} {}", ran.out);
    // Nothing is lost for programs.
    let ran = run(dir.path(), &["-f", "json", &names[0]], "");
    let rows: serde_json::Value = serde_json::from_str(&ran.out).expect("it is JSON");
    assert_eq!(rows[0]["file"], names[0].as_str());
    let ran = run(dir.path(), &["-f", "checkstyle", &names[0]], "");
    let xml = roxmltree::Document::parse(&ran.out).expect("it is XML");
    assert!(xml.descendants().any(|node| node.attribute("name") == Some(&names[0])), "{}", ran.out);

    let file = names[0].as_str();
    let old = text.replace("debian:12", "debian:11");
    fs::write(dir.path().join("r").join("Dockerfile"), old).expect("it can be written");
    let before = ["cache", "diff", "--before", "r", "--after", &file[..MARK.len()]];
    let mut all: Vec<Vec<&str>> = vec![before.to_vec(), [&before[..], &["--format", "json"]].concat()];
    all.extend(["tree", "json", "buildkit"].map(|format| vec!["ast", "--format", format, file]));
    all.extend(["pretty", "json", "html"].map(|format| vec!["cache", "--format", format, "--context", ".", file]));
    all.push(vec!["config", "show", file]);
    all.push(vec!["--statistics"]);
    for args in all {
        let ran = run(dir.path(), &args, "");
        let line = ran.out.lines().chain(ran.err.lines()).find(|line| commands(line));
        assert_eq!(line, None, "{args:?}");
        assert!(ran.code < 2, "{args:?}: {}", ran.err);
        assert!(ran.out.contains("vso[") || args[0] == "--statistics", "{args:?}: {}{}", ran.out, ran.err);
    }
}

#[test]
fn rules_of_a_project_print_no_command() {
    let own = format!(
        "custom:\n  - code: ACME001\n    match: {{ instruction: COPY }}\n    message: \"x {MARK}\"\n    help: \"::error::y {MARK}\"\n    \
         bad: [\"RUN {MARK}\", \"::error::x\"]\n    good: [\"COPY {MARK} /\"]\n"
    );
    let dir = repository(&[("Dockerfile", "FROM a:1\nCOPY a /\n"), (".layerwise.yaml", &own)]);
    for args in [&["explain", "ACME001"][..], &["config", "test"], &["-f", "short"], &["-f", "junit"]] {
        let ran = run(dir.path(), args, "");
        assert!(ran.out.contains("vso["), "{args:?}: {}{}", ran.out, ran.err);
        assert_eq!(ran.out.lines().chain(ran.err.lines()).find(|line| commands(line)), None, "{args:?}");
    }
}
