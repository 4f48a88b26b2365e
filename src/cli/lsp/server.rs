//! The session: what is open, what is known of it, and what is still to be told.

use super::actions::Asked;
use super::background::{Done, Job, Task};
use super::client::Client;
use super::diagnostics;
use super::document::{Document, Ground};
use super::guard::guarded;
use super::mistakes;
use super::place;
use super::position::Lines;
use super::transport::Outbox;
use super::waiting::Waiting;
use super::wishes::Wishes;
use super::workspace::Workspace;
use crate::cli::failure::Failure;
use crate::cli::shell::Shell;
use crate::config::ConfigError;
use crate::diagnostic::Diagnostic;
use crate::lint::{self, FileReport, shell_scripts};
use crate::report::safe;
use lsp_server::{Message, Notification, Request, RequestId, Response};
use lsp_types::{MessageType, PublishDiagnosticsParams, ShowMessageParams};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::mpsc::Sender;

pub(super) struct Server {
    pub(super) client: Client,
    pub(super) wishes: Wishes,
    /// What the command line says of ShellCheck; it stands above the settings of the editor.
    pub(super) shellcheck: Option<String>,
    pub(super) workspace: Workspace,
    pub(super) documents: BTreeMap<String, Document>,
    pub(super) waiting: Waiting,
    pub(super) jobs: Sender<Job>,
    pub(super) stops: bool,
    pub(super) outbox: Outbox,
    /// Messages that were shown: each once.
    shown: HashSet<String>,
    /// The configurations whose mistakes the client shows.
    mistaken: BTreeSet<PathBuf>,
    /// How often configurations, ignore files and contexts were read again.
    pub(super) look: u64,
    /// The patterns of files that the client tells of.
    pub(super) watched: BTreeSet<String>,
    sent: i32,
}

impl Server {
    pub(super) fn new(
        client: Client,
        workspace: Workspace,
        shellcheck: Option<String>,
        jobs: Sender<Job>,
        outbox: Outbox,
    ) -> Self {
        Self {
            client,
            wishes: Wishes::default(),
            shellcheck,
            workspace,
            documents: BTreeMap::new(),
            waiting: Waiting::default(),
            jobs,
            stops: false,
            outbox,
            shown: HashSet::new(),
            mistaken: BTreeSet::new(),
            look: 0,
            watched: BTreeSet::new(),
            sent: 0,
        }
    }

    /// How the document is linted; found anew if that may have changed.
    pub(super) fn ground(&mut self, key: &str) -> Option<Arc<Ground>> {
        let document = self.documents.get(key)?;
        let (ground, failures) = self.workspace.ground(document);
        for failure in failures {
            match failure {
                Failure::Config(error) => self.tell_mistakes(&error),
                other => self.show(MessageType::ERROR, &safe::line(&other.to_string())),
            }
        }
        self.documents.get_mut(key)?.ground = Some(Arc::clone(&ground));
        self.watch_files(ground.files.iter().map(PathBuf::as_path));
        Some(ground)
    }

    /// The findings of the present text.
    pub(super) fn findings(&mut self, key: &str) -> Option<Arc<Vec<Diagnostic>>> {
        let document = self.documents.get(key).filter(|document| document.is_dockerfile)?;
        if let Some(known) = &document.findings {
            return Some(Arc::clone(known));
        }
        let (text, path) = (Arc::clone(&document.text), document.path.clone());
        let ground = self.ground(key)?;
        let found = guarded(|| lint::lint(&text, &ground.quick)).unwrap_or_else(|panic| {
            self.show(MessageType::ERROR, &format!("layerwise failed on this file, so it was not checked: {panic}"));
            Vec::new()
        });
        let found = Arc::new(match (&ground.baseline, path) {
            (Some(baseline), Some(path)) => {
                let path = path.to_string_lossy().into_owned();
                let mut report = FileReport { path, text: text.to_string(), findings: found };
                let _ = baseline.apply(&mut report, &self.workspace.root, &ground.quick);
                report.findings
            }
            _ => found,
        });
        self.documents.get_mut(key)?.findings = Some(Arc::clone(&found));
        Some(found)
    }

