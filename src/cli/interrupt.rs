//! Ctrl-C while files are written: the file at hand is finished, so that no temporary one stays beside it, and then
//! the process ends as the signal has it, which is what a shell or a pipeline looks for. While ShellCheck is at work, its
//! processes are ended first, and its folders removed.

#[cfg(unix)]
pub(super) use unix::{Interrupt, at_once_while, end_all, end_by, end_with_process};

#[cfg(not(unix))]
pub(super) use other::{Interrupt, at_once_while, end_all, end_by, end_with_process};

/// The number of a signal.
pub(super) type Signal = i32;

/// The name that people know it by.
pub(super) fn name(signal: Signal) -> &'static str {
    match signal {
        1 => "SIGHUP",
        2 => "SIGINT",
        15 => "SIGTERM",
        _ => "a signal",
    }
}

#[cfg(unix)]
mod unix {
    use super::Signal;
    use crate::shellcheck::AtWork;
    use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
    use signal_hook::{flag, low_level};
    use std::io::{self, Read, Write};
    use std::os::unix::net::UnixStream;
    use std::process::abort;
    use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
    use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
    use std::{fs, thread};

    /// What is to be ended with the process, while nothing is written.
    static WATCH: Mutex<Watch> = Mutex::new(Watch { interrupt: None, writes: false, ends: Vec::new() });

    struct Watch {
        /// Once signals are noted.
        interrupt: Option<Interrupt>,
        /// Whether what is written has to be finished.
        writes: bool,
        ends: Vec<Arc<AtWork>>,
    }

    /// Signals that would end the process, which are only noted. A second one ends it at once, as does each one after
    /// [`Interrupt::caught_at_end`].
    #[derive(Clone, Debug, Default)]
    pub(in crate::cli) struct Interrupt {
        caught: Arc<AtomicUsize>,
        at_once: Arc<AtomicBool>,
    }

    impl Interrupt {
        /// Notes signals from now on, if there is something to write.
        pub(in crate::cli) fn new(writes: bool) -> Self {
            if !writes {
                return Self::default();
            }
            // Waits for ever if a signal is about to end the process.
            let mut watch = watch();
            watch.writes = true;
            let note = || {
                let interrupt = Self::default();
                signals().into_iter().for_each(|signal| interrupt.note(signal, None));
                interrupt
            };
            watch.interrupt.get_or_insert_with(note).clone()
        }

        /// With `tell`, a byte is written there for each signal.
        fn note(&self, signal: Signal, tell: Option<UnixStream>) {
            // They are done in this order. If the system refuses the first, the signal stays as it was.
            let _ = flag::register_usize(signal, Arc::clone(&self.caught), signal as usize)
                .and_then(|_| tell.map_or(Ok(()), |tell| low_level::pipe::register(signal, tell).map(drop)))
                .and_then(|()| flag::register_conditional_default(signal, Arc::clone(&self.at_once)))
                .and_then(|_| flag::register(signal, Arc::clone(&self.at_once)));
        }

        /// The signal that came.
        pub(in crate::cli) fn caught(&self) -> Option<Signal> {
            match self.caught.load(Ordering::SeqCst) {
                0 => None,
                signal => Some(signal as Signal),
            }
        }

        /// The same, once nothing is left to finish.
        pub(in crate::cli) fn caught_at_end(&self) -> Option<Signal> {
            self.at_once.store(true, Ordering::SeqCst);
            self.caught()
        }
    }

    /// Has a signal that ends the process end what is `at_work` first.
    pub(in crate::cli) fn end_with_process(at_work: &Arc<AtWork>) {
        let mut watch = watch();
        watch.ends.push(Arc::clone(at_work));
        if watch.interrupt.is_none() {
            // Without it, a signal leaves a folder behind: no reason not to go on.
            watch.interrupt = begin().ok();
        }
    }

    /// Does `work`, during which a signal ends the process at once: it may wait for somebody else for ever.
    pub(in crate::cli) fn at_once_while<T>(work: impl FnOnce() -> T) -> T {
        let noted = watch().interrupt.clone();
        let before = noted.as_ref().is_some_and(|interrupt| interrupt.at_once.swap(true, Ordering::SeqCst));
        let done = work();
        noted.iter().for_each(|interrupt| interrupt.at_once.store(before, Ordering::SeqCst));
        done
    }

    /// Ends what is at work, before the process ends by itself.
    pub(in crate::cli) fn end_all() {
        watch().ends.iter().for_each(|at_work| at_work.end());
    }

    fn begin() -> io::Result<Interrupt> {
        let (mut told, mut tell) = UnixStream::pair()?;
        let interrupt = Interrupt::default();
        let tells: Vec<_> =
            signals().into_iter().map(|signal| Ok((signal, tell.try_clone()?))).collect::<io::Result<_>>()?;
        let noted = interrupt.clone();
        thread::Builder::new().spawn(move || {
            while told.read_exact(&mut [0]).is_ok() {
                let watch = watch();
                if let (false, Some(signal)) = (watch.writes, noted.caught()) {
                    watch.ends.iter().for_each(|at_work| at_work.end());
                    end_by(signal);
                }
            }
        })?;
        tells.into_iter().for_each(|(signal, tell)| interrupt.note(signal, Some(tell)));
        if interrupt.caught().is_some() {
            // It may have come before the stream was known.
            tell.write_all(&[0])?;
        }
        Ok(interrupt)
    }

    fn watch() -> MutexGuard<'static, Watch> {
        WATCH.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Ends the process as `signal` does where nobody handles it.
    pub(in crate::cli) fn end_by(signal: Signal) -> ! {
        let _ = low_level::emulate_default_handler(signal);
        abort()
    }

    /// The signals that end the process. What is ignored, as by `nohup` or in the background of a script, stays so. Where
    /// nobody says what is, the signal that `nohup` is about is left alone.
    fn signals() -> Vec<Signal> {
        let ignored = ignored();
        let is_ignored = |signal| ignored.map_or(signal == SIGHUP, |set| set >> (signal - 1) & 1 == 1);
        [SIGHUP, SIGINT, SIGTERM].into_iter().filter(|&signal| !is_ignored(signal)).collect()
    }

    /// The signals that whoever started the process had it ignore, as bits, where the system tells.
    fn ignored() -> Option<u64> {
        let status = fs::read_to_string("/proc/self/status").ok()?;
        let set = status.lines().find_map(|line| line.strip_prefix("SigIgn:"))?;
        u64::from_str_radix(set.trim(), 16).ok()
    }
}

#[cfg(not(unix))]
mod other {
    use super::Signal;
    use crate::shellcheck::AtWork;
    use std::sync::Arc;

    /// There are no such signals.
    #[derive(Debug)]
    pub(in crate::cli) struct Interrupt;

    impl Interrupt {
        pub(in crate::cli) fn new(_: bool) -> Self {
            Self
        }

        pub(in crate::cli) fn caught(&self) -> Option<Signal> {
            None
        }

        pub(in crate::cli) fn caught_at_end(&self) -> Option<Signal> {
            None
        }
    }

    pub(in crate::cli) fn end_with_process(_: &Arc<AtWork>) {}

    pub(in crate::cli) fn at_once_while<T>(work: impl FnOnce() -> T) -> T {
        work()
    }

    pub(in crate::cli) fn end_all() {}

    pub(in crate::cli) fn end_by(_: Signal) -> ! {
        unreachable!("no signal is noted")
    }
}
