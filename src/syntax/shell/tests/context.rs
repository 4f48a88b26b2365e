//! What walking a script says about each command.

use super::super::Context;
use super::valid;

/// The name of each simple command, with a letter for each thing that is known about it.
fn contexts(text: &str) -> String {
    let mut all = Vec::new();
    valid(text).walk(|_, simple, context: Context| {
        let mut letters = simple.name(text).unwrap_or_default().into_owned();
        let flags = [
            (context.conditional, 'c'),
            (context.unchecked, 'u'),
            (context.piped, 'p'),
            (context.subshell, 's'),
            (context.substitution, '$'),
            (context.function, 'f'),
            (context.repeated, 'r'),
        ];
        letters.push(':');
        letters.extend(flags.iter().filter(|(set, _)| *set).map(|(_, letter)| letter));
        all.push(letters);
    });
    all.join(" ")
}

#[test]
fn a_chain_runs_all_or_fails() {
    assert_eq!(contexts("A && B && C"), "A: B: C:");
    assert_eq!(contexts("A && B; C"), "A:u B:cu C:");
    assert_eq!(contexts("A || B"), "A:u B:c");
    assert_eq!(contexts("A && B || C && D"), "A:u B:cu C:c D:");
    assert_eq!(contexts("A && B &"), "A:us B:cus");
    assert_eq!(contexts("{ A && B; } && (C)"), "A: B: C:s");
}

#[test]
fn pipes_and_substitutions_are_shells_of_their_own() {
    assert_eq!(contexts("A | B"), "A:ups B:ps");
    assert_eq!(contexts("A $(B) \"`C`\""), "A: B:us$ C:us$");
    assert_eq!(contexts("! A"), "A:u");
    assert_eq!(contexts("A ${x:-$(B)}"), "A: B:cus$");
}

#[test]
fn bodies_may_not_run() {
    assert_eq!(contexts("if A; then B; else C; fi"), "A:u B:c C:c");
    assert_eq!(contexts("while A; do B; done"), "A:ur B:cur");
    assert_eq!(contexts("for x in a; do B; done"), "B:cur");
    assert_eq!(contexts("case x in a) B;; esac"), "B:c");
    assert_eq!(contexts("f() { A; }; f"), "A:cuf f:");
}
