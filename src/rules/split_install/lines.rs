//! The new instructions that copy some files first.

use super::shape::Broad;
use crate::model::AbsolutePath;
use crate::syntax::Instruction;

/// A file or folder that has to be copied first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in super::super) struct Item {
    /// In the context; a star at the end stands for a file that may be missing.
    pub(in super::super) from: String,
    /// The folder in the image that it goes to.
    pub(in super::super) to: AbsolutePath,
    /// Whether it is a folder whose content goes there.
    pub(in super::super) folder: bool,
}

/// The instructions that put `items` where `broad`, which is `copy`, puts them, with `flags` as `copy` has
/// them; `None` if they would be hard to write.
pub(in super::super) fn lines<'i>(
    copy: &Instruction<'_>,
    broad: &Broad,
    flags: &str,
    items: impl Iterator<Item = &'i Item>,
) -> Option<Vec<String>> {
    let small = copy.keyword_text().starts_with(['c', 'a']);
    let keyword = if small { "copy" } else { "COPY" };
    let plain = |text: &str| text.chars().all(|c| c.is_ascii_alphanumeric() || "._-/@+*$&{}:".contains(c));
    let destination = copy.destination()?;
    if !plain(&destination.text) || !plain(flags.trim_end().replace([' ', '='], "").as_str()) {
        return None;
    }
    let mut lines: Vec<(String, String)> = Vec::new();
    for item in items {
        let below = item.to.as_str().strip_prefix(broad.to.as_str())?;
        if !plain(&item.from) || item.from.contains(['$', '{']) || !plain(below) {
            return None;
        }
        let target = folder_text(&destination.text, below.trim_start_matches('/'));
        match lines.last_mut() {
            Some((sources, to)) if *to == target && !item.folder => {
                sources.push(' ');
                sources.push_str(&item.from);
            }
            _ => lines.push((item.from.clone(), target)),
        }
    }
    Some(lines.into_iter().map(|(sources, to)| format!("{keyword} {flags}{sources} {to}")).collect())
}

/// `text`, the destination of the COPY, with `below` behind it, as a folder.
fn folder_text(text: &str, below: &str) -> String {
    let mut folder = if text == "." { "./".to_owned() } else { text.to_owned() };
    if !folder.ends_with('/') {
        folder.push('/');
    }
    folder.push_str(below);
    if !folder.ends_with('/') {
        folder.push('/');
    }
    folder
}
