//! What has to be put away when a signal ends layerwise while the program is at work: the folders it was given, with
//! scripts of the user, and its processes.

use std::io;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStderr, ChildStdout, Command, ExitStatus};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};
use std::{fs, mem, thread};
use tempfile::TempDir;

/// The folders and processes in use.
#[derive(Debug, Default)]
pub struct AtWork(Mutex<Vec<Arc<Work>>>);

#[derive(Debug)]
struct Work {
    folder: PathBuf,
    process: Mutex<Option<Child>>,
}

/// A folder, which is removed with it, and the process that works there.
pub(super) struct Place<'w> {
    // In this order: a folder is on the list until it is gone.
    folder: TempDir,
    listed: Listed<'w>,
}

struct Listed<'w> {
    all: &'w AtWork,
    work: Arc<Work>,
}

/// Between two looks at a process that is about to end.
const LONGEST_PAUSE: Duration = Duration::from_millis(20);
/// How often a folder is emptied that somebody still writes to.
const TRIES: usize = 100;

impl AtWork {
    /// A new folder, without a process.
    pub(super) fn place(&self) -> io::Result<Place<'_>> {
        // Under the lock: [`AtWork::end`] knows it, or there is none.
        let mut all = lock(&self.0);
        let folder = tempfile::tempdir()?;
        let work = Arc::new(Work { folder: folder.path().to_owned(), process: Mutex::default() });
        all.push(Arc::clone(&work));
        Ok(Place { folder, listed: Listed { all: self, work } })
    }

    /// Ends the processes and removes the folders. Whoever wants another one then waits for ever: the process is
    /// about to end.
    pub fn end(&self) {
        let all = lock(&self.0);
        for work in all.iter() {
            // Kept: none is started any more.
            let mut process = lock(&work.process);
            if let Some(process) = process.as_mut() {
                let _ = process.kill().and_then(|()| process.wait());
            }
            mem::forget(process);
            let is_gone = |_| fs::remove_dir_all(&work.folder).is_ok() || !work.folder.exists();
            let _ = (0..TRIES).any(is_gone);
        }
        mem::forget(all);
    }
}

impl Place<'_> {
    pub(super) fn path(&self) -> &Path {
        self.folder.path()
    }

    /// Starts the process, and gives what it prints: its output and its messages.
    pub(super) fn start(&self, command: &mut Command) -> io::Result<(Option<ChildStdout>, Option<ChildStderr>)> {
        let mut process = lock(&self.listed.work.process);
        let child = process.insert(command.spawn()?);
        Ok((child.stdout.take(), child.stderr.take()))
    }

    /// Waits until the process ends, and ends it after `limit`. Nothing if none was started.
    pub(super) fn wait(&self, limit: Duration) -> io::Result<Option<ExitStatus>> {
        let start = Instant::now();
        let mut pause = Duration::from_micros(50);
        loop {
            // A signal needs the lock, and the process on the list until it has ended.
            let mut process = lock(&self.listed.work.process);
            let Some(child) = process.as_mut() else { return Ok(None) };
            let status = match child.try_wait()? {
                None if start.elapsed() >= limit => Some(child.kill().and_then(|()| child.wait())?),
                status => status,
            };
            if status.is_some() {
                *process = None;
                return Ok(status);
            }
            drop(process);
            thread::sleep(pause);
            pause = (pause * 2).min(LONGEST_PAUSE);
        }
    }
}

impl Drop for Listed<'_> {
    fn drop(&mut self) {
        lock(&self.all.0).retain(|work| !Arc::ptr_eq(work, &self.work));
    }
}

pub(super) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    // What is inside is whole at any time.
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
