//! What may take long, on a thread of its own: Git, ShellCheck, and going through a history.

use super::document::Heat;
use super::guard::guarded;
use crate::cli::cache;
use crate::lint::{Settings, shell_scripts};
use crate::model::Model;
use crate::syntax::parse;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::mpsc::{Sender, channel};
use std::thread;

/// Something to do.
pub(super) struct Job {
    pub(super) task: Task,
    /// The document.
    pub(super) uri: String,
    pub(super) text: Arc<str>,
    pub(super) settings: Settings,
    /// Which look at the files of the project the settings are of.
    pub(super) look: u64,
}

/// What is to be done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Task {
    /// Read the history, and ask ShellCheck.
    Learn,
    /// Work out the heat.
    Heat,
}

/// What came of it.
pub(super) enum Done {
    /// The history of the repository around this context is read, and ShellCheck said what it says.
    Learnt,
    /// The heat of the document `uri`, by the settings of a `look`.
    Heat { uri: String, heat: Box<Heat>, look: u64 },
}

/// A thread that works on jobs in the order in which they come, and hands what came of each to `tell` until that
/// gives false. It ends when the sender is dropped.
pub(super) fn start(tell: impl Fn(Done) -> bool + Send + 'static) -> Sender<Job> {
    let (sender, jobs) = channel::<Job>();
    thread::spawn(move || {
        for job in jobs {
            let done = match job.task {
                Task::Learn => {
                    // What could not be learnt is missing from the findings, no more.
                    let _ = guarded(|| learn(&job));
                    Done::Learnt
                }
                Task::Heat => {
                    let report = guarded(|| cache::of_text(&job.text, &job.settings).map_err(|e| e.to_string()));
                    let report = report.unwrap_or_else(|panic| Err(format!("layerwise failed: {panic}")));
                    Done::Heat { uri: job.uri, heat: Box::new(Heat { text: job.text, report }), look: job.look }
                }
            };
            if !tell(done) {
                return;
            }
        }
    });
    sender
}

fn learn(job: &Job) {
    if let (Some(histories), Some(root)) = (&job.settings.histories, root(job)) {
        let _ = histories.of(&root);
    }
    if let Some(checker) = &job.settings.shellcheck {
        let scripts = shell_scripts(&job.text);
        checker.ask(&scripts.iter().map(|script| script.text.text()).collect::<Vec<_>>());
    }
}

/// The folder of the context.
fn root(job: &Job) -> Option<PathBuf> {
    let sources = || Model::new(&parse(&job.text)).context_sources();
    job.settings.project.as_ref()?.get(sources).ok()?.map(|project| project.root.clone())
}
