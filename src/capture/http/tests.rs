//! Tests of messages: examples of RFC 9112 and of what tools write, and damaged ones.

use std::io::Write;

use flate2::Compression;
use flate2::write::GzEncoder;
use proptest::prelude::*;

use super::*;
use crate::decode::text::testing::{any_text, assert_monotone, damaged};

const LIMIT: usize = 1 << 20;
const PAYLOAD: &str = r#"{"Action": "IntegrationEnabled", "Data": {}}"#;

fn parse(text: &str) -> HttpMessage<'_> {
    parse_message(text.as_bytes(), LIMIT).unwrap_or_else(|| panic!("a message: {text}"))
}

fn body(message: &HttpMessage) -> String {
    String::from_utf8(message.body.decoded.text.clone()).unwrap()
}

fn post(headers: &str, body: &str) -> String {
    format!("POST /hooks HTTP/1.1\r\nHost: a.test\r\n{headers}\r\n{body}")
}

#[test]
fn a_request_has_its_parts() {
    let text = post("Content-Length: 44\r\nX-Id:  7 \r\n", PAYLOAD);
    let message = parse(&text);
    assert_eq!(
        message.start,
        Start::Request {
            method: "POST",
            target: "/hooks",
            version: Some("HTTP/1.1")
        }
    );
    assert_eq!(message.headers.len(), 3);
    assert_eq!(message.header("x-ID"), Some(&b"7"[..]));
    assert_eq!(message.header("y"), None);
    let header = &message.headers[2];
    assert_eq!(header.range.start, text.find("7 \r").unwrap());
    assert_eq!(&text[header.range.clone()], "7");
    assert_eq!(body(&message), PAYLOAD);
    assert!(!message.body.is_truncated);
    let start = PAYLOAD.find("Integ").unwrap();
    let range = message.body.decoded.map.range(start..start + 18);
    assert_eq!(&text[range], "IntegrationEnabled");
    assert_eq!(message.range, 0..text.len());
}

#[test]
fn a_response_has_its_parts() {
    for (text, status, reason) in [
        ("HTTP/1.1 200 OK\r\nServer: a\r\n\r\n{}", 200, "OK"),
        ("HTTP/1.0 404 Not Found\n\n{}", 404, "Not Found"),
        ("HTTP/2 500\nserver: a\n\n{}", 500, ""),
        ("HTTP/2 202 \nserver: a\n\n{}", 202, ""),
    ] {
        let message = parse(text);
        assert_eq!(message.start, Start::Response { status, reason });
        assert_eq!(body(&message), "{}");
    }
    let text = "HTTP/1.1 204 No Content\r\n\r\nPOST /a HTTP/1.1\r\n\r\n";
    let message = parse(text);
    assert_eq!(body(&message), "");
    assert_eq!(&text[message.range.end..], "POST /a HTTP/1.1\r\n\r\n");
}

#[test]
fn http_files_are_read() {
    let text = format!(
        "### Enabled\n\n# @name enabled\n// a comment\n@host = localhost\n\
        POST http://localhost:3000/hooks\nContent-Type: application/json\n# a comment\n\n{PAYLOAD}\n"
    );
    let message = parse(&text);
    assert_eq!(
        message.start,
        Start::Request {
            method: "POST",
            target: "http://localhost:3000/hooks",
            version: None
        }
    );
    assert_eq!(message.headers.len(), 1);
    assert_eq!(message.range.start, text.find("POST").unwrap());
    assert_eq!(body(&message), format!("{PAYLOAD}\n"));
    let range = message.body.decoded.map.range(1..9);
    assert_eq!(&text[range], "\"Action\"");
    for start in [
        "POST {{host}}/hooks",
        "GET /",
        "GET https://a.test HTTP/1.1",
    ] {
        assert!(parse_message(start.as_bytes(), LIMIT).is_some(), "{start}");
    }
}

