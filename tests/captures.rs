//! Reads captures of real producers, and compares what is found with what is known to be in them.
//!
//! `tests/captures/expected.json` is written by `tests/captures/generate/expect.py`, which reads the
//! captures without this program. `CAPTURE=pino cargo test --test captures` reads the files whose
//! names contain `pino`.

#![allow(clippy::unwrap_used, reason = "a test that fails may panic")]

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

use chrono::{DateTime, Duration};
use serde_json::{Value, json};

/// The number of differences of a file that are shown.
const MAX_SHOWN: usize = 20;

/// A file, what is known of it, and the differences to what was found.
struct Capture {
    name: String,
    expected: Value,
    differences: Vec<String>,
}

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/captures")
}

fn captures() -> Vec<Capture> {
    let text = fs::read_to_string(folder().join("expected.json")).unwrap();
    let files: BTreeMap<String, Value> = serde_json::from_str(&text).unwrap();
    let wanted = env::var("CAPTURE").unwrap_or_default();
    let files = files.into_iter().filter(|(name, _)| name.contains(&wanted));
    let captures: Vec<_> = files
        .map(|(name, expected)| Capture {
            name,
            expected,
            differences: Vec::new(),
        })
        .collect();
    assert!(!captures.is_empty(), "no name contains {wanted:?}");
    captures
}

/// Runs the program on a file, and returns its exit status and its output on both streams.
fn run(arguments: &[&str], name: &str) -> (Option<i32>, String, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_mewshook"))
        .args(arguments)
        .arg(folder().join(name))
        .env_remove("GITHUB_STEP_SUMMARY")
        .output()
        .unwrap();
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    (
        output.status.code(),
        text(&output.stdout),
        text(&output.stderr),
    )
}

/// Returns the JSON values of some lines.
fn values(text: &str) -> Vec<Value> {
    text.lines()
        .filter_map(|line| serde_json::from_str(line).ok())
        .collect()
}

/// Panics with the differences of all captures. If many payloads are missing, those after them differ
/// too, so the first differences of a file say enough.
fn assert_same(captures: &[Capture]) {
    let differing = captures.iter().filter(|one| !one.differences.is_empty());
    let report: Vec<String> = differing
        .map(|one| {
            let shown = &one.differences[..one.differences.len().min(MAX_SHOWN)];
            let more = one.differences.len() - shown.len();
            format!("\n{} ({more} more):\n  {}", one.name, shown.join("\n  "))
        })
        .collect();
    let count = report.len();
    assert!(
        report.is_empty(),
        "{count} captures differ:\n{}",
        report.join("\n")
    );
}

/// Returns the offset of a place in a text. Lines and columns start at 1, and columns count characters.
fn offset_of(text: &str, line: &Value, column: &Value) -> Option<usize> {
    let line = usize::try_from(line.as_u64()?).ok()?.checked_sub(1)?;
    let column = usize::try_from(column.as_u64()?).ok()?.checked_sub(1)?;
    let start = match line {
        0 => 0,
        _ => text.match_indices('\n').nth(line - 1)?.0 + 1,
    };
    let rest = text.get(start..)?;
    let mut offsets = rest.char_indices().map(|(offset, _)| offset);
    Some(start + offsets.nth(column).unwrap_or(rest.len()))
}

impl Capture {
    fn is(&self, flag: &str) -> bool {
        self.expected[flag] == true
    }

    fn payloads(&self) -> Vec<Value> {
        self.expected["payloads"].as_array().unwrap().clone()
    }

    fn differ(&mut self, place: &str, found: &Value, expected: &Value) {
        let difference = format!("{place}: found {found}, expected {expected}");
        self.differences.push(difference);
    }

    fn compare(&mut self, place: &str, found: &Value, expected: &Value) {
        if found != expected {
            self.differ(place, found, expected);
        }
    }

    /// Compares the count, the kinds and the events of the payloads, and returns those that were found.
    fn compare_events(&mut self, command: &str) -> Vec<Value> {
        let (status, stdout, stderr) = run(&[command, "--format", "ndjson"], &self.name);
        let found = values(&stdout);
        let expected = self.payloads();
        let is_invalid = expected.iter().any(|payload| payload["valid"] == false);
        if command == "validate" && status != Some(i32::from(is_invalid)) {
            let difference = format!("{command}: exit status {status:?}, {}", stderr.trim());
            self.differences.push(difference);
        }
        self.compare(
            &format!("{command}: payloads"),
            &found.len().into(),
            &expected.len().into(),
        );
        for (at, (found, expected)) in found.iter().zip(&expected).enumerate() {
            for name in ["kind", "event", "valid"] {
                if let Some(expected) = expected.get(name) {
                    let place = format!("{command}: payload {at}: {name}");
                    self.compare(&place, &found[name], expected);
                }
            }
        }
        found
    }

