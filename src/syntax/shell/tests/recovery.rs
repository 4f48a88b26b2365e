//! Errors, and what is still read after them.

use super::super::ShellErrorKind::{self, *};
use super::script;
use crate::source::Span;

fn errors(text: &str) -> Vec<(&str, ShellErrorKind)> {
    script(text).errors.iter().map(|error| (error.span.of(text), error.kind)).collect()
}

fn names(text: &str) -> Vec<String> {
    let mut names = Vec::new();
    script(text).walk(|_, simple, _| names.extend(simple.name(text).map(|name| name.into_owned())));
    names
}

#[test]
fn each_mistake_is_one_error() {
    let cases: &[(&str, &[(&str, ShellErrorKind)])] = &[
        ("a && ", &[("&&", Empty)]),
        ("a | ; b", &[("|", Empty)]),
        ("a ; ; b", &[(";", Unexpected)]),
        ("&& a", &[("&&", Unexpected)]),
        ("a )", &[(")", Unexpected)]),
        ("fi", &[("fi", Unexpected)]),
        ("a ;; b", &[(";;", Unexpected)]),
        ("echo 'a", &[("'", Missing("'"))]),
        ("echo \"a", &[("\"", Missing("\""))]),
        ("echo $(a", &[("$(", Missing(")"))]),
        ("echo `a", &[("`", Missing("`"))]),
        ("echo ${a", &[("${", Missing("}"))]),
        ("echo ${a:-b", &[("${", Missing("}"))]),
        ("(a", &[("(", Missing(")"))]),
        ("{ a; ", &[("{", Missing("}"))]),
        ("if a; then b;", &[("if", Missing("fi"))]),
        ("if a; fi", &[("if", Missing("then"))]),
        ("while a; done", &[("while", Missing("do"))]),
        ("for x in a; do b", &[("for", Missing("done"))]),
        ("case x in a) b ;;", &[("case", Missing("esac"))]),
        ("[[ a", &[("[[", Missing("]]"))]),
        ("if ; then a; fi", &[(";", Unexpected)]),
        ("if a; then fi", &[("", Empty)]),
        ("()", &[("(", Empty)]),
        ("echo ${a.b}", &[("${a.b}", BadSubstitution)]),
        ("echo a (b) c; d", &[("(", Unexpected)]),
        ("cat <<E\na", &[("E", UnterminatedHeredoc)]),
        ("a >", &[(">", Missing("word"))]),
        ("f() ;", &[("f", Empty)]),
        ("rm !(a)", &[("(", Unexpected)]),
    ];
    for (text, expected) in cases {
        assert_eq!(errors(text), *expected, "{text}");
    }
}

#[test]
fn what_follows_a_mistake_is_read() {
    assert_eq!(names("a; ; b"), ["a", "b"]);
    assert_eq!(names("a (b) c; d"), ["a", "d"]);
    assert_eq!(names("(if a; then b) && c"), ["a", "b", "c"]);
    assert_eq!(names("if a; then for x in y; do b; fi; c"), ["a", "b", "c"]);
    assert_eq!(names("a ) b"), ["a", "b"]);
    assert_eq!(names("fi; a"), ["a"]);
    assert_eq!(names("echo $(a && ) && b"), ["echo", "a", "b"]);
}

#[test]
fn nesting_has_a_limit_and_one_error() {
    let text = "(".repeat(500);
    let errors = script(&text).errors;
    assert_eq!(errors.len(), 1);
    assert_eq!(errors[0].kind, TooDeep);
    assert_eq!(errors[0].span.len(), 1);
}

#[test]
fn only_the_range_is_read() {
    let text = "RUN a 'b\nRUN c";
    let script = super::super::parse(text, Span::new(4, 8));
    assert_eq!(script.errors[0].span, Span::new(6, 7));
    assert_eq!(script.lists[0].span, Span::new(4, 8));
}
