//! `action.yml`: its steps, run as a runner of GitHub does. These are ignored tests, which `.ci/run` runs where bash is
//! installed. Programs that would need the network are stood in for; layerwise is the real one.

use serde_yaml::Value;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use tempfile::TempDir;

const BAD: &str = "FROM debian:12\nWORKDIR /app\nCOPY . .\nRUN apt-get update && apt-get install -y curl && \
    rm -rf /var/lib/apt/lists/*\nCMD [\"x\"]\n";
const GOOD: &str = "FROM debian:12\nWORKDIR /app\nRUN make\nCOPY . .\n";

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn action() -> Value {
    let text = fs::read_to_string(root().join("action.yml")).expect("action.yml is there");
    serde_yaml::from_str(&text).expect("it is YAML")
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_else(|| panic!("no text: {value:?}"))
}

const RELEASE: &str = concat!("v", env!("CARGO_PKG_VERSION"));

/// A machine of GitHub: a workspace, a folder for programs, and what the steps wrote for later ones.
struct Runner {
    folder: TempDir,
    inputs: BTreeMap<&'static str, &'static str>,
    /// What stands behind the `@` of `uses:`.
    reference: &'static str,
}

struct Ran {
    code: i32,
    out: String,
    err: String,
}

impl Runner {
    fn new(inputs: &[(&'static str, &'static str)]) -> Runner {
        let folder = TempDir::new().expect("a temporary folder can be made");
        for name in ["work", "programs", "temp"] {
            fs::create_dir(folder.path().join(name)).expect("a folder can be made");
        }
        Runner { folder, inputs: inputs.iter().copied().collect(), reference: RELEASE }
    }

    fn at(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn write(&self, name: &str, text: &str) {
        let path = self.at("work").join(name);
        fs::create_dir_all(path.parent().expect("a file has a folder")).expect("a folder can be made");
        fs::write(path, text).expect("a file can be written");
    }

    fn read(&self, name: &str) -> String {
        fs::read_to_string(self.at(name)).unwrap_or_default()
    }

    /// A program that stands in for the one of this name, and notes down what it is called with.
    fn program(&self, name: &str, script: &str) {
        let calls = self.at("calls");
        let script = format!("#!/bin/sh\nprintf '%s\\n' \"{name} $*\" >> '{}'\n{script}\n", calls.display());
        executable(&self.at("programs").join(name), &script);
    }

    /// What `${{ ... }}` stands for.
    fn value(&self, expression: &str) -> String {
        let Some(inner) = expression.strip_prefix("${{ ").and_then(|e| e.strip_suffix(" }}")) else {
            return expression.to_owned();
        };
        if inner == "github.action_ref" {
            return self.reference.to_owned();
        }
        let name = inner.strip_prefix("inputs.").unwrap_or_else(|| panic!("no input: {expression}"));
        let declared = &action()["inputs"][name];
        assert!(declared.is_mapping(), "there is no input {name}");
        self.inputs.get(name).map_or_else(|| text(&declared["default"]).to_owned(), |&v| v.to_owned())
    }

    fn step(&self, at: usize) -> Ran {
        let action = action();
        let step = &action["runs"]["steps"][at];
        assert_eq!(text(&step["shell"]), "bash");
        let script = self.at("script");
        fs::write(&script, text(&step["run"])).expect("a file can be written");
        // As the documentation of workflows says of `shell: bash`.
        let mut bash = Command::new("bash");
        bash.args(["--noprofile", "--norc", "-eo", "pipefail"]).arg(script).current_dir(self.at("work"));
        for (name, value) in step["env"].as_mapping().expect("a step has an environment") {
            bash.env(text(name), self.value(text(value)));
        }
        let mut path = vec![self.at("programs")];
        path.extend(self.read("path").lines().rev().map(PathBuf::from));
        path.extend(std::env::split_paths(&std::env::var_os("PATH").expect("a system has a path")));
        bash.env("PATH", std::env::join_paths(path).expect("no path has a colon"));
        bash.env("GITHUB_ACTION_PATH", root())
            .env("GITHUB_PATH", self.at("path"))
            .env("GITHUB_OUTPUT", self.at("output"));
        bash.env("RUNNER_TEMP", self.at("temp")).env("RUNNER_OS", "Linux").env("RUNNER_ARCH", "X64");
        let output = bash.env("LAYERWISE_SHELLCHECK", "off").output().expect("bash starts");
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("the step prints text");
        Ran { code: output.status.code().unwrap_or(-1), out: text(output.stdout), err: text(output.stderr) }
    }

    /// Runs the second step with the real program.
    fn check(&self) -> Ran {
        let program = self.at("programs").join("layerwise");
        if !program.exists() {
            fs::copy(env!("CARGO_BIN_EXE_layerwise"), program).expect("the program is built");
        }
        self.step(1)
    }
}

fn executable(path: &Path, script: &str) {
    fs::write(path, script).expect("a file can be written");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        fs::set_permissions(path, fs::Permissions::from_mode(0o755)).expect("a mode can be set");
    }
}

