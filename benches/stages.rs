//! How long each stage takes for a capture of integration and general payloads, 5 events a
//! message: `cargo bench`, or `cargo bench -- schema` for one of them.

#![allow(
    clippy::unwrap_used,
    missing_docs,
    reason = "a benchmark that fails may panic"
)]

use std::hint::black_box;
use std::num::NonZero;
use std::sync::Arc;

use divan::Bencher;
use divan::counter::BytesCount;
use mewshook::Masking;
use mewshook::checks::{Checker, Policy, warnings};
use mewshook::contract::{Kind, detect};
use mewshook::document::{Document, MAX_DEPTH, PayloadText, Tape};
use mewshook::frame::{CaptureMode, Frames, Limits, Next};
use mewshook::input::Origin;
use mewshook::models::{Payload, Text};
use mewshook::pool::{Input, Pool, Task};
use mewshook::report::{Format, ReportOptions};
use mewshook::sample::{Layout, Recipe, write};

fn main() {
    divan::main();
}

/// One payload a line.
fn capture() -> Vec<String> {
    let kinds = [Kind::Integration, Kind::General];
    let events: Vec<_> = kinds.into_iter().flat_map(Kind::events).collect();
    let recipes = events
        .into_iter()
        .cycle()
        .take(1400)
        .zip(0..)
        .map(|(event, number)| Recipe {
            event,
            is_mixed: true,
            events: 5,
            seed: 0,
            number,
        });
    recipes
        .map(|recipe| write(&recipe.make(), Layout::Line))
        .collect()
}

fn size(lines: &[String]) -> BytesCount {
    BytesCount::new(lines.iter().map(String::len).sum::<usize>())
}

/// Runs a stage over the documents of a capture, each with its kind.
fn over_documents(bencher: Bencher<'_, '_>, stage: impl Fn(Kind, &Document<'_>) + Sync) {
    let lines = capture();
    let documents = lines.iter().map(|line| Document::parse(line).unwrap());
    let documents: Vec<_> = documents
        .map(|document| (detect(&document).unwrap(), document))
        .collect();
    bencher.counter(size(&lines)).bench(|| {
        for (kind, document) in &documents {
            stage(*kind, document);
        }
    });
}

#[divan::bench]
fn cut(bencher: Bencher<'_, '_>) {
    let lines = capture();
    let stream = lines.concat().into_bytes();
    bencher
        .counter(size(&lines))
        .with_inputs(|| Frames::from_bytes(stream.clone()))
        .bench_values(|mut payloads| {
            while let Next::Batch(batch) = payloads.next().unwrap() {
                black_box(batch);
            }
        });
}

#[divan::bench]
fn parse(bencher: Bencher<'_, '_>) {
    let lines = capture();
    bencher.counter(size(&lines)).bench(|| {
        let mut tape = Tape::default();
        for line in &lines {
            let document = Document::parse_with(tape, line, MAX_DEPTH).unwrap();
            tape = black_box(document).into_tape();
        }
    });
}

#[divan::bench]
fn detecting(bencher: Bencher<'_, '_>) {
    over_documents(bencher, |_, document| {
        black_box(detect(document));
    });
}

#[divan::bench]
fn schema(bencher: Bencher<'_, '_>) {
    over_documents(bencher, |kind, document| {
        assert!(kind.schema().accepts(document));
    });
}

#[divan::bench]
fn model(bencher: Bencher<'_, '_>) {
    over_documents(bencher, |kind, document| {
        black_box(Payload::<Text<'_>>::read(kind, document.root()).unwrap());
    });
}

#[divan::bench]
fn warnings_of(bencher: Bencher<'_, '_>) {
    over_documents(bencher, |kind, document| {
        assert!(warnings(kind, document).is_empty());
    });
}

#[divan::bench]
fn whole(bencher: Bencher<'_, '_>) {
    let lines = capture();
    bencher.counter(size(&lines)).bench(|| {
        let mut checker = Checker::new(Policy::default(), None);
        for line in &lines {
            let done = checker.check(&PayloadText::from(line.trim_end()));
            assert!(done.verdict.valid);
            checker.recycle(done);
        }
    });
}

/// The same with payloads whose shapes are not in the cache yet.
#[divan::bench]
fn whole_of_new_shapes(bencher: Bencher<'_, '_>) {
    let lines = capture();
    bencher.counter(size(&lines)).bench(|| {
        for some in lines.chunks(20) {
            let mut checker = Checker::new(Policy::default(), None);
            for line in some {
                let done = checker.check(&PayloadText::from(line.trim_end()));
                assert!(done.verdict.valid);
                checker.recycle(done);
            }
        }
    });
}

/// Returns a log record of each payload, in which the payload stands as a string.
fn log(lines: &[String]) -> String {
    let records = lines.iter().map(|line| {
        let body = serde_json::Value::from(line.trim_end());
        format!("{{\"level\":30,\"time\":1795853704000,\"msg\":\"received\",\"body\":{body}}}\n")
    });
    records.collect()
}

/// Returns a HAR file with all payloads, each as a string.
fn har(lines: &[String]) -> String {
    let entries = lines.iter().map(|line| {
        let text = serde_json::Value::from(line.trim_end());
        format!(
            "{{\"startedDateTime\":\"2026-01-01T00:00:00Z\",\"request\":{{\"method\":\"POST\",\"url\":\"https://example.com\",\"headers\":[],\"bodySize\":-1,\"postData\":{{\"text\":{text}}}}},\"response\":{{\"status\":200}}}}"
        )
    });
    let entries: Vec<_> = entries.collect();
    format!("{{\"log\":{{\"entries\":[{}]}}}}", entries.join(","))
}

/// Runs `validate` on a capture in memory, on one thread.
fn validate(bencher: Bencher<'_, '_>, capture: &str) {
    let bytes = BytesCount::new(capture.len());
    let input = Input::new(
        Origin::Stdin,
        "capture",
        Limits::default(),
        CaptureMode::Auto,
        Arc::default(),
    );
    let input = Arc::new(input);
    let formatter = || {
        let format = Format::by_name("human").unwrap();
        format
            .reporter(std::io::sink(), ReportOptions::default())
            .formatter()
    };
    bencher
        .counter(bytes)
        .with_inputs(|| {
            let frames = Frames::from_bytes(capture.as_bytes().to_vec());
            let pool = Pool::new(NonZero::new(1), formatter(), 100, Masking::On);
            (frames.with_mode(CaptureMode::Auto), pool)
        })
        .bench_values(|(mut frames, mut pool)| {
            while let Next::Batch(batch) = frames.next().unwrap() {
                let mut task = Task::default();
                task.add_batch(&input, batch);
                black_box(pool.submit(task).unwrap().is_some());
            }
            while let Some(result) = pool.collect().unwrap() {
                black_box(result.len());
            }
        });
}

#[divan::bench]
fn validate_log_with_strings(bencher: Bencher<'_, '_>) {
    validate(bencher, &log(&capture()));
}

#[divan::bench]
fn validate_har_with_strings(bencher: Bencher<'_, '_>) {
    validate(bencher, &har(&capture()));
}
