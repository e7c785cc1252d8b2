//! What `inspect` and `validate` share: all inputs through the checks into one report.

use std::io::{self, IsTerminal};
use std::num::NonZero;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use anyhow::Context;
use mewshook::config::Configs;
use mewshook::frame::{Frames, Next};
use mewshook::input::Origin;
use mewshook::pool::{Input, Pool, TASK_SIZE, Task, TaskResult};
use mewshook::report::{Failure, Style, Totals};

use crate::cli::CheckArgs;
use crate::files::{ReadFile, refuse_stdout};
use crate::messages;

use super::inputs::{Inputs, configs, file, input};
use super::progress::Progress;
use super::reports::{Purpose, Reports};
use super::{Status, follow, is_broken_pipe};

/// Checks all inputs and reports the verdicts. Quiet runs print nothing at all.
pub(super) fn run(args: &CheckArgs, purpose: Purpose, style: Style) -> anyhow::Result<Status> {
    if args.show_secrets {
        mewshook::show_secrets();
        if purpose != Purpose::StatusOnly {
            messages::warning("secrets are shown: anyone who sees this output can use them");
        }
    }
    let mut configs = configs(&args.options)?;
    let mut inputs_found = Inputs::sorted(&args.inputs)?;
    let mut inputs = Vec::new();
    for found in std::mem::take(&mut inputs_found.found) {
        inputs.push(match found {
            Ok(origin) => Ok(input(origin, &mut configs, args.limits.limits())?),
            Err(failure) => Err(failure),
        });
    }
    if args.follow {
        follow::check(inputs.iter().flatten().map(|input| &input.origin))?;
    }
    refuse_stdout(configs.paths().map(file))?;
    if purpose != Purpose::StatusOnly {
        inputs_found.note(Some(&configs));
    }
    let style = Style {
        width: style.width.min(args.limits.width.into()),
        ..style
    };
    let reads = reads(args, &inputs, &configs);
    let reports = Reports::new(purpose, args, style, inputs.len(), &reads)?;
    let threads = args.jobs.and_then(|jobs| NonZero::new(jobs.into()));
    let mut run = Run {
        progress: Progress::new(inputs.iter().flatten().map(|input| &input.origin)),
        pool: Pool::new(
            threads,
            reports.report.formatter(),
            args.limits.diagnostics(),
        ),
        task: Task::default(),
        reports,
        is_quiet: purpose == Purpose::StatusOnly,
        allows_empty: args.allow_empty,
        may_note: purpose != Purpose::StatusOnly && io::stderr().is_terminal(),
        stop: args.follow.then(follow::until_interrupted).transpose()?,
        totals: Totals::default(),
        is_done: false,
    };
    let readable: Vec<_> = inputs.iter().flatten().map(Arc::clone).collect();
    let result = run.all(inputs);
    let totals = run.totals;
    // Inputs that were not read may hold payloads.
    let empty = readable
        .iter()
        .filter(|input| run.is_done && !args.allow_empty && input.is_empty());
    let empty: Vec<_> = empty.map(|input| &*input.label).collect();
    let mut is_read = true;
    match result {
        // Nobody reads on, but what was found so far counts.
        Err(error) if is_broken_pipe(&error) => is_read = false,
        result => result?,
    }
    if is_read {
        run.reports.commit()?;
    }
    if !run.is_quiet {
        for name in &empty {
            messages::error(format_args!(
                "{name}: there is no payload; --allow-empty accepts such a file"
            ));
        }
    }
    Ok(status(&totals, !empty.is_empty()))
}

/// Returns the files that are read, which no report may replace.
fn reads(
    args: &CheckArgs,
    inputs: &[Result<Arc<Input>, Failure>],
    configs: &Configs,
) -> Vec<ReadFile> {
    let read = |role| move |origin| ReadFile { origin, role };
    let inputs = inputs.iter().map(|input| match input {
        Ok(input) => input.origin.clone(),
        Err(failure) => file(Path::new(&*failure.path)),
    });
    let list = args.inputs.files_from.as_deref().map(Origin::from_arg);
    inputs
        .map(read("an input"))
        .chain(configs.paths().map(file).map(read("the configuration")))
        .chain(list.into_iter().map(read("the list of --files-from")))
        .chain([Origin::Stdin].map(read("standard input")))
        .collect()
}

fn status(totals: &Totals, has_empty: bool) -> Status {
    if totals.unreadable > 0 || has_empty {
        Status::Failed
    } else if totals.invalid > 0 {
        Status::Invalid
    } else {
        Status::Good
    }
}

