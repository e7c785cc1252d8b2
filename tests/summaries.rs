//! Cards, rows and JSON summaries contain every value of the published samples.

#![allow(clippy::unwrap_used, reason = "a test that fails may panic")]

mod support;

use chrono::{DateTime, FixedOffset};
use mewshook::contract::{Event, Kind};
use mewshook::frame::Frames;
use mewshook::models::Utc;
use serde::Deserialize;
use serde_json::Value;

use support::printed::printed;

/// Collects the strings, booleans and numbers in a value, except tokens, each with its name.
fn collect_values<'v>(name: &'v str, value: &'v Value, collected: &mut Vec<(&'v str, &'v Value)>) {
    match value {
        Value::Object(members) => {
            for (name, value) in members {
                collect_values(name, value, collected);
            }
        }
        Value::Array(items) => items
            .iter()
            .for_each(|item| collect_values(name, item, collected)),
        Value::Null => {}
        _ if ["AccessToken", "ApiKey"].contains(&name) => {}
        _ => collected.push((name, value)),
    }
}

fn time(value: &Value) -> Option<DateTime<FixedOffset>> {
    Utc::deserialize(value).ok().map(|time| time.0)
}

/// Returns a value as cards and rows print it.
fn formatted(value: &Value) -> String {
    match value {
        Value::Bool(true) => "yes".to_owned(),
        Value::Bool(false) => "no".to_owned(),
        Value::String(text) => match time(value) {
            Some(time) => format!("{}", time.to_utc().format("%Y-%m-%d %H:%M:%S%.f UTC")),
            None => text.clone(),
        },
        other => other.to_string(),
    }
}

fn samples() -> impl Iterator<Item = (&'static Event, Value)> {
    let events = Kind::ALL.into_iter().flat_map(Kind::events);
    events.map(|event| (event, serde_json::from_str(event.sample).unwrap()))
}

fn report(text: &str, format: &str) -> String {
    printed(Frames::from_bytes(text.as_bytes().to_vec()), format, 1)
}

#[test]
fn cards_show_every_value_of_a_sample() {
    for (event, sample) in samples() {
        let card = report(event.sample, "inspect");
        let mut expected = Vec::new();
        collect_values("", &sample, &mut expected);
        for (name, value) in expected {
            let formatted = formatted(value);
            let is_printed = card.lines().any(|line| {
                let line = line.trim_start();
                // `yes` or `no` alone might be part of a name.
                match value {
                    Value::Bool(_) => line.ends_with(&format!(" {formatted}")),
                    _ => line.contains(&formatted),
                }
            });
            assert!(is_printed, "{}: {name} {formatted}\n{card}", event.name);
        }
    }
}

#[test]
fn summaries_have_every_value_of_a_sample() {
    for (event, sample) in samples() {
        let object: Value = serde_json::from_str(&report(event.sample, "ndjson")).unwrap();
        let (mut expected, mut found) = (Vec::new(), Vec::new());
        collect_values("", &sample, &mut expected);
        collect_values("", &object["summary"], &mut found);
        for (name, value) in expected {
            let is_found = found.iter().any(|(_, found)| *found == value);
            assert!(is_found, "{}: {name} {value}\n{object:#}", event.name);
        }
    }
}

/// Rows in a pipe contain every value but times, flags and the requestor, so that `grep` finds them.
#[test]
fn rows_show_every_id_and_state() {
    for (event, sample) in samples() {
        let minified = sample.to_string();
        let rows = report(&format!("{minified}\n{minified}\n"), "inspect");
        let mut expected = Vec::new();
        collect_values("", &sample, &mut expected);
        expected.retain(|(name, value)| {
            value.is_string()
                && time(value).is_none()
                && *value != &sample["Data"]["Requestor"][*name]
        });
        for (name, value) in expected {
            let formatted = formatted(value);
            assert!(
                rows.contains(&formatted),
                "{}: {name} {formatted}\n{rows}",
                event.name
            );
        }
    }
}

