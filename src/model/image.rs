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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_port_is_no_tag() {
        let parse = ImageRef::parse;
        assert_eq!(parse("a/b:1"), ImageRef { name: "a/b", tag: Some("1"), digest: None });
        assert_eq!(parse("host:5000/a"), ImageRef { name: "host:5000/a", tag: None, digest: None });
        assert_eq!(parse("a:1@sha256:ff"), ImageRef { name: "a", tag: Some("1"), digest: Some("sha256:ff") });
    }
}
