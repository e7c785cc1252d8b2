//! The records of JSON reports name the same bytes and times as the records of `extract`, and the rows of CSV
//! reports say the same as these records.

#![allow(
    clippy::unwrap_used,
    missing_docs,
    reason = "a test that fails may panic"
)]

use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use chrono::DateTime;
use mewshook::report::escape_controls;
use serde_json::Value;

/// Returns the captures and samples, each as a path in the repository.
fn captures() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut files = Vec::new();
    for folder in ["tests/captures", "samples/general", "samples/integration"] {
        let entries = fs::read_dir(root.join(folder)).unwrap();
        let paths = entries.map(|entry| entry.unwrap().path());
        files.extend(paths.filter(|path| path.is_file()));
    }
    files.sort();
    files
}

/// Returns what the program prints about all captures.
fn printed(arguments: &[&str]) -> String {
    printed_of(arguments, &captures())
}

fn printed_of(arguments: &[&str], files: &[PathBuf]) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_mewshook"))
        .args(arguments)
        .arg("--allow-empty")
        .args(files)
        .output()
        .unwrap();
    String::from_utf8(output.stdout).unwrap()
}

fn objects(text: &str) -> Vec<Value> {
    let lines = text.lines();
    lines
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

#[test]
fn reports_and_extracted_records_name_the_same_bytes() {
    let records = objects(&printed(&["inspect", "--format", "ndjson"]));
    let extracted = objects(&printed(&["extract", "--with-delivery"]));
    // Several payloads may stand in one compressed text, so the place alone does not name one.
    let key = |record: &Value| format!("{} {}", record["source"], record["body_sha256"]);
    let mut bodies: HashMap<_, _> = extracted
        .iter()
        .map(|record| (key(record), record))
        .collect();
    let (mut missing, mut received) = (0, 0);
    for record in &records {
        let Some(other) = bodies.remove(&key(record)) else {
            missing += u64::from(record["bytes"].is_null() && record["body_sha256"].is_null());
            continue;
        };
        if let Some(body) = other["body"].as_str() {
            assert_eq!(record["bytes"].as_u64(), Some(body.len() as u64));
        }
        // A time without an offset is no time that other programs can compare.
        let time = other["delivery"]["time"].as_str();
        let time = time.filter(|time| DateTime::parse_from_rfc3339(time).is_ok());
        assert_eq!(record["received"].as_str(), time, "{record}");
        received += u64::from(time.is_some());
    }
    assert!(bodies.is_empty(), "{bodies:?}");
    assert!(
        extracted.len() > 100 && received > 50,
        "{} {received}",
        extracted.len()
    );
    assert!(missing > 0, "a log without the body is among the captures");
}

/// Returns the cell for a value: without formulas and control characters, and empty for null.
fn cell(value: &Value) -> String {
    let text = match value {
        Value::Null => String::new(),
        Value::String(text) => escape_controls(text).into_owned(),
        other => other.to_string(),
    };
    if text.starts_with(['=', '+', '-', '@']) {
        format!("'{text}")
    } else {
        text
    }
}

/// The columns that have the value of a property.
const COLUMNS: [(&str, &str); 26] = [
    ("path", "/source/path"),
    ("line", "/source/line"),
    ("column", "/source/column"),
    ("offset", "/source/offset"),
    ("length", "/source/length"),
    ("record", "/source/record"),
    ("capture", "/source/capture"),
    ("pointer", "/source/pointer"),
    ("received", "/received"),
    ("method", "/summary/delivery/method"),
    ("url", "/summary/delivery/url"),
    ("status", "/summary/delivery/status"),
    ("attempt", "/summary/delivery/attempt"),
    ("kind", "/kind"),
    ("event", "/event"),
    ("enterprise_id", "/summary/enterprise/id"),
    ("enterprise_name", "/summary/enterprise/name"),
    ("integration_id", "/summary/integration/id"),
    ("integration_name", "/summary/integration/name"),
    ("service_id", "/summary/service/id"),
    ("service_name", "/summary/service/name"),
    ("valid", "/valid"),
    ("passed", "/passed"),
    ("omitted", "/omitted"),
    ("bytes", "/bytes"),
    ("body_sha256", "/body_sha256"),
];

/// Returns the rows of a report, each by the names of its columns. A row is a line, and all rows have the
/// same number of cells.
fn rows(report: &str) -> Vec<HashMap<String, String>> {
    let mut reader = csv::Reader::from_reader(report.as_bytes());
    let rows: Vec<_> = reader
        .deserialize()
        .map(|row: csv::Result<HashMap<String, String>>| row.unwrap())
        .collect();
    assert_eq!(report.lines().count(), rows.len() + 1);
    rows
}

/// Asserts that the rows of a report say the same as the records of another one.
fn assert_same(rows: &[HashMap<String, String>], records: &[Value]) {
    assert_eq!(rows.len(), records.len());
    for (row, record) in rows.iter().zip(records) {
        for (column, pointer) in COLUMNS {
            let value = record.pointer(pointer).unwrap_or(&Value::Null);
            assert_eq!(row[column], cell(value), "{column} of {record}");
        }
        let diagnostics = record["diagnostics"].as_array().unwrap();
        let codes = diagnostics
            .iter()
            .map(|found| found["code"].as_str().unwrap());
        let mut distinct = Vec::new();
        codes.for_each(|code| {
            if !distinct.contains(&code) {
                distinct.push(code);
            }
        });
        assert_eq!(row["codes"], distinct.join(" "));
        let is_of = |severity: &str| {
            let found = diagnostics.iter();
            let found = found.filter(|found| found["severity"] == *severity);
            found.count().to_string()
        };
        if record["omitted"] == 0 {
            assert_eq!(row["errors"], is_of("error"));
            assert_eq!(row["warnings"], is_of("warning"));
        }
        let events = record
            .pointer("/summary/events")
            .unwrap()
            .as_array()
            .unwrap();
        let has_action = !record["summary"]["action"].is_null();
        let count = events.len().max(usize::from(has_action));
        let is_known = !record["kind"].is_null();
        let count = if is_known {
            count.to_string()
        } else {
            String::new()
        };
        assert_eq!(row["events"], count, "{record}");
    }
}

#[test]
fn rows_say_the_same_as_records() {
    let rows = rows(&printed(&["inspect", "--format", "csv"]));
    let records = objects(&printed(&["inspect", "--format", "ndjson"]));
    assert_same(&rows, &records);
}

/// Names in payloads and of files are neither formulas nor line breaks, and are not cut.
#[test]
fn hostile_text_is_one_cell() {
    let folder = tempfile::tempdir().unwrap();
    let names = [
        "=1+2",
        "+1",
        "-1",
        "@SUM(A1)",
        "a\n,\"b\"\r",
        "\t=1",
        "\u{1b}[31m",
        "\u{202e}x",
        "'x",
        "é; ,",
    ];
    let payload = |name: &str| {
        serde_json::json!({
            "Action": name,
            "Data": {"Enterprise": {"Id": name, "Name": name.repeat(300)}, "Integration": {"Id": name}},
        })
    };
    let text: String = names
        .iter()
        .map(|name| payload(name).to_string() + "\n")
        .collect();
    let file = folder.path().join("a,\"b\n=.json");
    fs::write(&file, text).unwrap();
    let files = [file];
    let rows = rows(&printed_of(&["validate", "--format", "csv"], &files));
    let records = objects(&printed_of(&["validate", "--format", "ndjson"], &files));
    assert_same(&rows, &records);
    assert!(rows.iter().all(|row| {
        row.values()
            .all(|cell| !cell.starts_with(['=', '+', '-', '@']))
    }));
}
