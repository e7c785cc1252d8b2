//! What `inspect` and `validate` share: all inputs through the checks into one report.

use std::io::{self, IsTerminal};
use std::num::NonZero;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use anyhow::Context;
use mewshook::config::Configs;
use mewshook::crew::{Crew, Input, JOB_SIZE, Job, Outcome};
use mewshook::input::{Next, Origin, Payloads};
use mewshook::report::{Failure, Style, Totals};

use crate::cli::CheckArgs;

use super::conflict::Read;
use super::identity::refuse;
use super::inputs::{Inputs, configs, file, input};
use super::progress::Progress;
use super::reports::{For, Reports};
use super::{Status, complain, follow, is_broken_pipe, note, warn};

/// Checks all inputs and reports what is found; for nobody, nothing at all is said.
pub(super) fn run(args: &CheckArgs, command: For, style: Style) -> anyhow::Result<Status> {
    if args.show_secrets {
        mewshook::show_secrets();
        if command != For::Nobody {
            warn("secrets are shown: anyone who sees this output can use them");
        }
    }
    let mut configs = configs(&args.terms)?;
    let mut sought = Inputs::sorted(&args.inputs)?;
    let mut inputs = Vec::new();
    for found in std::mem::take(&mut sought.found) {
        inputs.push(match found {
            Ok(origin) => Ok(input(origin, &mut configs, args.limits.limits())?),
            Err(failure) => Err(failure),
        });
    }
    if args.follow {
        follow::check(inputs.iter().flatten().map(|input| &input.origin))?;
    }
    refuse(configs.paths().map(file))?;
    if command != For::Nobody {
        sought.note(Some(&configs));
    }
    let style = Style {
        width: style.width.min(args.limits.width.into()),
        ..style
    };
    let reads = reads(args, &inputs, &configs);
    let reports = Reports::new(command, args, style, inputs.len(), &reads)?;
    let jobs = args.jobs.and_then(|jobs| NonZero::new(jobs.into()));
    let mut run = Run {
        progress: Progress::new(inputs.iter().flatten().map(|input| &input.origin)),
        crew: Crew::new(jobs, reports.report.scribe(), args.limits.diagnostics()),
        job: Job::default(),
        reports,
        is_quiet: command == For::Nobody,
        allows_empty: args.allow_empty,
        may_note: command != For::Nobody && io::stderr().is_terminal(),
        stop: args.follow.then(follow::until_interrupted).transpose()?,
        totals: Totals::default(),
        is_done: false,
    };
    let readable: Vec<_> = inputs.iter().flatten().map(Arc::clone).collect();
    let result = run.all(inputs);
    let totals = run.totals;
    // Of inputs that were not read, nobody knows.
    let empty = readable
        .iter()
        .filter(|input| run.is_done && !args.allow_empty && input.seen.is_nothing());
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
            complain(format_args!(
                "{name}: there is no payload; --allow-empty accepts such a file"
            ));
        }
    }
    Ok(status(&totals, !empty.is_empty()))
}