#[expect(
    clippy::struct_excessive_bools,
    reason = "each is independent of the others"
)]
struct Run {
    progress: Progress,
    pool: Pool,
    /// The task that is being filled.
    task: Task,
    reports: Reports,
    is_quiet: bool,
    /// Whether files without a payload are accepted.
    allows_empty: bool,
    /// Whether to note that a payload is held back: once, and on a terminal only.
    may_note: bool,
    /// Set to `true` to end inputs that are followed.
    stop: Option<Arc<AtomicBool>>,
    totals: Totals,
    /// Whether all inputs were read.
    is_done: bool,
}

impl Run {
    /// Checks all inputs, and finishes the report.
    fn all(&mut self, inputs: Vec<Result<Arc<Input>, Failure>>) -> anyhow::Result<()> {
        let readable: Vec<_> = inputs.iter().flatten().map(Arc::clone).collect();
        for input in inputs {
            match input {
                Ok(input) => self.input(&input)?,
                Err(failure) => self.task.add_failure(failure),
            }
        }
        self.complete()?;
        self.is_done = true;
        self.progress.finish();
        self.report_empty(&readable)?;
        let finished = self.reports.report.finish(&self.totals);
        finished.context("the report can't be written")
    }

    /// Reports the inputs that hold no payload.
    fn report_empty(&mut self, inputs: &[Arc<Input>]) -> anyhow::Result<()> {
        for input in inputs.iter().filter(|input| input.is_empty()) {
            if !self.allows_empty {
                self.totals.empty += 1;
                let reported = self.reports.report.add_empty(&input.label);
                reported.context("the report can't be written")?;
            }
        }
        Ok(())
    }

    /// Checks the payloads of one input.
    fn input(&mut self, input: &Arc<Input>) -> anyhow::Result<()> {
        let length = input.origin.length();
        if let Some(size) = length.filter(|length| *length < TASK_SIZE) {
            self.task.add_input(input, size);
            return self.submit_full();
        }
        let read = input.open().map(|frames| self.frames(input, frames));
        match read {
            Ok(result) => result,
            Err(error) => {
                self.task.add_failure(input.failure(&error));
                Ok(())
            }
        }
    }

    fn frames(&mut self, input: &Arc<Input>, mut frames: Frames) -> anyhow::Result<()> {
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
                    self.submit_full()?;
                }
                Ok(Next::Idle) => {
                    self.complete()?;
                    self.progress.aside(|| self.reports.report.flush())?;
                    self.note(frames.is_holding_back());
                }
                Ok(Next::End) => return Ok(()),
                Err(error) => {
                    self.task.add_failure(input.failure(&error));
                    return Ok(());
                }
            }
        }
    }

    /// Prints once, on a terminal, why a payload that has arrived is not shown yet.
    fn note(&mut self, is_undecided: bool) {
        let until = if self.reports.report.is_holding_back() {
            "the next one or the end; with --follow it is shown at once"
        } else if is_undecided {
            "a line break or the end"
        } else {
            return;
        };
        if std::mem::take(&mut self.may_note) {
            messages::note(format_args!("one payload is held back until {until}"));
        }
    }

    /// Submits the task if it is full.
    fn submit_full(&mut self) -> anyhow::Result<()> {
        if !self.task.is_full() {
            return Ok(());
        }
        let result = self.pool.submit(std::mem::take(&mut self.task))?;
        if let Some(fewer) = self.pool.take_fewer_threads().filter(|_| !self.is_quiet) {
            self.progress.aside(|| messages::warning(fewer));
        }
        self.report(result)
    }

    /// Submits the task and reports all results.
    fn complete(&mut self) -> anyhow::Result<()> {
        let result = self.pool.submit_last(std::mem::take(&mut self.task))?;
        self.report(result)?;
        while let Some(result) = self.pool.collect()? {
            self.report(Some(result))?;
        }
        Ok(())
    }

    fn report(&mut self, result: Option<TaskResult>) -> anyhow::Result<()> {
        for chunk in result.into_iter().flatten() {
            match chunk {
                Ok(chunk) => {
                    self.totals.merge(&chunk.totals);
                    self.progress.add(chunk.size);
                    let added = if chunk.is_empty() {
                        self.reports.report.add(chunk)
                    } else {
                        self.progress.aside(|| self.reports.report.add(chunk))
                    };
                    added.context("the report can't be written")?;
                }
                Err(failure) => {
                    self.totals.unreadable += 1;
                    let mut written = self.reports.report.add_failure(&failure);
                    if !self.is_quiet {
                        self.progress.aside(|| {
                            // The results before the failure come first.
                            written = std::mem::replace(&mut written, Ok(()))
                                .and_then(|()| self.reports.report.flush());
                            print_failure(&failure);
                        });
                    }
                    written?;
                }
            }
        }
        Ok(())
    }
}

/// Prints on stderr that an input could not be read.
fn print_failure(failure: &Failure) {
    messages::error(format_args!("{}: {}", failure.path, failure.message));
}
