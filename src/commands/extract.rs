//! `mewshook extract`: copies payloads out of captures.

use std::io::{self, IsTerminal, Write};
use std::path::Path;
use std::sync::Arc;

use mewshook::Masking;
use mewshook::extract::{FileFormatter, StreamFormat, is_file_name, read_files};
use mewshook::frame::Limits;
use mewshook::input::Origin;
use mewshook::pool::Input;
use mewshook::query::Filter;
use mewshook::report::{Chunk, Failure, Formatter, Reporter, Totals};

use crate::cli::{CheckOptionsArgs, ExtractArgs, InputArgs};
use crate::files::{PrivateFolder, refuse_stdout, stdout};
use crate::messages::{self, escaped, path_name, usage};

use super::Status;
use super::check::{RunOptions, RunResult};
use super::inputs::{Inputs, file};
use super::reports::Reports;
use super::settings::{configs, input};

pub(super) fn run(args: &ExtractArgs) -> anyhow::Result<Status> {
    let inputs = find_inputs(
        &args.inputs,
        args.allow_empty,
        &args.find.options(),
        args.find.limits(),
    )?;
    let reporter: Box<dyn Reporter> = if let Some(folder) = &args.out_dir {
        refuse_inputs(folder, args.force, &inputs)?;
        Box::new(FolderReporter {
            folder: PrivateFolder::create(folder, args.force, is_file_name)?,
            count: 0,
            out: stdout(),
        })
    } else {
        if io::stdout().is_terminal() {
            messages::note("this is the data itself: secrets are not masked");
        }
        format(args).reporter(stdout())
    };
    copy(
        RunOptions {
            threads: args.find.threads(),
            names_skipped: args.inputs.verbose,
            allows_empty: args.allow_empty,
            ..run_options(args.filter.filter())
        },
        inputs,
        reporter,
    )
}

/// Finds the inputs of payloads that are copied. A list without files is an error unless inputs without
/// payloads are accepted.
pub(super) fn find_inputs(
    args: &InputArgs,
    allows_empty: bool,
    options: &CheckOptionsArgs,
    limits: Limits,
) -> anyhow::Result<Vec<Result<Arc<Input>, Failure>>> {
    let mut configs = configs(options)?;
    let mut found = Inputs::in_order_or_none(args, allows_empty)?;
    let mut inputs = Vec::new();
    for found in std::mem::take(&mut found.found) {
        inputs.push(match found {
            // Labels are also printed in messages.
            Ok(found) => Ok(input(found, &mut configs, limits, Masking::On)?),
            Err(failure) => Err(failure),
        });
    }
    refuse_stdout(configs.paths().map(file))?;
    found.print_notes(Some(&configs));
    Ok(inputs)
}

/// Returns the options of a run that copies the payloads that a filter selects.
pub(super) fn run_options(filter: Option<Arc<Filter>>) -> RunOptions {
    RunOptions {
        threads: None,
        filter,
        // The first error of a payload that is not JSON.
        max_diagnostics: 1,
        masking: Masking::Off,
        write_error: "the payloads can't be written",
        is_quiet: false,
        names_skipped: false,
        allows_empty: false,
        shows_progress: true,
        stop: None,
    }
}

/// Copies the payloads of inputs to a reporter.
pub(super) fn copy(
    options: RunOptions,
    inputs: Vec<Result<Arc<Input>, Failure>>,
    reporter: Box<dyn Reporter>,
) -> anyhow::Result<Status> {
    let result = options.run(inputs, Reports::single(reporter))?;
    Ok(status(&result))
}

fn format(args: &ExtractArgs) -> StreamFormat {
    if args.with_delivery {
        StreamFormat::Records
    } else if args.pretty {
        StreamFormat::Indented
    } else {
        StreamFormat::Lines
    }
}

fn status(result: &RunResult) -> Status {
    let Totals {
        unreadable, empty, ..
    } = result.totals;
    if unreadable > 0 || empty > 0 {
        Status::Failed
    } else if result.left_out > 0 {
        Status::Invalid
    } else {
        Status::Success
    }
}

/// Refuses to replace inputs: the files that an earlier run wrote to the same folder.
fn refuse_inputs(
    folder: &Path,
    force: bool,
    inputs: &[Result<Arc<Input>, Failure>],
) -> anyhow::Result<()> {
    let Some(folder) = folder.canonicalize().ok().filter(|_| force) else {
        return Ok(());
    };
    for input in inputs.iter().flatten() {
        let Origin::File(path) = &input.origin else {
            continue;
        };
        let Ok(path) = path.canonicalize() else {
            continue;
        };
        let name = path.file_name().and_then(|name| name.to_str());
        if path.parent() == Some(&folder) && name.is_some_and(is_file_name) {
            return Err(usage(format!(
                "{} is an input, and --force could replace it: write to another folder",
                path_name(&input.label)
            )));
        }
    }
    Ok(())
}

/// Writes each payload to a file of its own, and prints the paths.
struct FolderReporter<W> {
    folder: PrivateFolder,
    /// The number of payloads so far.
    count: u64,
    out: W,
}

impl<W: Write> Reporter for FolderReporter<W> {
    fn formatter(&self) -> Arc<dyn Formatter> {
        Arc::new(FileFormatter)
    }

    fn add(&mut self, chunk: Chunk) -> io::Result<()> {
        read_files(chunk, |file| {
            self.count += 1;
            let written = self.folder.write(&file.name(self.count), &file.text);
            let path = written.map_err(|error| io::Error::other(format!("{error:#}")))?;
            writeln!(self.out, "{}", escaped(path_name(path.display())))
        })
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }

    fn finish(&mut self, _: &Totals) -> io::Result<()> {
        self.out.flush()
    }
}
