//! Decodes zstd: frames in a row, and skippable frames between them.

use std::io;

use zstd::stream::raw::{Decoder, Operation};

use super::layer::{Fault, Layer, Step};

/// The number of bytes that show how long the header of a frame is.
const START: usize = 5;

/// The length of the header of a block.
const BLOCK_HEADER: usize = 3;

/// Decodes unit by unit, such as a block. If a call of the decoder fails, all that it has decoded is
/// lost, so a call gets a single unit or a part of it. And the place of an error is the start of the
/// unit, so that it doesn't depend on how the bytes arrive.
pub(super) struct Zstd {
    decoder: Decoder<'static>,
    /// The number of bytes of the current unit that were read, and of those that follow.
    read: usize,
    left: usize,
    place: Place,
    /// Whether the decoder may hold output for which there was no space.
    holds_output: bool,
}

/// Where the next unit stands.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    /// Before the first frame.
    Start,
    Frame,
    AfterFrame,
}

impl Zstd {
    /// Creates a decoder. It grants a window of 128 MiB, as `zstd` does by default.
    pub(super) fn new() -> io::Result<Self> {
        Ok(Self {
            decoder: Decoder::new()?,
            read: 0,
            left: START,
            place: Place::Start,
            holds_output: false,
        })
    }

    /// Calls the decoder with a part of the current unit.
    fn run(&mut self, part: &[u8], output: &mut [u8]) -> Step {
        let status = match self.decoder.run_on_buffers(part, output) {
            Ok(status) => status,
            Err(error) => {
                return Step {
                    back: self.read,
                    ..self.fault(&error.to_string()).into()
                };
            }
        };
        self.holds_output = status.bytes_written == output.len();
        self.read += status.bytes_read;
        self.left = self.left.saturating_sub(status.bytes_read);
        if self.left == 0 {
            // The decoder wants a block with the header of the next one.
            (self.place, self.left) = match status.remaining {
                0 => (Place::AfterFrame, START),
                wanted @ 1..=BLOCK_HEADER => (Place::Frame, wanted),
                wanted => (Place::Frame, wanted - BLOCK_HEADER),
            };
            self.read = 0;
        }
        Step {
            read: status.bytes_read,
            written: status.bytes_written,
            ..Step::default()
        }
    }

    /// Returns what an error of the decoder, which has no other form than its message, means.
    fn fault(&self, message: &str) -> Fault {
        match message {
            "Frame requires too much memory for decoding" => Fault::Memory,
            "Dictionary mismatch" => Fault::Dictionary,
            // The magic number is wrong.
            "Unknown frame descriptor" if self.place == Place::AfterFrame => Fault::Trailing,
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
        if input.is_empty() {
            let is_truncated = is_end && (self.place == Place::Frame || self.read > 0);
            return Step {
                fault: is_truncated.then_some(Fault::Truncated),
                ..Step::default()
            };
        }
        let step = self.run(&input[..input.len().min(self.left)], output);
        if step.read == 0 && step.written == 0 && step.fault.is_none() {
            return Fault::Corrupt("no progress".to_owned()).into();
        }
        step
    }
}

/// Returns a message with a small first letter.
fn lower_first(message: &str) -> String {
    let mut letters = message.chars();
    let first = letters.next().map(|letter| letter.to_ascii_lowercase());
    first.into_iter().chain(letters).collect()
}
