//! Reads an input and returns its frames in batches.

use std::io::Read;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use crate::decode::Container;
use crate::document::Position;
use crate::input::reader::{Fill, Reader};
use crate::input::{InputError, Origin};
use crate::spare::Spare;

use super::batch::{Batch, CONTEXT, FrameRange};
use super::cutter::Cutter;
use super::decision::{self, Cutting, Decision};
use super::flows::{FlowCutter, NextFlow};
use super::limits::Limits;
use super::memory::BatchMemory;
use super::mode::CaptureMode;
use super::text::TextCutter;

/// The maximum number of frames in a batch, since what is reported of a frame can be many times its
/// size.
const MAX_FRAMES: usize = 8192;

/// The maximum size of the rest of a file that is read at once, for each byte of an incomplete payload: so the memory
/// stays in proportion to the payload, which may end soon.
const MAX_REST: usize = 12;

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

/// The position of the first byte of some lines in the input that they belong to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Start {
    /// The line, from 1.
    pub line: u64,
    /// The offset in bytes.
    pub offset: u64,
    /// The number of frames before.
    pub frames: u64,
}

impl Default for Start {
    /// Returns the start of an input.
    fn default() -> Self {
        Self {
            line: Position::START.line,
            offset: 0,
            frames: 0,
        }
    }
}

/// The frames of one input, in order.
pub struct Frames {
    reader: Reader,
    cutter: Cutter,
    /// The cutter of flows; it works on the bytes of `cutter`.
    flows: Option<FlowCutter>,
    /// The cutter of text; it works on the bytes of `cutter`.
    text: Option<TextCutter>,
    /// Whether this is a JSON stream or text, until that is decided.
    decision: Option<Decision>,
    mode: CaptureMode,
    /// Whether the name of the input is that of a JSON stream.
    has_json_name: bool,
    limits: Limits,
    /// The position of the input in a longer one.
    start: Start,
    /// Whether batches contain every byte, those outside of frames too.
    has_all_bytes: bool,
    /// Why the input can't be read on. What was read before comes first.
    error: Option<InputError>,
    /// The memory of batches that were dropped.
    spare: Spare<BatchMemory>,
}

impl Frames {
    /// Opens an input.
    ///
    /// # Errors
    /// The input can't be opened, or is a folder.
    pub fn open(origin: &Origin) -> Result<Self, InputError> {
        let reader = Reader::open(origin)?;
        Ok(Self::of_path(reader, origin.path()))
    }

    /// Opens a file that was a regular one of `length` bytes when its metadata was read.
    ///
    /// # Errors
    /// The file can't be opened.
    pub(crate) fn open_file(path: &Path, length: usize) -> Result<Self, InputError> {
        let reader = Reader::open_file(path, length)?;
        Ok(Self::of_path(reader, path))
    }