#[test]
fn other_texts_are_no_messages() {
    for text in [
        "",
        "\n\n# a\n",
        "{}",
        "POST",
        "POST ",
        "GET the payload",
        "Get /",
        "HTTP/1.1",
        "HTTP/1.1 20 OK",
        "HTTP/1.1 2000",
        "HTTP/11.1 200",
        "a b c",
        "DELETE HTTP/1.1",
        "PO(ST / HTTP/1.1",
        "GET \u{e9}",
        "@host",
        "PATCH /a\"",
    ] {
        assert_eq!(parse_message(text.as_bytes(), LIMIT), None, "{text}");
    }
    assert_eq!(parse_message(b"POST /\xff HTTP/1.1\r\n\r\n", LIMIT), None);
}

#[test]
fn a_head_may_have_any_headers() {
    let many = (0..500).fold(String::new(), |many, number| {
        many + &format!("X-{number}: {number}\r\n")
    });
    let text = post(&many, "{}");
    let message = parse(&text);
    assert_eq!(message.headers.len(), 501);
    assert_eq!(message.header("X-499"), Some(&b"499"[..]));

    let text = b"POST / HTTP/1.1\nX-Name: Caf\xe9\nX-Folded: a\n  b\nEmpty:\nno header\n: a\nX-Spaced : c\n\n{}";
    let message = parse_message(text, LIMIT).unwrap();
    assert_eq!(message.header("X-Name"), Some(&b"Caf\xe9"[..]));
    assert_eq!(message.header("X-Folded"), Some(&b"a\n  b"[..]));
    assert_eq!(message.header("Empty"), Some(&b""[..]));
    assert_eq!(message.header("X-Spaced"), Some(&b"c"[..]));
    assert_eq!(message.headers.len(), 4);
    assert_eq!(body(&message), "{}");

    let text = "POST / HTTP/1.1\r\nX: a\rb\0\r\nY: c\r\n\r\n{}";
    let message = parse(text);
    assert_eq!(message.header("X"), Some(&b"a\rb"[..]));
    assert_eq!(message.header("Y"), Some(&b"c"[..]));
}

#[test]
fn a_head_may_end_early() {
    for text in [
        "POST / HTTP/1.1",
        "POST / HTTP/1.1\r\n",
        "POST / HTTP/1.1\r\nHost: a",
        "POST / HTTP/1.1\r\nHost:",
        "POST / HTTP/1.1\r\nHost: a\r",
        "POST / HTTP/1.1\r\nHost: a\r\n",
        "POST / HTTP/1.1\r\nHost: a\r\n\r\n",
    ] {
        let message = parse(text);
        assert_eq!(body(&message), "", "{text}");
        assert_eq!(message.range.end, text.len(), "{text:?}");
        assert_eq!(message.body.decoded.map.range(0..0), text.len()..text.len());
    }
}

#[test]
fn a_stated_length_may_be_wrong() {
    let text = post("Content-Length: 50\r\n", PAYLOAD);
    let message = parse(&text);
    assert!(message.body.is_truncated);
    assert_eq!(body(&message), PAYLOAD);

    let text = post("Content-Length: 10\r\n", PAYLOAD);
    let message = parse(&text);
    assert!(!message.body.is_truncated);
    assert_eq!(body(&message), PAYLOAD[..10]);
    assert_eq!(&text[message.range.end..], &PAYLOAD[10..]);

    for length in ["", "ten", "-1", "+44", "4 4"] {
        let text = post(&format!("Content-Length: {length}\r\n"), PAYLOAD);
        assert_eq!(body(&parse(&text)), PAYLOAD, "{length}");
    }
    let text = post("Content-Length: 99999999999999999999999\r\n", PAYLOAD);
    assert!(parse(&text).body.is_truncated);
    let text = post("Content-Length: 44, 44\r\n", &PAYLOAD.repeat(2));
    assert_eq!(body(&parse(&text)), PAYLOAD);
}

#[test]
fn messages_may_follow_each_other() {
    let text = post("Content-Length: 44\r\n", PAYLOAD).repeat(3);
    let mut rest = &text[..];
    let mut count = 0;
    while let Some(message) = parse_message(rest.as_bytes(), LIMIT) {
        assert_eq!(body(&message), PAYLOAD);
        rest = &rest[message.range.end..];
        count += 1;
    }
    assert_eq!((count, rest), (3, ""));
}

