//! Work on many files at once, with a bar that shows how far it is.

use super::progress::Progress;
use rayon::prelude::*;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::time::Duration;
use std::{panic, thread};

/// Fewer pieces are done one after the other: starting threads costs more than they do.
const FEW: usize = 8;
/// How often the bar moves. To wake its thread for each piece costs as much as checking a small file.
const TICK: Duration = Duration::from_millis(100);

/// How many pieces are done.
#[derive(Default)]
pub(super) struct Done(AtomicUsize);

impl Done {
    /// So many more are.
    pub(super) fn add(&self, pieces: usize) {
        // Nothing else is read by the number.
        self.0.fetch_add(pieces, Ordering::Relaxed);
    }

    fn count(&self) -> usize {
        self.0.load(Ordering::Relaxed)
    }
}

/// Does `work` on each of `items`, in their order.
pub(super) fn each<I: Send, O: Send>(
    items: Vec<I>,
    progress: Option<Progress>,
    work: impl Fn(I) -> O + Sync + Send,
) -> Vec<O> {
    if items.len() >= FEW {
        return watched(progress, |done| {
            let one = |item| {
                let result = work(item);
                done.add(1);
                result
            };
            items.into_par_iter().map(one).collect()
        });
    }
    let one = |item| {
        let result = work(item);
        progress.iter().for_each(|bar| bar.advance(1));
        result
    };
    items.into_iter().map(one).collect()
}

/// Does `work`, which says how many pieces are done: on another thread if there is a bar to draw meanwhile.
pub(super) fn watched<O: Send>(progress: Option<Progress>, work: impl FnOnce(&Done) -> O + Send) -> O {
    let done = Done::default();
    let Some(bar) = progress else { return work(&done) };
    let (ends, end) = channel::<()>();
    thread::scope(|scope| {
        let worker = scope.spawn(|| {
            // Dropped at the end, also that of a panic.
            let _ends = ends;
            work(&done)
        });
        let mut shown = 0;
        while end.recv_timeout(TICK) == Err(RecvTimeoutError::Timeout) {
            let count = done.count();
            bar.advance(count - shown);
            shown = count;
        }
        worker.join().unwrap_or_else(|cause| panic::resume_unwind(cause))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_stand_in_the_order_of_the_items() {
        for count in [0, 1, FEW - 1, FEW, 1000] {
            let items: Vec<usize> = (0..count).collect();
            let doubled: Vec<usize> = items.iter().map(|n| n * 2).collect();
            assert_eq!(each(items, Some(Progress::new(count, "counting")), |n| n * 2), doubled);
        }
    }

    #[test]
    fn a_panic_in_a_thread_is_one_here() {
        let result = panic::catch_unwind(|| each((0..100).collect(), None, |n| assert!(n < 50)));
        assert!(result.is_err());
    }
}
