//! Reads an input and returns its frames in batches.

use std::io::Read;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use crate::decode::Container;
use crate::input::reader::{Fill, Reader};
use crate::input::{InputError, Origin};

use super::batch::Batch;
use super::cutter::Cutter;
use super::limits::Limits;

/// The maximum number of frames in a batch, since what is reported of a frame can be many times its
/// size.
const MAX_FRAMES: usize = 8192;

/// What a stream has next.
#[derive(Debug)]
pub enum Next {
    /// Frames.
    Batch(Batch),
    /// Nothing for now: a good time to flush output.
    Idle,
    /// Nothing more.
    End,
}

/// The frames of one input, in order.
pub struct Frames {
    reader: Reader,
    cutter: Cutter,
    limits: Limits,
    /// Whether batches contain every byte, those outside of frames too.
    has_all_bytes: bool,
    /// Why the input can't be read on. What was read before comes first.
    error: Option<InputError>,
}

impl Frames {
    /// Opens an input.
    ///
    /// # Errors
    /// The input can't be opened, or is a folder.
    pub fn open(origin: &Origin) -> Result<Self, InputError> {
        Ok(Self::new(Reader::open(origin)?))
    }

    /// Creates the frames of what `reader` yields. A thread of its own reads it.
    pub fn from_reader(reader: impl Read + Send + 'static) -> Self {
        Self::new(Reader::from_reader(reader))
    }

    /// Creates the frames of bytes in memory.
    pub fn from_bytes(bytes: Vec<u8>) -> Self {
        Self::new(Reader::from_bytes(bytes))
    }

    pub(super) fn new(reader: Reader) -> Self {
        let limits = Limits::default();
        Self {
            reader,
            cutter: Cutter::new(limits.depth),
            limits,
            has_all_bytes: false,
            error: None,
        }
    }

    /// Sets the limits for each payload.
    #[must_use]
    pub fn with_limits(self, limits: Limits) -> Self {
        Self {
            limits,
            cutter: Cutter::new(limits.depth),
            ..self
        }
    }

    /// Ends the stream as soon as `flag` is `true`, and drops the payload that is incomplete by
    /// then. Until then, [`Next::Idle`] is returned at once when no more bytes have arrived, and not
    /// after a silence. A file is read to its end all the same, since that takes no waiting.
    #[must_use]
    pub fn with_stop_flag(mut self, flag: Arc<AtomicBool>) -> Self {
        self.reader.stop_on(flag);
        self
    }

    /// Puts every byte of the input into a batch, in [`Batch::bytes`]. There may then be batches
    /// without a frame.
    #[must_use]
    pub fn with_all_bytes(self) -> Self {
        Self {
            has_all_bytes: true,
            ..self
        }
    }

    /// Returns the limits for each payload.
    pub fn limits(&self) -> Limits {
        self.limits
    }

    /// Returns what encodes the text of the input: compression, for instance. It is known once there
    /// was a batch or the end.
    pub fn container(&self) -> &Container {
        self.reader.container()
    }

    /// Returns `true` if a payload that looks complete is held back until the bytes after it arrive.
    pub fn is_holding_back(&self) -> bool {
        self.cutter.is_holding_back()
    }

    /// Returns `true` if no thread could be started to read the input: then nothing is read while
    /// other work is done.
    pub fn is_blocking(&self) -> bool {
        self.reader.is_blocking()
    }

    /// Returns the next batch: all frames whose ends are known from the bytes that have arrived.
    ///
    /// # Errors
    /// The input can't be read on, or is not text. The stream ends there: all payloads that are
    /// complete come before, and one that is not is dropped.
    #[expect(clippy::should_implement_trait, reason = "it can fail")]
    pub fn next(&mut self) -> Result<Next, InputError> {
        let mut ranges = Vec::new();
        loop {
            while ranges.len() < MAX_FRAMES
                && let Some(range) = self.cutter.next()
            {
                ranges.push(range);
            }
            let buffer = &mut self.cutter.buffer;
            if !ranges.is_empty() || (self.has_all_bytes && buffer.unbatched() > 0) {
                return Ok(Next::Batch(Batch::new(buffer.take_consumed(), ranges)));
            }
            if self.cutter.fill.is_last() {
                return self.error.take().map_or(Ok(Next::End), Err);
            }
            if self.fill()? == Fill::Idle {
                return Ok(Next::Idle);
            }
        }
    }

    /// Reads on. After a silence, waits for bytes as long as it takes.
    fn fill(&mut self) -> Result<Fill, InputError> {
        let Cutter { buffer, fill, .. } = &mut self.cutter;
        if buffer.rest().len() > self.limits.payload {
            return Err(InputError::TooLarge {
                line: buffer.position().line,
                limit: self.limits.payload,
            });
        }
        let waits = *fill == Fill::Idle;
        *fill = match self.reader.fill(buffer.for_reading(), waits) {
            Ok(fill) => fill,
            Err(error) => {
                self.error = Some(error);
                Fill::Stopped
            }
        };
        Ok(*fill)
    }
}
