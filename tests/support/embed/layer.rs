//! The layers between a payload and the outermost JSON value.

use std::io::Write;

use data_encoding::{BASE64, BASE64_NOPAD, BASE64URL, BASE64URL_NOPAD};
use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::{Value, json};

use super::Embedded;
use super::dice::Dice;
use super::http;
use super::json::{self, Escapes, HOLE, Style};
use super::payload::NAMES;
use super::written::Written;

/// A layer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Layer {
    /// A value in an object of some tool, or in an array.
    Value,
    /// A JSON string.
    JsonString,
    /// A line of text with the object in it, as a JSON string.
    Line,
    /// Base64 in a JSON string.
    Base64,
    /// Base64 of gzip in a JSON string.
    Gzip,
    /// An HTTP message in a JSON string.
    Message,
    /// Base64 of an HTTP message in a JSON string.
    Base64Message,
    /// A value of a form in an HTTP message in a JSON string.
    Form,
}

pub const LAYERS: [Layer; 8] = [
    Layer::Value,
    Layer::JsonString,
    Layer::Line,
    Layer::Base64,
    Layer::Gzip,
    Layer::Message,
    Layer::Base64Message,
    Layer::Form,
];

/// Writes the text, which is JSON, into a layer, which is JSON too.
pub fn write(embedded: &mut Embedded, layer: Layer, dice: &mut Dice) {
    let escapes = Escapes::any(dice);
    match layer {
        Layer::Value => return value(embedded, dice),
        Layer::JsonString => {}
        Layer::Line => {
            object(embedded, dice);
            let mut line = Written::default();
            line.raw(dice.pick(&[
                "",
                "2026-01-01 00:00:00 INFO ",
                "it's \"x\": [",
                "\u{e9} {a} ",
            ]));
            line.copy(&embedded.text);
            line.raw(dice.pick(&["", " 12ms", "\n  at x.rs:1\n", "] }"]));
            embedded.write(line);
        }
        Layer::Base64 => return base64(embedded, dice),
        Layer::Gzip => {
            let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
            encoder.write_all(&embedded.text).unwrap();
            let mut gzip = Written::default();
            gzip.unit(embedded.text.len(), encoder.finish().unwrap());
            embedded.write(gzip);
            return base64(embedded, dice);
        }
        Layer::Message => {
            container(embedded, dice);
            let message = http::message(&embedded.text, dice, true, false);
            embedded.write(message);
        }
        Layer::Base64Message => {
            container(embedded, dice);
            let message = http::message(&embedded.text, dice, false, false);
            embedded.write(message);
            return base64(embedded, dice);
        }
        Layer::Form => {
            // Only objects are looked for in forms.
            object(embedded, dice);
            let (form, message) = http::form(&embedded.text, dice);
            embedded.write(form);
            embedded.write(message);
        }
    }
    let string = json::quoted(&embedded.text, escapes, dice);
    embedded.write_string(string);
}

/// Makes the text an object, if it is something else.
pub fn object(embedded: &mut Embedded, dice: &mut Dice) {
    if embedded.text.starts_with(b"{") && embedded.text.ends_with(b"}") {
        return;
    }
    let template = json!({"x": 1, "body": HOLE});
    let written = json::write(&template, Style::any(dice), dice, &embedded.text);
    embedded.write_value(written, &["body".into()]);
}

/// Makes the text an object or an array, as bodies of messages are.
fn container(embedded: &mut Embedded, dice: &mut Dice) {
    if !embedded.text.starts_with(b"[") {
        object(embedded, dice);
    }
}

