//! Makes payloads with exactly one error, which test a receiver.
//!
//! Changes are tried one after the other, each at every value of the payload, until the checks
//! report exactly the wanted error. So the error is always one that the program itself reports, and
//! this module needs no rules of any kind.

use std::ops::Range;

use serde_json::{Map, Value, json};

use crate::checks::check;
use crate::document::Document;

use super::{Layout, pointer, write};

/// An error for an event whose payloads cannot have a certain code as their only error.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("no {event} payload can have `{code}` as its only error")]
pub struct NoInvalidPayload {
    /// The event, by kind and name.
    pub event: String,
    /// The code.
    pub code: String,
}

/// Changes one value of a valid payload so that its only error is `code`. Returns the text, or
/// `None` if no change does that.
pub fn invalidate(payload: &Value, code: &str, layout: Layout) -> Option<String> {
    let has_only_code =
        |text: &String| matches!(&*check(text).diagnostics, [only] if only.code == code);
    match code {
        "json-syntax" => with_trailing_comma(&write(payload, layout)).filter(has_only_code),
        "duplicate-key" => with_repeated_name(&write(payload, layout)).filter(has_only_code),
        _ => {
            // A change that invalidates a message with one event also invalidates one with a
            // million; finding it takes less time.
            let short = shortened(payload);
            let pointers = pointers(&short);
            let attempt = |valid: &Value, change: &Change, pointer: &str| {
                let mut payload = valid.clone();
                change.apply(&mut payload, pointer)?;
                Some(write(&payload, layout)).filter(has_only_code)
            };
            changes(code).iter().find_map(|change| {
                pointers.iter().find_map(|pointer| {
                    attempt(&short, change, pointer)?;
                    attempt(payload, change, pointer)
                })
            })
        }
    }
}

/// A change of one value.
enum Change {
    /// Adds a letter to the names of all properties of an object.
    RenameAll,
    /// Removes a property.
    Remove,
    /// Adds a letter to a property's name.
    Rename,
    /// Removes the last character of a string.
    Shorten,
    /// Removes the `Z` at the end of a string.
    RemoveOffset,
    /// Replaces the `@` in a string.
    ReplaceAt,
    /// Replaces a value of any type.
    Replace(Value),
    /// Replaces a string or a boolean by a number.
    Number,
}

/// Returns the changes that may cause a code, the simplest one first.
fn changes(code: &str) -> Vec<Change> {
    let plain = match code {
        "unknown-kind" => Change::RenameAll,
        "wrong-type" => Change::Number,
        "invalid-uuid" => Change::Shorten,
        "invalid-utc" => Change::RemoveOffset,
        "invalid-email" => Change::ReplaceAt,
        _ => Change::Remove,
    };
    let values = [
        json!(42),
        json!("text"),
        json!(true),
        json!(null),
        json!({}),
        json!([]),
        json!(""),
        json!("2024-13-01T00:00:00Z"),
        json!("facade00-0000-4000-8000-00000000000"),
    ];
    let mut changes = vec![plain];
    changes.extend(values.map(Change::Replace));
    changes.extend([
        Change::Remove,
        Change::Rename,
        Change::Shorten,
        Change::RemoveOffset,
        Change::ReplaceAt,
        Change::RenameAll,
    ]);
    changes
}

impl Change {
    /// Applies the change at a pointer. Returns `None` if there is nothing to change.
    fn apply(&self, payload: &mut Value, pointer: &str) -> Option<()> {
        match self {
            Self::Remove => {
                let (members, name) = property(payload, pointer)?;
                members.shift_remove(&name).map(|_| ())
            }
            Self::Rename => {
                let (members, name) = property(payload, pointer)?;
                let renamed = std::mem::take(members).into_iter();
                *members = renamed
                    .map(|(known, value)| {
                        let ending = if known == name { "s" } else { "" };
                        (known + ending, value)
                    })
                    .collect();
                Some(())
            }
            _ => {
                let value = payload.pointer_mut(pointer)?;
                let new = self.changed(value).filter(|new| new != value)?;
                *value = new;
                Some(())
            }
        }
    }

    /// Returns the changed value, or `None` if the change does not apply to it.
    fn changed(&self, value: &Value) -> Option<Value> {
        let text = value.as_str();
        match self {
            Self::RenameAll => {
                let members = value.as_object()?.iter();
                let renamed = members.map(|(name, value)| (format!("{name}s"), value.clone()));
                Some(Value::Object(renamed.collect()))
            }
            Self::Replace(new) => Some(new.clone()),
            Self::Number => (value.is_string() || value.is_boolean()).then(|| json!(42)),
            Self::Shorten => {
                let mut letters = text?.chars();
                letters.next_back()?;
                Some(letters.as_str().into())
            }
            Self::RemoveOffset => Some(text?.strip_suffix('Z')?.into()),
            Self::ReplaceAt => text
                .filter(|text| text.contains('@'))
                .map(|text| text.replace('@', ".").into()),
            Self::Remove | Self::Rename => None,
        }
    }
}

/// Returns the object that contains the property at a pointer, and the property's name.
fn property<'p>(
    payload: &'p mut Value,
    pointer: &str,
) -> Option<(&'p mut Map<String, Value>, String)> {
    let (parent, name) = pointer.rsplit_once('/')?;
    let members = payload.pointer_mut(parent)?.as_object_mut()?;
    Some((members, pointer::unescape(name)))
}

/// Returns the payload with only the first item of each array.
fn shortened(payload: &Value) -> Value {
    match payload {
        Value::Array(items) => items.iter().take(1).map(shortened).collect(),
        Value::Object(members) => members
            .iter()
            .map(|(name, value)| (name.clone(), shortened(value)))
            .collect(),
        other => other.clone(),
    }
}

/// Adds a comma before the last bracket.
fn with_trailing_comma(text: &str) -> Option<String> {
    let bracket = text.rfind('}')?;
    let last = text[..bracket].trim_end().len();
    Some(format!("{},{}", &text[..last], &text[last..]))
}

/// Repeats the first property.
fn with_repeated_name(text: &str) -> Option<String> {
    let document = Document::parse(text).ok()?;
    let (name, value) = document.root().as_object()?.members().next()?;
    let Range { start, .. } = name.span();
    let end = value.span().end;
    // The white space before the first property also separates the two.
    let space = &text[document.root().span().start + 1..start];
    Some(format!("{},{space}{}", &text[..end], &text[start..]))
}

/// Returns the pointers of all values, including the root.
fn pointers(value: &Value) -> Vec<String> {
    fn visit(value: &Value, pointer: &str, pointers: &mut Vec<String>) {
        pointers.push(pointer.to_owned());
        match value {
            Value::Object(members) => members.iter().for_each(|(name, value)| {
                visit(
                    value,
                    &format!("{pointer}/{}", pointer::escape(name)),
                    pointers,
                );
            }),
            Value::Array(items) => items.iter().enumerate().for_each(|(number, value)| {
                visit(value, &format!("{pointer}/{number}"), pointers);
            }),
            _ => {}
        }
    }
    let mut pointers = Vec::new();
    visit(value, "", &mut pointers);
    pointers
}
