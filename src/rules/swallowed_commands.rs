//! LW404: a comment that takes the commands of the lines below with it.

use super::{Context, Findings, meta};
use crate::diagnostic::{Applicability, Edit, Fix};
use crate::source::Span;

pub(super) fn check(cx: &Context<'_, '_>, out: &mut Findings) {
    for run in cx.runs().iter().filter(|run| run.mentions("#")) {
        let logical = &run.instruction.logical;
        // A here-document keeps its lines.
        for comment in run.scripts().iter().filter(|s| s.is_line()).flat_map(|s| &s.tree.comments) {
            let text = logical.text();
            let mut pieces = logical.pieces(comment.range()).map(|(part, at)| (&text[part], at));
            let Some((first, start)) = pieces.next() else { continue };
            let Some((swallowed, at)) =
                pieces.map(|(part, at)| from_its_first_word(part, at)).find(|(p, _)| is_command(p))
            else {
                continue;
            };
            let here = Span::new(start, start + first.trim_end().len() as u32);
            let there = Span::new(at, at + swallowed.len() as u32);
            out.report(
                &meta::SWALLOWED_COMMANDS,
                here,
                "this comment goes on to the end of the instruction: the commands in the lines below it don't run",
            )
            .why(there, "the shell takes this for a part of the comment")
            .note("the builder joins the lines before the shell reads them, and the build goes on without an error")
            .help("put the comment on a line of its own, in front of the command: the builder takes such lines out")
            .fix(Fix::new("take the comment out", Applicability::Unsafe, vec![without(cx, here)]));
        }
    }
}

/// A piece of a joined line without the blanks around it, and where that starts in the file.
fn from_its_first_word(part: &str, at: u32) -> (&str, u32) {
    let trimmed = part.trim_start();
    (trimmed.trim_end(), at + (part.len() - trimmed.len()) as u32)
}

/// Whether a line that is lost says something to the shell: not another comment, nor an end of commands.
fn is_command(line: &str) -> bool {
    !line.is_empty() && !line.starts_with('#') && line.contains(char::is_alphanumeric)
}

/// The edit that takes a comment out, with the blanks in front of it but one.
fn without(cx: &Context<'_, '_>, comment: Span) -> Edit {
    let before = &cx.file.text[..comment.start as usize];
    let blanks = before.len() - before.trim_end_matches([' ', '\t']).len();
    let after = &cx.file.text[comment.end as usize..];
    // The blank in front of the escape character stays.
    let kept = usize::from(!after.starts_with([' ', '\t']) && blanks > 0);
    Edit::delete(Span::new(comment.start - (blanks - kept) as u32, comment.end))
}
