//! Tests that no input takes more than linear time or memory. The work of each command is done on a
//! text and on another that is four times as large. The steps of scanners and the allocated memory
//! may then be about four times as much. Unlike times, these counts are the same in every run.
//!
//! The tests are slow, since they read a thousand texts in a dozen ways; without optimisation, they
//! read a quarter of them.

#![allow(
    clippy::unwrap_used,
    missing_docs,
    reason = "a test that fails may panic"
)]

#[path = "support/cost.rs"]
mod cost;
#[path = "support/pathological.rs"]
mod pathological;
#[path = "support/printed.rs"]
#[allow(dead_code, reason = "each test uses some of it")]
mod printed;

use std::fs;
use std::io::{self, Read};
use std::sync::Arc;

use chrono::DateTime;
use mewshook::checks::Policy;
use mewshook::config::{Config, ConfigChoice, Configs, Layer};
use mewshook::document::Document;
use mewshook::extract::StreamFormat;
use mewshook::frame::{Frames, Next};
use mewshook::input::{InputError, Origin, find};
use mewshook::query::Filter;
use mewshook::redact::{Classes, Key, RedactedStream, Redactor, StreamStatus};
use mewshook::sample::{self, Edit, Pointer};

use cost::{Cost, cost};
use pathological::{PIECES, POSITIONS, Position, SETTINGS};
use printed::{FORMATS, PLANS, STATS, TIMELINES, printed, report_matching};

/// The smaller of the two sizes, in bytes. It is large enough that quadratic growth stands out from
/// the constant factor of formats that print a hundred bytes per byte.
const SMALL: usize = if cfg!(debug_assertions) {
    2 << 10
} else {
    16 << 10
};

/// Returns the step between tested pieces, which is more than 1 if there is no time for all.
fn stride() -> usize {
    if cfg!(debug_assertions) { 4 } else { 1 }
}

/// The ratio of the two sizes.
const FACTOR: usize = 4;

/// Compares the cost of some work on each capture at both sizes. Captures that cannot be read are
/// skipped.
fn assert_linear(work: &str, work_on: impl Fn(Vec<u8>)) {
    assert_linear_from(SMALL, POSITIONS, work, |text| {
        is_readable(text.clone()).then(|| cost(|| work_on(text)))
    });
}

/// Compares the cost of some work on each text at a size and at the larger one. Texts without a
/// cost are skipped.
fn assert_linear_from(
    size: usize,
    positions: &[Position],
    work: &str,
    cost_of: impl Fn(Vec<u8>) -> Option<Cost>,
) {
    // Values that are created only once are not part of the cost.
    cost_of(b"{\"Action\":1}".to_vec());
    let mut failures = Vec::new();
    for (number, (position, text)) in positions.iter().enumerate() {
        for piece in PIECES.iter().skip(number % stride()).step_by(stride()) {
            let measured = |size: usize| cost_of(text(piece, size));
            let (Some(small), Some(large)) = (measured(size), measured(size * FACTOR)) else {
                continue;
            };
            if let Some(count) = large.outgrows(&small, FACTOR as u64) {
                let piece = String::from_utf8_lossy(piece);
                failures.push(format!(
                    "{count}: {work}, {piece:?} {position}: {small:?}, then {large:?}"
                ));
            }
        }
    }
    assert!(
        failures.is_empty(),
        "{} texts\n{}",
        failures.len(),
        failures.join("\n")
    );
}

fn is_readable(text: Vec<u8>) -> bool {
    frames(Frames::from_bytes(text)).is_ok()
}

/// Reads all payloads.
fn frames(mut frames: Frames) -> Result<(), InputError> {
    loop {
        match frames.next()? {
            Next::Batch(batch) => batch.frames().for_each(drop),
            Next::Idle => {}
            Next::End => return Ok(()),
        }
    }
}

