//! Damage that captures show: which captures have which code, and where.

#![allow(clippy::unwrap_used, reason = "a test that fails may panic")]

#[path = "support/program.rs"]
mod program;

use mewshook::checks::capture_rules;
use proptest::prelude::*;
use serde_json::{Value, json};

use program::{folder, run};

const NAME: &str = "Zimmer für Jörg";

/// Returns a payload whose integration has a name.
fn payload(name: &str) -> String {
    json!({"Action": "IntegrationEnabled", "Data": {"Integration": {
        "Id": "9e5e84e9-974d-4f16-9662-ab2200f27cb1", "Name": name,
    }}})
    .to_string()
}

/// Returns the text that is read when UTF-8 is taken for Latin-1.
fn garbled(text: &str) -> String {
    text.bytes().map(char::from).collect()
}

fn har(text: &str, size: impl serde::Serialize, headers: &Value) -> String {
    json!({"log": {"entries": [{"request": {
        "method": "POST", "headers": headers, "bodySize": size, "postData": {"text": text},
    }}]}})
    .to_string()
}

fn smee(mut properties: Value, body: Value) -> String {
    properties["body"] = body;
    properties["query"] = json!({});
    properties["timestamp"] = json!(1_795_892_678_801_u64);
    properties.to_string()
}

