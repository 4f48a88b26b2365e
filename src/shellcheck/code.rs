//! ShellCheck's codes as words that live as long as the program.

use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::{Mutex, PoisonError};

/// How every code starts.
pub const PREFIX: &str = "SC";

/// The code with the number `number`.
pub(super) fn code(number: u16) -> &'static str {
    kept(format!("{PREFIX}{number:04}"))
}

/// `word` as a code of ShellCheck or the start of such codes, whatever its case: `SC2086`, `SC2`, `SC`. It need not be
/// one that a given version of the program reports.
pub fn selector(word: &str) -> Option<&'static str> {
    let digits = word.get(..PREFIX.len()).filter(|p| p.eq_ignore_ascii_case(PREFIX)).map(|p| &word[p.len()..])?;
    let is_number = digits.len() <= 4 && digits.bytes().all(|b| b.is_ascii_digit());
    // Mistakes of syntax, of meaning, and what other shells don't know.
    let is_series = digits.is_empty() || digits.starts_with(['1', '2', '3']);
    (is_number && is_series).then(|| kept(format!("{PREFIX}{digits}")))
}

/// Whether `code` is a whole code of ShellCheck.
pub fn is_code(code: &str) -> bool {
    code.len() == PREFIX.len() + 4 && selector(code).is_some()
}

/// Whether `word`, one of those behind `# shellcheck disable=`, stands for `code`: `SC2086`, `2086`, or `SC2000-SC2100`,
/// whose end is left out (measured: 0.9).
pub fn disables(word: &str, code: &str) -> bool {
    disabled(word).zip(number(code)).is_some_and(|(codes, number)| codes.contains(&number))
}

/// Whether `word` can stand behind `# shellcheck disable=`.
pub fn is_disable(word: &str) -> bool {
    disabled(word).is_some()
}

fn disabled(word: &str) -> Option<Range<u16>> {
    match word.split_once('-') {
        Some((first, end)) => Some(number(first)?..number(end)?),
        None => number(word).map(|number| number..number + 1),
    }
}

fn number(word: &str) -> Option<u16> {
    let digits = word.strip_prefix(PREFIX).unwrap_or(word);
    (digits.len() == 4).then(|| digits.parse().ok())?
}

/// The page of ShellCheck's wiki on `code`.
pub fn link(code: &str) -> String {
    format!("https://www.shellcheck.net/wiki/{code}")
}

/// `word`, kept for as long as the program runs. There are only so many codes.
fn kept(word: String) -> &'static str {
    static WORDS: Mutex<BTreeSet<&'static str>> = Mutex::new(BTreeSet::new());
    let mut words = WORDS.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(known) = words.get(word.as_str()) {
        return known;
    }
    let new: &'static str = Box::leak(word.into_boxed_str());
    words.insert(new);
    new
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_and_their_starts() {
        assert_eq!(selector("sc2086"), Some("SC2086"));
        assert_eq!(selector("SC"), Some("SC"));
        assert_eq!(selector("SC30"), Some("SC30"));
        for no in ["", "S", "SC20861", "SC4", "SC2x", "SCé", "XSC2086"] {
            assert_eq!(selector(no), None, "{no}");
        }
        assert!(is_code("SC1091") && !is_code("SC109"));
        for word in ["SC2086", "2086", "SC2086-SC2087", "SC2000-SC2100", "2000-2100"] {
            assert!(disables(word, "SC2086"), "{word}");
        }
        for word in ["SC2085", "SC2085-SC2086", "SC2087-SC2090", "SC2100-SC2000"] {
            assert!(is_disable(word) && !disables(word, "SC2086"), "{word}");
        }
        assert!(!is_disable("DL3000-DL4000") && !is_disable("sc2086") && !disables("SC2000-SC2100", "LW101"));
        assert_eq!(code(1091), "SC1091");
        assert!(std::ptr::eq(code(1091), code(1091)));
    }
}
