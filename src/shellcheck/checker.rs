//! The program as the rest of layerwise sees it: scripts in, comments out, each script once.

use super::answer::Comment;
use super::program::{self, Trouble};
use super::store::Store;
use super::work::{AtWork, lock};
use rayon::prelude::*;
use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, Once, OnceLock};
use std::time::Duration;

/// The fewest and the most scripts that one process is given. A process costs as much as several scripts.
const FEWEST: usize = 8;
const MOST: usize = 64;

/// How long things may take. [`MOST`] scripts take a second.
#[derive(Clone, Copy, Debug)]
pub(super) struct Limits {
    /// One process.
    pub(super) first: Duration,
    /// One that gets a part of the scripts of another that failed.
    pub(super) again: Duration,
    /// All processes together that gave no answer in time. Then no more are started.
    pub(super) lost: Duration,
}

const LIMITS: Limits =
    Limits { first: Duration::from_secs(60), again: Duration::from_secs(10), lost: Duration::from_secs(180) };

/// A script that nobody can object to.
const SOUND: &str = "#!/bin/sh\n:\n";

/// A ShellCheck program, and all that it has said so far.
#[derive(Debug)]
pub struct Checker {
    program: PathBuf,
    /// Whether the program may be asked.
    asks: bool,
    limits: Limits,
    store: Option<Store>,
    said: Arc<Mutex<HashMap<String, Arc<[Comment]>>>>,
    unread: Mutex<Unread>,
    /// Whether it answers at all. It is asked when it fails.
    works: OnceLock<bool>,
    gave_up: AtomicBool,
    at_work: Arc<AtWork>,
    /// Is told before the program is started for the first time.
    guard: Option<Guard>,
    guarded: Once,
}

/// Sees to it that what is at work is ended with the process.
pub type Guard = fn(&Arc<AtWork>);

/// What got no answer.
#[derive(Debug, Default)]
struct Unread {
    scripts: HashSet<String>,
    trouble: Option<Trouble>,
    lost: Duration,
}

impl Checker {
    /// The program at the absolute path `program`. What it says is kept in the folder `kept`, if one is given.
    pub fn new(program: PathBuf, kept: Option<&Path>) -> Self {
        Self::with_limits(program, kept, LIMITS)
    }

    pub(super) fn with_limits(program: PathBuf, kept: Option<&Path>, limits: Limits) -> Self {
        Self {
            store: kept.and_then(|folder| Store::new(folder, &program)),
            program,
            asks: true,
            limits,
            said: Arc::default(),
            unread: Mutex::default(),
            works: OnceLock::new(),
            gave_up: AtomicBool::new(false),
            at_work: Arc::default(),
            guard: None,
            guarded: Once::new(),
        }
    }

    /// The same, with `guard`.
    #[must_use]
    pub fn guarded_by(self, guard: Guard) -> Self {
        Self { guard: Some(guard), ..self }
    }

    /// One that knows what this one was told and will be, but never asks the program: a script that is new to it has
    /// no comments.
    pub fn recalled(&self) -> Self {
        let fresh = Self::with_limits(self.program.clone(), None, self.limits);
        Self { asks: false, said: Arc::clone(&self.said), ..fresh }
    }

    /// Whether the program was asked about all of `scripts`.
    pub fn knows(&self, scripts: &[&str]) -> bool {
        let (said, unread) = (lock(&self.said), lock(&self.unread));
        scripts.iter().all(|script| said.contains_key(*script) || unread.scripts.contains(*script))
    }

    /// What the program says of each of `scripts`. Those that it was not asked about yet go to few processes. What it gave no
    /// answer to has no comments; [`Checker::trouble`] tells why.
    pub fn ask(&self, scripts: &[&str]) -> Vec<Arc<[Comment]>> {
        self.ask_and_tell(scripts, |_| {})
    }