    fn of_path(reader: Reader, path: &Path) -> Self {
        Self {
            has_json_name: decision::is_json_name(path),
            ..Self::new(reader)
        }
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
            flows: None,
            text: None,
            decision: None,
            mode: CaptureMode::Json,
            has_json_name: false,
            limits,
            start: Start::default(),
            has_all_bytes: false,
            error: None,
            spare: Spare::default(),
        }
    }

    /// Sets whether the input is cut as a JSON stream or as text. Unless this is called, it is a JSON
    /// stream.
    #[must_use]
    pub fn with_mode(mut self, mode: CaptureMode) -> Self {
        self.mode = mode;
        self.start()
    }

    /// Sets whether the input has the name of a JSON stream. [`Frames::open`] sees that by itself.
    #[must_use]
    pub fn with_json_name(mut self, has_json_name: bool) -> Self {
        self.has_json_name = has_json_name;
        self.start()
    }

    /// Sets the position of the input in a longer one, if it consists of some lines of that. Positions,
    /// offsets and numbers are then those in the longer input.
    #[must_use]
    pub fn with_start(mut self, start: Start) -> Self {
        self.start = start;
        self.start()
    }

    /// Starts anew, with the options as they are. Nothing was read yet.
    fn start(mut self) -> Self {
        self.cutter = Cutter::new(self.limits.depth).starting_at(self.start);
        (self.text, self.flows, self.decision) = (None, None, None);
        match Decision::new(self.mode, self.has_json_name, self.limits.depth) {
            Ok(cutting) => self.start_with(cutting),
            Err(decision) => self.decision = Some(decision),
        }
        self
    }

    fn start_with(&mut self, cutting: Cutting) {
        self.decision = None;
        match cutting {
            Cutting::Json => {}
            Cutting::Flows => self.flows = Some(FlowCutter::default()),
            Cutting::Text => self.start_text(false),
            Cutting::Log => self.start_text(true),
        }
    }

    fn start_text(&mut self, is_log: bool) {
        let buffer = &mut self.cutter.buffer;
        // What stands before an object in a log, such as its time, must not depend on how it arrives.
        buffer.keep_context(CONTEXT);
        self.text = Some(TextCutter::new(self.limits, is_log, buffer.offset()));
    }

    /// Sets the limits for each payload.
    #[must_use]
    pub fn with_limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self.start()
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
        let mut memory = self.spare.take();
        loop {
            while memory.ranges.len() < MAX_FRAMES
                && let Some(range) = self.next_frame()
            {
                memory.ranges.push(range);
            }
            let buffer = &mut self.cutter.buffer;
            let is_end = self.cutter.fill.is_last();
            if !memory.ranges.is_empty() || (self.has_all_bytes && buffer.unbatched() > 0) {
                return Ok(Next::Batch(self.batch(memory)));
            }
            if is_end {
                let batch = self.batch(memory);
                if batch.skipped_lines() > 0 {
                    return Ok(Next::Batch(batch));
                }
                return self.error.take().map_or(Ok(Next::End), Err);
            }
            if self.fill()? == Fill::Idle {
                return Ok(Next::Idle);
            }
        }
    }

    /// Cuts out the next frame, if its end is known from the bytes that have arrived.
    fn next_frame(&mut self) -> Option<FrameRange> {
        if let Some(decision) = &mut self.decision {
            let bytes = self.cutter.buffer.rest();
            let cutting = decision.decide(bytes, self.cutter.fill.is_last())?;
            self.start_with(cutting);
        }
        if let Some(flows) = &mut self.flows {
            let Cutter { buffer, fill, .. } = &mut self.cutter;
            match flows.next(buffer, *fill, self.limits.depth) {
                NextFlow::Flow(range) => return Some(range),
                NextFlow::Undecided => return None,
                NextFlow::Text => {
                    self.flows = None;
                    self.start_text(false);
                }
            }
        }
        match &mut self.text {
            None => self.cutter.next(),
            Some(text) => text.next(&mut self.cutter.buffer, self.cutter.fill),
        }
    }

    /// Returns the batch of the frames in `memory`, with the bytes that were consumed.
    fn batch(&mut self, memory: BatchMemory) -> Batch {
        let text = self.text.as_mut();
        let skipped_lines = text.map_or(0, TextCutter::take_skipped_lines);
        let BatchMemory { bytes, ranges } = memory;
        let (bytes, start) = self.cutter.buffer.take_consumed(bytes);
        let memory = BatchMemory { bytes, ranges };
        Batch::new(memory, start, skipped_lines, self.spare.clone())
    }

    /// Reads on. After a silence, waits for bytes as long as it takes.
    fn fill(&mut self) -> Result<Fill, InputError> {
        let Cutter { buffer, fill, .. } = &mut self.cutter;
        let incomplete = buffer.rest().len();
        let Some(missing) = self.limits.payload.checked_sub(incomplete) else {
            return Err(InputError::TooLarge {
                line: buffer.position().line,
                limit: self.limits.payload,
            });
        };
        // If more than that were read at once, a payload could be complete before it is seen to be too large.
        let max_rest = missing.min(incomplete.saturating_mul(MAX_REST));
        let waits = *fill == Fill::Idle;
        *fill = match self.reader.fill(buffer.for_reading(), waits, max_rest) {
            Ok(fill) => fill,
            Err(error) => {
                self.error = Some(error);
                Fill::Stopped
            }
        };
        Ok(*fill)
    }
}
