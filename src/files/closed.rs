//! Detects whether standard output was closed when the program started.
//!
//! Before `main` runs, the standard library opens `/dev/null` for each closed standard stream, and
//! `main` cannot distinguish that from a `/dev/null` that was passed on purpose. So this module
//! checks before the standard library does.

use std::sync::atomic::{AtomicBool, Ordering};

static IS_STDOUT_CLOSED: AtomicBool = AtomicBool::new(false);

/// Returns `true` if standard output was closed.
pub fn is_stdout_closed() -> bool {
    IS_STDOUT_CLOSED.load(Ordering::Relaxed)
}

/// Records whether standard output is closed. This runs before `main`, for which the macro requires
/// the word `unsafe`. It is sound that early because it only asks the system for the flags of one
/// descriptor, and uses nothing of the standard library but an atomic.
#[cfg(unix)]
#[ctor::ctor(unsafe)]
fn record_stdout() {
    let flags = rustix::fs::fcntl_getfl(rustix::stdio::stdout());
    IS_STDOUT_CLOSED.store(flags.is_err(), Ordering::Relaxed);
}
