//! What the value of a label looks like.

/// A format that the configuration can ask for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Format {
    Url,
    Time,
    License,
    Hash,
    Version,
    Email,
}

impl Format {
    /// The format called `name`; none for `text`, which is everything that is not empty.
    pub(super) fn named(name: &str) -> Option<Self> {
        Some(match name.to_ascii_lowercase().as_str() {
            "url" => Self::Url,
            "rfc3339" => Self::Time,
            "spdx" => Self::License,
            "hash" => Self::Hash,
            "semver" => Self::Version,
            "email" => Self::Email,
            _ => return None,
        })
    }

    /// The name that hadolint has for a value that does not fit.
    pub(super) fn code(self) -> &'static str {
        match self {
            Self::Url => "DL3052",
            Self::Time => "DL3053",
            Self::License => "DL3054",
            Self::Hash => "DL3055",
            Self::Version => "DL3056",
            Self::Email => "DL3058",
        }
    }

    pub(super) fn what(self) -> &'static str {
        match self {
            Self::Url => "URL",
            Self::Time => "time as RFC 3339 has it",
            Self::License => "SPDX license expression",
            Self::Hash => "Git hash",
            Self::Version => "semantic version",
            Self::Email => "email address",
        }
    }

    pub(super) fn example(self) -> &'static str {
        match self {
            Self::Url => "`https://example.org/`",
            Self::Time => "`2026-01-31T12:00:00Z`",
            Self::License => "`Apache-2.0`, `MIT OR Apache-2.0`",
            Self::Hash => "`1a2b3c4`, or with all 40 digits",
            Self::Version => "`1.2.3`",
            Self::Email => "`name@example.org`",
        }
    }

    pub(super) fn fits(self, value: &str) -> bool {
        match self {
            Self::Url => is_url(value),
            Self::Time => is_time(value),
            Self::License => is_license(value),
            Self::Hash => {
                matches!(value.len(), 7 | 40 | 64) && value.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'))
            }
            Self::Version => is_version(value),
            Self::Email => is_email(value),
        }
    }
}

/// An absolute URI: a scheme, a colon, and no blanks.
fn is_url(text: &str) -> bool {
    let Some((scheme, rest)) = text.split_once(':') else { return false };
    let of_scheme = |c: char| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.');
    let named = scheme.starts_with(|c: char| c.is_ascii_alphabetic()) && scheme.chars().all(of_scheme);
    named && !rest.trim_start_matches('/').is_empty() && !text.contains(|c: char| c.is_whitespace() || c.is_control())
}

/// `2026-01-31T12:00:00Z`, with parts of seconds and a zone as RFC 3339 has them.
fn is_time(text: &str) -> bool {
    let number = |range: std::ops::Range<usize>| {
        let digits = text.get(range)?;
        digits.bytes().all(|b| b.is_ascii_digit()).then(|| digits.parse::<u32>().ok())?
    };
    let sign = |at: usize, wanted: &str| text.get(at..=at).is_some_and(|c| c.eq_ignore_ascii_case(wanted));
    let signs = [(4, "-"), (7, "-"), (10, "T"), (13, ":"), (16, ":")].iter().all(|(at, c)| sign(*at, c));
    let parts = [0..4, 5..7, 8..10, 11..13, 14..16, 17..19].map(number);
    let [Some(year), Some(month), Some(day), Some(hour), Some(minute), Some(second)] = parts else { return false };
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let days = match month {
        2 if leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => return false,
    };
    let Some(mut zone) = text.get(19..) else { return false };
    if let Some(part) = zone.strip_prefix('.') {
        zone = part.trim_start_matches(|c: char| c.is_ascii_digit());
        if zone.len() == part.len() {
            return false;
        }
    }
    let offset = || {
        let (hours, minutes) = zone.strip_prefix(['+', '-'])?.split_once(':')?;
        let below = |text: &str, most: u32| text.len() == 2 && text.parse::<u32>().is_ok_and(|n| n < most);
        Some(below(hours, 24) && below(minutes, 60))
    };
    let in_zone = zone.eq_ignore_ascii_case("Z") || offset() == Some(true);
    signs && (1..=days).contains(&day) && hour < 24 && minute < 60 && second <= 60 && in_zone
}

