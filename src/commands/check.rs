//! Checks the payloads of all inputs and reports the verdicts, for `inspect` and `validate`.

use std::io::{self, IsTerminal};
use std::num::NonZero;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use anyhow::Context;
use mewshook::Masking;
use mewshook::config::Configs;
use mewshook::document::Position;
use mewshook::frame::{Frames, Next};
use mewshook::input::{Label, Origin};
use mewshook::pool::{Input, Pool, TASK_SIZE, Task, TaskOutput, TaskResult};
use mewshook::query::Filter;
use mewshook::report::{Chunk, Failure, LeftOutPayload, SkippedRecord, Style, Totals, no_payload};

use crate::cli::{CheckArgs, InputArgs};
use crate::files::{ReadFile, refuse_stdout};
use crate::messages;

use super::inputs::{Inputs, file};
use super::progress::Progress;
use super::reports::{Purpose, Reports};
use super::settings::{configs, input};
use super::{Status, filter, follow, is_broken_pipe};

/// Checks all inputs and reports the verdicts. With [`Purpose::StatusOnly`], nothing is printed.
pub(super) fn run(args: &CheckArgs, purpose: Purpose, style: Style) -> anyhow::Result<Status> {
    let is_quiet = purpose == Purpose::StatusOnly;
    let masking = args.run.masking();
    if masking == Masking::Off && !is_quiet {
        messages::warning("secrets are shown: anyone who sees this output can use them");
    }
    let mut configs = configs(&args.options)?;
    let mut found = Inputs::sorted_or_none(&args.inputs, args.run.allow_empty)?;
    let mut inputs = Vec::new();
    for found in std::mem::take(&mut found.found) {
        inputs.push(match found {
            Ok(found) => Ok(input(found, &mut configs, args.limits.limits(), masking)?),
            Err(failure) => Err(failure),
        });
    }
    if args.follow {
        follow::check(inputs.iter().flatten().map(|input| &input.origin))?;
    }
    refuse_stdout(configs.paths().map(file))?;
    if !is_quiet {
        found.print_notes(Some(&configs));
    }
    let style = Style {
        width: style.width.min(args.limits.width.into()),
        ..style
    };
    let read_files = read_files(&args.inputs, &inputs, &configs);
    let reports = Reports::new(purpose, args, style, inputs.len(), &read_files)?;
    let options = RunOptions {
        threads: args.run.threads(),
        filter: args.filter.filter(),
        max_diagnostics: args.limits.max_diagnostics(),
        masking,
        write_error: "the report can't be written",
        is_quiet,
        names_skipped: args.inputs.verbose,
        allows_empty: args.run.allow_empty,
        shows_progress: true,
        stop: args.follow.then(follow::until_interrupted).transpose()?,
    };
    let result = options.run(inputs, reports)?;
    Ok(match status(&result.totals) {
        Status::Invalid if args.run.exit_zero => Status::Success,
        status => status,
    })
}

/// The options of a run.
#[expect(clippy::struct_excessive_bools, reason = "each is a choice of its own")]
pub(super) struct RunOptions {
    /// The number of threads, or one for each processor.
    pub(super) threads: Option<NonZero<usize>>,
    /// Which payloads are selected, unless all are.
    pub(super) filter: Option<Arc<Filter>>,
    /// The maximum number of diagnostics that are reported for each payload.
    pub(super) max_diagnostics: usize,
    /// Whether secrets in reports are masked.
    pub(super) masking: Masking,
    /// The message for output that can't be written.
    pub(super) write_error: &'static str,
    /// Whether to print no messages.
    pub(super) is_quiet: bool,
    /// Whether to print each record that is skipped.
    pub(super) names_skipped: bool,
    /// Whether files without a payload are accepted.
    pub(super) allows_empty: bool,
    /// Whether a progress bar is shown: not if another thread prints what is done.
    pub(super) shows_progress: bool,
    /// A flag that ends inputs that are followed.
    pub(super) stop: Option<Arc<AtomicBool>>,
}

/// The result of a run.
pub(super) struct RunResult {
    pub(super) totals: Totals,
    /// The number of payloads that were left out of the output.
    pub(super) left_out: u64,
}