    /// Checks what changed, and publishes what is new.
    pub(super) fn settle(&mut self) {
        if self.stops {
            return;
        }
        let changed = |document: &&Document| document.is_dockerfile && document.findings.is_none();
        let keys: Vec<String> = self.documents.values().filter(changed).map(|d| d.uri.as_str().to_owned()).collect();
        for key in keys {
            let Some(findings) = self.findings(&key) else { continue };
            let Some(document) = self.documents.get_mut(&key) else { continue };
            let lines = Lines::new(&document.text, self.client.encoding);
            let one = |finding| diagnostics::of(&document.text, &lines, &document.uri, finding, &self.client);
            let list: Vec<lsp_types::Diagnostic> = findings.iter().map(one).collect();
            let (version, uri) = (document.version, document.uri.clone());
            if document.published.as_ref().is_some_and(|old| (old.0, &old.1) == (version, &list)) {
                continue;
            }
            document.published = Some((version, list.clone()));
            self.publish(PublishDiagnosticsParams::new(uri, list, Some(version)));
        }
    }

    /// Has Git and ShellCheck asked about a document.
    pub(super) fn learn(&mut self, key: &str) {
        let Some(ground) = self.ground(key) else { return };
        let Some(document) = self.documents.get_mut(key).filter(|document| document.is_dockerfile) else { return };
        document.unasked = false;
        let (text, settings) = (Arc::clone(&document.text), ground.patient.clone());
        let _ = self.jobs.send(Job { task: Task::Learn, uri: key.to_owned(), text, settings, look: self.look });
    }

    /// Nobody types at the moment: a good time to ask ShellCheck about new scripts.
    pub(super) fn pause(&mut self) {
        let unasked: Vec<String> =
            self.documents.values().filter(|d| d.unasked).map(|d| d.uri.as_str().to_owned()).collect();
        for key in unasked {
            let Some(ground) = self.ground(&key) else { continue };
            let Some(document) = self.documents.get_mut(&key) else { continue };
            document.unasked = false;
            let scripts = shell_scripts(&document.text);
            let scripts: Vec<&str> = scripts.iter().map(|script| script.text.text()).collect();
            if ground.patient.shellcheck.as_ref().is_some_and(|checker| !checker.knows(&scripts)) {
                self.learn(&key);
            }
        }
    }

    /// Whether a document waits for a pause.
    pub(super) fn awaits_pause(&self) -> bool {
        !self.stops && self.documents.values().any(|document| document.unasked)
    }

    /// What the other thread has worked out.
    pub(super) fn done(&mut self, done: Done) {
        match done {
            Done::Learnt => {
                self.documents.values_mut().for_each(|document| document.findings = None);
                let mut failures = Vec::new();
                let mut told = Vec::new();
                // It names the scripts that were not read.
                let report = |document: &Document| FileReport {
                    path: document.path.as_deref().map_or_else(String::new, |path| path.display().to_string()),
                    text: document.text.to_string(),
                    findings: Vec::new(),
                };
                let reports: Vec<FileReport> =
                    self.documents.values().filter(|d| d.is_dockerfile).map(report).collect();
                let _ = self.workspace.shared.shell.conclude(false, &reports, &mut failures, &mut told);
                let told = String::from_utf8_lossy(&told).trim().to_owned();
                for message in failures.iter().map(ToString::to_string).chain((!told.is_empty()).then_some(told)) {
                    self.show(MessageType::WARNING, &message);
                }
            }
            Done::Heat { uri, heat, look } => {
                // What was begun before the last look may be by another configuration or another ignore file.
                if let Some(document) = self.documents.get_mut(&uri).filter(|_| look == self.look) {
                    document.heat = Some(heat);
                }
                self.heat_is_known(&uri);
            }
        }
    }

