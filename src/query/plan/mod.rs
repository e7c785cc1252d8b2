//! Plans the requests that fetch the entities which general messages name.
//!
//! A thread of the pool takes the ids from the payloads of a chunk, and a [`PlanCollector`] joins those of
//! all chunks. Each entity is kept once for each enterprise, however many events name it, so memory grows
//! with the number of different entities. Everything is in order of first occurrence, and the chunks are
//! joined in the order of the input, so a plan does not depend on the number of threads.

mod collector;
mod events;
mod request;

use std::collections::BTreeMap;
use std::time::Duration;

use uuid::Uuid;

use crate::contract::{Kind, MAX_IDS, MAX_REQUESTS, Operation, REQUEST_WINDOW};

use events::EventSet;

pub use collector::PlanCollector;
pub use request::{PlannedRequest, RequestBody, thread_requests};

/// The requests of all enterprises, and the number of payloads.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Plan {
    /// The enterprises, in order of first occurrence.
    pub enterprises: Vec<EnterprisePlan>,
    /// What the plan is made of, and what is not part of it.
    pub counts: PlanCounts,
}

/// The requests for the entities of one enterprise.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct EnterprisePlan {
    /// The enterprise.
    pub enterprise: Uuid,
    /// The entities, by the operations that fetch them, in the order of [`Operation::all`].
    pub groups: Vec<EntityGroup>,
}

/// The entities of an enterprise that one operation fetches.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct EntityGroup {
    /// The operation.
    pub operation: &'static Operation,
    /// The entities, in order of first occurrence.
    pub entities: Vec<PlannedEntity>,
}

/// An entity that events name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct PlannedEntity {
    /// Its id.
    pub id: Uuid,
    events: EventSet,
}

/// The number of payloads and events.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct PlanCounts {
    /// The general messages whose enterprise can be read.
    pub messages: u64,
    /// Their events that name an entity which an operation fetches.
    pub events: u64,
    /// Their events that the documentation does not list.
    pub unlisted_events: u64,
    /// Their events without a valid id.
    pub events_without_id: u64,
    /// The general messages without a valid id of an enterprise.
    pub messages_without_enterprise: u64,
    /// The payloads of other kinds, which name no entities to fetch.
    pub other_kinds: BTreeMap<Kind, u64>,
    /// The payloads of no known kind.
    pub unknown: u64,
    /// The payloads that are not JSON.
    pub broken: u64,
}

impl Plan {
    /// Returns the number of requests.
    pub fn request_count(&self) -> u64 {
        let enterprises = self.enterprises.iter();
        enterprises.map(EnterprisePlan::request_count).sum()
    }

    /// Returns the number of entities that the requests fetch.
    pub fn entity_count(&self) -> u64 {
        let enterprises = self.enterprises.iter();
        let groups = enterprises.flat_map(EnterprisePlan::fetched);
        groups.map(|group| group.entities.len() as u64).sum()
    }

    /// Returns how long after the first request the last one can be made, if each enterprise has an
    /// access token of its own.
    pub fn min_duration(&self) -> Duration {
        let enterprises = self.enterprises.iter();
        let durations = enterprises.map(EnterprisePlan::min_duration);
        durations.max().unwrap_or_default()
    }

    /// Returns how long after the first request the last one can be made, if all enterprises share an
    /// access token.
    pub fn min_duration_of_shared_token(&self) -> Duration {
        earliest(self.request_count())
    }
}

impl EnterprisePlan {
    /// Returns the requests, in order.
    pub fn requests(&self) -> impl Iterator<Item = PlannedRequest<'_>> {
        let requests = self.fetched().flat_map(|group| {
            let parts = group.entities.chunks(MAX_IDS);
            parts.map(|entities| (group.operation, entities))
        });
        requests
            .zip(1..)
            .map(|((operation, entities), number)| PlannedRequest {
                enterprise: self.enterprise,
                number,
                operation,
                entities,
            })
    }

    /// Returns the number of requests.
    pub fn request_count(&self) -> u64 {
        let groups = self.fetched();
        groups
            .map(|group| group.entities.len().div_ceil(MAX_IDS) as u64)
            .sum()
    }

    /// Returns how long after the first request the last one can be made.
    pub fn min_duration(&self) -> Duration {
        earliest(self.request_count())
    }

    /// Returns the entities that no request can be made for, since the operation does not take their
    /// ids.
    pub fn unfetched(&self) -> impl Iterator<Item = &EntityGroup> {
        let groups = self.groups.iter();
        groups.filter(|group| !group.operation.takes_entity_ids)
    }

    fn fetched(&self) -> impl Iterator<Item = &EntityGroup> {
        let groups = self.groups.iter();
        groups.filter(|group| group.operation.takes_entity_ids)
    }
}

impl EntityGroup {
    /// Returns the names of the events that name the entities, in the order of the documentation.
    pub fn events(&self) -> impl Iterator<Item = &'static str> {
        EventSet::names_of(&self.entities)
    }
}

/// Returns how long after the first request with an access token the request of this number can be
/// made. The first one has the number 1.
fn earliest(number: u64) -> Duration {
    let windows = number.saturating_sub(1) / MAX_REQUESTS;
    REQUEST_WINDOW.saturating_mul(u32::try_from(windows).unwrap_or(u32::MAX))
}

#[cfg(test)]
mod tests {
    use super::earliest;

    #[test]
    fn two_hundred_requests_fit_into_30_seconds() {
        let at = [0, 1, 200, 201, 400, 401, 1000, 1001].map(|number| earliest(number).as_secs());
        assert_eq!(at, [0, 0, 0, 30, 30, 60, 120, 150]);
        assert!(earliest(u64::MAX) > earliest(1 << 32));
    }
}