impl RunOptions {
    /// Runs over all inputs and writes the reports, and prints messages. If the reader of the output
    /// goes away, the run ends, and what was found so far counts.
    pub(super) fn run(
        self,
        inputs: Vec<Result<Arc<Input>, Failure>>,
        reports: Reports,
    ) -> anyhow::Result<RunResult> {
        let is_quiet = self.is_quiet;
        let filter = self.filter.clone().filter(|_| !is_quiet);
        if let Some(filter) = &filter {
            filter::print_times(filter);
        }
        let mut run = Run {
            progress: if self.shows_progress {
                Progress::new(inputs.iter().flatten().map(|input| input.length()))
            } else {
                Progress::hidden()
            },
            pool: Pool::new(
                self.threads,
                reports.report.formatter(),
                self.max_diagnostics,
                self.masking,
            )
            .with_filter(self.filter),
            task: Task::default(),
            reports,
            write_error: self.write_error,
            is_quiet,
            names_skipped: self.names_skipped && !is_quiet,
            allows_empty: self.allows_empty,
            may_explain_delay: !is_quiet && io::stderr().is_terminal(),
            stop: self.stop,
            totals: Totals::default(),
            left_out: 0,
            empty: Vec::new(),
        };
        match run.check_all(inputs) {
            Err(error) if is_broken_pipe(&error) => {}
            result => {
                result?;
                run.reports.commit()?;
            }
        }
        if !is_quiet {
            for (name, message) in &run.empty {
                messages::error(format_args!("{name}: {message}"));
            }
        }
        if let Some(filter) = filter {
            filter::print_result(&filter, &run.totals);
        }
        Ok(RunResult {
            totals: run.totals,
            left_out: run.left_out,
        })
    }
}

/// Returns the files that the run reads, which no report may replace.
pub(super) fn read_files(
    args: &InputArgs,
    inputs: &[Result<Arc<Input>, Failure>],
    configs: &Configs,
) -> Vec<ReadFile> {
    let with_role = |role| move |origin| ReadFile { origin, role };
    let inputs = inputs.iter().map(|input| match input {
        Ok(input) => input.origin.clone(),
        Err(failure) => file(Path::new(&*failure.path)),
    });
    let configs = configs.paths().map(file);
    let list = args.files_from.as_deref().map(Origin::from_arg);
    inputs
        .map(with_role("an input"))
        .chain(configs.map(with_role("the configuration")))
        .chain(list.into_iter().map(with_role("the list of --files-from")))
        .chain([Origin::Stdin].map(with_role("standard input")))
        .collect()
}

/// Returns the exit status of a run.
pub(super) fn status(totals: &Totals) -> Status {
    if totals.unreadable > 0 || totals.empty > 0 {
        Status::Failed
    } else if totals.invalid > 0 {
        Status::Invalid
    } else {
        Status::Success
    }
}

/// A run over all inputs.
#[expect(clippy::struct_excessive_bools, reason = "each is a choice of its own")]
struct Run {
    progress: Progress,
    pool: Pool,
    /// The task that is being filled.
    task: Task,
    reports: Reports,
    /// The message for output that can't be written.
    write_error: &'static str,
    /// Whether to print no messages.
    is_quiet: bool,
    /// Whether to print each record that is skipped.
    names_skipped: bool,
    /// Whether files without a payload are accepted.
    allows_empty: bool,
    /// Whether to explain why a payload is held back. This is done once, and on a terminal only.
    may_explain_delay: bool,
    /// A flag that ends inputs that are followed.
    stop: Option<Arc<AtomicBool>>,
    totals: Totals,
    /// The number of payloads that were left out of the report.
    left_out: u64,
    /// The labels of the inputs without a payload, where that is not accepted, and the messages.
    empty: Vec<(Label, String)>,
}

impl Run {
    /// Checks all inputs, and finishes the report.
    fn check_all(&mut self, inputs: Vec<Result<Arc<Input>, Failure>>) -> anyhow::Result<()> {
        let readable: Vec<_> = inputs.iter().flatten().map(Arc::clone).collect();
        for input in inputs {
            match input {
                Ok(input) => self.check_input(&input)?,
                Err(failure) => self.task.add_failure(failure),
            }
        }
        self.finish_tasks()?;
        self.progress.finish();
        self.report_empty(&readable)?;
        let finished = self.reports.report.finish(&self.totals);
        finished.context(self.write_error)
    }

    /// Checks the payloads of one input.
    fn check_input(&mut self, input: &Arc<Input>) -> anyhow::Result<()> {
        if let Some(length) = input.length().filter(|length| *length < TASK_SIZE) {
            self.task.add_file(input, length);
            return self.submit_full_task();
        }
        match input.open() {
            Ok(frames) => self.check_frames(input, frames),
            Err(error) => {
                self.task.add_failure(input.failure(&error));
                Ok(())
            }
        }
    }

    fn check_frames(&mut self, input: &Arc<Input>, mut frames: Frames) -> anyhow::Result<()> {
        if frames.is_blocking() && !self.is_quiet {
            let name = &input.label;
            messages::warning(format_args!(
                "{name}: no thread could be started to read it, so reading and checking take turns"
            ));
        }
        if let Some(stop) = &self.stop {
            frames = frames.with_stop_flag(Arc::clone(stop));
        }
        loop {
            match frames.next() {
                Ok(Next::Batch(batch)) => {
                    self.task.add_batch(input, batch);
                    self.submit_full_task()?;
                }
                Ok(Next::Idle) => {
                    self.finish_tasks()?;
                    self.progress.suspend(|| self.reports.report.flush())?;
                    self.explain_delay(frames.is_holding_back());
                }
                Ok(Next::End) => return Ok(()),
                Err(error) => {
                    self.task.add_failure(input.failure(&error));
                    return Ok(());
                }
            }
        }
    }

