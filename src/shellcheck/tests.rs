//! The way from a file to its scripts, and from recorded answers back.

use super::answer::{Answer, findings};
use super::script::{ShellScript, scripts};
use crate::diagnostic::{Applicability, Diagnostic, Severity};
use crate::fix::apply::apply;
use crate::model::Model;
use crate::syntax::parse;
use proptest::prelude::*;

fn scripts_of(text: &str) -> Vec<ShellScript> {
    let file = parse(text);
    scripts(&Model::new(&file))
}

fn texts(text: &str) -> Vec<String> {
    scripts_of(text).iter().map(|s| s.text.text().to_owned()).collect()
}

/// What an answer of one comment about the first script of `text` comes to.
fn said(text: &str, comment: &str) -> Vec<Diagnostic> {
    let answer: Answer = serde_json::from_str(&format!("{{\"comments\":[{comment}]}}")).unwrap();
    findings(&scripts_of(text)[0], &answer.comments, text)
}

#[test]
fn a_script_is_what_the_builder_gives_to_the_shell() {
    let text = "FROM debian\nRUN --mount=type=cache,target=/x a \\\n  # why\n\n  && b\r\nRUN [\"c\"]\nONBUILD RUN d\n";
    assert_eq!(texts(text), ["#!/bin/sh\na   && b\n", "#!/bin/sh\nd\n"]);
    let text = "FROM alpine\nSHELL [\"/bin/bash\", \"-euo\", \"pipefail\", \"-c\"]\nRUN a\nFROM alpine\nRUN b\n";
    assert_eq!(texts(text), ["#!/bin/bash -e\na\n", "#!/bin/busybox sh\nb\n"]);
}

#[test]
fn a_script_for_another_interpreter_is_not_read() {
    for text in [
        "FROM a\nRUN <<EOF\n#!/usr/bin/env python3\nprint(1)\nEOF\n",
        "FROM a\nSHELL [\"pwsh\", \"-Command\"]\nRUN Get-Item x\n",
        "FROM a\nSHELL [\"cmd\", \"/S\", \"/C\"]\nRUN dir\n",
        "FROM mcr.microsoft.com/windows/nanoserver\nRUN dir\n",
        "# escape=`\nFROM a\nRUN dir\n",
    ] {
        assert_eq!(texts(text), [""; 0], "{text}");
    }
    let bash = "FROM a\nSHELL [\"pwsh\"]\nRUN <<EOF\n#!/bin/bash\nls\nEOF\n";
    assert_eq!(texts(bash), ["#!/bin/bash\nls\n"]);
    let explicit = "# escape=`\nFROM a\nSHELL [\"bash\", \"-c\"]\nRUN a `\n && b\n";
    assert_eq!(texts(explicit), ["#!/bin/bash\na  && b\n"]);
}

#[test]
fn a_comment_tells_the_shell_of_the_image() {
    let text = "FROM alpine\n# hadolint shell=bash\nRUN a\nRUN <<EOF\n#!/bin/ksh\nb\nEOF\nONBUILD RUN c\n";
    assert_eq!(texts(text), ["#!/bin/bash\na\n", "#!/bin/ksh\nb\n", "#!/bin/bash\nc\n"]);
    let text =
        "FROM a\nSHELL [\"bash\", \"-c\"]\n# hadolint shell=powershell\nRUN a\nSHELL [\"bash\", \"-c\"]\nRUN b\n";
    assert_eq!(texts(text), ["#!/bin/bash\nb\n"]);
}

#[test]
fn heredocs_are_scripts_or_belong_to_one() {
    let text = "FROM a\nRUN <<-EOF\n\t# shellcheck disable=SC2086\n\tls $x\nEOF\n";
    assert_eq!(texts(text), ["#!/bin/sh\n# shellcheck disable=SC2086\nls $x\n"]);
    let text = "FROM a\nRUN cat <<EOF > /x\n$y\nEOF\n";
    assert_eq!(texts(text), ["#!/bin/sh\ncat <<EOF > /x\n$y\nEOF\n"]);
    let text = "FROM a\nONBUILD RUN <<EOF\nls\nEOF\n";
    assert_eq!(texts(text), ["#!/bin/sh\nls\n"]);
}

#[test]
fn what_is_set_is_declared_if_the_script_names_it() {
    let text = "ARG out=1\nFROM a AS b\nARG in=1 other\nENV e=2\nFROM b\nRUN echo $in $e $out $http_proxy\n";
    assert_eq!(texts(text), ["#!/bin/sh\nexport e=1 http_proxy=1 in=1\necho $in $e $out $http_proxy\n"]);
    let text = "FROM a\nRUN --mount=type=secret,id=x,env=token echo $token\n";
    assert_eq!(texts(text), ["#!/bin/sh\nexport token=\"$1\"\necho $token\n"]);
}

