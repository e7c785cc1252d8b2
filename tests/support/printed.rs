//! Reports on a stream, in each format.

use std::io::Write;
use std::iter;
use std::num::NonZero;
use std::sync::{Arc, LazyLock};

use mewshook::Masking;
use mewshook::frame::{CaptureMode, Frames, Next};
use mewshook::input::Origin;
use mewshook::pool::{Input, Pool, Task, TaskOutput, TaskResult};
use mewshook::query::{Filter, Stats};
use mewshook::report::{
    self, Format, PlanFormat, PlanReporter, ReportOptions, Reporter, StatsFormat, StatsOptions,
    StatsReporter, Style, TimelineFormat, TimelineReporter, Totals, View,
};

/// The names of all formats, and `inspect` for the `human` format with the view of `mewshook inspect`.
pub static FORMATS: LazyLock<Vec<&str>> = LazyLock::new(|| {
    let names = report::FORMATS.iter().map(|format| format.name);
    iter::once("inspect").chain(names).collect()
});

/// The names of the formats of statistics.
pub const STATS: [&str; 4] = ["stats-human", "stats-json", "stats-csv", "stats-html"];

/// The names of the formats of timelines.
pub const TIMELINES: [&str; 3] = ["timeline human", "timeline ndjson", "timeline html"];

/// The names of the formats of plans.
pub const PLANS: [&str; 3] = ["plan human", "plan ndjson", "plan http"];

/// The names of [`FORMATS`], of [`STATS`], of [`TIMELINES`] and of [`PLANS`].
pub static REPORTS: LazyLock<Vec<&str>> = LazyLock::new(|| {
    let formats = FORMATS.iter().copied();
    let others = STATS.into_iter().chain(TIMELINES).chain(PLANS);
    formats.chain(others).collect()
});

/// Creates a reporter for one of [`REPORTS`]. Statistics include distinct values.
pub fn reporter<'w>(format: &str, style: Style, out: impl Write + 'w) -> Box<dyn Reporter + 'w> {
    if let Some(name) = format.strip_prefix("stats-") {
        let format = StatsFormat::by_name(name).unwrap();
        let options = StatsOptions { style, top: None };
        let reporter = StatsReporter::new(Stats::new(true, Masking::On));
        return Box::new(reporter.with_output(format, out, options));
    }
    if let Some(name) = format.strip_prefix("timeline ") {
        let format = TimelineFormat::by_name(name).unwrap();
        return Box::new(TimelineReporter::new().with_output(format, out, style));
    }
    if let Some(name) = format.strip_prefix("plan ") {
        let format = PlanFormat::by_name(name).unwrap();
        return Box::new(PlanReporter::new().with_output(format, out, style));
    }
    let (name, view) = match format {
        "inspect" => {
            let view = View::Payloads {
                inputs: 1,
                is_followed: false,
            };
            ("human", view)
        }
        name => (name, View::Diagnostics),
    };
    let options = ReportOptions {
        style,
        view,
        ..ReportOptions::default()
    };
    Format::by_name(name).unwrap().reporter(out, options)
}

/// Returns the report on a stream. `threads` threads make it, and each batch is a task.
pub fn printed(frames: Frames, format: &str, threads: usize) -> String {
    printed_with_style(Style::default(), frames, format, threads)
}

/// Returns the report on a stream in a style.
pub fn printed_with_style(style: Style, frames: Frames, format: &str, threads: usize) -> String {
    let mut out = Vec::new();
    print(&mut out, style, frames, format, threads, 100);
    String::from_utf8(out).unwrap()
}

/// Prints the report on a stream, with at most `max_diagnostics` diagnostics of each payload.
pub fn print_with_limit(out: impl Write, frames: Frames, format: &str, max_diagnostics: usize) {
    print(out, Style::default(), frames, format, 1, max_diagnostics);
}

fn print(
    out: impl Write,
    style: Style,
    frames: Frames,
    format: &str,
    threads: usize,
    max_diagnostics: usize,
) {
    report(
        reporter(format, style, out),
        frames,
        threads,
        max_diagnostics,
    );
}

/// Reports on a stream.
pub fn report(
    reporter: Box<dyn Reporter + '_>,
    frames: Frames,
    threads: usize,
    max_diagnostics: usize,
) {
    report_matching(reporter, frames, threads, max_diagnostics, None);
}

/// Reports on the payloads of a stream that a filter selects.
pub fn report_matching(
    mut reporter: Box<dyn Reporter + '_>,
    mut frames: Frames,
    threads: usize,
    max_diagnostics: usize,
    filter: Option<Arc<Filter>>,
) {
    let mut pool = Pool::new(
        NonZero::new(threads),
        reporter.formatter(),
        max_diagnostics,
        Masking::On,
    )
    .with_filter(filter);
    let mut totals = Totals::default();
    let mut add = |result: Option<TaskResult>| {
        for chunk in result.into_iter().flatten() {
            match chunk {
                TaskOutput::Chunk(chunk) => {
                    totals.merge(&chunk.totals, &chunk.path);
                    reporter.add(chunk).unwrap();
                }
                TaskOutput::Failure(failure) => reporter.add_failure(&failure).unwrap(),
                TaskOutput::Rest(_) => panic!("a batch has no rest"),
            }
        }
    };
    let limits = frames.limits();
    let input = Input::new(
        Origin::Stdin,
        "capture",
        limits,
        CaptureMode::Auto,
        Arc::default(),
    );
    let input = Arc::new(input);
    loop {
        match frames.next().unwrap() {
            Next::Batch(batch) => {
                let mut task = Task::default();
                task.add_batch(&input, batch);
                add(pool.submit(task).unwrap());
            }
            Next::Idle => {}
            Next::End => break,
        }
    }
    while let Some(result) = pool.collect().unwrap() {
        add(Some(result));
    }
    reporter.finish(&totals).unwrap();
}
