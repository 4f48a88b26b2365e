//! The program as the rest of layerwise sees it: scripts in, comments out, each script once.

use super::answer::Comment;
use super::program::{self, Trouble};
use rayon::prelude::*;
use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// The fewest and the most scripts that one process is given. A process costs as much as several scripts.
const FEWEST: usize = 8;
const MOST: usize = 64;

/// A ShellCheck program, and all that it has said so far.
#[derive(Debug)]
pub struct Checker {
    program: PathBuf,
    /// Whether the program may be asked.
    asks: bool,
    said: Arc<Mutex<HashMap<String, Arc<[Comment]>>>>,
    trouble: Mutex<Option<Trouble>>,
}

impl Checker {
    /// The program at the absolute path `program`.
    pub fn new(program: PathBuf) -> Self {
        Self { program, asks: true, said: Arc::default(), trouble: Mutex::default() }
    }

    /// One that knows what this one was told and will be, but never asks the program: a script that is new to it has
    /// no comments.
    pub fn recalled(&self) -> Self {
        Self { program: self.program.clone(), asks: false, said: Arc::clone(&self.said), trouble: Mutex::default() }
    }

    /// Whether the program was asked about all of `scripts`.
    pub fn knows(&self, scripts: &[&str]) -> bool {
        let said = lock(&self.said);
        scripts.iter().all(|script| said.contains_key(*script))
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
        let size = new.len().div_ceil(rayon::current_num_threads()).clamp(FEWEST, MOST);
        let parts: Vec<&[&str]> = new.chunks(size).collect();
        match parts.as_slice() {
            [] => {}
            // Starting threads costs more than they give.
            [only] => {
                self.run(only);
                done(only.len());
            }
            _ => parts.par_iter().for_each(|part| {
                self.run(part);
                done(part.len());
            }),
        }
        let said = lock(&self.said);
        scripts.iter().map(|script| said.get(*script).cloned().unwrap_or_default()).collect()
    }

    fn run(&self, scripts: &[&str]) {
        let answers = program::run(&self.program, scripts, program::TIME_LIMIT).unwrap_or_else(|trouble| {
            lock(&self.trouble).get_or_insert(trouble);
            vec![Vec::new(); scripts.len()]
        });
        let new = scripts.iter().zip(answers).map(|(script, answer)| ((*script).to_owned(), answer.into()));
        lock(&self.said).extend(new);
    }

    /// Takes the first thing that went wrong.
    pub fn trouble(&self) -> Option<Trouble> {
        lock(&self.trouble).take()
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    // What is inside is whole at any time.
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
