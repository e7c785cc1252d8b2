//! The memory of batches, which is used again for later ones.
//!
//! Otherwise, the system would have to provide and clear new memory for each batch, which takes as long
//! as reading its bytes.

use std::sync::{Arc, Mutex, PoisonError};

use super::batch::FrameRange;

/// The number of batches whose memory is kept.
const MAX_KEPT: usize = 8;

/// The maximum size of memory that is kept, in bytes. Only large payloads need more.
const MAX_SIZE: usize = 2 * 1024 * 1024;

/// The memory of a batch.
#[derive(Debug, Default)]
pub(super) struct BatchMemory {
    pub(super) bytes: Vec<u8>,
    pub(super) ranges: Vec<FrameRange>,
}

/// The memory of the batches of an input that were dropped.
#[derive(Debug, Clone, Default)]
pub(super) struct SpareMemory(Arc<Mutex<Vec<BatchMemory>>>);

impl SpareMemory {
    /// Returns empty memory, with the capacity of an earlier batch if one was dropped.
    pub(super) fn take(&self) -> BatchMemory {
        self.lock(Vec::pop).unwrap_or_default()
    }

    /// Keeps the memory of a batch.
    pub(super) fn keep(&self, mut memory: BatchMemory) {
        if memory.bytes.capacity() > MAX_SIZE {
            return;
        }
        memory.bytes.clear();
        memory.ranges.clear();
        self.lock(|kept| {
            if kept.len() < MAX_KEPT {
                kept.push(memory);
            }
        });
    }

    fn lock<T>(&self, access: impl FnOnce(&mut Vec<BatchMemory>) -> T) -> T {
        access(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}