#[test]
fn nothing_is_pasted_into_a_script() {
    let action = action();
    let steps = action["runs"]["steps"].as_sequence().expect("a list of steps");
    assert_eq!(steps.len(), 2);
    for step in steps {
        assert!(!text(&step["run"]).contains("${{"), "a value reaches a script by its environment only: {step:?}");
    }
}

#[test]
#[ignore = "needs the program bash"]
fn bash_fails_the_job_for_findings_and_shows_them_as_annotations() {
    let runner = Runner::new(&[]);
    runner.write("app/Dockerfile", BAD);
    let ran = runner.check();
    assert_eq!((ran.code, runner.read("output").as_str()), (1, "exit-code=1\n"), "{}", ran.err);
    let annotation = "::warning title=layerwise LW105,file=app/Dockerfile,line=4,";
    assert!(ran.out.lines().any(|l| l.starts_with(annotation)), "{}", ran.out);

    let clean = Runner::new(&[]);
    clean.write("Dockerfile", GOOD);
    let ran = clean.check();
    assert_eq!((ran.code, ran.out.as_str(), clean.read("output").as_str()), (0, "", "exit-code=0\n"));
}

#[test]
#[ignore = "needs the program bash"]
fn bash_hands_every_input_to_the_program() {
    let runner = Runner::new(&[
        ("paths", "my app/Dockerfile\n\nother\n"),
        ("args", "--select LW101,LW105 --ignore\nLW105"),
        ("fail-level", "warning"),
        ("format", "short"),
        ("sarif-file", "my report.sarif"),
    ]);
    for name in ["my app/Dockerfile", "other/Dockerfile", "Dockerfile"] {
        runner.write(name, BAD);
    }
    let ran = runner.check();
    let files: Vec<&str> = ran.out.lines().filter_map(|l| l.split(": style[LW101]").next()).collect();
    assert_eq!(files, ["my app/Dockerfile:5:1", "other/Dockerfile:5:1"], "{}", ran.err);
    assert_eq!((ran.code, runner.read("output").as_str()), (0, "exit-code=0\n"), "style is below the fail level");
    assert!(
        runner.read("work/my report.sarif").contains("\"version\":\"2.1.0\""),
        "{}",
        runner.read("work/my report.sarif")
    );
}

#[test]
#[ignore = "needs the program bash"]
fn bash_takes_no_input_for_code() {
    for evil in
        ["$(touch pwned)", "`touch pwned`", "; touch pwned", "\"; touch pwned; \"", "' || touch pwned #", "*", "--fix"]
    {
        for input in ["paths", "args", "fail-level", "format", "sarif-file", "version"] {
            let runner = Runner::new(&[(input, evil)]);
            runner.write("Dockerfile", BAD);
            runner.program("curl", "exit 22");
            runner.program("cargo", "exit 101");
            let ran = if input == "version" { runner.step(0) } else { runner.check() };
            let fixes = (input, evil) == ("args", "--fix");
            let writes = input == "sarif-file";
            let wanted = if fixes {
                0
            } else if writes {
                1
            } else {
                2
            };
            assert_eq!(ran.code, wanted, "{input}: {evil}: {}{}", ran.out, ran.err);
            assert!(!runner.at("work/pwned").exists(), "{input}: {evil}");
            assert_eq!(runner.read("work/Dockerfile") != BAD, fixes, "{input}: {evil}");
            if input == "version" {
                assert_eq!(runner.read("calls"), "", "{evil}");
            }
        }
    }
}

