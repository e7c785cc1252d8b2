//! How far a long run has come: a line on stderr, on a terminal, from the first second on.

use std::io::{self, IsTerminal};
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use mewshook::input::Origin;

/// Shorter runs need no such line.
const SOON: Duration = Duration::from_secs(1);

/// A line that shows itself when there is something to wait for.
pub(super) struct Progress {
    bar: ProgressBar,
    start: Instant,
    is_possible: bool,
    /// Whether the report goes to a terminal too.
    is_shared: bool,
}

impl Progress {
    /// For inputs that are about to be read. Where the size of one is not known, as that of a pipe,
    /// there is no such line: how far the run has come can't be said.
    pub(super) fn new<'o>(origins: impl IntoIterator<Item = &'o Origin>) -> Self {
        let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::hidden());
        let is_terminal = io::stderr().is_terminal();
        let size = || {
            origins
                .into_iter()
                .map(Origin::length)
                .sum::<Option<usize>>()
        };
        let size = if is_terminal { size() } else { None };
        if let Some(size) = size {
            bar.set_length(size as u64);
            let template = "{bytes} of {total_bytes}, {bytes_per_sec}, {eta} left";
            if let Ok(style) = ProgressStyle::with_template(template) {
                bar.set_style(style);
            }
        }
        Self {
            bar,
            start: Instant::now(),
            is_possible: size.is_some(),
            is_shared: io::stdout().is_terminal(),
        }
    }

    /// So many more bytes are done with.
    pub(super) fn add(&self, bytes: usize) {
        self.bar.inc(bytes as u64);
        if self.is_possible && self.bar.is_hidden() && self.start.elapsed() > SOON {
            self.bar.set_draw_target(ProgressDrawTarget::stderr());
        }
    }

    /// Makes way for what is printed meanwhile.
    pub(super) fn aside<T>(&self, print: impl FnOnce() -> T) -> T {
        if self.is_shared && !self.bar.is_hidden() {
            self.bar.suspend(print)
        } else {
            print()
        }
    }

    /// Takes the line away.
    pub(super) fn finish(&self) {
        self.bar.finish_and_clear();
    }
}
