//! The memory that a report takes: in every format at most a multiple of one payload and a constant,
//! which `docs/security.md` states, however many diagnostics there are. The allocations of one thread
//! are counted.

#![allow(
    clippy::unwrap_used,
    missing_docs,
    reason = "a test that fails may panic"
)]
#![allow(dead_code, reason = "each test uses its own part of what they share")]

#[path = "support/printed.rs"]
mod printed;

use std::fmt::Write as _;
use std::io;

use mewshook::frame::Frames;
use mewshook::input::Origin;
use printed::{FORMATS, print_with_limit};

/// The maximum number of bytes for each byte of a payload.
const MULTIPLE: u64 = 100;

/// The same with `--max-diagnostics 0`.
const MULTIPLE_OF_ALL: u64 = 3000;

/// The maximum number of bytes beyond that.
const CONSTANT: u64 = 8 << 20;

/// The size of the smaller one of two payloads that are compared, in bytes.
const SIZE: usize = 32 << 10;

/// The default of `--max-diagnostics`.
const MAX_DIAGNOSTICS: usize = 100;

/// Returns the maximum number of bytes allocated at a time while a text is checked and reported.
fn peak(text: &str, format: &str, max_diagnostics: usize) -> u64 {
    let frames = Frames::from_bytes(text.as_bytes().to_vec());
    let memory = allocation_counter::measure(|| {
        print_with_limit(io::sink(), frames, format, max_diagnostics);
    });
    memory.bytes_max
}

/// Returns the same for a file. What follows its first payload is read together with the end of that.
fn peak_of_file(text: &str, format: &str) -> u64 {
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), text).unwrap();
    let origin = Origin::File(file.path().to_owned());
    let memory = allocation_counter::measure(|| {
        let frames = Frames::open(&origin).unwrap();
        print_with_limit(io::sink(), frames, format, MAX_DIAGNOSTICS);
    });
    memory.bytes_max
}

/// Returns a payload of about `size` bytes: `before`, as often as it takes `item`, and `after`.
fn filled(size: usize, before: &str, item: &str, after: &str) -> String {
    let count = size.saturating_sub(before.len() + after.len()) / (item.len() + 1);
    format!("{before}{}{after}", vec![item; count].join(","))
}

/// Returns the same with the number of each item instead of `#`.
fn numbered(size: usize, before: &str, item: &str, after: &str) -> String {
    let mut text = before.to_owned();
    let mut number = 0;
    while text.len() < size {
        let separator = if number == 0 { "" } else { "," };
        let item = item.replace('#', &format!("{number:x}"));
        let _ = write!(text, "{separator}{item}");
        number += 1;
    }
    text + after
}

const GENERAL: &str = r#"{"EnterpriseId":"851df8c8-90f2-4c4a-8e01-a4fc46b25178","IntegrationId":"c8bee838-7fb1-4f4e-8fac-ac87008b2f90","Events":["#;
const POS: &str = r#"{"meta":{"eventType":"order.state.updated"},"data":["#;

type Payload = fn(usize) -> String;

