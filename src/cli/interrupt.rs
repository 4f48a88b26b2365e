//! Ctrl-C while files are written: the file at hand is finished, so that no temporary one stays beside it, and then
//! the process ends as the signal has it, which is what a shell or a pipeline looks for.

#[cfg(unix)]
pub(super) use unix::{Interrupt, end_by};

#[cfg(not(unix))]
pub(super) use other::{Interrupt, end_by};

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
    use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
    use signal_hook::{flag, low_level};
    use std::fs;
    use std::process::abort;
    use std::sync::Arc;
    use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

    /// While it is there, signals that end the process are only noted. A second one ends it at once, as does each one
    /// after [`Interrupt::caught_at_end`].
    #[derive(Debug)]
    pub(in crate::cli) struct Interrupt {
        caught: Arc<AtomicUsize>,
        at_once: Arc<AtomicBool>,
    }

    impl Interrupt {
        /// Notes signals from now on, if there is something to write.
        pub(in crate::cli) fn new(writes: bool) -> Self {
            let interrupt = Self { caught: Arc::default(), at_once: Arc::default() };
            if !writes {
                return interrupt;
            }
            // What is ignored, as by `nohup` or in the background of a script, stays so. Where nobody says what is,
            // the signal that `nohup` is about is left alone.
            let ignored = ignored();
            for signal in [SIGHUP, SIGINT, SIGTERM] {
                let is_ignored = ignored.map_or(signal == SIGHUP, |set| set >> (signal - 1) & 1 == 1);
                if !is_ignored {
                    interrupt.note(signal);
                }
            }
            interrupt
        }

        fn note(&self, signal: Signal) {
            // They are done in this order. One that the system refuses leaves the signal as it was.
            let _ = flag::register_conditional_default(signal, Arc::clone(&self.at_once))
                .and_then(|_| flag::register_usize(signal, Arc::clone(&self.caught), signal as usize))
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

    /// Ends the process as `signal` does where nobody handles it.
    pub(in crate::cli) fn end_by(signal: Signal) -> ! {
        let _ = low_level::emulate_default_handler(signal);
        abort()
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

    pub(in crate::cli) fn end_by(_: Signal) -> ! {
        unreachable!("no signal is noted")
    }
}
