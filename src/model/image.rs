//! Image references: `registry/name:tag@digest`.

/// The parts of an image reference.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ImageRef<'t> {
    /// The repository, with the registry if one is named.
    pub name: &'t str,
    /// The tag, if there is one.
    pub tag: Option<&'t str>,
    /// The digest, if there is one.
    pub digest: Option<&'t str>,
}

impl<'t> ImageRef<'t> {
    /// Splits `text`. A port of the registry is not taken for a tag.
    pub fn parse(text: &'t str) -> Self {
        let (rest, digest) = match text.split_once('@') {
            Some((rest, digest)) => (rest, Some(digest)),
            None => (text, None),
        };
        let last = rest.rfind('/').map_or(0, |i| i + 1);
        match rest[last..].find(':') {
            Some(colon) => Self { name: &rest[..last + colon], tag: Some(&rest[last + colon + 1..]), digest },
            None => Self { name: rest, tag: None, digest },
        }
    }
}

/// Why no registry can have an image of the name `text`, as BuildKit sees it; nothing if one can.
///
/// Source: the grammar of the distribution project's `reference` package.
pub fn reference_fault(text: &str) -> Option<&'static str> {
    let is_hex = |b: u8| b.is_ascii_digit() || (b'a'..=b'f').contains(&b);
    if text.is_empty() {
        return Some("it is empty");
    }
    if text.len() == 64 && text.bytes().all(is_hex) {
        return Some("64 hexadecimal digits are an image ID");
    }
    let (rest, digest) = match text.split_once('@') {
        Some((rest, digest)) => (rest, Some(digest)),
        None => (text, None),
    };
    // What stands in front of the first `/` is a registry if it looks like a host.
    let is_host = |s: &str| s.contains(['.', ':']) || s == "localhost" || s.bytes().any(|b| b.is_ascii_uppercase());
    let (host, rest) = match rest.split_once('/') {
        Some((host, rest)) if is_host(host) => (Some(host), rest),
        _ => (None, rest),
    };
    let (path, tag) = match rest.split_once(':') {
        Some((path, tag)) => (path, Some(tag)),
        None => (rest, None),
    };
    if host.is_some_and(|h| !is_registry(h)) {
        return Some("its registry is no host name");
    }
    if path.bytes().any(|b| b.is_ascii_uppercase()) {
        return Some("its name has capitals");
    }
    if path.is_empty() || !path.split('/').all(is_component) {
        return Some("its name is none");
    }
    if tag.is_some_and(|t| !is_tag(t)) {
        return Some(if tag == Some("") { "its tag is empty" } else { "its tag is none" });
    }
    digest.is_some_and(|d| !is_digest(d)).then_some("its digest is none")
}

fn is_registry(host: &str) -> bool {
    let (name, port) = match host.rsplit_once(':') {
        Some((name, port)) => (name, Some(port)),
        None => (host, None),
    };
    let label = |l: &str| {
        !l.is_empty()
            && l.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
            && !l.starts_with('-')
            && !l.ends_with('-')
    };
    let address = name.strip_prefix('[').and_then(|n| n.strip_suffix(']'));
    let is_name = match address {
        Some(address) => !address.is_empty() && address.bytes().all(|b| b.is_ascii_hexdigit() || b == b':'),
        None => name.split('.').all(label),
    };
    is_name && port.is_none_or(|p| !p.is_empty() && p.bytes().all(|b| b.is_ascii_digit()))
}

/// Small letters and digits, with single `.`, one or two `_`, or any number of `-` between them.
fn is_component(part: &str) -> bool {
    let alphanumeric = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit();
    let ends = part.bytes().next().is_some_and(alphanumeric) && part.bytes().next_back().is_some_and(alphanumeric);
    ends && part
        .split(|c: char| c.is_ascii_lowercase() || c.is_ascii_digit())
        .all(|between| matches!(between, "" | "." | "_" | "__") || between.bytes().all(|b| b == b'-'))
}

fn is_tag(tag: &str) -> bool {
    let word = |b: u8| b.is_ascii_alphanumeric() || b == b'_';
    tag.len() <= 128 && tag.bytes().next().is_some_and(word) && tag.bytes().all(|b| word(b) || matches!(b, b'.' | b'-'))
}

fn is_digest(digest: &str) -> bool {
    let Some((algorithm, hex)) = digest.split_once(':') else { return false };
    let digits = match algorithm {
        "sha256" => 64,
        "sha384" => 96,
        "sha512" => 128,
        _ => return false,
    };
    hex.len() == digits && hex.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_no_registry_can_have() {
        let hex = "0123456789abcdef".repeat(4);
        let good = format!("a/b:1@sha256:{hex}");
        for name in ["a", "a/b", "host:5000/a:1", "a.b/c_d/e__f/g---h", "localhost/x", "Host/x", "a:V_1.2-x", &good] {
            assert_eq!(reference_fault(name), None, "{name}");
        }
        let hosts = ["[::1]:5000/a", "x-y.example/a"];
        hosts.iter().for_each(|name| assert_eq!(reference_fault(name), None, "{name}"));
        let short = format!("a@sha256:{}", &hex[1..]);
        let bad = [
            "",
            "A",
            "a/B",
            "a:",
            "a:-x",
            "ruby:-slim",
            "a//b",
            "/:",
            "a___b",
            "a.-b",
            "-a",
            "a b",
            "x.y:z/a",
            &hex,
            &short,
        ];
        for name in bad {
            assert!(reference_fault(name).is_some(), "{name}");
        }
    }

    #[test]
    fn a_port_is_no_tag() {
        let parse = ImageRef::parse;
        assert_eq!(parse("a/b:1"), ImageRef { name: "a/b", tag: Some("1"), digest: None });
        assert_eq!(parse("host:5000/a"), ImageRef { name: "host:5000/a", tag: None, digest: None });
        assert_eq!(parse("a:1@sha256:ff"), ImageRef { name: "a", tag: Some("1"), digest: Some("sha256:ff") });
    }
}
