//! The validator: reads the original and the rewritten file, and decides whether the rewritten one
//! provably builds the same image. It knows nothing of how the rewrite was made.
//!
//! Each stage is walked symbolically. A value is text with symbols in it for what only the builder
//! knows: variables of the base image and build arguments. The walk gives the config that the stage
//! ends with, and the steps that touch files, each with all that it observes. Two files build the
//! same image if the configs are equal and the steps are the same but for swaps that their effects
//! allow. Whatever is not understood must be the same text in the same place.

mod comments;
mod config;
mod frame;
mod named;
mod order;
mod scope;
mod split;
mod step;
mod unproven;
mod value;
mod walk;

#[cfg(test)]
mod tests;

pub use unproven::Unproven;

use crate::context::Project;
use crate::model::Model;
use crate::syntax::{Dockerfile, parse};
use split::Splits;
use walk::{Budget, Walked};

/// Shows that `after` builds the same image as `before`: the same final config and the same files in
/// every stage, with all comments kept.
pub fn validate_safe(before: &str, after: &str) -> Result<(), Unproven> {
    let (before, after) = (parse(before), parse(after));
    keeps_image(&Model::new(&before), &Model::new(&after), None)
}

/// The same of files that were read. With the build context, what an install needs of it can be read there, so that
/// more can be shown.
pub fn keeps_image(before: &Model<'_, '_>, after: &Model<'_, '_>, project: Option<&Project>) -> Result<(), Unproven> {
    if before.file.text == after.file.text {
        return Ok(());
    }
    frame::same_verdict(before.file, after.file)?;
    frame::same_directives(before.file, after.file)?;
    frame::comments_kept(before.file, after.file)?;
    frame::no_new_comments(before.file, after.file)?;
    frame::same_stages(before, after)?;

    let budget = Budget::new();
    frame::same_globals(before, after, &budget)?;
    let old = Walked::new(before, &budget)?;
    let new = Walked::new(after, &budget)?;
    for (stage, (old, new)) in before.stages.iter().zip(old.stages.iter().zip(&new.stages)) {
        order::same_steps(&Splits { before, after, stage, old, new, project })?;
        old.end.same(&new.end, stage.index)?;
    }
    Ok(())
}

/// The weaker check for unsafe fixes: the same kinds of syntax errors, no JSON array broken, as many stages and stage
/// names as before, and no comment lost.
pub fn validate_unsafe(before: &str, after: &str) -> Result<(), Unproven> {
    let (before, after) = (parse(before), parse(after));
    keeps_stages(&Model::new(&before), &Model::new(&after))
}

/// The same of files that were read.
pub fn keeps_stages(before: &Model<'_, '_>, after: &Model<'_, '_>) -> Result<(), Unproven> {
    frame::same_verdict(before.file, after.file)?;
    frame::arrays_kept(before.file, after.file)?;
    frame::comments_kept(before.file, after.file)?;
    frame::as_many_stages(before, after)
}

/// Shows that `after` differs from `before` in nothing but our own comments, those that switch rules off.
pub fn validate_comments(before: &str, after: &str) -> Result<(), Unproven> {
    keeps_all_but_own_comments(&parse(before), &parse(after))
}

/// The same of files that were read.
pub fn keeps_all_but_own_comments(before: &Dockerfile<'_>, after: &Dockerfile<'_>) -> Result<(), Unproven> {
    frame::same_verdict(before, after)?;
    frame::same_directives(before, after)?;
    comments::same_instructions(before, after)?;
    comments::same_but_own(before, after)
}
