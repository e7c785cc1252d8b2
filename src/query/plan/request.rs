//! The requests of a plan, with their bodies.
//!
//! Tokens, and what else only the user knows, are placeholders: `{{clientToken}}`, in the notation of HTTP
//! clients of editors.

use std::time::Duration;

use serde_json::{Map, Value, json};
use uuid::Uuid;

use crate::contract::{MAX_COUNT, MESSAGE_THREADS, Operation};

use super::events::EventSet;
use super::{EntityGroup, PlannedEntity, earliest};

/// The body of a request: a JSON object, whose properties are in the order of the documentation.
pub type RequestBody = Map<String, Value>;

/// A request for at most a thousand entities.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct PlannedRequest<'p> {
    /// The enterprise.
    pub enterprise: Uuid,
    /// Its number among the requests of the enterprise, from 1.
    pub number: u64,
    /// The operation.
    pub operation: &'static Operation,
    /// The entities that it fetches.
    pub entities: &'p [PlannedEntity],
}

impl PlannedRequest<'_> {
    /// Returns the names of the events that name the entities, in the order of the documentation.
    pub fn events(&self) -> impl Iterator<Item = &'static str> {
        EventSet::names_of(self.entities)
    }

    /// Returns how long after the first request of the enterprise this one can be made.
    pub fn earliest(&self) -> Duration {
        earliest(self.number)
    }

    /// Returns the body. `access_token` is the name of the placeholder for the access token.
    pub fn body(&self, access_token: &str) -> RequestBody {
        let ids = self.entities.iter();
        let ids = ids.map(|entity| Value::String(entity.id.hyphenated().to_string()));
        let filter = (self.operation.filter, ids.collect());
        body(self.operation, self.enterprise, access_token, filter)
    }
}

/// Returns the requests by which entities are found that no request can be made for, in the order in which
/// they are made: for the threads of an interval, and then for the messages of a thread. What the first one
/// needs and returns are placeholders.
pub fn thread_requests(
    enterprise: Uuid,
    group: &EntityGroup,
    access_token: &str,
) -> [(&'static Operation, RequestBody); 2] {
    let threads = &MESSAGE_THREADS;
    let interval = json!({"StartUtc": "{{startUtc}}", "EndUtc": "{{endUtc}}"});
    let thread = json!(["{{messageThreadId}}"]);
    let body = |operation, filter| (operation, body(operation, enterprise, access_token, filter));
    [
        body(threads, ("UpdatedUtc", interval)),
        body(group.operation, (group.operation.filter, thread)),
    ]
}

/// Returns the body of a request with a filter: a property, and its value.
fn body(
    operation: &Operation,
    enterprise: Uuid,
    access_token: &str,
    (filter, value): (&str, Value),
) -> RequestBody {
    let placeholder = |name: &str| Value::String(format!("{{{{{name}}}}}"));
    let mut body = Map::new();
    let mut add = |name: &str, value| drop(body.insert(name.to_owned(), value));
    add("ClientToken", placeholder("clientToken"));
    add("AccessToken", placeholder(access_token));
    add("Client", placeholder("client"));
    if operation.takes_enterprise_ids {
        add(
            "EnterpriseIds",
            json!([enterprise.hyphenated().to_string()]),
        );
    }
    add(filter, value);
    if !operation.included.is_empty() {
        let flags = operation.included.iter();
        let flags: Map<_, _> = flags
            .map(|flag| ((*flag).to_owned(), true.into()))
            .collect();
        add("Extent", flags.into());
    }
    if !operation.activity_states.is_empty() {
        add("ActivityStates", json!(operation.activity_states));
    }
    add("Limitation", json!({"Count": MAX_COUNT}));
    body
}