    /// Reads configurations, ignore files and contexts again.
    pub(super) fn refresh(&mut self) {
        self.workspace.refresh();
        self.look += 1;
        let mistaken = std::mem::take(&mut self.mistaken);
        for document in self.documents.values_mut() {
            (document.ground, document.findings, document.heat) = (None, None, None);
        }
        let keys: Vec<String> = self.documents.keys().cloned().collect();
        keys.iter().for_each(|key| self.learn(key));
        // What is mended by now is shown no more.
        for path in mistaken.difference(&self.mistaken.clone()) {
            if let Some(uri) = place::uri(path) {
                self.publish(PublishDiagnosticsParams::new(uri, Vec::new(), None));
            }
        }
        if self.client.refreshes_lenses && !keys.is_empty() {
            self.request("workspace/codeLens/refresh", &());
        }
    }

    /// Takes new settings of the editor.
    pub(super) fn wish(&mut self, value: &serde_json::Value) {
        let (wishes, wrong) = Wishes::read(value);
        wrong.iter().for_each(|message| self.show(MessageType::WARNING, &format!("layerwise: {message}")));
        if wishes == self.wishes {
            return;
        }
        if wishes.shellcheck != self.wishes.shellcheck {
            match Shell::new(self.shellcheck.as_deref().or(wishes.shellcheck.as_deref()), false) {
                Ok(shell) => self.workspace.shared.shell = shell,
                Err(failure) => self.show(MessageType::WARNING, &failure.to_string()),
            }
        }
        self.wishes = wishes;
        self.refresh();
    }

    /// Calls `ask` with all that is known of a document.
    pub(super) fn asked<T>(&mut self, key: &str, ask: impl FnOnce(&Asked<'_>) -> T) -> Option<T> {
        let findings = self.findings(key)?;
        let ground = self.ground(key)?;
        let document = self.documents.get(key)?;
        let (documents, client, unsafe_fixes) = (&self.documents, &self.client, self.wishes.unsafe_fixes);
        Some(ask(&Asked { document, documents, ground: &ground, findings: &findings, client, unsafe_fixes }))
    }

    fn tell_mistakes(&mut self, error: &ConfigError) {
        let help = "the settings of this configuration don't count until it is mended";
        self.show(MessageType::ERROR, &format!("{error}; {help}"));
        for (path, list) in mistakes::by_file(error, &self.workspace.root, self.client.encoding) {
            if let Some(uri) = place::uri(&path) {
                self.publish(PublishDiagnosticsParams::new(uri, list, None));
                self.watch_files([path.as_path()]);
                self.mistaken.insert(path);
            }
        }
    }

    /// Shows a message, unless it was shown before.
    pub(super) fn show(&mut self, kind: MessageType, message: &str) {
        if self.shown.insert(message.to_owned()) {
            self.notify("window/showMessage", &ShowMessageParams { typ: kind, message: message.to_owned() });
        }
    }

    fn publish(&self, params: PublishDiagnosticsParams) {
        self.notify("textDocument/publishDiagnostics", &params);
    }

    /// Takes the findings of a document off the client.
    pub(super) fn close(&mut self, key: &str) {
        if let Some(document) = self.documents.remove(key)
            && document.published.is_some()
        {
            self.publish(PublishDiagnosticsParams::new(document.uri, Vec::new(), None));
        }
    }

    pub(super) fn answer(&self, response: Response) {
        self.outbox.send(&Message::Response(response));
    }

    pub(super) fn notify(&self, method: &str, params: &impl Serialize) {
        self.outbox.send(&Message::Notification(Notification::new(method.to_owned(), params)));
    }

    /// Asks the client something, and gives the name of the question.
    pub(super) fn request(&mut self, method: &str, params: &impl Serialize) -> RequestId {
        self.sent += 1;
        let id = RequestId::from(self.sent);
        self.outbox.send(&Message::Request(Request::new(id.clone(), method.to_owned(), params)));
        id
    }
}
