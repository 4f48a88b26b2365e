//! Runs every example of the documents in `rules/`.
//!
//! `dockerfile bad` gives exactly the lines of `findings`, `dockerfile good` gives none; the safe fixes
//! of the document's rule make `dockerfile fixed` of the bad one, the unsafe ones too make
//! `dockerfile fixed unsafe` of it. A group without such a block has no such fix.
//!
//! `file NAME` puts a file into the build context of the next example (`file NAME/` a folder). Without
//! such blocks, an example has no known context. `options` holds the settings of the rule, as they stand
//! in a configuration, for the next example.
//!
//! Words after the tag: `builder=classic`, `crlf`, `bom` and `no-newline` (the file is so), `fill=N` (each `…` stands
//! for N letters), `broken` (the file has syntax errors on purpose), `unsafe`, `remains` (findings are left), `with=A,B` (these rules run, too, and what
//! they find is not looked at).
//!
//! `LAYERWISE_BLESS=1 cargo test --test rule_documents` writes what came out into the documents.

mod support;

use layerwise::diagnostic::Applicability;
use layerwise::fix::addition;
use layerwise::rules;
use layerwise::syntax;
use similar::TextDiff;
use std::collections::{BTreeMap, HashMap};
use std::fmt::Write as _;
use std::io::Write as _;
use std::ops::Range;
use std::{env, fs, io};
use support::document::{self, Block, Document, Example};

#[test]
fn every_example_does_what_its_document_says() {
    let documents = document::all();
    let (mut failures, mut examples, mut blessed) = (Vec::new(), 0, 0);
    let bless = env::var_os("LAYERWISE_BLESS").is_some_and(|v| v == "1");
    for document in &documents {
        let mut check = Check { document, failures: Vec::new(), edits: BTreeMap::new() };
        check.document();
        examples += document.examples.len();
        if bless && !check.edits.is_empty() {
            blessed += check.edits.len();
            let text = document::splice(&document.text, &check.edits);
            fs::write(&document.path, text).expect("a document can be written");
        }
        failures.extend(check.failures);
    }
    // Straight to the stream: the counts are to be seen when nothing fails, too.
    let mut out = io::stderr();
    let _ = writeln!(out, "{} documents, {examples} examples, {} failures", documents.len(), failures.len());
    if bless {
        let _ = writeln!(out, "{blessed} blocks rewritten; look at the difference before you keep it");
    }
    assert!(failures.is_empty(), "\n{}", failures.join("\n"));
}

#[test]
fn codes_names_and_aliases_are_unique() {
    let mut seen: HashMap<String, String> = HashMap::new();
    let mut twice = Vec::new();
    for document in document::all() {
        let words = [document.field("code"), document.field("name")]
            .into_iter()
            .chain(document.list("aliases"))
            .chain(document.list("also"));
        for word in words {
            if let Some(other) = seen.insert(word.to_lowercase(), document.stem.clone()) {
                twice.push(format!("{word}: {other} and {}", document.stem));
            }
        }
    }
    assert!(twice.is_empty(), "\n{}", twice.join("\n"));
}

const KEYS: [&str; 11] =
    ["code", "name", "severity", "category", "since", "aliases", "fix", "source", "also", "default", "options"];

const SECTIONS: [&str; 5] = ["## What it does", "## Why it matters", "## Example", "## Differences", "## Options"];

struct Check<'d> {
    document: &'d Document,
    failures: Vec<String>,
    /// What blessing replaces, by position.
    edits: BTreeMap<usize, (Range<usize>, String)>,
}

