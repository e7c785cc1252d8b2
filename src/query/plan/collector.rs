//! Collects the entities that payloads name, once each.

use std::collections::BTreeMap;
use std::mem;

use foldhash::fast::RandomState;
use indexmap::IndexMap;
use uuid::Uuid;

use crate::checks::event_nodes;
use crate::contract::{Kind, Operation, parse_uuid};
use crate::document::{Document, Node};
use crate::steps;

use super::{EnterprisePlan, EntityGroup, EventSet, Plan, PlanCounts, PlannedEntity};

/// Collects the entities of a part of a run, or of all parts, and makes the plan.
#[derive(Debug, Default)]
pub struct PlanCollector {
    enterprises: IndexMap<Uuid, Groups, RandomState>,
    counts: PlanCounts,
}

/// The entities of an enterprise, by the index of the operation that fetches them.
type Groups = BTreeMap<usize, Entities>;

/// Entities with the events that name them, in order of first occurrence.
type Entities = IndexMap<Uuid, EventSet, RandomState>;

impl PlanCollector {
    /// Adds a payload. `kind` is its kind, and `document` its content, where these are known.
    pub fn add(&mut self, kind: Option<Kind>, document: Option<&Document<'_>>) {
        let counts = &mut self.counts;
        match (kind, document) {
            (_, None) => counts.broken += 1,
            (None, Some(_)) => counts.unknown += 1,
            (Some(Kind::General), Some(document)) => self.add_message(document.root()),
            (Some(kind), Some(_)) => *counts.other_kinds.entry(kind).or_default() += 1,
        }
    }

    fn add_message(&mut self, message: Node<'_>) {
        let Self {
            enterprises,
            counts,
        } = self;
        let Some(enterprise) = message.get("EnterpriseId").and_then(uuid) else {
            counts.messages_without_enterprise += 1;
            return;
        };
        counts.messages += 1;
        for event in event_nodes(message) {
            steps::add(1);
            let discriminator = event.get("Discriminator").and_then(Node::as_str);
            let Some((events, operation)) = discriminator.and_then(|name| EventSet::of(&name))
            else {
                counts.unlisted_events += 1;
                continue;
            };
            let Some(id) = event.at(&["Value", "Id"]).and_then(uuid) else {
                counts.events_without_id += 1;
                continue;
            };
            counts.events += 1;
            let groups = enterprises.entry(enterprise).or_default();
            let entities = groups.entry(operation).or_default();
            *entities.entry(id).or_default() |= events;
        }
    }

    /// Adds what the next part of the run has.
    pub fn merge(&mut self, part: Self) {
        self.counts.merge(&part.counts);
        for (enterprise, groups) in part.enterprises {
            let known = self.enterprises.entry(enterprise).or_default();
            for (operation, entities) in groups {
                steps::add(entities.len());
                let known = known.entry(operation).or_default();
                for (id, events) in entities {
                    *known.entry(id).or_default() |= events;
                }
            }
        }
    }

    /// Returns the plan, and removes what was collected.
    pub fn finish(&mut self) -> Plan {
        let Self {
            enterprises,
            counts,
        } = mem::take(self);
        let enterprises = enterprises.into_iter().map(|(enterprise, groups)| {
            let mut groups = groups;
            let groups = Operation::all()
                .enumerate()
                .filter_map(|(index, operation)| {
                    let entities = groups.remove(&index)?.into_iter();
                    let entities = entities.map(|(id, events)| PlannedEntity { id, events });
                    Some(EntityGroup {
                        operation,
                        entities: entities.collect(),
                    })
                });
            EnterprisePlan {
                enterprise,
                groups: groups.collect(),
            }
        });
        Plan {
            enterprises: enterprises.collect(),
            counts,
        }
    }
}

impl PlanCounts {
    /// Adds the counts of a part of the run.
    fn merge(&mut self, part: &Self) {
        self.messages += part.messages;
        self.events += part.events;
        self.unlisted_events += part.unlisted_events;
        self.events_without_id += part.events_without_id;
        self.messages_without_enterprise += part.messages_without_enterprise;
        self.unknown += part.unknown;
        self.broken += part.broken;
        for (kind, count) in &part.other_kinds {
            *self.other_kinds.entry(*kind).or_default() += count;
        }
    }
}

/// Returns the id in a node, if it is valid.
fn uuid(node: Node<'_>) -> Option<Uuid> {
    parse_uuid(&node.bytes()?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract::{MAX_IDS, MAX_REQUESTS};

    /// One more entity than fits into the requests of a window.
    #[test]
    fn the_last_request_waits_for_the_next_window() {
        let max = MAX_IDS * usize::try_from(MAX_REQUESTS).unwrap_or_default();
        for (count, requests, seconds) in [(0, 0, 0), (1, 1, 0), (max, 200, 0), (max + 1, 201, 30)]
        {
            let (events, operation) = EventSet::of("CustomerAdded").unwrap_or_default();
            let ids = (0..count).map(|number| (Uuid::from_u128(number as u128), events));
            let mut collector = PlanCollector::default();
            for enterprise in 1..=2 {
                let groups = Groups::from([(operation, ids.clone().collect())]);
                let part = PlanCollector {
                    enterprises: IndexMap::from_iter([(Uuid::from_u128(enterprise), groups)]),
                    counts: PlanCounts::default(),
                };
                collector.merge(part);
            }
            let plan = collector.finish();
            assert_eq!(plan.request_count(), 2 * requests);
            assert_eq!(plan.entity_count(), 2 * count as u64);
            assert_eq!(plan.min_duration().as_secs(), seconds);
            let shared = plan.min_duration_of_shared_token().as_secs();
            assert_eq!(shared, if requests < 200 { 0 } else { seconds + 30 });
            for enterprise in &plan.enterprises {
                assert_eq!(enterprise.min_duration().as_secs(), seconds);
                let lengths = enterprise.requests().map(|request| request.entities.len());
                assert_eq!(lengths.sum::<usize>(), count);
                let last = enterprise.requests().last();
                let last = last.map(|last| (last.number, last.earliest().as_secs()));
                assert_eq!(last, (requests > 0).then_some((requests, seconds)));
            }
        }
    }
}