/// Returns the verdicts on the payloads of a capture.
fn verdicts(capture: &str, arguments: &[&str]) -> Vec<Value> {
    let name = if capture.starts_with('{') {
        "capture.json"
    } else {
        "capture.log"
    };
    let folder = folder(&[(name, capture)]);
    let mut all = vec!["validate", "--format", "ndjson"];
    all.extend(arguments);
    all.push(name);
    let (_, out, _) = run(&folder, &all);
    out.lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

/// Returns the codes of a capture's diagnostics, each with the text at its place.
fn found(capture: &str) -> Vec<(String, String)> {
    let verdicts = verdicts(capture, &[]);
    let diagnostics = verdicts
        .iter()
        .flat_map(|verdict| verdict["diagnostics"].as_array().unwrap());
    diagnostics
        .map(|found| {
            let number = |value: &Value| usize::try_from(value.as_u64().unwrap()).unwrap();
            let start = number(&found["offset"]);
            let text = &capture[start..start + number(&found["length"])];
            (found["code"].as_str().unwrap().to_owned(), text.to_owned())
        })
        .collect()
}

#[track_caller]
fn assert_found(capture: &str, expected: &[(&str, &str)]) {
    let found = found(capture);
    let found: Vec<_> = found
        .iter()
        .map(|(code, text)| (&**code, &**text))
        .collect();
    assert_eq!(found, expected, "{capture}");
}

#[test]
fn examples_have_their_code_alone() {
    for rule in capture_rules() {
        let codes = |text| {
            found(text)
                .into_iter()
                .map(|(code, _)| code)
                .collect::<Vec<_>>()
        };
        assert_eq!(codes(rule.before), [rule.code]);
        assert_eq!(codes(rule.after), [""; 0], "{}", rule.code);
    }
}

#[test]
fn options_set_the_severity() {
    for rule in capture_rules() {
        let severity = |arguments: &[&str]| {
            let verdicts = verdicts(rule.before, arguments);
            // A request without its body is only there to be reported.
            let Some(verdict) = verdicts.first() else {
                return Value::Null;
            };
            assert_eq!(verdicts.len(), 1);
            let found = &verdict["diagnostics"][0]["severity"];
            assert_eq!(verdict["valid"], json!(found != "error"), "{}", rule.code);
            found.clone()
        };
        assert_eq!(severity(&[]), "warning");
        assert_eq!(severity(&["--strict"]), "error");
        assert_eq!(severity(&["--deny", rule.code]), "error");
        assert_eq!(severity(&["--allow", rule.code]), Value::Null);
    }
}

#[test]
fn text_that_was_read_as_latin_1_is_garbled() {
    let none = json!([]);
    let sent = payload(NAME);
    let text = garbled(&sent);
    assert_found(&har(&text, sent.len(), &none), &[("garbled-capture", "Ã")]);
    assert_found(&har(&sent, sent.len(), &none), &[]);
    // Sizes that say nothing.
    assert_found(&har(&text, -1, &none), &[]);
    assert_found(&har(&text, text.len(), &none), &[]);
    assert_found(&har(&payload("x"), payload("x").len(), &none), &[]);
    // Not Latin-1: the size is that of characters, as some exporters state it.
    let wide = payload("Zum €");
    assert_found(&har(&wide, wide.chars().count(), &none), &[]);
    let pointer = &verdicts(&har(&text, sent.len(), &none), &[])[0]["diagnostics"][0]["pointer"];
    assert_eq!(pointer, "/Data/Integration/Name");
}

#[test]
fn text_that_is_shorter_than_stated_is_truncated() {
    let none = json!([]);
    let sent = payload(NAME);
    let whole = har(&sent, sent.len() + 4, &none);
    assert_found(&whole, &[("truncated-capture", "")]);
    assert_found(
        &har(
            &sent,
            sent.len() + 4,
            &json!([{"name": "Content-Encoding", "value": "gzip"}]),
        ),
        &[],
    );
    // A byte-order mark, and UTF-16 with and without one.
    assert_found(&har(&sent, sent.len() + 3, &none), &[]);
    let units = sent.encode_utf16().count();
    assert_found(&har(&sent, 2 * units, &none), &[]);
    assert_found(&har(&sent, 2 * units + 2, &none), &[]);
    // Line ends.
    let lines =
        serde_json::to_string_pretty(&serde_json::from_str::<Value>(&sent).unwrap()).unwrap();
    let breaks = lines.matches('\n').count();
    assert_found(&har(&lines, lines.len() + breaks, &none), &[]);
    assert_found(
        &har(&lines, lines.len() + breaks + 1, &none),
        &[("truncated-capture", "")],
    );
    // Only the last of several payloads is cut off.
    let several = format!("{sent}\n{sent}\n");
    assert_found(
        &har(&several, several.len() + 9, &none),
        &[("truncated-capture", "")],
    );
}

/// Returns an HTTP request that states a length.
fn request(length: usize, body: &str) -> String {
    format!("POST /hooks HTTP/1.1\r\nHost: x\r\nContent-Length: {length}\r\n\r\n{body}")
}

#[test]
fn messages_that_are_shorter_than_stated_are_truncated() {
    let sent = payload(NAME);
    let cut = &sent[..sent.len() - 20];
    let end = [("json-syntax", ""), ("truncated-capture", "")];
    assert_found(&request(sent.len(), &sent), &[]);
    assert_found(&request(sent.len() + 2, &sent), &[]);
    assert_found(&request(sent.len() + 3, &sent), &[end[1]]);
    assert_found(&request(sent.len(), cut), &end);
    // In base64, as ngrok has it, with the help for ngrok.
    let ngrok = |message: &str| {
        let raw = base64(message.as_bytes());
        json!({"requests": [{"start": "2026-11-28T19:04:30Z", "request": {"method": "POST", "raw": raw}}]})
            .to_string()
    };
    assert_found(&ngrok(&request(sent.len(), &sent)), &[]);
    let codes: Vec<_> = found(&ngrok(&request(sent.len(), cut)))
        .into_iter()
        .map(|(code, _)| code)
        .collect();
    assert_eq!(codes, ["json-syntax", "truncated-capture"]);
    let verdicts = verdicts(&ngrok(&request(sent.len(), cut)), &[]);
    let help = verdicts[0]["diagnostics"][1]["help"].as_str().unwrap();
    assert!(help.contains("ngrok keeps 10 kB"), "{help}");
}

#[test]
fn chunked_messages_are_truncated_if_their_json_is() {
    let sent = payload(NAME);
    let chunked = |chunk: &str, end: &str| {
        let length = chunk.len();
        format!("POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n{length:x}\r\n{chunk}{end}")
    };
    assert_found(&chunked(&sent, "\r\n0\r\n\r\n"), &[]);
    assert_found(&chunked(&sent, "\r\n0"), &[]);
    let cut = chunked(&sent, "");
    let cut = &cut[..cut.len() - 20];
    assert_found(cut, &[("json-syntax", ""), ("truncated-capture", "")]);
}

/// Returns the base64 of bytes.
fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let digit = |bits: u32| char::from(DIGITS[(bits & 63) as usize]);
    bytes
        .chunks(3)
        .flat_map(|chunk| {
            let byte = |index: usize| u32::from(chunk.get(index).copied().unwrap_or_default());
            let bits = byte(0) << 16 | byte(1) << 8 | byte(2);
            let mut digits = [18, 12, 6, 0].map(|shift| digit(bits >> shift));
            digits[chunk.len() + 1..].fill('=');
            digits
        })
        .collect()
}

#[test]
fn signed_payloads_that_smee_serialized_are_reported() {
    let body: Value = serde_json::from_str(&payload(NAME)).unwrap();
    let pos = json!({"data": {"id": "1", "type": "orders", "attributes": {
        "state": "paid", "updatedAt": "2025-09-25T11:24:24.344Z",
    }}, "meta": {"eventType": "order.state.updated"}});
    let signed = json!({"X-Signature": "x"});
    let code = ("reserialized-capture", "{");
    assert_found(&smee(signed.clone(), body.clone()), &[code]);
    assert_found(&smee(json!({}), pos), &[code]);
    assert_found(&smee(json!({}), body.clone()), &[]);
    // Others keep the bytes, or have no signature.
    assert_found(&smee(signed.clone(), json!(body.to_string())), &[]);
    assert_found(&json!({"X-Signature": "x", "body": body}).to_string(), &[]);
}

