//! Tests `extract`: what it prints is what `validate` would check, byte for byte.

#![cfg(unix)]
#![allow(
    clippy::unwrap_used,
    missing_docs,
    reason = "a test that fails may panic"
)]

mod support;

#[path = "support/program.rs"]
mod program;

use std::fmt::Write as _;
use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::num::NonZero;
use std::path::Path;
use std::process::Stdio;
use std::sync::Arc;

use mewshook::Masking;
use mewshook::extract::{FileFormatter, StreamFormat, read_files};
use mewshook::frame::{CaptureMode, Limits};
use mewshook::input::Origin;
use mewshook::pool::{Input, Pool, Task, TaskOutput};
use mewshook::report::{Chunk, Format, Formatter, ReportOptions, Reporter, Totals};
use proptest::prelude::*;
use proptest::sample::Index;
use serde_json::{Value, json};

use program::{PAYLOAD, folder, mewshook, read, run};
use support::{cases, changed_payload};

/// Returns the chunks that a formatter makes of a capture in a file.
fn chunks(capture: &[u8], formatter: Arc<dyn Formatter>) -> Vec<Chunk> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("capture.ndjson");
    fs::write(&path, capture).unwrap();
    chunks_of_file(&path, formatter)
}

fn chunks_of_file(path: &Path, formatter: Arc<dyn Formatter>) -> Vec<Chunk> {
    let input = Input::new(
        Origin::File(path.to_path_buf()),
        "capture",
        Limits::default(),
        CaptureMode::Auto,
        Arc::default(),
    );
    let mut pool = Pool::new(NonZero::new(1), formatter, usize::MAX, Masking::Off);
    let mut task = Task::default();
    task.add_file(&Arc::new(input), 0);
    let result = pool.submit_last(task).unwrap().unwrap();
    let chunks = result.into_iter().map(|output| match output {
        TaskOutput::Chunk(chunk) => chunk,
        TaskOutput::Failure(failure) => panic!("{}: {}", path.display(), failure.message),
        TaskOutput::Rest(_) => panic!("the capture is small"),
    });
    chunks.collect()
}

/// Returns what a reporter writes, and the number of payloads that were left out.
fn report(
    chunks: impl Fn(Arc<dyn Formatter>) -> Vec<Chunk>,
    reporter: impl for<'o> Fn(&'o mut Vec<u8>) -> Box<dyn Reporter + 'o>,
) -> (Vec<u8>, usize) {
    let mut out = Vec::new();
    let mut reporter = reporter(&mut out);
    let mut left_out = 0;
    for chunk in chunks(reporter.formatter()) {
        left_out += chunk.left_out.named.len();
        reporter.add(chunk).unwrap();
    }
    reporter.finish(&Totals::default()).unwrap();
    drop(reporter);
    (out, left_out)
}

fn extract(capture: &[u8], format: StreamFormat) -> (Vec<u8>, usize) {
    report(
        |formatter| chunks(capture, formatter),
        |out| format.reporter(out),
    )
}

fn records(capture: &[u8]) -> Vec<Value> {
    let (out, left_out) = extract(capture, StreamFormat::Records);
    assert_eq!(left_out, 0);
    values(&out)
}

fn values(ndjson: &[u8]) -> Vec<Value> {
    let lines = ndjson.split_inclusive(|byte| *byte == b'\n');
    lines
        .map(|line| serde_json::from_slice(line).unwrap())
        .collect()
}

/// The kind of a payload, and the codes and pointers of its diagnostics.
type Found = (Value, Vec<(Value, Value)>);

/// Returns what `validate` finds in a capture.
fn findings(capture: &[u8]) -> Vec<Found> {
    findings_in(|formatter| chunks(capture, formatter))
}

