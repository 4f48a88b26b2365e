//! LW101: metadata that does not change stands below files that do.

use super::listed::listed;
use super::{Context, Findings, layout, meta};
use crate::cache::Move;
use crate::config::Builder;
use crate::diagnostic::{Applicability, Fix, Severity};
use crate::syntax::{Instruction, Keyword};

pub(super) fn check(cx: &Context<'_, '_>, out: &mut Findings) {
    for plan in cx.plans() {
        let moves = match cx.builder {
            Builder::Buildkit => to_the_top(cx, &plan.metadata),
            _ => &plan.metadata,
        };
        let Some(first) = moves.first() else { continue };
        let step = |index: usize| &cx.file.instructions[index];
        let names = listed(moves.iter().map(|m| step(m.step).keyword.name()));
        let (subject, stands) = if moves.len() == 1 { ("it", "stands") } else { ("they", "stand") };
        let top = step(first.passes);
        let message = match cx.builder {
            Builder::Buildkit => {
                format!("{names} {stands} below {}, though {subject} changes less often", cx.quote(top))
            }
            _ => {
                format!("{names} {stands} below {} and so is made anew whenever those files change", cx.quote(top))
            }
        };
        let message = if moves.len() == 1 {
            message
        } else {
            message.replace("they changes", "they change").replace("so is made", "so are made")
        };
        let cost = match cx.builder {
            Builder::Buildkit => {
                "BuildKit rebuilds nothing because of this: the order is for readers, and for the classic builder and \
                 Buildah, which build these lines again"
            }
            Builder::Classic => "the classic builder makes each of these lines anew once a line above them changed",
            Builder::Buildah => "Buildah makes each of these lines anew once a line above them changed",
        };
        let target = cx.quote(step(first.below));
        let title = format!("move {names} up, below {target}");
        let pairs: Vec<(usize, usize)> = moves.iter().flat_map(|m| m.pairs()).collect();
        let edits = layout::moves(cx.file, &pairs);
        let mut finding = out.report(&meta::STABLE_METADATA_BELOW_SOURCES, step(first.step).span, message);
        finding = finding.label("could stand further up").why(top.span, "changes with the sources");
        for other in &moves[1..] {
            finding = finding.member(step(other.step).span, "so could this");
        }
        if cx.builder != Builder::Buildkit {
            finding = finding.severity(Severity::Info);
        }
        finding.note(cost).help(title.clone()).fix(Fix::new(title, Applicability::Safe, edits));
    }
}

/// The moves, from the first on, that end above everything that makes a layer. On BuildKit the order is for
/// readers, and they look for the start command at the top or at the end, not between an install and the sources.
fn to_the_top<'m>(cx: &Context<'_, '_>, moves: &'m [Move]) -> &'m [Move] {
    let makes_layer = |i: &Instruction<'_>| matches!(i.keyword, Keyword::Run | Keyword::Copy | Keyword::Add);
    let is_top = |below: usize| {
        let above = cx.file.instructions[..=below].iter().rev();
        !above.take_while(|i| i.keyword != Keyword::From).any(makes_layer)
    };
    let moved = |at: usize| moves[..at].iter().any(|m| m.step == moves[at].below);
    let len = (0..moves.len()).take_while(|&at| moved(at) || is_top(moves[at].below)).count();
    &moves[..len]
}
