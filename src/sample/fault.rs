//! Payloads with one error, for receivers to be tested on.
//!
//! Faults are tried one after the other, each at every place of the payload, until the checks
//! find exactly what was asked for. So a fault is always what the program itself would report.

use std::ops::Range;

use serde_json::{Value, json};

use crate::checks::check;
use crate::contract::{is_utc, is_uuid};
use crate::document::Document;

use super::{Layout, Recipe, write};

/// No payload of the event can have this error alone.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("no {event} payload can have the error `{code}` and no other")]
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
    let event = recipe.event;
    let sound = recipe.make();
    let candidates: Box<dyn Iterator<Item = String>> = match code {
        "json-syntax" => Box::new(trailing_comma(&write(&sound, layout)).into_iter()),
        "duplicate-key" => Box::new(repeated_name(&write(&sound, layout)).into_iter()),
        "unknown-kind" => Box::new(std::iter::once(write(&json!({"body": sound}), layout))),
        _ => {
            let code = code.to_owned();
            let pointers = pointers(&sound);
            Box::new(pointers.into_iter().filter_map(move |pointer| {
                let mut broken = sound.clone();
                break_at(&mut broken, &pointer, &code)?;
                Some(write(&broken, layout))
            }))
        }
    };
    let has_code_alone = |text: &String| {
        check(text)
            .is_ok_and(|verdict| matches!(&*verdict.diagnostics, [only] if only.code == code))
    };
    candidates
        .into_iter()
        .find(has_code_alone)
        .ok_or_else(|| NoSuchFault {
            event: format!("{}/{}", event.kind, event.name),
            code: code.to_owned(),
        })
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

/// The pointers of all values below the root.
fn pointers(value: &Value) -> Vec<String> {
    fn visit(value: &Value, pointer: &str, pointers: &mut Vec<String>) {
        let mut inner = |name: &str, value: &Value| {
            let pointer = format!("{pointer}/{name}");
            pointers.push(pointer.clone());
            visit(value, &pointer, pointers);
        };
        match value {
            Value::Object(members) => members.iter().for_each(|(name, value)| inner(name, value)),
            Value::Array(items) => {
                let numbered = items.iter().enumerate();
                numbered.for_each(|(number, value)| inner(&number.to_string(), value));
            }
            _ => {}
        }
    }
    let mut pointers = Vec::new();
    visit(value, "", &mut pointers);
    pointers
}

/// Breaks the value at a pointer, if it is of a kind that can have the error.
fn break_at(payload: &mut Value, pointer: &str, code: &str) -> Option<()> {
    if code == "missing-property" {
        let (parent, name) = pointer.rsplit_once('/')?;
        let parent = payload.pointer_mut(parent)?.as_object_mut()?;
        parent.shift_remove(name);
        return Some(());
    }
    let value = payload.pointer_mut(pointer)?;
    let text = value.as_str().unwrap_or_default();
    *value = match code {
        "wrong-type" if value.is_string() || value.is_boolean() => json!(42),
        "invalid-uuid" if is_uuid(text) => text[..text.len() - 1].into(),
        "invalid-utc" if is_utc(text) => text.trim_end_matches('Z').into(),
        "invalid-email" if text.contains('@') => text.replace('@', ".").into(),
        _ => return None,
    };
    Some(())
}
