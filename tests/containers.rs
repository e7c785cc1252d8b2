//! Tests `redact` on what captures encode as a whole: base64, gzip, chunks, and the lengths that
//! they state.

#![allow(
    clippy::unwrap_used,
    missing_docs,
    reason = "a test that fails may panic"
)]

#[path = "support/cost.rs"]
mod cost;
mod support;

use std::io::{Read, Write};

use data_encoding::{BASE64, BASE64URL_NOPAD};
use flate2::Compression;
use flate2::read::MultiGzDecoder;
use flate2::write::GzEncoder;
use mewshook::redact::{Classes, Key, Redactor};
use proptest::prelude::*;
use serde_json::{Value, json};

use support::planted::planted;
use support::{cases, verdicts};

fn redactor() -> Redactor {
    Redactor::new(
        Key::new(b"a key of some length").unwrap(),
        Classes::default(),
    )
}

fn to_base64(text: impl AsRef<[u8]>) -> String {
    BASE64.encode(text.as_ref())
}

/// Returns the redacted text, and checks that redacting it again changes nothing.
fn redacted_bytes(text: &[u8]) -> Vec<u8> {
    let once = redactor().redact(text).into_owned();
    let twice = redactor().redact(&once).into_owned();
    assert_eq!(
        String::from_utf8_lossy(&twice),
        String::from_utf8_lossy(&once)
    );
    once
}

fn redacted(text: &str) -> String {
    String::from_utf8(redacted_bytes(text.as_bytes())).unwrap()
}

fn gzip(text: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(text).unwrap();
    encoder.finish().unwrap()
}

fn gunzip(bytes: &[u8]) -> Vec<u8> {
    let mut text = Vec::new();
    MultiGzDecoder::new(bytes).read_to_end(&mut text).unwrap();
    text
}

fn chunked(body: &str, size: usize) -> String {
    let chunks = body.as_bytes().chunks(size);
    let chunks = chunks.map(|chunk| {
        let text = String::from_utf8_lossy(chunk);
        format!("{:X};a=b\r\n{text}\r\n", chunk.len())
    });
    format!("{}0\r\n\r\n", chunks.collect::<String>())
}

/// The container in which a text is written and read again.
#[derive(Debug, Clone, Copy)]
enum Wrapper {
    /// ngrok: a whole request.
    Request,
    GatewayBody,
    UrlSafe,
    Lines,
    /// A subscription of `CloudWatch`.
    Logs,
    Har,
    HarBase64,
    Chunked,
    Length,
    StringInString,
    Twice,
    Line,
}

const WRAPPERS: [Wrapper; 12] = [
    Wrapper::Request,
    Wrapper::GatewayBody,
    Wrapper::UrlSafe,
    Wrapper::Lines,
    Wrapper::Logs,
    Wrapper::Har,
    Wrapper::HarBase64,
    Wrapper::Chunked,
    Wrapper::Length,
    Wrapper::StringInString,
    Wrapper::Twice,
    Wrapper::Line,
];

fn request(body: &str) -> String {
    let length = body.len();
    format!("POST /hook HTTP/1.1\r\nHost: h\r\nContent-Length: {length}\r\n\r\n{body}")
}

/// Returns the body of a request whose length is true.
fn body_of(request: &str) -> String {
    let (head, body) = request.split_once("\r\n\r\n").unwrap();
    let (_, length) = head.split_once("Content-Length: ").unwrap();
    assert_eq!(length, body.len().to_string());
    body.to_owned()
}

