//! What must hold for every file of a corpus of real Dockerfiles.
//!
//! Run with `LAYERWISE_CORPUS=DIR cargo test --release --test corpus -- --ignored --nocapture`.

mod support;

use layerwise::diagnostic::Applicability;
use layerwise::fix::validate::{validate_safe, validate_unsafe};
use layerwise::lint::{fix, lint};
use layerwise::syntax;
use std::collections::BTreeMap;
use support::tree::assert_lossless;
use support::{Random, corpus, settings};

#[test]
#[ignore = "needs LAYERWISE_CORPUS"]
fn every_file_is_given_back_by_its_leaves() {
    let files = corpus();
    files.iter().for_each(|(_, text)| assert_lossless(text));
    println!("{} files given back byte for byte", files.len());
}

#[test]
#[ignore = "needs LAYERWISE_CORPUS"]
fn no_prefix_of_a_file_panics() {
    let files = corpus();
    let all = settings(&["ALL"]);
    let mut prefixes = 0;
    for (_, text) in files.iter().step_by((files.len() / 200).max(1)).take(200) {
        for (end, _) in text.char_indices().take(4000) {
            assert_lossless(&text[..end]);
            // Linting is slower; every seventh end is still in every kind of place.
            if end % 7 == 0 {
                lint(&text[..end], &all);
            }
            prefixes += 1;
        }
    }
    println!("{prefixes} prefixes of 200 files");
}

#[test]
#[ignore = "needs LAYERWISE_CORPUS"]
fn no_random_edit_panics() {
    let files = corpus();
    let all = settings(&["ALL"]);
    let mut random = Random(0x1a7e_2f15e);
    let cuttings = [
        "\n", "\\\n", "\\", "\"", "'", "$", "${", "<<EOF\n", "# ", "[", "]", "\r", "`", "FROM ", "--", "ENV ", " ", "é",
    ];
    for _ in 0..100_000 {
        let text = &files[random.below(files.len())].1;
        let mut bytes: Vec<char> = text.chars().take(3000).collect();
        for _ in 0..=random.below(4) {
            let at = random.below(bytes.len() + 1);
            match random.below(3) {
                0 => drop(bytes.splice(at..(at + random.below(20)).min(bytes.len()), [])),
                1 => drop(bytes.splice(at..at, cuttings[random.below(cuttings.len())].chars())),
                _ => {
                    let from = random.below(bytes.len() + 1);
                    let piece: Vec<char> = bytes[from..(from + 30).min(bytes.len())].to_vec();
                    drop(bytes.splice(at..at, piece));
                }
            }
        }
        let edited: String = bytes.into_iter().collect();
        assert_lossless(&edited);
        lint(&edited, &all);
    }
    println!("100000 random edits");
}

/// The kinds of errors, which a fix must not change.
fn verdict(text: &str) -> Vec<syntax::ErrorKind> {
    let mut kinds: Vec<_> = syntax::parse(text).errors.into_iter().map(|e| e.kind).collect();
    kinds.sort_unstable();
    kinds
}

fn fix_all(least: Applicability) {
    let default = settings(&[]);
    let mut fired: BTreeMap<&str, usize> = BTreeMap::new();
    let mut mended: BTreeMap<&str, usize> = BTreeMap::new();
    let mut changed = 0;
    let mut refused = 0;
    let files = corpus();
    for (path, text) in &files {
        let mut codes: Vec<&str> = lint(text, &default).into_iter().map(|f| f.code).collect();
        codes.dedup();
        codes.sort_unstable();
        codes.dedup();
        codes.into_iter().for_each(|c| *fired.entry(c).or_default() += 1);
        let fixed = fix(text, &default, least);
        assert!(fixed.oscillating.is_empty(), "{}: {:?}", path.display(), fixed.oscillating);
        fixed.applied.keys().for_each(|c| *mended.entry(c).or_default() += 1);
        for finding in &fixed.findings {
            for note in finding.notes.iter().filter(|n| n.starts_with("the fix was not applied")) {
                refused += 1;
                println!("{} {}: {note}", path.display(), finding.code);
            }
        }
        if fixed.text == *text {
            continue;
        }
        changed += 1;
        assert_eq!(verdict(&fixed.text), verdict(text), "{}", path.display());
        let whole = match least {
            Applicability::Safe => validate_safe(text, &fixed.text),
            _ => validate_unsafe(text, &fixed.text),
        };
        assert!(whole.is_ok(), "{}: {}", path.display(), whole.unwrap_err());
        let again = fix(&fixed.text, &default, least);
        assert_eq!(again.text, fixed.text, "{}: a second run changes nothing", path.display());
    }
    println!("{} of {} files changed, {refused} fixes refused", changed, files.len());
    for (code, count) in fired {
        println!("{code}: fired on {count} files, fixed in {}", mended.get(code).unwrap_or(&0));
    }
}

#[test]
#[ignore = "needs LAYERWISE_CORPUS"]
fn safe_fixes_keep_every_image() {
    fix_all(Applicability::Safe);
}

#[test]
#[ignore = "needs LAYERWISE_CORPUS"]
fn unsafe_fixes_keep_every_verdict() {
    fix_all(Applicability::Unsafe);
}