#[test]
fn requests_without_their_body_are_reported_in_access_logs() {
    let with = |changes: &[(&str, Value)]| {
        let mut record = json!({
            "time": "2026-11-28T19:18:03+00:00", "method": "POST", "uri": "/hooks", "status": 202, "body": "",
        });
        for (name, value) in changes {
            record[name] = value.clone();
        }
        record.to_string()
    };
    let lacking = |record: &str, text: &str| {
        // Beside a record that has its body: alone, there would be no payload at all.
        let capture = format!("{}\n{record}\n", with(&[("body", json!(payload("x")))]));
        assert_found(&capture, &[("truncated-capture", text)]);
    };
    lacking(&with(&[]), "\"\"");
    lacking(&with(&[("body", json!("-"))]), "\"-\"");
    lacking(&with(&[("content_length", json!("20480"))]), "\"\"");
    lacking(
        r#"{"request": "POST / HTTP/1.1", "request_body": "-"}"#,
        "\"-\"",
    );
    for record in [
        with(&[("method", json!("GET"))]),
        with(&[("content_length", json!("0"))]),
        with(&[("content_length", json!("-"))]),
        with(&[("content_length", json!(0))]),
        with(&[("body", json!(null))]),
        with(&[("body", json!("ok"))]),
    ] {
        assert_found(
            &format!("{}\n{record}\n", with(&[("body", json!(payload("x")))])),
            &[],
        );
    }
}

#[test]
fn lines_without_their_body_are_reported_where_others_have_one() {
    let line = |method: &str, body: &str| {
        format!(
            "::1 - - [1/Dec/2026:01:00:00 +0000] \"{method} /hooks HTTP/1.1\" 202 0 \"-\" \"{body}\"\n"
        )
    };
    let escaped = payload("x").replace('"', "\\x22");
    let (sent, missing, get) = (line("POST", &escaped), line("POST", "-"), line("GET", "-"));
    let code = ("truncated-capture", "\"-\"");
    assert_found(&format!("{sent}{missing}{get}{missing}"), &[code, code]);
    assert_found(&format!("{sent}{get}"), &[]);
}

#[test]
fn a_capture_without_any_body_has_no_payload() {
    let record = r#"{"request_method": "POST", "request_body": "-"}"#;
    let folder = folder(&[("access.json", record)]);
    let (status, out, err) = run(&folder, &["validate", "--format", "short", "access.json"]);
    assert_eq!(status, Some(3));
    assert!(
        out.starts_with("access.json:1:44: warning[truncated-capture]"),
        "{out}"
    );
    assert!(err.contains("there is no payload"), "{err}");
}

/// A syntax error is an error, so a limit keeps it and omits the warning.
#[test]
fn errors_are_preferred_to_damage() {
    let sent = payload(NAME);
    let broken = sent.replace("9e5e84e9", "9e5e84e");
    let text = garbled(&broken);
    let capture = har(&text, broken.len(), &json!([]));
    let codes = |arguments: &[&str]| {
        let verdicts = verdicts(&capture, arguments);
        let found = verdicts[0]["diagnostics"].as_array().unwrap().clone();
        found
            .iter()
            .map(|found| found["code"].as_str().unwrap().to_owned())
            .collect::<Vec<_>>()
    };
    assert_eq!(codes(&[]), ["invalid-uuid", "garbled-capture"]);
    assert_eq!(codes(&["--max-diagnostics", "1"]), ["invalid-uuid"]);
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(20) })]

    /// Text is garbled if it has a character beyond ASCII, and only if the size fits.
    #[test]
    fn names_are_garbled_where_they_are_not_ascii(name in "[a-z]{0,3}[a-zé😀\u{80}\u{7ff}\"\\\\]{0,4}") {
        let sent = payload(&name);
        let text = garbled(&sent);
        let none = json!([]);
        let expected = if sent.is_ascii() { vec![] } else { vec!["garbled-capture".to_owned()] };
        let codes = |capture: &str| found(capture).into_iter().map(|(code, _)| code).collect::<Vec<_>>();
        prop_assert_eq!(codes(&har(&text, sent.len(), &none)), expected);
        prop_assert_eq!(codes(&har(&sent, sent.len(), &none)), [""; 0]);
    }
}
