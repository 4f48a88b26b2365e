//! What a command of the cache is given, before it is looked at.

use super::super::failure::Failure;
use crate::config::is_link_out;
use crate::model::Model;
use crate::syntax::parse;
use std::path::Path;

/// The Dockerfile that nobody named.
pub(super) const DEFAULT_FILE: &str = "Dockerfile";

/// Whether `file`, found in `folder`, may be read: a link out of the repository may if somebody names it.
///
/// # Errors
/// If nobody did.
pub(super) fn inside(folder: &Path, file: &Path) -> Result<(), Failure> {
    let path = folder.join(file);
    if file == Path::new(DEFAULT_FILE) && is_link_out(&path, folder) {
        return Err(Failure::LinkOut { path: path.display().to_string() });
    }
    Ok(())
}

/// Whether `text`, the Dockerfile of `place`, has the stage `target`, if one is asked for.
///
/// # Errors
/// If it has none of that name or number.
pub(super) fn has_target(text: &str, place: &Path, target: Option<&str>) -> Result<(), Failure> {
    let Some(target) = target else { return Ok(()) };
    let file = parse(text);
    let model = Model::new(&file);
    match model.find(target, model.stages.len()) {
        Some(_) => Ok(()),
        None => Err(Failure::Target { target: target.to_owned(), place: place.display().to_string() }),
    }
}
