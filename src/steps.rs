//! How much work was done: a count of the bytes and items that scanners pass over.
//!
//! That no input takes more than linear time is asserted by `tests/growth.rs`, which runs each
//! command over texts of two sizes and compares these counts, since clocks differ from run to run.
//! So whatever looks at text of a length that an input decides says how much of it it looked at:
//!
//! ```ignore
//! steps::add(text.len());
//! ```
//!
//! One call for each pass is enough, and a loop whose length is not known before adds what it went
//! through at its end. Work that is done again is added again: that is what the test finds. Only
//! the feature `count` compiles the count in, which this package's own tests switch on; without it
//! a call is nothing.
//!
//! The count is that of the thread, so that tests that run side by side do not disturb each other.

#[cfg(feature = "count")]
use std::cell::Cell;

#[cfg(feature = "count")]
thread_local! {
    static TAKEN: Cell<u64> = const { Cell::new(0) };
}

/// Adds what was passed over, in bytes or items.
#[inline]
pub fn add(count: usize) {
    #[cfg(feature = "count")]
    TAKEN.set(TAKEN.get() + count as u64);
    #[cfg(not(feature = "count"))]
    let _ = count;
}

/// Returns how many steps this thread has taken since it started.
#[cfg(feature = "count")]
pub fn taken() -> u64 {
    TAKEN.get()
}
