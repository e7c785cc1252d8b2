//! The text of a chunk, in memory that is used again for later ones.

use std::ops::{Deref, DerefMut};

use crate::spare::Spare;

/// The capacity up to which memory is kept. Longer text is moved to a file, and buffers grow by doubling.
const MAX_CAPACITY: usize = 2 * super::chunk::MAX_IN_MEMORY;

/// The text of a chunk. Its memory is kept when it is dropped.
#[derive(Debug)]
pub(crate) struct ChunkText {
    bytes: Vec<u8>,
    spare: Spare<Vec<u8>>,
}

impl ChunkText {
    /// Creates an empty text in the memory of an earlier one, if there is any.
    pub(super) fn new(spare: &Spare<Vec<u8>>) -> Self {
        Self {
            bytes: spare.take(),
            spare: spare.clone(),
        }
    }

    /// Returns where memory is kept.
    pub(super) fn spare(&self) -> &Spare<Vec<u8>> {
        &self.spare
    }

    /// Removes the text.
    pub(super) fn clear(&mut self) {
        self.bytes.clear();
        self.bytes.shrink_to(MAX_CAPACITY);
    }
}

impl Drop for ChunkText {
    fn drop(&mut self) {
        // Most commands format nothing.
        if self.bytes.capacity() > 0 {
            self.clear();
            self.spare.keep(std::mem::take(&mut self.bytes));
        }
    }
}

impl Deref for ChunkText {
    type Target = Vec<u8>;

    fn deref(&self) -> &Vec<u8> {
        &self.bytes
    }
}

impl DerefMut for ChunkText {
    fn deref_mut(&mut self) -> &mut Vec<u8> {
        &mut self.bytes
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn memory_is_used_again_unless_it_is_large() {
        let spare = Spare::default();
        let mut text = ChunkText::new(&spare);
        text.extend_from_slice(&[b'x'; 1000]);
        let capacity = text.capacity();
        drop(text);
        let mut text = ChunkText::new(&spare);
        assert!(text.is_empty() && text.capacity() == capacity);
        text.reserve(2 * MAX_CAPACITY);
        drop(text);
        assert!(ChunkText::new(&spare).capacity() <= MAX_CAPACITY);
    }
}
