//! The limits for a payload.

use crate::document::MAX_DEPTH;

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
