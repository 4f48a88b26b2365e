//! Requests that wait until the heat of a document is known.

use super::background::{Job, Task};
use super::heat;
use super::hover;
use super::position::Lines;
use super::server::Server;
use lsp_server::{ErrorCode, RequestId, Response};
use lsp_types::Position;
use std::sync::Arc;

/// What waits, and whether something is being worked out for it.
#[derive(Default)]
pub(super) struct Waiting {
    requests: Vec<(RequestId, String, Question)>,
    is_worked_on: bool,
}

/// What was asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Question {
    Lenses,
    Hover(Position),
}

impl Server {
    /// Answers now if the heat is known or not needed, else later.
    pub(super) fn ask_for_heat(&mut self, id: RequestId, key: &str, question: Question) {
        if !self.answered(&id, key, question) {
            self.waiting.requests.push((id, key.to_owned(), question));
            self.work_out_heat();
        }
    }

    /// The client does not want the answer any more.
    pub(super) fn cancel(&mut self, id: &RequestId) {
        let all = std::mem::take(&mut self.waiting.requests);
        let (gone, kept) = all.into_iter().partition(|(waiting, _, _)| waiting == id);
        self.waiting.requests = kept;
        self.give_up(gone, ErrorCode::RequestCanceled, "canceled");
    }

    /// The text that was asked about is no more.
    pub(super) fn outdated(&mut self, key: &str) {
        let all = std::mem::take(&mut self.waiting.requests);
        let (gone, kept) = all.into_iter().partition(|(_, waiting, _)| waiting == key);
        self.waiting.requests = kept;
        self.give_up(gone, ErrorCode::ContentModified, "the document has changed");
    }

    /// The heat of some text of a document was worked out.
    pub(super) fn heat_is_known(&mut self, key: &str) {
        self.waiting.is_worked_on = false;
        for (id, waiting, question) in std::mem::take(&mut self.waiting.requests) {
            if waiting != key || !self.answered(&id, &waiting, question) {
                self.waiting.requests.push((id, waiting, question));
            }
        }
        self.work_out_heat();
    }

    fn give_up(&self, requests: Vec<(RequestId, String, Question)>, code: ErrorCode, message: &str) {
        for (id, _, _) in requests {
            self.answer(Response::new_err(id, code as i32, message.to_owned()));
        }
    }

    /// Has the heat worked out that the first request waits for, unless some is being worked out: by the time that is
    /// done, a newer text may be there.
    fn work_out_heat(&mut self) {
        let Some((_, key, _)) = self.waiting.requests.first().filter(|_| !self.waiting.is_worked_on) else { return };
        let key = key.clone();
        let Some(ground) = self.ground(&key) else { return };
        let Some(document) = self.documents.get(&key) else { return };
        let (text, settings) = (Arc::clone(&document.text), ground.patient.clone());
        let job = Job { task: Task::Heat, uri: key, text, settings, look: self.look };
        self.waiting.is_worked_on = self.jobs.send(job).is_ok();
    }

    /// Answers if all is known.
    fn answered(&mut self, id: &RequestId, key: &str, question: Question) -> bool {
        let findings = match self.findings(key) {
            Some(findings) => findings,
            // It is not open, or none of ours.
            None => {
                self.answer(Response::new_ok(id.clone(), ()));
                return true;
            }
        };
        let Some(document) = self.documents.get(key) else { return false };
        let encoding = self.client.encoding;
        match question {
            Question::Lenses => {
                let Some(report) = document.heat() else { return false };
                let lines = Lines::new(&document.text, encoding);
                let lenses = report.as_ref().map_or_else(|_| Vec::new(), |r| heat::lenses(&document.text, &lines, r));
                self.answer(Response::new_ok(id.clone(), lenses));
            }
            Question::Hover(place) => {
                let (hover, is_whole) = hover::of(document, &findings, place, encoding);
                // What a finding says is worth more now than all of it later.
                if hover.is_none() && !is_whole {
                    return false;
                }
                self.answer(Response::new_ok(id.clone(), hover));
            }
        }
        true
    }
}
