//! What the README says to put into a pipeline, and the hooks for pre-commit. Those that need a program are ignored
//! tests, which `.ci/run` runs where it is installed.

use serde_yaml::Value;
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use tempfile::TempDir;

const BAD: &str = "FROM debian:12\nWORKDIR /app\nCOPY . .\nRUN apt-get update && apt-get install -y curl && \
    rm -rf /var/lib/apt/lists/*\nCMD [\"x\"]\n";
const PROJECT: &str = "https://github.com/layerwise/layerwise";

fn read(name: &str) -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(name)).unwrap_or_else(|e| panic!("{name}: {e}"))
}

fn yaml(text: &str) -> Value {
    serde_yaml::from_str(text).unwrap_or_else(|error| panic!("{error}: {text}"))
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_else(|| panic!("no text: {value:?}"))
}

fn list(value: &Value) -> Vec<Value> {
    value.as_sequence().unwrap_or_else(|| panic!("no list: {value:?}")).clone()
}

fn keys(value: &Value) -> BTreeSet<String> {
    value.as_mapping().into_iter().flatten().map(|(key, _)| text(key).to_owned()).collect()
}

/// The recipes of the README that have this key at the top.
fn recipes(key: &str) -> Vec<Value> {
    let readme = read("README.md");
    let section = readme.split("\n## ").find(|s| s.starts_with("In a pipeline\n")).expect("there is such a section");
    let blocks = section.split("```yaml\n").skip(1).map(|rest| rest.split("```").next().unwrap_or_default());
    let found: Vec<Value> = blocks.map(yaml).filter(|block| !block[key].is_null()).collect();
    assert!(!found.is_empty(), "no recipe has `{key}`");
    found
}

/// The steps of the recipes for GitHub.
fn steps() -> Vec<Value> {
    recipes("jobs").iter().flat_map(|recipe| list(&recipe["jobs"]["layerwise"]["steps"])).collect()
}

fn hooks() -> Vec<Value> {
    list(&yaml(&read(".pre-commit-hooks.yaml")))
}

#[test]
fn recipes_name_what_there_is() {
    let version = concat!("v", env!("CARGO_PKG_VERSION"));
    let ids: BTreeSet<String> = hooks().iter().map(|hook| text(&hook["id"]).to_owned()).collect();
    assert_eq!(ids, ["layerwise", "layerwise-fix"].map(str::to_owned).into());
    for recipe in recipes("repos") {
        for repository in list(&recipe["repos"]) {
            assert_eq!((text(&repository["repo"]), text(&repository["rev"])), (PROJECT, version));
            assert!(list(&repository["hooks"]).iter().all(|hook| ids.contains(text(&hook["id"]))));
        }
    }
    let inputs = keys(&yaml(&read("action.yml"))["inputs"]);
    let mut used = 0;
    for step in steps() {
        let Some(Some((name, tag))) = step["uses"].as_str().map(|uses| uses.split_once('@')) else { continue };
        if name == "layerwise/layerwise" {
            assert_eq!(tag, version);
            let unknown: Vec<String> = keys(&step["with"]).difference(&inputs).cloned().collect();
            assert!(unknown.is_empty(), "the action has no input {unknown:?}");
            used += 1;
        }
    }
    assert_eq!(used, 2);
    let script = list(&recipes("layerwise")[0]["layerwise"]["script"]);
    assert!(text(&script[0]).contains(&format!(" --git {PROJECT} --tag {version} ")), "{script:?}");
}

/// A repository with two commits, of which the second is checked out and the first is `origin/main`, and with the
/// program in the folder `.programs`.
fn repository() -> TempDir {
    let folder = TempDir::new().expect("a temporary folder can be made");
    let path = folder.path();
    let git = |args: &[&str]| {
        let identity = ["-c", "user.name=t", "-c", "user.email=t@example.org", "-c", "commit.gpgsign=false"];
        let output = Command::new("git").arg("-C").arg(path).args(identity).args(args).output().expect("git starts");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    };
    let good = "FROM debian:12\nWORKDIR /app\nRUN apt-get update && apt-get install -y curl && rm -rf /var/lib/apt/lists/*\nCOPY . .\n";
    git(&["init", "-q"]);
    fs::write(path.join(".git/info/exclude"), ".programs\n").expect("a file can be written");
    for (name, dockerfile) in [("one", good), ("two", BAD)] {
        fs::write(path.join("Dockerfile"), dockerfile).expect("a file can be written");
        fs::write(path.join("app.js"), name).expect("a file can be written");
        git(&["add", "."]);
        git(&["commit", "-qm", name]);
    }
    git(&["update-ref", "refs/remotes/origin/main", "HEAD~1"]);
    let programs = path.join(".programs");
    fs::create_dir(&programs).expect("a folder can be made");
    fs::copy(env!("CARGO_BIN_EXE_layerwise"), programs.join("layerwise")).expect("the program is built");
    folder
}

