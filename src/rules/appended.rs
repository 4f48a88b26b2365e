//! Adding a command to the end of a RUN.

use super::Context;
use super::runs::ShellRun;
use crate::diagnostic::Edit;
use crate::source::Span;

/// The edit that has `command` run at the end of `run`, if all went well up to there. None where that
/// end can't be told.
pub(super) fn append(cx: &Context<'_, '_>, run: &ShellRun<'_, '_>, command: &str) -> Option<Edit> {
    let step = run.instruction;
    let [script] = run.scripts() else { return None };
    if run.trigger || step.unfinished || !cx.file.errors.is_empty() || !script.tree.errors.is_empty() {
        return None;
    }
    let text = cx.file.text;
    let list = script.tree.lists.last()?;
    let leaves = run.calls().iter().any(|c| matches!(c.name.as_ref(), "exit" | "exec"));
    if list.background || leaves {
        return None;
    }
    let newline = cx.added_newline();
    let end = script.source(list.span).end;
    let rest = &script.text[list.span.end as usize..];
    let document = step.heredocs.iter().find(|h| h.content_span.contains(script.source(list.span)));
    if let Some(document) = document {
        // Something stands behind the last command: a comment, or a here-document of its own.
        if !rest.trim().is_empty() || document.chomp {
            return None;
        }
        return Some(Edit::insert(end, format!("{newline}{}{command}", indent(text, script.source(list.span).start))));
    }
    let joint = match list.rest.last() {
        Some((op, last)) => {
            let (op, last) = (script.source(op.span), script.source(last.span));
            let between = Span::new(op.end, last.start).of(text);
            if starts_line(text, op.start) {
                format!(" \\{newline}{}&& ", indent(text, op.start))
            } else if between.contains('\n') {
                format!(" && \\{newline}{}", indent(text, last.start))
            } else {
                " && ".into()
            }
        }
        None => " && ".into(),
    };
    Some(Edit::insert(end, format!("{joint}{command}")))
}

/// The blanks at the start of the line that `at` stands in.
fn indent(text: &str, at: u32) -> &str {
    let start = text[..at as usize].rfind('\n').map_or(0, |i| i + 1);
    let line = &text[start..];
    &line[..line.len() - line.trim_start_matches([' ', '\t']).len()]
}

fn starts_line(text: &str, at: u32) -> bool {
    let start = text[..at as usize].rfind('\n').map_or(0, |i| i + 1);
    text[start..at as usize].trim().is_empty()
}
