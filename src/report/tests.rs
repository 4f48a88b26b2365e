//! One small file with a finding of each kind, in every format.

mod formats;
mod hostile;
mod parsed;

use super::*;
use crate::diagnostic::{Applicability, Diagnostic, Edit, Fix, Label, Severity};
use insta::assert_snapshot;

fn span(text: &str, part: &str) -> Span {
    let at = text.find(part).expect("the part is in the text");
    Span::from(at..at + part.len())
}

fn finding(text: &str, part: &str, severity: Severity, message: &str) -> Diagnostic {
    Diagnostic {
        code: "LW101",
        aliases: vec![],
        severity,
        message: message.to_owned(),
        primary: Label { span: span(text, part), message: String::new() },
        secondary: vec![],
        members: Vec::new(),
        notes: vec![],
        help: None,
        fix: None,
    }
}

fn file(text: &str, findings: Vec<Diagnostic>) -> FileReport {
    FileReport { path: "app/Dockerfile".to_owned(), text: text.to_owned(), findings }
}

fn print(format: Format, files: &[FileReport], colour: bool) -> String {
    let mut out = Vec::new();
    let root = Root::default();
    write(format, &Run { files, root: &root }, &mut out, colour).expect("a vector takes everything");
    String::from_utf8(out).expect("UTF-8 output")
}

const TEXT: &str = "FROM a\nCOPY . .\nRUN apt-get update \\\n && apt-get install -y b\nCMD [\"x\"]\n";

fn full() -> Diagnostic {
    let edits = vec![Edit::insert(7, "RUN x\n"), Edit::delete(Span::new(16, 20))];
    Diagnostic {
        aliases: vec!["DL9999"],
        primary: Label { span: span(TEXT, "COPY . ."), message: "changes in 9 of 10 commits".to_owned() },
        secondary: vec![Label { span: Span::new(16, 65), message: "runs again each time".to_owned() }],
        members: Vec::new(),
        notes: vec!["about 40 s a rebuild".to_owned()],
        help: Some("put COPY below RUN".into()),
        fix: Some(Fix::new("move COPY below line 4", Applicability::Safe, edits)),
        ..finding(TEXT, "COPY . .", Severity::Warning, "COPY comes before RUN")
    }
}

