//! Decodes zstd: frames in a row, and skippable frames between them.

use std::io;

use zstd::stream::raw::{Decoder, Operation};

use super::layer::{Fault, Layer, Step};

/// The number of bytes that show how long the header of a frame is.
const START: usize = 5;

/// The maximum number of bytes that are collected: more than a block and the header of the next one.
/// Only skippable frames are longer, and can be decoded in any parts.
const MAX_UNIT: usize = (1 << 17) + 64;

/// Decodes unit by unit, such as a block. If a call of the decoder fails, all that it has decoded is
/// lost, so a call gets a single unit; and if it gets all of it, then the place of an error doesn't
/// depend on how the bytes arrive.
pub(super) struct Zstd {
    decoder: Decoder<'static>,
    /// The length of the next unit, or 0 between frames.
    wanted: usize,
    /// The bytes of a unit, the rest of which has yet to arrive.
    unit: Vec<u8>,
    /// Whether the decoder may hold output for which there was no space.
    holds_output: bool,
    /// Whether a frame was decoded to its end.
    has_frame: bool,
}

impl Zstd {
    /// Creates a decoder. It grants a window of 128 MiB, as `zstd` does by default.
    pub(super) fn new() -> io::Result<Self> {
        Ok(Self {
            decoder: Decoder::new()?,
            wanted: 0,
            unit: Vec::new(),
            holds_output: false,
            has_frame: false,
        })
    }

    /// Calls the decoder.
    fn run(&mut self, unit: &[u8], output: &mut [u8]) -> Step {
        match self.decoder.run_on_buffers(unit, output) {
            Ok(status) => {
                self.wanted = status.remaining;
                self.has_frame |= self.wanted == 0;
                self.holds_output = status.bytes_written == output.len();
                Step {
                    read: status.bytes_read,
                    written: status.bytes_written,
                    ..Step::default()
                }
            }
            Err(error) => self.fault(&error.to_string()).into(),
        }
    }

    /// Returns what an error of the decoder, which has no other form than its message, means.
    fn fault(&self, message: &str) -> Fault {
        match message {
            "Frame requires too much memory for decoding" => Fault::Memory,
            "Dictionary mismatch" => Fault::Dictionary,
            // The magic number is wrong.
            "Unknown frame descriptor" if self.has_frame && self.wanted == 0 => Fault::Trailing,
            _ => Fault::Corrupt(lower_first(message)),
        }
    }
}

impl Layer for Zstd {
    fn step(&mut self, input: &[u8], output: &mut [u8], is_end: bool) -> Step {
        if self.holds_output {
            let step = self.run(&[], output);
            if step.written > 0 || step.fault.is_some() {
                return step;
            }
        }
        let length = if self.wanted == 0 { START } else { self.wanted }.min(MAX_UNIT);
        if self.unit.is_empty() && input.len() >= length {
            let step = self.run(&input[..length], output);
            if step.read == 0 && step.written == 0 && step.fault.is_none() {
                return Fault::Corrupt("no progress".to_owned()).into();
            }
            return step;
        }
        if input.is_empty() {
            let is_cut = is_end && (self.wanted > 0 || !self.unit.is_empty());
            return Step {
                fault: is_cut.then_some(Fault::Truncated),
                ..Step::default()
            };
        }
        let read = input.len().min(length.saturating_sub(self.unit.len()));
        self.unit.extend_from_slice(&input[..read]);
        if self.unit.len() < length {
            return Step {
                read,
                ..Step::default()
            };
        }
        let mut unit = std::mem::take(&mut self.unit);
        let step = self.run(&unit, output);
        let back = if step.fault.is_some() { unit.len() } else { 0 };
        unit.drain(..step.read);
        self.unit = unit;
        Step { read, back, ..step }
    }
}

/// Returns a message with a small first letter.
fn lower_first(message: &str) -> String {
    let mut letters = message.chars();
    let first = letters.next().map(|letter| letter.to_ascii_lowercase());
    first.into_iter().chain(letters).collect()
}