/// Returns what is read, if reports go to files.
fn reads(args: &CheckArgs, inputs: &[Result<Arc<Input>, Failure>], configs: &Configs) -> Vec<Read> {
    let read = |role| move |origin| Read { origin, role };
    let inputs = inputs.iter().map(|input| match input {
        Ok(input) => input.origin.clone(),
        Err(failure) => file(Path::new(&*failure.path)),
    });
    let list = args.inputs.files_from.as_deref().map(Origin::named);
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
    reason = "each says something of its own"
)]
struct Run {
    progress: Progress,
    crew: Crew,
    /// What is gathered for the crew.
    job: Job,
    reports: Reports,
    is_quiet: bool,
    /// Whether files without a payload are accepted.
    allows_empty: bool,
    /// Whether to say that a payload is held back: once, and to people only.
    may_note: bool,
    /// What is set to end inputs that are followed.
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
                Err(failure) => self.job.fail(failure),
            }
        }
        self.settle()?;
        self.is_done = true;
        self.progress.finish();
        self.report_empty(&readable)?;
        let finished = self.reports.report.finish(&self.totals);
        finished.context("the report can't be written")
    }

    /// Has the reports say which inputs hold no payload.
    fn report_empty(&mut self, inputs: &[Arc<Input>]) -> anyhow::Result<()> {
        for input in inputs.iter().filter(|input| input.seen.is_nothing()) {
            if !self.allows_empty {
                self.totals.empty += 1;
                let reported = self.reports.report.empty(&input.label);
                reported.context("the report can't be written")?;
            }
        }
        Ok(())
    }

    /// Checks the payloads of one input. What can't be read is told on stderr and counted.
    fn input(&mut self, input: &Arc<Input>) -> anyhow::Result<()> {
        let small = input.origin.length();
        if let Some(size) = small.filter(|length| *length < JOB_SIZE) {
            self.job.add_input(input, size);
            return self.give();
        }
        let read = input.open().map(|payloads| self.payloads(input, payloads));
        match read {
            Ok(result) => result,
            Err(error) => {
                self.job.fail(input.failure(&error));
                Ok(())
            }
        }
    }

    fn payloads(&mut self, input: &Arc<Input>, mut payloads: Payloads) -> anyhow::Result<()> {
        if payloads.is_without_thread() && !self.is_quiet {
            let name = &input.label;
            warn(format_args!(
                "{name}: no thread could be started to read it, so reading and checking take turns"
            ));
        }
        if let Some(stop) = &self.stop {
            payloads = payloads.until(Arc::clone(stop));
        }
        loop {
            match payloads.next() {
                Ok(Next::Batch(batch)) => {
                    self.job.add(input, batch);
                    self.give()?;
                }
                Ok(Next::Idle) => {
                    self.settle()?;
                    self.progress.aside(|| self.reports.report.idle())?;
                    self.note(payloads.is_undecided());
                }
                Ok(Next::End) => return Ok(()),
                Err(error) => {
                    self.job.fail(input.failure(&error));
                    return Ok(());
                }
            }
        }
    }

    /// Says once, on a terminal, why nothing is shown of a payload that has come.
    fn note(&mut self, is_undecided: bool) {
        let until = if self.reports.report.is_holding_back() {
            "the next one or the end; with --follow it is shown at once"
        } else if is_undecided {
            "a line break or the end"
        } else {
            return;
        };
        if std::mem::take(&mut self.may_note) {
            note(format_args!("one payload is held back until {until}"));
        }
    }

    /// Hands over what is gathered, if it's worth it.
    fn give(&mut self) -> anyhow::Result<()> {
        if !self.job.is_full() {
            return Ok(());
        }
        let outcomes = self.crew.give(std::mem::take(&mut self.job))?;
        if let Some(fewer) = self.crew.fewer_threads().filter(|_| !self.is_quiet) {
            self.progress.aside(|| warn(fewer));
        }
        self.report(outcomes)
    }

    /// Has all that is gathered checked and reported.
    fn settle(&mut self) -> anyhow::Result<()> {
        let outcomes = self.crew.give_last(std::mem::take(&mut self.job))?;
        self.report(outcomes)?;
        while let Some(outcomes) = self.crew.take()? {
            self.report(Some(outcomes))?;
        }
        Ok(())
    }

    fn report(&mut self, outcomes: Option<Vec<Outcome>>) -> anyhow::Result<()> {
        for outcome in outcomes.into_iter().flatten() {
            match outcome {
                Outcome::Page(page) => {
                    self.totals.merge(&page.totals);
                    self.progress.add(page.size);
                    let added = if page.is_empty() {
                        self.reports.report.add(page)
                    } else {
                        self.progress.aside(|| self.reports.report.add(page))
                    };
                    added.context("the report can't be written")?;
                }
                Outcome::Failure(failure) => {
                    self.totals.unreadable += 1;
                    let mut written = self.reports.report.unreadable(&failure);
                    if !self.is_quiet {
                        self.progress.aside(|| {
                            // What was found before comes first.
                            written = std::mem::replace(&mut written, Ok(()))
                                .and_then(|()| self.reports.report.idle());
                            tell(&failure);
                        });
                    }
                    written?;
                }
            }
        }
        Ok(())
    }
}

/// Says on stderr what could not be read.
fn tell(failure: &Failure) {
    let Failure {
        path,
        line,
        message,
    } = failure;
    let line = line.map_or(String::new(), |line| format!(":{line}"));
    complain(format_args!("{path}{line}: {message}"));
}
