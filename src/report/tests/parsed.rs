//! Reading each format back, as strictly as its readers do.

use super::super::*;
use crate::source::is_unsafe;
use serde_json::Value;
use std::collections::HashSet;

/// How many findings a reader of the format sees in `output`.
pub(super) fn count(format: Format, output: &str) -> usize {
    // The end of an issue of Code Climate's, which a terminal ignores.
    let ends = if format == Format::CodeClimate { "\0" } else { "" };
    let is_obeyed = |c: char| is_unsafe(c) && !ends.contains(c);
    assert!(!output.contains(is_obeyed), "{}: a terminal would obey {output:?}", format.name());
    match format {
        Format::Pretty => output.lines().filter(|line| severity_of(line).is_some()).count(),
        Format::Short => {
            let is_finding = |line: &str| line.split(": ").any(|part| severity_of(part).is_some());
            assert!(output.lines().all(is_finding), "{output:?}");
            output.lines().count()
        }
        Format::Json => array(&json(output)).len(),
        Format::JsonLines => output.lines().map(json).filter(Value::is_object).count(),
        Format::Sarif => sarif(&json(output)),
        Format::GitLab => code_climate(array(&json(output))),
        Format::CodeClimate => {
            assert!(output.is_empty() || output.ends_with('\0'), "{output:?}");
            code_climate(&output.split_terminator('\0').map(json).collect::<Vec<_>>())
        }
        Format::Codacy => output.lines().map(|line| codacy(&json(line))).count(),
        Format::SonarQube => sonarqube(&json(output)),
        Format::RdJson => rdjson(&json(output)),
        Format::Checkstyle => elements(output, "error"),
        Format::JUnit => junit(output),
        Format::GitHub => github(output),
        Format::Azure => azure(output),
    }
}

fn severity_of(line: &str) -> Option<&str> {
    ["error", "warning", "info", "style"]
        .into_iter()
        .find(|name| line.strip_prefix(name).is_some_and(|r| r.starts_with('[')))
}

pub(super) fn json(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|error| panic!("{error}: {text:?}"))
}

pub(super) fn array(value: &Value) -> &[Value] {
    value.as_array().unwrap_or_else(|| panic!("no array: {value}"))
}

fn text(value: &Value) -> &str {
    value.as_str().filter(|text| !text.is_empty()).unwrap_or_else(|| panic!("no text: {value}"))
}

fn number(value: &Value) -> u64 {
    value.as_u64().unwrap_or_else(|| panic!("no number: {value}"))
}

fn one_of<'v>(value: &'v Value, names: &[&str]) -> &'v str {
    assert!(names.contains(&text(value)), "{value} is none of {names:?}");
    text(value)
}

/// What the specification of SARIF and GitHub's page on it ask for.
fn sarif(log: &Value) -> usize {
    assert_eq!(log["version"], "2.1.0");
    assert_eq!(array(&log["runs"]).len(), 1);
    let run = &log["runs"][0];
    assert_eq!(run["columnKind"], "unicodeCodePoints");
    assert!(run["originalUriBaseIds"]["%SRCROOT%"].is_object());
    assert_eq!(run["tool"]["driver"]["name"], "layerwise");
    let rules = array(&run["tool"]["driver"]["rules"]);
    let ids: HashSet<&str> = rules.iter().map(|rule| text(&rule["id"])).collect();
    assert_eq!(ids.len(), rules.len());
    for rule in rules {
        text(&rule["helpUri"]);
        assert!(rule.get("name").is_none_or(|name| !text(name).is_empty() && *name != rule["id"]), "{rule}");
        for key in ["shortDescription", "fullDescription", "help"] {
            text(&rule[key]["text"]);
        }
        text(&rule["help"]["markdown"]);
        one_of(&rule["defaultConfiguration"]["level"], &["error", "warning", "note"]);
    }
    let results = array(&run["results"]);
    let mut prints = HashSet::new();
    for result in results {
        let rule = &rules[number(&result["ruleIndex"]) as usize];
        assert_eq!(rule["id"], result["ruleId"]);
        one_of(&result["level"], &["error", "warning", "note"]);
        assert!(text(&result["message"]["text"]).contains(text(&rule["helpUri"])), "{result}");
        assert_eq!(array(&result["locations"]).len(), 1);
        let path = uri(&result["locations"][0]["physicalLocation"]["artifactLocation"]).to_owned();
        prints.insert((path, text(&result["partialFingerprints"]["layerwise/v1"]).to_owned()));
        let related = result.get("relatedLocations").map(array).unwrap_or_default();
        related.iter().for_each(|place| assert!(number(&place["id"]) > 0 && place["message"]["text"].is_string()));
        for place in array(&result["locations"]).iter().chain(related) {
            let region = &place["physicalLocation"]["region"];
            let at = |line: &str, column: &str| (number(&region[line]), region.get(column).map(number));
            let (start, end) = (at("startLine", "startColumn"), at("endLine", "endColumn"));
            assert!(start.0 >= 1 && start.1 != Some(0) && (start < end || start.1.is_none()), "{region}");
            uri(&place["physicalLocation"]["artifactLocation"]);
        }
        for fix in result.get("fixes").map(array).unwrap_or_default() {
            text(&fix["description"]["text"]);
            for change in array(&fix["artifactChanges"]) {
                uri(&change["artifactLocation"]);
                assert!(!array(&change["replacements"]).is_empty());
                for replacement in array(&change["replacements"]) {
                    assert!(number(&replacement["deletedRegion"]["startColumn"]) >= 1);
                    assert!(replacement["insertedContent"]["text"].is_string());
                }
            }
        }
    }
    assert_eq!(prints.len(), results.len(), "two findings of a file have one fingerprint");
    results.len()
}

