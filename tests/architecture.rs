//! Tests about the repository itself: who imports whom, how long files are, how messages sound.

mod support;

use layerwise::diagnostic::Diagnostic;
use layerwise::rules;
use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::fs;
use std::path::{Path, PathBuf};
use support::document;

/// Who may import whom. Data flows from the top to the bottom.
const MAY_IMPORT: [(&str, &[&str]); 16] = [
    ("source", &[]),
    ("suggest", &[]),
    ("builder", &[]),
    ("yaml", &[]),
    ("diagnostic", &["source"]),
    ("syntax", &["source"]),
    ("config", &["source", "diagnostic", "suggest", "builder", "yaml"]),
    ("model", &["source", "syntax"]),
    ("context", &["source", "builder", "yaml"]),
    ("cache", &["builder", "source", "syntax", "model", "context"]),
    ("shellcheck", &["source", "diagnostic", "syntax", "model"]),
    ("rules", &["source", "suggest", "diagnostic", "syntax", "config", "model", "context", "cache", "shellcheck"]),
    ("fix", &["source", "diagnostic", "syntax", "model", "context"]),
    ("lint", &["source", "diagnostic", "syntax", "config", "model", "context", "cache", "shellcheck", "rules", "fix"]),
    ("report", &["source", "diagnostic", "shellcheck", "rules", "fix", "lint"]),
    (
        "cli",
        &[
            "source",
            "suggest",
            "builder",
            "diagnostic",
            "syntax",
            "config",
            "model",
            "context",
            "cache",
            "shellcheck",
            "rules",
            "fix",
            "lint",
            "report",
        ],
    ),
];

/// The longest that a file of `src/` may be, in lines.
const MAX_LINES: usize = 500;