/// Objects of tools, with the place of the body.
fn templates() -> Vec<Value> {
    let headers = json!([{"name": "Host", "value": "example.com"}]);
    vec![
        json!({"log": {"version": "1.2", "entries": [{"startedDateTime": "2026-01-01T00:00:00Z", "time": 1.5, "request": {"method": "POST", "url": "https://example.com/a", "headers": headers, "bodySize": -1, "postData": {"mimeType": "application/json", "text": HOLE}}, "response": {"status": 200}}]}}),
        json!({"uri": "/api/requests/http", "requests": [{"id": "1", "start": "2026-01-01T00:00:00Z", "request": {"raw": HOLE}}]}),
        json!({"data": [{"uuid": "1", "content": HOLE, "created_at": "2026-01-01 00:00:00"}], "total": 1, "per_page": 50}),
        json!({"bodyB": HOLE, "headers": {"Host": "example.com"}, "timestamp": "1700000000000"}),
        json!({"models": [{"data": {"headers": {}, "body": HOLE}, "created_at": "2026-01-01T00:00:00Z"}]}),
        json!({"version": "2.0", "isBase64Encoded": false, "body": HOLE, "requestContext": {"timeEpoch": 1_700_000_000_000_u64}}),
        json!({"Records": [{"messageId": "1", "body": HOLE, "attributes": {"SentTimestamp": "1700000000000"}}]}),
        json!({"Type": "Notification", "TopicArn": "a:b", "Timestamp": "2026-01-01T00:00:00Z", "Message": HOLE}),
        json!({"logEvents": [{"id": "1", "timestamp": 1_700_000_000_000_u64, "message": HOLE}]}),
        json!({"awslogs": {"data": HOLE}}),
        json!({"insertId": "x", "timestamp": "2026-01-01T00:00:00Z", "jsonPayload": {"a": [1, HOLE]}}),
        json!({"message": {"data": HOLE, "publishTime": "2026-01-01T00:00:00Z"}, "subscription": "s"}),
        json!({"level": 30, "time": 1, "msg": "received", "body": HOLE}),
        json!({"@timestamp": "2026-01-01T00:00:00Z", "message": HOLE, "level": "info"}),
    ]
}

fn value(embedded: &mut Embedded, dice: &mut Dice) {
    let templates = templates();
    let template = match dice.below(4) {
        0 => json!([{"a": "b"}, HOLE, "{\"not\": \"one\"}"]),
        1 => {
            let name = dice.pick(NAMES);
            json!({"zz": [{"x/y~": {format!("~{name}/"): HOLE}, "Events": 7}], "Event": []})
        }
        _ => templates[dice.below(templates.len())].clone(),
    };
    let path = path_of_hole(&template).unwrap();
    let written = json::write(&template, Style::any(dice), dice, &embedded.text);
    embedded.write_value(written, &path);
}

fn path_of_hole(value: &Value) -> Option<Vec<String>> {
    let inside = |name: String, value| {
        let mut path = path_of_hole(value)?;
        path.insert(0, name);
        Some(path)
    };
    match value {
        Value::String(text) if text == HOLE => Some(Vec::new()),
        Value::Array(items) => {
            let mut items = items.iter().enumerate();
            items.find_map(|(index, item)| inside(index.to_string(), item))
        }
        Value::Object(members) => {
            let mut members = members.iter();
            members.find_map(|(name, value)| inside(name.clone(), value))
        }
        _ => None,
    }
}

/// Writes the text in base64 in a JSON string.
fn base64(embedded: &mut Embedded, dice: &mut Dice) {
    embedded.is_readable = false;
    let inner = &embedded.text;
    let encodings = [BASE64, BASE64URL, BASE64_NOPAD, BASE64URL_NOPAD];
    let encoding = &encodings[dice.below(encodings.len())];
    let characters = encoding.encode(inner).into_bytes();
    assert_eq!(encoding.decode(&characters).unwrap(), *inner);
    let width = dice.pick(&[usize::MAX, 64, 76]);
    let line_break = dice.pick(&["\r\n", "\n"]);
    let mut lines = Written::default();
    for (index, line) in characters.chunks(width.min(characters.len())).enumerate() {
        lines.raw(if index > 0 { line_break } else { "" });
        lines.copy(line);
    }
    let places = (0..inner.len()).map(|at| {
        let (first, last) = (at * 8 / 6, (at * 8 + 7) / 6);
        lines.places[first].start..lines.places[last].end
    });
    let written = Written {
        places: places.collect(),
        text: lines.text,
    };
    embedded.write(written);
    let escapes = Escapes::any(dice);
    let string = json::quoted(&embedded.text, escapes, dice);
    embedded.write_string(string);
}