    /// Compares where a payload stands.
    fn compare_source(&mut self, at: usize, found: &Value, expected: &Value) {
        let source = &found["source"];
        let capture = self.expected["capture"].clone();
        if !capture.is_null() {
            let place = format!("payload {at}: source.capture");
            self.compare(&place, &source["capture"], &capture);
        }
        if let Some(pointer) = expected["pointer"].as_str() {
            let found = source["pointer"].as_str();
            // The items of an array at the root may be records of their own, and a string inside a
            // string has a pointer of its own.
            let is_same = found.is_some_and(|found| {
                found == pointer
                    || found.ends_with(pointer)
                    || found.starts_with(&format!("{pointer}/"))
            });
            if !is_same {
                let place = format!("payload {at}: source.pointer");
                self.differ(&place, &source["pointer"], &pointer.into());
            }
        }
    }

    /// Compares the text at which each error points.
    fn compare_errors(&mut self, at: usize, outer: &str, found: &Value, expected: &Value) {
        let errors = found["diagnostics"].as_array().cloned();
        let errors: Vec<Value> = errors
            .unwrap_or_default()
            .into_iter()
            .filter(|diagnostic| diagnostic["severity"] == "error")
            .collect();
        let expected = expected["diagnostics"].as_array().unwrap();
        let codes = |all: &[Value]| all.iter().map(|one| one["code"].clone()).collect::<Value>();
        let place = format!("payload {at}: errors");
        self.compare(&place, &codes(&errors), &codes(expected));
        for (error, expected) in errors.iter().zip(expected) {
            let place = format!("payload {at}: {}", expected["code"]);
            let start = offset_of(outer, &error["line"], &error["column"]);
            let end = offset_of(outer, &error["end_line"], &error["end_column"]);
            let text = start
                .zip(end)
                .and_then(|(start, end)| outer.get(start..end));
            let Some((text, start)) = text.zip(start) else {
                self.differ(&place, error, expected);
                continue;
            };
            if let Some(expected) = expected.get("text") {
                self.compare(&place, &text.into(), expected);
            }
            if let Some(within) = expected["within"].as_str() {
                let contains = expected["contains"].as_str().unwrap();
                if !within.contains(text) || !text.contains(contains) {
                    self.differ(&place, &text.into(), expected);
                }
            }
            if self.expected.get("text_of").is_none() && error["offset"] != start {
                let place = format!("{place}: offset");
                self.differ(&place, &error["offset"], &start.into());
            }
            if self.expected.get("text_of").is_none() && error["length"] != text.len() {
                let place = format!("{place}: length");
                self.differ(&place, &error["length"], &text.len().into());
            }
        }
    }

    /// Compares what is known of the request.
    fn compare_delivery(&mut self, at: usize, found: &Value, expected: &Value) {
        let Some(expected) = expected["delivery"].as_object() else {
            return;
        };
        let delivery = &found["summary"]["delivery"];
        if delivery.is_null() {
            self.differ(
                &format!("payload {at}: delivery"),
                delivery,
                &Value::Bool(true),
            );
            return;
        }
        for (name, expected) in expected {
            let found = &delivery[name];
            let is_same = match name.as_str() {
                "time" => is_same_time(found, expected),
                "duration_ms" => found.as_f64().zip(expected.as_f64()).is_some_and(
                    // Some captures have fractions of milliseconds, which a report may round.
                    |(found, expected)| (found - expected).abs() <= 1.0,
                ),
                // Its query may be masked, and some captures have no host.
                "url" => found
                    .as_str()
                    .zip(expected.as_str())
                    .is_some_and(|(found, expected)| found.contains(expected)),
                "headers" => {
                    let names = found.as_array().cloned().unwrap_or_default();
                    let names: BTreeSet<String> = names
                        .iter()
                        .filter_map(|header| Some(header["name"].as_str()?.to_lowercase()))
                        .collect();
                    let mut expected = expected.as_array().unwrap().iter();
                    expected.all(|name| names.contains(name.as_str().unwrap()))
                }
                "message_id" => found.as_str() == expected.as_str(),
                _ => found == expected,
            };
            if !is_same {
                self.differ(&format!("payload {at}: delivery.{name}"), found, expected);
            }
        }
    }

    /// Compares the codes of the warnings.
    fn compare_warnings(&mut self, found: &[Value]) {
        let diagnostics = found
            .iter()
            .filter_map(|payload| payload["diagnostics"].as_array())
            .flatten();
        let codes: BTreeSet<&str> = diagnostics
            .filter(|diagnostic| diagnostic["severity"] == "warning")
            .filter_map(|diagnostic| diagnostic["code"].as_str())
            .collect();
        let found: Value = codes.into_iter().collect();
        if !self.is("has_any_warnings") {
            let expected = self.expected["warnings"].clone();
            self.compare("warnings", &found, &expected);
        }
    }

