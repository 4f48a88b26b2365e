//! Work on many files at once, with a bar that shows how far it is.

use super::progress::Progress;
use rayon::prelude::*;
use std::sync::mpsc::{Sender, channel};
use std::{panic, thread};

/// Fewer pieces are done one after the other: starting threads costs more than they do.
const FEW: usize = 8;

/// Does `work` on each of `items`, in their order.
pub(super) fn each<I: Send, O: Send>(
    items: Vec<I>,
    progress: Option<Progress>,
    work: impl Fn(I) -> O + Sync + Send,
) -> Vec<O> {
    if items.len() >= FEW {
        return watched(progress, |done| {
            let one = |done: &mut Sender<usize>, item| {
                let result = work(item);
                let _ = done.send(1);
                result
            };
            items.into_par_iter().map_with(done, one).collect()
        });
    }
    let one = |item| {
        let result = work(item);
        progress.iter().for_each(|bar| bar.advance(1));
        result
    };
    items.into_iter().map(one).collect()
}

/// Does `work` on another thread, which sends how many pieces are done; this one draws the bar.
pub(super) fn watched<O: Send>(progress: Option<Progress>, work: impl FnOnce(Sender<usize>) -> O + Send) -> O {
    let (sender, receiver) = channel();
    thread::scope(|scope| {
        let worker = scope.spawn(move || work(sender));
        receiver.iter().for_each(|pieces| progress.iter().for_each(|bar| bar.advance(pieces)));
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