fn uri(artifact: &Value) -> &str {
    let uri = text(&artifact["uri"]);
    let is_legal = |b: u8| b.is_ascii_alphanumeric() || b"-._~/%".contains(&b);
    match uri.strip_prefix("file://") {
        Some(rest) => assert!(rest.starts_with('/') && rest.bytes().all(|b| is_legal(b) || b == b':'), "{uri}"),
        None => {
            assert_eq!(artifact["uriBaseId"], "%SRCROOT%");
            assert!(!uri.starts_with('/') && uri.bytes().all(is_legal), "{uri}");
        }
    }
    uri
}

fn code_climate(issues: &[Value]) -> usize {
    let prints: HashSet<&str> = issues.iter().map(|issue| text(&issue["fingerprint"])).collect();
    assert_eq!(prints.len(), issues.len(), "fingerprints are unique");
    for issue in issues {
        ["description", "check_name"].iter().for_each(|key| assert!(!text(&issue[*key]).is_empty()));
        assert_eq!(issue["type"], "issue");
        one_of(&issue["severity"], &["info", "minor", "major", "critical", "blocker"]);
        // The specification has four more, which no rule is about.
        one_of(&issue["categories"][0], &["Bug Risk", "Performance", "Security", "Style"]);
        let lines = &issue["location"]["lines"];
        assert!(1 <= number(&lines["begin"]) && number(&lines["begin"]) <= number(&lines["end"]));
        assert!(!text(&issue["location"]["path"]).starts_with("./"));
    }
    issues.len()
}

fn codacy(row: &Value) {
    ["filename", "message", "patternId"].iter().for_each(|key| assert!(!text(&row[*key]).is_empty()));
    assert!(number(&row["line"]) >= 1);
}

fn sonarqube(report: &Value) -> usize {
    let rules = array(&report["rules"]);
    let ids: HashSet<&str> = rules.iter().map(|rule| text(&rule["id"])).collect();
    for rule in rules {
        ["name", "description"].iter().for_each(|key| assert!(!text(&rule[*key]).is_empty()));
        assert_eq!(rule["engineId"], "layerwise");
        const ATTRIBUTES: [&str; 6] = ["CONVENTIONAL", "CLEAR", "LOGICAL", "COMPLETE", "EFFICIENT", "TRUSTWORTHY"];
        one_of(&rule["cleanCodeAttribute"], &ATTRIBUTES);
        one_of(&rule["type"], &["BUG", "VULNERABILITY", "CODE_SMELL"]);
        one_of(&rule["severity"], &["CRITICAL", "MAJOR", "MINOR", "INFO"]);
        for impact in array(&rule["impacts"]) {
            one_of(&impact["softwareQuality"], &["SECURITY", "RELIABILITY", "MAINTAINABILITY"]);
            one_of(&impact["severity"], &["HIGH", "MEDIUM", "LOW"]);
        }
    }
    for issue in array(&report["issues"]) {
        assert!(ids.contains(text(&issue["ruleId"])));
        let others = issue.get("secondaryLocations").map(array).unwrap_or_default();
        for place in others.iter().chain([&issue["primaryLocation"]]) {
            assert!(place["message"].is_string() && place["filePath"].is_string());
            let range = &place["textRange"];
            let start = (number(&range["startLine"]), range.get("startColumn").map(number));
            let is_whole = start.1.is_none() && range.get("endLine").is_none();
            assert!(
                start.0 >= 1 && (is_whole || start < (number(&range["endLine"]), Some(number(&range["endColumn"]))))
            );
        }
    }
    array(&report["issues"]).len()
}

