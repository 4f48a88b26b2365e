//! What stays the same of a finding while the file around it changes.
//!
//! It is made of the code, of the lines concerned without their indentation, and of how many findings like it stand
//! above. Neither the number of a line nor the message is in it: both change without the defect changing.

use super::FileReport;
use crate::diagnostic::Diagnostic;
use crate::source::{LineIndex, Span};
use std::collections::HashMap;
use std::ops::Range;

/// The fingerprint of each finding of `file`, in their order. No two of them are the same.
pub fn fingerprints(file: &FileReport) -> Vec<String> {
    // Many findings may stand on one long line: it is read once for each code.
    let lines = LineIndex::new(&file.text);
    let mut known: HashMap<(&str, Range<usize>), u128> = HashMap::new();
    let mut seen: HashMap<u128, usize> = HashMap::new();
    let one = |finding: &Diagnostic| {
        let range = touched(&file.text, &lines, finding.primary.span);
        let head = *known
            .entry((finding.code, range.clone()))
            .or_insert_with(|| [finding.code, &normal(&file.text[range])].into_iter().fold(START, digest));
        let count = seen.entry(head).or_default();
        *count += 1;
        format!("{:032x}", digest(head, &count.to_string()))
    };
    file.findings.iter().map(one).collect()
}

/// A fingerprint that is unique among those of several files.
pub fn in_file(path: &str, fingerprint: &str) -> String {
    format!("{:032x}", [path, fingerprint].into_iter().fold(START, digest))
}

/// The lines that `span` touches.
fn touched(text: &str, lines: &LineIndex, span: Span) -> Range<usize> {
    let (start, end) = ((span.start as usize).min(text.len()), (span.end as usize).min(text.len()));
    let start = lines.start(lines.line(start as u32)).map_or(0, |start| start as usize);
    // A span that ends with a line break does not touch the next line.
    let last = end.saturating_sub(1).max(start);
    let end = lines.start(lines.line(last as u32) + 1).map_or(text.len(), |next| next as usize - 1);
    start..end.max(start)
}

/// `text` with every run of blanks as one, so that formatting changes nothing.
fn normal(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

const START: u128 = 0x6c62_272e_07bb_0142_62b8_2175_6295_c58d;

/// FNV-1a with 128 bits, from `hash` on. It need not withstand anybody, only stay the same in all versions.
fn digest(hash: u128, part: &str) -> u128 {
    const PRIME: u128 = 0x0000_0000_0100_0000_0000_0000_0000_013b;
    part.bytes().chain([0]).fold(hash, |hash, byte| (hash ^ u128::from(byte)).wrapping_mul(PRIME))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::{Label, Severity};
    use std::collections::HashSet;

    fn report(text: &str, parts: &[(&'static str, &str)]) -> FileReport {
        let mut from = 0;
        let mut finding = |&(code, part): &(&'static str, &str)| {
            let at = from + text[from..].find(part).expect("the part is in the text");
            from = at;
            Diagnostic {
                code,
                aliases: Vec::new(),
                severity: Severity::Info,
                message: format!("at {at}"),
                primary: Label { span: Span::from(at..at + part.len()), message: String::new() },
                secondary: Vec::new(),
                members: Vec::new(),
                notes: Vec::new(),
                help: None,
                fix: None,
            }
        };
        let findings = parts.iter().map(&mut finding).collect();
        FileReport { path: "Dockerfile".into(), text: text.into(), findings }
    }

    fn of(text: &str, parts: &[(&'static str, &str)]) -> Vec<String> {
        fingerprints(&report(text, parts))
    }

    #[test]
    fn lines_above_and_indentation_change_nothing() {
        let parts = [("LW105", "RUN a"), ("SC2086", "$b")];
        let before = of("FROM x\nRUN a \\\n  $b\n", &parts);
        assert_eq!(of("# new\r\nFROM x\r\n  RUN  a \\\r\n\t\t$b", &[("LW105", "RUN  a"), ("SC2086", "$b")]), before);
        assert_ne!(of("FROM x\nRUN a \\\n  $b c\n", &parts)[1], before[1], "the line is another");
        assert_ne!(of("FROM x\nRUN a \\\n  $b\n", &[("LW105", "RUN a"), ("SC2087", "$b")])[1], before[1]);
    }

    #[test]
    fn the_same_line_twice_is_told_apart() {
        let text = "FROM x\nRUN a\nRUN a\n";
        let twice = of(text, &[("LW105", "RUN a"), ("LW105", "a\nRUN"), ("LW105", "RUN a")]);
        assert_eq!(twice.iter().collect::<HashSet<_>>().len(), 3);
        assert_eq!(twice[0], of("RUN a", &[("LW105", "RUN a")])[0], "the first does not know of the second");
        assert_ne!(in_file("a", &twice[0]), in_file("b", &twice[0]));
    }

    #[test]
    fn parts_do_not_run_into_one_another() {
        assert_ne!(["ab", "c"].into_iter().fold(START, digest), ["a", "bc"].into_iter().fold(START, digest));
        // Computed by another program. Whoever changes it makes all known findings new ones.
        assert_eq!(of("RUN a", &[("LW105", "RUN a")]), ["4477830198bf7e1b6eb682b75337a257"]);
    }

    #[test]
    fn any_span_gives_the_lines_it_touches() {
        let text = "ab\né\n\ncd";
        let at = |start, end| normal(&text[touched(text, &LineIndex::new(text), Span::new(start, end))]);
        assert_eq!((at(0, 3), at(0, 4), at(6, 6), at(7, 9)), ("ab".into(), "ab é".into(), String::new(), "cd".into()));
        assert_eq!(
            (at(9, 9), at(20, 40), normal(&""[touched("", &LineIndex::new(""), Span::new(3, 9))])),
            ("cd".into(), "cd".into(), String::new())
        );
        assert_eq!(at(4, 4), "é", "inside a character");
    }
}