#[test]
fn pretty_shows_labels_costs_and_what_to_do() {
    assert_snapshot!(print(Format::Pretty, &[file(TEXT, vec![full()])], false), @r#"
    warning[LW101]: COPY comes before RUN
      ┌─ app/Dockerfile:2:1
      │
    2 │ COPY . .
      │ ^^^^^^^^ changes in 9 of 10 commits
    3 │ RUN apt-get update \
      │ ------------------ runs again each time
      │
      = about 40 s a rebuild
      = help: put COPY below RUN
        `--fix` does it: move COPY below line 4
    "#);
}

#[test]
fn pretty_names_our_severities_and_the_option_that_applies_a_fix() {
    let fix = |applicability| Some(Fix::new("pin the digest", applicability, vec![]));
    let of = |severity, applicability| Diagnostic {
        fix: fix(applicability),
        ..finding(TEXT, "FROM a", severity, "no digest")
    };
    let findings = vec![
        of(Severity::Error, Applicability::Safe),
        of(Severity::Info, Applicability::Unsafe),
        of(Severity::Style, Applicability::Display),
    ];
    assert_snapshot!(print(Format::Pretty, &[file(TEXT, findings)], false), @r#"
    error[LW101]: no digest
      ┌─ app/Dockerfile:1:1
      │
    1 │ FROM a
      │ ^^^^^^
      │
      = help: pin the digest (`--fix` does it)

    info[LW101]: no digest
      ┌─ app/Dockerfile:1:1
      │
    1 │ FROM a
      │ ^^^^^^
      │
      = help: pin the digest (`--fix --unsafe-fixes` does it)

    style[LW101]: no digest
      ┌─ app/Dockerfile:1:1
      │
    1 │ FROM a
      │ ^^^^^^
      │
      = help: pin the digest
    "#);
}

#[test]
fn pretty_is_safe_on_a_terminal() {
    let text = "\u{feff}FROM a\r\n# \u{1b}[2J\u{202e}é\rRUN x\r\n";
    let finding =
        Diagnostic { notes: vec!["\u{9b}1m".to_owned()], ..finding(text, "RUN x", Severity::Info, "bad\u{7}\nword") };
    let out = print(Format::Pretty, &[file(text, vec![finding])], false);
    assert!(!out.chars().any(crate::source::is_unsafe), "{out:?}");
    assert_snapshot!(out, @r#"
    info[LW101]: bad� word
      ┌─ app/Dockerfile:2:10
      │
    2 │ # �[2J�é�RUN x
      │          ^^^^^
      │
      = �1m
    "#);
}

#[test]
fn spans_out_of_bounds_are_shown_at_the_end() {
    for text in ["", "é", "a\n"] {
        for (start, end) in [(0, 0), (1, 1), (1, 9), (9, 9), (0, 9)] {
            let mut finding = finding("", "", Severity::Error, "m");
            finding.primary.span = Span::new(start, end);
            for format in Format::ALL {
                assert!(print(format, &[file(text, vec![finding.clone()])], false).contains("LW101"));
            }
        }
    }
}

#[test]
fn colours_only_when_asked() {
    for format in [Format::Pretty, Format::Short] {
        assert!(print(format, &[file(TEXT, vec![full()])], true).contains("\x1b["));
        assert!(!print(format, &[file(TEXT, vec![full()])], false).contains('\x1b'));
    }
    let plain = print(Format::Pretty, &[file(TEXT, vec![full()])], false);
    let mut coloured = print(Format::Pretty, &[file(TEXT, vec![full()])], true);
    for code in ["\x1b[0m", "\x1b[1m", "\x1b[36m", "\x1b[33m", "\x1b[1;33m"] {
        coloured = coloured.replace(code, "");
    }
    assert_eq!(coloured, plain);
}

#[test]
fn short_is_one_line_a_finding() {
    let folded = finding(TEXT, "apt-get install", Severity::Style, "two\nlines \x1b[0m");
    assert_snapshot!(print(Format::Short, &[file(TEXT, vec![full(), folded])], false), @r#"
    app/Dockerfile:2:1: warning[LW101]: COPY comes before RUN
    app/Dockerfile:4:5: style[LW101]: two lines �[0m
    "#);
}

#[test]
fn json_has_a_fixed_order_of_keys() {
    let bare = finding(TEXT, "CMD", Severity::Error, "a \"quoted\" \u{9b} word\n");
    let out = print(Format::Json, &[file(TEXT, vec![full()]), file(TEXT, vec![]), file(TEXT, vec![bare])], true);
    let value: serde_json::Value = serde_json::from_str(&out).expect("valid JSON");
    assert_eq!(value[1]["message"], "a \"quoted\" \u{9b} word\n");
    assert_snapshot!(out, @r#"
    [
    {"file":"app/Dockerfile","line":2,"column":1,"end_line":2,"end_column":9,"code":"LW101","level":"warning","message":"COPY comes before RUN","aliases":["DL9999"],"url":"https://github.com/layerwise/layerwise/blob/main/rules/LW101.md","notes":["about 40 s a rebuild"],"help":"put COPY below RUN","related":[{"line":3,"column":1,"end_line":5,"end_column":4,"message":"runs again each time"}],"fix":{"applicability":"safe","title":"move COPY below line 4","edits":[{"start":7,"end":7,"replacement":"RUN x\n"},{"start":16,"end":20,"replacement":""}]}},
    {"file":"app/Dockerfile","line":5,"column":1,"end_line":5,"end_column":4,"code":"LW101","level":"error","message":"a \"quoted\" \u009b word\n","aliases":[],"url":"https://github.com/layerwise/layerwise/blob/main/rules/LW101.md","notes":[],"help":null,"related":[],"fix":null}
    ]
    "#);
}

#[test]
fn json_without_findings_is_an_empty_array() {
    assert_eq!(print(Format::Json, &[], false), "[]\n");
    assert_eq!(print(Format::Json, &[file(TEXT, vec![])], false), "[]\n");
}

#[test]
fn of_a_long_line_only_what_is_around_the_label_is_shown() {
    let words: String = (0..1_000).map(|n| format!("é sudo cd a{n:03} && ")).collect();
    let text = format!("FROM a\nRUN {words}true\n");
    let one = |n: usize, secondary: &[usize]| {
        let label = |n: &usize| Label { span: span(&text, &format!("a{n:03}")), message: format!("label {n}") };
        let secondary = secondary.iter().map(label).collect();
        Diagnostic { primary: label(&n), secondary, ..finding(&text, "RUN", Severity::Info, "m") }
    };
    let shown = print(Format::Pretty, &[file(&text, vec![one(500, &[501, 900])])], false);
    assert!(shown.contains("app/Dockerfile:2:9015"), "{shown}");
    assert!(shown.contains("label 500") && shown.contains("label 501") && !shown.contains("label 900"), "{shown}");
    let line = shown.lines().find(|line| line.starts_with("2 │")).expect("the line is shown");
    assert!(line.contains("a500 && é sudo cd a501") && !line.contains("a480") && !line.contains("a520"), "{line}");
    assert!(shown.contains("line 2 is long: columns 89"), "{shown}");
    let end = print(Format::Pretty, &[file(&text, vec![one(999, &[])])], false);
    assert!(
        end.contains(&format!("to {} are shown", text.lines().last().unwrap_or_default().chars().count())),
        "{end}"
    );
    // A finding at each word: the output grows with their number only.
    let all = (0..1_000).map(|n| one(n, &[])).collect();
    let all = print(Format::Pretty, &[file(&text, all)], false);
    assert!(all.len() < 1_000 * 1_000, "{} bytes", all.len());
    let short = format!("FROM a\nRUN {}a500\n", "b ".repeat(400));
    let whole = Diagnostic {
        primary: Label { span: span(&short, "a500"), message: String::new() },
        ..finding(&short, "RUN", Severity::Info, "m")
    };
    let whole = print(Format::Pretty, &[file(&short, vec![whole])], false);
    assert!(whole.contains(short.lines().last().unwrap_or_default()) && !whole.contains("is long"), "{whole}");
}
