//! Every `.dockerignore` of `testdata/ignore-facts.txt` leaves out what it left out on real builders.

use layerwise::builder::Builder;
use layerwise::context::IgnoreFile;

const FACTS: &str = include_str!("../testdata/ignore-facts.txt");

/// What came of a file: a letter for each path, or `refused`.
fn predicted(ignore: &str, builder: Builder, paths: &[String]) -> String {
    let Ok(file) = IgnoreFile::parse(ignore) else { return "refused".to_owned() };
    let file = file.for_builder(builder);
    paths.iter().map(|path| if file.ignores(path) { 'x' } else { '.' }).collect()
}

#[test]
fn every_measured_file_leaves_out_what_it_did() {
    let mut paths: Vec<String> = Vec::new();
    let (mut ignore, mut buildkit) = (String::new(), "");
    let (mut compared, mut wrong) = (0, Vec::new());
    let mut lines = FACTS.lines().filter(|line| !line.starts_with('#') && !line.is_empty()).peekable();
    while let Some(line) = lines.next() {
        let (word, rest) = line.trim_start().split_once(' ').expect("a line is a word and what belongs to it");
        match word {
            "paths" => paths = serde_json::from_str(rest).expect("the paths are JSON"),
            "case" => ignore = serde_json::from_str(rest).expect("the file is JSON"),
            "buildkit" => buildkit = rest,
            "classic" => {}
            _ => panic!("what is {line}?"),
        }
        let (has_own_classic, is_classic) =
            (lines.peek().is_some_and(|l| l.starts_with("  classic")), word == "classic");
        let mut compare = |builder: Builder, measured: &str| {
            compared += 1;
            let predicted = predicted(&ignore, builder, &paths);
            if predicted != measured.trim() {
                let differ = |(path, (p, m)): (&String, (char, char))| (p != m).then(|| format!("{path} {m}"));
                let pairs = predicted.chars().zip(measured.trim().chars());
                let differ: Vec<String> = paths.iter().zip(pairs).filter_map(differ).collect();
                wrong.push(format!("{ignore:?} with {}: measured {}", builder.name(), differ.join(", ")));
            }
        };
        if word == "buildkit" {
            compare(Builder::Buildkit, rest);
        }
        if is_classic || (word == "buildkit" && !has_own_classic) {
            compare(Builder::Classic, if is_classic { rest } else { buildkit });
        }
    }
    assert!(compared > 800, "only {compared} comparisons");
    assert!(wrong.is_empty(), "{} of {compared}\n{}", wrong.len(), wrong.join("\n"));
}
