//! CopyIgnoredFile: a source that the ignore file leaves out of the context.

use super::{Context, Findings, meta};
use crate::context::clean;
use crate::model::{Expanded, is_remote, visit_steps};
use crate::syntax::Keyword;

pub(super) fn check(cx: &Context<'_, '_>, out: &mut Findings) {
    let any = cx
        .model
        .stages
        .iter()
        .flat_map(|s| cx.model.steps(s))
        .any(|s| matches!(s.keyword, Keyword::Copy | Keyword::Add));
    let Some(project) = cx.project().filter(|p| any && p.ignore_path.is_some()) else { return };
    let file = project
        .ignore_path
        .as_ref()
        .and_then(|p| p.file_name())
        .map_or_else(|| ".dockerignore".to_owned(), |name| name.to_string_lossy().into_owned());
    visit_steps(cx.model, |_, step, variables| {
        if !matches!(step.keyword, Keyword::Copy | Keyword::Add) || step.flag("from").is_some() {
            return;
        }
        for word in step.sources().iter().filter(|w| !step.is_heredoc(w)) {
            let Expanded::Known(source) = variables.expand(&word.text, cx.file.escape) else { continue };
            let path = clean(&source);
            // A pattern may fit other files, and an empty path is the whole context.
            if path.is_empty() || is_remote(&source) || path.contains(['*', '?', '[', '\\']) {
                continue;
            }
            if !project.ignore.ignores(&path) || project.has(&path) || project.ignore.may_keep_below(&path) {
                continue;
            }
            out.report(
                &meta::COPY_IGNORED_FILE,
                word.span,
                format!("{} is left out of the build context by {file}", cx.plain(&source)),
            )
            .note("the builder does not see the file, and the build fails here")
            .help(format!("take the pattern out of {file}, or add `!{path}` below it"));
        }
    });
}
