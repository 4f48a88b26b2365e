//! Variables and their values.

use super::{message, other, other_stage, same, same_stage};

#[test]
fn merged_variables_must_not_read_each_other() {
    for value in ["$A", "${A}", "${A:-x}", "${A+x}", "\"$A\"", "x${Z:-${A}}", "${Z:-$A}", "${A#x}", "${Z#$A}"] {
        other_stage(&[(&format!("ENV A=1\nENV B={value}"), &format!("ENV A=1 B={value}"))]);
    }
    for value in ["'$A'", "\\$A", "$C", "${C:-x}"] {
        same_stage(&[(&format!("ENV A=1\nENV B={value}"), &format!("ENV A=1 B={value}"))]);
    }
    same_stage(&[
        ("ENV A=1\nENV B=$A", "ENV A=1\nENV B=1"),
        ("ENV A=1\nENV B=${A:-x}${A:+y}", "ENV A=1\nENV B=1y"),
        ("ENV A=\nENV B=${A:-x}${A-y}", "ENV A=\nENV B=x"),
        ("ENV P=/x:$P\nENV Q=1", "ENV P=/x:$P Q=1"),
    ]);
    other_stage(&[
        ("ENV A=1\nENV A=2", "ENV A=2 A=1"),
        ("ENV A=1 A=2", "ENV A=1"),
        ("ENV B=$A\nENV A=1", "ENV A=1\nENV B=$A"),
        ("ENV P=/x:$P\nENV P=/y:$P", "ENV P=/x:$P P=/y:$P"),
        ("ENV A=1", "ENV A="),
        ("ENV A=", ""),
        ("ENV \"A\"=1\nENV B=$A", "ENV \"A\"=1 B=$A"),
    ]);
}

#[test]
fn the_spelling_of_a_value_does_not_count() {
    same_stage(&[
        ("ENV A=b", "ENV A=\"b\""),
        ("LABEL A=b", "LABEL \"A\"='b'"),
        ("ENV a b c", "ENV a=\"b c\""),
        ("ENV a b c", "ENV a=b\\ c"),
        ("ENV A=\"\"", "ENV A="),
        ("LABEL a b c", "LABEL a=\"b c\""),
        ("ENV A=$B", "ENV A=\"${B}\""),
        ("ARG A=1\nRUN x", "ARG A='1'\nRUN x"),
    ]);
    other_stage(&[("ENV A=$B", "ENV A='$B'"), ("ENV a b \"c\"", "ENV a=\"b \\\"c\\\"\"")]);
}

#[test]
fn commands_see_every_variable() {
    other_stage(&[
        ("RUN x\nENV A=1", "ENV A=1\nRUN x"),
        ("RUN x\nARG A", "ARG A\nRUN x"),
        ("RUN x\nARG A=1", "ARG A=1\nRUN x"),
        ("ARG A=1\nRUN x", "ARG A=2\nRUN x"),
        ("ARG A\nRUN x", "RUN x"),
        ("ENV A=1\nARG A=2\nRUN x", "ARG A=2\nENV A=1\nRUN x"),
        ("ARG A=1\nARG A=2\nRUN x", "ARG A=2\nARG A=1\nRUN x"),
        ("ENV A=1\nRUN x\nENV A=2", "ENV A=2\nRUN x"),
    ]);
    same_stage(&[("ARG A=1\nENV B=2\nRUN x", "ENV B=2\nARG A=1\nRUN x")]);
    other_stage(&[("ARG A=1\nENV B=$A", "ENV B=$A\nARG A=1"), ("ARG A=1\nENV B=$A", "ENV B=1")]);
}

#[test]
fn files_see_the_variables_in_their_words() {
    other_stage(&[
        ("COPY a /$A\nENV A=1", "ENV A=1\nCOPY a /$A"),
        ("COPY $A /b\nARG A=1", "ARG A=1\nCOPY $A /b"),
        ("COPY --chown=$A a /b\nENV A=1", "ENV A=1\nCOPY --chown=$A a /b"),
        ("WORKDIR /$A\nENV A=1", "ENV A=1\nWORKDIR /$A"),
        ("USER $A\nENV A=1", "ENV A=1\nUSER $A"),
        ("COPY <<E /b\n'$A'\nE\nENV A=1", "ENV A=1\nCOPY <<E /b\n'$A'\nE"),
        ("VOLUME /$A\nENV A=1", "ENV A=1\nVOLUME /$A"),
    ]);
    same_stage(&[
        ("COPY a /b\nENV A=1", "ENV A=1\nCOPY a /b"),
        ("ENV A=1\nCOPY a /$A", "ENV A=1\nCOPY a /1"),
        ("COPY <<'E' /b\n$A\nE\nENV A=1", "ENV A=1\nCOPY <<'E' /b\n$A\nE"),
        ("COPY a /b\nARG A", "ARG A\nCOPY a /b"),
    ]);
}

#[test]
fn global_arguments_are_symbols() {
    let file = |stage: &str| format!("ARG V=1\nFROM a\n{stage}\n");
    other(&[
        (&file("ARG V\nENV A=$V"), &file("ARG V\nENV A=1")),
        (&file("ARG V\nENV A=$V"), &file("ENV A=$V")),
        (&file("ARG V\nRUN x"), &file("ARG V=1\nRUN x")),
        ("ARG V=1\nFROM a\n", "ARG V=2\nFROM a\n"),
        ("ARG V=1\nARG W=$V\nFROM a:$W\n", "ARG W=$V\nARG V=1\nFROM a:$W\n"),
        ("ARG V=1\nFROM a\n", "FROM a\n"),
    ]);
    same(&[(&file("ARG V\nENV A=$V"), &file("ARG V\nENV A=\"${V}\""))]);
}

#[test]
fn names_on_windows_have_no_case() {
    let file = |rest: &str| format!("# escape=`\nFROM a\n{rest}\n");
    other(&[(&file("ENV a=1\nENV b=$A"), &file("ENV a=1 b=$A"))]);
}

#[test]
fn values_that_grow_without_end_are_refused() {
    let doubling = "ENV A=$A$A\n".repeat(60);
    let before = format!("FROM a\nENV A=x\n{doubling}ENV B=1\nENV C=2\n");
    let after = format!("FROM a\nENV A=x\n{doubling}ENV B=1 C=2\n");
    assert!(message(&before, &after).contains("grow too long"));
    let open = before.replace("ENV A=x\n", "").replace("$A$A", "${A:-$A}");
    assert!(message(&open, &open.replace("B=1", "B=2")).contains("grow too long"));
}

#[test]
fn variables_of_one_arg_may_or_may_not_see_each_other() {
    other_stage(&[("ARG A=1\nARG B=$A\nRUN x", "ARG A=1 B=$A\nRUN x"), ("ARG A=1 B=$A\nRUN x", "ARG B=$A A=1\nRUN x")]);
    same_stage(&[("ARG A=1\nARG B=2\nRUN x", "ARG A=1 B=2\nRUN x")]);
}
