//! LW405: a secret in the text of the file.

mod login;
mod token;

use super::secret_name::is_secret_name;
use super::{Context, Findings, meta};
use crate::source::Span;
use crate::syntax::{Instruction, Keyword};
use std::ops::Range;

pub(super) fn check(cx: &Context<'_, '_>, out: &mut Findings) {
    // What stands in a line stands in the file, and most files have nothing of the kind: one look tells.
    if token::tokens(cx.file.text).is_empty() && login::logins(cx.file.text).is_empty() {
        return;
    }
    for step in &cx.file.instructions {
        let text = step.span.of(cx.file.text);
        let mut found: Vec<(Range<usize>, &'static str)> = token::tokens(text);
        for login in login::logins(text) {
            if !found.iter().any(|(range, _)| range.start < login.end && login.start < range.end) {
                found.push((login, "a password in a URL"));
            }
        }
        found.sort_by_key(|(range, _)| range.start);
        for (range, kind) in found {
            let span = Span::new(step.span.start + range.start as u32, step.span.start + range.end as u32);
            if !is_of_another_rule(step, span) && !step.inner.iter().any(|comment| comment.span.contains(span)) {
                // The value itself stays out of the message: logs are public more often than files.
                out.report(&meta::WRITTEN_SECRET, span, format!("this looks like {kind}, written out in the file"))
                    .note("whoever can read the file, its history in Git or that of the image can use it")
                    .help("revoke it, and give the new one to the RUN that needs it with `--mount=type=secret`");
            }
        }
    }
}

/// Whether the secret is the value of a variable whose name says so: that is what another rule reports.
fn is_of_another_rule(step: &Instruction<'_>, span: Span) -> bool {
    match step.keyword {
        Keyword::Env => step.pairs().iter().any(|p| p.span.contains(span) && is_secret_name(&p.key.text)),
        Keyword::Arg => step.args().iter().any(|a| a.span.contains(span) && is_secret_name(&a.name.text)),
        _ => false,
    }
}
