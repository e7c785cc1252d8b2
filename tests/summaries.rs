//! Cards, rows and summaries say all that the published samples say.

#![allow(clippy::unwrap_used, reason = "a test that fails may panic")]

mod support;

use chrono::{DateTime, FixedOffset};
use mewshook::contract::{Event, Kind};
use mewshook::frame::Frames;
use mewshook::models::Utc;
use serde::Deserialize;
use serde_json::Value;

use support::printed::printed;

/// All strings, booleans and numbers of a value but its tokens, each with its name.
fn values<'v>(name: &'v str, value: &'v Value, found: &mut Vec<(&'v str, &'v Value)>) {
    match value {
        Value::Object(members) => {
            for (name, value) in members {
                values(name, value, found);
            }
        }
        Value::Array(items) => items.iter().for_each(|item| values(name, item, found)),
        Value::Null => {}
        _ if ["AccessToken", "ApiKey"].contains(&name) => {}
        _ => found.push((name, value)),
    }
}

fn time(value: &Value) -> Option<DateTime<FixedOffset>> {
    Utc::deserialize(value).ok().map(|time| time.0)
}

/// A value as people read it.
fn written(value: &Value) -> String {
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

fn of(text: &str, format: &str) -> String {
    printed(Frames::from_bytes(text.as_bytes().to_vec()), format, 1)
}

#[test]
fn cards_show_every_value_of_a_sample() {
    for (event, sample) in samples() {
        let card = of(event.sample, "inspect");
        let mut expected = Vec::new();
        values("", &sample, &mut expected);
        for (name, value) in expected {
            let written = written(value);
            let is_shown = card.lines().any(|line| {
                let line = line.trim_start();
                // Behind its label; a flag could be part of some name.
                match value {
                    Value::Bool(_) => line.ends_with(&format!(" {written}")),
                    _ => line.contains(&written),
                }
            });
            assert!(is_shown, "{}: {name} {written}\n{card}", event.name);
        }
    }
}

#[test]
fn summaries_have_every_value_of_a_sample() {
    for (event, sample) in samples() {
        let object: Value = serde_json::from_str(&of(event.sample, "ndjson")).unwrap();
        let (mut expected, mut found) = (Vec::new(), Vec::new());
        values("", &sample, &mut expected);
        values("", &object["summary"], &mut found);
        for (name, value) in expected {
            let is_found = found.iter().any(|(_, found)| *found == value);
            assert!(is_found, "{}: {name} {value}\n{object:#}", event.name);
        }
    }
}

/// Piped rows have every value but who asked, too: what `grep` looks for.
#[test]
fn rows_show_every_id_and_state() {
    for (event, sample) in samples() {
        let minified = sample.to_string();
        let rows = of(&format!("{minified}\n{minified}\n"), "inspect");
        let mut expected = Vec::new();
        values("", &sample, &mut expected);
        expected.retain(|(name, value)| {
            value.is_string()
                && time(value).is_none()
                && *value != &sample["Data"]["Requestor"][*name]
        });
        for (name, value) in expected {
            let written = written(value);
            assert!(
                rows.contains(&written),
                "{}: {name} {written}\n{rows}",
                event.name
            );
        }
    }
}

#[test]
fn tokens_are_said_to_be_there_and_not_shown() {
    for (event, sample) in samples() {
        for name in ["AccessToken", "ApiKey"] {
            let Some(token) = sample["Data"][name].as_str() else {
                continue;
            };
            let card = of(event.sample, "inspect");
            assert!(card.contains("present, hidden"), "{card}");
            let object = of(event.sample, "ndjson");
            assert!(object.contains(":\"hidden\""), "{object}");
            // Their first half is the integration's id without its hyphens.
            for half in token.split('-') {
                assert!(
                    !card.contains(half) && !object.contains(half),
                    "{card}{object}"
                );
            }
        }
    }
}

/// The spellings of earlier editions say the same.
#[test]
fn older_spellings_are_shown() {
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
            .find(|(known, _)| known.kind.name() == kind && known.name == event)
            .unwrap();
        let text = event.sample.replace(newer, older);
        assert_ne!(text, event.sample);
        let details = |text: &str| -> Value {
            let object: Value = serde_json::from_str(&of(text, "ndjson")).unwrap();
            object["summary"].clone()
        };
        assert_eq!(details(&text), details(event.sample));
    }
}

/// Events of several names, in order, each with what it says.
#[test]
fn several_events_are_all_listed() {
    let text = r#"{"Events": [
        {"Type": "Resource", "Id": "5ee074b1-6c86-48e8-915f-c7aa4702086f", "State": "Dirty"},
        {"Type": "DeviceCommand", "Id": "2391a3df-1c61-4131-b6f8-c85b4234adcb", "State": "Error"},
        {"Type": "Unheard", "Id": "x", "Other": 1}
    ]}"#;
    let object: Value = serde_json::from_str(&of(text, "ndjson")).unwrap();
    let expected = serde_json::json!([
        {"name": "Resource", "id": "5ee074b1-6c86-48e8-915f-c7aa4702086f", "state": "Dirty"},
        {"name": "DeviceCommand", "id": "2391a3df-1c61-4131-b6f8-c85b4234adcb", "state": "Error"},
        {"name": "Unheard", "id": "x"}
    ]);
    assert_eq!(object["summary"]["events"], expected);
    assert_eq!(object["event"], Value::Null);
    let card = of(text, "inspect");
    for shown in [
        "Dirty",
        "2391a3df-1c61-4131-b6f8-c85b4234adcb",
        "Error",
        "Unheard",
        "  x\n",
    ] {
        assert!(card.contains(shown), "{card}");
    }
}

/// The name under which a message's thread comes is not documented.
#[test]
fn a_thread_is_shown() {
    let thread = "0cff1f5d-9cf8-4a25-a2d0-b1b1009ad6fa";
    let (event, mut sample) = samples()
        .find(|(event, _)| event.name == "MessageAdded")
        .unwrap();
    sample["Events"][0]["Value"]["MessageThreadId"] = thread.into();
    let object: Value = serde_json::from_str(&of(&sample.to_string(), "ndjson")).unwrap();
    assert_eq!(
        object["summary"]["events"][0]["thread_id"], thread,
        "{}",
        event.name
    );
    assert!(of(&sample.to_string(), "inspect").contains(thread));
}

/// However many names there are, a card stays one that is read.
#[test]
fn cards_of_many_events_end() {
    let event = |number| format!(r#"{{"Type":"T{}","Id":"i{number}"}}"#, number % 100);
    let events: Vec<_> = (0..3000).map(event).collect();
    let text = format!(r#"{{"Events":[{}]}}"#, events.join(","));
    let card = of(&text, "inspect");
    let card = card.split("\n\n").next().unwrap();
    assert!(card.contains("events        3000\n    T0 × 30\n"), "{card}");
    assert!(card.contains("      i1900\n      and 10 more ("), "{card}");
    assert!(
        card.ends_with("and 50 more names (`--format json` has them all)"),
        "{card}"
    );
}
