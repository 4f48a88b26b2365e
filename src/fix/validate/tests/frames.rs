//! Around the steps: errors, directives, comments, stages.

use super::super::{validate_safe, validate_unsafe};
use super::{other, same};

#[test]
fn comments_and_directives_stay() {
    other(&[
        ("FROM a\n# x\nRUN b\n", "FROM a\nRUN b\n"),
        ("FROM a\n# x\n# x\n", "FROM a\n# x\n"),
        ("FROM a\nENV A=1 \\\n# x\n B=2\n", "FROM a\nENV A=1 B=2\n"),
        ("# escape=`\nFROM a\n", "FROM a\n"),
        ("# escape=`\nFROM a\n", "FROM a\n# escape=`\n"),
        ("# syntax=a\nFROM a\n", "# syntax=b\nFROM a\n"),
        ("# syntax=a\nFROM a\n", "FROM a\n# syntax=a\n"),
        ("# check=skip=all\nFROM a\n", "\n# check=skip=all\nFROM a\n"),
        ("FROM a\nRUN <<E\n# x\nE\n", "FROM a\n# x\nRUN <<E\nE\n"),
        ("FROM a\nLABEL b=1\n", "FROM a\n# LABEL b=1\n"),
    ]);
    same(&[
        ("FROM a\n# x\nRUN b\n", "  # x \nFROM a\n\n\nRUN b\n"),
        ("FROM a\nENV A=1\n# x\nENV B=2\n", "FROM a\nENV A=1 \\\n    # x\n    B=2\n"),
        ("# escape=`\n# syntax=a\nFROM a\nRUN b\n", "# syntax = a\n#escape=`\nfrom a\nRUN b"),
        ("FROM a\r\n# x\r\nRUN b \\\r\n c\r\n", "FROM a\n# x\nRUN b \\\n c\n"),
        ("\u{feff}FROM a\n", "FROM a\n"),
    ]);
}

#[test]
fn errors_and_stages_stay() {
    other(&[
        ("FROM a\n", "FROM a\nBOGUS\n"),
        ("FROM a\nRUN b\n", "FROM a\n"),
        ("FROM a\n", "FROM a\nFROM b\n"),
        ("FROM --platform=x a\n", "FROM a\n"),
        ("FROM a\nFROM b\n", "FROM b\nFROM a\n"),
        ("FROM a\nRUN b\nFROM c\nRUN d\n", "FROM a\nRUN d\nFROM c\nRUN b\n"),
        ("FROM $A\n", "FROM ${A}\n"),
        ("RUN a\nENV B=1\n", "ENV B=1\nRUN a\n"),
        ("FROM a\n", ""),
    ]);
    same(&[("", ""), ("RUN a\n\n", "RUN a\n")]);
}

#[test]
fn unsafe_fixes_keep_stages_and_comments() {
    let ok = |a, b| assert_eq!(validate_unsafe(a, b), Ok(()), "{a} {b}");
    let no = |a, b| assert_ne!(validate_unsafe(a, b), Ok(()), "{a} {b}");
    ok("FROM a\nRUN b\n", "FROM a:1\n# why\nRUN b -y\n");
    ok("FROM a AS b\n", "FROM a AS c\n");
    no("FROM a\n# c\nRUN b\n", "FROM a\nRUN b\n");
    no("FROM a AS b\n", "FROM a\n");
    no("FROM a\n", "FROM a\nFROM b\n");
    no("FROM a\nRUN b\n", "FROM a\nNUR b\n");
    assert!(validate_safe("FROM a\n", "FROM a:1\n").is_err());
}