    /// Compares the number of records without a payload, which the closing line names.
    fn compare_skipped(&mut self) {
        let Some(expected) = self.expected["skipped"].as_u64() else {
            return;
        };
        let (_, stdout, stderr) = run(&["validate"], &self.name);
        let words = format!("{stdout} {stderr}");
        let skipped = words.split_once(" other record").and_then(|(before, _)| {
            let number = before.rsplit(|c: char| !c.is_ascii_digit()).next()?;
            number.parse::<u64>().ok()
        });
        let skipped = skipped.unwrap_or(0);
        self.compare("skipped", &skipped.into(), &expected.into());
    }
}

fn is_same_time(found: &Value, expected: &Value) -> bool {
    let parse = |text: &Value| DateTime::parse_from_rfc3339(text.as_str()?).ok();
    parse(found)
        .zip(parse(expected))
        .is_some_and(|(found, expected)| (found - expected).abs() <= Duration::milliseconds(1))
}

#[test]
fn validate_finds_what_is_in_each_capture() {
    let mut captures = captures();
    for capture in &mut captures {
        if capture.is("is_unreadable") {
            let (status, ..) = run(&["validate"], &capture.name);
            if !matches!(status, Some(1 | 3)) {
                let difference = format!("exit status {status:?}, but nothing is valid in it");
                capture.differences.push(difference);
            }
            continue;
        }
        let found = capture.compare_events("validate");
        let outer = capture.expected["text_of"].as_str();
        let outer = fs::read(folder().join(outer.unwrap_or(&capture.name))).unwrap();
        // A byte-order mark belongs to no line.
        let mark = if capture.expected.get("text_of").is_some() {
            "\u{feff}"
        } else {
            ""
        };
        let outer = String::from_utf8(outer).unwrap();
        let outer = outer.strip_prefix(mark).unwrap_or(&outer);
        for (at, (found, expected)) in found.iter().zip(&capture.payloads()).enumerate() {
            capture.compare_source(at, found, expected);
            capture.compare_errors(at, outer, found, expected);
            capture.compare_delivery(at, found, expected);
        }
        capture.compare_warnings(&found);
        capture.compare_skipped();
    }
    assert_same(&captures);
}

#[test]
fn inspect_finds_the_same_payloads() {
    let mut captures = captures();
    captures.retain(|capture| !capture.is("is_unreadable"));
    for capture in &mut captures {
        capture.compare_events("inspect");
    }
    assert_same(&captures);
}

#[test]
fn extract_prints_the_payloads_that_were_sent() {
    let mut captures = captures();
    captures.retain(|capture| !capture.is("is_unreadable") && !capture.is("is_garbled"));
    for capture in &mut captures {
        let mut expected = capture.payloads();
        expected.retain(|payload| payload.get("is_missing").is_none());
        if expected.iter().any(|payload| payload.get("file").is_none()) {
            continue;
        }
        let expected: Vec<Value> = expected
            .iter()
            .map(|payload| {
                let file = folder()
                    .join("payloads")
                    .join(payload["file"].as_str().unwrap());
                serde_json::from_str(&fs::read_to_string(file).unwrap()).unwrap()
            })
            .collect();
        let (_, stdout, stderr) = run(&["extract"], &capture.name);
        let found = values(&stdout);
        if found != expected {
            let found = found.len();
            let difference = format!("extract: {found} payloads, which differ: {}", stderr.trim());
            capture.differences.push(difference);
        }
    }
    assert_same(&captures);
}

/// Redacting changes no verdict, and redacting again changes nothing.
#[test]
fn redacted_captures_have_the_same_verdicts() {
    let mut captures = captures();
    let key = folder().join("../../README.md");
    let redact = |file: &Path| {
        let output = Command::new(env!("CARGO_BIN_EXE_mewshook"))
            .args(["redact", "--key-file"])
            .args([&key, file])
            .output()
            .unwrap();
        assert!(output.status.success(), "{output:?}");
        output.stdout
    };
    let results = tempfile::tempdir().unwrap();
    for capture in &mut captures {
        let redacted = redact(&folder().join(&capture.name));
        let file = results.path().join(&capture.name);
        fs::write(&file, &redacted).unwrap();
        if redact(&file) != redacted {
            capture
                .differences
                .push("redact: it changes what it has written".into());
        }
        let verdicts = |file: &Path| {
            let output = Command::new(env!("CARGO_BIN_EXE_mewshook"))
                .args(["validate", "--format", "ndjson"])
                .arg(file)
                .output()
                .unwrap();
            let lines = values(&String::from_utf8_lossy(&output.stdout));
            let verdict = |line: &Value| {
                let diagnostics = line["diagnostics"].as_array().unwrap();
                let codes = diagnostics.iter().map(|found| found["code"].clone());
                json!([
                    line["kind"],
                    line["event"],
                    line["valid"],
                    codes.collect::<Vec<_>>()
                ])
            };
            (
                output.status.code(),
                lines.iter().map(verdict).collect::<Vec<_>>(),
            )
        };
        let (before, after) = (verdicts(&folder().join(&capture.name)), verdicts(&file));
        if before != after {
            let difference = format!("redact: {after:?} instead of {before:?}");
            capture.differences.push(difference);
        }
    }
    assert_same(&captures);
}
