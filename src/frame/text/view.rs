//! The bytes of a text by their offsets in the input.
//!
//! Scans last from one arrival of bytes to the next, while those before them are consumed. So what
//! they remember are offsets in the input, and not in a buffer.

/// The bytes that have arrived and were not consumed.
#[derive(Clone, Copy)]
pub(super) struct View<'b> {
    pub(super) bytes: &'b [u8],
    /// The offset of the first one.
    pub(super) front: u64,
    /// Whether no more follow.
    pub(super) is_complete: bool,
}

impl<'b> View<'b> {
    /// Returns the index of an offset, which is at most the number of bytes.
    pub(super) fn index(self, offset: u64) -> usize {
        usize::try_from(offset.saturating_sub(self.front))
            .map_or(self.bytes.len(), |index| index.min(self.bytes.len()))
    }

    /// Returns the bytes from an offset on.
    pub(super) fn from(self, offset: u64) -> &'b [u8] {
        &self.bytes[self.index(offset)..]
    }

    /// Returns the bytes between two offsets.
    pub(super) fn range(self, start: u64, end: u64) -> &'b [u8] {
        &self.bytes[self.index(start)..self.index(end)]
    }

    /// Returns the offset after the last byte.
    pub(super) fn end(self) -> u64 {
        self.front + self.bytes.len() as u64
    }
}
