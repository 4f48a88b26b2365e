//! What the client says, one message after the other.

use super::document::Document;
use super::guard::guarded;
use super::server::Server;
use super::waiting::Question;
use super::wishes::Wishes;
use lsp_server::{ErrorCode, Message, Notification, Request, RequestId, Response};
use lsp_types::{
    CodeAction, CodeActionParams, CodeLensParams, DidChangeTextDocumentParams, DidCloseTextDocumentParams,
    DidOpenTextDocumentParams, HoverParams, MessageType, ShowMessageParams,
};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

impl Server {
    /// Takes a message. Gives the exit code if it was the last one.
    pub(super) fn take(&mut self, message: Message) -> Option<u8> {
        match message {
            Message::Notification(n) if n.method == "exit" => return Some(u8::from(!self.stops)),
            // Only requests are still answered: the old ones, and new ones with a refusal.
            Message::Notification(n) if self.stops && n.method != "$/cancelRequest" => {}
            Message::Response(_) if self.stops => {}
            Message::Notification(n) => {
                let method = n.method.clone();
                match guarded(|| self.notified(n)) {
                    Ok(Ok(())) => {}
                    Ok(Err(error)) => self.log(&format!("{method} could not be read: {error}")),
                    Err(panic) => self.log(&format!("{method} failed: {panic}")),
                }
            }
            Message::Request(request) => {
                let id = request.id.clone();
                let response = match guarded(|| self.requested(request)) {
                    Ok(answer) => answer,
                    Err(panic) => Some(Response::new_err(id, ErrorCode::InternalError as i32, panic)),
                };
                response.into_iter().for_each(|response| self.answer(response));
            }
            // The only answer that says something is the one to the question for settings.
            Message::Response(response) => {
                if let Ok(Value::Array(list)) = response.response_result
                    && let Some(value) = list.first().filter(|value| !value.is_null())
                {
                    self.wish(value);
                }
            }
        }
        None
    }

    /// The client is ready.
    fn ready(&mut self) {
        self.watch_names();
        self.ask_for_settings();
    }

    fn ask_for_settings(&mut self) {
        if self.client.has_settings {
            self.request("workspace/configuration", &json!({ "items": [{ "section": "layerwise" }] }));
        }
    }

    fn notified(&mut self, n: Notification) -> serde_json::Result<()> {
        match n.method.as_str() {
            "initialized" => self.ready(),
            "textDocument/didOpen" => {
                let item = read::<DidOpenTextDocumentParams>(n.params)?.text_document;
                let key = item.uri.as_str().to_owned();
                self.documents.insert(key.clone(), Document::new(item));
                self.settle();
                self.learn(&key);
            }
            "textDocument/didChange" => {
                let params: DidChangeTextDocumentParams = read(n.params)?;
                let key = params.text_document.uri.as_str();
                if let Some(document) = self.documents.get_mut(key) {
                    document.change(params.text_document.version, &params.content_changes, self.client.encoding);
                    self.outdated(key);
                }
            }
            "textDocument/didClose" => {
                let params: DidCloseTextDocumentParams = read(n.params)?;
                let key = params.text_document.uri.as_str();
                self.close(key);
                self.outdated(key);
            }
            // What else was saved can't be told: a configuration, an ignore file.
            "textDocument/didSave" | "workspace/didChangeWatchedFiles" => self.refresh(),
            "workspace/didChangeConfiguration" => match n.params.get("settings").and_then(Wishes::section) {
                Some(section) => self.wish(&section),
                // What was known still counts, unless the client has an answer of its own.
                None => self.ask_for_settings(),
            },
            "$/cancelRequest" => {
                let id = read(n.params.get("id").cloned().unwrap_or_default())?;
                self.cancel(&id);
            }
            _ => {}
        }
        Ok(())
    }

    fn requested(&mut self, request: Request) -> Option<Response> {
        let Request { id, method, params } = request;
        if self.stops {
            let message = "the server is shut down".to_owned();
            return Some(Response::new_err(id, ErrorCode::InvalidRequest as i32, message));
        }
        let result = match method.as_str() {
            "shutdown" => {
                self.stops = true;
                Ok(Some(Value::Null))
            }
            "initialize" => {
                let message = "the session has begun already".to_owned();
                return Some(Response::new_err(id, ErrorCode::InvalidRequest as i32, message));
            }
            "textDocument/codeAction" => read(params).and_then(|params| self.actions(&params).map(Some)),
            "codeAction/resolve" => read(params).and_then(|action| self.resolve(action).map(Some)),
            "textDocument/codeLens" => read(params).map(|params: CodeLensParams| {
                self.ask_for_heat(id.clone(), params.text_document.uri.as_str(), Question::Lenses);
                None
            }),
            "textDocument/hover" => read(params).map(|params: HoverParams| {
                let at = params.text_document_position_params;
                self.ask_for_heat(id.clone(), at.text_document.uri.as_str(), Question::Hover(at.position));
                None
            }),
            _ => {
                let message = format!("there is no method {method}");
                return Some(Response::new_err(id, ErrorCode::MethodNotFound as i32, message));
            }
        };
        match result {
            Ok(answer) => answer.map(|value| Response::new_ok(id, value)),
            Err(error) => Some(invalid(id, &error)),
        }
    }

    fn actions(&mut self, params: &CodeActionParams) -> serde_json::Result<Value> {
        let only = params.context.only.as_deref();
        let actions = self.asked(params.text_document.uri.as_str(), |asked| asked.actions(params.range, only));
        serde_json::to_value(actions.unwrap_or_default())
    }

    fn resolve(&mut self, mut action: CodeAction) -> serde_json::Result<Value> {
        let uri = action.data.as_ref().and_then(|data| data["uri"].as_str()).unwrap_or_default().to_owned();
        self.asked(&uri, |asked| asked.resolve(&mut action));
        if let Some(disabled) = &action.disabled {
            // It has been chosen already, so that nobody would see why nothing happens.
            let message = format!("layerwise: \"{}\" was not done: {}", action.title, disabled.reason);
            self.notify("window/showMessage", &ShowMessageParams { typ: MessageType::WARNING, message });
        }
        serde_json::to_value(action)
    }

    fn log(&self, message: &str) {
        self.notify("window/logMessage", &json!({ "type": MessageType::WARNING, "message": message }));
    }
}

fn read<T: DeserializeOwned>(params: Value) -> serde_json::Result<T> {
    serde_json::from_value(params)
}

fn invalid(id: RequestId, error: &serde_json::Error) -> Response {
    Response::new_err(id, ErrorCode::InvalidParams as i32, error.to_string())
}