fn wrapped(wrapper: Wrapper, text: &str) -> String {
    let base64 = to_base64(text);
    match wrapper {
        Wrapper::Request => {
            json!({"requests": [{"request": {"raw": to_base64(request(text))}}]}).to_string()
        }
        Wrapper::GatewayBody => json!({"body": base64, "isBase64Encoded": true}).to_string(),
        Wrapper::UrlSafe => json!({"bodyB": BASE64URL_NOPAD.encode(text.as_ref())}).to_string(),
        Wrapper::Lines => {
            let lines = base64.as_bytes().chunks(76);
            let lines: Vec<_> = lines.map(|line| String::from_utf8_lossy(line)).collect();
            json!({"data": lines.join("\r\n")}).to_string()
        }
        Wrapper::Logs => {
            let logs = json!({"logEvents": [{"id": "1", "message": text}]}).to_string();
            let data = to_base64(gzip(logs.as_bytes()));
            json!({"awslogs": {"data": data}}).to_string()
        }
        Wrapper::Har => json!({"request": {
            "headers": [{"name": "Content-Length", "value": text.len().to_string()}],
            "postData": {"mimeType": "application/json", "text": text},
            "bodySize": text.len(),
        }})
        .to_string(),
        Wrapper::HarBase64 => json!({"response": {
            "content": {"size": text.len(), "encoding": "base64", "text": base64},
            "bodySize": text.len(),
        }})
        .to_string(),
        Wrapper::Chunked => format!(
            "POST /hook HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n{}",
            chunked(text, 50)
        ),
        Wrapper::Length => request(text),
        Wrapper::StringInString => {
            let inner = json!({"raw": request(text)}).to_string();
            json!({"message": inner}).to_string()
        }
        Wrapper::Twice => {
            json!({"data": to_base64(json!({"body": base64}).to_string())}).to_string()
        }
        Wrapper::Line => format!("2026-01-05 INFO body={base64} status=200\n"),
    }
}

fn unwrapped(wrapper: Wrapper, text: &str) -> String {
    let decode = |text: &str| String::from_utf8(BASE64.decode(text.as_ref()).unwrap()).unwrap();
    let value = || serde_json::from_str::<Value>(text).unwrap();
    let string =
        |value: &Value, pointer: &str| value.pointer(pointer).unwrap().as_str().unwrap().to_owned();
    match wrapper {
        Wrapper::Request => body_of(&decode(&string(&value(), "/requests/0/request/raw"))),
        Wrapper::GatewayBody => decode(&string(&value(), "/body")),
        Wrapper::UrlSafe => {
            let body = BASE64URL_NOPAD
                .decode(string(&value(), "/bodyB").as_ref())
                .unwrap();
            String::from_utf8(body).unwrap()
        }
        Wrapper::Lines => {
            let data = string(&value(), "/data");
            let lines: Vec<_> = data.split("\r\n").collect();
            let (last, full) = lines.split_last().unwrap();
            assert!(full.iter().all(|line| line.len() == 76));
            // A single line doesn't tell how long the next lines are.
            assert!(last.len() <= 76 || full.is_empty());
            decode(&data.replace("\r\n", ""))
        }
        Wrapper::Logs => {
            let data = BASE64
                .decode(string(&value(), "/awslogs/data").as_ref())
                .unwrap();
            let logs: Value = serde_json::from_slice(&gunzip(&data)).unwrap();
            string(&logs, "/logEvents/0/message")
        }
        Wrapper::Har => {
            let value = value();
            let body = string(&value, "/request/postData/text");
            assert_eq!(value["request"]["bodySize"], body.len());
            let length = string(&value, "/request/headers/0/value");
            assert_eq!(length, body.len().to_string());
            body
        }
        Wrapper::HarBase64 => {
            let value = value();
            let body = decode(&string(&value, "/response/content/text"));
            assert_eq!(value["response"]["content"]["size"], body.len());
            assert_eq!(value["response"]["bodySize"], body.len());
            body
        }
        Wrapper::Chunked => {
            let (_, mut rest) = text.split_once("\r\n\r\n").unwrap();
            let mut body = String::new();
            loop {
                let (size, data) = rest.split_once("\r\n").unwrap();
                let size = usize::from_str_radix(size.trim_end_matches(";a=b"), 16).unwrap();
                if size == 0 {
                    assert_eq!(data, "\r\n");
                    return body;
                }
                body.push_str(&data[..size]);
                rest = data[size..].strip_prefix("\r\n").unwrap();
            }
        }
        Wrapper::Length => body_of(text),
        Wrapper::StringInString => {
            let inner = serde_json::from_str(&string(&value(), "/message")).unwrap();
            body_of(&string(&inner, "/raw"))
        }
        Wrapper::Twice => {
            let inner = serde_json::from_str(&decode(&string(&value(), "/data"))).unwrap();
            decode(&string(&inner, "/body"))
        }
        Wrapper::Line => {
            let base64 = text.strip_prefix("2026-01-05 INFO body=").unwrap();
            decode(base64.strip_suffix(" status=200\n").unwrap())
        }
    }
}

