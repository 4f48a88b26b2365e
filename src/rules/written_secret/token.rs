//! Keys and tokens that show what they are by how they start.
//!
//! Source: what the issuers write of the form of their tokens; the form of a PEM block is that of RFC 7468.

use memchr::{memchr_iter, memmem};
use std::ops::Range;

/// How a kind of token looks.
struct Form {
    prefix: &'static str,
    kind: &'static str,
    /// What may follow the prefix besides letters and digits.
    signs: &'static str,
    /// How many characters follow it, at least and at most.
    length: (usize, usize),
}

const ANY: usize = usize::MAX;

const fn form(prefix: &'static str, kind: &'static str, signs: &'static str, length: (usize, usize)) -> Form {
    Form { prefix, kind, signs, length }
}

const FORMS: [Form; 20] = [
    form("AKIA", AWS, "", (16, 16)),
    form("ASIA", AWS, "", (16, 16)),
    form("ghp_", GITHUB, "", (36, ANY)),
    form("gho_", GITHUB, "", (36, ANY)),
    form("ghu_", GITHUB, "", (36, ANY)),
    form("ghs_", GITHUB, "", (36, ANY)),
    form("ghr_", GITHUB, "", (36, ANY)),
    form("github_pat_", GITHUB, "_", (60, ANY)),
    form("glpat-", "a token of GitLab", "-_", (20, ANY)),
    form("xoxb-", SLACK, "-", (20, ANY)),
    form("xoxp-", SLACK, "-", (20, ANY)),
    form("xoxa-", SLACK, "-", (20, ANY)),
    form("xoxr-", SLACK, "-", (20, ANY)),
    form("sk_live_", "a key of Stripe", "", (20, ANY)),
    form("rk_live_", "a key of Stripe", "", (20, ANY)),
    form("npm_", "a token of npm", "", (36, 36)),
    form("pypi-AgEI", "a token of PyPI", "-_", (50, ANY)),
    form("dckr_pat_", "a token of Docker Hub", "-_", (20, ANY)),
    form("AIza", "an API key of Google", "-_", (35, 35)),
    form("hf_", "a token of Hugging Face", "", (34, 34)),
];

const AWS: &str = "an access key of AWS";
const GITHUB: &str = "a token of GitHub";
const SLACK: &str = "a token of Slack";

/// The tokens and private keys in `text`: where they stand, and what they are.
pub(super) fn tokens(text: &str) -> Vec<(Range<usize>, &'static str)> {
    let mut found = Vec::new();
    for (start, word) in long_words(text) {
        // A token is no part of a longer name.
        for at in std::iter::once(0).chain(memchr_iter(b'-', word.as_bytes()).map(|at| at + 1)) {
            // Most words are told by one letter.
            if !matches!(word.as_bytes().get(at), Some(b'A' | b'd' | b'g' | b'h' | b'n' | b'p' | b'r' | b's' | b'x')) {
                continue;
            }
            for form in FORMS.iter().filter(|form| word[at..].starts_with(form.prefix)) {
                let body = &word[at + form.prefix.len()..];
                let is_body = |c: char| c.is_ascii_alphanumeric() || form.signs.contains(c);
                let body = &body[..body.find(|c| !is_body(c)).unwrap_or(body.len())];
                let fits = (form.length.0..=form.length.1).contains(&body.len());
                let is_aws_key = form.kind != AWS || !body.bytes().any(|b| b.is_ascii_lowercase());
                if fits && is_drawn(body) && is_aws_key {
                    let at = start + at;
                    found.push((at..at + form.prefix.len() + body.len(), form.kind));
                }
            }
        }
    }
    found.extend(private_keys(text).map(|range| (range, "a private key")));
    found
}

/// The runs of characters that tokens consist of, as far as they are long enough to be one: most files have none.
/// Between two signs that are this far from each other, one look from behind tells that there is none.
fn long_words(text: &str) -> impl Iterator<Item = (usize, &str)> {
    const SHORTEST: usize = 20;
    let is_sign = |b: &u8| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-');
    let bytes = text.as_bytes();
    let mut from = 0;
    std::iter::from_fn(move || {
        while let Some(window) = bytes.get(from..from + SHORTEST) {
            if let Some(other) = window.iter().rposition(|b| !is_sign(b)) {
                from += other + 1;
                continue;
            }
            let rest = bytes[from..].iter().position(|b| !is_sign(b));
            let word = from..rest.map_or(bytes.len(), |len| from + len);
            from = word.end;
            return Some((word.start, &text[word]));
        }
        None
    })
}

