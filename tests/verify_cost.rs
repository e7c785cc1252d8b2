//! What it costs to verify signatures that do not fit, so that all causes are tried: linear in the body,
//! whatever is in it, and in the number of payloads in one body.

#![allow(
    clippy::unwrap_used,
    missing_docs,
    reason = "a test that fails may panic"
)]

#[path = "support/cost.rs"]
mod cost;
#[path = "support/pathological.rs"]
#[allow(dead_code, reason = "each test uses some of it")]
mod pathological;
#[path = "support/printed.rs"]
#[allow(dead_code, reason = "each test uses some of it")]
mod printed;

use std::fs;
use std::sync::Arc;

use mewshook::deliver::SecretText;
use mewshook::deliver::verify::Verifier;
use mewshook::frame::{CaptureMode, Frames};
use mewshook::report::{SignatureFormat, SignatureReporter, Style};
use serde_json::{Value, json};

use cost::{Cost, cost};
use pathological::PIECES;

const POS: &str = r#"{"data": {"id": "1"}, "meta": {"eventType": "a"}}"#;

/// A signature that fits no body.
const SIGNATURE: &str = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";

/// The ratio of two sizes.
const FACTOR: usize = 4;

/// Makes a body or a capture of about this size.
type Make<'m> = &'m dyn Fn(usize) -> Vec<u8>;

/// Returns the verdicts on the payloads of a capture.
fn verdicts(capture: Vec<u8>) -> Vec<String> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.key");
    fs::write(&path, "secret").unwrap();
    let secrets = vec![SecretText::from_file(&path).unwrap()];
    let format = SignatureFormat::by_name("ndjson").unwrap();
    let mut out = Vec::new();
    let verifier = Arc::new(Verifier::new(secrets));
    let reporter = SignatureReporter::new(&mut out, format, Style::default(), verifier);
    let frames = Frames::from_bytes(capture).with_mode(CaptureMode::Auto);
    printed::report(Box::new(reporter), frames, 1, 1);
    let lines = out.split(|byte| *byte == b'\n');
    let lines = lines.filter(|line| !line.is_empty());
    let verdict = |line| {
        let record: Value = serde_json::from_slice(line).unwrap();
        record["verdict"].as_str().unwrap().to_owned()
    };
    lines.map(verdict).collect()
}

/// Returns the verdicts, and what it cost to get them.
fn measured(capture: Vec<u8>) -> (Vec<String>, Cost) {
    let mut found = Vec::new();
    let cost = cost(|| found = verdicts(capture));
    (found, cost)
}

fn request(body: &[u8]) -> Vec<u8> {
    let length = body.len();
    let head =
        format!("POST / HTTP/1.1\r\nContent-Length: {length}\r\nX-Signature: {SIGNATURE}\r\n\r\n");
    [head.as_bytes(), body].concat()
}

#[test]
fn bodies_cost_as_much_as_they_are_long() {
    const SMALL: usize = 512;
    measured(request(POS.as_bytes()));
    for piece in PIECES {
        let text = |size: usize| piece.repeat(size / piece.len());
        // In a string of the payload, and around it, where it is mostly not JSON.
        let in_string = |size: usize| {
            let text = text(size);
            let text = String::from_utf8_lossy(&text);
            let body = json!({"data": {"id": text}, "meta": {"eventType": "a"}});
            format!("{body:#}\n").into_bytes()
        };
        let around = |size: usize| {
            let text = text(size);
            [b"[\"", &*text, b"\", ", POS.as_bytes(), b"]", &text].concat()
        };
        let bodies: [Make<'_>; 2] = [&in_string, &around];
        for (number, body) in bodies.iter().enumerate() {
            let (found, small) = measured(request(&body(SMALL)));
            assert!(number > 0 || found == ["mismatch"], "{found:?}");
            let (_, large) = measured(request(&body(SMALL * FACTOR)));
            let outgrown = large.outgrows(&small, FACTOR as u64);
            let piece = String::from_utf8_lossy(piece);
            assert_eq!(outgrown, None, "{piece:?}: {small:?}, then {large:?}");
        }
    }
}

#[test]
fn payloads_in_one_body_cost_as_much_as_the_body() {
    const SMALL: usize = 50;
    let list = |count: usize| format!("[{}]\n", vec![POS; count].join(","));
    let spaced = |count: usize| format!("{}x", vec![POS; count].join(&" ".repeat(50)));
    let headers = || json!({"x-signature": SIGNATURE});
    let captures: [(&str, Make<'_>); 5] = [
        ("mismatch", &|count| request(list(count).as_bytes())),
        ("mismatch", &|count| {
            let capture = json!({"httpMethod": "POST", "headers": headers(), "body": list(count)});
            capture.to_string().into_bytes()
        }),
        ("unverifiable", &|count| {
            let body: Value = serde_json::from_str(&list(count)).unwrap();
            let capture = json!({"headers": headers(), "body": body});
            capture.to_string().into_bytes()
        }),
        ("unverifiable", &|count| {
            let text = " ".repeat(count * 50) + &spaced(count);
            let capture = json!({"level": "info", "time": 1, "headers": headers(), "msg": text});
            capture.to_string().into_bytes()
        }),
        ("mismatch", &|count| request(spaced(count).as_bytes())),
    ];
    for (number, (verdict, capture)) in captures.iter().enumerate() {
        let (found, small) = measured(capture(SMALL));
        assert_eq!(found, vec![*verdict; SMALL], "capture {number}");
        let (found, large) = measured(capture(SMALL * FACTOR));
        assert_eq!(found.len(), SMALL * FACTOR, "capture {number}");
        let outgrown = large.outgrows(&small, FACTOR as u64);
        assert_eq!(
            outgrown, None,
            "capture {number}: {small:?}, then {large:?}"
        );
    }
}
