//! What a key holds of the files that a source brings from the context.

use super::input::{Inputs, Name};
use crate::builder::Builder;
use crate::context::{Entry, Selected, Selection, Tree, clean, digest};
use crate::model::is_remote;

/// What goes into the key for `source`, as measured on 26.1:
///
/// - BuildKit has the source as it is spelled, and each file from the source on: a link that leads to
///   another file with the same content changes nothing.
/// - The classic builder has each file with its whole path, however the source spells it.
///
/// A folder counts with its mode, though BuildKit's context sync sends a mode that alone has changed only
/// to a builder that has not seen the folder yet.
pub(super) fn of_source(tree: &Tree, builder: Builder, selection: &Selection, source: &str, inputs: &mut Inputs) {
    let selected = selection.of(tree, source);
    if builder != Builder::Classic || selected.is_empty() {
        let spelled = if selection.parents || is_remote(source) { source.to_owned() } else { clean(source) };
        inputs.push(Name::Made(format!("the source `{source}`").into()), digest(&spelled));
    }
    for file in &selected {
        let Selected { path, name, entry, target } = file;
        let Entry { kind, mode, owner } = entry;
        let target = target.as_deref();
        match (builder, target) {
            // A link is copied as one, but what the classic builder looks at is the file behind it, ...
            (Builder::Classic, Some(target)) => match tree.get(target) {
                Some((target, Entry { kind, mode, .. })) => push(inputs, target, &(target, kind, mode)),
                None => push(inputs, path, path),
            },
            (Builder::Classic, None) => push(inputs, path, &(path, kind, mode)),
            // ... and so it is for BuildKit where a pattern fits the folder that the link is in.
            (Builder::Buildkit, Some(target)) if selection.is_pattern(source) => {
                for (path, Entry { kind, mode, .. }) in tree.below(target) {
                    push(inputs, path, &(name, &path[target.len()..], kind, mode));
                }
            }
            (Builder::Buildkit, _) => push(inputs, path, &(name, kind, mode)),
            // Not measured with links.
            (Builder::Buildah, _) => push(inputs, path, &(path, kind, mode, owner)),
        }
    }
}

fn push(inputs: &mut Inputs, path: &str, content: &impl std::hash::Hash) {
    inputs.push(Name::Path(path.to_owned()), digest(content));
}
