//! What can be done about findings: quick fixes, comments that switch a finding off, and all safe fixes at once.

use super::client::{Client, FIX_ALL};
use super::diagnostics;
use super::document::{Document, Ground};
use super::edits::{self, Replacement};
use super::position::Lines;
use crate::diagnostic::{Applicability, Diagnostic, Fix};
use crate::lint::{self, Fixed};
use crate::report::safe;
use crate::source::{LineEnding, Span};
use crate::syntax::parse;
use lsp_types::{CodeAction, CodeActionDisabled, CodeActionKind, Range, WorkspaceEdit};
use serde_json::json;

/// A document with its findings, and who asks about it.
pub(super) struct Asked<'a> {
    pub(super) document: &'a Document,
    pub(super) ground: &'a Ground,
    pub(super) findings: &'a [Diagnostic],
    pub(super) client: &'a Client,
    /// Whether fix-all takes the fixes that may change the image.
    pub(super) unsafe_fixes: bool,
}

impl Asked<'_> {
    /// The actions for `range`, of the kinds that are in `only`.
    pub(super) fn actions(&self, range: Range, only: Option<&[CodeActionKind]>) -> Vec<CodeAction> {
        let wants = |kind: &CodeActionKind| only.is_none_or(|only| only.iter().any(|asked| is_in(kind, asked)));
        let mut actions = Vec::new();
        if wants(&CodeActionKind::QUICKFIX) {
            let text = &*self.document.text;
            let lines = Lines::new(text, self.client.encoding);
            let asked = lines.span(range);
            let here: Vec<&Diagnostic> = self.findings.iter().filter(|f| touches(shown(text, f), asked)).collect();
            actions.extend(here.iter().filter_map(|finding| self.quick_fix(&lines, finding)));
            actions.extend(here.iter().filter_map(|finding| self.ignore(&lines, finding)));
        }
        if wants(&FIX_ALL) {
            actions.extend(self.fix_all());
        }
        actions
    }

    /// The fix of one finding.
    fn quick_fix(&self, lines: &Lines<'_>, finding: &Diagnostic) -> Option<CodeAction> {
        let fix = finding.fix.as_ref()?;
        let mut action = self.action(lines, finding, title(fix));
        action.is_preferred = Some(fix.applicability == Applicability::Safe);
        if let Some(addition) = &fix.addition {
            action.edit = Some(edits::addition(addition, self.client)?);
            return Some(action);
        }
        if fix.applicability != Applicability::Display
            && let Err(reason) = lint::fix_one(&self.document.text, finding, &self.ground.quick)
        {
            // What `--fix` would not do is not done here either.
            let reason = format!("not shown to be right: {}", safe::line(&reason));
            action.is_preferred = None;
            action.disabled = Some(CodeActionDisabled { reason });
            return self.client.disabled_actions.then_some(action);
        }
        let list = fix.edits.iter().map(|edit| Replacement { span: edit.span, text: edit.replacement.clone() });
        action.edit = Some(self.edit(lines, list));
        Some(action)
    }

    /// The comment that switches a finding off, above the instruction that it is about.
    fn ignore(&self, lines: &Lines<'_>, finding: &Diagnostic) -> Option<CodeAction> {
        let text = &*self.document.text;
        let file = parse(text);
        let at = finding.primary.span.start;
        let instruction = file.instructions.iter().find(|i| i.lines.start <= at && at < i.lines.end)?;
        let comment = format!("# layerwise ignore={}{}", finding.code, LineEnding::of(text).as_str());
        let edit = Replacement { span: Span::empty(instruction.lines.start), text: comment };
        let mut action = self.action(lines, finding, format!("ignore {} here", finding.code));
        action.edit = Some(self.edit(lines, [edit]));
        Some(action)
    }

    /// All fixes. Working them out takes several rounds, so it waits until somebody wants them, if the client can.
    fn fix_all(&self) -> Option<CodeAction> {
        let least = self.least();
        let fixes = self.findings.iter().filter_map(|finding| finding.fix.as_ref());
        if !fixes.into_iter().any(|fix| fix.applicability >= least && fix.addition.is_none()) {
            return None;
        }
        let kind = if self.unsafe_fixes { "all that can be (may change the image)" } else { "all that is safe" };
        let mut action = CodeAction { title: format!("fix {kind}"), kind: Some(FIX_ALL), ..CodeAction::default() };
        if self.client.resolves_edits {
            action.data = Some(json!({ "uri": self.document.uri, "version": self.document.version }));
        } else {
            action.edit = Some(self.all_edits()?);
        }
        Some(action)
    }

    /// The edits of all fixes; none if no fix could be shown to keep its promise.
    pub(super) fn all_edits(&self) -> Option<WorkspaceEdit> {
        let text = &*self.document.text;
        let Fixed { text: fixed, .. } = lint::fix(text, &self.ground.quick, self.least());
        let lines = Lines::new(text, self.client.encoding);
        (fixed != text).then(|| self.edit(&lines, edits::between(text, &fixed)))
    }

    fn least(&self) -> Applicability {
        if self.unsafe_fixes { Applicability::Unsafe } else { Applicability::Safe }
    }

    fn action(&self, lines: &Lines<'_>, finding: &Diagnostic, title: String) -> CodeAction {
        let Document { text, uri, .. } = self.document;
        CodeAction {
            title: safe::line(&title).into_owned(),
            kind: Some(CodeActionKind::QUICKFIX),
            diagnostics: Some(vec![diagnostics::of(text, lines, uri, finding, self.client)]),
            ..CodeAction::default()
        }
    }

    fn edit(&self, lines: &Lines<'_>, list: impl IntoIterator<Item = Replacement>) -> WorkspaceEdit {
        edits::of(&self.document.uri, self.document.version, lines, list, self.client)
    }
}

fn title(fix: &Fix) -> String {
    match fix.applicability {
        Applicability::Safe => fix.title.clone(),
        Applicability::Unsafe => format!("{} (unsafe: may change the image)", fix.title),
        Applicability::Display => format!("{} (a template to complete)", fix.title),
    }
}

/// Where the finding is shown.
fn shown(text: &str, finding: &Diagnostic) -> Span {
    crate::report::solid(text, finding.primary.span)
}

/// Whether they share a character or a border: a cursor stands between two characters.
fn touches(a: Span, b: Span) -> bool {
    a.start <= b.end && b.start <= a.end
}

/// Whether `kind` is `asked` or below it: `source.fixAll` asks for `source.fixAll.layerwise`, too.
fn is_in(kind: &CodeActionKind, asked: &CodeActionKind) -> bool {
    let rest = kind.as_str().strip_prefix(asked.as_str());
    rest.is_some_and(|rest| asked.as_str().is_empty() || rest.is_empty() || rest.starts_with('.'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_kind_is_asked_for_by_its_name_and_by_those_above_it() {
        for (asked, is) in [
            ("", true),
            ("source", true),
            ("source.fixAll", true),
            ("source.fixAll.layerwise", true),
            ("source.fix", false),
            ("source.fixAll.layerwise.x", false),
            ("quickfix", false),
        ] {
            assert_eq!(is_in(&FIX_ALL, &CodeActionKind::from(asked.to_owned())), is, "{asked}");
        }
    }

    #[test]
    fn a_cursor_at_the_border_of_a_finding_is_on_it() {
        let finding = Span::new(3, 6);
        for at in 0..10 {
            assert_eq!(touches(finding, Span::empty(at)), (3..=6).contains(&at), "{at}");
        }
    }
}
