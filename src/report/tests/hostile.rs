//! Files and paths that try to break out of the format they are reported in.

use super::parsed::count;
use super::*;
use proptest::prelude::*;

const PARTS: [&str; 32] = [
    "FROM a:1",
    "RUN x \\\n  && y",
    "\n",
    "\r\n",
    "\r",
    "\t",
    " ",
    "\u{1b}[31m",
    "\u{9b}2J",
    "\0",
    "\u{7f}",
    "\u{202e}",
    "\u{feff}",
    "\u{fffe}",
    "\u{2028}",
    "]]>",
    "<!--",
    "&amp;",
    "\"",
    "'",
    "`",
    "::error::x",
    "##vso[task.complete result=Failed;]",
    "##[error]x",
    "%0A",
    "%",
    ",file=b",
    ":1:2: ",
    "{0}",
    "[a](1)",
    "é",
    "\u{1f600}",
];

fn hostile(most: usize) -> impl Strategy<Value = String> {
    proptest::collection::vec(proptest::sample::select(&PARTS[..]), 0..most).prop_map(|parts| parts.concat())
}

fn finding(text: String, at: (u32, u32, u32), words: (String, String)) -> Diagnostic {
    let (start, len, kind) = at;
    let label = |span, message: &str| Label { span, message: message.to_owned() };
    let edits = vec![Edit::insert(0, words.1.clone()), Edit::delete(Span::new(1, (text.len() as u32).max(1)))];
    let fix = Fix::new(
        words.0.clone(),
        [Applicability::Safe, Applicability::Unsafe, Applicability::Display][kind as usize % 3],
        edits,
    );
    Diagnostic {
        code: ["LW105", "DL3006", "SC2086"][kind as usize / 3 % 3],
        aliases: vec![],
        severity: Severity::ALL[kind as usize % 4],
        message: words.0.clone(),
        primary: label(Span::new(start, start + len), &words.1),
        secondary: if kind % 2 == 0 { vec![label(Span::new(len, len + start), &words.0)] } else { vec![] },
        members: vec![],
        notes: vec![words.1.clone()],
        help: (kind % 5 == 0).then(|| words.0.clone().into()),
        fix: (kind % 7 < 4).then_some(fix),
    }
}

fn files() -> impl Strategy<Value = Vec<FileReport>> {
    // What a finding says is never empty.
    let word = || hostile(4).prop_map(|word| format!("w{word}"));
    let places = proptest::collection::vec(((0u32..60, 0u32..40, 0u32..840), (word(), word())), 0..6);
    let file = (hostile(5), hostile(12), places).prop_map(|(path, text, places)| {
        let findings = places.into_iter().map(|(at, words)| finding(text.clone(), at, words)).collect();
        FileReport { path, text, findings }
    });
    // Two files of one path are never checked in one run.
    proptest::collection::vec(file, 0..4).prop_map(|mut files| {
        files.iter_mut().enumerate().for_each(|(at, file)| file.path.insert_str(0, &format!("{at}/f")));
        files
    })
}

proptest! {
    #[test]
    fn every_format_holds_all_findings_and_nothing_raw(files in files()) {
        let findings: usize = files.iter().map(|file| file.findings.len()).sum();
        for format in Format::ALL {
            prop_assert_eq!(count(format, &print(format, &files, false)), findings, "{}", format.name());
        }
    }
}
