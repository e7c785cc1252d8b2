//! Frames that were cut from a stream together: a batch owns its bytes, so that another thread can
//! work on it while the stream is read on.

use std::ops::Range;

use crate::document::{PayloadText, Position, SyntaxError, SyntaxErrorKind};
use crate::steps;

/// How much of the text before a frame is kept with it, in bytes: enough for the name of the
/// property whose value the frame is, where an input is not JSON.
const CONTEXT: usize = 256;

/// Consecutive frames of one input.
#[derive(Debug)]
pub struct Batch {
    bytes: Vec<u8>,
    frames: Vec<FrameRange>,
}

/// A frame as a range of its batch's bytes.
#[derive(Debug)]
pub(super) struct FrameRange {
    pub(super) start: Position,
    pub(super) offset: u64,
    pub(super) number: u64,
    pub(super) text: Range<usize>,
    pub(super) levels: usize,
    pub(super) fault: Option<SyntaxErrorKind>,
}

/// A part of a batch. The segments of a batch, joined, are all its bytes.
#[derive(Debug)]
pub enum Segment<'b> {
    /// A frame, whose text these bytes are.
    Frame(Frame<'b>),
    /// Bytes before, between or after frames.
    Between(&'b [u8]),
}

impl<'b> Segment<'b> {
    /// Returns the bytes of the segment.
    pub fn bytes(&self) -> &'b [u8] {
        match self {
            Self::Frame(frame) => frame.payload.text,
            Self::Between(bytes) => bytes,
        }
    }
}

/// A JSON value cut from a stream, and where it stood.
#[derive(Debug)]
pub struct Frame<'b> {
    /// The text, its position and its limits.
    pub payload: PayloadText<'b>,
    /// The text's offset in the input, in bytes.
    pub offset: u64,
    /// The frame's number in the input, from 1.
    pub number: u64,
    /// The last bytes before the frame, at most [`CONTEXT`].
    pub before: &'b [u8],
}

impl Batch {
    pub(super) fn new(bytes: Vec<u8>, frames: Vec<FrameRange>) -> Self {
        Self { bytes, frames }
    }

    /// Returns how many bytes of the input the batch holds.
    pub fn size(&self) -> usize {
        self.bytes.len()
    }

    /// Returns the number of frames.
    pub fn count(&self) -> usize {
        self.frames.len()
    }

    /// Returns the frames, in input order.
    pub fn frames(&self) -> impl Iterator<Item = Frame<'_>> {
        self.frames.iter().map(|range| self.frame(range))
    }

    /// Returns the frames and the bytes between them, in input order.
    pub fn segments(&self) -> impl Iterator<Item = Segment<'_>> {
        let mut end = 0;
        let before = self.frames.iter().flat_map(move |range| {
            let frame = self.frame(range);
            let between = &self.bytes[end..range.text.start];
            end = range.text.start + frame.payload.text.len();
            [Segment::Between(between), Segment::Frame(frame)]
        });
        let last = self.frames.last().map_or(0, |range| {
            range.text.start + self.frame(range).payload.text.len()
        });
        before
            .chain([Segment::Between(&self.bytes[last..])])
            .filter(|segment| !matches!(segment, Segment::Between([])))
    }

    fn frame(&self, range: &FrameRange) -> Frame<'_> {
        let text = trimmed(&self.bytes[range.text.clone()]);
        Frame {
            payload: PayloadText {
                text,
                start: range.start,
                levels: range.levels,
                fault: range.fault.clone().map(|kind| SyntaxError {
                    offset: 0,
                    length: first_length(text),
                    kind,
                }),
            },
            offset: range.offset,
            number: range.number,
            before: &self.bytes[range.text.start.saturating_sub(CONTEXT)..range.text.start],
        }
    }
}

/// Returns the text without JSON white space at its end. Other white space is an error in the text.
fn trimmed(text: &[u8]) -> &[u8] {
    let is_content = |byte: &u8| !matches!(byte, b' ' | b'\t' | b'\r' | b'\n');
    let end = text.iter().rposition(is_content).map_or(0, |last| last + 1);
    steps::add(text.len() - end);
    &text[..end]
}

/// Returns the length of the first character, in bytes.
fn first_length(text: &[u8]) -> usize {
    let first = text.utf8_chunks().next();
    let letter = first.and_then(|chunk| chunk.valid().chars().next());
    letter.map_or(text.len().min(1), char::len_utf8)
}