fn findings_in(chunks: impl Fn(Arc<dyn Formatter>) -> Vec<Chunk>) -> Vec<Found> {
    let (out, _) = report(chunks, |out| {
        let format = Format::by_name("ndjson").unwrap();
        format.reporter(out, ReportOptions::default())
    });
    let objects = values(&out).into_iter();
    let findings = objects.map(|object| {
        let diagnostics = object["diagnostics"].as_array().unwrap().iter();
        // What is said of the capture is not said of the payload.
        let diagnostics =
            diagnostics.filter(|found| !found["code"].as_str().unwrap().ends_with("-capture"));
        let diagnostics =
            diagnostics.map(|found| (found["code"].clone(), found["pointer"].clone()));
        (object["kind"].clone(), diagnostics.collect())
    });
    // A request whose body the capture lacks is reported, and there is nothing to extract.
    findings
        .filter(|(kind, found): &Found| !kind.is_null() || !found.is_empty())
        .collect()
}

/// How a payload stands in a capture.
#[derive(Debug, Clone)]
enum Wrapping {
    Line,
    Pretty,
    /// With white space from the list before each token.
    Spaced(Vec<usize>),
    /// Cut off.
    Cut(Index),
    Property,
    JsonString,
    PrettyJsonString,
    StringInString,
    Record,
}

fn wrapping() -> impl Strategy<Value = Wrapping> {
    prop_oneof![
        Just(Wrapping::Line),
        Just(Wrapping::Pretty),
        prop::collection::vec(0_usize..8, 1..9).prop_map(Wrapping::Spaced),
        any::<Index>().prop_map(Wrapping::Cut),
        Just(Wrapping::Property),
        Just(Wrapping::JsonString),
        Just(Wrapping::PrettyJsonString),
        Just(Wrapping::StringInString),
        Just(Wrapping::Record),
    ]
}

impl Wrapping {
    fn wrap(&self, payload: &Value) -> String {
        let log = |body: Value| json!({"level": 30, "time": "2024-05-01T10:00:00.5Z", "attempt": 2, "body": body});
        match self {
            Self::Line => payload.to_string(),
            Self::Pretty => format!("{payload:#}"),
            Self::Spaced(spaces) => spaced(&payload.to_string(), spaces),
            Self::Cut(index) => {
                let text = payload.to_string();
                let mut end = index.index(text.len()).max(1);
                while !text.is_char_boundary(end) {
                    end += 1;
                }
                text[..end].to_owned()
            }
            Self::Property => log(json!([{"a": payload}])).to_string(),
            Self::JsonString => log(payload.to_string().into()).to_string(),
            Self::PrettyJsonString => log(format!("{payload:#}").into()).to_string(),
            Self::StringInString => {
                let inner = json!({"message": payload.to_string()});
                log(inner.to_string().into()).to_string()
            }
            Self::Record => {
                let body = payload.to_string();
                json!({"body_sha256": "0".repeat(64), "delivery": {"url": "/x"}, "body": body})
                    .to_string()
            }
        }
    }
}

/// Returns JSON text with white space before each bracket, comma, colon and string.
fn spaced(json: &str, spaces: &[usize]) -> String {
    const SPACES: [&str; 8] = ["", " ", "\n", "\r\n", "\t\n\n ", "  ", "\r", " \n\t"];
    let mut text = String::new();
    let mut turn = spaces.iter().cycle();
    let (mut in_string, mut is_escaped) = (false, false);
    for character in json.chars() {
        if !in_string && !text.is_empty() && "{}[],:\"".contains(character) {
            text.push_str(SPACES[*turn.next().unwrap()]);
        }
        if in_string {
            in_string = is_escaped || character != '"';
            is_escaped = character == '\\' && !is_escaped;
        } else {
            in_string = character == '"';
        }
        text.push(character);
    }
    text
}

/// Returns JSON text without white space outside of strings.
fn squeezed(json: &str) -> String {
    let mut text = String::new();
    let (mut in_string, mut is_escaped) = (false, false);
    for character in json.chars() {
        if in_string {
            in_string = is_escaped || character != '"';
            is_escaped = character == '\\' && !is_escaped;
        } else if character.is_ascii_whitespace() {
            continue;
        } else {
            in_string = character == '"';
        }
        text.push(character);
    }
    text
}

