//! The files of `layerwise setup`, in the programs that they are for, on real output. These are ignored tests, which
//! `.ci/run` runs where the program is installed.

use serde_json::{Value, json};
use std::fs;
use std::path::Path;
use std::process::Command;
use tempfile::TempDir;

/// With findings of all severities; one of them spans three lines, one stands behind a character of two bytes.
const ALL: &str = "FROM debian\nWORKDIR /app\nCOPY . .\nRUN apt-get update && \\\n    apt-get install -y curl \\\n    wget\n\
    # é\nEXPOSE 99999\nCMD echo x\n";
/// A path on Windows, which is the name of a file elsewhere.
const DRIVE: &str = "C:\\dir with: blanks\\Dockerfile";

/// A folder with such files, and what `--format short` and `--format json` say of them.
struct Sample {
    folder: TempDir,
    short: String,
    findings: Vec<Value>,
}

fn layerwise(folder: &Path, args: &[&str]) -> String {
    let mut command = assert_cmd::Command::cargo_bin("layerwise").expect("the program is built");
    command.current_dir(folder).env("LAYERWISE_SHELLCHECK", "off").args(args);
    String::from_utf8(command.output().expect("the program starts").stdout).expect("the program prints text")
}

fn sample() -> Sample {
    let folder = TempDir::new().expect("a temporary folder can be made");
    let mut names = vec!["Dockerfile", "my app/api 2/Dockerfile"];
    if cfg!(unix) {
        names.push(DRIVE);
    }
    for name in &names {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().expect("a file has a folder")).expect("a folder can be made");
        fs::write(path, ALL).expect("a file can be written");
    }
    let short = layerwise(folder.path(), &[&names[..], &["--format", "short"]].concat());
    let json: Value =
        serde_json::from_str(&layerwise(folder.path(), &[&names[..], &["--format", "json"]].concat())).expect("JSON");
    let findings = json.as_array().expect("an array").clone();
    for severity in ["error", "warning", "info", "style"] {
        assert!(findings.iter().any(|f| f["level"] == severity), "the sample has no {severity}");
    }
    assert!(findings.iter().any(|f| f["line"] != f["end_line"]), "the sample has nothing on several lines");
    assert_eq!(short.lines().count(), findings.len());
    Sample { folder, short, findings }
}

/// Runs a program in the folder of the sample, and gives what it prints.
fn output(sample: &Sample, program: &str, args: &[&str]) -> String {
    let output = Command::new(program).current_dir(sample.folder.path()).args(args).output();
    let output = output.unwrap_or_else(|error| panic!("{program}: {error}"));
    let (out, err) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{program}: {out}{err}");
    out.into_owned()
}

/// Gives, for each line of the output, what each matcher reads in it. The names of the groups are the numbers' names.
const READ: &str = "
    const [matchers, text] = [process.argv[1], process.argv[2]].map(f => require('fs').readFileSync(f, 'utf8'));
    const data = JSON.parse(matchers);
    const list = data.problemMatcher ?? data.tasks.map(task => task.problemMatcher);
    const read = (matcher, line) => {
        const pattern = [matcher.pattern].flat()[0];
        const found = new RegExp(pattern.regexp).exec(line);
        if (!found) return [];
        const groups = Object.entries(pattern).filter(([name]) => name !== 'regexp');
        const fields = Object.fromEntries(groups.map(([name, group]) => [name, found[group]]));
        return [{ severity: matcher.severity, ...fields }];
    };
    const lines = text.split('\\n').filter(line => line);
    console.log(JSON.stringify(lines.map(line => list.flatMap(matcher => read(matcher, line)))));
";

/// What the matchers of `layerwise setup NAME` read in the output of the sample: one reading for each finding.
fn readings(sample: &Sample, name: &str) -> Vec<Value> {
    fs::write(sample.folder.path().join("matcher.json"), layerwise(sample.folder.path(), &["setup", name]))
        .expect("a file");
    fs::write(sample.folder.path().join("short.txt"), &sample.short).expect("a file");
    let printed = output(sample, "node", &["-e", READ, "matcher.json", "short.txt"]);
    let lines: Vec<Vec<Value>> = serde_json::from_str(&printed).expect("node prints JSON");
    lines
        .into_iter()
        .map(|mut all| {
            assert_eq!(all.len(), 1, "a line is read once: {all:?}");
            all.remove(0)
        })
        .collect()
}

/// Compares readings with the findings, after `severity` has said what the reader calls each.
fn compare(sample: &Sample, readings: &[Value], severity: impl Fn(&str) -> &'static str) {
    let text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    let wanted: Vec<Value> = sample
        .findings
        .iter()
        .map(|f| {
            let level = severity(f["level"].as_str().unwrap_or_default());
            json!({
                "severity": level, "file": f["file"], "line": text(&f["line"]), "column": text(&f["column"]),
                "code": f["code"], "message": f["message"],
            })
        })
        .collect();
    assert_eq!(readings, wanted);
}

#[test]
#[ignore = "needs the program node"]
fn node_reads_every_finding_with_the_matchers_of_github() {
    let sample = sample();
    compare(&sample, &readings(&sample, "github-matcher"), |level| match level {
        "error" => "error",
        "warning" => "warning",
        _ => "notice",
    });
}