impl Check<'_> {
    fn fail(&mut self, line: usize, what: impl AsRef<str>) {
        self.failures.push(format!("rules/{}.md:{line}: {}", self.document.stem, what.as_ref()));
    }

    /// Fails with a diff, and has the content of `block` replaced when blessing.
    fn differs(&mut self, block: &Block, what: &str, want: &str, got: &str, content: Option<String>) {
        let mut text = format!("{what} (- the document, + what came out)\n");
        for change in TextDiff::from_lines(want, got).iter_all_changes() {
            let line = change.value().trim_end_matches('\n').replace('\r', "␍");
            let line: String = line.chars().take(300).collect();
            let _ = writeln!(text, "    {}{line}", change.tag());
        }
        self.fail(block.line, text);
        if let Some(content) = content {
            self.edits.insert(block.range.start, (block.range.clone(), content));
        }
    }

    fn document(&mut self) {
        let document = self.document;
        for (line, mistake) in &document.mistakes {
            self.fail(*line, mistake);
        }
        self.front();
        self.headings();
        let Some(rule) = rules::find(&document.stem) else {
            return self.fail(1, "no rule has this code");
        };
        if document.examples.iter().all(|e| e.bad.is_none()) {
            self.fail(1, "there is no `dockerfile bad`");
        }
        if document.examples.iter().all(|e| e.good.is_none()) {
            self.fail(1, "there is no `dockerfile good`");
        }
        let safe = document.examples.iter().any(|e| e.fixed.is_some());
        let unsafe_too = document.examples.iter().any(|e| e.fixed_unsafe.is_some() || e.file_fixed.is_some());
        match document.field("fix") {
            "safe" if !safe => self.fail(1, "`fix: safe`, but there is no `dockerfile fixed`"),
            "unsafe" if safe || !unsafe_too => {
                self.fail(1, "`fix: unsafe` needs `dockerfile fixed unsafe` and no other")
            }
            "none" | "display" if safe || unsafe_too => self.fail(1, "there is a `dockerfile fixed`, but no fix"),
            _ => {}
        }
        for example in &document.examples {
            self.example(rule.meta.code, example);
        }
    }

    fn front(&mut self) {
        let document = self.document;
        for (key, _) in &document.front {
            if !KEYS.contains(&key.as_str()) {
                self.fail(1, format!("`{key}` is no key of the front matter"));
            }
        }
        for key in &KEYS[..8] {
            if document.field(key).is_empty() {
                self.fail(1, format!("the front matter has no `{key}`"));
            }
        }
        if document.field("code") != document.stem {
            self.fail(1, "the code is not the name of the file");
        }
        if !matches!(document.field("default"), "" | "on" | "off") {
            self.fail(1, "`default` is `on` or `off`");
        }
    }

    fn headings(&mut self) {
        let document = self.document;
        let headings: Vec<&str> = document.headings.iter().map(String::as_str).collect();
        if !headings.first().is_some_and(|h| h.starts_with("# ")) {
            self.fail(1, "the document does not start with `# Title`");
        }
        let sections = headings.get(1..).unwrap_or_default();
        let places: Vec<Option<usize>> = sections.iter().map(|h| SECTIONS.iter().position(|s| s == h)).collect();
        if places.contains(&None) || !places.is_sorted_by(|a, b| a < b) || !sections.starts_with(&SECTIONS[..3]) {
            self.fail(1, format!("the sections are {sections:?}, but should be {SECTIONS:?}, the last two as needed"));
        }
        if document.field("options").is_empty() == sections.contains(&"## Options") {
            self.fail(1, "`options` in the front matter and the section Options go together");
        }
    }

    fn example(&mut self, code: &'static str, example: &Example) {
        if let Some(good) = &example.good {
            let text = good.file();
            self.parses(good, &text);
            let got = document::short(&text, example.findings(code, good.builder(), &text));
            if !got.is_empty() {
                self.differs(good, "a good example has findings", "", &got, None);
            }
        }
        let Some(bad) = &example.bad else { return };
        let text = bad.file();
        if self.document.field("category") != "syntax" {
            self.parses(bad, &text);
        }
        let got = document::short(&text, example.findings(code, bad.builder(), &text));
        match &example.findings {
            None => self.fail(bad.line, "the bad example has no `findings`"),
            Some(want) if want.content != got => {
                // Nothing is never what a bad example is to give.
                let content = (!got.is_empty()).then(|| got.clone());
                self.differs(want, "other findings", &want.content, &got, content);
            }
            Some(want) if got.is_empty() => self.fail(want.line, "the bad example has no finding"),
            Some(_) => {}
        }
        // Without a block, a fix is not expected to change anything.
        let safe = example.fixed.as_ref();
        let all = example.fixed_unsafe.as_ref().or(safe);
        self.additions(code, example, bad);
        self.fixes(code, example, safe, Applicability::Safe);
        self.fixes(code, example, all, Applicability::Unsafe);
    }

    /// The lines that the unsafe fixes add to other files are those of `file-fixed`.
    fn additions(&mut self, code: &'static str, example: &Example, bad: &Block) {
        let result = example.mend(code, bad.builder(), &bad.file(), Applicability::Unsafe);
        let Some((name, block)) = &example.file_fixed else {
            if let Some((path, _)) = result.additions.first_key_value() {
                self.fail(bad.line, format!("the fixes add lines to {}, and no `file-fixed` says so", path.display()));
            }
            return;
        };
        let path = example.folder().expect("a `file-fixed` needs `file` blocks").join(name);
        let got = result.additions.get(&path).map(|lines| addition::preview(&path, lines).expect("it can be read").1);
        match got {
            None => self.fail(block.line, "the fixes add nothing to this file"),
            Some(got) if got != block.content => {
                self.differs(block, "the fixes add other lines", &block.content, &got, Some(got.clone()));
            }
            Some(_) => {}
        }
        if !result.findings.is_empty() {
            self.fail(block.line, "findings are left");
        }
    }

    fn fixes(&mut self, code: &'static str, example: &Example, block: Option<&Block>, least: Applicability) {
        let Some(bad) = &example.bad else { return };
        let kind = least.name();
        let text = bad.file();
        let want = block.map_or_else(|| text.clone(), |b| bad.expand(&b.content));
        let result = example.mend(code, bad.builder(), &text, least);
        let place = block.unwrap_or(bad);
        if result.text != want {
            let content = block.filter(|_| result.text != text).map(|_| bad.contract(&result.text));
            self.differs(place, &format!("the {kind} fixes make something else"), &want, &result.text, content);
        }
        if !result.oscillating.is_empty() {
            self.fail(place.line, format!("the {kind} fixes go back and forth"));
        }
        for note in result.findings.iter().flat_map(|f| &f.notes).filter(|n| n.starts_with("the fix was not applied")) {
            self.fail(place.line, note);
        }
        let Some(block) = block else { return };
        let again = example.mend(code, bad.builder(), &result.text, least);
        if again.text != result.text {
            self.differs(block, &format!("the {kind} fixes, run again,"), &result.text, &again.text, None);
        }
        let left = document::short(&result.text, example.findings(code, bad.builder(), &result.text));
        if left.is_empty() == block.has("remains") {
            self.differs(block, "the findings that are left (see `remains`)", "", &left, None);
        }
        let before = syntax::parse(&text).errors;
        for error in syntax::parse(&result.text).errors {
            if !before.iter().any(|e| (e.kind, &e.message) == (error.kind, &error.message)) {
                self.fail(block.line, format!("the {kind} fixes make a syntax error: {}", error.message));
            }
        }
    }

    /// An example is a file that builds, unless it says otherwise.
    fn parses(&mut self, block: &Block, text: &str) {
        let errors = syntax::parse(text).errors;
        match errors.first() {
            Some(error) if !block.has("broken") => self.fail(block.line, format!("a syntax error: {}", error.message)),
            None if block.has("broken") => self.fail(block.line, "the example is not broken"),
            _ => {}
        }
    }
}