proptest! {
    #![proptest_config(cases(400))]

    /// A payload in a container is redacted as it is alone, and the container stays what it is.
    #[test]
    fn payloads_are_redacted_in_containers_as_alone(
        (payload, secrets) in planted(), wrapper in prop::sample::select(WRAPPERS.to_vec()),
    ) {
        let payload = payload.to_string();
        prop_assume!(payload.is_ascii() || !matches!(wrapper, Wrapper::Chunked));
        let text = wrapped(wrapper, &payload);
        // Without signs and with a whole number of groups, the alphabets look the same.
        let has_sign = BASE64URL_NOPAD.encode(payload.as_ref()).contains(['-', '_']);
        let is_ambiguous = !has_sign && payload.len() % 3 == 0;
        prop_assume!(!is_ambiguous || !matches!(wrapper, Wrapper::UrlSafe));
        prop_assert_eq!(unwrapped(wrapper, &text), &*payload, "the wrapper itself");
        let once = redacted(&text);
        let inner = unwrapped(wrapper, &once);
        for secret in &secrets {
            prop_assert!(!inner.contains(secret), "{secret} in {inner}");
        }
        prop_assert_eq!(&inner, &redacted(&payload), "{:?}", wrapper);
        let before = verdicts(payload.as_bytes());
        let after = verdicts(inner.as_bytes());
        prop_assert_eq!(
            before.iter().map(|verdict| verdict.valid).collect::<Vec<_>>(),
            after.iter().map(|verdict| verdict.valid).collect::<Vec<_>>()
        );
        prop_assert_eq!(redacted(&text), once, "again");
    }

    /// Reports mask what is in containers that people can decode.
    #[test]
    fn masked_containers_show_no_secret(
        word in "[g-z]{9}[0-9]{9}", before in "[ -!#-\\[\\]-~]{0,9}",
        wrapper in prop::sample::select(vec![
            Wrapper::Request, Wrapper::GatewayBody, Wrapper::UrlSafe, Wrapper::Lines, Wrapper::Chunked,
            Wrapper::HarBase64, Wrapper::Line, Wrapper::StringInString,
        ]),
    ) {
        let text = wrapped(wrapper, &json!({"Note": before, "ClientToken": word, "Id": 1}).to_string());
        let masked = mewshook::mask(&text).into_owned();
        prop_assert_eq!(masked.chars().count(), text.chars().count());
        prop_assert!(!masked.contains(&word));
        // What is left decodes to the secret nowhere: each character that encodes it is masked.
        let filled = masked.replace('*', "A");
        let inner = if matches!(wrapper, Wrapper::Chunked | Wrapper::StringInString) {
            filled
        } else {
            unwrapped_lossy(wrapper, &filled)
        };
        prop_assert!(!inner.contains(&word[..4]) && !inner.contains(&word[14..]), "{}", inner);
    }
}

fn unwrapped_lossy(wrapper: Wrapper, text: &str) -> String {
    let pointer = match wrapper {
        Wrapper::Request => "/requests/0/request/raw",
        Wrapper::GatewayBody => "/body",
        Wrapper::UrlSafe => "/bodyB",
        Wrapper::Lines => "/data",
        Wrapper::HarBase64 => "/response/content/text",
        _ => return unwrapped(wrapper, text),
    };
    let value: Value = serde_json::from_str(text).unwrap();
    let base64 = value.pointer(pointer).unwrap().as_str().unwrap();
    let base64 = base64.replace("\r\n", "");
    let bytes = BASE64
        .decode(base64.as_ref())
        .or_else(|_| BASE64URL_NOPAD.decode(base64.as_ref()));
    String::from_utf8_lossy(&bytes.unwrap()).into_owned()
}