/// Compares the cost of reports in some formats.
fn assert_reports_linear(formats: &[&str]) {
    for format in formats {
        assert_linear(format, |text| {
            drop(printed(Frames::from_bytes(text), format, 1));
        });
    }
}

#[test]
fn filters_grow_as_their_input() {
    let conditions = [
        "id=aaaaaaaa-1111-4111-8111-111111111111",
        "event=CustomerUpdated",
        "event~=x",
        "service!=x",
    ];
    let conditions = conditions.map(|text| text.parse().unwrap());
    let filter = Arc::new(Filter::new(conditions.to_vec(), DateTime::UNIX_EPOCH));
    assert_linear("filter", |text| {
        let reporter = StreamFormat::Lines.reporter(io::sink());
        let filter = Some(Arc::clone(&filter));
        report_matching(reporter, Frames::from_bytes(text), 1, 1, filter);
    });
}

#[test]
fn reports_for_people_grow_as_their_input() {
    assert_reports_linear(&FORMATS[..2]);
}

#[test]
fn reports_for_programs_grow_as_their_input() {
    assert_reports_linear(&FORMATS[2..5]);
}

#[test]
fn reports_for_servers_grow_as_their_input() {
    assert_reports_linear(&FORMATS[5..]);
}

#[test]
fn statistics_grow_as_their_input() {
    assert_reports_linear(&STATS);
}

#[test]
fn redacted_captures_grow_as_their_input() {
    for is_all in [false, true] {
        let classes = Classes {
            ids: is_all,
            names: is_all,
            ..Classes::default()
        };
        let redactor = Redactor::new(Key::new(b"a key of some length").unwrap(), classes);
        assert_linear("redact", |text| {
            let mut out = Vec::new();
            let mut stream = RedactedStream::new(&redactor, Frames::from_bytes(text));
            while stream.next(&mut out).unwrap() != StreamStatus::End {}
        });
    }
}

#[test]
fn extracted_payloads_grow_as_their_input() {
    for format in [
        StreamFormat::Lines,
        StreamFormat::Indented,
        StreamFormat::Records,
    ] {
        assert_linear("extract", |text| {
            let mut out = Vec::new();
            printed::report(format.reporter(&mut out), Frames::from_bytes(text), 1, 1);
        });
    }
}

#[test]
fn timelines_grow_as_their_input() {
    assert_reports_linear(&TIMELINES);
}

