//! The way over from hadolint: its file, its options, and the commands that people have in their pipelines.

#[path = "support/ran.rs"]
mod ran;

use ran::repository;
use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Output, Stdio};

const CLEAN: &str = "FROM debian:12\nWORKDIR /srv\nCOPY app.sh /srv/\nUSER 1000\nCMD [\"/srv/app.sh\"]\n";
const UNTAGGED: &str = "FROM debian\nWORKDIR /srv\nUSER 1000\nCMD [\"ls\"]\n";
const SUDO: &str = "FROM debian:12\nRUN sudo make\nUSER 1000\nCMD [\"ls\"]\n";
const RELATIVE: &str = "FROM debian:12\nWORKDIR srv\nUSER 1000\nCMD [\"ls\"]\n";
const SHELL_FORM: &str = "FROM debian:12\nUSER 1000\nCMD ls /srv\n";
const SILENCED: &str = "# hadolint ignore=DL3006\nFROM debian\nUSER 1000\nCMD [\"ls\"]\n";
const FOREIGN: &str = "FROM quay.io/team/base:1.2\nUSER 1000\nCMD [\"ls\"]\n";
const BROKEN: &str = "FROM debian:12\nFETCH x\n";

const FILES: [(&str, &str); 8] = [
    ("clean", CLEAN),
    ("untagged", UNTAGGED),
    ("sudo", SUDO),
    ("relative", RELATIVE),
    ("shell-form", SHELL_FORM),
    ("silenced", SILENCED),
    ("foreign", FOREIGN),
    ("broken", BROKEN),
];

/// A command in a pipeline: what it does with each file, after the name of the program.
struct Recipe {
    /// The options of hadolint.
    theirs: &'static [&'static str],
    /// The file comes from standard input, as with `docker run -i`.
    piped: bool,
    /// `.hadolint.yaml`.
    config: Option<&'static str>,
    /// The files for which the pipeline is red.
    red: &'static [&'static str],
    /// The files with the other verdict here, on purpose: README.md says why.
    differs: &'static [&'static str],
}

const PLAIN: Recipe = Recipe {
    theirs: &[],
    piped: false,
    config: None,
    red: &["untagged", "sudo", "relative", "shell-form", "broken"],
    differs: &[],
};

const RECIPES: [Recipe; 16] = [
    PLAIN,
    Recipe { theirs: &["-"], piped: true, ..PLAIN },
    // sudo is a warning here, an error there.
    Recipe {
        theirs: &["--failure-threshold", "error"],
        red: &["sudo", "relative", "broken"],
        differs: &["sudo"],
        ..PLAIN
    },
    // What costs rebuilds counts as well.
    Recipe { theirs: &["-t", "none"], differs: &["clean"], ..PLAIN },
    Recipe {
        theirs: &["--ignore", "DL3006", "--ignore", "DL3004"],
        red: &["relative", "shell-form", "broken"],
        ..PLAIN
    },
    Recipe {
        theirs: &["--trusted-registry", "docker.io"],
        red: &["untagged", "sudo", "relative", "shell-form", "foreign", "broken"],
        ..PLAIN
    },
    Recipe { theirs: &["-f", "sarif"], ..PLAIN },
    Recipe { theirs: &["-f", "gitlab_codeclimate"], ..PLAIN },
    // With these two, hadolint is content with whatever it finds.
    Recipe { theirs: &["-f", "codeclimate"], red: &[], differs: PLAIN.red, ..PLAIN },
    Recipe { theirs: &["-f", "codacy"], red: &[], differs: PLAIN.red, ..PLAIN },
    Recipe { theirs: &["-f", "checkstyle"], ..PLAIN },
    Recipe { theirs: &["--format", "json", "--no-color"], ..PLAIN },
    Recipe { theirs: &["--no-fail"], red: &[], ..PLAIN },
    Recipe {
        config: Some(
            "failure-threshold: error\nignored: [DL3004, DL9999]\noverride:\n  error: [DL3025]\ntrustedRegistries:\n- docker.io\n",
        ),
        red: &["relative", "shell-form", "foreign", "broken"],
        ..PLAIN
    },
    Recipe {
        theirs: &["--disable-ignore-pragma"],
        red: &["untagged", "sudo", "relative", "shell-form", "silenced", "broken"],
        ..PLAIN
    },
    Recipe { theirs: &["--file-path-in-report", "app/Dockerfile", "-f", "junit", "-"], piped: true, ..PLAIN },
];

fn program(name: &str, folder: &Path) -> Command {
    let mut command = Command::new(name);
    command.current_dir(folder).env_remove("HADOLINT_IGNORE").stdin(Stdio::null());
    command
}

