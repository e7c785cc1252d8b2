//! Checks the payloads of a task and formats the verdicts.

use std::io;
use std::sync::Arc;

use crate::capture::{FoundPayload, Outcome, has_marks, search_frame, search_value};
use crate::checks::{CheckOptions, Checked, Checker, Damage};
use crate::contract;
use crate::document::Document;
use crate::frame::{Batch, CaptureMode, Frame, FrameKind, Next};
use crate::input::InputError;
use crate::report::{Chunk, Formatter, Record, SkippedRecord};
use crate::secrets::Masking;

use super::task::{Input, MAX_INPUT_SIZE, Rest, Task, TaskItem, TaskOutput, TaskResult};

/// Checks payloads and formats the verdicts.
#[derive(Clone)]
pub(super) struct Worker {
    /// A checker for each set of options.
    checkers: Vec<(Arc<CheckOptions>, Checker)>,
    formatter: Arc<dyn Formatter>,
    /// The maximum number of diagnostics reported for each payload.
    max_diagnostics: usize,
    masking: Masking,
}

impl Worker {
    pub(super) fn new(
        formatter: Arc<dyn Formatter>,
        max_diagnostics: usize,
        masking: Masking,
    ) -> Self {
        Self {
            checkers: Vec::new(),
            formatter,
            max_diagnostics,
            masking,
        }
    }

    pub(super) fn run(&mut self, task: Task) -> TaskResult {
        let mut results = Vec::with_capacity(task.items.len());
        for item in task.items {
            match item {
                TaskItem::Batch(input, batch) => self.check_batch(&input, &batch, &mut results),
                TaskItem::Input(input) => {
                    if let Err(error) = self.check_input(&input, &mut results) {
                        results.push(TaskOutput::Failure(input.failure(&error)));
                    }
                }
                TaskItem::Failure(failure) => results.push(TaskOutput::Failure(failure)),
            }
        }
        results
    }

    fn check_input(
        &mut self,
        input: &Arc<Input>,
        results: &mut TaskResult,
    ) -> Result<(), InputError> {
        let mut frames = input.open()?;
        let mut size = 0;
        while size < MAX_INPUT_SIZE {
            match frames.next()? {
                Next::Batch(batch) => {
                    size += batch.bytes().len();
                    self.check_batch(input, &batch, results);
                }
                Next::Idle => {}
                Next::End => return Ok(()),
            }
        }
        results.push(TaskOutput::Rest(Box::new(Rest {
            input: Arc::clone(input),
            frames,
        })));
        Ok(())
    }

    /// Checks the next payloads of the rest of an input. Returns `None` at its end.
    pub(super) fn run_rest(&mut self, rest: &mut Rest) -> Option<TaskResult> {
        let mut results = Vec::new();
        match rest.frames.next() {
            Ok(Next::Batch(batch)) => self.check_batch(&rest.input, &batch, &mut results),
            Ok(Next::Idle) => {}
            Ok(Next::End) => return None,
            Err(error) => results.push(TaskOutput::Failure(rest.input.failure(&error))),
        }
        Some(results)
    }

    fn check_batch(&mut self, input: &Input, batch: &Batch, results: &mut TaskResult) {
        let frames = batch.frames();
        let index = self.checker_index(&input.options);
        let mut chunk = Chunk::new(Arc::clone(&input.label));
        for frame in frames {
            if let Err(error) = self.check_frame(index, input, frame, &mut chunk) {
                input.record_skipped(chunk.totals.skipped);
                let next = Chunk::new(Arc::clone(&input.label));
                let chunk = std::mem::replace(&mut chunk, next);
                results.push(TaskOutput::Chunk(chunk));
                results.push(TaskOutput::Failure(input.failure(&error)));
            }
        }
        chunk.totals.skipped += batch.skipped_lines();
        chunk.totals.skipped_lines += batch.skipped_lines();
        input.record_skipped(chunk.totals.skipped);
        chunk.size = batch.bytes().len();
        results.push(TaskOutput::Chunk(chunk));
    }