/// What stands in for `curl`, and gives an archive to whoever asks.
const DELIVER: &str = r#"
    while [ "$1" != --output ]; do shift; done
    printf '#!/bin/sh\necho released\n' > layerwise && chmod +x layerwise && tar -czf "$2" layerwise && rm layerwise
"#;

#[test]
#[ignore = "needs the program bash"]
fn bash_takes_a_released_program() {
    let runner = Runner::new(&[("version", "1.2.3")]);
    runner.program("curl", DELIVER);
    runner.program("cargo", "exit 101");
    let ran = runner.step(0);
    assert_eq!(ran.code, 0, "{}{}", ran.out, ran.err);
    let calls = runner.read("calls");
    let url = "https://github.com/layerwise/layerwise/releases/download/v1.2.3/layerwise-Linux-X64.tar.gz";
    assert!(calls.starts_with("curl --proto =https --fail ") && calls.ends_with(&format!(" {url}\n")), "{calls}");
    assert_eq!(calls.lines().count(), 1, "cargo has nothing to do");
    assert_eq!(runner.step(1).out, "released\n", "the next step finds it");
}

#[test]
#[ignore = "needs the program bash"]
fn bash_lets_cargo_build_it_without_a_release() {
    let own = format!("--path {}", root().display());
    let tag = "--git https://github.com/layerwise/layerwise --tag v1.2.3 layerwise";
    let current = env!("CARGO_PKG_VERSION");
    for (version, number, source) in [("", current, own.as_str()), ("1.2.3", "1.2.3", tag)] {
        let runner = Runner::new(&[("version", version)]);
        runner.program("curl", "exit 22");
        runner.program(
            "cargo",
            "printf '#!/bin/sh\\necho built\\n' > \"$4/bin/layerwise\" && chmod +x \"$4/bin/layerwise\"",
        );
        let ran = runner.step(0);
        assert_eq!(ran.code, 0, "{}{}", ran.out, ran.err);
        let folder = runner.at("temp").join(format!("layerwise-{number}"));
        let cargo = format!("cargo install --locked --root {} {source}", folder.display());
        assert_eq!(runner.read("calls").lines().nth(1), Some(cargo.as_str()));
        assert_eq!(runner.step(1).out, "built\n", "the next step finds it");
    }
    let runner = Runner::new(&[]);
    runner.program("curl", "exit 22");
    runner.program("cargo", "exit 101");
    assert_eq!((runner.step(0).code, runner.read("path").as_str()), (101, ""), "a build that fails fails the job");
}

#[test]
#[ignore = "needs the program bash"]
fn bash_builds_the_commit_that_is_named_by_its_hash() {
    let mut runner = Runner::new(&[]);
    runner.reference = "c0ffee0c0ffee0c0ffee0c0ffee0c0ffee0c0ffe";
    runner.program("curl", DELIVER);
    runner.program("cargo", ":");
    let ran = runner.step(0);
    assert_eq!(ran.code, 0, "{}{}", ran.out, ran.err);
    let calls = runner.read("calls");
    assert!(calls.starts_with("cargo install ") && calls.lines().count() == 1, "{calls}");
}

/// A `rust-toolchain.toml` in the folder where cargo starts, or in one above it, says what runs in its place.
#[test]
#[ignore = "needs the program bash"]
fn bash_builds_outside_of_the_workspace() {
    let runner = Runner::new(&[]);
    runner.program("curl", "exit 22");
    runner.program("cargo", "pwd -P");
    let ran = runner.step(0);
    let temp = fs::canonicalize(runner.at("temp")).expect("it is there");
    let last = ran.out.lines().last().unwrap_or_default();
    assert!(Path::new(last).starts_with(temp), "cargo started in {last}");
}
