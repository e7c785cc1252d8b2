//! Checks the payloads of a task and formats the verdicts.

use std::io;
use std::sync::Arc;

use crate::checks::{CheckOptions, Checker};
use crate::frame::{Batch, Frame, Next};
use crate::input::InputError;
use crate::report::{Chunk, Formatter, Record};
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
        if frames.len() > 0 {
            input.record_result();
        }
        let index = self.checker_index(&input.options);
        let mut chunk = Chunk::new(Arc::clone(&input.label));
        for frame in frames {
            if let Err(error) = self.check_frame(index, &input.label, &frame, &mut chunk) {
                let next = Chunk::new(Arc::clone(&input.label));
                let chunk = std::mem::replace(&mut chunk, next);
                results.push(TaskOutput::Chunk(chunk));
                results.push(TaskOutput::Failure(input.failure(&error)));
            }
        }
        chunk.size = batch.bytes().len();
        results.push(TaskOutput::Chunk(chunk));
    }

    fn check_frame(
        &mut self,
        index: usize,
        path: &str,
        frame: &Frame<'_>,
        chunk: &mut Chunk,
    ) -> io::Result<()> {
        let (_, checker) = &mut self.checkers[index];
        let payload = checker.check(&frame.payload);
        chunk.totals.add(&payload.verdict);
        let record = Record {
            path,
            frame,
            verdict: &payload.verdict,
            document: payload.document.as_ref(),
            masking: self.masking,
        };
        let formatted = self.formatter.format(&record, chunk);
        let formatted = formatted.and_then(|()| chunk.spool());
        checker.recycle(payload);
        formatted
    }

    /// Returns the index of the checker for these options.
    fn checker_index(&mut self, options: &Arc<CheckOptions>) -> usize {
        let mut checkers = self.checkers.iter();
        if let Some(index) = checkers.position(|(known, _)| Arc::ptr_eq(known, options)) {
            return index;
        }
        let checker = Checker::new(options.policy.clone(), options.kind);
        let checker = checker
            .at_most(self.max_diagnostics)
            .with_masking(self.masking);
        self.checkers.push((Arc::clone(options), checker));
        self.checkers.len() - 1
    }
}
