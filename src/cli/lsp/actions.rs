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
use crate::syntax::{Dockerfile, parse};
use lsp_types::{CodeAction, CodeActionDisabled, CodeActionKind, Range, WorkspaceEdit};
use memchr::memchr_iter;
use serde_json::json;
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

/// So many fixes are shown to be right for one request. For each, the whole file is read again: all of those of a long
/// file would keep everybody waiting.
const MOST_PROOFS: usize = 50;
/// So many lines are read for them: about a second. Of a file of 2,400 lines, ten fixes are shown to be right at once; who
/// can't ask for the others later gets them by asking about a smaller range, or by fixing all.
const MOST_READ: usize = 25_000;
/// So many bytes count as a line, where lines are longer.
const LONG_LINE: usize = 100;
/// The first ones are shown to be right however long the file is: whoever asks about one place gets its fix.
const LEAST_PROOFS: usize = 2;

/// The fixes that may still be shown to be right for one request.
struct Proofs {
    left: usize,
}

impl Proofs {
    fn of(text: &str) -> Self {
        let lines = memchr_iter(b'\n', text.as_bytes()).count().max(text.len() / LONG_LINE) + 1;
        Self { left: (MOST_READ / lines).clamp(LEAST_PROOFS, MOST_PROOFS) }
    }

    /// Takes one; false if none is left.
    fn take(&mut self) -> bool {
        let is_left = self.left > 0;
        self.left -= usize::from(is_left);
        is_left
    }
}

