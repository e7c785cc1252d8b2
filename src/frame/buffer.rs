//! The bytes of an input that were read and are not part of a batch yet.
//!
//! ```text
//!   ┌─────────────┬──────────────┬────────────┐
//!   │   batched   │  next batch  │    rest    │ ◄── reader
//!   └─────────────┴──────────────┴────────────┘
//!                 batched        consumed
//! ```
//!
//! Bytes are consumed as they are cut into frames or skipped. A batch takes all that was consumed
//! since the batch before. Bytes are moved to the front of the buffer only when there are fewer of
//! them than of those before, so that each is moved a constant number of times on average.

use crate::document::Position;
use crate::steps;

use super::batch::FrameRange;
use super::kind::FrameKind;

/// The bytes of an input that were read and are not part of a batch yet.
#[derive(Debug)]
pub(super) struct Buffer {
    bytes: Vec<u8>,
    /// The end of the bytes that earlier batches have a copy of.
    batched: usize,
    /// The end of the bytes that were consumed.
    consumed: usize,
    /// The position of the first byte that was not consumed.
    position: Position,
    /// The offset of that byte in the input.
    offset: u64,
    /// The number of bytes before a batch that are kept for it, or all of them if there are fewer.
    context: usize,
}

impl Buffer {
    /// Creates an empty buffer, at the start of an input.
    pub(super) fn new() -> Self {
        Self {
            bytes: Vec::new(),
            batched: 0,
            consumed: 0,
            position: Position::START,
            offset: 0,
            context: 0,
        }
    }

    /// Sets the position of the first byte. Nothing may have been consumed yet.
    pub(super) fn start_at(&mut self, position: Position, offset: u64) {
        (self.position, self.offset) = (position, offset);
    }

    /// Keeps `length` bytes before each batch from now on.
    pub(super) fn keep_context(&mut self, length: usize) {
        self.context = length;
    }

    /// Returns the bytes that were not consumed.
    pub(super) fn rest(&self) -> &[u8] {
        &self.bytes[self.consumed..]
    }

    /// Returns the number of bytes that were consumed and are not part of a batch yet.
    pub(super) fn unbatched(&self) -> usize {
        self.consumed - self.batched
    }

    /// Returns the position of the first byte that was not consumed.
    pub(super) fn position(&self) -> Position {
        self.position
    }

    /// Returns the offset in the input of the first byte that was not consumed.
    pub(super) fn offset(&self) -> u64 {
        self.offset
    }

    /// Consumes `length` bytes.
    pub(super) fn consume(&mut self, length: usize) {
        let position = self.position.after(&self.rest()[..length]);
        self.consume_to(length, position);
    }

    /// Consumes `length` bytes that take no column, such as a byte-order mark.
    pub(super) fn consume_invisible(&mut self, length: usize) {
        self.consume_to(length, self.position);
    }

    /// Consumes `length` bytes as the next frame of a batch. `number` is that of the frame in the
    /// input, and `levels` the maximum depth of its brackets.
    pub(super) fn take_frame(
        &mut self,
        length: usize,
        number: u64,
        levels: usize,
        kind: FrameKind,
    ) -> FrameRange {
        let frame = self.frame(length, number, levels, kind);
        self.consume(length);
        frame
    }

    /// Consumes lines of `lines_length` bytes, with the last line break, whose first `length` bytes are
    /// the next frame of a batch.
    pub(super) fn take_lines(
        &mut self,
        length: usize,
        (lines_length, lines): (usize, u64),
        number: u64,
        levels: usize,
    ) -> FrameRange {
        let frame = self.frame(length, number, levels, FrameKind::Value);
        let next_line = Position {
            line: self.position.line + lines,
            column: 1,
        };
        self.consume_to(lines_length, next_line);
        frame
    }

    fn frame(&self, length: usize, number: u64, levels: usize, kind: FrameKind) -> FrameRange {
        let start = self.unbatched();
        FrameRange {
            range: start..start + length,
            start: self.position,
            offset: self.offset,
            number,
            levels,
            fault: None,
            kind,
        }
    }

    fn consume_to(&mut self, length: usize, position: Position) {
        self.position = position;
        self.offset += length as u64;
        self.consumed += length;
    }

    /// Takes the consumed bytes out for a batch, together with the bytes that are kept before them, and
    /// returns how many those are. `spare` is empty memory that can be used.
    pub(super) fn take_consumed(&mut self, mut spare: Vec<u8>) -> (Vec<u8>, usize) {
        let context = self.context.min(self.batched);
        let start = self.batched - context;
        // Either these bytes are copied or the rest, whichever is less.
        let length = self.unbatched();
        if length < self.bytes.len() / 2 {
            steps::add(context + length);
            spare.extend_from_slice(&self.bytes[start..self.consumed]);
            self.batched = self.consumed;
            return (spare, context);
        }
        let kept = self.context.min(self.consumed);
        steps::add(kept + self.bytes.len() - length);
        spare.extend_from_slice(&self.bytes[self.consumed - kept..]);
        let mut taken = std::mem::replace(&mut self.bytes, spare);
        taken.truncate(self.consumed);
        taken.drain(..start);
        self.batched = kept;
        self.consumed = kept;
        (taken, context)
    }

    /// Returns the memory to which a reader can append more bytes. Consumed bytes that no batch has
    /// taken may be dropped before.
    pub(super) fn for_reading(&mut self) -> &mut Vec<u8> {
        if self.consumed > self.bytes.len() / 2 {
            let kept = self.context.min(self.consumed);
            steps::add(kept + self.bytes.len() - self.consumed);
            self.bytes.drain(..self.consumed - kept);
            self.batched = kept;
            self.consumed = kept;
        }
        &mut self.bytes
    }
}