#[test]
#[ignore = "needs the program node"]
fn node_reads_every_finding_with_the_matcher_of_vscode() {
    let sample = sample();
    compare(&sample, &readings(&sample, "vscode-tasks"), |level| match level {
        "error" => "error",
        "warning" => "warning",
        "info" => "info",
        // Which Visual Studio Code does not know, so it takes the severity of the matcher.
        _ => "style",
    });
    let tasks: Value =
        serde_json::from_str(&layerwise(sample.folder.path(), &["setup", "vscode-tasks"])).expect("JSON");
    assert_eq!(tasks["tasks"][0]["problemMatcher"]["severity"], "info");
    let args: Vec<&str> =
        tasks["tasks"][0]["args"].as_array().expect("an array").iter().filter_map(Value::as_str).collect();
    let ran = layerwise(sample.folder.path(), &[&args[..], &["Dockerfile"]].concat());
    assert!(sample.short.starts_with(&ran) && !ran.is_empty(), "{ran}");
}

#[test]
#[ignore = "needs the program node"]
fn node_reads_nothing_in_what_is_no_finding() {
    let mut sample = sample();
    sample.short = "1 file checked: 1 warning\nerror[LW105]: no place\nDockerfile:4: error[LW105]: no column\n\
        a: b: warning[X]: c\nDockerfile:4:1: fatal[LW105]: no severity\n"
        .to_owned();
    for name in ["github-matcher", "vscode-tasks"] {
        fs::write(sample.folder.path().join("matcher.json"), layerwise(sample.folder.path(), &["setup", name]))
            .expect("a file");
        fs::write(sample.folder.path().join("short.txt"), &sample.short).expect("a file");
        assert_eq!(output(&sample, "node", &["-e", READ, "matcher.json", "short.txt"]).trim(), "[[],[],[],[],[]]");
    }
}

#[test]
#[ignore = "needs the program vim"]
fn vim_fills_the_quickfix_list() {
    let sample = sample();
    let folder = sample.folder.path();
    fs::create_dir(folder.join("compiler")).expect("a folder can be made");
    fs::write(folder.join("compiler/layerwise.vim"), layerwise(folder, &["setup", "vim"])).expect("a file");
    fs::write(folder.join("short.txt"), format!("{}1 file checked: 1 warning\n", sample.short)).expect("a file");
    let list = "call writefile([json_encode(map(getqflist(), {_, v -> [bufname(v.bufnr), v.lnum, v.col, v.type, v.text]}))], 'list')";
    let set = ["-c", "set rtp^=.", "-c", "compiler layerwise", "-c", "cgetfile short.txt"];
    output(&sample, "vim", &[&["-es", "-u", "NONE", "-N"], &set[..], &["-c", list, "-c", "qa!"]].concat());
    let read: Value =
        serde_json::from_str(&fs::read_to_string(folder.join("list")).expect("vim wrote it")).expect("JSON");
    let wanted: Vec<Value> = sample
        .findings
        .iter()
        .map(|f| {
            let kind = match f["level"].as_str() {
                Some("error") => "e",
                Some("warning") => "w",
                Some("info") => "i",
                _ => "",
            };
            let text =
                format!("[{}]: {}", f["code"].as_str().unwrap_or_default(), f["message"].as_str().unwrap_or_default());
            json!([f["file"], f["line"], f["column"], kind, text])
        })
        .collect();
    assert_eq!(read, Value::from(wanted));
}

#[test]
#[ignore = "needs the program emacs"]
fn emacs_finds_the_places_in_a_compilation_buffer() {
    let sample = sample();
    let folder = sample.folder.path();
    fs::write(folder.join("layerwise.el"), layerwise(folder, &["setup", "emacs"])).expect("a file");
    fs::write(folder.join("short.txt"), format!("{}1 file checked: 1 warning\n", sample.short)).expect("a file");
    let read = "(with-temp-buffer
        (insert-file-contents \"short.txt\")
        (compilation-mode)
        (let ((inhibit-read-only t)) (compilation--ensure-parse (point-max)))
        (goto-char (point-min))
        (while (not (eobp))
          (let ((message (get-text-property (point) 'compilation-message)))
            (when message
              (let ((loc (compilation--message->loc message)))
                (princ (format \"%s:%d:%d:%d\\n\" (caar (compilation--loc->file-struct loc)) (compilation--loc->line loc)
                               (compilation--loc->col loc) (compilation--message->type message))))))
          (forward-line 1)))";
    let printed = output(&sample, "emacs", &["-Q", "--batch", "-l", "layerwise.el", "--eval", read]);
    let wanted: Vec<String> = sample
        .findings
        .iter()
        .map(|f| {
            let kind = match f["level"].as_str() {
                Some("error") => 2,
                Some("warning") => 1,
                _ => 0,
            };
            format!("{}:{}:{}:{kind}", f["file"].as_str().unwrap_or_default(), f["line"], f["column"])
        })
        .collect();
    assert_eq!(printed.lines().collect::<Vec<_>>(), wanted);
}
