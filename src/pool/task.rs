//! What a worker does at a time.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use crate::checks::CheckOptions;
use crate::frame::{Batch, CaptureMode, Frames, Limits};
use crate::input::{FoundInput, InputError, Label, Origin};
use crate::report::{Chunk, Failure};

/// The size from which a task is submitted to a thread, in bytes.
pub const TASK_SIZE: usize = 256 * 1024;

/// The number of bytes of an input that are checked in one task. Only compressed inputs are longer,
/// since others are added in batches.
pub(super) const MAX_INPUT_SIZE: usize = 8 * TASK_SIZE;

/// The maximum number of items of a task.
const MAX_ITEMS: usize = 256;

/// The number of frames from which a task is full. It is limited because the output for a small
/// payload can be hundreds of times its size.
const MAX_FRAMES: usize = 8192;

/// An input, and how its payloads are checked.
#[derive(Debug)]
pub struct Input {
    /// Where the input comes from.
    pub origin: Origin,
    /// The input's name in reports.
    pub label: Label,
    /// The limits for each payload.
    pub limits: Limits,
    /// How the payloads are found.
    pub mode: CaptureMode,
    /// How the payloads are checked.
    pub options: Arc<CheckOptions>,
    /// The length in bytes, if it is known that this is a regular file.
    length: Option<usize>,
    /// Whether there was a payload or a failure.
    has_results: AtomicBool,
    /// The number of records without a payload that were skipped.
    skipped: AtomicU64,
}

impl Input {
    /// Creates an input, and doesn't open it.
    pub fn new(
        found: impl Into<FoundInput>,
        label: impl Into<Label>,
        limits: Limits,
        mode: CaptureMode,
        options: Arc<CheckOptions>,
    ) -> Self {
        let FoundInput { origin, length } = found.into();
        Self {
            origin,
            label: label.into(),
            limits,
            mode,
            options,
            length,
            has_results: AtomicBool::new(false),
            skipped: AtomicU64::new(0),
        }
    }

    /// Returns the length in bytes, if this is a regular file.
    pub fn length(&self) -> Option<usize> {
        self.length.or_else(|| self.origin.length())
    }

    /// Opens the input.
    ///
    /// # Errors
    /// The input can't be opened.
    pub fn open(&self) -> Result<Frames, InputError> {
        Ok(self.configure(Frames::open(&self.origin)?))
    }

    /// Opens the input, which was a regular file of `length` bytes when its metadata was read.
    ///
    /// # Errors
    /// The input can't be opened.
    pub(super) fn open_file(&self, length: usize) -> Result<Frames, InputError> {
        Ok(self.configure(Frames::open_file(self.origin.path(), length)?))
    }

    /// Sets the limits and the mode of the input.
    fn configure(&self, frames: Frames) -> Frames {
        frames.with_limits(self.limits).with_mode(self.mode)
    }

    /// Returns the failure to report when the input can't be read.
    pub fn failure(&self, error: &dyn std::error::Error) -> Failure {
        self.record_result();
        Failure {
            path: self.label.clone(),
            message: crate::mask(&error.to_string()).into_owned(),
        }
    }

    /// Records that there was a payload or a failure.
    pub(super) fn record_result(&self) {
        // Writing it for each payload would slow down threads that do so at the same time.
        if self.is_empty() {
            self.has_results.store(true, Ordering::Relaxed);
        }
    }

    /// Records that records without a payload were skipped.
    pub(super) fn record_skipped(&self, count: u64) {
        self.skipped.fetch_add(count, Ordering::Relaxed);
    }

    /// Returns the number of records without a payload that were skipped so far.
    pub fn skipped(&self) -> u64 {
        self.skipped.load(Ordering::Relaxed)
    }

    /// Returns `true` if there was neither a payload nor a failure so far.
    pub fn is_empty(&self) -> bool {
        !self.has_results.load(Ordering::Relaxed)
    }
}

/// What a worker does at a time.
#[derive(Debug, Default)]
pub struct Task {
    pub(super) items: Vec<TaskItem>,
    /// The size of the items, in bytes.
    size: usize,
    /// The number of frames in the batches.
    frames: usize,
}

#[derive(Debug)]
pub(super) enum TaskItem {
    Batch(Arc<Input>, Batch),
    /// A regular file, and its length.
    File(Arc<Input>, usize),
    Failure(Failure),
}

/// The result of a task, in the order of the task's items.
pub type TaskResult = Vec<TaskOutput>;

/// A part of the result of a task.
#[expect(clippy::large_enum_variant, reason = "nearly all are chunks")]
pub enum TaskOutput {
    /// Formatted output.
    Chunk(Chunk),
    /// An input that could not be read.
    Failure(Failure),
    /// The rest of an input that turned out to be long. Results are kept until all those before them
    /// were reported, so the rest is checked only then: see [`Pool::run_rest`](super::Pool::run_rest).
    Rest(Box<Rest>),
}

/// The rest of an input.
pub struct Rest {
    pub(super) input: Arc<Input>,
    pub(super) frames: Frames,
}

impl Task {
    /// Adds frames of an input.
    pub fn add_batch(&mut self, input: &Arc<Input>, batch: Batch) {
        self.size += batch.bytes().len();
        self.frames += batch.frames().len();
        self.items.push(TaskItem::Batch(input.clone(), batch));
    }

    /// Adds a regular file of `length` bytes, which the worker opens, since opening a small file takes
    /// longer than checking its content.
    pub fn add_file(&mut self, input: &Arc<Input>, length: usize) {
        self.size += length;
        self.items.push(TaskItem::File(input.clone(), length));
    }

    /// Adds a failure, which is then reported between the payloads before and after it.
    pub fn add_failure(&mut self, failure: Failure) {
        self.items.push(TaskItem::Failure(failure));
    }

    /// Returns `true` if the task is large enough to be submitted.
    pub fn is_full(&self) -> bool {
        self.size >= TASK_SIZE || self.items.len() >= MAX_ITEMS || self.frames >= MAX_FRAMES
    }
}