    /// Checks the payloads of a frame. Most frames are a payload; only where one is not, the payloads
    /// inside of it are searched for.
    fn check_frame(
        &mut self,
        index: usize,
        input: &Input,
        frame: Frame<'_>,
        chunk: &mut Chunk,
    ) -> io::Result<()> {
        let (_, checker) = &mut self.checkers[index];
        let mut out = Output {
            checker,
            formatter: &*self.formatter,
            masking: self.masking,
            input,
            chunk,
        };
        let is_payload: fn(&Document<'_>) -> bool = match frame.kind {
            _ if input.mode == CaptureMode::None => |_| true,
            FrameKind::Value => |document| contract::detect(document).is_some(),
            FrameKind::Object | FrameKind::LogRecord => |document| has_marks(document.root()),
            _ => {
                let outcome = search_frame(&frame, input.limits, &mut |found| out.check(found))?;
                return out.end_search(frame, outcome);
            }
        };
        let document = match out.checker.check_if(&frame.payload, &[], is_payload) {
            Ok(checked) => return out.report(&FoundPayload::of_frame(frame), checked),
            Err(document) => document,
        };
        let outcome = search_value(&frame, &document, input.limits, &mut |found| {
            out.check(found)
        })?;
        let is_unknown = outcome.payloads == 0
            && outcome.missing.is_none()
            && outcome.wrapper.is_none()
            && !outcome.is_too_large;
        // In text, any object may stand; at the top of a stream or a log, only payloads and wrappers.
        if is_unknown && frame.kind != FrameKind::Object {
            let checked = out.checker.check_parsed(document, &frame.payload);
            return out.report(&FoundPayload::of_frame(frame), checked);
        }
        out.end_search(frame, outcome)
    }

    /// Returns the index of the checker for these options.
    fn checker_index(&mut self, options: &Arc<CheckOptions>) -> usize {
        let mut checkers = self.checkers.iter();
        if let Some(index) = checkers.position(|(known, _)| Arc::ptr_eq(known, options)) {
            return index;
        }
        let checker = Checker::new(options.policy.clone(), options.kind);
        let mut checker = checker
            .at_most(self.max_diagnostics)
            .with_masking(self.masking);
        if !self.formatter.needs_checks() {
            checker = checker.detecting_only();
        }
        self.checkers.push((Arc::clone(options), checker));
        self.checkers.len() - 1
    }
}

/// The name of an object in text without a payload.
const OBJECT_IN_TEXT: &str = "JSON";

/// The name of a record of a request whose body was not recorded.
const LACKS_BODY: &str = "request";

/// Where the payloads of a frame are checked and formatted.
struct Output<'w> {
    checker: &'w mut Checker,
    formatter: &'w dyn Formatter,
    masking: Masking,
    input: &'w Input,
    chunk: &'w mut Chunk,
}

impl Output<'_> {
    /// Checks a payload and formats its verdict.
    fn check(&mut self, found: &FoundPayload<'_>) -> io::Result<()> {
        let checked = self.checker.check_damaged(&found.text, &found.damage);
        self.report(found, checked)
    }

    /// Reports that a record lacks its payload, which counts as one without errors, unless the policy
    /// allows that. An input that only has such records has no payload.
    fn report_missing(&mut self, frame: Frame<'_>, missing: Damage) -> io::Result<()> {
        let line = frame.payload.start.line;
        let mut found = FoundPayload::of_frame(frame);
        found.damage.push(missing);
        let verdict = self.checker.check_missing(&found.text, &found.damage);
        let is_reported = verdict.errors + verdict.warnings > 0 || !verdict.diagnostics.is_empty();
        if !is_reported || !self.formatter.needs_checks() {
            self.skip(line, LACKS_BODY);
            return Ok(());
        }
        self.format(
            &found,
            Checked {
                verdict,
                document: None,
            },
        )
    }

    /// Formats the verdict on a payload.
    fn report(&mut self, found: &FoundPayload<'_>, checked: Checked<'_>) -> io::Result<()> {
        self.input.record_result();
        self.format(found, checked)
    }

    fn format(&mut self, found: &FoundPayload<'_>, checked: Checked<'_>) -> io::Result<()> {
        let chunk = &mut *self.chunk;
        chunk.totals.add(&checked.verdict);
        if let Some(capture) = found.capture() {
            chunk.totals.captures.add(capture);
        }
        let record = Record {
            path: &self.input.label,
            found,
            verdict: &checked.verdict,
            document: checked.document.as_ref(),
            masking: self.masking,
        };
        let formatted = self.formatter.format(&record, chunk);
        let formatted = formatted.and_then(|()| chunk.spool());
        self.checker.recycle(checked);
        formatted
    }

    /// Ends the search of a frame: skips or reports it if no payload was found.
    ///
    /// # Errors
    /// Not all of the frame was searched.
    fn end_search(&mut self, frame: Frame<'_>, outcome: Outcome) -> io::Result<()> {
        let line = frame.payload.start.line;
        if outcome.is_too_large {
            return Err(io::Error::other(InputError::TooLargeInside {
                line,
                limit: self.input.limits.payload,
            }));
        }
        if outcome.payloads > 0 {
            return Ok(());
        }
        if let Some(missing) = outcome.missing {
            return self.report_missing(frame, missing);
        }
        self.skip(line, outcome.wrapper.unwrap_or(OBJECT_IN_TEXT));
        Ok(())
    }

    /// Skips a record without a payload.
    fn skip(&mut self, line: u64, name: &'static str) {
        self.chunk.totals.skipped += 1;
        self.chunk.skipped.push(SkippedRecord { line, name });
    }
}
