//! Counts the bytes and items that scanners pass over, as a measure of their work.
//!
//! `tests/growth.rs` asserts that no input takes more than linear time. It runs each command on
//! texts of two sizes and compares these counts, since clocks differ from run to run. So code that
//! reads text whose length depends on the input adds the length:
//!
//! ```ignore
//! steps::add(text.len());
//! ```
//!
//! One call per pass is enough. A loop whose length is not known in advance adds its steps at its
//! end. Work that is repeated is added again, so that the test finds it. The steps are only counted
//! with the feature `count`, which this package's own tests enable; without it, a call does
//! nothing.
//!
//! Each thread has its own count, so that tests that run in parallel do not disturb each other.

#[cfg(feature = "count")]
use std::cell::Cell;

#[cfg(feature = "count")]
thread_local! {
    static STEPS: Cell<u64> = const { Cell::new(0) };
}

/// Adds a number of bytes or items.
#[inline]
pub fn add(steps: usize) {
    #[cfg(feature = "count")]
    STEPS.set(STEPS.get() + steps as u64);
    #[cfg(not(feature = "count"))]
    let _ = steps;
}

/// Returns the number of steps of this thread.
#[cfg(feature = "count")]
pub fn count() -> u64 {
    STEPS.get()
}