/// Returns a strategy for captures.
fn capture() -> impl Strategy<Value = String> {
    let objects = changed_payload().prop_filter("no object", Value::is_object);
    prop::collection::vec((objects, wrapping()), 1..8).prop_map(|payloads| {
        let mut capture = String::new();
        for (payload, wrapping) in payloads {
            writeln!(capture, "{}", wrapping.wrap(&payload)).unwrap();
        }
        capture
    })
}

proptest! {
    #![proptest_config(cases(300))]

    #[test]
    fn validate_finds_the_same_in_what_was_extracted(capture in capture()) {
        let expected = findings(capture.as_bytes());
        let (lines, left_out) = extract(capture.as_bytes(), StreamFormat::Lines);
        prop_assert_eq!(left_out, 0, "nothing has several lines and is broken");
        prop_assert_eq!(&findings(&lines), &expected, "{}", String::from_utf8_lossy(&lines));
        prop_assert_eq!(lines.split(|byte| *byte == b'\n').count(), expected.len() + 1);
        let (indented, _) = extract(capture.as_bytes(), StreamFormat::Indented);
        prop_assert_eq!(&findings(&indented), &expected);
        let (records, _) = extract(capture.as_bytes(), StreamFormat::Records);
        prop_assert_eq!(&findings(&records), &expected);
    }

    #[test]
    fn records_are_extracted_again(capture in capture()) {
        let (once, _) = extract(capture.as_bytes(), StreamFormat::Records);
        let again = records(&once);
        let once = values(&once);
        prop_assert_eq!(once.len(), again.len());
        for (once, again) in once.iter().zip(&again) {
            for name in ["version", "delivery", "body_sha256", "body"] {
                prop_assert_eq!(&once[name], &again[name]);
            }
            prop_assert_eq!(&again["source"]["capture"], "mewshook");
            prop_assert_eq!(&again["source"]["pointer"], "/body");
        }
    }

    /// Lines are the bodies without line breaks, and files are the bodies.
    #[test]
    fn bodies_are_exact(capture in capture()) {
        let records = records(capture.as_bytes());
        let bodies: Vec<_> = records.iter().map(|record| record["body"].as_str().unwrap()).collect();
        let (lines, _) = extract(capture.as_bytes(), StreamFormat::Lines);
        let lines = String::from_utf8(lines).unwrap();
        for (line, body) in lines.split_terminator('\n').zip(&bodies) {
            if body.contains(['\n', '\r']) {
                prop_assert!(!line.contains('\r'));
                prop_assert_eq!(squeezed(line), squeezed(body));
            } else {
                prop_assert_eq!(&line, body);
            }
        }
        let mut files = bodies.iter();
        for chunk in chunks(capture.as_bytes(), Arc::new(FileFormatter)) {
            read_files(chunk, |file| {
                assert_eq!(String::from_utf8(file.text).unwrap(), **files.next().unwrap());
                std::io::Result::Ok(())
            })
            .unwrap();
        }
        prop_assert_eq!(files.next(), None);
    }

    /// Where each payload is found, its text is.
    #[test]
    fn sources_are_true(capture in capture()) {
        for record in records(capture.as_bytes()) {
            let source = &record["source"];
            let number = |name: &str| usize::try_from(source[name].as_u64().unwrap()).unwrap();
            let start = number("offset");
            let written = &capture[start..start + number("length")];
            let body = record["body"].as_str().unwrap();
            let before = &capture[..start];
            let line_start = before.rfind('\n').map_or(0, |at| at + 1);
            prop_assert_eq!(number("line"), before.matches('\n').count() + 1);
            prop_assert_eq!(number("column"), before[line_start..].chars().count() + 1);
            if source["capture"].is_null() {
                prop_assert_eq!(written, body);
            }
        }
    }
}

