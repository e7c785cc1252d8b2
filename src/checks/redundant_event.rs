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

/// Returns `true` if two ids may be equal: if they have the same hash.
fn may_have_duplicates(root: Node<'_>) -> bool {
    // Most messages have so few events that each gets a bucket of its own.
    let mut buckets = [0_u64; 4];
    let has_equal_buckets = id_hashes(root).any(|hash| {
        let [.., bucket] = hash.to_le_bytes();
        let bits = &mut buckets[usize::from(bucket >> 6)];
        let bit = 1 << (bucket & 63);
        let is_taken = *bits & bit != 0;
        *bits |= bit;
        is_taken
    });
    if !has_equal_buckets {
        return false;
    }
    let mut hashes: Vec<u64> = id_hashes(root).collect();
    keep_repeated(&mut hashes);
    hashes.sort_unstable();
    hashes.windows(2).any(|pair| pair[0] == pair[1])
}

/// Removes most hashes that occur only once. Sorting all hashes of a large message would take several times as long.
fn keep_repeated(hashes: &mut Vec<u64>) {
    // There are at least sixteen times as many buckets as hashes, so that few hashes share one.
    let words = hashes.len().div_ceil(4).next_power_of_two();
    let place = |hash: u64| {
        let bucket = usize::try_from(hash >> 32).unwrap_or_default();
        ((bucket / 64) & (words - 1), 1_u64 << (bucket % 64))
    };
    let (mut once, mut twice) = (vec![0; words], vec![0; words]);
    for hash in &*hashes {
        let (word, bit) = place(*hash);
        twice[word] |= once[word] & bit;
        once[word] |= bit;
    }
    hashes.retain(|hash| {
        let (word, bit) = place(*hash);
        twice[word] & bit != 0
    });
}

/// Returns hashes of the last 16 characters of the ids of a message. Letters may be in any case.
fn id_hashes(root: Node<'_>) -> impl Iterator<Item = u64> {
    event_nodes(root).filter_map(|event| {
        let id = event.get("Value")?.get("Id")?.bytes()?;
        let end: &[u8; 16] = id.last_chunk()?;
        let (first, last) = (end.first_chunk()?, end.last_chunk()?);
        // The bit distinguishes the cases of a letter, and is set in every digit.
        let lower = |half: &[u8; 8]| u64::from_le_bytes(*half) | u64::from_le_bytes([b' '; 8]);
        // Any odd number with well-mixed bits works. This one is derived from the golden ratio.
        let mixed = lower(first) ^ lower(last).rotate_left(23);
        Some(mixed.wrapping_mul(0x9E37_79B9_7F4A_7C15))
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use proptest::sample::Index;
    use serde_json::json;

    use super::RULE;

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        /// An id that occurs twice is found among any number of others, in any letter case.
        #[test]
        fn the_same_id_is_found(
            ids in prop::collection::hash_set("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", 1..60),
            repeated in any::<Option<Index>>(), at: Index, is_upper: bool,
        ) {
            let mut ids: Vec<_> = ids.into_iter().collect();
            if let Some(repeated) = repeated {
                let id = repeated.get(&ids).clone();
                let id = if is_upper { id.to_uppercase() } else { id };
                ids.insert(at.index(ids.len() + 1), id);
            }
            let event = |id| json!({"Discriminator": "CustomerUpdated", "Value": {"Id": id}});
            let payload = json!({
                "EnterpriseId": "851df8c8-90f2-4c4a-8e01-a4fc46b25178",
                "IntegrationId": "c8bee838-7fb1-4f4e-8fac-ac87008b2f90",
                "Events": ids.iter().map(event).collect::<Vec<_>>(),
            });
            let verdict = crate::check(&payload.to_string());
            let is_found = verdict.diagnostics.iter().any(|found| found.code == RULE.code);
            prop_assert_eq!(is_found, repeated.is_some());
        }
    }
}
