//! A quick look at whether the text of a RUN has any of some words in it: most have none, and need not be read.

/// Whether `text` has a word that `starting` lists for its first byte.
pub(super) fn mentions(text: &str, starting: impl Fn(u8) -> &'static [&'static str]) -> bool {
    let bytes = text.as_bytes();
    let here = |(at, &first): (usize, &u8)| starting(first).iter().any(|word| bytes[at..].starts_with(word.as_bytes()));
    bytes.iter().enumerate().any(here)
}

/// The programs that install.
pub(super) fn installers(first: u8) -> &'static [&'static str] {
    match first {
        b'b' => &["bundle"],
        b'c' => &["cargo", "composer"],
        b'd' => &["dotnet"],
        b'g' => &["go ", "gradle"],
        b'm' => &["mvn", "mix"],
        b'n' => &["npm"],
        b'p' => &["pip", "poetry"],
        b'u' => &["uv"],
        b'y' => &["yarn"],
        _ => &[],
    }
}

/// The programs that bring files from elsewhere.
pub(super) fn fetchers(first: u8) -> &'static [&'static str] {
    match first {
        b'c' => &["clone", "curl"],
        b't' => &["tar "],
        b'u' => &["unzip"],
        b'w' => &["wget"],
        _ => &[],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_found_anywhere_and_whole() {
        for text in ["go mod download", "x && ./mvnw", "apt-get install python3-pip", "pnpm", "xuv"] {
            assert!(mentions(text, installers), "{text}");
        }
        for text in ["", "p", "gofmt", "cargs", "np", "make"] {
            assert!(!mentions(text, installers), "{text}");
        }
        assert!(mentions("git clone x", fetchers) && !mentions("targets", fetchers) && !mentions("cur", fetchers));
    }

    #[test]
    fn each_word_stands_under_its_first_byte() {
        for (first, word) in (0..=255).flat_map(|b| installers(b).iter().chain(fetchers(b)).map(move |w| (b, w))) {
            assert_eq!(word.as_bytes()[0], first, "{word}");
        }
    }
}
