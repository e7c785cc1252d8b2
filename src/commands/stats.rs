//! `mewshook stats`: counts payloads, or merges what other runs have counted.

use std::fs;
use std::io::{self, BufWriter, Read};

use anyhow::Context;
use mewshook::Masking;
use mewshook::input::{Origin, describe};
use mewshook::query::Stats;
use mewshook::report::{StatsOptions, StatsReporter, Style, Totals, read_stats};

use crate::cli::StatsArgs;
use crate::files::{AtomicFile, ReadFile, refuse_outputs, refuse_stdout, stdout};
use crate::messages::{self, path_name, usage};

use super::check::{RunOptions, read_files, status};
use super::inputs::{Inputs, file};
use super::reports::{Reports, create_files, style_of_files};
use super::settings::{configs, input, labelled_input};
use super::{Status, filter};

/// The message for output that can't be written.
const WRITE_ERROR: &str = "the statistics can't be written";

pub(super) fn run(args: &StatsArgs, style: Style) -> anyhow::Result<Status> {
    if args.run.masking() == Masking::Off {
        messages::warning("secrets are shown: anyone who sees this output can use them");
    }
    let style = Style {
        width: style.width.min(args.limits.width.into()),
        ..style
    };
    let status = if args.merge {
        merge(args, style)?
    } else {
        count(args, style)?
    };
    Ok(match status {
        Status::Invalid if args.run.exit_zero => Status::Success,
        status => status,
    })
}

/// Counts the payloads of all inputs.
fn count(args: &StatsArgs, style: Style) -> anyhow::Result<Status> {
    let masking = args.run.masking();
    let limits = args.limits.limits();
    let mut configs = configs(&args.options)?;
    let mut found = Inputs::sorted_or_none(&args.inputs, args.run.allow_empty)?;
    let has_stdin = found.origins().any(|origin| *origin == Origin::Stdin);
    if args.label.is_some() && !has_stdin {
        return Err(usage("--label names standard input, which is not read"));
    }
    let mut inputs = Vec::new();
    for found in std::mem::take(&mut found.found) {
        inputs.push(match (found, &args.label) {
            (Ok(found), Some(label)) if found.origin == Origin::Stdin => Ok(labelled_input(
                found,
                label.clone(),
                &mut configs,
                limits,
                masking,
            )?),
            (Ok(found), _) => Ok(input(found, &mut configs, limits, masking)?),
            (Err(failure), _) => Err(failure),
        });
    }
    refuse_stdout(configs.paths().map(file))?;
    found.print_notes(Some(&configs));
    let read_files = read_files(&args.inputs, &inputs, &configs);
    let (reporter, files) = reporter(args, Stats::new(args.distinct, masking), style, &read_files)?;
    let options = RunOptions {
        filter: args.filter.filter(),
        threads: args.run.threads(),
        max_diagnostics: args.limits.max_diagnostics(),
        masking,
        write_error: WRITE_ERROR,
        is_quiet: false,
        names_skipped: args.inputs.verbose,
        allows_empty: args.run.allow_empty,
        shows_progress: true,
        stop: None,
    };
    let result = options.run(inputs, Reports::with_files(Box::new(reporter), files))?;
    filter::print_count(&result.totals);
    Ok(status(&result.totals))
}

/// Merges the statistics of all inputs. If one can't be read, nothing is written: the numbers would be
/// those of only a part.
fn merge(args: &StatsArgs, style: Style) -> anyhow::Result<Status> {
    let found = Inputs::sorted(&args.inputs)?;
    found.print_notes(None);
    let read_files: Vec<_> = found
        .origins()
        .map(|origin| ReadFile {
            origin: origin.clone(),
            role: "an input",
        })
        .collect();
    let mut merged: Option<Stats> = None;
    let mut has_failed = false;
    for found in &found.found {
        let added = match found {
            Ok(found) => add_input(&found.origin, args.run.masking(), &mut merged),
            Err(failure) => Err(format!("{}: {}", failure.path, failure.message)),
        };
        if let Err(message) = added {
            messages::error(message);
            has_failed = true;
        }
    }
    let Some(stats) = merged.filter(|_| !has_failed) else {
        return Ok(Status::Failed);
    };
    let totals = Totals {
        invalid: stats.invalid,
        unreadable: stats.unreadable,
        empty: stats.empty,
        ..Totals::default()
    };
    let (mut reporter, files) = reporter(args, stats, style, &read_files)?;
    reporter.write().context(WRITE_ERROR)?;
    Reports::with_files(Box::new(reporter), files).commit()?;
    Ok(status(&totals))
}

/// Adds the statistics in an input to those merged so far.
///
/// # Errors
/// A message that names the input and the place.
fn add_input(origin: &Origin, masking: Masking, merged: &mut Option<Stats>) -> Result<(), String> {
    let name = path_name(origin);
    let text = read(origin).map_err(|error| format!("{name}: {}", describe(&error)))?;
    let mut is_empty = true;
    for stats in read_stats(&text, masking) {
        let stats = stats.map_err(|error| format!("{name}:{error}"))?;
        is_empty = false;
        let Some(sum) = merged else {
            *merged = Some(stats);
            continue;
        };
        if sum.distinct.is_some() != stats.distinct.is_some() {
            return Err(format!(
                "{name}: some of the statistics were made with --distinct and some without, so distinct \
                 values can't be counted: make all of them in the same way"
            ));
        }
        sum.merge(stats);
    }
    if is_empty {
        return Err(format!(
            "{name}: there are no statistics; expected what `mewshook stats --format json` prints"
        ));
    }
    Ok(())
}

fn read(origin: &Origin) -> io::Result<Vec<u8>> {
    match origin {
        Origin::File(path) => fs::read(path),
        Origin::Stdin => {
            let mut text = Vec::new();
            io::stdin().read_to_end(&mut text)?;
            Ok(text)
        }
    }
}

/// Creates a reporter with the outputs that `args` ask for, and their files.
fn reporter(
    args: &StatsArgs,
    stats: Stats,
    style: Style,
    reads: &[ReadFile],
) -> anyhow::Result<(StatsReporter<'static>, Vec<AtomicFile>)> {
    let outputs = args.output.iter().map(|output| &*output.file);
    refuse_outputs(outputs, None, reads)?;
    let files = create_files(&args.output)?;
    let top = args.top();
    let options = StatsOptions { style, top };
    let mut reporter = StatsReporter::new(stats).with_output(args.format, stdout(), options);
    for (format, file) in &files {
        let style = style_of_files(style);
        let out = BufWriter::new(file.writer()?);
        reporter = reporter.with_output(format, out, StatsOptions { style, top });
    }
    let files = files.into_iter().map(|(_, file)| file);
    Ok((reporter, files.collect()))
}