#[test]
fn modules_import_only_what_stands_above_them() {
    let mut wrong = BTreeSet::new();
    for file in sources() {
        let module = &file.module[0];
        if matches!(module.as_str(), "lib" | "main") {
            continue;
        }
        let Some((_, allowed)) = MAY_IMPORT.iter().find(|(name, _)| name == module) else {
            wrong.insert(format!("{}: the module `{module}` is not in the table", file.path));
            continue;
        };
        for (imported, line) in imports(&file) {
            if imported != *module && !allowed.contains(&imported.as_str()) {
                wrong.insert(format!("{}:{line}: `{module}` must not import `{imported}`", file.path));
            }
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.into_iter().collect::<Vec<_>>().join("\n"));
}

#[test]
fn the_table_of_imports_has_no_circle() {
    for (at, (name, imported)) in MAY_IMPORT.iter().enumerate() {
        for other in *imported {
            let above = MAY_IMPORT[..at].iter().any(|(n, _)| n == other);
            assert!(above, "`{name}` imports `{other}`, which does not stand above it in the table");
        }
    }
}

#[test]
fn files_are_short_and_finished() {
    let mut wrong = Vec::new();
    for file in sources() {
        let lines = file.text.lines().count();
        let limit = if file.module[0] == "main" { 39 } else { MAX_LINES };
        if lines > limit {
            wrong.push(format!("{}: {lines} lines, at most {limit}", file.path));
        }
        let words = tokens(&file.text);
        for pair in words.windows(2).filter(|p| p[1].text == "!") {
            if matches!(pair[0].text, "todo" | "unimplemented" | "dbg") {
                wrong.push(format!("{}:{}: {}!", file.path, pair[0].line, pair[0].text));
            }
        }
        if file.module.iter().any(|m| matches!(m.as_str(), "utils" | "util" | "helpers" | "common" | "misc")) {
            wrong.push(format!("{}: a name that says nothing", file.path));
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn each_rule_has_one_code_and_one_document() {
    let codes: Vec<&str> = rules::RULES.iter().map(|r| r.meta.code).collect();
    let unique: HashSet<&str> = codes.iter().copied().collect();
    assert_eq!(unique.len(), codes.len(), "a code is registered twice: {codes:?}");
    let documents: HashSet<String> = document::all().into_iter().map(|d| d.stem).collect();
    let codes: HashSet<String> = codes.into_iter().map(str::to_owned).collect();
    assert_eq!(codes, documents);
    for pair in rules::RULES.iter().map(|r| r.meta.name) {
        let kebab = pair.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
        assert!(kebab, "the name `{pair}` is not in kebab case");
    }
}

#[test]
fn messages_sound_alike() {
    let mut wrong = BTreeSet::new();
    for document in document::all() {
        let Some(rule) = rules::find(&document.stem) else { continue };
        for (example, bad) in document.examples.iter().filter_map(|e| Some((e, e.bad.as_ref()?))) {
            for finding in example.findings(rule.meta.code, bad.builder(), &bad.file()) {
                if !starts_well(&finding.message) {
                    wrong.insert(format!("{}: starts with a capital: {}", rule.meta.code, finding.message));
                }
                for text in texts(&finding) {
                    for fault in faults(text) {
                        wrong.insert(format!("{}: {fault}: {text}", rule.meta.code));
                    }
                }
            }
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.into_iter().collect::<Vec<_>>().join("\n"));
}

/// Everything that a finding says.
fn texts(finding: &Diagnostic) -> Vec<&str> {
    let labels = std::iter::once(&finding.primary).chain(&finding.secondary).map(|l| l.message.as_str());
    let mut texts: Vec<&str> = labels.filter(|m| !m.is_empty()).collect();
    texts.push(&finding.message);
    texts.extend(finding.notes.iter().map(String::as_str));
    texts.extend(finding.help.as_deref());
    texts.extend(finding.fix.iter().map(|f| f.title.as_str()));
    texts
}

fn faults(text: &str) -> Vec<&'static str> {
    let lower = text.to_lowercase();
    let has_word = |word: &str| lower.split(|c: char| !c.is_alphabetic()).any(|w| w == word);
    let all = [
        (text.is_empty(), "empty"),
        (text.trim() != text, "blanks around it"),
        (text.contains('\n'), "more than one line"),
        (text.ends_with('.') && !text.ends_with("..."), "a full stop at the end"),
        (text.ends_with('!'), "an exclamation mark"),
        (has_word("please"), "please"),
        (text.contains("  "), "two blanks"),
    ];
    all.into_iter().filter(|(is, _)| *is).map(|(_, fault)| fault).collect()
}

/// In lower case, or with a number, a quotation or the name of an instruction.
fn starts_well(message: &str) -> bool {
    let word = message.split(|c: char| !c.is_alphanumeric()).next().unwrap_or_default();
    message.starts_with(|c: char| c.is_lowercase() || c.is_ascii_digit() || c == '`')
        || layerwise::syntax::Keyword::names().any(|name| name == word)
}

#[test]
fn every_fixture_is_used() {
    let root = document::root();
    let Ok(entries) = fs::read_dir(root.join("testdata")) else { return };
    let folders: Vec<String> = entries
        .filter_map(Result::ok)
        .filter(|e| e.path().is_dir())
        .map(|e| e.file_name().to_string_lossy().into_owned())
        .collect();
    let mut files = Vec::new();
    for folder in ["tests", "src", "benches", ".ci"] {
        walk(&root.join(folder), &mut files);
    }
    files.push(root.join("README.md"));
    let text: String = files.iter().filter_map(|f| fs::read_to_string(f).ok()).collect();
    let orphans: Vec<String> = folders.into_iter().filter(|f| !text.contains(f.as_str())).collect();
    assert!(orphans.is_empty(), "no test and no page names these folders of testdata: {orphans:?}");
}

/// A file of `src/`.
struct Source {
    /// From the root of the package.
    path: String,
    /// `["rules", "context"]`; a `mod.rs` has the path of its folder.
    module: Vec<String>,
    text: String,
}

fn sources() -> Vec<Source> {
    let src = document::root().join("src");
    let mut files = Vec::new();
    walk(&src, &mut files);
    let read = |path: PathBuf| {
        let relative = path.strip_prefix(&src).expect("the file is in src").with_extension("");
        let parts = relative.components().map(|c| c.as_os_str().to_string_lossy().into_owned());
        let mut module: Vec<String> = parts.collect();
        if module.len() > 1 && module.last().is_some_and(|m| m == "mod") {
            module.pop();
        }
        let text = fs::read_to_string(&path).expect("a source file is UTF-8 text");
        Source { path: format!("src/{}", path.strip_prefix(&src).expect("as above").display()), module, text }
    };
    let sources: Vec<Source> =
        files.into_iter().filter(|f| f.extension().is_some_and(|e| e == "rs")).map(read).collect();
    assert!(sources.len() > 10, "src/ was not read");
    sources
}

fn walk(folder: &Path, files: &mut Vec<PathBuf>) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    let mut paths: Vec<PathBuf> = entries.filter_map(Result::ok).map(|e| e.path()).collect();
    paths.sort();
    for path in paths {
        if path.is_dir() { walk(&path, files) } else { files.push(path) }
    }
}

/// The modules at the root of the crate that `file` names outside of its tests, with the line.
fn imports(file: &Source) -> BTreeMap<String, usize> {
    let mut found = BTreeMap::new();
    if file.module.iter().any(|m| m == "tests") {
        return found;
    }
    let tokens = tokens(&file.text);
    let tokens = without_tests(&tokens);
    let mut at = 0;
    while at < tokens.len() {
        let first = tokens[at];
        let after_path = at > 0 && tokens[at - 1].text == "::";
        let mut next = at + 1;
        if after_path || !matches!(first.text, "crate" | "super") {
            at = next;
            continue;
        }
        let mut up = usize::from(first.text == "super");
        while is(&tokens, next, "::") && is(&tokens, next + 1, "super") {
            up += 1;
            next += 2;
        }
        // `super` from the first level is the root, too.
        let at_root = first.text == "crate" || up == file.module.len();
        if at_root && is(&tokens, next, "::") {
            heads(&tokens, next + 1, &mut found);
        }
        at = next;
    }
    found
}

fn is(tokens: &[Token<'_>], at: usize, text: &str) -> bool {
    tokens.get(at).is_some_and(|t| t.text == text)
}

/// The first names of `name`, `{name, other::x, deep::{a, b}}`.
fn heads(tokens: &[Token<'_>], at: usize, found: &mut BTreeMap<String, usize>) {
    if !is(tokens, at, "{") {
        if let Some(token) = tokens.get(at) {
            found.entry(token.text.to_owned()).or_insert(token.line);
        }
        return;
    }
    let mut depth = 0;
    let mut expect = true;
    for token in &tokens[at..] {
        match token.text {
            "{" => depth += 1,
            "}" => depth -= 1,
            "," if depth == 1 => expect = true,
            name if expect && depth == 1 => {
                found.entry(name.to_owned()).or_insert(token.line);
                expect = false;
            }
            _ => {}
        }
        if depth == 0 {
            break;
        }
    }
}

/// Takes out what follows `#[cfg(test)]`: one item, up to its `;` or closing brace.
fn without_tests<'t>(tokens: &[Token<'t>]) -> Vec<Token<'t>> {
    const CFG: [&str; 7] = ["#", "[", "cfg", "(", "test", ")", "]"];
    let mut out = Vec::with_capacity(tokens.len());
    let mut at = 0;
    while at < tokens.len() {
        let is_test = CFG.iter().enumerate().all(|(i, text)| is(tokens, at + i, text));
        if !is_test {
            out.push(tokens[at]);
            at += 1;
            continue;
        }
        at += CFG.len();
        let mut depth = 0;
        while let Some(token) = tokens.get(at) {
            at += 1;
            match token.text {
                "{" => depth += 1,
                "}" => depth -= 1,
                _ => {}
            }
            if depth == 0 && matches!(token.text, "}" | ";") {
                break;
            }
        }
    }
    out
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Token<'t> {
    text: &'t str,
    line: usize,
}

/// The words and signs of Rust code, without comments, strings and characters.
fn tokens(text: &str) -> Vec<Token<'_>> {
    let mut tokens = Vec::new();
    let mut at = 0;
    let mut line = 1;
    while at < text.len() {
        let rest = &text[at..];
        let (len, is_code) = token(rest);
        if is_code {
            tokens.push(Token { text: &rest[..len], line });
        }
        line += rest[..len].matches('\n').count();
        at += len;
    }
    tokens
}

/// The length of what `rest` starts with, and whether it is code.
fn token(rest: &str) -> (usize, bool) {
    let first = rest.chars().next().unwrap_or_default();
    if rest.starts_with("//") {
        return (rest.find('\n').unwrap_or(rest.len()), false);
    }
    if rest.starts_with("/*") {
        return (rest.find("*/").map_or(rest.len(), |i| i + 2), false);
    }
    if let Some(len) = raw_string(rest).or_else(|| (first == '"').then(|| quoted(rest, '"'))) {
        return (len, false);
    }
    if first == '\'' {
        let mut chars = rest[1..].chars();
        let (one, two) = (chars.next(), chars.next());
        let is_char = one == Some('\\') || two == Some('\'');
        return if is_char { (quoted(rest, '\''), false) } else { (1, false) };
    }
    if first.is_alphanumeric() || first == '_' {
        return (rest.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(rest.len()), true);
    }
    if rest.starts_with("::") {
        return (2, true);
    }
    (first.len_utf8(), !first.is_whitespace())
}

/// `r"..."`, `r#"..."#`, `br"..."`.
fn raw_string(rest: &str) -> Option<usize> {
    let head = rest.strip_prefix("br").or_else(|| rest.strip_prefix('r'))?;
    let hashes = head.len() - head.trim_start_matches('#').len();
    let body = head[hashes..].strip_prefix('"')?;
    let end = format!("\"{}", "#".repeat(hashes));
    let len = body.find(&end).map_or(body.len(), |i| i + end.len());
    Some(rest.len() - body.len() + len)
}

/// The length of a text in quotes, with backslashes.
fn quoted(rest: &str, quote: char) -> usize {
    let mut escaped = false;
    for (at, c) in rest.char_indices().skip(1) {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            c if c == quote => return at + 1,
            _ => {}
        }
    }
    rest.len()
}

#[test]
fn the_reader_of_imports_sees_all_forms() {
    let text = r##"
        //! use crate::comment;
        use crate::{a, b::{x, y}, c as d};
        use super::super::e;
        use super::near;
        fn f<'a>(x: &'a str) -> char { crate::g::h("crate::string", r#"crate::"raw"#); 'x' }
        pub(crate) fn i(_: &crate::j::K<'_>) { let _ = '"'; other::crate_like::l(); }
        #[cfg(test)]
        mod tests { use crate::test_only; fn m() { {} } }
        use crate::last;
    "##;
    let module = vec!["one".to_owned(), "two".to_owned()];
    let file = Source { path: String::new(), module, text: text.to_owned() };
    let names: Vec<String> = imports(&file).into_keys().collect();
    assert_eq!(names, ["a", "b", "c", "e", "g", "j", "last"]);
}
