//! Each construct and its spans.

use super::super::*;
use super::valid;
use crate::source::Span;

/// The only command of `text`.
fn command(text: &str) -> Command {
    let mut script = valid(text);
    assert_eq!(script.lists.len(), 1, "{text}");
    script.lists.remove(0).first.commands.remove(0)
}

fn simple(text: &str) -> SimpleCommand {
    match command(text).kind {
        CommandKind::Simple(simple) => simple,
        other => panic!("{other:?}"),
    }
}

/// The parts of the second word of `text`, each as the name of its kind and its bytes.
fn parts(text: &str) -> Vec<(&'static str, String)> {
    simple(text).words[1].parts.iter().map(|part| (kind(part), part.span().of(text).to_string())).collect()
}

fn kind(part: &WordPart) -> &'static str {
    match part {
        WordPart::Literal(_) => "literal",
        WordPart::Escaped(_) => "escaped",
        WordPart::SingleQuoted(_) => "single",
        WordPart::DoubleQuoted { .. } => "double",
        WordPart::AnsiCQuoted(_) => "ansi",
        WordPart::Parameter { .. } => "parameter",
        WordPart::Command { .. } => "command",
        WordPart::Arithmetic(_) => "arithmetic",
        WordPart::ProcessSubstitution { .. } => "process",
        WordPart::Glob(_) => "glob",
        WordPart::BraceExpansion(_) => "brace",
        WordPart::Tilde(_) => "tilde",
        WordPart::Array { .. } => "array",
    }
}

