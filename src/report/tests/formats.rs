//! What each format looks like for programs and services.

use super::parsed::{array, count, json};
use super::*;

/// A file in a folder with a blank, with a finding of each severity; one of them on several lines, one of ShellCheck.
fn files() -> Vec<FileReport> {
    let of = |part, severity, code, message: &str| Diagnostic { code, ..finding(TEXT, part, severity, message) };
    let findings = vec![
        of("FROM a", Severity::Style, "DL3006", "the image `a` has no tag"),
        full(),
        of("RUN apt-get update \\\n && apt-get install -y b", Severity::Info, "SC2086", "Double quote"),
        of("CMD [\"x\"]", Severity::Error, "LW009", "this is 100 %, wrong: a"),
    ];
    let clean = FileReport { path: "clean/Dockerfile".into(), text: TEXT.into(), findings: vec![] };
    vec![FileReport { path: "./my app/Dockerfile".into(), text: TEXT.into(), findings }, clean]
}

fn of(format: Format) -> String {
    let out = print(format, &files(), false);
    assert_eq!(count(format, &out), 4, "{out}");
    out
}

#[test]
fn every_format_takes_a_run_without_findings() {
    for format in Format::ALL {
        for files in [vec![], vec![file(TEXT, vec![])]] {
            assert_eq!(count(format, &print(format, &files, false)), 0, "{}", format.name());
        }
    }
}

#[test]
fn every_format_has_the_link_of_shellchecks_codes() {
    for format in Format::ALL {
        let mut files = files();
        files[0].findings[2].help = Some("see https://www.shellcheck.net/wiki/SC2086".into());
        let out = print(format, &files, false);
        assert!(out.contains("https://www.shellcheck.net/wiki/SC2086"), "{}: {out}", format.name());
    }
}

#[test]
fn names_are_unique_and_read_back() {
    for format in Format::ALL {
        assert_eq!(Format::from_name(format.name()), Some(format));
    }
    assert_eq!(Format::from_name("xml"), None);
}

#[test]
fn jsonl_has_the_lines_of_json() {
    let array = of(Format::Json);
    let lines: Vec<&str> = array.lines().map(|line| line.trim_end_matches(',')).collect();
    assert_eq!(of(Format::JsonLines).lines().collect::<Vec<_>>(), lines[1..lines.len() - 1]);
}

#[test]
fn sarif_points_at_the_place_and_carries_the_fix() {
    let log = json(&of(Format::Sarif));
    let result = &log["runs"][0]["results"][1];
    let expected = serde_json::json!({
        "physicalLocation": {
            "artifactLocation": { "uri": "my%20app/Dockerfile", "uriBaseId": "%SRCROOT%" },
            "region": { "startLine": 2, "startColumn": 1, "endLine": 2, "endColumn": 9 },
        }
    });
    assert_eq!(result["locations"][0], expected);
    assert_eq!(result["relatedLocations"][0]["message"]["text"], "runs again each time");
    let replacements = &result["fixes"][0]["artifactChanges"][0]["replacements"];
    let inserted = serde_json::json!({ "startLine": 2, "startColumn": 1, "endLine": 2, "endColumn": 1 });
    assert_eq!(replacements[0]["deletedRegion"], inserted);
    assert_eq!(replacements[0]["insertedContent"]["text"], "RUN x\n");
    assert_eq!(log["runs"][0]["results"][2]["locations"][0]["physicalLocation"]["region"]["endLine"], 4);
}

#[test]
fn sarif_counts_code_points() {
    let text = "FROM a\nRUN \u{1f600} x\n";
    let at = print(Format::Sarif, &[file(text, vec![finding(text, "x", Severity::Info, "m")])], false);
    let region = json(&at)["runs"][0]["results"][0]["locations"][0]["physicalLocation"]["region"].clone();
    assert_eq!((region["startColumn"].as_u64(), region["endColumn"].as_u64()), (Some(7), Some(8)));
}

#[test]
fn a_fix_with_a_hole_is_not_offered_to_be_applied() {
    let fix = Fix::new("add the tag you want", Applicability::Display, vec![Edit::insert(6, ":TAG")]);
    let finding = Diagnostic { fix: Some(fix), ..finding(TEXT, "FROM a", Severity::Info, "no tag") };
    for (format, key) in [(Format::Sarif, "\"fixes\""), (Format::RdJson, "\"suggestions\"")] {
        let out = print(format, &[file(TEXT, vec![finding.clone()])], false);
        assert!(!out.contains(key) && print(format, &[file(TEXT, vec![full()])], false).contains(key), "{out}");
    }
}

