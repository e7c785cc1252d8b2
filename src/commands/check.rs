//! What `inspect` and `validate` share: all inputs through the checks into one report.

use std::io::{self, Write};
use std::num::NonZero;
use std::path::Path;
use std::sync::Arc;

use anyhow::Context;
use mewshook::checks::{Checker, Policy};
use mewshook::crew::{Crew, Failure, JOB_SIZE, Job, Outcome};
use mewshook::input::{Next, Origin, Payloads};
use mewshook::report::{Json, Plain, Quiet, Report, Totals};

use crate::cli::{CheckArgs, Format};

use super::progress::Progress;
use super::{Status, complain, usage};

/// A report in one of the formats for programs, if such is asked for.
pub(super) fn for_programs<'w>(
    format: Format,
    out: impl Write + 'w,
) -> Option<Box<dyn Report + 'w>> {
    match format {
        Format::Human => None,
        Format::Json => Some(Box::new(Json::new(out))),
        Format::Ndjson => Some(Box::new(Plain::ndjson(out))),
        Format::Short => Some(Box::new(Plain::short(out))),
    }
}

/// Checks all inputs. `report` is given each payload; without one, nothing at all is said.
pub(super) fn run(
    args: &CheckArgs,
    report: Option<Box<dyn Report + '_>>,
) -> anyhow::Result<Status> {
    let policy = Policy::new(args.strict, &args.allow, &args.deny);
    let policy = policy.map_err(|error| usage(error.to_string()))?;
    let kind = args.kind.as_deref().map(str::parse).transpose()?;
    let checker = Checker::new(policy, kind);
    let is_quiet = report.is_none();
    let report = report.unwrap_or_else(|| Box::new(Quiet));
    let jobs = args.jobs.and_then(|jobs| NonZero::new(jobs.into()));
    let origins = origins(args)?;
    let mut run = Run {
        progress: Progress::new(&origins),
        crew: Crew::new(jobs, checker, report.scribe()),
        job: Job::default(),
        report,
        is_quiet,
        totals: Totals::default(),
    };
    for origin in &origins {
        run.input(origin)?;
    }
    run.settle()?;
    run.progress.finish();
    let Run {
        mut report, totals, ..
    } = run;
    report
        .finish(&totals)
        .context("the report can't be written")?;
    if totals.payloads == 0 && totals.unreadable == 0 && !is_quiet {
        let names: Vec<_> = origins.iter().map(Origin::to_string).collect();
        complain(format_args!("there is no payload in {}", names.join(", ")));
    }
    Ok(if totals.unreadable > 0 || totals.payloads == 0 {
        Status::Failed
    } else if totals.invalid > 0 {
        Status::Invalid
    } else {
        Status::Good
    })
}

/// The inputs that are asked for.
pub(super) fn origins(args: &CheckArgs) -> anyhow::Result<Vec<Origin>> {
    if args.files.is_empty() {
        return Ok(vec![Origin::Stdin]);
    }
    let mut has_stdin = false;
    args.files
        .iter()
        .map(|path| {
            if path != Path::new("-") {
                return Ok(Origin::File(path.clone()));
            }
            if std::mem::replace(&mut has_stdin, true) {
                let message = "`-` is given twice, and standard input can be read only once";
                return Err(usage(message));
            }
            Ok(Origin::Stdin)
        })
        .collect()
}

struct Run<'w> {
    progress: Progress,
    crew: Crew,
    /// What is gathered for the crew.
    job: Job,
    report: Box<dyn Report + 'w>,
    is_quiet: bool,
    totals: Totals,
}

impl Run<'_> {
    /// Checks the payloads of one input. What can't be read is told on stderr and counted.
    fn input(&mut self, origin: &Origin) -> anyhow::Result<()> {
        if let Some(size) = origin.length().filter(|length| *length < JOB_SIZE) {
            self.job.add_input(origin.clone(), size);
            return self.give();
        }
        let path: Arc<str> = origin.to_string().into();
        let read = Payloads::open(origin).map(|payloads| self.payloads(&path, payloads));
        match read {
            Ok(result) => result,
            Err(error) => {
                self.job.fail(Failure::new(&path, &error));
                Ok(())
            }
        }
    }

    fn payloads(&mut self, path: &Arc<str>, mut payloads: Payloads) -> anyhow::Result<()> {
        loop {
            match payloads.next() {
                Ok(Next::Batch(batch)) => {
                    self.job.add(path, batch);
                    self.give()?;
                }
                Ok(Next::Idle) => {
                    self.settle()?;
                    self.progress.aside(|| self.report.idle())?;
                }
                Ok(Next::End) => return Ok(()),
                Err(error) => {
                    self.job.fail(Failure::new(path, &error));
                    return Ok(());
                }
            }
        }
    }

    /// Hands over what is gathered, if it's worth it.
    fn give(&mut self) -> anyhow::Result<()> {
        if !self.job.is_full() {
            return Ok(());
        }
        let outcomes = self.crew.give(std::mem::take(&mut self.job))?;
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
                        self.report.add(page)
                    } else {
                        self.progress.aside(|| self.report.add(page))
                    };
                    added.context("the report can't be written")?;
                }
                Outcome::Failure(Failure { place, message }) => {
                    self.totals.unreadable += 1;
                    if !self.is_quiet {
                        // What was found before comes first.
                        self.progress.aside(|| -> io::Result<()> {
                            self.report.idle()?;
                            complain(format_args!("{place}: {message}"));
                            Ok(())
                        })?;
                    }
                }
            }
        }
        Ok(())
    }
}