/// An expression of license identifiers. Whether the list of SPDX has each is not looked up: it grows
/// with every release.
fn is_license(text: &str) -> bool {
    let spaced = text.replace('(', " ( ").replace(')', " ) ");
    let (mut depth, mut wants_name) = (0usize, true);
    for word in spaced.split_whitespace() {
        match word {
            "(" if wants_name => depth += 1,
            ")" if !wants_name && depth > 0 => depth -= 1,
            "AND" | "OR" | "WITH" if !wants_name => wants_name = true,
            "AND" | "OR" | "WITH" | "(" | ")" => return false,
            name if wants_name && is_license_name(name) => wants_name = false,
            _ => return false,
        }
    }
    depth == 0 && !wants_name
}

fn is_license_name(name: &str) -> bool {
    let name = name.strip_suffix('+').unwrap_or(name);
    let of_name = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'.' | b':');
    name.starts_with(|c: char| c.is_ascii_alphanumeric()) && name.bytes().all(of_name)
}

/// `MAJOR.MINOR.PATCH`, with a pre-release and build metadata as semver.org has them.
fn is_version(text: &str) -> bool {
    let (rest, build) = text.split_once('+').map_or((text, None), |(rest, build)| (rest, Some(build)));
    let (core, pre) = rest.split_once('-').map_or((rest, None), |(core, pre)| (core, Some(pre)));
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    let number = |part: &str| digits(part) && (part == "0" || !part.starts_with('0'));
    let identifier = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
    core.split('.').count() == 3
        && core.split('.').all(number)
        && pre.is_none_or(|p| p.split('.').all(|part| identifier(part) && (!digits(part) || number(part))))
        && build.is_none_or(|b| b.split('.').all(identifier))
}

fn is_email(text: &str) -> bool {
    let Some((name, host)) = text.rsplit_once('@') else { return false };
    let blank =
        |part: &str| part.is_empty() || part.contains(|c: char| c.is_whitespace() || matches!(c, '<' | '>' | '@'));
    !blank(name) && !blank(host) && !host.split('.').any(str::is_empty)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_fit_their_formats() {
        let good: [(Format, &[&str]); 6] = [
            (Format::Url, &["http://a", "https://a/b?c#d", "mailto:a@b", "git+ssh://a/b"]),
            (Format::Time, &["2026-01-31T00:00:00Z", "2024-02-29t01:02:03.123+02:00", "2016-12-31T23:59:60Z"]),
            (
                Format::License,
                &["MIT", "MIT OR Apache-2.0", "(GPL-2.0-only WITH Classpath-exception-2.0) AND MIT", "LicenseRef-x"],
            ),
            (Format::Hash, &["48a57c0", "0123456789012345678901234567890123456789"]),
            (Format::Version, &["1.2.3", "1.2.3-rc.1", "1.2.3+b.01", "0.0.0-a-b"]),
            (Format::Email, &["a@b", "a+b@c.example"]),
        ];
        for (format, values) in good {
            values.iter().for_each(|value| assert!(format.fits(value), "{format:?}: {value}"));
        }
    }

    #[test]
    fn other_values_do_not() {
        let bad: [(Format, &[&str]); 6] = [
            (Format::Url, &["", "x", "//a", "http://", "http://a b", "1a:b"]),
            (
                Format::Time,
                &[
                    "2026-01-31",
                    "2026-02-29T00:00:00Z",
                    "2026-13-01T00:00:00Z",
                    "2026-01-01T24:00:00Z",
                    "2026-01-01T00:00:00",
                    "2026-01-01T00:00:00.Z",
                ],
            ),
            (Format::License, &["Apache License", "MIT/Apache-2.0", "MIT OR", "(MIT", "MIT)", "OR MIT"]),
            (Format::Hash, &["", "48A57C0", "48a57c01", "abcdefg"]),
            (Format::Version, &["1", "1.2", "v1.2.3", "1.2.3.4", "01.2.3", "1.2.3-", "1.2.3-01"]),
            (Format::Email, &["a", "@b", "a@", "A <a@b.c>", "a b@c", "a@b..c"]),
        ];
        for (format, values) in bad {
            values.iter().for_each(|value| assert!(!format.fits(value), "{format:?}: {value}"));
        }
    }
}
