//! What is printed about a stream, in every format.

use std::io::Write;
use std::iter;
use std::num::NonZero;
use std::sync::{Arc, LazyLock};

use mewshook::frame::{Frames, Limits, Next};
use mewshook::input::Origin;
use mewshook::pool::{Input, Pool, Task, TaskResult};
use mewshook::report::{self, Format, ReportOptions, Reporter, Style, Totals, View};

/// The names of all formats, and `inspect` for the view of payloads in the format for people.
pub static FORMATS: LazyLock<Vec<&str>> = LazyLock::new(|| {
    let names = report::FORMATS.iter().map(|format| format.name);
    iter::once("inspect").chain(names).collect()
});

/// Returns a reporter of a format.
pub fn reporter<'w>(format: &str, style: Style, out: impl Write + 'w) -> Box<dyn Reporter + 'w> {
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

/// What is printed about a stream by `threads` threads, if each batch is a task of its own.
pub fn printed(payloads: Frames, format: &str, threads: usize) -> String {
    printed_in(Style::default(), payloads, format, threads)
}

/// The same in a style.
pub fn printed_in(style: Style, payloads: Frames, format: &str, threads: usize) -> String {
    let mut out = Vec::new();
    print_to(&mut out, style, payloads, format, threads, 100);
    String::from_utf8(out).unwrap()
}

/// Prints at most `most` diagnostics of each payload, in the usual style.
pub fn print_most(out: impl Write, payloads: Frames, format: &str, most: usize) {
    print_to(out, Style::default(), payloads, format, 1, most);
}

fn print_to(
    out: impl Write,
    style: Style,
    mut payloads: Frames,
    format: &str,
    threads: usize,
    most: usize,
) {
    let mut reporter = reporter(format, style, out);
    let mut pool = Pool::new(NonZero::new(threads), reporter.formatter(), most);
    let mut totals = Totals::default();
    let mut add = |result: Option<TaskResult>| {
        for chunk in result.into_iter().flatten() {
            let chunk = chunk.unwrap();
            totals.merge(&chunk.totals);
            reporter.add(chunk).unwrap();
        }
    };
    let limits = Limits::default();
    let input = Input::new(Origin::Stdin, "capture".into(), limits, Arc::default());
    let input = Arc::new(input);
    loop {
        match payloads.next().unwrap() {
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
