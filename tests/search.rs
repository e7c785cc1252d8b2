//! The search for payloads in captures takes linear time and memory on hostile input, and does not
//! crash. Steps and allocations are compared for two sizes, as in `growth.rs`.

#![allow(
    clippy::unwrap_used,
    clippy::match_bool,
    missing_docs,
    reason = "a test that fails may panic"
)]
#![allow(dead_code, reason = "each test uses its own part of what they share")]

#[path = "support/cost.rs"]
mod cost;
#[path = "support/printed.rs"]
mod printed;

use std::io::Write;

use cost::{Cost, cost};
use data_encoding::BASE64;
use flate2::Compression;
use flate2::write::GzEncoder;
use mewshook::frame::{CaptureMode, Frames, Limits};
use serde_json::{Value, json};

/// The ratio of the two sizes.
const FACTOR: usize = 4;

/// The smaller one of two numbers of items.
const SMALL: usize = 100;

/// A payload with an error.
const PAYLOAD: &str = r#"{"Events":[{"Type":"Space","Id":1}]}"#;

fn report(text: &[u8], format: &str) -> String {
    let frames = Frames::from_bytes(text.to_vec()).with_mode(CaptureMode::Auto);
    printed::printed(frames, format, 1)
}

/// A capture with a number of items.
type Capture = fn(usize) -> Vec<u8>;

