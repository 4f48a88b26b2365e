//! The options that a shell runs with, from SHELL and `set`.

use super::run::Argument;

/// Whether `shell`, the words of SHELL, reads commands of a POSIX shell and no files besides, as it does with `-l` and `-i`.
pub(in crate::model) fn is_plain_shell(shell: &[String]) -> bool {
    let [program, options @ ..] = shell else { return false };
    let name = program.strip_prefix("/usr").unwrap_or(program);
    let is_letters =
        |option: &str| option.strip_prefix('-').is_some_and(|letters| letters.bytes().all(|b| b"ceuxo".contains(&b)));
    let is_known = |option: &String| {
        matches!(option.as_str(), "pipefail" | "errexit" | "nounset" | "xtrace" | "--norc" | "--noprofile")
            || is_letters(option)
    };
    matches!(name.strip_prefix("/bin/").unwrap_or(name), "sh" | "bash" | "ash" | "dash") && options.iter().all(is_known)
}

/// Whether SHELL says that the first mistake ends a script.
pub(super) fn is_strict(shell: &[String]) -> bool {
    let has_letter = |o: &String| o.strip_prefix('-').is_some_and(|l| !l.starts_with('-') && l.contains('e'));
    shell.iter().any(|option| option == "errexit" || has_letter(option))
}

/// Whether `set -e` is in force behind `set words`.
pub(super) fn sets_strict(words: &[Argument<'_>], before: bool) -> bool {
    let mut is_strict = before;
    for (at, word) in words.iter().enumerate() {
        let named = words.get(at + 1).is_some_and(|next| next.text == "errexit");
        match word.text.split_at_checked(1) {
            Some(("-", letters)) => is_strict |= letters.contains('e') || letters.ends_with('o') && named,
            Some(("+", letters)) => is_strict &= !(letters.contains('e') || letters.ends_with('o') && named),
            _ => {}
        }
    }
    is_strict
}
