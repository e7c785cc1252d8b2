//! Redacts flow files of mitmproxy, which consist of tnetstrings: `5:hello,`, where the number is the
//! length of what follows. A flow is redacted as if it were JSON, so that names mark their values
//! as in any other capture. Only the strings that change are written anew, and the lengths around
//! them.

use std::ops::Range;

use serde_json::{Map, Value};

use crate::document::MAX_DEPTH;
use crate::secrets::is_gzip;
use crate::steps;

use super::Redactor;
use super::containers::Budget;

/// A value of a tnetstring.
#[derive(Debug)]
struct Item {
    /// The text of the value, without its length and type.
    content: Range<usize>,
    kind: u8,
    /// The values in a list, or the names and values in a dictionary in turn.
    items: Vec<Item>,
}

/// The type of a dictionary and of a list.
const DICTIONARY: u8 = b'}';
const LIST: u8 = b']';

impl Redactor {
    /// Returns tnetstrings with their secrets replaced and their lengths made true, or `None` if
    /// the text does not consist of tnetstrings.
    pub fn redact_tnetstrings(&self, text: &[u8]) -> Option<Vec<u8>> {
        let mut out = Vec::with_capacity(text.len());
        let mut at = 0;
        while at < text.len() {
            let (item, end) = read(text, at..text.len(), 0)?;
            if item.items.is_empty() {
                // A flow is a dictionary. Other numbers with a colon are no flow.
                return None;
            }
            let json = to_json(text, &item).to_string();
            let redacted = self.redact(json.as_bytes());
            let value = serde_json::from_slice(&redacted).ok()?;
            self.write(text, &item, &value, &mut out);
            at = end;
        }
        (!text.is_empty()).then_some(out)
    }

    /// Writes a tnetstring with the strings of a redacted value.
    fn write(&self, text: &[u8], item: &Item, value: &Value, out: &mut Vec<u8>) {
        let old = &text[item.content.clone()];
        let mut content = Vec::new();
        match (item.kind, value) {
            (LIST, Value::Array(values)) if values.len() == item.items.len() => {
                for (item, value) in item.items.iter().zip(values) {
                    self.write(text, item, value, &mut content);
                }
            }
            (DICTIONARY, Value::Object(members)) if members.len() * 2 == item.items.len() => {
                for (pair, (name, value)) in item.items.chunks_exact(2).zip(members) {
                    self.write(text, &pair[0], &Value::String(name.clone()), &mut content);
                    self.write(text, &pair[1], value, &mut content);
                }
            }
            (b',', _) if is_gzip(old) => match self.redact_gzip(old, &mut Budget::new(text)) {
                Ok(Some(new)) => content = new,
                _ => content.extend_from_slice(old),
            },
            (b',' | b';', Value::String(new)) if *new != to_text(old) => {
                if str::from_utf8(old).is_ok() {
                    content.extend_from_slice(new.as_bytes());
                } else {
                    let bytes = new.chars().map(u8::try_from);
                    content.extend(bytes.map(|byte| byte.unwrap_or(b'?')));
                }
            }
            _ => content.extend_from_slice(old),
        }
        out.extend_from_slice(content.len().to_string().as_bytes());
        out.push(b':');
        out.append(&mut content);
        out.push(item.kind);
    }
}

/// Reads the tnetstring at the start of a range. Returns it and its end.
fn read(text: &[u8], range: Range<usize>, depth: usize) -> Option<(Item, usize)> {
    const MAX_DIGITS: usize = 12;
    let digits = text[range.clone()].iter().take(MAX_DIGITS);
    let digits = digits.take_while(|byte| byte.is_ascii_digit()).count();
    if digits > 1 && text[range.start] == b'0' {
        return None;
    }
    let number = str::from_utf8(&text[range.start..range.start + digits]).ok()?;
    let start = range.start + digits + 1;
    let end = start.checked_add(number.parse().ok()?)?;
    if end >= range.end || text[start - 1] != b':' || depth > MAX_DEPTH {
        return None;
    }
    let kind = text[end];
    if !b",;#^!~]}".contains(&kind) {
        return None;
    }
    steps::add(digits + 1);
    let mut items = Vec::new();
    if matches!(kind, DICTIONARY | LIST) {
        let mut at = start;
        while at < end {
            let (item, next) = read(text, at..end, depth + 1)?;
            items.push(item);
            at = next;
        }
    }
    let item = Item {
        content: start..end,
        kind,
        items,
    };
    Some((item, end + 1))
}

/// Returns bytes as text: each byte as one character if they are not UTF-8.
fn to_text(bytes: &[u8]) -> String {
    match str::from_utf8(bytes) {
        Ok(text) => text.to_owned(),
        Err(_) => bytes.iter().map(|byte| char::from(*byte)).collect(),
    }
}

fn to_json(text: &[u8], item: &Item) -> Value {
    let content = &text[item.content.clone()];
    steps::add(content.len());
    match item.kind {
        LIST => item.items.iter().map(|item| to_json(text, item)).collect(),
        DICTIONARY => {
            let mut members = Map::new();
            for pair in item.items.chunks_exact(2) {
                let name = to_text(&text[pair[0].content.clone()]);
                members.insert(name, to_json(text, &pair[1]));
            }
            Value::Object(members)
        }
        b',' | b';' => Value::String(to_text(content)),
        // Numbers and booleans are never secret here.
        _ => Value::Null,
    }
}
