//! Helpers of several tests, such as random payloads that differ slightly from the samples.

#![allow(dead_code, reason = "each test uses some of it")]
#![allow(
    clippy::unwrap_used,
    missing_docs,
    reason = "a test that fails may panic"
)]

pub mod invariants;
pub mod notations;
pub mod planted;
pub mod printed;

use std::io;

use mewshook::checks::{Checker, Policy, Verdict};
use mewshook::contract::Event;
use mewshook::frame::{Frames, Next};
use mewshook::sample;
use proptest::prelude::*;
use proptest::sample::Index;
use serde_json::{Map, Value, json};

/// Returns a configuration with `count` cases, or with `PROPTEST_CASES` cases if that is set.
pub fn cases(count: u32) -> ProptestConfig {
    let cases = std::env::var("PROPTEST_CASES").ok();
    let cases = cases.and_then(|cases| cases.parse().ok()).unwrap_or(count);
    ProptestConfig {
        cases,
        // The default is a number that does not grow with that of the cases.
        max_global_rejects: cases.max(1024),
        failure_persistence: None,
        ..ProptestConfig::default()
    }
}

/// Returns the verdicts of all payloads of a stream.
pub fn verdicts(stream: &[u8]) -> Vec<Verdict> {
    let mut frames = Frames::from_bytes(stream.to_vec());
    let mut verdicts = Vec::new();
    loop {
        let batch = match frames.next().unwrap() {
            Next::Batch(batch) => batch,
            Next::Idle => continue,
            Next::End => return verdicts,
        };
        for frame in batch.frames() {
            let mut checker = Checker::new(Policy::default(), None);
            verdicts.push(checker.check(&frame.payload).verdict);
        }
    }
}

/// A reader that returns its bytes in chunks of the given sizes, in turn.
pub struct Trickle {
    bytes: io::Cursor<Vec<u8>>,
    sizes: Vec<usize>,
    turn: usize,
}

impl Trickle {
    pub fn new(text: &str, sizes: Vec<usize>) -> Self {
        Self {
            bytes: io::Cursor::new(text.as_bytes().to_vec()),
            sizes,
            turn: 0,
        }
    }
}

impl io::Read for Trickle {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.turn += 1;
        let size = self.sizes[self.turn % self.sizes.len()].min(buffer.len());
        self.bytes.read(&mut buffer[..size])
    }
}

/// One change to a payload.
#[derive(Debug, Clone)]
pub enum Change {
    Remove(Index),
    Replace(Index, Value),
    Rename(Index, String),
    Insert(Index, String, Value),
    Wrap(Index),
    Copy(Index, Index),
    /// Replaces or removes a character of a string.
    Edit(Index, Index, Option<char>),
}

/// Returns a strategy for a payload of any event with up to four changes.
pub fn changed_payload() -> impl Strategy<Value = Value> {
    (any::<Index>(), prop::collection::vec(change(), 0..5)).prop_map(|(event, changes)| {
        let events: Vec<&Event> = sample::events().collect();
        let mut payload = serde_json::from_str(event.get(&events).sample).unwrap();
        for change in &changes {
            apply(&mut payload, change);
        }
        payload
    })
}

/// Returns a strategy for a change.
pub fn change() -> impl Strategy<Value = Change> {
    let index = any::<Index>;
    prop_oneof![
        4 => index().prop_map(Change::Remove),
        4 => (index(), leaf()).prop_map(|(at, value)| Change::Replace(at, value)),
        2 => (index(), name()).prop_map(|(at, name)| Change::Rename(at, name)),
        2 => (index(), name(), leaf()).prop_map(|(at, name, value)| Change::Insert(at, name, value)),
        1 => index().prop_map(Change::Wrap),
        2 => (index(), index()).prop_map(|(from, to)| Change::Copy(from, to)),
        6 => (index(), index(), prop::option::of(prop::char::any()))
            .prop_map(|(at, letter, new)| Change::Edit(at, letter, new)),
    ]
}

/// Returns a strategy for names, many of which have a meaning somewhere.
fn name() -> impl Strategy<Value = String> {
    prop_oneof![
        prop::sample::select(vec![
            "Id",
            "Name",
            "Action",
            "Data",
            "Events",
            "Type",
            "State",
            "Discriminator",
            "Value",
            "Integration",
            "Enterprise",
            "Requestor",
            "Email",
            "Service",
            "CreatedUtc",
            "IsEnabled",
            "DeletedUtc",
            "AccessToken",
            "ApiKey",
            "Entities",
            "Resources",
            "data",
            "meta",
            "type",
            "attributes",
            "eventType",
            "event_type",
            "updatedAt",
            "updated_at",
            "AssignedSpaceId",
            "integration",
            "Integraton",
            "StartUtc",
            "status",
            "EnterpriseId",
            "MessageThreadId",
            "links",
            "level",
            "msg",
            "Cursor",
            "a/b",
            "a~b",
            "",
        ])
        .prop_map(str::to_owned),
        any::<String>(),
    ]
}

