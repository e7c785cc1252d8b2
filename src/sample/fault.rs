//! Frames with one error, for receivers to be tested on.
//!
//! Changes are tried one after the other, each at every place of the payload, until the checks
//! find exactly what was asked for. So a fault is always what the program itself would report,
//! and nothing here knows the rules of a kind.

use std::ops::Range;

use serde_json::{Map, Value, json};

use crate::checks::check;
use crate::document::Document;

use super::{Layout, Recipe, pointer, write};

/// No payload of the event can have this error alone.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("no {event} payload can have `{code}` as its only error")]
pub struct NoSuchFault {
    /// The event, by kind and name.
    pub event: String,
    /// The error's code.
    pub code: String,
}

/// Makes the payload of a recipe, but so that its one and only error is `code`.
///
/// # Errors
/// No payload of the event can have it.
pub fn invalid(recipe: Recipe, code: &str, layout: Layout) -> Result<String, NoSuchFault> {
    broken(&recipe.make(), code, layout).ok_or_else(|| NoSuchFault {
        event: format!("{}/{}", recipe.event.kind, recipe.event.name),
        code: code.to_owned(),
    })
}

/// Changes a valid payload so that its one and only error is `code`, if a change of one place can.
pub fn broken(sound: &Value, code: &str, layout: Layout) -> Option<String> {
    let has_code_alone = |text: &String| {
        let verdict = check(text);
        matches!(&*verdict.diagnostics, [only] if only.code == code)
    };
    match code {
        "json-syntax" => trailing_comma(&write(sound, layout)).filter(has_code_alone),
        "duplicate-key" => repeated_name(&write(sound, layout)).filter(has_code_alone),
        _ => {
            // What breaks a message with one event breaks one with a million, in less time.
            let short = shortened(sound);
            let pointers = pointers(&short);
            let made = |payload: &Value, change: &Change, pointer: &str| {
                let mut payload = payload.clone();
                change.make(&mut payload, pointer)?;
                Some(write(&payload, layout)).filter(has_code_alone)
            };
            changes(code).iter().find_map(|change| {
                pointers.iter().find_map(|pointer| {
                    made(&short, change, pointer)?;
                    made(sound, change, pointer)
                })
            })
        }
    }
}

/// A change of one place.
enum Change {
    /// Wraps the value in an object.
    Wrap,
    /// Removes a property.
    Remove,
    /// Adds a letter to a property's name.
    Rename,
    /// Removes the last character of a text.
    Shorten,
    /// Removes a text's `Z`.
    RemoveOffset,
    /// Replaces a text's `@`.
    RemoveAt,
    /// Replaces a value of any type.
    Replace(Value),
    /// Replaces a text or a boolean by a number.
    Number,
}

/// The changes that may bring a code about: first the one that does it in the plainest way.
fn changes(code: &str) -> Vec<Change> {
    let plain = match code {
        "unknown-kind" => Change::Wrap,
        "wrong-type" => Change::Number,
        "invalid-uuid" => Change::Shorten,
        "invalid-utc" => Change::RemoveOffset,
        "invalid-email" => Change::RemoveAt,
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
        Change::RemoveAt,
        Change::Wrap,
    ]);
    changes
}

impl Change {
    /// Makes the change at a pointer, if there is anything to change.
    fn make(&self, payload: &mut Value, pointer: &str) -> Option<()> {
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
                let new = self.of(value).filter(|new| new != value)?;
                *value = new;
                Some(())
            }
        }
    }

    /// What a value becomes.
    fn of(&self, value: &Value) -> Option<Value> {
        let text = value.as_str();
        match self {
            Self::Wrap => Some(json!({"body": value})),
            Self::Replace(new) => Some(new.clone()),
            Self::Number => (value.is_string() || value.is_boolean()).then(|| json!(42)),
            Self::Shorten => {
                let mut letters = text?.chars();
                letters.next_back()?;
                Some(letters.as_str().into())
            }
            Self::RemoveOffset => Some(text?.strip_suffix('Z')?.into()),
            Self::RemoveAt => text
                .filter(|text| text.contains('@'))
                .map(|text| text.replace('@', ".").into()),
            Self::Remove | Self::Rename => None,
        }
    }
}

/// The object that has the property at a pointer, and the property's name.
fn property<'p>(
    payload: &'p mut Value,
    pointer: &str,
) -> Option<(&'p mut Map<String, Value>, String)> {
    let (parent, name) = pointer.rsplit_once('/')?;
    let members = payload.pointer_mut(parent)?.as_object_mut()?;
    Some((members, pointer::unescape(name)))
}

/// The payload with the first item of each array alone.
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

/// A comma before the last bracket.
fn trailing_comma(text: &str) -> Option<String> {
    let bracket = text.rfind('}')?;
    let last = text[..bracket].trim_end().len();
    Some(format!("{},{}", &text[..last], &text[last..]))
}

/// The first property, twice.
fn repeated_name(text: &str) -> Option<String> {
    let document = Document::parse(text).ok()?;
    let (name, value) = document.root().as_object()?.members().next()?;
    let Range { start, .. } = name.span();
    let end = value.span().end;
    // What separates the bracket from the first property separates the two as well.
    let space = &text[document.root().span().start + 1..start];
    Some(format!("{},{space}{}", &text[..end], &text[start..]))
}

/// The pointers of all values, the root among them.
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
