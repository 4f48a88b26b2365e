//! The options that a shell runs with, from SHELL and `set`.

use super::argument::Argument;

/// Whether `shell`, the words of SHELL, reads commands of a POSIX shell.
pub(super) fn is_posix(shell: &[String]) -> bool {
    let program = shell.first().map(String::as_str).unwrap_or_default();
    let name = program.strip_prefix("/usr").unwrap_or(program);
    matches!(name.strip_prefix("/bin/").unwrap_or(name), "sh" | "bash" | "ash" | "dash")
}

/// Whether it reads no files besides, as it does with `-l` and `-i`.
pub(in crate::model) fn is_plain_shell(shell: &[String]) -> bool {
    let is_letters = |o: &str| o.strip_prefix('-').is_some_and(|l| l.bytes().all(|b| b"ceuxo".contains(&b)));
    let is_word = |o: &str| matches!(o, "pipefail" | "errexit" | "nounset" | "xtrace" | "--norc" | "--noprofile");
    is_posix(shell) && shell.iter().skip(1).all(|option| is_word(option) || is_letters(option))
}

/// Whether SHELL says that the first mistake ends a script.
pub(super) fn is_strict(shell: &[String]) -> bool {
    let has_letter = |o: &String| o.strip_prefix('-').is_some_and(|l| !l.starts_with('-') && l.contains('e'));
    shell.iter().any(|option| option == "errexit" || has_letter(option))
}

/// Whether `set -e` is in force behind `set words`. What is not known may switch it off.
pub(super) fn sets_strict(words: &[Argument<'_>], before: bool) -> bool {
    let mut is_strict = before;
    let mut rest = words.iter();
    while let Some(word) = rest.next() {
        if !word.complete {
            return false;
        }
        let Some((sign @ ("-" | "+"), letters)) = word.text.split_at_checked(1) else { break };
        if letters == "-" {
            break;
        }
        // `-euo pipefail`
        let named = letters.contains('o') && rest.next().is_some_and(|name| name.text == "errexit");
        if letters.contains('e') || named {
            is_strict = sign == "-";
        }
    }
    is_strict
}
