//! How a change is shown: as a patch that `git apply` and `patch -p1` take in the current folder.

use crate::report::safe;
use crate::source::{is_command_mark, is_unsafe};
use std::borrow::Cow;
use std::fmt::Write as _;
use std::io::{self, Write};
use std::path::Path;

/// A file before and after.
pub(super) struct Change<'c> {
    /// The path as seen from the current folder, or a whole one.
    pub(super) name: &'c str,
    /// Nothing if the file is not there.
    pub(super) before: Option<&'c str>,
    pub(super) after: &'c str,
}

/// Writes `change` as a patch. On a terminal, the lines are not to steer it.
pub(super) fn write(change: &Change<'_>, on_terminal: bool, out: &mut dyn Write) -> io::Result<()> {
    let view = |text| if on_terminal { safe::Shown::new(text).text } else { Cow::Borrowed(text) };
    let (before, after) = (view(change.before.unwrap_or_default()), view(change.after));
    let diff = similar::TextDiff::from_lines(&*before, &*after);
    let (old, new) = (path("a", change.name), path("b", change.name));
    let old = change.before.map_or("/dev/null", |_| &old);
    write!(out, "{}", diff.unified_diff().header(old, &new))
}

/// The path at `path` as seen from `current`; one that lies elsewhere stays whole.
pub(super) fn name_from(current: &Path, path: &Path) -> String {
    path.strip_prefix(current).unwrap_or(path).to_string_lossy().into_owned()
}

/// `name` below `side`, quoted as Git does where it holds what ends a line or steers a terminal.
fn path(side: &str, name: &str) -> String {
    let whole = format!("{side}/{}", name.trim_start_matches('/'));
    let steers = |at: usize, c: char| is_unsafe(c) || c == '#' && is_command_mark(&whole, at);
    if !whole.char_indices().any(|(at, c)| matches!(c, '\n' | '\t' | '"' | '\\') || steers(at, c)) {
        return whole;
    }
    let mut out = String::from("\"");
    for (at, c) in whole.char_indices() {
        match c {
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            '"' | '\\' => out.extend(['\\', c]),
            c if steers(at, c) => {
                for byte in c.encode_utf8(&mut [0; 4]).bytes() {
                    let _ = write!(out, "\\{byte:03o}");
                }
            }
            c => out.push(c),
        }
    }
    out + "\""
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_patch_is_exact_but_on_a_terminal() {
        let shown = |on_terminal| {
            let change = Change { name: "Dockerfile", before: Some("a\n"), after: "# \u{1b}[31m\u{9b}\u{7}\na\n" };
            let mut out = Vec::new();
            write(&change, on_terminal, &mut out).unwrap();
            String::from_utf8(out).unwrap()
        };
        assert!(shown(false).contains("+# \u{1b}[31m\u{9b}\u{7}\n"), "{:?}", shown(false));
        assert!(
            !shown(true).contains(['\u{1b}', '\u{9b}', '\u{7}']) && shown(true).contains("\n a\n"),
            "{:?}",
            shown(true)
        );
    }

    #[test]
    fn names_are_quoted_as_git_does() {
        for (name, want) in [
            ("é x/Dockerfile", "a/é x/Dockerfile"),
            ("/tmp/Dockerfile", "a/tmp/Dockerfile"),
            ("a\u{1b}[31m\n+++ b/x", r#""a/a\033[31m\n+++ b/x""#),
            ("##vso[x]", r#""a/#\043vso[x]""#),
            ("a\t\"\\\r\u{202e}", r#""a/a\t\"\\\015\342\200\256""#),
        ] {
            assert_eq!(path("a", name), want);
        }
    }
}
