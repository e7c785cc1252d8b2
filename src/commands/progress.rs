//! A progress bar on standard error, for runs that take longer than a second.

use std::io::{self, IsTerminal};
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// The time after which the bar appears.
const DELAY: Duration = Duration::from_secs(1);

/// A progress bar that appears on long runs, if standard error is a terminal.
pub(super) struct Progress {
    bar: ProgressBar,
    start: Instant,
    /// Whether the bar can appear.
    is_enabled: bool,
    /// Whether standard output is a terminal, too, so that the bar must be hidden while the report is
    /// printed.
    is_shared: bool,
}

impl Progress {
    /// Creates a progress bar for inputs of these lengths that will be read. If the length of one is
    /// unknown, as that of a pipe is, the bar never appears.
    pub(super) fn new(lengths: impl Iterator<Item = Option<usize>>) -> Self {
        let mut progress = Self::hidden();
        let total = if io::stderr().is_terminal() {
            lengths.sum::<Option<usize>>()
        } else {
            None
        };
        if let Some(total) = total {
            progress.bar.set_length(total as u64);
            let template = "{bytes} of {total_bytes}, {bytes_per_sec}, {eta} left";
            if let Ok(style) = ProgressStyle::with_template(template) {
                progress.bar.set_style(style);
            }
            progress.is_enabled = true;
        }
        progress
    }

    /// Creates a progress bar that never appears.
    pub(super) fn hidden() -> Self {
        Self {
            bar: ProgressBar::with_draw_target(None, ProgressDrawTarget::hidden()),
            start: Instant::now(),
            is_enabled: false,
            is_shared: io::stdout().is_terminal(),
        }
    }

    /// Adds to the number of bytes that are done.
    pub(super) fn add(&self, bytes: usize) {
        self.bar.inc(bytes as u64);
        // Of compressed inputs, the length of the text is not known.
        if self
            .bar
            .length()
            .is_some_and(|length| self.bar.position() > length)
        {
            self.bar.unset_length();
            if let Ok(style) = ProgressStyle::with_template("{bytes}, {bytes_per_sec}") {
                self.bar.set_style(style);
            }
        }
        if self.is_enabled && self.bar.is_hidden() && self.start.elapsed() > DELAY {
            self.bar.set_draw_target(ProgressDrawTarget::stderr());
        }
    }

    /// Hides the bar while `print` prints to the terminal.
    pub(super) fn suspend<T>(&self, print: impl FnOnce() -> T) -> T {
        if self.is_shared && !self.bar.is_hidden() {
            self.bar.suspend(print)
        } else {
            print()
        }
    }

    /// Removes the bar.
    pub(super) fn finish(&self) {
        self.bar.finish_and_clear();
    }
}