#[test]
fn github_has_the_worst_first_in_groups() {
    assert_snapshot!(of(Format::GitHub), @r##"
    ::group::1 error
    ::error title=layerwise LW009,file=my app/Dockerfile,line=5,endLine=5,col=1,endColumn=10::my app/Dockerfile:5:1: error[LW009]: this is 100 %25, wrong: a%0Asee https://github.com/layerwise/layerwise/blob/main/rules/LW009.md
    ::endgroup::
    ::group::1 warning
    ::warning title=layerwise LW101,file=my app/Dockerfile,line=2,endLine=2,col=1,endColumn=9::my app/Dockerfile:2:1: warning[LW101]: COPY comes before RUN%0Aabout 40 s a rebuild%0Ahelp: put COPY below RUN%0A`--fix` does it: move COPY below line 4%0Asee https://github.com/layerwise/layerwise/blob/main/rules/LW101.md
    ::endgroup::
    ::group::1 info finding
    ::notice title=layerwise SC2086,file=my app/Dockerfile,line=3,endLine=4::my app/Dockerfile:3:1: info[SC2086]: Double quote%0Asee https://www.shellcheck.net/wiki/SC2086
    ::endgroup::
    ::group::1 style finding
    ::notice title=layerwise DL3006,file=my app/Dockerfile,line=1,endLine=1,col=1,endColumn=7::my app/Dockerfile:1:1: style[DL3006]: the image `a` has no tag%0Asee https://github.com/layerwise/layerwise/blob/main/rules/DL3006.md
    ::endgroup::
    "##);
}

#[test]
fn github_says_when_it_will_not_show_all() {
    let many = |count| {
        let findings = vec![finding(TEXT, "COPY", Severity::Warning, "m"); count];
        print(Format::GitHub, &[file(TEXT, findings)], false)
    };
    assert!(many(10).starts_with("::group::10 warnings\n"));
    assert!(many(11).starts_with("::group::11 warnings (GitHub shows the first 10 beside the code)\n"));
}

#[test]
fn azure_has_the_worst_first() {
    assert_snapshot!(of(Format::Azure), @r##"
    ##vso[task.logissue type=error;sourcepath=my app/Dockerfile;linenumber=5;columnnumber=1;code=LW009;]error: this is 100 %AZP25, wrong: a (https://github.com/layerwise/layerwise/blob/main/rules/LW009.md)
    ##vso[task.logissue type=warning;sourcepath=my app/Dockerfile;linenumber=2;columnnumber=1;code=LW101;]warning: COPY comes before RUN (https://github.com/layerwise/layerwise/blob/main/rules/LW101.md)
    ##vso[task.logissue type=warning;sourcepath=my app/Dockerfile;linenumber=3;columnnumber=1;code=SC2086;]info: Double quote (https://www.shellcheck.net/wiki/SC2086)
    ##vso[task.logissue type=warning;sourcepath=my app/Dockerfile;linenumber=1;columnnumber=1;code=DL3006;]style: the image `a` has no tag (https://github.com/layerwise/layerwise/blob/main/rules/DL3006.md)
    "##);
}

#[test]
fn checkstyle_is_what_build_servers_read() {
    assert_snapshot!(of(Format::Checkstyle), @r##"
    <?xml version="1.0" encoding="UTF-8"?>
    <checkstyle version="4.3">
      <file name="./my app/Dockerfile">
        <error line="1" column="1" severity="info" message="the image `a` has no tag (https://github.com/layerwise/layerwise/blob/main/rules/DL3006.md)" source="DL3006"/>
        <error line="2" column="1" severity="warning" message="COPY comes before RUN (https://github.com/layerwise/layerwise/blob/main/rules/LW101.md)" source="LW101"/>
        <error line="3" column="1" severity="info" message="Double quote (https://www.shellcheck.net/wiki/SC2086)" source="SC2086"/>
        <error line="5" column="1" severity="error" message="this is 100 %, wrong: a (https://github.com/layerwise/layerwise/blob/main/rules/LW009.md)" source="LW009"/>
      </file>
    </checkstyle>
    "##);
}

#[test]
fn junit_has_a_test_for_each_finding_and_one_for_a_clean_file() {
    assert_snapshot!(of(Format::JUnit), @r##"
    <?xml version="1.0" encoding="UTF-8"?>
    <testsuites name="layerwise" tests="5" failures="4" errors="0">
      <testsuite name="./my app/Dockerfile" tests="4" failures="4" errors="0" skipped="0">
        <testcase name="DL3006: the image `a` has no tag" classname="./my app/Dockerfile" file="./my app/Dockerfile" line="1">
          <failure type="style" message="the image `a` has no tag">./my app/Dockerfile:1:1
    see https://github.com/layerwise/layerwise/blob/main/rules/DL3006.md</failure>
        </testcase>
        <testcase name="LW101: COPY comes before RUN" classname="./my app/Dockerfile" file="./my app/Dockerfile" line="2">
          <failure type="warning" message="COPY comes before RUN">./my app/Dockerfile:2:1
    about 40 s a rebuild
    help: put COPY below RUN
    `--fix` does it: move COPY below line 4
    see https://github.com/layerwise/layerwise/blob/main/rules/LW101.md</failure>
        </testcase>
        <testcase name="SC2086: Double quote" classname="./my app/Dockerfile" file="./my app/Dockerfile" line="3">
          <failure type="info" message="Double quote">./my app/Dockerfile:3:1
    see https://www.shellcheck.net/wiki/SC2086</failure>
        </testcase>
        <testcase name="LW009: this is 100 %, wrong: a" classname="./my app/Dockerfile" file="./my app/Dockerfile" line="5">
          <failure type="error" message="this is 100 %, wrong: a">./my app/Dockerfile:5:1
    see https://github.com/layerwise/layerwise/blob/main/rules/LW009.md</failure>
        </testcase>
      </testsuite>
      <testsuite name="clean/Dockerfile" tests="1" failures="0" errors="0" skipped="0">
        <testcase name="no findings" classname="clean/Dockerfile" file="clean/Dockerfile"/>
      </testsuite>
    </testsuites>
    "##);
}

#[test]
fn gitlab_is_not_told_the_line_by_the_fingerprint() {
    let before = json(&of(Format::GitLab));
    let mut moved = files();
    let text = format!("# a new line\n{TEXT}");
    for finding in &mut moved[0].findings {
        let span = &mut finding.primary.span;
        *span = Span::new(span.start + 13, span.end + 13);
        finding.message.push_str(" (in other words)");
    }
    moved[0].text = text;
    let after = json(&print(Format::GitLab, &moved, false));
    for (a, b) in array(&before).iter().zip(array(&after)) {
        assert_eq!(a["fingerprint"], b["fingerprint"]);
        assert_ne!(a["location"]["lines"], b["location"]["lines"]);
        assert_eq!(a["location"]["path"], "my app/Dockerfile");
    }
}

#[test]
fn code_climate_knows_what_each_category_is_about() {
    for (code, wanted) in [
        ("LW105", "Performance"),
        ("LW201", "Performance"),
        ("LW405", "Security"),
        ("LW101", "Performance"),
        ("DL3000", "Bug Risk"),
    ] {
        let finding = Diagnostic { code, ..finding(TEXT, "FROM a", Severity::Info, "m") };
        let out = json(&print(Format::GitLab, &[file(TEXT, vec![finding])], false));
        assert_eq!(out[0]["categories"][0], wanted, "{code}");
    }
}

#[test]
fn sonarqube_counts_columns_from_zero_in_utf16() {
    let text = "FROM a\nRUN \u{1f600} x\r\n";
    let out = print(Format::SonarQube, &[file(text, vec![finding(text, "x\r\n", Severity::Info, "m")])], false);
    let range = &json(&out)["issues"][0]["primaryLocation"]["textRange"];
    assert_eq!(*range, serde_json::json!({ "startLine": 2, "endLine": 2, "startColumn": 7, "endColumn": 8 }));
}

#[test]
fn rdjson_suggests_whole_lines_and_counts_bytes() {
    let rows = json(&of(Format::RdJson));
    let suggestion = &rows["diagnostics"][1]["suggestions"][0];
    assert_eq!(suggestion["range"], serde_json::json!({ "start": { "line": 2 }, "end": { "line": 3 } }));
    assert_eq!(suggestion["text"], "RUN x\nCOPY . .\napt-get update \\");
    let text = "FROM a\nRUN é x\n";
    let out = print(Format::RdJson, &[file(text, vec![finding(text, "x", Severity::Info, "m")])], false);
    assert_eq!(json(&out)["diagnostics"][0]["location"]["range"]["start"]["column"], 8);
}

#[test]
fn statistics_count_by_rule() {
    let mut files = files();
    files[1].findings = vec![full(), Diagnostic { fix: None, ..full() }];
    let root = Root::default();
    let print = |format| {
        let mut out = Vec::new();
        write_statistics(format, &Run { files: &files, root: &root }, &mut out).expect("a vector takes everything");
        String::from_utf8(out).expect("UTF-8 output")
    };
    assert_snapshot!(print(Format::Short), @r##"
    findings  --fix  --unsafe-fixes  rule
           3      2               0  LW101 stable-metadata-below-sources
           1      0               0  DL3006 untagged-image
           1      0               0  LW009 wrong-json
           1      0               0  SC2086
    "##);
    let rows = json(&print(Format::Json));
    assert_eq!(rows[0]["code"], "LW101");
    assert_eq!((rows[0]["count"].as_u64(), rows[0]["safe_fixes"].as_u64()), (Some(3), Some(2)));
    assert_eq!(print(Format::JsonLines).lines().count(), array(&rows).len());
}