fn layerwise(folder: &Path, args: &[&str]) -> Output {
    program(env!("CARGO_BIN_EXE_layerwise"), folder).args(args).output().expect("the program starts")
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// The exit code of `name args`, with the file `file` as the last argument or from standard input.
fn verdict(name: &str, args: &[&str], recipe: &Recipe, folder: &Path, file: &str, text: &str) -> Option<i32> {
    let mut command = program(name, folder);
    command.args(args).stdout(Stdio::null()).stderr(Stdio::null());
    if !recipe.piped {
        return command.arg(file).status().expect("the program starts").code();
    }
    let mut child = command.stdin(Stdio::piped()).spawn().expect("the program starts");
    child.stdin.take().expect("it is piped").write_all(text.as_bytes()).expect("the program reads");
    child.wait().expect("the program ends").code()
}

/// The recipes with the exit codes that `run` gives for each file, where these are not the ones that they should be.
fn wrong(ours: bool, run: impl Fn(&Recipe, &Path, &str, &str) -> Option<i32>) -> Vec<String> {
    let mut wrong = Vec::new();
    for recipe in &RECIPES {
        let folder = repository(&FILES);
        if let Some(config) = recipe.config {
            fs::write(folder.path().join(".hadolint.yaml"), config).expect("a file can be written");
        }
        for (file, text) in FILES {
            let code = run(recipe, folder.path(), file, text);
            let red = recipe.red.contains(&file) != (ours && recipe.differs.contains(&file));
            if code != Some(i32::from(red)) {
                wrong.push(format!("{:?} {:?}, {file}: {code:?}", recipe.theirs, recipe.config));
            }
        }
    }
    wrong
}

#[test]
fn check_in_place_of_hadolint_has_its_verdict() {
    let ours = |recipe: &Recipe, folder: &Path, file: &str, text: &str| {
        let args = [&["check", "--shellcheck", "off"], recipe.theirs].concat();
        verdict(env!("CARGO_BIN_EXE_layerwise"), &args, recipe, folder, file, text)
    };
    assert_eq!(wrong(true, ours), [""; 0]);
}

#[test]
#[ignore = "needs hadolint on the path"]
fn hadolint_has_these_verdicts() {
    let theirs = |recipe: &Recipe, folder: &Path, file: &str, text: &str| {
        verdict("hadolint", recipe.theirs, recipe, folder, file, text)
    };
    assert_eq!(wrong(false, theirs), [""; 0]);
}

#[test]
fn several_files_are_red_together() {
    let folder = repository(&FILES);
    assert_eq!(layerwise(folder.path(), &["check", "clean", "silenced"]).status.code(), Some(0));
    assert_eq!(layerwise(folder.path(), &["check", "clean", "sudo"]).status.code(), Some(1));
}

#[test]
fn the_file_of_hadolint_counts_where_there_is_none_of_ours() {
    let folder = repository(&[
        ("Dockerfile", UNTAGGED),
        ("b.Dockerfile", UNTAGGED),
        (".hadolint.yml", "ignored: [DL3006, DL9999]\n"),
    ]);
    let run = |args: &[&str]| layerwise(folder.path(), args);
    let output = run(&["check"]);
    assert_eq!(output.status.code(), Some(0), "{}", said(&output));
    assert_eq!(said(&output).matches("settings come from .hadolint.yml").count(), 1, "{}", said(&output));
    assert_eq!(said(&output).matches("there is no rule `DL9999`").count(), 1, "{}", said(&output));
    let quiet = run(&["check", "--quiet"]);
    assert_eq!(said(&quiet), "", "--quiet says nothing");
    assert_eq!(run(&["check", "--no-config"]).status.code(), Some(1));
    fs::write(folder.path().join("ci.yaml"), "ignore: [DL3002]\n").expect("a file can be written");
    assert_eq!(run(&["check", "--config", "ci.yaml"]).status.code(), Some(1), "the named file counts alone");
    fs::write(folder.path().join(".hadolint.yaml"), "ignored: []\n").expect("a file can be written");
    assert_eq!(run(&["check"]).status.code(), Some(1), ".yaml goes before .yml");
    assert_eq!(run(&["check", "--config", ".hadolint.yml"]).status.code(), Some(0));
    fs::write(folder.path().join(".layerwise.yaml"), "ignore: [DL3006]\n").expect("a file can be written");
    let own = run(&["check"]);
    assert_eq!(own.status.code(), Some(0));
    assert!(!said(&own).contains("hadolint"), "{}", said(&own));
}

#[test]
fn ours_above_goes_before_theirs_beside() {
    let folder = repository(&[(".layerwise.yaml", "fail-level: error\n")]);
    fs::create_dir(folder.path().join("app")).expect("a folder can be made");
    fs::write(folder.path().join("app/Dockerfile"), UNTAGGED).expect("a file can be written");
    fs::write(folder.path().join("app/.hadolint.yaml"), "override: {error: [DL3006]}\n")
        .expect("a file can be written");
    assert_eq!(layerwise(folder.path(), &["check", "app/Dockerfile"]).status.code(), Some(0));
    fs::remove_file(folder.path().join(".layerwise.yaml")).expect("a file can be removed");
    assert_eq!(layerwise(folder.path(), &["check", "app/Dockerfile"]).status.code(), Some(1));
}

#[test]
fn a_mistake_in_their_file_is_shown_in_place() {
    let folder = repository(&[("Dockerfile", CLEAN), (".hadolint.yaml", "failure-threshold: warnin\n")]);
    let output = layerwise(folder.path(), &["check"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(
        said(&output).contains(".hadolint.yaml:1:20") && said(&output).contains("did you mean `warning`?"),
        "{}",
        said(&output)
    );
}

#[test]
fn an_option_goes_before_the_file_and_unknown_numbers_are_passed_over() {
    let folder = repository(&[("Dockerfile", UNTAGGED), (".hadolint.yaml", "failure-threshold: error\n")]);
    let code = |args: &[&str]| layerwise(folder.path(), args).status.code();
    assert_eq!(code(&["check"]), Some(0));
    assert_eq!(code(&["check", "-t", "warning"]), Some(1));
    assert_eq!(code(&["check", "--error", "DL3006"]), Some(1));
    assert_eq!(code(&["check", "--ignore", "DL9999"]), Some(0));
    assert_eq!(code(&["check", "--ignore", "DL999"]), Some(2), "that is no number of a rule");
    assert_eq!(code(&["check", "-t", "loud"]), Some(2));
}

#[test]
fn migrate_writes_a_configuration_with_the_same_effect() {
    let theirs = "failure-threshold: warning\nignored: [DL3004]\noverride: {style: [DL3006]}\nno-color: true\n";
    let folder = repository(&[("Dockerfile", UNTAGGED), ("b.Dockerfile", RELATIVE), (".hadolint.yaml", theirs)]);
    let before = layerwise(folder.path(), &["check", "-f", "short"]);
    let output = layerwise(folder.path(), &["config", "migrate"]);
    assert!(output.status.success(), "{}", said(&output));
    let after = layerwise(folder.path(), &["check", "-f", "short"]);
    assert_eq!((before.status.code(), &before.stdout), (after.status.code(), &after.stdout));
    assert!(!said(&after).contains("hadolint"), "{}", said(&after));
    let written = fs::read_to_string(folder.path().join(".layerwise.yaml")).expect("the file is there");
    assert!(written.contains("#   `no-color`"), "{written}");

    let again = layerwise(folder.path(), &["config", "migrate", "--", "-t", "error"]);
    assert_eq!(again.status.code(), Some(2));
    let left = fs::read_to_string(folder.path().join(".layerwise.yaml")).expect("the file is there");
    assert_eq!(left, written, "a file that is there is never written over");
}

#[test]
fn migrate_reads_options_and_variables() {
    let folder = repository(&[("ci.yaml", "ignored: [DL3003]\nfailure-threshold: error\n")]);
    let migrate = |args: &[&str], variables: &[(&str, &str)]| {
        let mut command = program(env!("CARGO_BIN_EXE_layerwise"), folder.path());
        let output = command.args(["config", "migrate", "-o", "-"]).args(args).envs(variables.iter().copied()).output();
        output.expect("the program starts")
    };
    let line =
        ["--", "hadolint", "--config=ci.yaml", "--ignore", "DL3008", "--error=DL3006", "-fjson", "api/Dockerfile"];
    let output = migrate(&line, &[("HADOLINT_IGNORE", "DL3015"), ("HADOLINT_FAILURE_THRESHOLD", "style")]);
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(
        text.contains("\nfail-level: error\nignore: [DL3003, DL3008, DL3015]\nrules:\n  DL3006: error\n"),
        "{text}"
    );
    assert!(
        text.contains("from ci.yaml, its options, the variables HADOLINT_*.") && text.contains("`--format json`"),
        "{text}"
    );
    assert_eq!(migrate(&[], &[]).status.code(), Some(2), "there is nothing to migrate");
    assert_eq!(migrate(&["--", "--no-such-option"], &[]).status.code(), Some(2));
    assert!(!folder.path().join(".layerwise.yaml").exists());
}

#[test]
fn variables_of_hadolint_change_nothing_in_check() {
    let folder = repository(&[("Dockerfile", UNTAGGED)]);
    let mut command = program(env!("CARGO_BIN_EXE_layerwise"), folder.path());
    let output = command.arg("check").env("HADOLINT_IGNORE", "DL3006").output().expect("the program starts");
    assert_eq!(output.status.code(), Some(1));
}