/// A document with its findings, and who asks about it.
pub(super) struct Asked<'a> {
    pub(super) document: &'a Document,
    /// All that are open, this one among them.
    pub(super) documents: &'a BTreeMap<String, Document>,
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
            let mut proofs = Proofs::of(text);
            actions.extend(here.iter().filter_map(|finding| self.quick_fix(&lines, finding, &mut proofs)));
            let (file, ending) = (parse(text), LineEnding::of(text));
            actions.extend(here.iter().filter_map(|finding| self.ignore(&lines, &file, ending, finding)));
        }
        if wants(&FIX_ALL) {
            actions.extend(self.fix_all());
        }
        actions
    }

    /// The fix of one finding; `proofs` are those that may still be shown to be right for this request. Where they are
    /// many, the others are shown to be right when somebody wants them, or if the client can't ask then, are not offered.
    fn quick_fix(&self, lines: &Lines<'_>, finding: &Diagnostic, proofs: &mut Proofs) -> Option<CodeAction> {
        let fix = finding.fix.as_ref()?;
        let mut action = self.action(lines, finding, title(fix));
        action.is_preferred = Some(fix.applicability == Applicability::Safe);
        if let Some(addition) = &fix.addition {
            action.edit = Some(edits::addition(addition, self.open(&addition.path), self.client)?);
            return Some(action);
        }
        if fix.applicability != Applicability::Display && !proofs.take() {
            let Span { start, end } = finding.primary.span;
            let Document { uri, version, .. } = self.document;
            let data = json!({ "uri": uri, "version": version, "code": finding.code, "start": start, "end": end });
            action.data = Some(data);
            return self.client.resolves_edits.then_some(action);
        }
        match self.proven(lines, finding, fix) {
            Ok(edit) => action.edit = Some(edit),
            Err(reason) => {
                action.is_preferred = None;
                action.disabled = Some(CodeActionDisabled { reason });
                return self.client.disabled_actions.then_some(action);
            }
        }
        Some(action)
    }

    /// The file at `path` as the client has it, if it is open.
    fn open(&self, path: &Path) -> Option<&Document> {
        let real = fs::canonicalize(path).ok();
        // One file may have several names.
        let is_it = |other: &Path| other == path || (real.is_some() && fs::canonicalize(other).ok() == real);
        self.documents.values().find(|document| document.path.as_deref().is_some_and(is_it))
    }

    /// The edit of `fix`, or why there is none: what `--fix` would not do is not done here either.
    fn proven(&self, lines: &Lines<'_>, finding: &Diagnostic, fix: &Fix) -> Result<WorkspaceEdit, String> {
        if fix.applicability != Applicability::Display
            && let Err(reason) = lint::fix_one(&self.document.text, finding, &self.ground.quick)
        {
            return Err(format!("not shown to be right: {}", safe::line(&reason)));
        }
        let list = fix.edits.iter().map(|edit| Replacement { span: edit.span, text: edit.replacement.clone() });
        Ok(self.edit(lines, list))
    }

    /// Puts the edit into an action that was given without it. If the document has changed since, there is none: it was
    /// for another text.
    pub(super) fn resolve(&self, action: &mut CodeAction) {
        let data = action.data.clone().unwrap_or_default();
        if data["version"].as_i64() != Some(i64::from(self.document.version)) {
            return;
        }
        let Some(code) = data["code"].as_str() else {
            action.edit = self.all_edits();
            return;
        };
        let place = |finding: &Diagnostic| {
            let Span { start, end } = finding.primary.span;
            (data["start"].as_u64(), data["end"].as_u64()) == (Some(start.into()), Some(end.into()))
        };
        let here = self.findings.iter().filter(|finding| finding.code == code && place(finding));
        let mut fixes = here.filter_map(|finding| Some((finding, finding.fix.as_ref()?)));
        let Some((finding, fix)) = fixes.find(|(_, fix)| safe::line(&title(fix)) == action.title) else { return };
        match self.proven(&Lines::new(&self.document.text, self.client.encoding), finding, fix) {
            Ok(edit) => action.edit = Some(edit),
            Err(reason) => action.disabled = Some(CodeActionDisabled { reason }),
        }
    }

    /// The comment that switches a finding off, above the instruction that it is about.
    fn ignore(
        &self,
        lines: &Lines<'_>,
        file: &Dockerfile<'_>,
        ending: LineEnding,
        finding: &Diagnostic,
    ) -> Option<CodeAction> {
        let at = finding.primary.span.start;
        let after = file.instructions.partition_point(|i| i.lines.start <= at);
        let instruction = file.instructions[..after].last().filter(|i| at < i.lines.end)?;
        let comment = format!("# layerwise ignore={}{}", finding.code, ending.as_str());
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
    fn all_edits(&self) -> Option<WorkspaceEdit> {
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
    use crate::config::Builder;
    use crate::diagnostic::{Edit, Label};
    use crate::rules::{Overrides, Selection};
    use lsp_types::{Position, TextDocumentItem};

    /// The actions for the whole of a file whose every line names another image, and has a fix that is called safe but
    /// changes the image to `to`; and the first one after it was resolved, if it has no edit.
    fn all(count: usize, to: &str, client: &Client) -> (Vec<CodeAction>, Option<CodeAction>) {
        all_above(count, "", to, client)
    }

    /// The same with something `below` in the file.
    fn all_above(count: usize, below: &str, to: &str, client: &Client) -> (Vec<CodeAction>, Option<CodeAction>) {
        let text = "FROM a:1\n".repeat(count) + below;
        let item = TextDocumentItem::new("file:///x/Dockerfile".parse().expect("a URI"), "dockerfile".into(), 3, text);
        let document = Document::new(item);
        let settings = crate::lint::Settings {
            selection: Selection::new(None, &Overrides::default()),
            builder: Builder::Buildkit,
            project: None,
            histories: None,
            shellcheck: None,
        };
        let ground =
            Ground { patient: settings.clone(), quick: settings, baseline: None, files: Vec::new(), sources: None };
        let finding = |n: usize| {
            let span = Span::from(n * 9..n * 9 + 4);
            let edits = vec![Edit { span, replacement: to.to_owned() }];
            Diagnostic {
                code: "LW000",
                aliases: Vec::new(),
                severity: crate::diagnostic::Severity::Info,
                message: String::new(),
                primary: Label { span, message: String::new() },
                secondary: Vec::new(),
                members: Vec::new(),
                notes: Vec::new(),
                help: None,
                fix: Some(Fix::new("do it", Applicability::Safe, edits)),
            }
        };
        let findings: Vec<Diagnostic> = (0..count).map(finding).collect();
        let asked = Asked {
            document: &document,
            documents: &BTreeMap::new(),
            ground: &ground,
            findings: &findings,
            client,
            unsafe_fixes: false,
        };
        let whole = Range::new(Position::new(0, 0), Position::new(9999, 0));
        let list = asked.actions(whole, Some(&[CodeActionKind::QUICKFIX]));
        let list: Vec<CodeAction> = list.into_iter().filter(|action| action.title == "do it").collect();
        let mut open = list.iter().find(|action| action.data.is_some()).cloned();
        if let Some(action) = &mut open {
            asked.resolve(action);
        }
        (list, open)
    }

    #[test]
    fn of_many_fixes_the_first_are_shown_to_be_right_at_once() {
        let able = Client { resolves_edits: true, ..Client::default() };
        let (list, resolved) = all(MOST_PROOFS, "from", &able);
        assert_eq!((list.len(), resolved), (MOST_PROOFS, None));
        let (list, resolved) = all(MOST_PROOFS + 2, "from", &able);
        let has_edit: Vec<bool> = list.iter().map(|action| action.edit.is_some()).collect();
        assert_eq!(has_edit, [vec![true; MOST_PROOFS], vec![false; 2]].concat());
        let resolved = serde_json::to_value(resolved).expect("it is JSON");
        let start = &resolved["edit"]["changes"]["file:///x/Dockerfile"][0]["range"]["start"];
        assert_eq!(start["line"], MOST_PROOFS);
        // Who can't ask later gets those that are there now.
        let (list, _) = all(MOST_PROOFS + 2, "from", &Client::default());
        assert_eq!(list.len(), MOST_PROOFS);
        assert!(list.iter().all(|action| action.edit.is_some()));
    }

    #[test]
    fn of_a_long_file_fewer_fixes_are_shown_to_be_right_at_once() {
        let able = Client { resolves_edits: true, ..Client::default() };
        let at_once = |lines: usize| {
            let (list, resolved) = all_above(20, &"#\n".repeat(lines - 20), "from", &able);
            assert_eq!(list.len(), 20, "the others come later");
            assert!(resolved.is_some_and(|action| action.edit.is_some()));
            list.iter().filter(|action| action.edit.is_some()).count()
        };
        assert_eq!(at_once(MOST_READ / 10 - 1), 10);
        assert_eq!(at_once(MOST_READ * 2), LEAST_PROOFS, "of any file some are");
        let (list, _) = all_above(20, &format!("#{}", "x".repeat(MOST_READ * LONG_LINE)), "from", &able);
        assert_eq!(list.iter().filter(|action| action.edit.is_some()).count(), LEAST_PROOFS, "a line may be long");
    }

    #[test]
    fn what_is_not_shown_to_be_right_is_not_done_now_nor_later() {
        let able = Client { resolves_edits: true, disabled_actions: true, ..Client::default() };
        let (list, resolved) = all(MOST_PROOFS + 1, "RUN rm", &able);
        assert_eq!(list.iter().filter(|action| action.disabled.is_some()).count(), MOST_PROOFS);
        assert!(list.iter().all(|action| action.edit.is_none()));
        let resolved = resolved.expect("one is left");
        assert!(resolved.edit.is_none() && resolved.disabled.is_some(), "{resolved:?}");
        assert_eq!(all(3, "RUN rm", &Client::default()).0, []);
    }

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
