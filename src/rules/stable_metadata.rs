//! LW101: metadata that does not change stands below files that do.

use super::{Context, Findings, layout, meta};
use crate::config::Builder;
use crate::diagnostic::{Applicability, Fix, Severity};

pub(super) fn check(cx: &Context<'_, '_>, out: &mut Findings) {
    for plan in cx.plans() {
        let Some(first) = plan.metadata.first() else { continue };
        let step = |index: usize| &cx.file.instructions[index];
        let names = list(plan.metadata.iter().map(|m| step(m.step).keyword.name()));
        let (subject, stands) = if plan.metadata.len() == 1 { ("it", "stands") } else { ("they", "stand") };
        let top = step(first.passes[0]);
        let message = match cx.builder {
            Builder::Buildkit => {
                format!("{names} {stands} below {}, though {subject} changes less often", cx.quote(top))
            }
            _ => {
                format!("{names} {stands} below {} and so is made anew whenever those files change", cx.quote(top))
            }
        };
        let message = if plan.metadata.len() == 1 {
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
        let edits = layout::moves(cx.file, plan.metadata.iter().flat_map(|m| m.pairs()));
        let mut finding = out.report(&meta::STABLE_METADATA_BELOW_SOURCES, step(first.step).span, message);
        finding = finding.label("could stand further up").why(top.span, "changes with the sources");
        for other in &plan.metadata[1..] {
            finding = finding.member(step(other.step).span, "so could this");
        }
        if cx.builder != Builder::Buildkit {
            finding = finding.severity(Severity::Info);
        }
        finding.note(cost).help(title.clone()).fix(Fix::new(title, Applicability::Safe, edits));
    }
}

/// `A`, `A and B`, `A, B and C`, each name once.
fn list<'n>(names: impl Iterator<Item = &'n str>) -> String {
    let mut unique: Vec<&str> = Vec::new();
    for name in names {
        if !unique.contains(&name) {
            unique.push(name);
        }
    }
    match unique.split_last() {
        Some((last, rest)) if !rest.is_empty() => format!("{} and {last}", rest.join(", ")),
        _ => unique.concat(),
    }
}
