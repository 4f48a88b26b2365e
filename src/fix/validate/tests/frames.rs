//! Around the steps: errors, directives, comments, stages.

use super::super::{Unproven, validate_comments, validate_safe, validate_unsafe};
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
    no("FROM a\nRUN [\"b\", \"c\"]\n", "FROM a\nRUN [\"b\" -y, \"c\"]\n");
    no("FROM a\nONBUILD RUN [\"b\", \"c\"]\n", "FROM a\nONBUILD RUN [\"b\" -y, \"c\"]\n");
    ok("FROM a\nRUN [\"b\" -y, \"c\"]\n", "FROM a\nRUN [\"b\" -y, \"c\", \"d\"]\n");
    ok("FROM a\nRUN [\"b\"]\n", "FROM a\nRUN b\n");
    assert!(validate_safe("FROM a\n", "FROM a:1\n").is_err());
}

#[test]
fn rewrites_of_our_own_comments_touch_nothing_else() {
    let text = "# syntax=a/b:1\nFROM x\n# layerwise ignore=A # why\n# hadolint ignore=B\nRUN a && \\\n# c\n  b\nCOPY <<E /\nt\nE\n";
    let with = |from: &str, to: &str| {
        let new = text.replace(from, to);
        assert_ne!(new, text, "{from}");
        validate_comments(text, &new)
    };
    assert_eq!(with("# layerwise ignore=A # why\n", ""), Ok(()));
    assert_eq!(with("=A", "=A,B"), Ok(()));
    assert_eq!(with("# c\n", "# c\n# layerwise ignore=A\n"), Ok(()));
    assert!(matches!(with("# hadolint ignore=B\n", ""), Err(Unproven::CommentLost { line: 4, .. })));
    assert!(matches!(with("# c\n", "# c\n# d\n"), Err(Unproven::CommentAdded { line: 7, .. })));
    assert!(matches!(with("# syntax", "# layerwise global ignore=A\n# syntax"), Err(Unproven::Directive { .. })));
    assert!(matches!(with("  b\n", "  bb\n"), Err(Unproven::Dropped { line: 5, .. })));
    assert!(matches!(with("t\nE", "t\n# layerwise ignore=A\nE"), Err(Unproven::Dropped { line: 8, .. })));
    assert!(matches!(with("E\n", "E\nRUN c\n"), Err(Unproven::Added { .. })));
}
