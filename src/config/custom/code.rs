//! The codes of custom rules, as words that live as long as the program.

use std::collections::BTreeSet;
use std::sync::{Mutex, PoisonError};

/// The starts of codes that have a meaning already.
const TAKEN: [&str; 5] = ["DL", "SC", "LW", "CKV", "ALL"];
const LONGEST: usize = 32;

/// Whether `word` may be the code of a custom rule: capitals first, digits last, and no code of a known linter.
pub fn is_custom_code(word: &str) -> bool {
    word.len() <= LONGEST
        && word.starts_with(|c: char| c.is_ascii_uppercase())
        && word.ends_with(|c: char| c.is_ascii_digit())
        && word.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit() || matches!(b, b'-' | b'_'))
        && !TAKEN.iter().any(|taken| word.starts_with(taken))
}

/// `word`, a code or the start of codes, kept for as long as the program runs. A configuration may declare only so many
/// rules, and each code is kept once.
pub fn keep_code(word: &str) -> &'static str {
    static WORDS: Mutex<BTreeSet<&'static str>> = Mutex::new(BTreeSet::new());
    let mut words = WORDS.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(known) = words.get(word) {
        return known;
    }
    let new: &'static str = Box::leak(word.to_owned().into_boxed_str());
    words.insert(new);
    new
}