const CHUNKED: &str = "Transfer-Encoding: gzip;q=0, Chunked\r\n";

#[test]
fn chunks_are_joined_with_their_places() {
    let text = post(
        CHUNKED,
        "C;name=\"value\"\r\n{\"Action\": \"\r\n1e \r\nIntegrationEnabled\", \"Data\": {\r\n\
        000002\r\n}}\r\n0\r\nX-Checksum: 1\r\nX-More: 2\r\n\r\nrest",
    );
    let message = parse(&text);
    assert_eq!(body(&message), PAYLOAD);
    assert!(message.body.coding.is_chunked && !message.body.is_truncated);
    assert_eq!(&text[message.range.end..], "rest");
    let map = &message.body.decoded.map;
    let outer = |part: &str| {
        let start = PAYLOAD.find(part).unwrap();
        &text[map.range(start..start + part.len())]
    };
    assert_eq!(outer("Action"), "Action");
    // A value that ends with a chunk does not include the next header.
    assert_eq!(outer("{\"Action\": \""), "{\"Action\": \"");
    assert_eq!(outer("IntegrationEnabled"), "IntegrationEnabled");
    assert_eq!(
        outer("\"IntegrationEnabled\""),
        "\"\r\n1e \r\nIntegrationEnabled\""
    );
    assert_eq!(outer("{}}"), "{\r\n000002\r\n}}");
}

#[test]
fn chunks_with_line_feeds_are_joined() {
    let text = post(CHUNKED, "5\nhello\n6\n world\n0\n\n");
    let message = parse(&text);
    assert_eq!(body(&message), "hello world");
    assert_eq!(message.range.end, text.len());
}

#[test]
fn broken_chunks_end_the_body() {
    for (chunks, expected, rest) in [
        ("5\r\nhello\r\nxyz\r\nworld", "hello", "xyz\r\nworld"),
        ("5\r\nhello\r\n6;a\r\n wor", "hello wor", ""),
        ("5\r\nhello world\r\n", "hello", " world\r\n"),
        ("5\r\nhello\r\n", "hello", ""),
        ("5\r\nhello", "hello", ""),
        ("5\r\nhello\r\n5", "hello", "5"),
        (
            "5\r\nhello\r\n11111111111111111\r\na",
            "hello",
            "11111111111111111\r\na",
        ),
        ("5\r\nhello\r\nffffffffffffffff\r\na", "helloa", ""),
        ("", "", ""),
    ] {
        let text = post(CHUNKED, chunks);
        let message = parse(&text);
        assert_eq!(body(&message), expected, "{chunks}");
        assert!(message.body.is_truncated, "{chunks}");
        assert_eq!(&text[message.range.end..], rest, "{chunks}");
    }
    let text = post(CHUNKED, "5\r\nhello\r\n0\r\n");
    assert!(!parse(&text).body.is_truncated);
}

#[test]
fn a_body_without_its_chunks_is_read() {
    let text = post(CHUNKED, PAYLOAD);
    let message = parse(&text);
    assert_eq!(body(&message), PAYLOAD);
    assert!(!message.body.is_truncated && !message.body.coding.is_chunked);
}

fn compress(text: &str) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(text.as_bytes()).unwrap();
    encoder.finish().unwrap()
}

fn chunk(bytes: &[u8], size: usize) -> Vec<u8> {
    let mut chunked = Vec::new();
    for chunk in bytes.chunks(size) {
        write!(chunked, "{:x}\r\n", chunk.len()).unwrap();
        chunked.extend_from_slice(chunk);
        chunked.extend_from_slice(b"\r\n");
    }
    chunked.extend_from_slice(b"0\r\n\r\n");
    chunked
}

