//! The models: what they write is what they read, and their errors are where `check` places its own.

#![allow(clippy::unwrap_used, reason = "a test that fails may panic")]

mod support;

use std::fmt::Write as _;

use mewshook::check;
use mewshook::checks::Verdict;
use mewshook::contract::Kind;
use mewshook::models::Payload;
use mewshook::sample;
use proptest::prelude::*;
use serde_json::{Value, json};

use support::{cases, changed_payload, pointers};

/// A JSON pointer as the path that messages have.
fn dotted(pointer: &str) -> String {
    let mut path = String::new();
    for part in pointer.split('/').skip(1) {
        if part.bytes().all(|byte| byte.is_ascii_digit()) {
            let _ = write!(path, "[{part}]");
        } else {
            let dot = if path.is_empty() { "" } else { "." };
            let _ = write!(path, "{dot}{part}");
        }
    }
    path
}

/// The paths of a verdict's errors. A missing property is placed at the object that lacks it, and its
/// message starts with its own path.
fn paths(verdict: &Verdict) -> Vec<String> {
    let errors = verdict.diagnostics.iter();
    let errors = errors.filter(|found| found.severity.name() == "error");
    errors
        .map(|found| match found.code {
            "missing-property" => found.message.split('`').nth(1).unwrap().to_owned(),
            _ => dotted(&found.pointer),
        })
        .collect()
}

/// Each property of each sample, removed and replaced with a value of each type: the payload is
/// read if it is valid, and else the error names a property that a diagnostic names.
#[test]
fn errors_name_the_property_that_check_names() {
    let wrong = [
        json!(null),
        json!(true),
        json!(17),
        json!("C66EF7B2"),
        json!([]),
        json!({}),
        json!([17]),
        json!("2019-02-29T00:00:00Z"),
    ];
    let mut broken = 0;
    for event in sample::events() {
        let valid: Value = serde_json::from_str(event.sample).unwrap();
        for pointer in &pointers(&valid) {
            let mut changed: Vec<Value> = wrong
                .iter()
                .map(|value| {
                    let mut payload = valid.clone();
                    *payload.pointer_mut(pointer).unwrap() = value.clone();
                    payload
                })
                .collect();
            if let Some((parent, name)) = pointer.rsplit_once('/') {
                let mut payload = valid.clone();
                match payload.pointer_mut(parent).unwrap() {
                    Value::Object(members) => drop(members.shift_remove(name)),
                    other => *other = json!([]),
                }
                changed.push(payload);
            }
            for payload in changed {
                let text = payload.to_string();
                let verdict = check(&text);
                match Payload::from_slice(text.as_bytes()) {
                    Ok(read) => {
                        assert!(verdict.valid, "{text}");
                        assert_eq!(Some(read.kind()), verdict.kind, "{text}");
                    }
                    Err(error) => {
                        broken += 1;
                        let paths = paths(&verdict);
                        let path = error.path().to_owned();
                        assert!(paths.contains(&path), "{text}\n{error}\n{paths:?}");
                        assert!(!error.to_string().contains("C66E"), "{error}");
                        assert!(!error.to_string().contains("17"), "{error}");
                    }
                }
            }
        }
    }
    assert!(broken > 500, "{broken}");
}

#[test]
fn errors_say_what_was_expected_and_found() {
    for (body, message) in [
        (
            "{",
            "not JSON: EOF while parsing an object at line 1 column 1",
        ),
        ("[]", "expected an object, found an array"),
        (
            "{}",
            "not a webhook payload of any kind that Mews documents",
        ),
        (
            r#"{"mewsEnterpriseId": 1, "providerEnterpriseId": 2}"#,
            "not a webhook payload, but a loyalty partner request",
        ),
        (
            r#"{"Data": {}, "Action": "IntegrationEnabled"}"#,
            "Data.Integration: missing",
        ),
        (
            r#"{"Data": {"Integration": {"Id": "851df8c8"}}, "Action": "IntegrationEnabled"}"#,
            "Data.Integration.Id: not a UUID",
        ),
        (
            r#"{"Events": [{"State": "Clean", "Id": 1, "Type": "Resource"}]}"#,
            "Events[0].Id: expected a UUID, found a number",
        ),
        (
            r#"{"Events": [{"State": "Clean", "Type": null}]}"#,
            "Events[0].Type: expected a string, found null",
        ),
        (
            r#"{"data": {"id": "1", "type": "orders", "attributes": {}}, "meta": {}}"#,
            "meta.eventType: missing",
        ),
        (
            r#"{"data": [{"id": "1", "type": "orders", "attributes": {"state": "x", "updated_at": "y"}}], "meta": {"event_type": "order.state.updated"}}"#,
            "data[0].attributes.updated_at: not an RFC 3339 date-time",
        ),
        (
            r#"{"EnterpriseId": "851df8c8-90f2-4c4a-8e01-a4fc46b25178", "IntegrationId": "851df8c8-90f2-4c4a-8e01-a4fc46b25178", "Events": {}}"#,
            "Events: expected an array, found an object",
        ),
    ] {
        let error = Payload::from_slice(body.as_bytes()).unwrap_err();
        assert_eq!(error.to_string(), message, "{body}");
    }
}

/// A value without the optional properties that are null, which are not written.
fn without_nulls(value: &Value) -> Value {
    match value {
        Value::Object(members) => members
            .iter()
            .filter(|(name, value)| !value.is_null() || *name == "DeletedUtc")
            .map(|(name, value)| (name.clone(), without_nulls(value)))
            .collect(),
        Value::Array(items) => items.iter().map(without_nulls).collect(),
        other => other.clone(),
    }
}

#[test]
fn samples_are_written_as_they_were_read() {
    for event in sample::events() {
        let value: Value = serde_json::from_str(event.sample).unwrap();
        let payload = Payload::from_slice(event.sample.as_bytes()).unwrap();
        let written = serde_json::to_value(&payload).unwrap();
        assert_eq!(written, without_nulls(&value), "{}", event.name);
    }
}

proptest! {
    #![proptest_config(cases(4000))]

    /// What is written reads as the same model again.
    #[test]
    fn writing_and_reading_are_inverse(payload in changed_payload()) {
        for kind in Kind::ALL {
            let read = |value: &Value| Payload::<String>::read(kind, value.clone());
            if let Ok(model) = read(&payload) {
                let written = serde_json::to_value(&model).unwrap();
                prop_assert_eq!(read(&written).unwrap(), model);
            }
        }
        if let Ok(model) = Payload::from_slice(payload.to_string().as_bytes()) {
            let written = serde_json::to_vec(&model).unwrap();
            let again = Payload::from_slice(&written).unwrap();
            // Without its optional properties, an event in the layout of 2019 is one of today's.
            if model.kind() != Kind::Integration2019 {
                prop_assert_eq!(again, model);
            }
        }
    }
}