#[test]
fn lengths_stay_if_they_were_not_true() {
    let text = r#"{"postData": {"text": "{\"ApiKey\": \"x\"}"}, "bodySize": 7, "size": 3}"#;
    let once = redacted(text);
    assert!(once.contains(r#""bodySize": 7, "size": 3"#) && once.contains("FACADE"));
    let request = "POST / HTTP/1.1\r\nContent-Length: 99\r\n\r\n{\"ApiKey\": \"x\"}";
    assert!(redacted(request).contains("Content-Length: 99\r\n"));
}

#[test]
fn several_messages_keep_their_lengths() {
    let message = "POST / HTTP/1.1\r\nContent-Length: 15\r\n\r\n{\"ApiKey\": \"x\"}";
    for between in ["", "\n", "\r\n\r\n"] {
        let once = redacted(&[message, message, message].join(between));
        assert_eq!(once.matches("Content-Length: 28\r\n").count(), 3, "{once}");
    }
}

#[test]
fn a_changed_body_with_a_signature_is_noticed() {
    for (text, is_noticed) in [
        (
            "POST / HTTP/1.1\r\nX-Hub-Signature-256: sha256=1\r\n\r\n{\"ApiKey\": \"x\"}",
            true,
        ),
        (
            "POST / HTTP/1.1\r\nX-Hub-Signature-256: sha256=1\r\n\r\n{\"Id\": \"x\"}",
            false,
        ),
        (
            "POST / HTTP/1.1\r\nHost: h\r\n\r\n{\"ApiKey\": \"x\"}",
            false,
        ),
        (
            r#"{"headers": {"x-signature": "a"}, "body": "{\"ApiKey\": \"x\"}"}"#,
            true,
        ),
        (
            r#"{"headers": [{"name": "X-Signature", "value": "a"}], "body": {"ApiKey": "x"}}"#,
            true,
        ),
        (r#"{"x-hub-signature": "a", "body": {"ApiKey": "x"}}"#, true),
        (
            r#"{"headers": {"x-signature": "a"}, "body": {"Id": "x"}}"#,
            false,
        ),
    ] {
        let redactor = redactor();
        redactor.redact(text.as_bytes());
        assert_eq!(redactor.has_changed_signed_body(), is_noticed, "{text}");
    }
    let redactor = redactor();
    let signed = "POST / HTTP/1.1\r\nX-Signature: 1\r\n\r\n{\"ApiKey\": \"x\"}";
    let text = json!({"raw": to_base64(signed)}).to_string();
    redactor.redact(text.as_bytes());
    assert!(redactor.has_changed_signed_body());
}

/// A compressed body is decompressed and compressed again.
#[test]
fn compressed_bodies_are_redacted() {
    let body = gzip(br#"{"ApiKey": "hunter2hunter2"}"#);
    let head = format!(
        "POST / HTTP/1.1\r\nContent-Encoding: gzip\r\nContent-Length: {}\r\n\r\n",
        body.len()
    );
    let once = redacted_bytes(&[head.as_bytes(), &body].concat());
    let at = once
        .windows(4)
        .position(|part| part == b"\r\n\r\n")
        .unwrap()
        + 4;
    let text = String::from_utf8(gunzip(&once[at..])).unwrap();
    assert!(
        text.contains("FACADE") && !text.contains("hunter"),
        "{text}"
    );
    let length = format!("Content-Length: {}\r\n", once.len() - at);
    assert!(String::from_utf8_lossy(&once).contains(&length));
}

/// Compressed data that can't be read is replaced: nobody knows what is in it.
#[test]
fn damaged_and_huge_gzip_is_replaced() {
    let zeros = gzip(&vec![b' '; 64 << 20]);
    let text = gzip(br#"{"ApiKey": "hunter2hunter2", "Note": "a note of some length"}"#);
    for bytes in [&text[..text.len() - 12], &zeros[..]] {
        let base64 = to_base64(bytes);
        let once = redacted(&json!({"data": base64, "Id": "x"}).to_string());
        assert!(
            once.starts_with("{\"Id\":\"x\",\"data\":\"FACADE")
                || once.starts_with("{\"data\":\"FACADE"),
            "{}",
            &once[..60]
        );
    }
}

/// A container without secrets is not written anew, even if another encoder would write it
/// differently.
#[test]
fn containers_without_secrets_stay() {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::none());
    encoder
        .write_all(br#"{"Id": "x", "Note": "nothing is secret here"}"#)
        .unwrap();
    let base64 = to_base64(encoder.finish().unwrap());
    for text in [
        json!({"data": base64}).to_string(),
        "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n0002\r\n{}\r\n0\r\n\r\n".to_owned(),
    ] {
        assert_eq!(redacted(&text), text);
    }
}

fn netstring(content: &str, kind: char) -> String {
    format!("{}:{content}{kind}", content.len())
}

/// Writes a value as mitmproxy writes flows.
fn tnetstring(value: &Value) -> String {
    match value {
        Value::Null => netstring("", '~'),
        Value::Bool(value) => netstring(&value.to_string(), '!'),
        Value::Number(number) => netstring(&number.to_string(), '#'),
        Value::String(text) => netstring(text, ','),
        Value::Array(items) => netstring(&items.iter().map(tnetstring).collect::<String>(), ']'),
        Value::Object(members) => {
            let members = members
                .iter()
                .map(|(name, value)| netstring(name, ';') + &tnetstring(value));
            netstring(&members.collect::<String>(), '}')
        }
    }
}

fn flow(body: &str, token: &str) -> String {
    tnetstring(&json!({
        "request": {
            "path": format!("/hook?Token={token}"),
            "headers": [["content-length", body.len().to_string()], ["Authorization", format!("Bearer {token}")], ["Cookie", format!("a={token}")]],
            "content": body,
            "timestamp_start": 1,
        },
        "version": 21,
        "error": null,
    }))
}

/// mitmproxy keeps bodies compressed, and bodies that are not text.
#[test]
fn binary_bodies_of_flows_are_redacted() {
    let body = gzip(br#"{"ApiKey": "hunter2hunter2"}"#);
    let part = |content: &[u8], kind: u8| {
        let length = content.len().to_string();
        [length.as_bytes(), b":", content, &[kind]].concat()
    };
    for (body, is_compressed) in [(&body[..], true), (b"\xff ApiKey=hunter2hunter2", false)] {
        let text = part(&[part(b"content", b';'), part(body, b',')].concat(), b'}');
        let once = redactor().redact_flows(&text).unwrap();
        let at = once
            .windows(8)
            .position(|part| part == b"content;")
            .unwrap()
            + 8;
        let colon = once[at..].iter().position(|byte| *byte == b':').unwrap() + at;
        let length: usize = str::from_utf8(&once[at..colon]).unwrap().parse().unwrap();
        let rest = &once[colon + 1..];
        assert_eq!(&rest[length..], b",}");
        let new = if is_compressed {
            gunzip(&rest[..length])
        } else {
            rest[..length].to_vec()
        };
        let shown = String::from_utf8_lossy(&new);
        assert!(
            shown.contains("FACADE") && !shown.contains("hunter"),
            "{shown}"
        );
    }
}

#[test]
fn flows_of_mitmproxy_are_redacted() {
    let body = json!({"ApiKey": "x", "Id": "hönest"}).to_string();
    let text = flow(&body, "hunter2hunter2") + &flow(&body, "hunter3");
    let once = redactor().redact_flows(text.as_bytes()).unwrap();
    let shown = String::from_utf8(once.clone()).unwrap();
    assert!(!shown.contains("hunter"), "{shown}");
    let new_body = redacted(&body);
    assert!(shown.contains(&netstring(&new_body, ',')), "{shown}");
    assert!(
        shown.contains(&netstring(&new_body.len().to_string(), ',')),
        "{shown}"
    );
    assert_eq!(redactor().redact_flows(&once).unwrap(), once);
    for (text, expected) in [("12:30 a time", None), ("3:abc,", None), ("", None)] {
        assert_eq!(redactor().redact_flows(text.as_bytes()), expected);
    }
    assert_eq!(redactor().redact_flows(&once[..once.len() - 1]), None);
}

/// The work on a text that is four times as large is about four times as much.
#[test]
fn hostile_containers_take_linear_time() {
    let request = "POST / HTTP/1.1\r\nContent-Length: 15\r\n\r\n{\"ApiKey\": \"x\"}";
    let base64 = to_base64(request);
    let pieces = [
        request.to_owned(),
        format!("{base64} "),
        format!("{base64}/"),
        format!("{base64}\n"),
        format!("\"{base64}\","),
        "POST / HTTP/1.1\n".to_owned(),
        "POST / HTTP/1.1\n\n".to_owned(),
        "POST / HTTP/1.1\n\ntoken=x\n".to_owned(),
        "POST / HTTP/1.1\nTransfer-Encoding: chunked\n\nfff\n".to_owned(),
        "POST / HTTP/1.1\nContent-Length: 99999\n\n".to_owned(),
        "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n3\r\na=b\r\n".to_owned(),
        "3\r\na=b\r\n".to_owned(),
        "H4sIAAAAAAAAAAAAAAAA ".to_owned(),
        "eyJBY2Nlc3NUb2tlbiI6".to_owned(),
        "aaaa/".to_owned(),
        "////".to_owned(),
        "a://b/ HTTP/".to_owned(),
        "\"query\":{\"code\":".to_owned(),
        "\"query\":{\"code\":\"x\"},".to_owned(),
        "query: [".to_owned(),
        "{\"headers\":{\"content-length\":\"1\"},\"body\":\"token=x\"},".to_owned(),
        "\"content-length\":\"1\",".to_owned(),
    ];
    let wrappers: [fn(&str) -> String; 6] = [
        str::to_owned,
        |text| json!({"raw": text, "ApiKey": "x"}).to_string(),
        |text| json!({"raw": to_base64(text), "ApiKey": "x"}).to_string(),
        |text| format!("[{text}0]"),
        |text| format!("{{\"headers\":{{{text}\"x-signature\":1}},\"body\":\"token=x\"}}"),
        |text| {
            let head = "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n";
            format!("{head}{:x}\r\n{text}\r\n0\r\n\r\n", text.len())
        },
    ];
    let mut failures = Vec::new();
    for piece in &pieces {
        for (number, wrapper) in wrappers.iter().enumerate() {
            let work = |size: usize| {
                let text = wrapper(&piece.repeat(size / piece.len()));
                cost::cost(|| {
                    redactor().redact(text.as_bytes());
                    mewshook::mask(&text);
                })
            };
            work(100);
            let (small, large) = (work(8 << 10), work(32 << 10));
            let outgrown = large.outgrows(&small, 4);
            if let Some(count) = outgrown {
                failures.push(format!(
                    "{piece:?} in {number}: {count} {small:?} {large:?}"
                ));
            }
        }
    }
    assert!(failures.is_empty(), "{failures:#?}");
}

/// Redacted base64 that was cut anywhere is not changed by a second run.
#[test]
fn cut_base64_is_redacted_once() {
    let base64 = to_base64(r#"{"Note": "a note", "ApiKey": "hunter2hunter2hunter2"}"#);
    for length in 20..=base64.len() {
        let text = json!({"raw": base64[..length]}).to_string();
        redacted(&text);
    }
}