/// Runs a line of a recipe with `shell`.
fn run(repository: &Path, shell: &[&str], line: &str) -> (i32, String) {
    let mut path = vec![repository.join(".programs")];
    path.extend(std::env::split_paths(&std::env::var_os("PATH").expect("a system has a path")));
    let mut command = Command::new(shell[0]);
    command.args(&shell[1..]).arg(line).current_dir(repository).env("LAYERWISE_SHELLCHECK", "off");
    command.env("PATH", std::env::join_paths(path).expect("no path has a colon")).env("GITHUB_BASE_REF", "main");
    let output = command.output().expect("the shell starts");
    let text = format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    (output.status.code().unwrap_or(-1), text)
}

#[test]
#[ignore = "needs the program bash"]
fn bash_runs_the_scripts_of_the_recipes() {
    let repository = repository();
    let path = repository.path();
    let recipe = &recipes("layerwise")[0]["layerwise"];
    let script = list(&recipe["script"]);
    assert_eq!(script.len(), 2, "the first line installs, which `.ci/packages` tries; the second checks");
    let (code, printed) = run(path, &["bash", "-eo", "pipefail", "-c"], text(&script[1]));
    assert!(code == 1 && printed.starts_with("Dockerfile:4:1: warning[LW105]: "), "{printed}");
    let report = path.join(text(&recipe["artifacts"]["reports"]["codequality"]));
    let report: serde_json::Value =
        serde_json::from_str(&fs::read_to_string(report).expect("it was written")).expect("JSON");
    assert_eq!(report[0]["check_name"], "LW105");

    let scripts: Vec<String> = steps().iter().filter_map(|step| step["run"].as_str().map(str::to_owned)).collect();
    assert_eq!(scripts.len(), 1);
    let (code, printed) = run(path, &["bash", "-e", "-c"], &scripts[0]);
    assert!(code == 1 && printed.contains("costlier"), "{printed}");
    fs::write(path.join("Dockerfile"), BAD.replace("COPY . .\n", "")).expect("a file can be written");
    let (code, printed) = run(path, &["bash", "-e", "-c"], &scripts[0]);
    assert_eq!(code, 0, "{printed}");
}

#[test]
#[ignore = "needs the program python3"]
fn python3_lets_the_hooks_have_the_files_that_a_search_finds() {
    const MATCH: &str = "import re, sys\nprint('\\n'.join(p for p in sys.argv[2:] if re.search(sys.argv[1], p)))";
    let folder = TempDir::new().expect("a temporary folder can be made");
    let names = [
        "Dockerfile",
        "Dockerfile.dev",
        "api.Dockerfile",
        "api.dockerfile",
        "Containerfile",
        "Containerfile.dev",
        "Containerfile-dev",
        "Dockerfile.dockerignore",
        "Containerfile.dockerignore",
        "dockerfile",
        "Dockerfile-dev",
        "MyDockerfile",
        "MyContainerfile",
        "Dockerfile~",
        "Dockerfile.d/notes.txt",
        "api.Dockerfile.txt",
        ".Dockerfile",
    ];
    let mut paths = Vec::new();
    for folder_name in ["", "a b/", ".github/", "x.dockerignore/"] {
        for name in names {
            // A folder can't have the name of a file.
            let name = name.replace("Dockerfile.d/", "Dockerfile.folder/");
            let path: PathBuf = folder.path().join(folder_name).join(&name);
            fs::create_dir_all(path.parent().expect("a file has a folder")).expect("a folder can be made");
            fs::write(path, BAD).expect("a file can be written");
            paths.push(format!("{folder_name}{name}"));
        }
    }
    let mut command = Command::new(env!("CARGO_BIN_EXE_layerwise"));
    command.args(["--select", "LW105", "--format", "short"]).env("LAYERWISE_SHELLCHECK", "off");
    let output = command.current_dir(folder.path()).output().expect("the program starts");
    let found: BTreeSet<String> = String::from_utf8_lossy(&output.stdout)
        .lines()
        .filter_map(|line| line.split_once(':').map(|(file, _)| file.to_owned()))
        .collect();
    assert!(found.len() > 20 && found.len() < paths.len(), "{found:?}");
    for hook in hooks() {
        let output = Command::new("python3").args(["-c", MATCH, text(&hook["files"])]).args(&paths).output();
        let output = output.expect("python3 starts");
        let matched: BTreeSet<String> = String::from_utf8_lossy(&output.stdout).lines().map(str::to_owned).collect();
        assert_eq!(matched, found, "{}", text(&hook["id"]));
    }
}