#[test]
fn tokens_are_reported_as_present_and_hidden() {
    for (event, sample) in samples() {
        for name in ["AccessToken", "ApiKey"] {
            let Some(token) = sample["Data"][name].as_str() else {
                continue;
            };
            let card = report(event.sample, "inspect");
            assert!(card.contains("present, hidden"), "{card}");
            let object = report(event.sample, "ndjson");
            assert!(object.contains(":\"hidden\""), "{object}");
            // The first half of a token is the integration's id without hyphens.
            for half in token.split('-') {
                assert!(
                    !card.contains(half) && !object.contains(half),
                    "{card}{object}"
                );
            }
        }
    }
}

/// Properties in the spelling of an earlier edition yield the same summary.
#[test]
fn older_spellings_are_understood() {
    for (kind, event, newer, older) in [
        (
            "websocket",
            "Reservation",
            "AssignedResourceId",
            "AssignedSpaceId",
        ),
        (
            "websocket",
            "PriceUpdate",
            "ResourceCategoryId",
            "SpaceCategoryId",
        ),
        ("pos", "order.total.updated", "updatedAt", "updated_at"),
        ("pos", "order.total.updated", "eventType", "event_type"),
    ] {
        let (event, _) = samples()
            .find(|(sample, _)| sample.kind.name() == kind && sample.name == event)
            .unwrap();
        let text = event.sample.replace(newer, older);
        assert_ne!(text, event.sample);
        let summary = |text: &str| -> Value {
            let object: Value = serde_json::from_str(&report(text, "ndjson")).unwrap();
            object["summary"].clone()
        };
        assert_eq!(summary(&text), summary(event.sample));
    }
}

/// Events with different names are all listed, in order, each with its properties.
#[test]
fn several_events_are_all_listed() {
    let text = r#"{"Events": [
        {"Type": "Resource", "Id": "5ee074b1-6c86-48e8-915f-c7aa4702086f", "State": "Dirty"},
        {"Type": "DeviceCommand", "Id": "2391a3df-1c61-4131-b6f8-c85b4234adcb", "State": "Error"},
        {"Type": "Unheard", "Id": "x", "Other": 1}
    ]}"#;
    let object: Value = serde_json::from_str(&report(text, "ndjson")).unwrap();
    let expected = serde_json::json!([
        {"name": "Resource", "id": "5ee074b1-6c86-48e8-915f-c7aa4702086f", "state": "Dirty"},
        {"name": "DeviceCommand", "id": "2391a3df-1c61-4131-b6f8-c85b4234adcb", "state": "Error"},
        {"name": "Unheard", "id": "x"}
    ]);
    assert_eq!(object["summary"]["events"], expected);
    assert_eq!(object["event"], Value::Null);
    let card = report(text, "inspect");
    for expected in [
        "Dirty",
        "2391a3df-1c61-4131-b6f8-c85b4234adcb",
        "Error",
        "Unheard",
        "  x\n",
    ] {
        assert!(card.contains(expected), "{card}");
    }
}

/// The name of the property with a message's thread is not documented.
#[test]
fn a_thread_is_shown() {
    let thread = "0cff1f5d-9cf8-4a25-a2d0-b1b1009ad6fa";
    let (event, mut sample) = samples()
        .find(|(event, _)| event.name == "MessageAdded")
        .unwrap();
    sample["Events"][0]["Value"]["MessageThreadId"] = thread.into();
    let object: Value = serde_json::from_str(&report(&sample.to_string(), "ndjson")).unwrap();
    assert_eq!(
        object["summary"]["events"][0]["thread_id"], thread,
        "{}",
        event.name
    );
    assert!(report(&sample.to_string(), "inspect").contains(thread));
}

/// A card lists a limited number of events and names.
#[test]
fn cards_of_many_events_are_limited() {
    let event = |number| format!(r#"{{"Type":"T{}","Id":"i{number}"}}"#, number % 100);
    let events: Vec<_> = (0..3000).map(event).collect();
    let text = format!(r#"{{"Events":[{}]}}"#, events.join(","));
    let card = report(&text, "inspect");
    let card = card.split("\n\n").next().unwrap();
    assert!(card.contains("events        3000\n    T0 × 30\n"), "{card}");
    assert!(card.contains("      i1900\n      and 10 more ("), "{card}");
    assert!(
        card.ends_with("and 50 more names (`--format json` lists all)"),
        "{card}"
    );
}