/// The stories of timelines are put in order at the end, unlike the text of other reports.
#[test]
fn timelines_grow_with_their_payloads() {
    let event = |id: usize, more: &str| {
        let id = format!("9e5e84e9-974d-4f16-9662-{id:012}");
        format!(
            r#"{{"Action": "IntegrationCreated", "Data": {{"Integration": {{"Id": "{id}"}}{more}}}}}"#
        )
    };
    let message = |customer: usize| {
        let id = "9e5e84e9-974d-4f16-9662-ab2200f27cb1";
        let event =
            format!(r#"{{"Discriminator": "CustomerAdded", "Value": {{"Id": "{customer}"}}}}"#);
        format!(r#"{{"EnterpriseId": "{id}", "IntegrationId": "{id}", "Events": [{event}]}}"#)
    };
    let token = |number: usize| event(0, &format!(r#", "AccessToken": "{number}""#));
    let payload_of: [(&str, &dyn Fn(usize) -> String); 5] = [
        ("integrations", &|number| event(number, "")),
        ("tokens", &token),
        ("one body", &|_| token(0)),
        ("messages", &message),
        ("events and messages", &|number| {
            format!("{}\n{}", token(number), message(number))
        }),
    ];
    for (work, payload) in payload_of {
        for format in TIMELINES {
            assert_linear_in_number(&format!("{format} of {work}"), 200, |count| {
                let lines = (0..count).map(|number| payload(number) + "\n");
                let text = lines.collect::<String>().into_bytes();
                cost(|| drop(printed(Frames::from_bytes(text), format, 1)))
            });
        }
    }
}

#[test]
fn plans_grow_as_their_input() {
    assert_reports_linear(&PLANS);
}

/// Entities are put together at the end, unlike the text of other reports.
#[test]
fn plans_grow_with_their_entities() {
    let message = |enterprise: usize, entity: usize| {
        let id = |number: usize| format!("9e5e84e9-974d-4f16-9662-{number:012}");
        let event = |name| {
            let id = id(entity);
            format!(r#"{{"Discriminator": "{name}", "Value": {{"Id": "{id}"}}}}"#)
        };
        let (enterprise, customer, text) = (
            id(enterprise),
            event("CustomerAdded"),
            event("MessageAdded"),
        );
        format!(r#"{{"EnterpriseId": "{enterprise}", "Events": [{customer}, {text}]}}"#)
    };
    let payload_of: [(&str, &dyn Fn(usize) -> String); 3] = [
        ("enterprises", &|number| message(number, 0)),
        ("entities", &|number| message(0, number)),
        ("one entity", &|_| message(0, 0)),
    ];
    for (work, payload) in payload_of {
        for format in PLANS {
            assert_linear_in_number(&format!("{format} of {work}"), 200, |count| {
                let lines = (0..count).map(|number| payload(number) + "\n");
                let text = lines.collect::<String>().into_bytes();
                cost(|| drop(printed(Frames::from_bytes(text), format, 1)))
            });
        }
    }
}

#[test]
fn masks_grow_as_their_text() {
    assert_linear("mask", |text| {
        drop(mewshook::mask(&String::from_utf8_lossy(&text)));
    });
}

#[test]
fn streams_grow_as_their_bytes_however_they_arrive() {
    assert_linear("frames", |text| frames(Frames::from_bytes(text)).unwrap());
    assert_linear("all bytes", |text| {
        frames(Frames::from_bytes(text).with_all_bytes()).unwrap();
    });
}

/// The number of bytes per read depends on a thread, and so do the allocations. So only steps are
/// compared. Each byte takes a message to another thread, so the texts are smaller.
#[test]
fn streams_that_trickle_grow_as_their_bytes() {
    assert_linear_from(512, POSITIONS, "frames of a trickle", |text| {
        let steps = |text: Vec<u8>| {
            let trickle = Trickle { text, at: 0 };
            cost(|| frames(Frames::from_reader(trickle)).unwrap()).steps
        };
        is_readable(text.clone()).then(|| Cost {
            steps: steps(text),
            ..Cost::default()
        })
    });
}

/// A reader that returns one byte at a time.
struct Trickle {
    text: Vec<u8>,
    at: usize,
}

impl Read for Trickle {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = (&self.text[self.at..]).read(&mut buffer[..1])?;
        self.at += read;
        Ok(read)
    }
}

#[test]
fn documents_grow_as_their_text() {
    assert_linear("document", |text| {
        if let Ok(document) = Document::parse(&String::from_utf8_lossy(&text)) {
            drop(document.root().to_value());
        }
    });
}

/// Arguments of `sample`, `schema` and `explain`.
#[test]
fn arguments_grow_as_their_text() {
    assert_linear_from(SMALL, POSITIONS, "arguments", |text| {
        let text = String::from_utf8_lossy(&text).into_owned();
        Some(cost(|| {
            let mut payload = serde_json::json!({"a": [{}]});
            let pointer = format!("/a/0/{text}").parse::<Pointer>();
            let edited = pointer.map(|place| {
                let edit = Edit::Set(place, text.clone().into());
                edit.apply(&mut payload).map_err(|error| error.to_string())
            });
            drop(edited.map_err(|error| error.to_string()));
            drop(sample::find(&text).map_err(|error| error.to_string()));
            drop(Policy::new(false, &[&text], &[]).map_err(|error| error.to_string()));
        }))
    });
}

#[test]
fn configurations_grow_as_their_text() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("mewshook.toml");
    // The texts are smaller, since a matcher is built for each glob of three bytes.
    assert_linear_from(1 << 10, SETTINGS, "configuration", |text| {
        fs::write(&path, text).unwrap();
        Some(cost(|| {
            if let Err(error) = Config::read(&path, folder.path()) {
                drop(error.to_string());
            }
        }))
    });
}

/// Compares the cost of some work for two numbers of items.
fn assert_linear_in_number(work: &str, small: usize, cost_of: impl Fn(usize) -> Cost) {
    cost_of(1);
    let (less, more) = (cost_of(small), cost_of(small * FACTOR));
    let faster = more.outgrows(&less, FACTOR as u64);
    assert_eq!(faster, None, "{work}: {less:?}, then {more:?}");
}

#[test]
fn globs_grow_with_their_number() {
    let globs = |count| -> Vec<String> { (0..count).map(|at| format!("a{at}*/*.json")).collect() };
    assert_linear_in_number("globs", 100, |count| {
        let globs = globs(count);
        cost(|| drop(find(&[], &globs).unwrap()))
    });
    // The last one is invalid.
    assert_linear_in_number("an invalid glob", 100, |count| {
        let mut globs = globs(count);
        globs.push("a[".into());
        cost(|| drop(find(&[], &globs).unwrap_err()))
    });
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("mewshook.toml");
    fs::write(&file, format!("[[fixtures]]\nfiles = {:?}\n", globs(100))).unwrap();
    assert_linear_in_number("folders", 100, |count| {
        let origin = Origin::File("a/".repeat(count).into());
        let choice = ConfigChoice::File(file.clone());
        let mut configs = Configs::new(choice, Layer::default()).unwrap();
        drop(configs.options(&Origin::Stdin).unwrap());
        cost(|| drop(configs.options(&origin).unwrap()))
    });
}

/// Each folder has its own configuration, and its file is named or found.
#[test]
fn searches_grow_with_their_files() {
    let globs = ["*.json".to_owned()];
    for (work, is_named) in [("files of a folder", false), ("files by name", true)] {
        assert_linear_in_number(work, 100, |count| {
            let folder = tempfile::tempdir().unwrap();
            let mut paths = Vec::new();
            for number in 0..count {
                let inner = folder.path().join(number.to_string());
                fs::create_dir(&inner).unwrap();
                fs::write(inner.join("mewshook.toml"), "strict = true").unwrap();
                fs::write(inner.join(".gitignore"), "*.txt").unwrap();
                fs::write(inner.join("b.txt"), "").unwrap();
                paths.push(inner.join("a.json"));
                fs::write(&paths[number], "{}").unwrap();
            }
            if !is_named {
                paths = vec![folder.path().to_path_buf()];
            }
            cost(|| {
                let search = find(&paths, &globs).unwrap().sorted();
                let mut configs = Configs::new(ConfigChoice::Nearest, Layer::default()).unwrap();
                for found in &search.found {
                    drop(configs.options(&found.as_ref().unwrap().origin).unwrap());
                }
                assert_eq!(search.found.len(), count);
                configs.unmatched(&search.folders);
            })
        });
    }
}

/// Each file is matched against a hundred globs of a configuration at a time.
#[test]
fn files_are_matched_in_less_than_all_globs() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("mewshook.toml");
    let tables = |count| -> String {
        let tables = (0..count).map(|at| format!("[[fixtures]]\nfiles = [\"a{at}.json\"]\n"));
        tables.collect()
    };
    let per_file = |count: usize| {
        fs::write(&path, tables(count)).unwrap();
        let choice = ConfigChoice::File(path.clone());
        let mut configs = Configs::new(choice, Layer::default()).unwrap();
        let mut options = |name: &str| {
            let origin = Origin::File(name.into());
            drop(configs.options(&origin).unwrap());
        };
        options("a0.json");
        cost(|| options("a1.json")).steps
    };
    assert!(per_file(2_000) < 300);
}