    /// Explains why a payload that has arrived is not shown yet, if one is held back.
    fn explain_delay(&mut self, is_frame_held_back: bool) {
        let until = if self.reports.report.is_holding_back() {
            "the next one or the end; with --follow it is shown at once"
        } else if is_frame_held_back {
            "a line break or the end"
        } else {
            return;
        };
        if std::mem::take(&mut self.may_explain_delay) {
            messages::note(format_args!("one payload is held back until {until}"));
        }
    }

    /// Submits the task if it is full.
    fn submit_full_task(&mut self) -> anyhow::Result<()> {
        if !self.task.is_full() {
            return Ok(());
        }
        let result = self.pool.submit(std::mem::take(&mut self.task))?;
        if let Some(fewer) = self.pool.take_fewer_threads().filter(|_| !self.is_quiet) {
            self.progress.suspend(|| messages::warning(fewer));
        }
        self.report(result)
    }

    /// Submits the task, full or not, and reports the results of all tasks.
    fn finish_tasks(&mut self) -> anyhow::Result<()> {
        let result = self.pool.submit_last(std::mem::take(&mut self.task))?;
        self.report(result)?;
        while let Some(result) = self.pool.collect()? {
            self.report(Some(result))?;
        }
        Ok(())
    }

    /// Reports the results of a task.
    fn report(&mut self, result: Option<TaskResult>) -> anyhow::Result<()> {
        for output in result.into_iter().flatten() {
            match output {
                TaskOutput::Rest(mut rest) => {
                    while let Some(result) = self.pool.run_rest(&mut rest) {
                        self.report(Some(result))?;
                    }
                }
                TaskOutput::Chunk(chunk) => {
                    if self.names_skipped {
                        self.progress.suspend(|| print_skipped(&chunk));
                    }
                    if !chunk.left_out.is_empty() {
                        let left_out = &chunk.left_out;
                        self.left_out += left_out.named.len() as u64 + left_out.unnamed;
                        self.progress.suspend(|| print_left_out(&chunk));
                    }
                    self.totals.merge(&chunk.totals, &chunk.path);
                    self.progress.add(chunk.size);
                    let added = if chunk.is_empty() {
                        self.reports.report.add(chunk)
                    } else {
                        self.progress.suspend(|| self.reports.report.add(chunk))
                    };
                    added.context(self.write_error)?;
                }
                TaskOutput::Failure(failure) => {
                    self.totals.unreadable += 1;
                    let added = self.reports.report.add_failure(&failure);
                    let written = if self.is_quiet {
                        added
                    } else {
                        self.progress.suspend(|| {
                            // The results before the failure come first.
                            let flushed = added.and_then(|()| self.reports.report.flush());
                            print_failure(&failure);
                            flushed
                        })
                    };
                    written?;
                }
            }
        }
        Ok(())
    }

    /// Reports the inputs without a payload, unless that is accepted.
    fn report_empty(&mut self, inputs: &[Arc<Input>]) -> anyhow::Result<()> {
        if self.allows_empty {
            return Ok(());
        }
        let empty = inputs.iter().filter(|input| input.is_empty());
        let described = empty.map(|input| (input.label.clone(), no_payload(input.skipped())));
        self.empty = described.collect();
        self.totals.empty = self.empty.len() as u64;
        for (label, message) in &self.empty {
            let reported = self.reports.report.add_empty(label, message);
            reported.context(self.write_error)?;
        }
        Ok(())
    }
}

/// Prints the records without a payload that were skipped.
fn print_skipped(chunk: &Chunk) {
    for SkippedRecord { line, name } in &chunk.skipped {
        messages::note(format_args!(
            "skipped {}:{line}: {name} record without a payload",
            chunk.path
        ));
    }
}

/// Prints the payloads that were left out of the report.
fn print_left_out(chunk: &Chunk) {
    let path = &chunk.path;
    for LeftOutPayload { start, reason } in &chunk.left_out.named {
        let Position { line, column, .. } = start;
        messages::error(format_args!("{path}:{line}:{column}: {reason}"));
    }
    if chunk.left_out.unnamed > 0 {
        let count = chunk.left_out.unnamed;
        messages::error(format_args!("{path}: {count} more are left out"));
    }
}

/// Prints that an input could not be read.
fn print_failure(failure: &Failure) {
    messages::error(format_args!("{}: {}", failure.path, failure.message));
}
