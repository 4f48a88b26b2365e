//! What the client can do, and what it is told that the server can.

use super::position::Encoding;
use lsp_types::{
    CodeActionKind, CodeActionOptions, CodeActionProviderCapability, CodeLensOptions, HoverProviderCapability,
    InitializeParams, ResourceOperationKind, SaveOptions, ServerCapabilities, TextDocumentSyncCapability,
    TextDocumentSyncKind, TextDocumentSyncOptions, TextDocumentSyncSaveOptions, Uri,
};
use std::path::PathBuf;

/// Everything that can be mended, in one go.
pub(super) const FIX_ALL: CodeActionKind = CodeActionKind::new("source.fixAll.layerwise");

/// What the client said of itself. What it did not speak of, it can't do.
#[derive(Debug, Default)]
pub(super) struct Client {
    pub(super) encoding: Encoding,
    /// The folder that is open.
    pub(super) root: Option<PathBuf>,
    /// Findings may name other places.
    pub(super) related: bool,
    /// Findings may be tagged.
    pub(super) tags: bool,
    /// Edits may say which version they are for.
    pub(super) versioned_edits: bool,
    /// Edits may make files.
    pub(super) creates_files: bool,
    /// The edit of an action may be asked for later.
    pub(super) resolves_edits: bool,
    /// An action may be shown that can't be taken.
    pub(super) disabled_actions: bool,
    /// Actions are objects; else only commands, of which there are none.
    pub(super) literal_actions: bool,
    /// It can be asked to ask for the lenses again.
    pub(super) refreshes_lenses: bool,
    /// It tells of changed files if it is asked to.
    pub(super) watches_files: bool,
    /// It can be asked for its settings.
    pub(super) has_settings: bool,
}

impl Client {
    pub(super) fn new(params: &InitializeParams) -> Self {
        let all = &params.capabilities;
        let text = all.text_document.as_ref();
        let workspace = all.workspace.as_ref();
        let published = text.and_then(|t| t.publish_diagnostics.as_ref());
        let action = text.and_then(|t| t.code_action.as_ref());
        let edit = workspace.and_then(|w| w.workspace_edit.as_ref());
        let resolved = action.and_then(|a| a.resolve_support.as_ref());
        let operations = edit.and_then(|e| e.resource_operations.as_deref()).unwrap_or_default();
        let versioned_edits = edit.and_then(|e| e.document_changes) == Some(true);
        Self {
            encoding: Encoding::choose(all.general.as_ref().and_then(|g| g.position_encodings.as_deref())),
            root: root(params).as_ref().and_then(super::place::path),
            related: published.and_then(|p| p.related_information) == Some(true),
            tags: published.is_some_and(|p| p.tag_support.is_some()),
            versioned_edits,
            creates_files: versioned_edits && operations.contains(&ResourceOperationKind::Create),
            resolves_edits: resolved.is_some_and(|r| r.properties.iter().any(|p| p == "edit"))
                && action.and_then(|a| a.data_support) == Some(true),
            disabled_actions: action.and_then(|a| a.disabled_support) == Some(true),
            literal_actions: action.is_some_and(|a| a.code_action_literal_support.is_some()),
            refreshes_lenses: workspace.and_then(|w| w.code_lens.as_ref()?.refresh_support) == Some(true),
            watches_files: workspace.and_then(|w| w.did_change_watched_files?.dynamic_registration) == Some(true),
            has_settings: workspace.and_then(|w| w.configuration) == Some(true),
        }
    }
}

#[expect(deprecated, reason = "older clients name the folder only this way")]
fn root(params: &InitializeParams) -> Option<Uri> {
    let folders = params.workspace_folders.as_deref().unwrap_or_default();
    folders.first().map(|folder| folder.uri.clone()).or_else(|| params.root_uri.clone())
}

/// What the server can do for this client.
pub(super) fn server(client: &Client) -> ServerCapabilities {
    let sync = TextDocumentSyncOptions {
        open_close: Some(true),
        change: Some(TextDocumentSyncKind::INCREMENTAL),
        save: Some(TextDocumentSyncSaveOptions::SaveOptions(SaveOptions { include_text: Some(false) })),
        ..TextDocumentSyncOptions::default()
    };
    let actions = CodeActionOptions {
        code_action_kinds: Some(vec![CodeActionKind::QUICKFIX, FIX_ALL]),
        resolve_provider: Some(client.resolves_edits),
        ..CodeActionOptions::default()
    };
    ServerCapabilities {
        position_encoding: Some(client.encoding.kind()),
        text_document_sync: Some(TextDocumentSyncCapability::Options(sync)),
        hover_provider: Some(HoverProviderCapability::Simple(true)),
        code_action_provider: client.literal_actions.then_some(CodeActionProviderCapability::Options(actions)),
        code_lens_provider: Some(CodeLensOptions { resolve_provider: Some(false) }),
        ..ServerCapabilities::default()
    }
}
