//! What is printed about a stream, in every format.

use std::io::Write;
use std::num::NonZero;
use std::sync::Arc;

use mewshook::frame::{Frames, Next};
use mewshook::input::{Limits, Origin};
use mewshook::pool::{Input, Outcome, Pool, Seen, Task};
use mewshook::report::{Inspect, Json, Junit, Listing, Plain, Reporter, Style, Totals, Workspace};

/// Every format; that for people twice, as two commands have it.
pub const FORMATS: [&str; 9] = [
    "validate", "inspect", "json", "ndjson", "short", "github", "gitlab", "sarif", "junit",
];

/// The style of what is printed.
const STYLE: Style = Style {
    colour: false,
    width: 100,
    is_fitted: false,
};

/// A report in a format.
pub fn report<'w>(format: &str, style: Style, out: impl Write + 'w) -> Box<dyn Reporter + 'w> {
    match format {
        "validate" => Box::new(Plain::human(out, style)),
        "inspect" => Box::new(Inspect::new(out, style, 1)),
        "json" => Box::new(Json::new(out)),
        "short" => Box::new(Plain::short(out)),
        "github" => Box::new(Listing::github(out, Workspace::default(), None)),
        "gitlab" => Box::new(Listing::gitlab(out, Workspace::default())),
        "sarif" => Box::new(Listing::sarif(out, Workspace::default())),
        "junit" => Box::new(Junit::new(out, Workspace::default())),
        _ => Box::new(Plain::ndjson(out)),
    }
}

/// What is printed about a stream by `threads` threads, if each batch is a task of its own.
pub fn printed(payloads: Frames, format: &str, threads: usize) -> String {
    printed_in(STYLE, payloads, format, threads)
}

/// The same in a style.
pub fn printed_in(style: Style, payloads: Frames, format: &str, threads: usize) -> String {
    let mut out = Vec::new();
    print_to(&mut out, style, payloads, format, threads, 100);
    String::from_utf8(out).unwrap()
}

/// Prints at most `most` diagnostics of each payload, in the usual style.
pub fn print_most(out: impl Write, payloads: Frames, format: &str, most: usize) {
    print_to(out, STYLE, payloads, format, 1, most);
}

fn print_to(
    out: impl Write,
    style: Style,
    mut payloads: Frames,
    format: &str,
    threads: usize,
    most: usize,
) {
    let mut report = report(format, style, out);
    let mut pool = Pool::new(NonZero::new(threads), report.formatter(), most);
    let mut totals = Totals::default();
    let mut add = |outcomes: Option<Vec<Outcome>>| {
        for outcome in outcomes.into_iter().flatten() {
            let Outcome::Chunk(chunk) = outcome else {
                panic!("{outcome:?}");
            };
            totals.merge(&chunk.totals);
            report.add(chunk).unwrap();
        }
    };
    let input = Arc::new(Input {
        origin: Origin::Stdin,
        label: "capture".into(),
        options: Arc::default(),
        limits: Limits::default(),
        seen: Seen::default(),
    });
    loop {
        match payloads.next().unwrap() {
            Next::Batch(batch) => {
                let mut task = Task::default();
                task.add(&input, batch);
                add(pool.submit(task).unwrap());
            }
            Next::Idle => {}
            Next::End => break,
        }
    }
    while let Some(outcomes) = pool.collect().unwrap() {
        add(Some(outcomes));
    }
    report.finish(&totals).unwrap();
}