#[test]
fn compressed_bodies_are_decoded() {
    let compressed = compress(PAYLOAD);
    let mut text = post(
        "Transfer-Encoding: chunked\r\nContent-Encoding: GZip\r\n",
        "",
    )
    .into_bytes();
    let start = text.len();
    text.extend(chunk(&compressed, 20));
    let message = parse_message(&text, LIMIT).unwrap();
    assert_eq!(body(&message), PAYLOAD);
    assert!(message.body.coding.is_chunked && message.body.coding.is_gzip);
    let range = message.body.decoded.map.range(3..5);
    assert!(
        text[range.clone()].starts_with(&compressed[..20]),
        "{range:?}"
    );
    assert!(range.start > start && range.end < text.len());

    let limited = parse_message(&text, 10).unwrap();
    assert_eq!(body(&limited), PAYLOAD[..10]);
    assert!(limited.body.is_truncated);
}

#[test]
fn a_body_in_another_coding_is_noted() {
    let is_encoded = |coding: &str, content: &str| {
        let text = post(&format!("Content-Encoding: {coding}\r\n"), content);
        parse(&text).body.is_encoded
    };
    assert!(is_encoded("br", "\u{1}\u{2}"));
    assert!(!is_encoded("br", PAYLOAD));
    assert!(!is_encoded("identity", "a"));
    assert!(!is_encoded("gzip", PAYLOAD));
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn chunked_texts_are_joined(text in any_text(), size in 1..30_usize) {
        let mut outer = post("Transfer-Encoding: chunked\r\n", "").into_bytes();
        outer.extend(chunk(text.as_bytes(), size));
        let message = parse_message(&outer, LIMIT).unwrap();
        let decoded = &message.body.decoded;
        prop_assert_eq!(&decoded.text, text.as_bytes());
        prop_assert!(!message.body.is_truncated);
        prop_assert_eq!(message.range.end, outer.len());
        assert_monotone(&outer, decoded);
        for (at, byte) in text.bytes().enumerate() {
            prop_assert_eq!(&outer[decoded.map.range(at..at + 1)], [byte]);
        }
    }

    #[test]
    fn damaged_messages_do_not_panic(
        text in damaged(&post("Content-Length: 44\r\nX: Café\r\n  b\r\n", PAYLOAD)),
        chunked in damaged(&post(CHUNKED, "5;a\r\nhello\r\n6\r\n world\r\n0\r\nA: b\r\n\r\n")),
        file in damaged("### a\n@a = b\nPOST http://a.test/b\nA: b\n\n{}\n"),
    ) {
        for text in [text, chunked, file] {
            let Some(message) = parse_message(&text, LIMIT) else { continue };
            assert_monotone(&text, &message.body.decoded);
            prop_assert!(message.range.end <= text.len());
            for header in &message.headers {
                prop_assert_eq!(&text[header.range.clone()], header.value);
            }
        }
    }

    #[test]
    fn random_bytes_do_not_panic(
        head in prop::sample::select(vec!["POST / HTTP/1.1\r\n", "HTTP/1.1 200\n", ""]),
        rest in proptest::collection::vec(prop_oneof![any::<u8>(), Just(b'\r'), Just(b'\n'), Just(b':'), Just(b' ')], 0..60),
    ) {
        let text = [head.as_bytes(), &rest].concat();
        if let Some(message) = parse_message(&text, LIMIT) {
            prop_assert!(message.range.end <= text.len());
        }
    }
}

#[test]
fn parsing_takes_linear_time() {
    let count = |text: String| {
        let before = steps::count();
        assert!(parse_message(text.as_bytes(), LIMIT).is_some());
        steps::count() - before
    };
    let texts: [fn(usize) -> String; 5] = [
        |size| post(&"A: b\r\n".repeat(size), PAYLOAD),
        |size| post(&format!("A: b\r\n{}", "  c\r\n".repeat(size)), PAYLOAD),
        |size| post(CHUNKED, &"1\r\na\r\n".repeat(size)),
        |size| post(CHUNKED, &format!("0\r\n{}", "A: b\r\n".repeat(size))),
        |size| format!("{}GET / HTTP/1.1", "# a\n".repeat(size)),
    ];
    for text in texts {
        assert!(count(text(20_000)) < 11 * count(text(2000)));
    }
}