/// The captures of real tools, of which each has the same payloads.
#[test]
fn validate_finds_the_same_in_what_was_extracted_from_real_captures() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/captures");
    let mut count = 0;
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let extension = path.extension().and_then(|extension| extension.to_str());
        if path.is_dir() || extension.is_some_and(|extension| SOURCES.contains(&extension)) {
            continue;
        }
        count += 1;
        let chunks = |formatter| chunks_of_file(&path, formatter);
        let name = path.display();
        let expected = findings_in(chunks);
        assert!(!expected.is_empty(), "{name}");
        let (lines, left_out) = report(chunks, |out| StreamFormat::Lines.reporter(out));
        let found = findings(&lines);
        if left_out == 0 {
            assert_eq!(found, expected, "{name}");
        }
        assert_eq!(found.len() + left_out, expected.len(), "{name}");
        let (once, _) = report(chunks, |out| StreamFormat::Records.reporter(out));
        assert_eq!(findings(&once), expected, "{name}");
        for (once, again) in values(&once).iter().zip(records(&once)) {
            for name in ["delivery", "body_sha256", "body", "body_base64"] {
                assert_eq!(once.get(name), again.get(name));
            }
        }
    }
    assert!(count > 50, "{count}");
}

/// The extensions of files in the folder of captures that are none.
const SOURCES: [&str; 4] = ["md", "py", "mjs", "sh"];

/// A body that is not UTF-8 is kept.
#[test]
fn any_bytes_are_kept() {
    let capture = b"{\"Action\": \"\xff\xfe\", \"Data\": {}}";
    let (once, _) = extract(capture, StreamFormat::Records);
    let record = &values(&once)[0];
    assert_eq!(record.get("body"), None);
    assert!(record["body_base64"].is_string());
    let (line, _) = extract(&once, StreamFormat::Lines);
    assert_eq!(line, [&capture[..], b"\n"].concat());
    assert_eq!(findings(&once), findings(capture));
}

/// Everything that a capture says about a delivery is kept, with nothing masked.
#[test]
fn deliveries_are_kept() {
    let delivery = json!({
        "time": "2024-05-01T10:00:00.123Z",
        "method": "POST",
        "url": "/hooks?key=secret",
        "headers": [
            {"name": "Authorization", "value": "Bearer secret"},
            {"name": "X", "value": "1"},
            {"name": "X", "value": "2"},
        ],
        "status": 503,
        "duration_ms": 0.1,
        "attempt": 3,
        "message_id": "a/b",
    });
    let sha256 = "0".repeat(64);
    let record = json!({"body_sha256": sha256, "delivery": delivery, "body": PAYLOAD.trim_end()});
    let records = records(record.to_string().as_bytes());
    assert_eq!(records[0]["delivery"], delivery);
    // What stands around the delivery is not about it.
    let record = json!({"time": "2024-05-01T10:00:00Z", "body_sha256": sha256, "body": "{}"});
    assert_eq!(
        self::records(record.to_string().as_bytes())[0].get("delivery"),
        None
    );
}

/// A broken body is the payload of its record, and so is one that no payload is like.
#[test]
fn the_body_of_a_record_is_a_payload_whatever_it_is() {
    for body in [
        "{",
        "",
        "{\n1\n}",
        "null",
        "[1, 2]",
        "{\"a\": 1}",
        "not\u{1b} JSON",
    ] {
        let record = json!({"body_sha256": "f".repeat(64), "body": body}).to_string();
        let found = findings(record.as_bytes());
        assert_eq!(found.len(), 1, "{body:?}");
        assert_eq!(found[0].0, Value::Null);
        assert_eq!(found[0].1.len(), 1);
    }
    // Without the hash it is an object of another tool.
    let other = json!({"body_sha256": "1", "body": "{"}).to_string();
    assert_eq!(findings(other.as_bytes()), []);
}

