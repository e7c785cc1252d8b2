//! What it costs to count a payload: nothing is allocated for names that are known, and the work grows
//! with the input, however many names there are.

#![allow(
    clippy::unwrap_used,
    missing_docs,
    reason = "a test that fails may panic"
)]

#[path = "support/cost.rs"]
mod cost;
#[path = "support/printed.rs"]
#[allow(dead_code, reason = "each test uses some of it")]
mod printed;

use std::fmt::Write as _;
use std::io;
use std::sync::{Arc, Mutex};

use mewshook::Masking;
use mewshook::frame::Frames;
use mewshook::query::Stats;
use mewshook::report::{Chunk, Formatter, Record, Reporter, StatsReporter, Totals};
use mewshook::sample;

use cost::cost;

/// Measures the allocations for each payload.
struct Measured {
    formatter: Arc<dyn Formatter>,
    allocations: Arc<Mutex<Vec<u64>>>,
}

impl Formatter for Measured {
    fn format(&self, record: &Record<'_>, chunk: &mut Chunk) -> io::Result<()> {
        let mut formatted = Ok(());
        let cost = cost(|| formatted = self.formatter.format(record, chunk));
        self.allocations.lock().unwrap().push(cost.allocations);
        formatted
    }
}

struct MeasuringReporter {
    reporter: StatsReporter<'static>,
    allocations: Arc<Mutex<Vec<u64>>>,
}

impl Reporter for MeasuringReporter {
    fn formatter(&self) -> Arc<dyn Formatter> {
        Arc::new(Measured {
            formatter: self.reporter.formatter(),
            allocations: Arc::clone(&self.allocations),
        })
    }

    fn add(&mut self, chunk: Chunk) -> io::Result<()> {
        self.reporter.add(chunk)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.reporter.flush()
    }

    fn finish(&mut self, totals: &Totals) -> io::Result<()> {
        self.reporter.finish(totals)
    }
}

#[test]
fn counting_known_names_allocates_nothing() {
    let samples: String = sample::events().map(|event| event.sample).collect();
    let count = sample::events().count();
    let allocations = Arc::<Mutex<Vec<u64>>>::default();
    let reporter = MeasuringReporter {
        reporter: StatsReporter::new(Stats::new(false, Masking::On)),
        allocations: Arc::clone(&allocations),
    };
    let frames = Frames::from_bytes(samples.repeat(2).into_bytes());
    printed::report(Box::new(reporter), frames, 1, 100);
    let allocations = allocations.lock().unwrap();
    let (first, second) = allocations.split_at(count);
    assert!(first.iter().all(|count| *count < 40), "{first:?}");
    assert_eq!(second, vec![0; count]);
}

/// Payloads with names of their own, and with many events and errors.
fn capture(payloads: usize) -> String {
    let mut text = String::new();
    for number in 0..payloads {
        let _ = writeln!(
            text,
            r#"{{"EnterpriseId": "enterprise {number}", "IntegrationId": "{number}", "Events": [{{"Discriminator": "Event{number}", "Value": {{"Id": "{number}"}}}}, {{}}, {{"Value": {number}}}]}}"#
        );
    }
    text
}

#[test]
fn the_work_grows_with_the_input() {
    const FACTOR: usize = 8;
    for format in printed::STATS {
        let cost = |payloads| {
            let frames = Frames::from_bytes(capture(payloads).into_bytes());
            cost(|| drop(printed::printed(frames, format, 1)))
        };
        cost(1);
        let (small, large) = (cost(200), cost(200 * FACTOR));
        let outgrown = large.outgrows(&small, FACTOR as u64);
        assert_eq!(outgrown, None, "{format}: {small:?}, then {large:?}");
    }
}