fn rdjson(report: &Value) -> usize {
    text(&report["source"]["name"]);
    for row in array(&report["diagnostics"]) {
        assert!(row["message"].is_string() && row["location"]["path"].is_string());
        one_of(&row["severity"], &["ERROR", "WARNING", "INFO"]);
        text(&row["code"]["url"]);
        assert!(number(&row["location"]["range"]["start"]["line"]) >= 1);
        for suggestion in row.get("suggestions").map(array).unwrap_or_default() {
            let range = &suggestion["range"];
            assert!(number(&range["start"]["line"]) <= number(&range["end"]["line"]));
            assert!(suggestion["text"].is_string());
        }
    }
    array(&report["diagnostics"]).len()
}

/// How many elements of the name there are in well-formed XML.
fn elements(xml: &str, name: &str) -> usize {
    let document = roxmltree::Document::parse(xml).unwrap_or_else(|error| panic!("{error}: {xml:?}"));
    document.descendants().filter(|node| node.has_tag_name(name)).count()
}

fn junit(xml: &str) -> usize {
    let document = roxmltree::Document::parse(xml).unwrap_or_else(|error| panic!("{error}: {xml:?}"));
    let mut names = HashSet::new();
    for suite in document.descendants().filter(|node| node.has_tag_name("testsuite")) {
        let cases: Vec<_> = suite.children().filter(|node| node.has_tag_name("testcase")).collect();
        assert_eq!(suite.attribute("tests"), Some(cases.len().to_string().as_str()));
        let failed = cases.iter().filter(|case| case.children().any(|node| node.has_tag_name("failure"))).count();
        assert_eq!(suite.attribute("failures"), Some(failed.to_string().as_str()));
        names.clear();
        assert!(cases.iter().all(|case| names.insert(case.attribute("name"))), "two tests have one name");
    }
    elements(xml, "failure")
}

/// As the runner reads it: properties up to the next `::`, split at commas and at `=`.
fn github(output: &str) -> usize {
    let mut count = 0;
    let mut in_group = false;
    for line in output.lines() {
        let line = line.strip_prefix("::").unwrap_or_else(|| panic!("no command: {line:?}"));
        let (head, message) = line.split_once("::").unwrap_or_else(|| panic!("no end: {line:?}"));
        let (command, properties) = head.split_once(' ').unwrap_or((head, ""));
        match command {
            "group" => in_group = true,
            "endgroup" => in_group = false,
            _ => {
                assert!(in_group && matches!(command, "error" | "warning" | "notice"), "{line:?}");
                let pairs: Vec<_> = properties.split(',').filter_map(|pair| pair.split_once('=')).collect();
                let keys: Vec<&str> = pairs.iter().map(|(key, _)| *key).collect();
                assert!(
                    matches!(
                        &keys[..],
                        ["title", "file", "line", "endLine"] | ["title", "file", "line", "endLine", "col", "endColumn"]
                    ),
                    "{line:?}"
                );
                assert!(message.contains("https://"), "{line:?}");
                count += 1;
            }
        }
    }
    assert!(!in_group);
    count
}

/// As the agent reads it: properties up to the next `]`, split at semicolons.
fn azure(output: &str) -> usize {
    for line in output.lines() {
        let line = line.strip_prefix("##vso[task.logissue ").unwrap_or_else(|| panic!("no command: {line:?}"));
        let (properties, message) = line.split_once(']').unwrap_or_else(|| panic!("no end: {line:?}"));
        let keys: Vec<&str> =
            properties.split_terminator(';').filter_map(|pair| Some(pair.split_once('=')?.0)).collect();
        assert_eq!(keys, ["type", "sourcepath", "linenumber", "columnnumber", "code"], "{line:?}");
        assert!(message.contains("https://"), "{line:?}");
    }
    output.lines().count()
}