/// Whether the letters look drawn by chance: a placeholder has few different ones, and the examples of
/// manuals say that they are.
fn is_drawn(body: &str) -> bool {
    let mut seen: Vec<char> = body.chars().collect();
    seen.sort_unstable();
    seen.dedup();
    let lower = body.to_ascii_lowercase();
    seen.len() >= 8 && !["example", "xxxx", "your", "123456789", "abcdefgh"].iter().any(|p| lower.contains(p))
}

/// Where the first lines of PEM blocks stand that a key follows.
fn private_keys(text: &str) -> impl Iterator<Item = Range<usize>> + '_ {
    const BEGIN: &str = "-----BEGIN ";
    const END: &str = "PRIVATE KEY-----";
    const BREAK: [char; 7] = [' ', '\t', '\r', '\n', '\\', '"', '\''];
    memmem::find_iter(text.as_bytes(), BEGIN).filter_map(move |at| {
        let rest = &text[at..];
        let end = rest.find(END).filter(|&end| !rest[BEGIN.len()..end].contains('-'))? + END.len();
        // Line breaks of the file, of `echo` and of continuations.
        let mut body = &rest[end..];
        while let Some(next) = body.strip_prefix("\\n").or_else(|| body.strip_prefix(BREAK)) {
            body = next;
        }
        let key = body.bytes().take_while(|b| b.is_ascii_alphanumeric() || b"+/=".contains(b)).count();
        (key >= 24 && is_drawn(&body[..key])).then_some(at..at + end)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_token_is_shorter_than_the_words_that_are_looked_at() {
        assert!(FORMS.iter().all(|form| form.prefix.len() + form.length.0 >= 20));
        assert!(FORMS.iter().all(|form| form.prefix.starts_with(['A', 'd', 'g', 'h', 'n', 'p', 'r', 's', 'x'])));
    }

    /// Letters that look drawn, put together here so that no scanner takes this file for one with secrets.
    fn drawn(len: usize) -> String {
        "k3Jq9ZtW7bLx2VfR8mNc".chars().cycle().take(len).collect()
    }

    #[test]
    fn long_words_are_whole() {
        let [long, longer] = [20, 45].map(|len| "a-B_9".repeat(len / 5));
        let text = format!("{long} {} \u{e9}{longer}\u{e9}{long}", "x".repeat(19));
        let found: Vec<&str> = long_words(&text).map(|(at, word)| &text[at..at + word.len()]).collect();
        assert_eq!(found, [&long, &longer, &long]);
        assert_eq!(long_words("").count() + long_words(&long[1..]).count(), 0);
    }

    #[test]
    fn tokens_are_known_by_their_form() {
        for (prefix, len, kind) in [
            ("ghp_", 36, GITHUB),
            ("glpat-", 20, "a token of GitLab"),
            ("xoxb-", 40, SLACK),
            ("npm_", 36, "a token of npm"),
            ("AIza", 35, "an API key of Google"),
        ] {
            let text = format!("curl -H \"X: {prefix}{}\" x", drawn(len));
            assert_eq!(tokens(&text), [(12..12 + prefix.len() + len, kind)], "{prefix}");
        }
        let aws = format!("AKIA{}", drawn(16).to_uppercase());
        assert_eq!(tokens(&aws), [(0..20, AWS)]);
    }

    #[test]
    fn what_only_starts_like_one_is_none() {
        for text in [
            format!("npm_{}", drawn(35)),
            format!("npm_config_{}", drawn(36)),
            format!("xghp_{}", drawn(36)),
            format!("ghp_{}", "x".repeat(36)),
            format!("ghp_$TOKEN{}", drawn(36)),
            format!("AKIA{}", drawn(16)),
            "AKIAIOSFODNN7EXAMPLE".to_owned(),
            "glpat-your-token-goes-here-now".to_owned(),
        ] {
            assert_eq!(tokens(&text), [], "{text}");
        }
    }

    #[test]
    fn a_private_key_is_more_than_its_first_line() {
        let begin = format!("-----BEGIN {} PRIVATE KEY-----", "RSA");
        for between in ["\n", "\\n", "\\n\\\n", " "] {
            let text = format!("echo \"{begin}{between}{}\"", drawn(64));
            assert_eq!(tokens(&text), [(6..6 + begin.len(), "a private key")], "{between:?}");
        }
        for text in
            [format!("grep -q \"{begin}\" key.pem"), format!("echo \"{begin}\\n$KEY\""), "-----BEGIN X-----".to_owned()]
        {
            assert_eq!(tokens(&text), [], "{text}");
        }
    }
}
