//! Passwords in URLs.

use memchr::memmem;
use std::ops::Range;

/// Schemes of what a build fetches. Those of databases hold the passwords of a test more often than not.
const SCHEMES: [&str; 7] = ["http", "https", "ftp", "ftps", "git+https", "ssh", "svn"];

/// Passwords that are there to be replaced, or that everybody knows.
const PLACEHOLDERS: [&str; 12] = [
    "password",
    "passwd",
    "pass",
    "pwd",
    "secret",
    "token",
    "changeme",
    "anonymous",
    "guest",
    "x-oauth-basic",
    "test",
    "example",
];

/// Where the passwords stand that are written out in the URLs of `text`.
pub(super) fn logins(text: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    const SEPARATOR: &str = "://";
    for at in memmem::find_iter(text.as_bytes(), SEPARATOR) {
        let before = &text[..at];
        let scheme = before.trim_end_matches(|c: char| c.is_ascii_alphanumeric() || c == '+').len();
        if !SCHEMES.contains(&&before[scheme..]) {
            continue;
        }
        let start = at + SEPARATOR.len();
        let rest = &text[start..];
        let end = rest.find(|c: char| c.is_whitespace() || "/\"'`?#<>(){}$\\".contains(c)).unwrap_or(rest.len());
        let Some((login, host)) = rest[..end].rsplit_once('@') else { continue };
        let Some((user, password)) = login.split_once(':') else { continue };
        if is_password(user, password) && host.contains('.') && !host.contains("example") {
            let from = start + user.len() + 1;
            found.push(from..from + password.len());
        }
    }
    found
}

/// Whether a password is one: not short, not the name again, not a word that stands for another.
fn is_password(user: &str, password: &str) -> bool {
    let lower = password.to_ascii_lowercase();
    let stands_for_another =
        PLACEHOLDERS.contains(&lower.as_str()) || lower.starts_with("your") || lower.contains("xxx");
    let masked = password.bytes().all(|b| b == b'*' || b == b'.' || b == b'_');
    password.len() >= 5 && password != user && !stands_for_another && !masked
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_between_a_colon_and_an_at_sign() {
        for text in
            ["git clone https://me:s3cr3t-word@git.company.com/r", "ADD ftp://a:b1c2d3@files.company.com:21/x /"]
        {
            let found: Vec<&str> = logins(text).into_iter().map(|range| &text[range]).collect();
            assert!(matches!(found.as_slice(), ["s3cr3t-word" | "b1c2d3"]), "{text}: {found:?}");
        }
    }

    #[test]
    fn what_is_no_password_or_no_secret_one() {
        for text in [
            "https://me:$TOKEN@git.company.com/r",
            "https://me:${TOKEN}@git.company.com/r",
            "https://me@git.company.com/r",
            "https://git.company.com:8443/a@b",
            "https://me:password@git.company.com/r",
            "https://me:s3cr3t-word@localhost/r",
            "https://me:s3cr3t-word@git.example.com/r",
            "postgresql://app:s3cr3t-word@db.company.com/app",
            "https://<user>:<token>@git.company.com/r",
            "https://me:*****@git.company.com",
        ] {
            assert!(logins(text).is_empty(), "{text}");
        }
    }
}
