//! Memory that is used again.
//!
//! Otherwise, the system would have to provide and clear new memory for each batch and each chunk, which
//! takes as long as reading its bytes.

use std::sync::{Arc, Mutex, PoisonError};

/// Empty buffers of earlier work. Copies share them.
#[derive(Debug)]
pub(crate) struct Spare<T>(Arc<Mutex<Vec<T>>>);

impl<T: Default> Spare<T> {
    /// The number of buffers that are kept: about as many as are in use at a time.
    const MAX_KEPT: usize = 8;

    /// Returns an empty buffer, with the capacity of an earlier one if one was kept.
    pub(crate) fn take(&self) -> T {
        self.lock(Vec::pop).unwrap_or_default()
    }

    /// Keeps a buffer, which is empty.
    pub(crate) fn keep(&self, buffer: T) {
        self.lock(|kept| {
            if kept.len() < Self::MAX_KEPT {
                kept.push(buffer);
            }
        });
    }

    fn lock<R>(&self, access: impl FnOnce(&mut Vec<T>) -> R) -> R {
        access(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

// Not derived, since that would need a buffer that can be copied.
impl<T> Clone for Spare<T> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<T> Default for Spare<T> {
    fn default() -> Self {
        Self(Arc::default())
    }
}
