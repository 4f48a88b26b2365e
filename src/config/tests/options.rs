//! The options of rules.

use super::*;

#[test]
fn the_options_of_a_rule_are_read() {
    let text = "rules:\n  DL3008:\n    strict: true\n    trusted: [a, 'b c']\n    schema: {z: one, y: two}\n";
    let config = read(text).unwrap();
    let pair = |a: &str, b: &str| (a.to_owned(), b.to_owned());
    let words = vec!["a".to_owned(), "b c".to_owned()];
    let options = vec![
        ("strict", OptionValue::Flag(true)),
        ("trusted", OptionValue::Words(words)),
        ("schema", OptionValue::Map(vec![pair("z", "one"), pair("y", "two")])),
    ];
    assert_eq!(config.rules[0].options, options);
    assert_eq!(config.rules[0].level, None);
    assert_eq!(read("rules: {DL3008: {strict: , trusted: ~}}").unwrap().rules[0].options, Vec::new());
}

#[test]
fn an_option_with_a_wrong_value_is_shown() {
    assert_snapshot!(report("rules:\n  DL3008:\n    strict: sometimes\n    trusted: a\n    schema: {z: [a]}\n"), @r#"
      × `strict` takes `true` or `false`, found text
       ╭─[.layerwise.yaml:3:13]
     2 │   DL3008:
     3 │     strict: sometimes
       ·             ────┬────
       ·                 ╰── expected `true` or `false`
     4 │     trusted: a
       ╰────
      help: write `strict: true`

    Error: 
      × `trusted` takes a list of words, found text
       ╭─[.layerwise.yaml:4:14]
     3 │     strict: sometimes
     4 │     trusted: a
       ·              ┬
       ·              ╰── expected a list of words
     5 │     schema: {z: [a]}
       ╰────
      help: write `trusted: [one, two]`

    Error: 
      × `schema` takes text here, found a list
       ╭─[.layerwise.yaml:5:17]
     4 │     trusted: a
     5 │     schema: {z: [a]}
       ·                 ──┬─
       ·                   ╰── expected text here
       ╰────
      help: put it in quotes if it is meant as text
    "#);
    assert_snapshot!(report("rules:\n  DL3008: {trustd: [a]}\n  DL3009: {trusted: [a]}\n"), @r#"
      × unknown key `trustd`
       ╭─[.layerwise.yaml:2:12]
     1 │ rules:
     2 │   DL3008: {trustd: [a]}
       ·            ───┬──
       ·               ╰── this key has no meaning here
     3 │   DL3009: {trusted: [a]}
       ╰────
      help: did you mean `trusted`?

    Error: 
      × unknown key `trusted`
       ╭─[.layerwise.yaml:3:12]
     2 │   DL3008: {trustd: [a]}
     3 │   DL3009: {trusted: [a]}
       ·            ───┬───
       ·               ╰── this key has no meaning here
       ╰────
      help: use `severity`
    "#);
}
