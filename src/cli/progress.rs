//! A progress bar for work that takes so long that a person at a terminal begins to wonder.

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::time::{Duration, Instant};

/// What is done sooner shows no bar: one that only flashes up disturbs.
const DELAY: Duration = Duration::from_secs(1);

/// The way through a number of pieces of work, shown on standard error if that is a terminal.
pub(super) struct Progress {
    bar: ProgressBar,
    began: Instant,
    delay: Duration,
    /// Where the bar will be drawn, until it is due.
    waiting: std::cell::Cell<Option<ProgressDrawTarget>>,
}

impl Progress {
    /// A bar for `pieces` pieces of work. Draw it from the thread that holds standard error.
    pub(super) fn new(pieces: usize, what: &'static str) -> Self {
        Self::on(ProgressDrawTarget::stderr(), DELAY, pieces, what)
    }

    fn on(target: ProgressDrawTarget, delay: Duration, pieces: usize, what: &'static str) -> Self {
        let bar = ProgressBar::with_draw_target(Some(pieces as u64), ProgressDrawTarget::hidden());
        if let Ok(style) = ProgressStyle::with_template("{msg} [{bar:30}] {pos}/{len}, {eta} left") {
            bar.set_style(style.progress_chars("=> "));
        }
        bar.set_message(what);
        Self { bar, began: Instant::now(), delay, waiting: std::cell::Cell::new(Some(target)) }
    }

    /// One piece is done.
    pub(super) fn step(&self) {
        self.advance(1);
    }

    /// So many pieces are done.
    pub(super) fn advance(&self, pieces: usize) {
        if self.began.elapsed() >= self.delay
            && let Some(target) = self.waiting.take()
        {
            self.bar.set_draw_target(target);
        }
        self.bar.inc(pieces as u64);
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use indicatif::InMemoryTerm;

    fn on(terminal: &InMemoryTerm, delay: Duration) -> Progress {
        let target = ProgressDrawTarget::term_like_with_hz(Box::new(terminal.clone()), 255);
        Progress::on(target, delay, 300, "replaying commits")
    }

    #[test]
    fn quick_work_shows_no_bar() {
        let terminal = InMemoryTerm::new(10, 80);
        let progress = on(&terminal, Duration::from_secs(3600));
        (0..300).for_each(|_| progress.step());
        assert_eq!(terminal.contents(), "");
    }

    #[test]
    fn long_work_shows_how_far_it_is_and_leaves_no_trace() {
        let terminal = InMemoryTerm::new(10, 80);
        let progress = on(&terminal, Duration::ZERO);
        (0..150).for_each(|_| progress.step());
        progress.bar.force_draw();
        let shown = terminal.contents();
        assert!(shown.starts_with("replaying commits [===============>"), "{shown}");
        assert!(shown.contains(" 150/300, "), "{shown}");
        drop(progress);
        assert_eq!(terminal.contents(), "");
    }
}