/// Payloads with many diagnostics, or long ones.
const PAYLOADS: &[(&str, Payload)] = &[
    ("numbers for events", |size| {
        filled(size, r#"{"Events":["#, "0", "]}")
    }),
    ("numbers for general events", |size| {
        filled(size, GENERAL, "0", "]}")
    }),
    ("numbers for POS events", |size| {
        filled(size, POS, "0", "]}")
    }),
    ("empty objects", |size| filled(size, GENERAL, "{}", "]}")),
    ("empty POS objects", |size| filled(size, POS, "{}", "]}")),
    ("small POS objects", |size| {
        filled(size, POS, r#"{"a":0}"#, "]}")
    }),
    ("POS objects in objects", |size| {
        filled(size, POS, r#"{"a":{"a":{"a":{}}}}"#, "]}")
    }),
    ("names of a POS object", |size| {
        let before = POS.replace("order.state.updated", "x") + r#"{"attributes":{"#;
        numbered(size, &before, r##""#":0"##, "}}]}")
    }),
    ("misspelt names", |size| {
        filled(size, GENERAL, r#"{"Discriminato":0}"#, "]}")
    }),
    ("withdrawn events", |size| {
        filled(size, r#"{"Events":["#, r#"{"Type":"Space","Id":1}"#, "]}")
    }),
    ("unlisted names", |size| {
        numbered(size, r#"{"Events":[{"#, r##""#":0"##, "}]}")
    }),
    ("names for events", |size| {
        numbered(size, r#"{"Events":["#, r##"{"Type":"#"}"##, "]}")
    }),
    ("repeated names", |size| {
        filled(size, r#"{"Events":[],"x":{"#, r#""a":0"#, "}}")
    }),
    ("names that repeat others", |size| {
        numbered(size, r#"{"Events":[],"x":["#, r##"{"#":0,"#":0}"##, "]}")
    }),
    ("repeated names below a long one", |size| {
        let long = "n".repeat(size / 2);
        filled(
            size,
            &format!(r#"{{"Events":[],"{long}":{{"#),
            r#""a":0"#,
            "}}",
        )
    }),
    ("repeated names far down", |size| {
        let path = r#"{"Events_":"#.repeat(110);
        let close = "}".repeat(110);
        let before = format!(r#"{{"Events":[],"x":{path}{{"#);
        filled(size, &before, r#""a":0"#, &format!("}}{close}}}"))
    }),
    ("a long name for each", |size| {
        let long = "\\u001b[".repeat(40);
        numbered(size, r#"{"Events":[{"#, &format!(r#""{long}#":0"#), "}]}")
    }),
    ("a long name in a long name", |size| {
        let long = "n".repeat(size / 24);
        format!(
            r#"{{"Events":[],{}0{}"#,
            format!(r#""{long}":{{"{long}":0,"{long}":"#).repeat(12),
            "}".repeat(13)
        )
    }),
    ("a long action", |size| {
        filled(size, r#"{"Data":{},"Action":""#, "xxxxxxx", "\"}")
    }),
    ("an action of controls", |size| {
        filled(size, r#"{"Data":{},"Action":""#, "\x7f\u{9b}", "\"}")
    }),
    ("secrets", |size| {
        filled(size, r#"{"Data":{},"Action":""#, "?key=x&b", "\"}")
    }),
    ("secrets in JSON in a string", |size| {
        filled(
            size,
            r#"{"Data":{},"Action":"{"#,
            r#"\"ApiKey\":\"x\""#,
            "}\"}",
        )
    }),
    ("escaped names", |size| {
        numbered(size, r#"{"Events":[],"x":{"#, r#""\u0041#":0"#, "}}")
    }),
    ("no end", |size| filled(size, r#"{"Events":["#, "[", "")),
];

/// Compares a payload of about `size` bytes with one of twice the size, of each sort and in each
/// format.
fn stays_within(size: usize, max_diagnostics: usize, multiple: u64) {
    for format in FORMATS.iter().copied() {
        // What is allocated once in a run is not counted.
        peak(&filled(200, POS, "0", "]}"), format, max_diagnostics);
        let mut worst = 0;
        for (name, payload) in PAYLOADS {
            let [small, large] = [size, 2 * size].map(|size| {
                let text = payload(size);
                (text.len() as u64, peak(&text, format, max_diagnostics))
            });
            let allowed = small.1 + multiple * (large.0 - small.0);
            assert!(
                large.1 <= allowed,
                "{format}, {name}: {small:?}, then {large:?}"
            );
            let allowed = CONSTANT + multiple * small.0;
            assert!(small.1 <= allowed, "{format}, {name}: {small:?}");
            worst = worst.max(large.1.saturating_sub(small.1) / (large.0 - small.0));
        }
        print(format_args!(
            "{format}, {max_diagnostics} diagnostics: {worst} bytes a byte"
        ));
    }
}

/// Prints a measurement for `--nocapture`. `docs/security.md` has these figures.
#[expect(clippy::print_stderr, reason = "cargo shows it on demand")]
fn print(measurement: std::fmt::Arguments<'_>) {
    eprintln!("{measurement}");
}

#[test]
fn a_payload_takes_a_multiple_of_itself() {
    stays_within(SIZE, MAX_DIAGNOSTICS, MULTIPLE);
}

/// What follows would take more memory than is allowed. In the format that takes the most memory, and only for a few
/// payloads, since they are large.
#[test]
fn what_is_read_with_the_end_of_a_payload_is_within_its_multiple() {
    let next = format!("{{\"a\":\"{}\"}}\n", "x".repeat(64 << 10)).repeat(1200);
    for (name, payload) in PAYLOADS.iter().step_by(8) {
        let first = payload(9 << 17);
        let allowed = CONSTANT + MULTIPLE * first.len() as u64;
        let held = peak_of_file(&format!("{first}\n{next}"), "json");
        assert!(held <= allowed, "{name}: {held} of {allowed}");
    }
}

/// The documentation states the limits that these tests assert.
#[test]
fn the_limits_are_stated() {
    let page = include_str!("../docs/security.md");
    let constant = CONSTANT >> 20;
    assert!(page.contains(&format!("{MULTIPLE} × N bytes and {constant} MiB")));
    let all = MULTIPLE_OF_ALL / 1000;
    assert!(page.contains(&format!("| limit | {MULTIPLE} | {all},000 |")));
}

/// With all diagnostics the multiple is larger, and the same for long paths.
#[test]
fn all_diagnostics_take_a_larger_multiple() {
    stays_within(SIZE / 8, usize::MAX, MULTIPLE_OF_ALL);
}

/// Of a stream, only its totals are kept.
#[test]
fn a_stream_takes_a_constant() {
    for format in FORMATS.iter().copied() {
        for (payload, count) in [
            ("{}\n", 20_000),
            ("{\"Events\":[0,0,0,0,0,0,0,0]}\n", 4_000),
        ] {
            let text = payload.repeat(count);
            let held = peak(&text, format, MAX_DIAGNOSTICS);
            print(format_args!(
                "{format}, a stream of {payload:?}: {held} bytes"
            ));
            assert!(held <= CONSTANT, "{format}, {payload}: {held}");
        }
    }
}