/// Asserts that the cost of reports on captures grows as their items.
fn assert_linear(captures: &[(&str, Capture)], small: usize) {
    let mut failures = Vec::new();
    for format in ["ndjson", "human", "inspect"] {
        for (name, capture) in captures {
            let of = |count| {
                let text = capture(count);
                cost(|| drop(report(&text, format)))
            };
            of(1);
            let (less, more): (Cost, Cost) = (of(small), of(small * FACTOR));
            if let Some(count) = more.outgrows(&less, FACTOR as u64) {
                failures.push(format!(
                    "{count}: {format}, {name}: {less:?}, then {more:?}"
                ));
            }
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

fn gzip(text: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(text).unwrap();
    encoder.finish().unwrap()
}

fn payloads(count: usize) -> String {
    vec![PAYLOAD; count].join(",")
}

fn quoted(text: &str) -> String {
    Value::from(text).to_string()
}

fn message(headers: usize, body: &str) -> String {
    let headers: Vec<_> = (0..headers).map(|at| format!("H{at}: x\r\n")).collect();
    let headers = headers.concat();
    format!("POST / HTTP/1.1\r\n{headers}\r\n{body}")
}

/// Captures with many payloads, and much around them.
const CROWDED: &[(&str, Capture)] = &[
    ("payloads in an array", |count| {
        format!("{{\"x\":[{}]}}", payloads(count)).into_bytes()
    }),
    ("payloads in a string", |count| {
        let inner = quoted(&format!("[{}]", payloads(count)));
        format!("{{\"x\":{inner}}}").into_bytes()
    }),
    ("payloads in base64", |count| {
        let inner = BASE64.encode(format!("[{}]", payloads(count)).as_bytes());
        json!({"x": inner}).to_string().into_bytes()
    }),
    ("payloads in gzip", |count| {
        let inner = gzip(format!("[{}]", payloads(count)).as_bytes());
        json!({"x": BASE64.encode(&inner)}).to_string().into_bytes()
    }),
    ("payloads in gzip beside a long string", |count| {
        let inner = gzip(format!("[{}]", payloads(count)).as_bytes());
        let noise = format!("[\"{}\",{}]", "ab".repeat(count), payloads(count));
        json!({"y": noise, "x": BASE64.encode(&inner)})
            .to_string()
            .into_bytes()
    }),
    ("payloads in random gzip", |count| {
        let noise: Vec<String> = (0..20 * count)
            .map(|at| {
                format!(
                    "\"{:x}\"",
                    (at as u64 + 1).wrapping_mul(0x9E37_79B9_7F4A_7C15)
                )
            })
            .collect();
        let inner = gzip(format!("[{},{}]", noise.join(","), payloads(count)).as_bytes());
        json!({"x": BASE64.encode(&inner)}).to_string().into_bytes()
    }),
    ("payloads below headers", |count| {
        let headers: Vec<_> = (0..count)
            .map(|at| json!({"name": format!("h{at}"), "value": "x"}))
            .collect();
        let headers = Value::from(headers).to_string();
        format!("{{\"headers\":{headers},\"x\":[{}]}}", payloads(count)).into_bytes()
    }),
    ("payloads below headers in a string", |count| {
        let headers = quoted(&format!("{{\"a\":\"{}\"}}", "x".repeat(20 * count)));
        format!("{{\"headers\":{headers},\"x\":[{}]}}", payloads(count)).into_bytes()
    }),
    ("payloads below a long URL", |count| {
        let url = "a".repeat(20 * count);
        format!("{{\"url\":\"{url}\",\"x\":[{}]}}", payloads(count)).into_bytes()
    }),
    ("payloads below a long name", |count| {
        let name = "a".repeat(20 * count);
        format!("{{\"{name}\":[{}]}}", payloads(count)).into_bytes()
    }),
    ("payloads below a long escaped name", |count| {
        let name = "\\u0041".repeat(5 * count);
        format!("{{\"{name}\":[{}]}}", payloads(count)).into_bytes()
    }),
    ("payloads beside many properties", |count| {
        let others: Vec<_> = (0..count).map(|at| format!("\"a{at}\":[],")).collect();
        let others = others.concat();
        format!("{{{others}\"x\":[{}]}}", payloads(count)).into_bytes()
    }),
    ("payloads in many properties", |count| {
        let bodies: Vec<_> = (0..count)
            .map(|at| format!("\"a{at}\":{PAYLOAD}"))
            .collect();
        format!("{{{}}}", bodies.join(",")).into_bytes()
    }),
    ("payloads in one property", |count| {
        let bodies = vec![format!("\"body\":{PAYLOAD}"); count].join(",");
        format!("{{\"query\":1,\"timestamp\":1,{bodies}}}").into_bytes()
    }),
    ("strings in many properties", |count| {
        let bodies = vec![format!("\"text\":{}", quoted(PAYLOAD)); count].join(",");
        format!("{{\"bodySize\":5,\"postData\":{{{bodies}}}}}").into_bytes()
    }),
    ("payloads in a message", |count| {
        let body = format!("[{}]", payloads(count));
        json!({"x": message(50.min(count), &body)})
            .to_string()
            .into_bytes()
    }),
    ("payloads in a message with a long header", |count| {
        let head = format!("POST / HTTP/1.1\r\nA: {}\r\n\r\n", "x".repeat(20 * count));
        format!("{head}[{}]", payloads(count)).into_bytes()
    }),
    ("payloads in a cut off message", |count| {
        let head = "POST / HTTP/1.1\r\nContent-Length: 99999999\r\n\r\n";
        format!("{head}[{}]", payloads(count)).into_bytes()
    }),
    ("messages", |count| {
        json!({"x": message(1, PAYLOAD).repeat(count)})
            .to_string()
            .into_bytes()
    }),
    ("payloads in joined lines", |count| {
        let text = format!("{} [{}]\n", "x".repeat(16 << 10), payloads(count));
        let (first, second) = text.split_at(text.len() / 2);
        let line = |text: &str| json!({"log": text, "stream": "stdout"}).to_string();
        format!("{}\n{}\n", line(first), line(second)).into_bytes()
    }),
    ("payloads in lines of Kubernetes", |count| {
        let text = payloads(count);
        let (first, second) = text.split_at(text.len() / 2);
        let line = |tag: &str, text: &str| format!("2026-01-01T00:00:00Z stdout {tag} {text}\n");
        (line("P", first) + &line("F", second)).into_bytes()
    }),
    ("payloads in a form", |count| {
        let value = "%7B\"Events\":[{\"Type\":\"Space\"}]}".replace('"', "%22");
        let form = vec![format!("a={value}"); count].join("&");
        json!({"x": message(1, &form)}).to_string().into_bytes()
    }),
    ("payloads in a log", |count| {
        format!("INFO {}\n", vec![PAYLOAD; count].join(" ")).into_bytes()
    }),
    ("payloads in CSV", |count| {
        let field = PAYLOAD.replace('"', "\"\"");
        format!("1,\"[{}]\"\n", vec![field; count].join(",")).into_bytes()
    }),
    ("payloads in lines of text in a string", |count| {
        let lines = vec![format!("INFO {PAYLOAD}"); count].join("\n");
        json!({"msg": lines, "level": 1}).to_string().into_bytes()
    }),
    ("payloads in strings in a list", |count| {
        let items = vec![quoted(PAYLOAD); count].join(",");
        format!("{{\"x\":[{items}]}}").into_bytes()
    }),
    ("payloads with a long time", |count| {
        let time = "9".repeat(20 * count);
        format!("{{\"time\":{time},\"x\":[{}]}}", payloads(count)).into_bytes()
    }),
];

/// Captures without payloads that look as if they had some.
const EMPTY: &[(&str, Capture)] = &[
    ("braces", |count| text_in_string("{", count)),
    ("braces and quotes", |count| text_in_string("{\"", count)),
    ("escaped quotes", |count| text_in_string("\\\"", count)),
    ("brackets", |count| text_in_string("[", count)),
    ("objects", |count| text_in_string("{} ", count)),
    ("names", |count| text_in_string("{\"Action\":", count)),
    ("percent-encoded braces", |count| {
        text_in_string("a=%7B&", count)
    }),
    ("percent-encoded text", |count| {
        text_in_string("%7B%22Action", count)
    }),
    ("escaped braces", |count| {
        text_in_string("\u{1}{\\u007b", count)
    }),
    ("braces and backslashes", |count| {
        text_in_string("{\\", count)
    }),
    ("starts of XML", |count| text_in_string("{&quot;", count)),
    ("starts of escapes", |count| text_in_string("{\\x22", count)),
    ("first lines", |count| {
        text_in_string("POST / HTTP/1.1\r\n", count)
    }),
    ("heads", |count| {
        text_in_string("POST / HTTP/1.1\r\nA: b\r\n\r\n{", count)
    }),
    ("chunks", |count| {
        let chunks = "1\r\n{\r\n".repeat(count);
        let head = "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n";
        json!({"x": format!("{head}{chunks}")})
            .to_string()
            .into_bytes()
    }),
    ("short strings that look like base64", |count| {
        let item = quoted(&BASE64.encode(b"{\"a\": 1, \"b\": [2, 3], \"c\": 4}"));
        format!("{{\"x\":[{}]}}", vec![item; count].join(",")).into_bytes()
    }),
    ("short strings that look like gzip", |count| {
        let item = quoted(&BASE64.encode(b"\x1f\x8b\x08\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"));
        format!("{{\"x\":[{}]}}", vec![item; count].join(",")).into_bytes()
    }),
    ("short strings with braces", |count| {
        let item = quoted("the value {x} is not in {\"y\": z}");
        format!("{{\"x\":[{}]}}", vec![item; count].join(",")).into_bytes()
    }),
    ("braces in base64", |count| {
        json!({"x": BASE64.encode("{".repeat(count).as_bytes())})
            .to_string()
            .into_bytes()
    }),
    ("lines of base64", |count| {
        let text = BASE64.encode("{\"a\":1}".repeat(count).as_bytes());
        let lines: Vec<_> = text
            .as_bytes()
            .chunks(4)
            .map(String::from_utf8_lossy)
            .collect();
        json!({"x": lines.join("\r\n")}).to_string().into_bytes()
    }),
    ("arrays in arrays in a string", |count| {
        let depth = count.min(100);
        text_in_string(&format!("{}{}", "[".repeat(depth), "]".repeat(depth)), 1)
    }),
];

fn text_in_string(piece: &str, count: usize) -> Vec<u8> {
    json!({"level": 1, "msg": piece.repeat(count)})
        .to_string()
        .into_bytes()
}

#[test]
fn searches_grow_with_the_payloads_that_they_find() {
    assert_linear(CROWDED, SMALL);
}

#[test]
fn searches_grow_with_the_text_that_they_read() {
    assert_linear(EMPTY, 10 * SMALL);
}

fn report_within(text: &[u8], limits: Limits) -> Vec<Value> {
    let frames = Frames::from_bytes(text.to_vec()).with_limits(limits);
    let report = printed::printed(frames.with_mode(CaptureMode::Auto), "ndjson", 1);
    let objects = report
        .lines()
        .map(|line| serde_json::from_str(line).unwrap());
    objects.collect()
}

fn kinds(objects: &[Value]) -> Vec<&Value> {
    objects.iter().map(|object| &object["kind"]).collect()
}

#[test]
fn many_bombs_cost_no_more_than_the_limit() {
    const LIMIT: usize = 1 << 20;
    let bomb = BASE64.encode(&gzip(&vec![b' '; 4 * LIMIT]));
    let limits = Limits {
        payload: LIMIT,
        ..Limits::default()
    };
    let of = |bombs: usize| {
        let text = json!({"level": 1, "msg": vec![&bomb; bombs], "x": quoted(PAYLOAD)}).to_string();
        cost(|| {
            assert_eq!(
                kinds(&report_within(text.as_bytes(), limits)),
                ["websocket"]
            );
        })
    };
    of(0);
    let (one, many) = (of(1), of(40));
    assert!(many.peak < one.peak + LIMIT as u64, "{one:?}, {many:?}");
    assert!(
        many.steps < one.steps + 8 * LIMIT as u64,
        "{one:?}, {many:?}"
    );
}

#[test]
fn long_strings_take_a_multiple_of_themselves() {
    const SIZE: usize = if cfg!(debug_assertions) {
        1 << 18
    } else {
        5 << 20
    };
    for piece in ["{", "{\"", "\\\"", "[", "eyJh", "H4sI", "%7B", "{\\"] {
        let text = text_in_string(piece, SIZE / piece.len());
        let length = text.len() as u64;
        let cost = cost(|| drop(report(&text, "ndjson")));
        assert!(cost.peak < (8 << 20) + 100 * length, "{piece}: {cost:?}");
        assert!(cost.steps < 200_000 + 100 * length, "{piece}: {cost:?}");
    }
}

#[test]
fn payloads_are_found_up_to_the_maximum_depth() {
    let nested = |levels: usize, write: fn(&str) -> String| {
        (0..levels).fold(PAYLOAD.to_owned(), |text, _| write(&text))
    };
    let in_base64 = |text: &str| json!({"x": BASE64.encode(text.as_bytes())}).to_string();
    let in_string = |text: &str| json!({"x": text}).to_string();
    let in_array = |text: &str| format!("[{text}]");
    let depth = |depth| Limits {
        depth,
        ..Limits::default()
    };
    let is_found = |text: &str, limits| {
        let objects = report_within(text.as_bytes(), limits);
        objects.iter().any(|object| object["kind"] == "websocket")
    };
    assert!(is_found(&nested(20, in_base64), depth(128)));
    assert!(is_found(&nested(12, in_string), depth(128)));
    assert!(!is_found(&nested(12, in_string), depth(10)));
    assert!(!is_found(&nested(20, in_base64), depth(10)));
    let arrays = json!({"x": nested(20, in_array)}).to_string();
    assert!(is_found(&arrays, depth(128)));
    // What is in arrays that are too deep is text, in which the payload stands.
    assert!(is_found(&arrays, depth(10)));
    // The stack does not depend on the depth that is allowed.
    assert!(!is_found(
        &nested(1000, in_array).replace("Events", "x"),
        depth(500)
    ));
}
