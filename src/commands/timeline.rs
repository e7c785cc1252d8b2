//! `mewshook timeline`: shows what happened to each integration.

use std::io::BufWriter;

use mewshook::Masking;
use mewshook::report::{Style, TimelineReporter, outside_stories};

use crate::cli::TimelineArgs;
use crate::files::{refuse_outputs, stdout};
use crate::messages;

use super::check::RunOptions;
use super::find::{find_inputs, status};
use super::reports::{Reports, create_files, style_of_files};
use super::{Status, filter};

pub(super) fn run(args: &TimelineArgs, style: Style) -> anyhow::Result<Status> {
    let masking = args.masking();
    if masking == Masking::Off {
        messages::warning("secrets are shown: anyone who sees this output can use them");
    }
    let (inputs, read_files) = find_inputs(&args.inputs, &args.find, masking)?;
    let outputs = args.output.iter().map(|output| &*output.file);
    refuse_outputs(outputs, None, &read_files)?;
    let files = create_files(&args.output)?;
    let mut reporter =
        TimelineReporter::new()
            .with_masking(masking)
            .with_output(args.format, stdout(), style);
    for (format, file) in &files {
        let out = BufWriter::new(file.writer()?);
        reporter = reporter.with_output(format, out, style_of_files(style));
    }
    let counts = reporter.counts();
    let files = files.into_iter().map(|(_, file)| file).collect();
    let options = RunOptions {
        filter: args.filter.filter(),
        threads: args.find.threads(),
        max_diagnostics: 1,
        masking,
        write_error: "the timeline can't be written",
        is_quiet: false,
        names_skipped: args.inputs.verbose,
        allows_empty: args.allow_empty,
        shows_progress: true,
        stop: None,
    };
    let result = options.run(inputs, Reports::with_files(Box::new(reporter), files))?;
    // The format for people says this in its last line.
    let outside = counts.get().and_then(outside_stories);
    if let Some(outside) = outside.filter(|_| args.format.name != "human") {
        messages::note(format_args!("in no story: {outside}"));
    }
    filter::print_count(&result.totals);
    Ok(status(&result.totals))
}
