//! Payloads that were cut out of a stream together: they own their bytes, so that another thread
//! can look at them while the stream is read on.

use std::ops::Range;

use crate::document::{Position, Source, SyntaxError, SyntaxErrorKind};
use crate::steps;

/// Some payloads of one input, in a row.
#[derive(Debug)]
pub struct Batch {
    bytes: Vec<u8>,
    cuts: Vec<Cut>,
}

/// Where a payload was cut out.
#[derive(Debug)]
pub(super) struct Cut {
    pub(super) start: Position,
    pub(super) offset: u64,
    pub(super) record: u64,
    pub(super) text: Range<usize>,
    pub(super) levels: usize,
    pub(super) fault: Option<SyntaxErrorKind>,
}

/// A part of a batch: its pieces in a row are all of its bytes.
#[derive(Debug)]
pub enum Piece<'b> {
    /// A payload, whose text these bytes are.
    Payload(Payload<'b>),
    /// What stands before, between or behind payloads.
    Between(&'b [u8]),
}

impl<'b> Piece<'b> {
    /// The bytes of the piece.
    pub fn bytes(&self) -> &'b [u8] {
        match self {
            Self::Payload(payload) => payload.source.text,
            Self::Between(bytes) => bytes,
        }
    }
}

/// A payload as it was cut out of its stream.
#[derive(Debug)]
pub struct Payload<'b> {
    /// The text and its place.
    pub source: Source<'b>,
    /// The text's offset in the input, in bytes.
    pub offset: u64,
    /// The payload's number in the input, from 1.
    pub record: u64,
    /// The bytes before the payload, at most 256 of them.
    pub before: &'b [u8],
}

/// How much of what stands before a payload is given with it, in bytes: enough for a name whose
/// value the payload is, where an input is no JSON.
const CONTEXT: usize = 256;

impl Batch {
    pub(super) fn new(bytes: Vec<u8>, cuts: Vec<Cut>) -> Self {
        Self { bytes, cuts }
    }

    /// How many bytes of the input these payloads took, and what stood between them.
    pub fn size(&self) -> usize {
        self.bytes.len()
    }

    /// How many payloads there are.
    pub fn count(&self) -> usize {
        self.cuts.len()
    }

    /// The payloads, in order.
    pub fn payloads(&self) -> impl Iterator<Item = Payload<'_>> {
        self.cuts.iter().map(|cut| self.payload(cut))
    }

    /// The payloads and what stands between them, in order.
    pub fn pieces(&self) -> impl Iterator<Item = Piece<'_>> {
        let mut end = 0;
        let before = self.cuts.iter().flat_map(move |cut| {
            let payload = self.payload(cut);
            let between = &self.bytes[end..cut.text.start];
            end = cut.text.start + payload.source.text.len();
            [Piece::Between(between), Piece::Payload(payload)]
        });
        let last = self.cuts.last().map_or(0, |cut| {
            cut.text.start + self.payload(cut).source.text.len()
        });
        before
            .chain([Piece::Between(&self.bytes[last..])])
            .filter(|piece| !matches!(piece, Piece::Between([])))
    }

    fn payload(&self, cut: &Cut) -> Payload<'_> {
        let text = trimmed(&self.bytes[cut.text.clone()]);
        Payload {
            source: Source {
                text,
                start: cut.start,
                levels: cut.levels,
                fault: cut.fault.clone().map(|kind| SyntaxError {
                    offset: 0,
                    length: first_length(text),
                    kind,
                }),
            },
            offset: cut.offset,
            record: cut.record,
            before: &self.bytes[cut.text.start.saturating_sub(CONTEXT)..cut.text.start],
        }
    }
}

/// Without the white space of JSON at its end; other white space is a fault of the text.
fn trimmed(text: &[u8]) -> &[u8] {
    let is_content = |byte: &u8| !matches!(byte, b' ' | b'\t' | b'\r' | b'\n');
    let end = text.iter().rposition(is_content).map_or(0, |last| last + 1);
    steps::add(text.len() - end);
    &text[..end]
}

/// How many bytes the first character takes.
fn first_length(text: &[u8]) -> usize {
    let first = text.utf8_chunks().next();
    let letter = first.and_then(|chunk| chunk.valid().chars().next());
    letter.map_or(text.len().min(1), char::len_utf8)
}