    /// As [`Checker::ask`]; `done` is called with the number of scripts that an answer came for.
    pub fn ask_and_tell(&self, scripts: &[&str], done: impl Fn(usize) + Sync) -> Vec<Arc<[Comment]>> {
        let mut new: Vec<&str> = {
            let said = lock(&self.said);
            scripts.iter().copied().filter(|script| self.asks && !said.contains_key(*script)).collect()
        };
        new.sort_unstable();
        new.dedup();
        if let Some(store) = &self.store {
            new.retain(|script| match store.get(script) {
                Some(comments) => {
                    lock(&self.said).insert((*script).to_owned(), comments.into());
                    false
                }
                None => true,
            });
        }
        done(scripts.len() - new.len());
        let size = new.len().div_ceil(rayon::current_num_threads()).clamp(FEWEST, MOST);
        let parts: Vec<&[&str]> = new.chunks(size).collect();
        match parts.as_slice() {
            [] => {}
            // Starting threads costs more than they give.
            [only] => {
                self.run(only, self.limits.first);
                done(only.len());
            }
            _ => parts.par_iter().for_each(|part| {
                self.run(part, self.limits.first);
                done(part.len());
            }),
        }
        let said = lock(&self.said);
        scripts.iter().map(|script| said.get(*script).cloned().unwrap_or_default()).collect()
    }

    /// Keeps what was said for the next run.
    pub fn save(&self) {
        if let Some(store) = &self.store {
            store.save();
        }
    }

    /// Takes the first thing that went wrong.
    pub fn trouble(&self) -> Option<Trouble> {
        lock(&self.unread).trouble.take()
    }

    /// Whether the program gave no answer to `script`, or was not asked for one.
    pub fn left_unread(&self, script: &str) -> bool {
        lock(&self.unread).scripts.contains(script) || !self.asks && !lock(&self.said).contains_key(script)
    }

    fn run(&self, scripts: &[&str], limit: Duration) {
        if self.gave_up.load(Ordering::Relaxed) {
            return self.leave(scripts, None);
        }
        self.guarded.call_once(|| self.guard.iter().for_each(|guard| guard(&self.at_work)));
        match program::run(&self.program, scripts, limit, &self.at_work) {
            Ok(answers) => {
                if let Some(store) = &self.store {
                    scripts.iter().zip(&answers).for_each(|(script, answer)| store.put(script, answer));
                }
                self.hear(scripts.iter().zip(answers));
            }
            Err(trouble) => self.retry(scripts, trouble),
        }
    }

    /// Finds out by halves which of `scripts` the program fails on, if it is the script's doing.
    fn retry(&self, scripts: &[&str], trouble: Trouble) {
        let goes_on = match trouble {
            Trouble::Start { .. } | Trouble::Files(_) => false,
            Trouble::TooSlow(time) => {
                let mut unread = lock(&self.unread);
                unread.lost += time;
                unread.lost < self.limits.lost
            }
            Trouble::Failed { .. } | Trouble::Nonsense(_) => true,
        };
        let probe = || program::run(&self.program, &[SOUND], self.limits.again, &self.at_work).is_ok();
        if !goes_on || !*self.works.get_or_init(probe) {
            self.gave_up.store(true, Ordering::Relaxed);
            return self.leave(scripts, Some(trouble));
        }
        match scripts {
            [] | [_] => self.leave(scripts, Some(trouble)),
            _ => {
                let (left, right) = scripts.split_at(scripts.len() / 2);
                self.run(left, self.limits.again);
                self.run(right, self.limits.again);
            }
        }
    }

    /// Does without an answer to `scripts`.
    fn leave(&self, scripts: &[&str], trouble: Option<Trouble>) {
        let mut unread = lock(&self.unread);
        unread.scripts.extend(scripts.iter().map(|script| (*script).to_owned()));
        unread.trouble = unread.trouble.take().or(trouble);
        self.hear(scripts.iter().zip(std::iter::repeat_with(Vec::new)));
    }

    fn hear<'s>(&self, answers: impl Iterator<Item = (&'s &'s str, Vec<Comment>)>) {
        lock(&self.said).extend(answers.map(|(script, answer)| ((*script).to_owned(), answer.into())));
    }
}

#[cfg(all(test, unix))]
mod tests;
