//! Checks the payloads of all inputs and reports the verdicts, for `inspect` and `validate`.

use std::io::{self, IsTerminal};
use std::num::NonZero;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use anyhow::Context;
use mewshook::Masking;
use mewshook::config::Configs;
use mewshook::frame::{Frames, Next};
use mewshook::input::Origin;
use mewshook::pool::{Input, Pool, TASK_SIZE, Task, TaskOutput, TaskResult};
use mewshook::report::{Failure, NO_PAYLOAD, Style, Totals};

use crate::cli::CheckArgs;
use crate::files::{ReadFile, refuse_stdout};
use crate::messages;

use super::inputs::{Inputs, file};
use super::progress::Progress;
use super::reports::{Purpose, Reports};
use super::settings::{configs, input};
use super::{Status, follow, is_broken_pipe};

/// Checks all inputs and reports the verdicts. With [`Purpose::StatusOnly`], nothing is printed.
pub(super) fn run(args: &CheckArgs, purpose: Purpose, style: Style) -> anyhow::Result<Status> {
    let is_quiet = purpose == Purpose::StatusOnly;
    let masking = args.masking();
    if masking == Masking::Off && !is_quiet {
        messages::warning("secrets are shown: anyone who sees this output can use them");
    }
    let mut configs = configs(&args.options)?;
    let mut found = Inputs::sorted(&args.inputs)?;
    let mut inputs = Vec::new();
    for origin in std::mem::take(&mut found.origins) {
        inputs.push(match origin {
            Ok(origin) => Ok(input(origin, &mut configs, args.limits.limits(), masking)?),
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
    let read_files = read_files(args, &inputs, &configs);
    let reports = Reports::new(purpose, args, style, inputs.len(), &read_files)?;
    let threads = args.jobs.and_then(|jobs| NonZero::new(jobs.into()));
    let mut run = Run {
        progress: Progress::new(inputs.iter().flatten().map(|input| &input.origin)),
        pool: Pool::new(
            threads,
            reports.report.formatter(),
            args.limits.max_diagnostics(),
            masking,
        ),
        task: Task::default(),
        reports,
        is_quiet,
        allows_empty: args.allow_empty,
        may_explain_delay: !is_quiet && io::stderr().is_terminal(),
        stop: args.follow.then(follow::until_interrupted).transpose()?,
        totals: Totals::default(),
        empty: Vec::new(),
    };
    match run.check_all(inputs) {
        // The reader of the report went away. What was found so far counts.
        Err(error) if is_broken_pipe(&error) => {}
        result => {
            result?;
            run.reports.commit()?;
        }
    }
    if !is_quiet {
        for name in &run.empty {
            messages::error(format_args!("{name}: {NO_PAYLOAD}"));
        }
    }
    Ok(status(&run.totals))
}

/// Returns the files that the run reads, which no report may replace.
fn read_files(
    args: &CheckArgs,
    inputs: &[Result<Arc<Input>, Failure>],
    configs: &Configs,
) -> Vec<ReadFile> {
    let with_role = |role| move |origin| ReadFile { origin, role };
    let inputs = inputs.iter().map(|input| match input {
        Ok(input) => input.origin.clone(),
        Err(failure) => file(Path::new(&*failure.path)),
    });
    let configs = configs.paths().map(file);
    let list = args.inputs.files_from.as_deref().map(Origin::from_arg);
    inputs
        .map(with_role("an input"))
        .chain(configs.map(with_role("the configuration")))
        .chain(list.into_iter().map(with_role("the list of --files-from")))
        .chain([Origin::Stdin].map(with_role("standard input")))
        .collect()
}

fn status(totals: &Totals) -> Status {
    if totals.unreadable > 0 || totals.empty > 0 {
        Status::Failed
    } else if totals.invalid > 0 {
        Status::Invalid
    } else {
        Status::Success
    }
}

/// A run over all inputs.
struct Run {
    progress: Progress,
    pool: Pool,
    /// The task that is being filled.
    task: Task,
    reports: Reports,
    /// Whether to print no messages.
    is_quiet: bool,
    /// Whether files without a payload are accepted.
    allows_empty: bool,
    /// Whether to explain why a payload is held back. This is done once, and on a terminal only.
    may_explain_delay: bool,
    /// A flag that ends inputs that are followed.
    stop: Option<Arc<AtomicBool>>,
    totals: Totals,
    /// The labels of the inputs without a payload, where that is not accepted.
    empty: Vec<Arc<str>>,
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
        finished.context("the report can't be written")
    }

    /// Checks the payloads of one input.
    fn check_input(&mut self, input: &Arc<Input>) -> anyhow::Result<()> {
        let length = input.origin.length();
        if let Some(size) = length.filter(|length| *length < TASK_SIZE) {
            self.task.add_input(input, size);
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
                    self.totals.merge(&chunk.totals);
                    self.progress.add(chunk.size);
                    let added = if chunk.is_empty() {
                        self.reports.report.add(chunk)
                    } else {
                        self.progress.suspend(|| self.reports.report.add(chunk))
                    };
                    added.context("the report can't be written")?;
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

    /// Reports the inputs that hold no payload, unless that is accepted.
    fn report_empty(&mut self, inputs: &[Arc<Input>]) -> anyhow::Result<()> {
        if self.allows_empty {
            return Ok(());
        }
        let empty = inputs.iter().filter(|input| input.is_empty());
        self.empty = empty.map(|input| Arc::clone(&input.label)).collect();
        self.totals.empty = self.empty.len() as u64;
        for label in &self.empty {
            let reported = self.reports.report.add_empty(label);
            reported.context("the report can't be written")?;
        }
        Ok(())
    }
}

/// Prints that an input could not be read.
fn print_failure(failure: &Failure) {
    messages::error(format_args!("{}: {}", failure.path, failure.message));
}
