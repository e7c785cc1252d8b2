//! Finds out whether standard output was closed when the program started.
//!
//! Before `main`, the standard library opens `/dev/null` in place of a closed standard stream, and
//! `main` can't distinguish that from a `/dev/null` that was passed on purpose. So this runs before
//! the standard library does.

use std::sync::atomic::{AtomicBool, Ordering};

static IS_STDOUT_CLOSED: AtomicBool = AtomicBool::new(false);

/// Returns `true` if standard output was closed when the program started.
pub fn is_stdout_closed() -> bool {
    IS_STDOUT_CLOSED.load(Ordering::Relaxed)
}

/// Runs before `main`. The macro requires the word `unsafe`; this is sound so early because it asks
/// the system for the flags of one descriptor, and of the standard library uses an atomic alone.
#[cfg(unix)]
#[ctor::ctor(unsafe)]
fn check_stdout() {
    let flags = rustix::fs::fcntl_getfl(rustix::stdio::stdout());
    IS_STDOUT_CLOSED.store(flags.is_err(), Ordering::Relaxed);
}
