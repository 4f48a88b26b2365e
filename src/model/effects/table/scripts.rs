//! Whether a script in the words of a command does nothing but print.

/// Whether a script for awk neither runs a command nor opens a file (POSIX awk: `system`, pipes,
/// redirections and `getline`; gawk adds `@load` and `@include`).
pub(super) fn of_awk(script: &str) -> bool {
    !script.contains(['|', '>', '<', '@'])
        && ["system", "getline", "ARGV", "ARGC", "ENVIRON"].iter().all(|name| !script.contains(name))
}

/// Whether `name` is like those of the locales and character sets that glibc brings: `de_DE`, `UTF-8`.
pub(super) fn is_of_locale(name: &str) -> bool {
    let is_set = !name.is_empty() && name.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit() || b == b'-');
    let is_locale = name.split_once('_').is_some_and(|(language, rest)| {
        let country = rest.split(['@', '.']).next().unwrap_or_default();
        language.len() <= 3
            && language.bytes().all(|b| b.is_ascii_lowercase())
            && country.len() == 2
            && country.bytes().all(|b| b.is_ascii_uppercase())
    });
    is_set || is_locale || name == "utf8"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn awk_scripts_that_only_print() {
        for script in ["{print $2}", "NR==1 {print $1; exit}", "/a/ {n++} END {print n}"] {
            assert!(of_awk(script), "{script}");
        }
        for script in [
            "{print > \"/app/x\"}",
            "{system(\"rm x\")}",
            "{print | \"sh\"}",
            "{getline a}",
            "BEGIN{ARGV[1]=\"/x\"}",
            "BEGIN{print ENVIRON[\"PWD\"]}",
            "@load \"x\"",
        ] {
            assert!(!of_awk(script), "{script}");
        }
    }
}
