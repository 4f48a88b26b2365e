//! Whether a script in the words of a command does nothing but print.

/// Whether a script for awk neither runs a command nor opens a file (POSIX awk: `system`, pipes,
/// redirections and `getline`; gawk adds `@load` and `@include`).
pub(super) fn of_awk(script: &str) -> bool {
    !script.contains(['|', '>', '<', '@'])
        && ["system", "getline", "ARGV", "ARGC", "ENVIRON"].iter().all(|name| !script.contains(name))
}

/// Whether a script for sed neither runs a command nor opens a file (GNU sed 4.9: the commands `r`, `R`,
/// `w`, `W` and `e`, and the flags `w` and `e` of `s`). A text that looks like one of them counts as one.
pub(super) fn of_sed(script: &str) -> bool {
    let bytes = script.as_bytes();
    !bytes.iter().enumerate().any(|(at, &byte)| {
        // Other flags may stand between the end of `s///` and its `w` or `e`.
        let flags = bytes[..at].iter().rev().take_while(|b| b.is_ascii_digit() || b"gpiImMe".contains(b)).count();
        let behind_sign = |at: usize| at == 0 || !bytes[at - 1].is_ascii_alphanumeric();
        let next = bytes.get(at + 1);
        match byte {
            b'r' | b'R' | b'w' | b'W' => {
                // Behind a number of a line, the name may follow at once.
                let is_addressed = at > 0 && (bytes[at - 1].is_ascii_digit() || bytes[at - 1] == b'$');
                (behind_sign(at) || behind_sign(at - flags))
                    && next.is_some_and(|n| is_addressed || n.is_ascii_whitespace() || b"/.~".contains(n))
            }
            b'e' => {
                let end = next.is_none_or(|n| n.is_ascii_whitespace() || b";}gpiImM".contains(n) || n.is_ascii_digit());
                (behind_sign(at) || behind_sign(at - flags)) && end
            }
            _ => false,
        }
    })
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

    #[test]
    fn sed_scripts_that_only_change_text() {
        for script in
            ["s/a/b/", "s/a/b/g", "s|/usr/lib|/opt|g", "/^#/d", "$ a include x", "s/^#\\(en_US\\)/\\1/", "1,3p"]
        {
            assert!(of_sed(script), "{script}");
        }
        for script in [
            "s/a/b/w out",
            "s/a/b/gw out",
            "s/a/b/e",
            "s/a/b/ge",
            "w out",
            "/x/r /app/f",
            "1e",
            "e ls",
            "1rnotes.txt",
            "$rnotes.txt",
            "$!{w/x\n}",
        ] {
            assert!(!of_sed(script), "{script}");
        }
    }
}
