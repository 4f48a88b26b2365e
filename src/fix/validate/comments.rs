//! Rewrites that touch nothing but our own comments.

use super::frame;
use super::unproven::Unproven;
use crate::syntax::{Dockerfile, IgnoreComment, Instruction};

/// Every instruction says the same, and stands in the same place among the others.
pub(super) fn same_instructions(before: &Dockerfile<'_>, after: &Dockerfile<'_>) -> Result<(), Unproven> {
    let (old, new) = (&before.instructions, &after.instructions);
    let dropped =
        |i: &Instruction<'_>| Unproven::Dropped { instruction: i.keyword_text().to_owned(), line: i.line_numbers.0 };
    for (at, was) in old.iter().enumerate() {
        if new.get(at).is_none_or(|now| !is_same(was, now)) {
            return Err(dropped(was));
        }
    }
    match new.get(old.len()) {
        Some(i) => Err(Unproven::Added { instruction: i.keyword_text().to_owned(), line: i.line_numbers.0 }),
        None => Ok(()),
    }
}

fn is_same(was: &Instruction<'_>, now: &Instruction<'_>) -> bool {
    let heredocs =
        |i: &Instruction<'_>| i.heredocs.iter().map(|h| (h.name.clone(), h.content.to_owned())).collect::<Vec<_>>();
    was.joined() == now.joined() && was.unfinished == now.unfinished && heredocs(was) == heredocs(now)
}

/// Every comment is there as before, but those that switch our own rules off.
pub(super) fn same_but_own(before: &Dockerfile<'_>, after: &Dockerfile<'_>) -> Result<(), Unproven> {
    let is_other = |file: &Dockerfile<'_>, span| IgnoreComment::read(file.text, span).is_none_or(|c| !c.own);
    frame::comments_kept_if(before, after, is_other)?;
    frame::no_new_comments_if(before, after, is_other)
}
