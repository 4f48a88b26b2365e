//! Changes of text as the client takes them.

use super::client::Client;
use super::document::Document;
use super::place;
use super::position::Lines;
use crate::diagnostic::Addition;
use crate::fix::addition::{preview, with_lines};
use crate::source::Span;
use lsp_types::{
    CreateFile, CreateFileOptions, DocumentChangeOperation, DocumentChanges, OneOf,
    OptionalVersionedTextDocumentIdentifier, ResourceOp, TextDocumentEdit, TextEdit, Uri, WorkspaceEdit,
};
use similar::{DiffOp, TextDiff};

/// A text in the place of another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Replacement {
    pub(super) span: Span,
    pub(super) text: String,
}

/// What makes `new` of `old`, by whole lines: the cursor and the marks in other lines stay.
pub(super) fn between(old: &str, new: &str) -> Vec<Replacement> {
    // Lines as Docker has them, so that a carriage return is no end of one.
    let (old_lines, new_lines): (Vec<&str>, Vec<&str>) = (lines(old), lines(new));
    let diff = TextDiff::from_slices(&old_lines, &new_lines);
    let (from, to) = (starts(&old_lines), starts(&new_lines));
    let changed = diff.ops().iter().filter(|op| !matches!(op, DiffOp::Equal { .. }));
    changed
        .map(|op| {
            let (before, after) = (op.old_range(), op.new_range());
            let text = new[to[after.start]..to[after.end]].to_owned();
            Replacement { span: Span::from(from[before.start]..from[before.end]), text }
        })
        .collect()
}

fn lines(text: &str) -> Vec<&str> {
    text.split_inclusive('\n').collect()
}

/// Where each line starts, and where the last one ends.
fn starts(lines: &[&str]) -> Vec<usize> {
    let mut starts = vec![0];
    for line in lines {
        starts.push(starts[starts.len() - 1] + line.len());
    }
    starts
}

/// `list` as an edit of the document at `uri`.
pub(super) fn of(
    uri: &Uri,
    version: i32,
    lines: &Lines<'_>,
    list: impl IntoIterator<Item = Replacement>,
    client: &Client,
) -> WorkspaceEdit {
    let edits = list.into_iter().map(|r| TextEdit::new(lines.range(r.span), r.text)).collect();
    one(uri, Some(version), edits, client)
}

/// Lines at the end of another file, which is made if it is not there; if it is open, at the end of what the client has
/// of it. None if the client can't make it, if the file can't be read, or if the lines are there already.
pub(super) fn addition(addition: &Addition, open: Option<&Document>, client: &Client) -> Option<WorkspaceEdit> {
    let (uri, before, after) = match open {
        Some(document) => {
            (document.uri.clone(), document.text.to_string(), with_lines(&document.text, &addition.lines))
        }
        None => {
            let (before, after) = preview(&addition.path, &addition.lines).ok()?;
            (place::uri(&addition.path)?, before, after)
        }
    };
    let new = after.strip_prefix(before.as_str()).filter(|new| !new.is_empty())?.to_owned();
    let end = Lines::new(&before, client.encoding).position(before.len());
    let edit = TextEdit::new(lsp_types::Range::new(end, end), new);
    if open.is_some() || addition.path.symlink_metadata().is_ok() {
        return Some(one(&uri, open.map(|document| document.version), vec![edit], client));
    }
    if !client.creates_files {
        return None;
    }
    let options = Some(CreateFileOptions { overwrite: Some(false), ignore_if_exists: Some(true) });
    let create = ResourceOp::Create(CreateFile { uri: uri.clone(), options, annotation_id: None });
    let operations =
        vec![DocumentChangeOperation::Op(create), DocumentChangeOperation::Edit(versioned(&uri, None, vec![edit]))];
    Some(WorkspaceEdit { document_changes: Some(DocumentChanges::Operations(operations)), ..WorkspaceEdit::default() })
}

fn one(uri: &Uri, version: Option<i32>, edits: Vec<TextEdit>, client: &Client) -> WorkspaceEdit {
    if client.versioned_edits {
        let edits = vec![versioned(uri, version, edits)];
        return WorkspaceEdit { document_changes: Some(DocumentChanges::Edits(edits)), ..WorkspaceEdit::default() };
    }
    WorkspaceEdit { changes: Some([(uri.clone(), edits)].into()), ..WorkspaceEdit::default() }
}

fn versioned(uri: &Uri, version: Option<i32>, edits: Vec<TextEdit>) -> TextDocumentEdit {
    let text_document = OptionalVersionedTextDocumentIdentifier { uri: uri.clone(), version };
    TextDocumentEdit { text_document, edits: edits.into_iter().map(OneOf::Left).collect() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::lsp::position::Encoding;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn the_replacements_make_the_new_text(old in "[ab\r\n]{0,20}", new in "[ab\r\n]{0,20}") {
            let mut text = old.clone();
            let list = between(&old, &new);
            prop_assert!(list.windows(2).all(|pair| pair[0].span.end <= pair[1].span.start));
            for replacement in list.iter().rev() {
                text.replace_range(replacement.span.range(), &replacement.text);
            }
            prop_assert_eq!(text, new);
        }
    }

    #[test]
    fn lines_that_stay_are_not_touched() {
        let list = between("a\nb\nc\nd\n", "a\nc\nb\nd\n");
        assert!(list.iter().all(|r| r.span.start >= 2 && r.span.end <= 6), "{list:?}");
    }

    #[test]
    fn a_file_that_is_not_there_is_made_if_the_client_can() {
        let folder = tempfile::tempdir().expect("a folder");
        let added = Addition { path: folder.path().join(".dockerignore"), lines: vec![".git".into()] };
        let able = Client { versioned_edits: true, creates_files: true, ..Client::default() };
        let json =
            |client: &Client| addition(&added, None, client).map(|e| serde_json::to_value(e).expect("it is JSON"));
        let made = json(&able).expect("an edit");
        assert_eq!(made["documentChanges"][0]["kind"], "create");
        assert_eq!(made["documentChanges"][1]["edits"][0]["newText"], ".git\n");
        assert_eq!(json(&Client::default()), None);
        std::fs::write(&added.path, "a\nb").expect("a file");
        let place = |edit: &serde_json::Value| edit["range"]["start"].clone();
        let there = json(&able).expect("an edit");
        let edit = &there["documentChanges"][0]["edits"][0];
        assert_eq!(
            (&edit["newText"], place(edit)),
            (&"\n.git\n".into(), serde_json::json!({ "line": 1, "character": 1 }))
        );
        let old = json(&Client::default()).expect("an edit");
        let (_, edits) = old["changes"].as_object().and_then(|o| o.iter().next()).expect("a file");
        assert_eq!(&edits[0], edit);
    }

    #[test]
    fn an_old_client_gets_edits_without_a_version() {
        let text = "FROM a\n";
        let uri: Uri = "file:///x".parse().expect("a URI");
        let lines = Lines::new(text, Encoding::Utf16);
        let edit =
            |client: &Client| of(&uri, 3, &lines, [Replacement { span: Span::new(5, 6), text: "b".into() }], client);
        assert!(edit(&Client::default()).document_changes.is_none());
        let new = serde_json::to_value(edit(&Client { versioned_edits: true, ..Client::default() })).expect("JSON");
        assert_eq!(new["documentChanges"][0]["textDocument"]["version"], 3);
    }
}