/// Returns a strategy for values that are valid somewhere, nearly valid, or invalid everywhere.
fn leaf() -> impl Strategy<Value = Value> {
    prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        any::<String>().prop_map(Value::from),
        prop::sample::select(vec![
            json!([]),
            json!({}),
            json!([{}]),
            json!([null]),
            json!("true"),
            json!("false"),
            json!("True"),
            json!("851df8c8-90f2-4c4a-8e01-a4fc46b25178"),
            json!("851DF8C8-90F2-4C4A-8E01-A4FC46B25178"),
            json!("851df8c890f24c4a8e01a4fc46b25178"),
            json!("{851df8c8-90f2-4c4a-8e01-a4fc46b25178}"),
            json!("urn:uuid:851df8c8-90f2-4c4a-8e01-a4fc46b25178"),
            json!("2019-05-24T07:35:35Z"),
            json!("2019-05-24T07:35:35+02:00"),
            json!("2019-05-24T07:35:35"),
            json!("2019-05-24t07:35:35.123z"),
            json!("2016-12-31T23:59:60Z"),
            json!("2019-02-29T07:35:35Z"),
            json!("name@example.com"),
            json!("\"quoted\"@example.com"),
            json!("name@[127.0.0.1]"),
            json!("@"),
            json!("IntegrationCreated"),
            json!("IntegrationDeleted"),
            json!("IntegrationApiKeyCreated"),
            json!("CustomerAdded"),
            json!("PaymentUpdated"),
            json!("Reservation"),
            json!("Space"),
            json!("PriceUpdate"),
            json!("booking.status.updated"),
            json!("order.total.updated"),
            json!("noShow"),
            json!({"Id": "851df8c8-90f2-4c4a-8e01-a4fc46b25178", "Name": "x"}),
            json!(["851df8c8-90f2-4c4a-8e01-a4fc46b25178", "x"]),
            json!({"Resources": [{"Id": 1}]}),
        ]),
    ]
}

/// Returns the pointers of all values of a payload, the root first.
pub fn pointers(value: &Value) -> Vec<String> {
    let mut pointers = vec![String::new()];
    let mut next = 0;
    while next < pointers.len() {
        let here = pointers[next].clone();
        match value.pointer(&here) {
            Some(Value::Object(members)) => {
                let escaped = members
                    .keys()
                    .map(|name| name.replace('~', "~0").replace('/', "~1"));
                pointers.extend(escaped.map(|name| format!("{here}/{name}")));
            }
            Some(Value::Array(items)) => {
                pointers.extend((0..items.len()).map(|number| format!("{here}/{number}")));
            }
            _ => {}
        }
        next += 1;
    }
    pointers
}

/// Applies a change to a payload.
pub fn apply(payload: &mut Value, change: &Change) {
    let all = pointers(payload);
    let at = |index: &Index| index.get(&all).clone();
    match change {
        Change::Remove(index) => {
            if let Some((parent, name)) = member(&at(index))
                && let Some(members) = object(payload, &parent)
            {
                members.shift_remove(&name);
            }
        }
        Change::Replace(index, value) => *payload.pointer_mut(&at(index)).unwrap() = value.clone(),
        Change::Rename(index, new) => {
            if let Some((parent, name)) = member(&at(index))
                && let Some(members) = object(payload, &parent)
                && let Some(value) = members.shift_remove(&name)
            {
                members.insert(new.clone(), value);
            }
        }
        Change::Insert(index, name, value) => {
            if let Some(members) = object(payload, &at(index)) {
                members.insert(name.clone(), value.clone());
            }
        }
        Change::Wrap(index) => {
            let value = payload.pointer_mut(&at(index)).unwrap();
            *value = json!([value.take()]);
        }
        Change::Copy(from, to) => {
            let value = payload.pointer(&at(from)).unwrap().clone();
            *payload.pointer_mut(&at(to)).unwrap() = value;
        }
        Change::Edit(index, letter, new) => {
            if let Some(Value::String(text)) = payload.pointer_mut(&at(index)) {
                let mut letters: Vec<char> = text.chars().collect();
                if !letters.is_empty() {
                    let place = letter.index(letters.len());
                    match new {
                        Some(new) => letters[place] = *new,
                        None => drop(letters.remove(place)),
                    }
                    *text = letters.into_iter().collect();
                }
            }
        }
    }
}

fn member(pointer: &str) -> Option<(String, String)> {
    let (parent, name) = pointer.rsplit_once('/')?;
    Some((
        parent.to_owned(),
        name.replace("~1", "/").replace("~0", "~"),
    ))
}

fn object<'p>(payload: &'p mut Value, pointer: &str) -> Option<&'p mut Map<String, Value>> {
    payload.pointer_mut(pointer)?.as_object_mut()
}
