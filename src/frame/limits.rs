//! The limits for a payload.

use crate::document::MAX_DEPTH;

/// The maximum length of lines that are joined, in bytes: many times that of a payload, so that lines
/// which go on for ever don't fill the memory.
pub(super) const MAX_JOINED: usize = 16 << 20;

/// The limits for a payload.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// The maximum number of nested brackets, at least 1. An array around payloads counts.
    pub depth: usize,
    /// The maximum size in bytes.
    pub payload: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            depth: MAX_DEPTH,
            payload: 256 << 20,
        }
    }
}
