//! What holds for the tree of any shell script: spans in order, inside their parents, on character boundaries; bounded depth.

#[path = "../fuzz/src/checks/shell.rs"]
mod shell;

use layerwise::source::Span;
use layerwise::syntax::shell::{Command, Context, Visitor, parse};
use proptest::prelude::*;
use shell::assert_spans;

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, ..ProptestConfig::default() })]

    #[test]
    fn any_text_has_a_tree(text in any::<String>()) {
        shell::check(&text);
    }

    #[test]
    fn any_range_has_a_tree(text in "\\PC{0,40}", start in 0u32..60, end in 0u32..60) {
        let script = parse(&text, Span { start, end });
        prop_assert!(text.get(script.span.range()).is_some());
    }

    #[test]
    fn any_tokens_have_a_tree(tokens in prop::collection::vec(prop::sample::select(TOKENS), 0..30), inner in 0usize..3) {
        let text = format!("{}{}{}", "é".repeat(inner), tokens.concat(), "é".repeat(inner));
        assert_spans(&text, Span::from(inner * 2..text.len() - inner * 2));
    }
}

const TOKENS: &[&str] = &[
    " ",
    " ",
    " ",
    "\n",
    "\n",
    ";",
    ";;",
    ";&",
    "&",
    "&&",
    "|",
    "||",
    "|&",
    "(",
    ")",
    "((",
    "))",
    "{ ",
    " }",
    "{",
    "}",
    "$",
    "$(",
    "$((",
    "${",
    "${x",
    ":-",
    "##",
    "//",
    "/",
    "$x",
    "$'",
    "$\"",
    "$[",
    "]",
    "[",
    "[[ ",
    " ]]",
    "\"",
    "'",
    "`",
    "\\",
    "\\`",
    "\\\"",
    "\\$",
    "\\\n",
    "<",
    ">",
    "<(",
    ">&",
    "&>",
    "<<E",
    "<<-E",
    "<<'E'",
    "<<<",
    "\nE\n",
    "E",
    "2",
    "#",
    " # ",
    "~",
    ":~",
    "a",
    "a=",
    "a+=",
    "=(",
    "a[1]=",
    "f()",
    "é",
    "*",
    "?",
    "@(",
    "extglob",
    ",",
    "..",
    "if ",
    " then ",
    " elif ",
    " else ",
    " fi",
    "while ",
    "until ",
    "for ",
    "for x in ",
    " do ",
    " done",
    "case x in ",
    " esac",
    "function ",
    "time ",
    "! ",
    "export ",
    "=~",
    "\r\n",
    "\t",
];

#[test]
fn ranges_outside_the_text_are_cut() {
    assert_eq!(parse("é", Span::new(1, 9)).span, Span::new(0, 2));
    assert_eq!(parse("ab", Span { start: 7, end: 1 }).span, Span::new(1, 1));
}

/// Counts commands of every kind.
struct Commands(usize);

impl<'s> Visitor<'s> for Commands {
    fn command(&mut self, _command: &'s Command, _context: Context) {
        self.0 += 1;
    }
}

#[test]
fn hostile_nesting_ends_with_an_error() {
    let nests = [
        "(",
        "((",
        "$(",
        "$((",
        "{ ",
        "\"$(",
        "`\"",
        "\"`",
        "${x:-",
        "\"${x:-",
        "if ",
        "while ",
        "until ",
        "case x in a) ",
        "for x in a; do ",
        "f() ",
        "f() { ",
        "a=(a=(",
        "<(",
        "((;",
        "$((;",
        "[[ $(",
        "x <<E$(",
        "${x[$(",
        "if a; then ",
        "function f ",
        "! ( ",
        "a && { ",
        "((a) ",
        "((a)b ",
        "$((a) ",
        "${a[",
        "${ \"",
    ];
    for nest in nests {
        let text = nest.repeat(100_000 / nest.len());
        let script = parse(&text, Span::from(0..text.len()));
        assert!(!script.errors.is_empty(), "{nest}");
        let mut commands = Commands(0);
        script.accept(&mut commands, Context::default());
        assert!(commands.0 <= text.len(), "{nest}");
    }
}

#[test]
fn what_is_too_deep_to_be_read_is_left_as_text() {
    for depth in 0..120 {
        for deepest in ["cat <<E\na $b\nE\n", "${A/}", "${A:-b c}", "a[b]=(c d)", "\"a $b\"", "$((a + b))", "`a`"] {
            shell::check(&format!("{}{deepest}", "(".repeat(depth)));
            shell::check(&format!("{}{deepest}", "\"$(".repeat(depth)));
        }
    }
}

#[test]
fn hostile_repetition_is_read_in_one_go() {
    let tokens = [
        "`",
        "\\`",
        "'",
        "\"",
        "[",
        "{",
        "{a,",
        "[a",
        "@(",
        "<<E ",
        "<<E\n",
        "a(",
        "a( ",
        "case x in ",
        ")",
        "} ",
        "fi ",
        ";",
        "&",
        "|",
        "! ",
        "a=",
        "time ",
        "# ",
        "$",
        "\\",
        "~",
        "a:~",
        "a=~:",
        "$[",
        "$[a",
        "<<'E'`",
        "f(",
        "[[ ",
        "2>",
        "{x}",
        "esac;",
        "a <<E;",
        "\"$(\"",
        "'$(' ",
        "((a)) ",
        "$((a)) ",
        "a\n",
        "a[",
        "a[1",
        "\"$(<<E)\n",
        "$(<<E)\n",
        "<<A $(<<B)\n",
        "(<<E)\n",
        "$(<<'E')\n$b",
        "`<<E`\n",
        "${a:-$(<<E)\n",
        "\"$(<<E)\nE\n",
    ];
    for token in tokens {
        let text = token.repeat(100_000 / token.len());
        let script = parse(&text, Span::from(0..text.len()));
        assert!(script.errors.len() <= 2 * text.len(), "{token}");
    }
}

#[test]
fn the_deepest_tree_fits_a_small_stack() {
    let parse = || {
        for nest in ["(", "\"$(", "if ", "{ ", "f() { ", "\"${x:-", "a=(a=(", "`\"", "case x in a) ", "x <<E$("] {
            let text = nest.repeat(1000);
            drop(parse(&text, Span::from(0..text.len())).clone());
        }
    };
    std::thread::Builder::new().stack_size(1 << 20).spawn(parse).unwrap().join().unwrap();
}
