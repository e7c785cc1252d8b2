//! Frames that were cut together.
//!
//! A batch owns the bytes that its frames borrow, so that another thread can work on it while the
//! stream is read on.

use std::ops::Range;

use crate::document::{PayloadText, Position, SyntaxError, SyntaxErrorKind};
use crate::spare::Spare;
use crate::steps;

use super::kind::FrameKind;
use super::memory::BatchMemory;

/// The length of the text before a frame that is kept with it, in bytes: enough for the name of the
/// property whose value the frame is, where an input is not JSON.
pub(super) const CONTEXT: usize = 256;

/// Consecutive frames of one input.
#[derive(Debug)]
pub struct Batch {
    /// The bytes, with a few before them, and the frames.
    memory: BatchMemory,
    /// The number of bytes before those of the batch.
    start: usize,
    skipped_lines: u64,
    /// Where the memory is kept when the batch is dropped.
    spare: Spare<BatchMemory>,
}

/// A frame as a range of its batch's bytes.
#[derive(Debug)]
pub(super) struct FrameRange {
    /// The range, which may end with white space.
    pub(super) range: Range<usize>,
    pub(super) start: Position,
    pub(super) offset: u64,
    pub(super) number: u64,
    pub(super) levels: usize,
    pub(super) fault: Option<SyntaxErrorKind>,
    pub(super) kind: FrameKind,
}

/// A value cut from a stream, and its place there.
#[derive(Debug)]
pub struct Frame<'b> {
    /// The text, its position and its limits.
    pub payload: PayloadText<'b>,
    /// The range of the text in the bytes of its batch.
    pub range: Range<usize>,
    /// The offset of the text in the input, in bytes.
    pub offset: u64,
    /// The number of the frame in the input, from 1.
    pub number: u64,
    /// How the text holds payloads.
    pub kind: FrameKind,
    /// The last bytes before the frame, at most 256.
    pub before: &'b [u8],
}

impl Batch {
    /// Creates a batch of frames. `start` is the number of bytes before those of the batch.
    pub(super) fn new(
        memory: BatchMemory,
        start: usize,
        skipped_lines: u64,
        spare: Spare<BatchMemory>,
    ) -> Self {
        Self {
            memory,
            start,
            skipped_lines,
            spare,
        }
    }

    /// Returns the number of lines of text, up to the end of the batch, that were not counted in an
    /// earlier one: those that are not blank and that no frame has a part of. A JSON stream has none.
    pub fn skipped_lines(&self) -> u64 {
        self.skipped_lines
    }

    /// Returns all bytes of the batch: those of its frames, and those before, between and after
    /// them.
    pub fn bytes(&self) -> &[u8] {
        &self.memory.bytes[self.start..]
    }

    /// Returns the frames, in input order.
    pub fn frames(&self) -> impl ExactSizeIterator<Item = Frame<'_>> {
        self.memory.ranges.iter().map(|range| self.frame(range))
    }

    fn frame(&self, frame: &FrameRange) -> Frame<'_> {
        let Range { start, end } = frame.range;
        let text = &self.bytes()[start..end];
        let text = match frame.kind {
            // Its length is stated, line breaks at its end included.
            FrameKind::Http => text,
            _ => trim_end(text),
        };
        let before = &self.memory.bytes[..self.start + start];
        Frame {
            payload: PayloadText {
                text,
                start: frame.start,
                outer: None,
                max_depth: frame.levels,
                syntax_error: frame.fault.clone().map(|kind| SyntaxError {
                    offset: 0,
                    length: first_character_length(text),
                    kind,
                }),
            },
            range: start..start + text.len(),
            offset: frame.offset,
            number: frame.number,
            kind: frame.kind,
            before: &before[before.len().saturating_sub(CONTEXT)..],
        }
    }
}

impl Drop for Batch {
    fn drop(&mut self) {
        std::mem::take(&mut self.memory).keep(&self.spare);
    }
}

/// Returns the text without JSON white space at its end. Other white space, such as a form feed, is
/// an error in the text.
fn trim_end(text: &[u8]) -> &[u8] {
    let is_content = |byte: &u8| !matches!(byte, b' ' | b'\t' | b'\r' | b'\n');
    let end = text.iter().rposition(is_content).map_or(0, |last| last + 1);
    steps::add(text.len() - end);
    &text[..end]
}

/// Returns the length of the first character, in bytes.
fn first_character_length(text: &[u8]) -> usize {
    let first = text.utf8_chunks().next();
    let letter = first.and_then(|chunk| chunk.valid().chars().next());
    letter.map_or(text.len().min(1), char::len_utf8)
}
