use super::*;

fn counted(text: &str) -> usize {
    openers(text.as_bytes()).count()
}

#[test]
fn brackets_that_may_stay_open_are_counted() {
    for (text, want) in [
        ("a: [[[", 3),
        ("[{? [", 3),
        ("a: [b, [c]", 1),
        ("{a: {b: 1}, c: [1, 2]}", 1),
        ("[[1], [2], [3]]", 1),
        ("[\n1\n]", 1),
        ("['a']", 1),
        // The quote is a part of the plain text before it, so the second one hides the end.
        (r#"[a "b, "c]"#, 1),
        (r#"["a]"]"#, 1),
        (r#"[",", "]"]"#, 1),
        ("[a # ]", 1),
        ("\u{85}[\u{a0}[", 2),
    ] {
        assert_eq!(counted(text), want, "{text}");
    }
}

#[test]
fn brackets_within_words_and_short_lists_are_free() {
    for text in ["", "${A} ${B:-x}", "a[0]", "[]", "{}", "[a, b]", r#"["CMD", "curl -f", x]"#, "{a: b, c: \"d\"}"] {
        assert_eq!(counted(text), 0, "{text}");
    }
}

#[test]
fn what_would_keep_the_parser_busy_is_refused() {
    let deep = |open: &str, n: usize| format!("services: {}", open.repeat(n));
    for open in ["[", "{", "{a: ", "[ ", "[\n", "[']',", "[\"]\",", "[#]\n"] {
        assert!(matches!(within_bounds(&deep(open, 20_000)), Err(Excess::Brackets(_))), "{open}");
        assert_eq!(within_bounds(&deep(open, 1_000)), Ok(()), "{open}");
    }
    assert_eq!(within_bounds(&deep("[", 20_000)), Err(Excess::Brackets(10 + 4_997)), "the first above the limit");
    let directives = |n| "%TAG !a! b\n".repeat(n) + "---\na: 1\n";
    assert_eq!(within_bounds(&directives(64)), Ok(()));
    assert_eq!(within_bounds(&directives(65)), Err(Excess::Directives(64 * 11)));
}

#[test]
fn what_aliases_stand_for_is_counted_each_time() {
    let many = |n: usize| format!("a: &a [{}]\nb: [{}]\n", "1,".repeat(500), "*a,".repeat(n));
    assert_eq!(within_bounds(&many(900)), Ok(()));
    assert_eq!(within_bounds(&many(1_100)), Err(Excess::Aliases));
    let merged = |n: usize| format!("a: &a {{{}}}\nb:\n{}", "k: 1, ".repeat(500), "- !t {<<: *a}\n".repeat(n));
    assert_eq!(within_bounds(&merged(400)), Ok(()));
    assert_eq!(within_bounds(&merged(600)), Err(Excess::Aliases));
    let long = |n: usize| format!("a: &a {}\nb: [{}]\n", "x".repeat(100_000), "*a,".repeat(n));
    assert_eq!(within_bounds(&long(80)), Ok(()));
    assert_eq!(within_bounds(&long(90)), Err(Excess::Aliases));
}

#[test]
fn what_people_write_is_within_bounds() {
    let service =
        "  web:\n    image: ${IMAGE:-x}\n    healthcheck: {test: [\"CMD\", \"curl -f\"]}\n    ports: [\"80:80\"]\n";
    assert_eq!(within_bounds(&format!("services:\n{}", service.repeat(50))), Ok(()));
    let plain = "  web:\n    image: ${IMAGE:-x}\n    command: [\"serve\", \"--all\"]\n    environment: {A: b}\n";
    let large = format!("services:\n{}", plain.repeat(10_000));
    assert!(large.len() as u64 > LARGEST / 2);
    assert_eq!(within_bounds(&large), Ok(()));
    let json = format!("{{\"services\": {{{}}}}}", "\"a\": {\"build\": {\"context\": \".\"}},\n".repeat(500));
    assert_eq!(within_bounds(&json), Ok(()));
}

/// How long the look and, within the bounds, the parsing take.
#[test]
#[ignore = "a measurement, not a check"]
fn measure() {
    let size = LARGEST as usize;
    for (name, part) in [("[", "["), ("list", "[1],"), ("dash", "- "), ("key", "? "), ("quote", "'a' ")] {
        let text = format!("a: {}", part.repeat(size / part.len()));
        let start = std::time::Instant::now();
        let bounds = within_bounds(&text);
        let looked = start.elapsed();
        let parsed = bounds.map(|()| serde_yaml::from_str::<serde_yaml::Value>(&text).is_ok());
        eprintln!("{name}: {parsed:?}, looked {looked:?}, all {:?}", start.elapsed());
    }
}