/// A payload is printed after a silence, also while the input is still open.
#[test]
fn payloads_arrive_while_the_input_is_open() {
    let folder = folder(&[]);
    let mut child = mewshook(&folder, &["extract"])
        .stdin(Stdio::piped())
        .spawn()
        .unwrap();
    let mut input = child.stdin.take().unwrap();
    let mut output = BufReader::new(child.stdout.take().unwrap());
    for _ in 0..3 {
        input.write_all(PAYLOAD.as_bytes()).unwrap();
        let mut line = String::new();
        output.read_line(&mut line).unwrap();
        assert_eq!(line, PAYLOAD);
    }
    drop(input);
    let mut rest = String::new();
    output.read_to_string(&mut rest).unwrap();
    assert_eq!((rest.as_str(), child.wait().unwrap().code()), ("", Some(0)));
}

/// Payloads are in the order of the arguments and the input, with any number of threads.
#[test]
fn payloads_are_in_order() {
    let numbered = |range: std::ops::Range<u32>| -> String {
        range.fold(String::new(), |mut text, number| {
            writeln!(text, "{{\"Action\": \"{number}\", \"Data\": {{}}}}").unwrap();
            text
        })
    };
    let folder = folder(&[
        ("b.ndjson", &numbered(0..40_000)),
        ("a.ndjson", &numbered(40_000..40_002)),
    ]);
    for jobs in ["1", "3"] {
        let arguments = ["extract", "--jobs", jobs, "b.ndjson", "a.ndjson"];
        let (code, stdout, stderr) = run(&folder, &arguments);
        assert_eq!((code, stderr.as_str()), (Some(0), ""));
        assert!(stdout == numbered(0..40_002), "{jobs}");
    }
}

/// Without `--force`, nothing is written if there are files of an earlier run, which may be more.
#[test]
fn files_of_an_earlier_run_are_refused() {
    let two = PAYLOAD.repeat(2);
    let folder = folder(&[
        ("a.json", &two),
        ("out/000007-old.json", "old"),
        ("out/other.json", ""),
    ]);
    let (code, stdout, stderr) = run(&folder, &["extract", "--out-dir", "out", "a.json"]);
    let expected = "error: out/000007-old.json already exists; --force replaces it\n";
    assert_eq!((code, &*stdout, &*stderr), (Some(3), "", expected));
    assert_eq!(fs::read_dir(folder.path().join("out")).unwrap().count(), 2);
    let (code, _, stderr) = run(
        &folder,
        &["extract", "--out-dir", "out", "--force", "a.json"],
    );
    assert_eq!((code, &*stderr), (Some(0), ""));
    let name = "out/000002-IntegrationEnabled.json";
    assert_eq!(read(&folder, name), PAYLOAD.trim_end());
    assert_eq!(read(&folder, "out/000007-old.json"), "old");
}

/// A name that comes from a payload leads nowhere else.
#[test]
fn names_of_files_are_safe() {
    let long = "x".repeat(500);
    for (action, expected) in [
        ("../../up", ".._.._up"),
        ("a\u{0}b\nc/é", "a_b_c__"),
        ("C:\\con", "C__con"),
        (&*long, &long[..80]),
        ("", "integration"),
    ] {
        let payload = json!({"Action": action, "Data": {}}).to_string();
        let folder = folder(&[("a.json", &payload)]);
        let (code, stdout, _) = run(&folder, &["extract", "--out-dir", "out", "a.json"]);
        let name = format!("out/000001-{expected}.json");
        assert_eq!((code, stdout), (Some(0), format!("{name}\n")));
        assert_eq!(read(&folder, &name), payload);
    }
}

/// Many payloads that are left out are counted, and the first hundred named.
#[test]
fn payloads_that_are_left_out_are_named_up_to_a_limit() {
    let broken = "{\"Action\": \"a\",\n \"Data\": {,}\n}\n".repeat(250);
    let folder = folder(&[("a.json", &broken)]);
    let (code, stdout, stderr) = run(&folder, &["extract", "a.json"]);
    assert_eq!((code, stdout.as_str()), (Some(1), ""));
    assert_eq!(stderr.lines().count(), 101);
    assert!(stderr.starts_with("error: a.json:1:1: "), "{stderr}");
    assert!(stderr.ends_with("error: a.json: 150 more are left out\n"));
}
