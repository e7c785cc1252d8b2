//! Signed requests, and what the program says about them.

#![allow(dead_code, reason = "each test uses some of it")]
#![allow(
    clippy::unwrap_used,
    missing_docs,
    reason = "a test that fails may panic"
)]

use std::fs;
use std::io::Write as _;

use data_encoding::BASE64;
use flate2::Compression;
use flate2::write::GzEncoder;
use hmac::{Hmac, KeyInit, Mac};
use serde_json::{Value, json};
use sha2::Sha256;

use crate::program::{TempDir, run};

pub const KEY: &str = "correct horse battery staple";
pub const OTHER: &str = "another secret";

/// A booking, as Mews sends it.
pub const POS: &str = r#"{"data":{"id":"7c29ff11-a24c-4f40-b0bd-2a0e5ee5c0b3","type":"bookings","attributes":{"status":"confirmed","updatedAt":"2026-01-05T10:00:00Z"}},"meta":{"eventType":"booking.status.updated"}}"#;

pub const CONNECTOR: &str = r#"{"Action":"IntegrationEnabled","Data":{"Integration":{"Id":"9e5e84e9-974d-4f16-9662-ab2200f27cb1","Name":"Example"}}}"#;

pub fn sign(body: impl AsRef<[u8]>) -> String {
    sign_with(KEY.as_bytes(), body.as_ref())
}

pub fn sign_with(key: &[u8], body: &[u8]) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).unwrap();
    mac.update(body);
    BASE64.encode(&mac.finalize().into_bytes())
}

/// Creates a folder with files of any bytes, and two secrets.
pub fn folder(files: &[(&str, &[u8])]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let secrets = [("pos.key", KEY.as_bytes()), ("other.key", OTHER.as_bytes())];
    for (name, bytes) in secrets.iter().chain(files) {
        fs::write(folder.path().join(name), bytes).unwrap();
    }
    folder
}

/// Verifies a capture, and returns the exit status and the objects that are printed.
pub fn verify(name: &str, capture: &[u8]) -> (Option<i32>, Vec<Value>) {
    let folder = folder(&[(name, capture)]);
    let arguments = [
        "verify",
        "--secret-file",
        "other.key",
        "--secret-file",
        "pos.key",
    ];
    let (status, out, error) = run(
        &folder,
        &[&arguments[..], &["--format", "ndjson", name]].concat(),
    );
    assert!(!out.contains(KEY) && !error.contains(KEY));
    let lines = out.lines().map(|line| serde_json::from_str(line).unwrap());
    (status, lines.collect())
}

/// Returns a verdict, and the names of its causes.
pub fn verdict(object: &Value) -> String {
    let causes = object["causes"].as_array().unwrap().iter();
    let causes = causes.map(|cause| cause["cause"].as_str().unwrap());
    let verdict = object["verdict"].as_str().unwrap();
    [verdict]
        .into_iter()
        .chain(causes)
        .collect::<Vec<_>>()
        .join(" ")
}

#[track_caller]
pub fn assert_verdicts(name: &str, capture: &[u8], status: i32, expected: &[&str]) -> Vec<Value> {
    let (found_status, objects) = verify(name, capture);
    let found: Vec<_> = objects.iter().map(verdict).collect();
    let capture = String::from_utf8_lossy(capture);
    assert_eq!(found, expected, "{capture}");
    assert_eq!(found_status, Some(status), "{capture}");
    objects
}

/// Returns a request with a body and more lines of headers.
pub fn request(headers: &str, body: &[u8]) -> Vec<u8> {
    let length = body.len();
    let head = format!(
        "POST /hooks HTTP/1.1\r\nHost: a.test\r\nContent-Type: application/json\r\nContent-Length: {length}\r\n{headers}\r\n"
    );
    [head.as_bytes(), body].concat()
}

pub fn signed_request(body: &[u8]) -> Vec<u8> {
    request(&format!("X-Signature: {}\r\n", sign(body)), body)
}

/// Returns a tnetstring, the notation of mitmproxy.
fn tnetstring(content: &str, tag: char) -> String {
    format!("{}:{content}{tag}", content.len())
}

pub fn flow(body: &str, signature: &str) -> String {
    let text = |text: &str| tnetstring(text, ',');
    let header = text("X-Signature") + &text(signature);
    let headers = tnetstring(&tnetstring(&header, ']'), ']');
    let request = [
        text("method") + &text("POST"),
        text("headers") + &headers,
        text("content") + &text(body),
    ];
    let request = tnetstring(&request.concat(), '}');
    tnetstring(&(text("request") + &request), '}')
}

pub fn chunked(body: &[u8], signature: &str) -> Vec<u8> {
    let mut message = format!(
        "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\nx-signature: {signature}\r\n\r\n"
    )
    .into_bytes();
    for chunk in body.chunks(50) {
        message.extend(format!("{:x}\r\n", chunk.len()).bytes());
        message.extend(chunk);
        message.extend(b"\r\n");
    }
    message.extend(b"0\r\n\r\n");
    message
}

pub fn gzip(body: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(body).unwrap();
    encoder.finish().unwrap()
}

/// Returns captures in JSON that have a body in a string.
pub fn json_captures(body: &str, signature: &str) -> Vec<(&'static str, Value)> {
    let base64 = BASE64.encode(body.as_bytes());
    let raw = request(&format!("X-Signature: {signature}\r\n"), body.as_bytes());
    let har = |data: Value| {
        json!({"log": {"entries": [{"request": {
            "method": "POST",
            "headers": [{"name": "X-Signature", "value": signature}],
            "postData": data,
        }}]}})
    };
    let gateway = |body: &str, is_base64: bool| {
        json!({
            "httpMethod": "POST",
            "headers": {"X-Signature": signature},
            "body": body,
            "isBase64Encoded": is_base64,
        })
    };
    let record = |name: &str, body: &str| {
        json!({
            "version": 1,
            "body_sha256": "0".repeat(64),
            name: body,
            "delivery": {"headers": [{"name": "x-signature", "value": signature}]},
        })
    };
    vec![
        (
            "webhook-site.json",
            json!({"data": [{
                "content": body,
                "created_at": "2026-01-05 10:00:00",
                "headers": {"x-signature": [signature]},
            }]}),
        ),
        ("traffic.har", har(json!({"text": body}))),
        (
            "base64.har",
            har(json!({"text": base64, "encoding": "base64"})),
        ),
        ("gateway.json", gateway(body, false)),
        ("gateway-base64.json", gateway(&base64, true)),
        (
            "gosmee.ndjson",
            json!({
                "bodyB": base64,
                "timestamp": "1795892678801",
                "content-type": "application/json",
                "x-signature": signature,
            }),
        ),
        (
            "ngrok.json",
            json!({"requests": [{
                "start": "2026-01-05T10:00:00Z",
                "request": {"method": "POST", "raw": BASE64.encode(&raw)},
            }]}),
        ),
        ("records.ndjson", record("body", body)),
        ("records-base64.ndjson", record("body_base64", &base64)),
        (
            "app.log",
            json!({
                "level": "info",
                "time": 1,
                "req": {"headers": {"x-signature": signature}},
                "body": body,
            }),
        ),
    ]
}