#[test]
fn what_the_build_is_given_may_be_several_words() {
    let declared = |text: &str| {
        let all = texts(text);
        let line = all.last().and_then(|script| script.lines().find(|l| l.starts_with("export")));
        line.map(|l| l.trim_start_matches("export ").to_owned()).unwrap_or_default()
    };
    for (text, expected) in [
        ("FROM a\nARG x\nRUN ls $x\n", "x=\"$1\""),
        ("ARG x\nFROM a\nARG x\nRUN ls $x\n", "x=\"$1\""),
        ("FROM a AS b\nARG x\nFROM b\nRUN ls $x\n", "x=\"$1\""),
        // The file tells its value, or the builder does.
        ("FROM a\nARG x=1\nRUN ls $x\n", "x=1"),
        ("ARG x=1\nFROM a\nARG x\nRUN ls $x\n", "x=1"),
        ("FROM a\nARG x\nENV x=1\nRUN ls $x\n", "x=1"),
        ("FROM a\nENV x=1\nARG x\nRUN ls $x\n", "x=1"),
        ("FROM a\nARG TARGETARCH HTTP_PROXY\nRUN ls $TARGETARCH $HTTP_PROXY\n", "HTTP_PROXY=1 TARGETARCH=1"),
    ] {
        assert_eq!(declared(text), expected, "{text}");
    }
}

#[test]
fn a_finding_stands_at_its_place_behind_a_continuation() {
    let text = "FROM a\nRUN echo é\t \\\n  # why\n\t&& ls $x\n";
    // As ShellCheck 0.11 says it of `echo é\t \t&& ls $x` below our first line.
    let comment = r#"{"file":"0","line":2,"endLine":2,"column":16,"endColumn":18,"level":"info","code":2086,"message":"Quote it.",
        "fix":{"replacements":[
          {"column":16,"endColumn":16,"endLine":2,"insertionPoint":"afterEnd","line":2,"precedence":3,"replacement":"\""},
          {"column":18,"endColumn":18,"endLine":2,"insertionPoint":"beforeStart","line":2,"precedence":3,"replacement":"\""}]}}"#;
    let found = said(text, comment);
    let [finding] = found.as_slice() else { panic!("{found:?}") };
    assert_eq!(finding.primary.span.of(text), "$x");
    assert_eq!((finding.code, finding.severity), ("SC2086", Severity::Info));
    assert_eq!(finding.help.as_deref(), Some("see https://www.shellcheck.net/wiki/SC2086"));
    let fix = finding.fix.as_ref().expect("it has a fix");
    assert_eq!((fix.applicability, fix.title.as_str()), (Applicability::Unsafe, "write `\"$x\"`"));
    assert_eq!(apply(text, &[fix]).unwrap().text, "FROM a\nRUN echo é\t \\\n  # why\n\t&& ls \"$x\"\n");
}

#[test]
fn a_fix_that_stands_in_two_lines_is_left_out_and_its_finding_is_not() {
    let text = "FROM a\nRUN echo `a \\\n b`\n";
    let whole = r#"{"file":"0","line":2,"endLine":2,"column":6,"endColumn":12,"level":"style","code":2006,"message":"m",
        "fix":{"replacements":[{"column":6,"endColumn":12,"endLine":2,"line":2,"replacement":"$(a b)"}]}}"#;
    let found = said(text, whole);
    assert_eq!(found[0].primary.span.of(text), "`a \\\n b`");
    assert_eq!(found[0].fix, None);
}

#[test]
fn what_is_missing_at_the_end_is_missing_behind_the_last_word() {
    let text = "FROM a\nRUN if true; then \\\n  ls\n";
    let comment = r#"{"file":"0","line":3,"endLine":3,"column":1,"endColumn":1,"level":"error","code":1072,"message":"m","fix":null}"#;
    let found = said(text, comment);
    assert_eq!(found[0].primary.span.start as usize, text.trim_end().len());
    // Our own first line is nobody's mistake.
    let ours = r#"{"file":"0","line":1,"endLine":1,"column":1,"endColumn":4,"level":"error","code":1008,"message":"m","fix":null}"#;
    assert_eq!(said(text, ours), []);
}

