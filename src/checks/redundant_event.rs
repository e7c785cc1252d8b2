//! Warns of messages that name the same entity twice.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use uuid::Uuid;

use crate::contract::{Kind, fetch, parse_uuid};
use crate::diagnostic::{Level, Rule, Source};
use crate::document::Node;

use super::events::event_nodes;
use super::{Findings, Subject};

pub(super) static RULE: Rule = Rule {
    code: "redundant-event",
    level: Level::Warning,
    summary: "Two events of a message name the same entity and are fetched by the same operation.",
    why: "`CustomerUpdated` is sent for new customers too, so a new customer is announced by \
          `CustomerAdded` and `CustomerUpdated` with the same id, often in one message. Fetch \
          the customer once.",
    before: r#"{"EnterpriseId": "851df8c8-90f2-4c4a-8e01-a4fc46b25178", "IntegrationId": "c8bee838-7fb1-4f4e-8fac-ac87008b2f90", "Events": [{"Discriminator": "CustomerAdded", "Value": {"Id": "c2f1d888-232e-49eb-87ac-5f75363af13b"}}, {"Discriminator": "CustomerUpdated", "Value": {"Id": "c2f1d888-232e-49eb-87ac-5f75363af13b"}}]}"#,
    after: r#"{"EnterpriseId": "851df8c8-90f2-4c4a-8e01-a4fc46b25178", "IntegrationId": "c8bee838-7fb1-4f4e-8fac-ac87008b2f90", "Events": [{"Discriminator": "CustomerUpdated", "Value": {"Id": "c2f1d888-232e-49eb-87ac-5f75363af13b"}}]}"#,
    source: Source {
        title: "Mews Connector API, General webhooks, 2021-02-09 to 2026-08-07",
        url: "https://docs.mews.com/connector-api/events/wh-general",
    },
};

pub(super) fn check(subject: &Subject<'_>, findings: &mut Findings<'_>) {
    if subject.kind != Kind::General || !may_have_duplicates(subject.document.root()) {
        return;
    }
    let mut seen = HashMap::new();
    for (number, event) in event_nodes(subject.document.root()).enumerate() {
        let Some(entity) = entity(event) else {
            continue;
        };
        match seen.entry(entity) {
            Entry::Vacant(vacant) => {
                vacant.insert(number);
            }
            Entry::Occupied(first) => {
                let (_, operation) = entity;
                findings.add(&RULE, event, |found| {
                    found
                        .message(format!(
                            "names the same entity as `Events[{}]`",
                            first.get()
                        ))
                        .help(format!("fetch it once, with `{operation}`"))
                });
            }
        }
    }
}

/// Returns the entity that an event names: its id, and the operation that fetches it.
fn entity(event: Node<'_>) -> Option<(Uuid, &'static str)> {
    let id = event.get("Value")?.get("Id")?.bytes()?;
    let name = event.get("Discriminator").and_then(Node::as_str)?;
    Some((parse_uuid(&id)?, fetch(&name)?.operation.name))
}

/// Returns `true` if two ids may be equal: if they end in the same 16 characters.
fn may_have_duplicates(root: Node<'_>) -> bool {
    // Most messages have so few events that each gets a bucket of its own.
    let mut buckets = [0_u64; 4];
    let has_equal_buckets = id_ends(root).any(|end| {
        let bucket = bucket(end);
        let bits = &mut buckets[usize::from(bucket >> 6)];
        let bit = 1 << (bucket & 63);
        let is_taken = *bits & bit != 0;
        *bits |= bit;
        is_taken
    });
    if !has_equal_buckets {
        return false;
    }
    let mut ends: Vec<u128> = id_ends(root).collect();
    ends.sort_unstable();
    ends.windows(2).any(|pair| pair[0] == pair[1])
}

/// Returns the last 16 characters of the ids of a message, in lower case.
fn id_ends(root: Node<'_>) -> impl Iterator<Item = u128> {
    event_nodes(root).filter_map(|event| {
        let id = event.get("Value")?.get("Id")?.bytes()?;
        let end = u128::from_le_bytes(*id.last_chunk()?);
        // The bit distinguishes the cases of a letter, and is set in every digit.
        Some(end | u128::from_le_bytes([b' '; 16]))
    })
}

/// Returns a hash of the end of an id.
fn bucket(end: u128) -> u8 {
    let [first @ .., _, _, _, _, _, _, _, _] = end.to_le_bytes();
    let [_, _, _, _, _, _, _, _, last @ ..] = end.to_le_bytes();
    let (first, last) = (u64::from_le_bytes(first), u64::from_le_bytes(last));
    // Any odd number with well-mixed bits works. This one is derived from the golden ratio.
    let mixed = (first ^ last.rotate_left(23)).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    mixed.to_be_bytes()[0]
}
