//! Hostile inputs: very long, very deep, full of repetitions, truncated or damaged. Each is processed
//! to its end in every format. None may take long: this is noticed here, and asserted in
//! `tests/growth.rs`.

#![allow(
    clippy::unwrap_used,
    missing_docs,
    reason = "a test that fails may panic"
)]

mod support;

use std::fs;
use std::path::Path;
use std::process::Command;
use std::thread;

use mewshook::sample;

use support::invariants::{assert_checked, assert_redacted, assert_reported_in, is_readable};
use support::printed::FORMATS;

const ID: &str = "851df8c8-90f2-4c4a-8e01-a4fc46b25178";

fn general(events: impl Iterator<Item = String>) -> String {
    let events = events.collect::<Vec<_>>().join(",");
    format!(r#"{{"EnterpriseId":"{ID}","IntegrationId":"{ID}","Events":[{events}]}}"#)
}

fn event(id: &str) -> String {
    format!(r#"{{"Discriminator":"CustomerUpdated","Value":{{"Id":"{id}"}}}}"#)
}

fn members(count: usize, name: impl Fn(usize) -> String) -> String {
    let members = (0..count).map(|number| format!("\"{}\":1", name(number)));
    format!("{{{}}}", members.collect::<Vec<_>>().join(","))
}

/// Returns inputs: their names, their texts, the exit status, and a part of what `validate` prints.
#[expect(clippy::too_many_lines, reason = "a table")]
fn inputs() -> Vec<(&'static str, String, i32, &'static str)> {
    let labels = vec!["a"; 100_000].join(".");
    let deep = format!("{}1{}", r#"{"a":"#.repeat(127), "}".repeat(127));
    let repeated = vec![r#"{"Ap":1,"Ap":2}"#; 50_000].join(",");
    vec![
        ("brackets", "[".repeat(1_000_000), 1, "error[json-syntax]"),
        (
            "braces",
            r#"{"a":"#.repeat(1_000_000),
            1,
            "more than 128 levels",
        ),
        (
            "lines of braces",
            "{\"a\":\n".repeat(100_000),
            1,
            "error[json-syntax]",
        ),
        (
            "keys",
            members(300_000, |number| format!("k{number}")),
            1,
            "error[unknown-kind]",
        ),
        (
            "equal names",
            members(200_000, |_| "k".into()),
            1,
            "and 199,900 more diagnostics",
        ),
        (
            "events alike",
            general((0..200_000).map(|_| event(ID))),
            0,
            "and 199,899 more diagnostics",
        ),
        (
            "errors",
            general((0..50_000).map(|number| event(&format!("x{number}")))),
            1,
            "and 49,900 more diagnostics",
        ),
        (
            "unknown members",
            general(
                [format!(
                    r#"{{"Discriminator":"CustomerUpdated","Value":{{"Id":"{ID}",{}}}"#,
                    &members(300_000, |number| format!("k{number}"))[1..]
                )]
                .into_iter(),
            ),
            0,
            "and 299,900 more diagnostics",
        ),
        (
            "a long string",
            format!(r#"{{"Action":"{}","Data":{{}}}}"#, "x".repeat(30_000_000)),
            1,
            "error[missing-property]",
        ),
        (
            "a long name",
            format!(r#"{{"Events":[],"{}":1}}"#, "x".repeat(30_000_000)),
            0,
            "warning[unknown-property]",
        ),
        (
            "escapes",
            format!(
                r#"{{"Action":"{}","Data":{{}}}}"#,
                "\\u0041".repeat(2_000_000)
            ),
            1,
            "error[missing-property]",
        ),
        (
            "an email",
            format!(
                r#"{{"Action":"IntegrationCreated","Data":{{"Requestor":{{"Name":"x","Email":"a@{labels}"}}}}}}"#
            ),
            1,
            "error[missing-property]",
        ),
        ("levels", deep, 1, "error[unknown-kind]"),
        (
            "errors that are deep",
            format!("{}[{repeated}]{}", r#"{"a":"#.repeat(120), "}".repeat(120)),
            1,
            "and 49,901 more diagnostics",
        ),
        ("colons", ":".repeat(10_000_000), 1, "error[json-syntax]"),
        ("hyphens", "-".repeat(10_000_000), 1, "error[json-syntax]"),
        ("quotes", "\"".repeat(100_000), 1, "error[unknown-kind]"),
        (
            "names of secrets",
            r#""token:"#.repeat(1_000_000),
            1,
            "error[json-syntax]",
        ),
        (
            "addresses",
            format!(
                r#"{{"Events":[],"x":"{}"}}"#,
                "http://a:b@c?token=d&".repeat(300_000)
            ),
            0,
            "warning[unknown-property]",
        ),
        // Regression: `redact` scanned the whole line again for each of its frames.
        ("numbers", "1 ".repeat(200_000), 1, "error[unknown-kind]"),
        (
            "strings and commas",
            "\",\"".repeat(200_000),
            1,
            "error[unknown-kind]",
        ),
        ("zero bytes", "\0".repeat(1_000_000), 3, "1 input not read"),
        ("commas", ",".repeat(1_000_000), 1, "error[json-syntax]"),
        (
            "line breaks",
            format!("{}{{\"Events\":[]}}", "\n".repeat(10_000_000)),
            0,
            "1 payload checked: 1 valid",
        ),
    ]
}

/// This is slow, since some inputs have thirty megabytes, and each is reported in nine formats.
#[test]
fn large_inputs_are_processed() {
    let folder = tempfile::tempdir().unwrap();
    let inputs = inputs();
    thread::scope(|scope| {
        for half in inputs.chunks(inputs.len().div_ceil(2)) {
            let folder = folder.path();
            scope.spawn(move || {
                for (name, text, status, message) in half {
                    // A JSON stream by its name, so that text in it is an error.
                    let file = folder.join(format!("{name}.json"));
                    fs::write(&file, text).unwrap();
                    is_processed(&file, *status, message);
                }
            });
        }
    });
}

fn is_processed(file: &Path, status: i32, message: &str) {
    let mut commands = vec![vec!["redact", "--ids", "--names"]];
    commands.extend(FORMATS.iter().map(|format| match *format {
        "inspect" => vec!["inspect"],
        format => vec!["validate", "--format", format],
    }));
    let name = file.display();
    for arguments in commands {
        let output = Command::new(env!("CARGO_BIN_EXE_mewshook"))
            .args(&arguments)
            .arg(file)
            .output()
            .unwrap();
        let code = output.status.code();
        let expected = match (arguments[0], status) {
            ("redact", 1) => 0,
            (_, status) => status,
        };
        let stderr = String::from_utf8_lossy(&output.stderr);
        assert_eq!(code, Some(expected), "{name}, {arguments:?}: {stderr}");
        if arguments == ["validate", "--format", "human"] {
            let text = String::from_utf8(output.stdout).unwrap();
            let shown: String = text.chars().take(2000).collect();
            assert!(text.contains(message), "{name}: {shown}");
            let is_long = |line: &&str| line.chars().count() > 600;
            assert_eq!(text.lines().find(is_long), None, "{name}");
        }
    }
}

/// A payload of the maximum depth doesn't exhaust the stack of a thread.
#[test]
fn a_thousand_levels_are_processed() {
    let folder = tempfile::tempdir().unwrap();
    for (open, close) in [(r#"{"a":"#, "}"), ("[", "]"), ("{\"a\":[\n", "\n]}")] {
        let levels = if open.len() > 6 { 490 } else { 990 };
        let value = format!("{}1{}", open.repeat(levels), close.repeat(levels));
        let payload = format!(
            r#"{{"Action":"IntegrationEnabled","x":{value},"Data":{{"Integration":{{"Id":"{ID}","Name":"x","y":{value}}}}}}}"#
        );
        let capture = format!("{}\n", payload.replace('\n', " ")).repeat(1000);
        for (name, text) in [("one.json", &payload), ("many.ndjson", &capture)] {
            let file = folder.path().join(name);
            fs::write(&file, text).unwrap();
            for (depth, status) in [("1000", 0), ("128", 1)] {
                let output = Command::new(env!("CARGO_BIN_EXE_mewshook"))
                    .args(["validate", "--quiet", "--max-depth", depth])
                    .arg(&file)
                    .output()
                    .unwrap();
                assert_eq!(output.status.code(), Some(status), "{name} {depth}");
            }
        }
    }
}

/// Asserts what holds for any text. Since there are many texts, `number` selects the format that is
/// tried, and only each fifth text is redacted.
fn survive(text: &[u8], number: usize) {
    assert_checked(text);
    if is_readable(text) {
        assert_reported_in(text, FORMATS[number % FORMATS.len()]);
    }
    if number.is_multiple_of(5) {
        assert_redacted(text);
    }
}

#[test]
fn every_prefix_of_every_sample_is_survived() {
    for event in sample::events() {
        for end in 0..=event.sample.len() {
            survive(&event.sample.as_bytes()[..end], end);
        }
    }
}

#[test]
fn every_sample_with_each_byte_changed_is_survived() {
    for event in sample::events() {
        let mut text = event.sample.as_bytes().to_vec();
        for offset in 0..text.len() {
            let byte = text[offset];
            // Some of each sort: structure, escapes, controls, parts of longer characters.
            let others = b"\"\\{}[]:,0-e\n\0 \x7f\x80\xc3\xe2\xff";
            text[offset] = others[offset % others.len()];
            survive(&text, offset);
            text[offset] = byte ^ 1;
            survive(&text, offset + 1);
            text[offset] = byte;
        }
    }
}
