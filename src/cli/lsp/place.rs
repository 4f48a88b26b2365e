//! The names of files: URIs for the client, paths for the rest.

use lsp_types::Uri;
use std::path::{Path, PathBuf};
use std::str::FromStr;

/// The file of a `file:` URI; none for what is not on this disk.
pub(super) fn path(uri: &Uri) -> Option<PathBuf> {
    let text = uri.as_str().split(['?', '#']).next().unwrap_or_default();
    let (scheme, rest) = text.split_once(':')?;
    if !scheme.eq_ignore_ascii_case("file") {
        return None;
    }
    let path = match rest.strip_prefix("//") {
        Some(rest) => rest.strip_prefix("localhost").unwrap_or(rest),
        None => rest,
    };
    // With another name in front it is on another machine.
    let path = decoded(path.starts_with('/').then_some(path)?)?;
    // `/c:/x` is `c:/x` where drives have letters.
    let drive = cfg!(windows) && path.as_bytes().get(2) == Some(&b':');
    Some(PathBuf::from(if drive { &path[1..] } else { &path[..] }))
}

/// The URI of the absolute `path`.
pub(super) fn uri(path: &Path) -> Option<Uri> {
    let text = path.to_str()?;
    let text = if cfg!(windows) { format!("/{}", text.replace('\\', "/")) } else { text.to_owned() };
    Uri::from_str(&format!("file://{}", encoded(&text))).ok()
}

fn decoded(text: &str) -> Option<String> {
    let mut out = Vec::with_capacity(text.len());
    let mut bytes = text.bytes();
    while let Some(byte) = bytes.next() {
        if byte != b'%' {
            out.push(byte);
            continue;
        }
        let digit = |b: Option<u8>| char::from(b?).to_digit(16);
        let (high, low) = (digit(bytes.next())?, digit(bytes.next())?);
        out.push((high * 16 + low) as u8);
    }
    String::from_utf8(out).ok()
}

fn encoded(text: &str) -> String {
    let plain = |b: u8| b.is_ascii_alphanumeric() || b"/-._~".contains(&b);
    text.bytes().map(|b| if plain(b) { char::from(b).to_string() } else { format!("%{b:02X}") }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> Option<PathBuf> {
        path(&Uri::from_str(text).expect("it is a URI"))
    }

    #[test]
    fn files_have_paths_and_other_things_have_none() {
        assert_eq!(of("file:///a%20b/%C3%A9/Dockerfile"), Some("/a b/é/Dockerfile".into()));
        assert_eq!(of("file://localhost/a"), Some("/a".into()));
        assert_eq!(of("file:/a"), Some("/a".into()));
        for other in ["untitled:Untitled-1", "file://server/share/Dockerfile", "git:/a/Dockerfile?x", "file:///%FF"] {
            assert_eq!(of(other), None, "{other}");
        }
    }

    #[test]
    #[cfg(unix)]
    fn a_path_comes_back() {
        for name in ["/a b/é #?%20/Dockerfile.\u{1f600}", "/", "/c:/[x]"] {
            let uri = uri(Path::new(name)).expect("every path has a URI");
            assert_eq!(path(&uri), Some(name.into()), "{}", uri.as_str());
        }
    }
}
