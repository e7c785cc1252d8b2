//! Redacts flows of mitmproxy, which are tnetstrings: `5:hello,`, where the number is the length of what
//! follows. A flow is redacted as if it were JSON, so that names mark their values as in any other
//! capture. Only the strings that change are written anew, and the lengths around them.

use serde_json::{Map, Value};

use crate::decode::text::tnetstring::{Tag, Tnetstring};
use crate::secrets::is_gzip;
use crate::steps;

use super::Redactor;
use super::containers::Budget;

impl Redactor {
    /// Returns flows with their secrets replaced and their lengths made true, or `None` if the text
    /// does not consist of flows.
    pub fn redact_flows(&self, text: &[u8]) -> Option<Vec<u8>> {
        let mut out = Vec::with_capacity(text.len());
        let mut rest = text;
        while !rest.is_empty() {
            let flow = Tnetstring::parse(rest).filter(|flow| flow.tag == Tag::Dictionary)?;
            let json = to_json(&flow)?.to_string();
            let redacted = self.redact(json.as_bytes());
            let redacted = serde_json::from_slice(&redacted).ok()?;
            self.write(rest, &flow, &redacted, &mut out);
            rest = &rest[flow.range().end..];
        }
        (!text.is_empty()).then_some(out)
    }

    /// Writes a value of a flow with the strings of its redacted JSON.
    fn write(&self, flow: &[u8], value: &Tnetstring<'_>, redacted: &Value, out: &mut Vec<u8>) {
        let old = value.content;
        let mut content = Vec::new();
        match (value.tag, redacted) {
            (Tag::List, Value::Array(items)) if items.len() == value.items().count() => {
                for (item, redacted) in value.items().zip(items) {
                    self.write(flow, &item, redacted, &mut content);
                }
            }
            // Where a name is repeated, JSON has only its last value.
            (Tag::Dictionary, Value::Object(members))
                if members.len() == value.entries().count() =>
            {
                for ((name, value), (new_name, redacted)) in value.entries().zip(members) {
                    let new_name = Value::String(new_name.clone());
                    self.write(flow, &name, &new_name, &mut content);
                    self.write(flow, &value, redacted, &mut content);
                }
            }
            (Tag::Bytes, _) if is_gzip(old) => {
                match self.redact_gzip(old, &mut Budget::new(flow)) {
                    Ok(Some(new)) => content = new,
                    _ => content.extend_from_slice(old),
                }
            }
            (Tag::Bytes | Tag::Text, Value::String(new)) if *new != to_text(old) => {
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
        out.push(flow[value.range().end - 1]);
    }
}

/// Returns bytes as text: each byte as one character if they are not UTF-8.
fn to_text(bytes: &[u8]) -> String {
    match str::from_utf8(bytes) {
        Ok(text) => text.to_owned(),
        Err(_) => bytes.iter().map(|byte| char::from(*byte)).collect(),
    }
}

/// Returns a value as JSON, or `None` if a part of it is damaged.
fn to_json(value: &Tnetstring<'_>) -> Option<Value> {
    steps::add(value.content.len());
    match value.tag {
        Tag::List | Tag::Dictionary if !has_all_items(value) => None,
        Tag::List => value.items().map(|item| to_json(&item)).collect(),
        Tag::Dictionary => {
            let entries = value.entries();
            let members = entries.map(|(name, value)| {
                let name = to_text(name.content);
                Some((name, to_json(&value)?))
            });
            members.collect::<Option<Map<_, _>>>().map(Value::Object)
        }
        Tag::Bytes | Tag::Text => Some(Value::String(to_text(value.content))),
        // Numbers and booleans are never secret here.
        Tag::Integer | Tag::Float | Tag::Boolean | Tag::Null => Some(Value::Null),
    }
}

/// Returns `true` if the items of a list or a dictionary extend to its end.
fn has_all_items(value: &Tnetstring<'_>) -> bool {
    let (mut count, mut end) = (0, value.content_range().start);
    for item in value.items() {
        count += 1;
        end = item.range().end;
    }
    end == value.content_range().end && (value.tag == Tag::List || count % 2 == 0)
}
