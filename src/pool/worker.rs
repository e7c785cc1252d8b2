//! Checks the payloads of a task and formats the verdicts.

use std::io;
use std::sync::Arc;

use crate::capture::{FoundPayload, Outcome, has_marks, search_frame, search_value};
use crate::checks::{CheckOptions, Checked, Checker, Damage};
use crate::contract;
use crate::document::{Document, SyntaxError};
use crate::frame::{Batch, CaptureMode, Frame, FrameKind, Next};
use crate::input::InputError;
use crate::query::{Candidate, Filter};
use crate::report::{Chunk, Formatter, Record, SkippedRecord};
use crate::secrets::Masking;
use crate::spare::Spare;

use super::task::{Input, MAX_INPUT_SIZE, Rest, Task, TaskItem, TaskOutput, TaskResult};

/// Checks payloads and formats the verdicts.
#[derive(Clone)]
pub(super) struct Worker {
    /// A checker for each set of options.
    checkers: Vec<(Arc<CheckOptions>, Checker)>,
    formatter: Arc<dyn Formatter>,
    /// Which payloads are reported, unless all are.
    filter: Option<Arc<Filter>>,
    /// The maximum number of diagnostics reported for each payload.
    max_diagnostics: usize,
    masking: Masking,
    /// The memory of chunks that were reported.
    spare: Spare<Vec<u8>>,
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
            filter: None,
            max_diagnostics,
            masking,
            spare: Spare::default(),
        }
    }

    /// Sets the filter of payloads. Nothing was run yet.
    pub(super) fn set_filter(&mut self, filter: Arc<Filter>) {
        self.filter = Some(filter);
    }

    pub(super) fn run(&mut self, task: Task) -> TaskResult {
        let mut results = Vec::with_capacity(task.items.len());
        for item in task.items {
            match item {
                TaskItem::Batch(input, batch) => self.check_batch(&input, &batch, &mut results),
                TaskItem::File(input, length) => {
                    if let Err(error) = self.check_file(&input, length, &mut results) {
                        results.push(TaskOutput::Failure(input.failure(&error)));
                    }
                }
                TaskItem::Failure(failure) => results.push(TaskOutput::Failure(failure)),
            }
        }
        results
    }

    fn check_file(
        &mut self,
        input: &Arc<Input>,
        length: usize,
        results: &mut TaskResult,
    ) -> Result<(), InputError> {
        let mut frames = input.open_file(length)?;
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
        let mut chunk = self.chunk(input);
        for frame in frames {
            if let Err(error) = self.check_frame(index, input, &frame, &mut chunk) {
                input.record_skipped(chunk.totals.skipped);
                let chunk = std::mem::replace(&mut chunk, self.chunk(input));
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

    fn chunk(&self, input: &Input) -> Chunk {
        let mut chunk = Chunk::with_memory(input.label.clone(), &self.spare);
        chunk.totals.unmatched = self.filter.as_ref().map(|_| 0);
        chunk
    }

    /// Checks the payloads of a frame. Most frames are a payload; only where one is not, the payloads
    /// inside of it are searched for.
    fn check_frame(
        &mut self,
        index: usize,
        input: &Input,
        frame: &Frame<'_>,
        chunk: &mut Chunk,
    ) -> io::Result<()> {
        let (_, checker) = &mut self.checkers[index];
        let mut out = Output {
            checker,
            formatter: &*self.formatter,
            filter: self.filter.as_deref(),
            masking: self.masking,
            input,
            chunk,
        };
        let is_always_payload = input.mode == CaptureMode::None;
        if let Some(filter) = &self.filter
            && filter.skips(frame, is_always_payload)
        {
            out.leave_out();
            return Ok(());
        }
        let is_payload: fn(&Document<'_>) -> bool = match frame.kind {
            _ if is_always_payload => |_| true,
            FrameKind::Value => |document| contract::detect(document).is_some(),
            FrameKind::Object | FrameKind::LogRecord => |document| has_marks(document.root()),
            _ => {
                let outcome = search_frame(frame, input.limits, &mut |found| out.check(found))?;
                return out.end_search(frame, outcome);
            }
        };
        let Some(document) = out.check_frame(frame, is_payload)? else {
            return Ok(());
        };
        let outcome = search_value(frame, &document, input.limits, &mut |found| {
            out.check(found)
        })?;
        let is_unknown = outcome.payloads == 0
            && outcome.missing.is_none()
            && outcome.wrapper.is_none()
            && !outcome.is_too_large;
        // In text, any object may stand; at the top of a stream or a log, only payloads and wrappers.
        if is_unknown && frame.kind != FrameKind::Object {
            return out.check_parsed(&FoundPayload::of_frame(frame), document);
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
        let filter_needs_checks = |filter: &Arc<Filter>| filter.needs_checks();
        if !self.formatter.needs_checks() && !self.filter.as_ref().is_some_and(filter_needs_checks)
        {
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
    filter: Option<&'w Filter>,
    masking: Masking,
    input: &'w Input,
    chunk: &'w mut Chunk,
}

impl Output<'_> {
    /// Checks a payload and formats its verdict, unless the filter leaves it out.
    fn check(&mut self, found: &FoundPayload<'_>) -> io::Result<()> {
        if self.filter.is_none() {
            let checked = self.checker.check_damaged(&found.text, &found.damage);
            return self.report(found, checked);
        }
        match self.checker.parse(&found.text) {
            Ok(document) => self.check_parsed(found, document),
            Err(error) => self.check_broken(found, &error),
        }
    }

    /// Checks a frame and formats its verdict, unless the filter leaves it out. If it is JSON and
    /// `is_payload` returns `false`, returns the document instead.
    fn check_frame<'t>(
        &mut self,
        frame: &Frame<'t>,
        is_payload: impl FnOnce(&Document<'_>) -> bool,
    ) -> io::Result<Option<Document<'t>>> {
        if self.filter.is_none() {
            // Most shapes are known, and then the document is not looked at to see what it is.
            return match self.checker.check_if(&frame.payload, &[], is_payload) {
                Ok(checked) => {
                    let reported = self.report(&FoundPayload::of_frame(frame), checked);
                    reported.map(|()| None)
                }
                Err(document) => Ok(Some(document)),
            };
        }
        let checked = match self.checker.parse(&frame.payload) {
            Ok(document) if !is_payload(&document) => return Ok(Some(document)),
            Ok(document) => self.check_parsed(&FoundPayload::of_frame(frame), document),
            Err(error) => self.check_broken(&FoundPayload::of_frame(frame), &error),
        };
        checked.map(|()| None)
    }

    /// Formats the verdict on a payload that is not JSON, unless the filter leaves it out.
    fn check_broken(&mut self, found: &FoundPayload<'_>, error: &SyntaxError) -> io::Result<()> {
        let checked = self.checker.check_broken(&found.text, error, &found.damage);
        self.report_matching(found, checked)
    }

    /// Checks a payload that was parsed and formats its verdict, unless the filter leaves it out.
    fn check_parsed(&mut self, found: &FoundPayload<'_>, document: Document<'_>) -> io::Result<()> {
        let decision = self.filter.map_or(Some(true), |filter| {
            let kind = self.checker.expected_kind(&document);
            filter.decide(&Candidate::parsed(found, &document, kind))
        });
        if decision == Some(false) {
            self.checker.recycle_document(document);
            self.leave_out();
            return Ok(());
        }
        let checked = self
            .checker
            .check_parsed(document, &found.text, &found.damage);
        match decision {
            Some(_) => self.report(found, checked),
            None => self.report_matching(found, checked),
        }
    }

    /// Formats the verdict on a payload, unless the filter leaves it out.
    fn report_matching(
        &mut self,
        found: &FoundPayload<'_>,
        checked: Checked<'_>,
    ) -> io::Result<()> {
        if self.matches(found, &checked) {
            return self.report(found, checked);
        }
        self.checker.recycle(checked);
        self.leave_out();
        Ok(())
    }

    fn matches(&self, found: &FoundPayload<'_>, checked: &Checked<'_>) -> bool {
        let Checked {
            document, verdict, ..
        } = checked;
        let candidate = Candidate::checked(found, document.as_ref(), verdict);
        let decision = self.filter.map(|filter| filter.decide(&candidate));
        decision.is_none_or(|decision| decision == Some(true))
    }

    /// Counts a payload that the filter leaves out.
    fn leave_out(&mut self) {
        self.input.record_result();
        *self.chunk.totals.unmatched.get_or_insert(0) += 1;
    }

    /// Reports that a record lacks its payload, which counts as one without errors, unless the policy
    /// allows that. An input that only has such records has no payload.
    fn report_missing(&mut self, frame: &Frame<'_>, missing: Damage) -> io::Result<()> {
        let line = frame.payload.start.line;
        let mut found = FoundPayload::of_frame(frame);
        found.damage.push(missing);
        found.is_missing = true;
        let verdict = self.checker.check_missing(&found.text, &found.damage);
        let is_reported = verdict.errors + verdict.warnings > 0 || !verdict.diagnostics.is_empty();
        if !is_reported || !self.formatter.needs_checks() {
            self.skip(line, LACKS_BODY);
            return Ok(());
        }
        let checked = Checked {
            verdict,
            document: None,
        };
        if self.matches(&found, &checked) {
            return self.format(&found, &checked);
        }
        *self.chunk.totals.unmatched.get_or_insert(0) += 1;
        Ok(())
    }

    /// Formats the verdict on a payload.
    fn report(&mut self, found: &FoundPayload<'_>, checked: Checked<'_>) -> io::Result<()> {
        self.input.record_result();
        let formatted = self.format(found, &checked);
        self.checker.recycle(checked);
        formatted
    }

    fn format(&mut self, found: &FoundPayload<'_>, checked: &Checked<'_>) -> io::Result<()> {
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
        self.formatter.format(&record, chunk)?;
        chunk.spool()
    }

    /// Ends the search of a frame: skips or reports it if no payload was found.
    ///
    /// # Errors
    /// Not all of the frame was searched.
    fn end_search(&mut self, frame: &Frame<'_>, outcome: Outcome) -> io::Result<()> {
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
