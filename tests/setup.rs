//! `layerwise setup completions` and `layerwise setup man`: what they print, and what the programs that read it make
//! of it. The latter are ignored tests, which `.ci/run` runs where the program is installed.

use std::fs;
use std::path::Path;
use std::process::{Command, Output, Stdio};
use tempfile::TempDir;

const COMMANDS: [&str; 8] = ["ast", "cache", "check", "config", "explain", "lsp", "rules", "setup"];

fn layerwise(args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_layerwise")).args(args).output().expect("the program starts")
}

fn printed(args: &[&str]) -> String {
    let output = layerwise(args);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("the program prints text")
}

/// All pages, in a folder that does not exist before.
fn pages(folder: &Path) -> Vec<String> {
    let target = folder.join("share/man1");
    assert_eq!(printed(&["setup", "man", "--output", target.to_str().expect("a path in UTF-8")]), "");
    let entries = fs::read_dir(target).expect("the folder was made");
    let mut names: Vec<String> =
        entries.map(|e| e.expect("it can be read").file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    names
}

#[test]
fn completions_of_each_shell_know_every_command() {
    for shell in ["bash", "elvish", "fish", "powershell", "zsh"] {
        let script = printed(&["setup", "completions", shell]);
        for word in COMMANDS.into_iter().chain(["statistics", "replay", "github-matcher"]) {
            assert!(script.contains(word), "{shell} does not complete `{word}`");
        }
    }
    let wrong = layerwise(&["setup", "completions", "tcsh"]);
    assert_eq!(wrong.status.code(), Some(2));
    assert!(wrong.stdout.is_empty());
}

#[test]
fn a_page_is_written_for_each_command() {
    let folder = TempDir::new().expect("a temporary folder can be made");
    let names = pages(folder.path());
    let mut wanted = vec!["layerwise.1".to_owned()];
    wanted.extend(COMMANDS.map(|command| format!("layerwise-{command}.1")));
    for (command, below) in [
        ("cache", &["diff", "replay"][..]),
        ("config", &["migrate", "schema", "show", "test"]),
        ("setup", &["github-matcher", "vscode-tasks", "vim", "emacs", "completions", "man"]),
    ] {
        wanted.extend(below.iter().map(|name| format!("layerwise-{command}-{name}.1")));
    }
    wanted.sort();
    assert_eq!(names, wanted);
    let read = |name: &str| fs::read_to_string(folder.path().join("share/man1").join(name)).expect("it is text");
    assert_eq!(read("layerwise.1"), printed(&["setup", "man"]));
    let version = concat!("\"layerwise ", env!("CARGO_PKG_VERSION"), "\"");
    for name in names {
        let title = read(&name).lines().find(|l| l.starts_with(".TH ")).map(str::to_owned);
        assert!(title.as_ref().is_some_and(|t| t.contains(version)), "{name}: {title:?}");
    }

    fs::write(folder.path().join("file"), "").expect("a file can be written");
    let taken = folder.path().join("file");
    let wrong = layerwise(&["setup", "man", "--output", taken.to_str().expect("a path in UTF-8")]);
    assert_eq!(wrong.status.code(), Some(2), "a file is no folder");
}

/// What bash offers after `words`, the last of which is being typed.
fn offered(words: &[&str]) -> Vec<String> {
    const ASK: &str = r#"
        source /dev/stdin
        COMP_WORDS=("$@")
        COMP_CWORD=$(($# - 1))
        function=$(complete -p layerwise) && function=${function##*-F } && function=${function%% *}
        "$function" layerwise "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD - 1]}"
        printf '%s\n' "${COMPREPLY[@]}"
    "#;
    let folder = TempDir::new().expect("a temporary folder can be made");
    let script = folder.path().join("script");
    fs::write(&script, printed(&["setup", "completions", "bash"])).expect("a file can be written");
    let mut bash = Command::new("bash");
    bash.args(["--norc", "-c", ASK, "bash"]).args(words).current_dir(folder.path());
    let output = bash.stdin(fs::File::open(script).expect("it is there")).stderr(Stdio::piped()).output();
    let output = output.expect("bash starts");
    assert!(output.status.success() && output.stderr.is_empty(), "{}", String::from_utf8_lossy(&output.stderr));
    let text = String::from_utf8(output.stdout).expect("bash prints text");
    text.lines().filter(|l| !l.is_empty()).map(str::to_owned).collect()
}

#[test]
#[ignore = "needs the program bash"]
fn bash_completes_commands_options_and_values() {
    assert_eq!(offered(&["layerwise", "ch"]), ["check"]);
    assert_eq!(offered(&["layerwise", "cache", "re"]), ["replay"]);
    assert_eq!(offered(&["layerwise", "--stat"]), ["--statistics"]);
    assert_eq!(offered(&["layerwise", "check", "--format", "s"]), ["short", "sarif", "sonarqube"]);
    assert_eq!(offered(&["layerwise", "setup", "completions", "z"]), ["zsh"]);
    assert_eq!(offered(&["layerwise", "xyz"]), [""; 0], "bash falls back to the names of files");
}

#[test]
#[ignore = "needs the program groff"]
fn groff_formats_every_page_without_a_warning() {
    let folder = TempDir::new().expect("a temporary folder can be made");
    for name in pages(folder.path()) {
        let path = folder.path().join("share/man1").join(&name);
        let output = Command::new("groff").args(["-man", "-ww", "-Tascii", "-P-cbou"]).arg(path).output();
        let output = output.expect("groff starts");
        assert!(output.status.success() && output.stderr.is_empty(), "{}", String::from_utf8_lossy(&output.stderr));
        let text = String::from_utf8(output.stdout).expect("groff prints text");
        let title = name.trim_end_matches(".1");
        // Lines are filled to both margins.
        let words = text.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(words.contains(&format!("NAME {title} - ")) && words.contains("--help"), "{text}");
        if title == "layerwise" {
            let example = "layerwise Dockerfile --fix         mend what can be mended without changing the image";
            assert!(text.lines().any(|l| l.trim_start() == example), "{text}");
        }
    }
}