#[track_caller]
fn has_parts(text: &str, expected: &[(&'static str, &str)]) {
    let expected: Vec<_> = expected.iter().map(|&(kind, text)| (kind, text.to_string())).collect();
    assert_eq!(parts(text), expected, "{text}");
}

/// The names of all simple commands.
fn names(text: &str) -> Vec<String> {
    let mut names = Vec::new();
    valid(text).walk(|_, simple, _| names.push(simple.name(text).unwrap_or_default().into_owned()));
    names
}

#[test]
fn lists_and_pipelines_have_operators_with_spans() {
    let text = "a && ! b |& c || d & e; # done";
    let script = valid(text);
    let list = &script.lists[0];
    assert!(list.background);
    assert_eq!(list.span.of(text), "a && ! b |& c || d");
    let operators: Vec<_> = list.rest.iter().map(|(op, _)| (op.kind, op.span.start)).collect();
    assert_eq!(operators, [(AndOrKind::And, 2), (AndOrKind::Or, 14)]);
    let pipeline = &list.rest[0].1;
    assert!(pipeline.negated);
    assert_eq!(pipeline.span.of(text), "! b |& c");
    assert_eq!(pipeline.pipes, [Pipe { span: Span::new(9, 11), stderr: true }]);
    assert_eq!(script.lists[1].span.of(text), "e");
    assert_eq!(script.comments[0].of(text), "# done");
}

#[test]
fn time_is_a_keyword_only_in_front_of_a_command() {
    assert_eq!(valid("time -p a").lists[0].first.timed, Some(Span::new(0, 7)));
    assert_eq!(valid("time -v a").lists[0].first.timed, None);
    assert_eq!(valid("time").lists[0].first.timed, None);
}

#[test]
fn words_split_into_parts() {
    has_parts("a b", &[("literal", "b")]);
    has_parts(
        "a b'c d'\"e $f\"\\ g",
        &[("literal", "b"), ("single", "'c d'"), ("double", "\"e $f\""), ("escaped", "\\ "), ("literal", "g")],
    );
    has_parts("a $'x\\'y'z", &[("ansi", "$'x\\'y'"), ("literal", "z")]);
    has_parts(
        "a x$y${z}$1$",
        &[("literal", "x"), ("parameter", "$y"), ("parameter", "${z}"), ("parameter", "$1"), ("literal", "$")],
    );
    has_parts("a $(b `c`)$((1+x))", &[("command", "$(b `c`)"), ("arithmetic", "$((1+x))")]);
    has_parts(
        "a /*.[ch]?[",
        &[("literal", "/"), ("glob", "*"), ("literal", "."), ("glob", "[ch]"), ("glob", "?"), ("literal", "[")],
    );
    has_parts("a [$x]", &[("glob", "["), ("parameter", "$x"), ("literal", "]")]);
    has_parts(
        "a x{b,c}{}{1..3}{$x,y}",
        &[
            ("literal", "x"),
            ("brace", "{b,c}"),
            ("literal", "{}"),
            ("brace", "{1..3}"),
            ("brace", "{"),
            ("parameter", "$x"),
            ("literal", ",y}"),
        ],
    );
    has_parts("a ~/x", &[("tilde", "~"), ("literal", "/x")]);
    has_parts("a ~root", &[("tilde", "~root")]);
    has_parts("a x~", &[("literal", "x~")]);
    has_parts("a <(b)", &[("process", "<(b)")]);
    has_parts("a b#c", &[("literal", "b#c")]);
    has_parts("a b\\\nc", &[("literal", "b"), ("escaped", "\\\n"), ("literal", "c")]);
    has_parts("a é\\é", &[("literal", "é"), ("escaped", "\\é")]);
}

#[test]
fn extended_patterns_need_the_option() {
    let text = "shopt -s extglob; rm !(a|b)";
    let script = valid(text);
    let CommandKind::Simple(rm) = &script.lists[1].first.commands[0].kind else { panic!() };
    assert_eq!(rm.words[1].parts[..], [WordPart::Glob(Span::new(21, 27))]);
}

#[test]
fn parameters_have_operators_and_operands() {
    use ParameterOpKind::*;
    for (text, expected, operand, replacement) in [
        ("a ${x:-b c}", Default, "b c", ""),
        ("a ${x=}", Assign, "", ""),
        ("a \"${x:?it's $y}\"", Error, "it's $y", ""),
        ("a ${x:+'}'}", Alternative, "'}'", ""),
        ("a ${x##*/}", RemovePrefix, "*/", ""),
        ("a ${x%.*}", RemoveSuffix, ".*", ""),
        ("a ${x//a/b/c}", Replace, "a", "b/c"),
        ("a ${x:1:2}", Substring, "1:2", ""),
        ("a ${x^^}", CaseChange, "", ""),
        ("a ${x@Q}", Transform, "Q", ""),
        ("a ${#x}", Length, "", ""),
        ("a ${!x}", Indirect, "", ""),
        ("a ${x[@]}", Subscript, "", ""),
    ] {
        let word = simple(text).words.remove(1);
        let parts = match &word.parts[0] {
            WordPart::DoubleQuoted { parts, .. } => &parts[..],
            _ => &word.parts[..],
        };
        let [WordPart::Parameter { name, braced: true, op: Some(op), .. }] = parts else { panic!("{text}") };
        assert_eq!((name.of(text), op.kind), ("x", expected), "{text}");
        let value = |word: &Option<Word>| word.as_ref().map_or("", |word| word.span.of(text)).to_string();
        assert_eq!((value(&op.operand), value(&op.replacement)), (operand.into(), replacement.into()), "{text}");
    }
    has_parts(
        "a $#$?${#}${##}",
        &[("parameter", "$#"), ("parameter", "$?"), ("parameter", "${#}"), ("parameter", "${##}")],
    );
}

#[test]
fn literals_lose_their_quotes() {
    for (text, value) in [
        ("a b'c'\"d\\\"e\\n\"\\ f", Some("bcd\"e\\n f")),
        ("a ''", Some("")),
        ("a $'x\\ty'", Some("x\ty")),
        ("a b\\\nc", Some("bc")),
        ("a $x", None),
        ("a *", None),
        ("a ~", None),
        ("a {b,c}", None),
        ("a '*'", Some("*")),
    ] {
        assert_eq!(simple(text).words[1].literal(text).as_deref(), value, "{text}");
    }
    assert!(simple("a b*").words[1].has_glob());
    assert!(!simple("a 'b*'").words[1].has_glob());
}

#[test]
fn parameters_are_found_at_any_depth() {
    let text = "a x$b\"${c:-$d}\"$(e $f | g \"$((h + 0xff))\")`echo \\$i`";
    let names: Vec<_> = simple(text).words[1].parameters().map(|name| name.of(text)).collect();
    assert_eq!(names, ["b", "c", "d", "f", "h", "i"]);
}

#[test]
fn assignments_stand_before_the_name() {
    let text = "A=1 B+=$C D= E=(x \"y z\") F[1]=~/a:~/b make G=2";
    let simple = simple(text);
    let assignments: Vec<_> = simple
        .assignments
        .iter()
        .map(|a| (a.name.of(text), a.append, a.value.as_ref().map(|v| v.span.of(text))))
        .collect();
    assert_eq!(
        assignments,
        [
            ("A", false, Some("1")),
            ("B", true, Some("$C")),
            ("D", false, None),
            ("E", false, Some("(x \"y z\")")),
            ("F", false, Some("~/a:~/b")),
        ]
    );
    let tildes = simple.assignments[4].value.as_ref().unwrap().parts.iter().filter(|p| kind(p) == "tilde").count();
    assert_eq!(tildes, 2);
    assert_eq!(simple.assignments[4].subscript.unwrap().of(text), "1");
    assert_eq!(simple.name(text).unwrap(), "make");
    assert_eq!(simple.words[1].literal(text).unwrap(), "G=2");
}

#[test]
fn declarations_take_arrays() {
    has_parts("declare A=(x y)", &[("literal", "A="), ("array", "(x y)")]);
}

#[test]
fn redirections_have_a_descriptor_and_a_target() {
    let text = "a >b 2>&1 <<<c &>>d {fd}<e 2>| f <&- x2>g";
    let command = command(text);
    let redirects: Vec<_> = command
        .redirects
        .iter()
        .map(|r| (r.span.of(text), r.fd.map(|fd| fd.of(text)), r.op, r.target.span.of(text)))
        .collect();
    assert_eq!(
        redirects,
        [
            (">b", None, RedirectOp::Output, "b"),
            ("2>&1", Some("2"), RedirectOp::DuplicateOutput, "1"),
            ("<<<c", None, RedirectOp::HereString, "c"),
            ("&>>d", None, RedirectOp::AppendBoth, "d"),
            ("{fd}<e", Some("{fd}"), RedirectOp::Input, "e"),
            ("2>| f", Some("2"), RedirectOp::Clobber, "f"),
            ("<&-", None, RedirectOp::DuplicateInput, "-"),
            (">g", None, RedirectOp::Output, "g"),
        ]
    );
    assert_eq!(command.span, Span::from(0..text.len()));
}

#[test]
fn heredocs_follow_their_line() {
    let text = "cat <<A <<-'B' > f && c\n$x `d`\nA\n\t$y\n\tB\ne";
    let script = valid(text);
    let redirects = &script.lists[0].first.commands[0].redirects;
    let first = redirects[0].heredoc.as_ref().unwrap();
    assert_eq!((first.body.of(text), first.terminator.unwrap().of(text), first.quoted), ("$x `d`\n", "A", false));
    let second = redirects[1].heredoc.as_ref().unwrap();
    assert_eq!((second.body.of(text), second.terminator.unwrap().of(text), second.quoted), ("\t$y\n", "\tB", true));
    assert_eq!(redirects[2].span.of(text), "> f");
    assert_eq!(names(text), ["cat", "d", "c", "e"]);
    assert_eq!(names("if a <<E; then\n'\nE\nb; fi"), ["a", "b"]);
    assert_eq!(names("x=$(cat <<E\n)\nE\n); b"), ["", "cat", "b"]);
    assert_eq!(names("a <<A $(b <<B\n`c`\nB\n)\n`d`\nA\ne"), ["a", "b", "c", "d", "e"]);
    assert_eq!(names("a <<A \"$(b <<B\n`c`\nB\n)\"\n`d`\nA\ne <<A\n`f`\nA"), ["a", "b", "c", "d", "e", "f"]);
}

#[test]
fn compound_commands_hold_lists() {
    assert_eq!(names("if a; then b; elif c; then d; else e; fi >f"), ["a", "b", "c", "d", "e"]);
    assert_eq!(names("while a; do b; done; until c\ndo d\ndone"), ["a", "b", "c", "d"]);
    assert_eq!(names("for x in $(a) b; do c; done; for y; do d; done; for ((;;)) { e; }"), ["a", "c", "d", "e"]);
    assert_eq!(names("case $(a) in b|c) d;; (e) f;& *) ;; esac; g"), ["a", "d", "f", "g"]);
    assert_eq!(names("f() { a; }; function g { b; }; function h() ( c )"), ["a", "b", "c"]);
    assert_eq!(names("((a) | b); { c; } 2>&1 | d"), ["a", "b", "c", "d"]);
    assert_eq!(names("echo if then fi; ! [ -d x ]"), ["echo", "["]);
    assert!(matches!(command("((x += (1)))").kind, CommandKind::Arithmetic(a) if a.span.len() == 12));
    assert_eq!(names("{ if a; then b; fi }; (c) && d"), ["a", "b", "c", "d"]);
}

#[test]
fn case_items_have_patterns_and_a_terminator() {
    let text = "case $x in (a|b*) c ;; esac";
    let CommandKind::Case(case) = command(text).kind else { panic!() };
    assert_eq!(case.subject.span.of(text), "$x");
    let item = &case.items[0];
    assert_eq!(item.span.of(text), "(a|b*) c ;;");
    assert_eq!(item.patterns.iter().map(|p| p.span.of(text)).collect::<Vec<_>>(), ["a", "b*"]);
    assert_eq!(item.terminator.unwrap().of(text), ";;");
}

#[test]
fn tests_are_lists_of_words() {
    let text = "[[ ! ( $a == @(x|y) || -f b ) && c =~ ^(d|e f)+$ && g < h ]]";
    let CommandKind::Test(words) = command(text).kind else { panic!() };
    let words: Vec<_> = words.iter().map(|word| word.span.of(text)).collect();
    assert_eq!(
        words,
        ["!", "(", "$a", "==", "@(x|y)", "||", "-f", "b", ")", "&&", "c", "=~", "^(d|e f)+$", "&&", "g", "<", "h"]
    );
}

#[test]
fn backquotes_are_read_twice() {
    assert_eq!(names("echo `a \\`b\\``"), ["echo", "a", "b"]);
    let text = "echo \"`dirname \\\"$x y\\\"`\"";
    assert_eq!(names(text), ["echo", "dirname"]);
    let mut last = 0;
    valid(text).walk(|_, simple, _| last = simple.words.len());
    assert_eq!(last, 2);
}
