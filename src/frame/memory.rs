//! The memory of batches, which is used again for later ones.

use crate::spare::Spare;

use super::batch::FrameRange;

/// The size of the bytes of a batch up to which its memory is kept. Only large payloads need more.
const MAX_SIZE: usize = 2 * 1024 * 1024;

/// The memory of a batch.
#[derive(Debug, Default)]
pub(super) struct BatchMemory {
    pub(super) bytes: Vec<u8>,
    pub(super) ranges: Vec<FrameRange>,
}

impl BatchMemory {
    /// Keeps the memory for another batch.
    pub(super) fn keep(mut self, spare: &Spare<Self>) {
        if self.bytes.capacity() <= MAX_SIZE {
            self.bytes.clear();
            self.ranges.clear();
            spare.keep(self);
        }
    }
}
