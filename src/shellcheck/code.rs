//! ShellCheck's codes as words that live as long as the program.

use std::collections::BTreeSet;
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
        assert_eq!(code(1091), "SC1091");
        assert!(std::ptr::eq(code(1091), code(1091)));
    }
}
