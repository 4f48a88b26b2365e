//! Turns the front matter of `rules/*.md` into the table of rules, so that a rule is declared once:
//! in its document.

use std::fmt::Write as _;
use std::path::Path;
use std::{env, fs};

fn main() {
    println!("cargo:rerun-if-changed=rules");
    let root = env::var("CARGO_MANIFEST_DIR").expect("cargo sets CARGO_MANIFEST_DIR");
    let folder = Path::new(&root).join("rules");
    let mut documents: Vec<_> = fs::read_dir(&folder)
        .expect("the folder rules/ is there")
        .map(|entry| entry.expect("rules/ can be read").path())
        .filter(|path| path.extension().is_some_and(|e| e == "md"))
        .collect();
    documents.sort();

    let mut table = String::new();
    let mut names = String::new();
    for path in &documents {
        println!("cargo:rerun-if-changed={}", path.display());
        let stem = path.file_stem().and_then(|s| s.to_str()).expect("a document has a UTF-8 name");
        let text = fs::read_to_string(path).expect("a document is UTF-8 text").replace("\r\n", "\n");
        let front = text.strip_prefix("---\n").and_then(|rest| rest.split_once("\n---\n"));
        let (front, _) = front.unwrap_or_else(|| panic!("rules/{stem}.md has no front matter"));
        let field = |key: &str| field(front, key);
        let required = |key: &str| field(key).unwrap_or_else(|| panic!("rules/{stem}.md has no `{key}`"));
        assert_eq!(required("code"), stem, "rules/{stem}.md: the code is the file name");
        let constant = required("name").replace('-', "_").to_uppercase();
        let severity = match required("severity") {
            "error" => "Error",
            "warning" => "Warning",
            "info" => "Info",
            "style" => "Style",
            other => panic!("rules/{stem}.md: severity `{other}`"),
        };
        let fix = match required("fix") {
            "none" => "None",
            "safe" => "Some(Applicability::Safe)",
            "unsafe" => "Some(Applicability::Unsafe)",
            "display" => "Some(Applicability::Display)",
            other => panic!("rules/{stem}.md: fix `{other}`"),
        };
        let aliases: Vec<String> = list(field("aliases").unwrap_or("[]"));
        let also: Vec<String> = list(field("also").unwrap_or("[]"));
        let options: String = list(field("options").unwrap_or("[]")).iter().map(|o| option(stem, o)).collect();
        let category = required("category");
        let since = required("since");
        let default = field("default").is_none_or(|d| d == "on");
        let name = required("name");
        // The path stands nowhere in the table: the same sources give the same program, wherever they lie.
        let document = format!("concat!(env!(\"CARGO_MANIFEST_DIR\"), \"/rules/{stem}.md\")");
        writeln!(
            table,
            "/// `{stem}`\npub static {constant}: RuleMeta = RuleMeta {{ code: {stem:?}, name: {name:?}, severity: Severity::{severity}, \
             category: {category:?}, since: {since:?}, aliases: &{aliases:?}, also: &{also:?}, fix: {fix}, default: {default}, options: &[{options}], \
             document: include_str!({document}) }};"
        )
        .expect("writing to a string succeeds");
        writeln!(names, "&{constant},").expect("writing to a string succeeds");
    }
    let count = documents.len();
    let text = format!("{table}\n/// All documents, by code.\npub static ALL: [&RuleMeta; {count}] = [{names}];\n");
    let out = env::var("OUT_DIR").expect("cargo sets OUT_DIR");
    fs::write(Path::new(&out).join("rules.rs"), text).expect("OUT_DIR can be written");
}

/// An option, declared as `name=kind`.
fn option(stem: &str, declared: &str) -> String {
    let (name, kind) = declared.split_once('=').unwrap_or_else(|| panic!("rules/{stem}.md: option `{declared}`"));
    let kind = match kind {
        "flag" => "Flag",
        "words" => "Words",
        "map" => "Map",
        other => panic!("rules/{stem}.md: the option {name} is of no kind `{other}`"),
    };
    format!("OptionSpec {{ name: {name:?}, kind: crate::config::OptionKind::{kind} }}, ")
}

fn field<'t>(front: &'t str, key: &str) -> Option<&'t str> {
    front.lines().find_map(|line| line.strip_prefix(key)?.strip_prefix(':')).map(str::trim)
}

fn list(text: &str) -> Vec<String> {
    let inner = text.trim().trim_start_matches('[').trim_end_matches(']');
    inner.split(',').map(|s| s.trim().to_owned()).filter(|s| !s.is_empty()).collect()
}