proptest! {
    /// Each character of a script that comes from the file is the one that stands at its place there.
    #[test]
    fn every_place_of_a_script_is_a_place_of_the_file(parts in prop::collection::vec(prop::sample::select(vec![
        "a", " ", "\t", "é", "😀", "$x", "\\\n", "\\\r\n", "\\\n# why\n", "\\\n\n", "`", "\\", "\"", "'", "&& ", "\nRUN ", "\nONBUILD RUN ",
        "\nRUN <<EOF\n\tls $é\nEOF\nRUN ", "\nRUN <<-E\n#!/bin/sh\r\n\t# é\n\n\t\tls\nE\nRUN ", "\nRUN cat <<A <<B\nx\r\nA\ny\nB\nRUN ",
    ]), 0..24), backtick in any::<bool>()) {
        let head = if backtick { "# escape=`\nFROM a\nSHELL [\"bash\"]\nRUN " } else { "FROM a\nRUN " };
        let parts = parts.concat();
        let text = [head, &if backtick { parts.replace('\\', "`") } else { parts }].concat();
        for script in scripts_of(&text) {
            let (whole, lines) = (script.text.text(), script.text.lines());
            let mut last = 0;
            for (at, c) in whole.char_indices() {
                let range = at as u32..(at + c.len_utf8()) as u32;
                let place = lines.position(whole, range.start);
                prop_assert_eq!(lines.offset(whole, place.line, place.column), Some(range.start));
                if let Some(span) = script.text.span(range) {
                    prop_assert!(span.start >= last, "places go backwards");
                    prop_assert_eq!(span.of(&text).chars().next(), Some(c));
                    last = span.end;
                }
            }
            prop_assert!(last > 0 || whole.lines().count() <= 2, "nothing of {:?} is mapped", whole);
        }
    }
}

#[cfg(unix)]
mod programs {
    use super::super::program::{Trouble, run};
    use super::super::work::AtWork;
    use std::os::unix::fs::PermissionsExt;
    use std::path::PathBuf;
    use std::time::{Duration, Instant};
    use tempfile::TempDir;

    fn program(folder: &TempDir, script: &str) -> PathBuf {
        let path = folder.path().join("shellcheck");
        std::fs::write(&path, format!("#!/bin/sh\n{script}\n")).unwrap();
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o755)).unwrap();
        path
    }

    fn trouble(script: &str, limit: Duration) -> Trouble {
        let folder = TempDir::new().unwrap();
        run(&program(&folder, script), &["#!/bin/sh\nls\n"], limit, &AtWork::default()).unwrap_err()
    }

    #[test]
    fn a_program_that_hangs_is_ended() {
        let start = Instant::now();
        let trouble = trouble("exec sleep 60", Duration::from_millis(200));
        assert!(matches!(trouble, Trouble::TooSlow(_)), "{trouble}");
        assert!(start.elapsed() < Duration::from_secs(30));
    }

    #[test]
    fn a_program_that_fails_or_rambles_is_not_believed() {
        let long = Duration::from_secs(30);
        let failed = trouble("echo 'out of luck' >&2; exit 3", long);
        assert_eq!(failed.to_string(), "it failed (exit code 3): out of luck");
        for script in ["echo hello", "true", "echo '{\"comments\":'", "kill -9 $$"] {
            let trouble = trouble(script, long);
            assert!(matches!(trouble, Trouble::Nonsense(_) | Trouble::Failed { .. }), "{script}: {trouble}");
        }
        let other = r#"echo '{"comments":[{"file":"7","line":1,"endLine":1,"column":1,"endColumn":1,"level":"info","code":1,"message":"","fix":null}]}'"#;
        assert!(matches!(trouble(other, long), Trouble::Nonsense(_)));
    }

    #[test]
    fn the_options_keep_the_repository_out() {
        let folder = TempDir::new().unwrap();
        let seen = folder.path().join("seen");
        let script = format!("{{ pwd; ls -A; echo \"$@\"; }} > '{}'; echo '{{\"comments\":[]}}'", seen.display());
        run(&program(&folder, &script), &["a", "b"], Duration::from_secs(30), &AtWork::default()).unwrap();
        let seen = std::fs::read_to_string(seen).unwrap();
        let lines: Vec<&str> = seen.lines().collect();
        assert_ne!(lines[0], std::env::current_dir().unwrap().to_string_lossy());
        assert!(
            lines[1].ends_with("-0") && lines[2].ends_with("-1"),
            "nothing but the scripts is in its folder: {seen}"
        );
        assert!(lines[3].starts_with("--norc --format=json1 ") && !lines[3].contains("-x"), "{seen}");
    }
}
