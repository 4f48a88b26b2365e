//! What LW109 asks of the whole file: each answer is worked out once, whatever the number of installs.

use super::managers::Manager;
use crate::model::Base;
use crate::rules::Context;
use crate::syntax::Keyword;
use std::cell::{OnceCell, RefCell};
use std::collections::HashMap;

/// The answers so far.
#[derive(Default)]
pub(super) struct Whole {
    /// Whether each RUN of the file that installs with APT fetches the lists first.
    pub(super) lists: OnceCell<bool>,
    /// By the name of a manager: whether something else looks for what it fetched.
    needed: RefCell<HashMap<&'static str, bool>>,
    /// By the name of a manager: the variable that gives it another cache.
    settings: RefCell<HashMap<&'static str, Option<&'static str>>>,
    /// What is known below each instruction.
    below: OnceCell<Vec<Below>>,
}

/// What is known below an instruction, with the stages that its own one starts from.
#[derive(Clone, Copy)]
pub(super) struct Below {
    /// Whether commands run as root, as far as the file tells.
    pub(super) root: bool,
    /// Whether the settings that empty the cache of APT are dealt with.
    pub(super) keeps_archives: bool,
}

impl Whole {
    pub(super) fn is_needed(&self, manager: &Manager, find: impl FnOnce() -> bool) -> bool {
        *self.needed.borrow_mut().entry(manager.name).or_insert_with(find)
    }

    /// The variable that gives the manager another cache, or none, if the file or the base sets one.
    pub(super) fn setting(&self, text: &str, manager: &Manager) -> Option<&'static str> {
        let find = || manager.settings.iter().copied().find(|s| text.contains(s));
        *self.settings.borrow_mut().entry(manager.name).or_insert_with(find)
    }

    /// What is known below the instruction `at`.
    pub(super) fn below(&self, cx: &Context<'_, '_>, at: usize) -> Below {
        self.below.get_or_init(|| below(cx))[at]
    }
}

fn below(cx: &Context<'_, '_>) -> Vec<Below> {
    let all = &cx.file.instructions;
    let speaks_of_it = cx.file.text.contains("docker-clean");
    let mut known = vec![Below { root: true, keeps_archives: false }; all.len()];
    for stage in &cx.model.stages {
        // A stage starts from one above it.
        if let Base::Stage(base) = stage.base {
            known[stage.from] = known[cx.model.stages[base].steps.end - 1];
        }
        for at in stage.steps.clone() {
            let (step, mut now) = (&all[at], known[at - 1]);
            if step.keyword == Keyword::User {
                let name = step.single().map_or("", |w| w.text.split(':').next().unwrap_or_default());
                now.root = matches!(name, "root" | "0");
            }
            now.keeps_archives |= speaks_of_it && step.span.of(cx.file.text).contains("docker-clean");
            known[at] = now;
        }
    }
    known
}
