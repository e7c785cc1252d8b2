//! The operations of the Connector API that fetch the entities of general events, and the limits of
//! requests.
//!
//! Source: MewsSystems/open-api-docs at f6eb492, 2026-08-07, under `connector-api/`:
//! `operations/reservations.md`, `resources.md`, `messages.md`, `messagethreads.md`, `resourceblocks.md`,
//! `customers.md` and `payments.md`, and the pages of `guidelines/` that the constants name.

use std::time::Duration;

/// The start of the path of each operation, to which its name is added (`guidelines/requests.md`).
pub const CONNECTOR_PATH: &str = "/api/connector/v1/";

/// The maximum number of ids in a filter of the operations below (`operations/`: "max 1000 items").
pub const MAX_IDS: usize = 1_000;

/// The maximum `Count` in `Limitation`, a required property of each request; the minimum is 1
/// (`guidelines/pagination.md`).
pub const MAX_COUNT: usize = 1_000;

/// The maximum number of requests with one access token within [`REQUEST_WINDOW`]
/// (`guidelines/environments.md`).
pub const MAX_REQUESTS: u64 = 200;

/// The length of the sliding window in which requests are counted (`guidelines/environments.md`).
pub const REQUEST_WINDOW: Duration = Duration::from_secs(30);

/// The value of `ActivityStates` that includes deleted entities.
const WITH_DELETED: &[&str] = &["Active", "Deleted"];

/// An operation of the Connector API that returns entities.
///
/// Its request also has `ClientToken`, `AccessToken`, `Client` and `Limitation`, and its response also
/// has `Cursor`.
#[derive(Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Operation {
    /// The name, below [`CONNECTOR_PATH`].
    pub name: &'static str,
    /// The type of the entities that it returns.
    pub entity: &'static str,
    /// The property of the request that contains ids, at most [`MAX_IDS`].
    pub filter: &'static str,
    /// Whether a request must have this filter.
    pub filter_rule: FilterRule,
    /// `true` if the ids in the filter are those of the returned entities.
    pub takes_entity_ids: bool,
    /// `true` if the request can have `EnterpriseIds`.
    pub takes_enterprise_ids: bool,
    /// The flags to set in `Extent`, so that the response has the entities, also inactive ones. If the
    /// list is not empty, `Extent` is required; otherwise the request has none.
    pub included: &'static [&'static str],
    /// The `ActivityStates` to request, so that the response has deleted entities, too. If the list is
    /// empty, the request needs none.
    pub activity_states: &'static [&'static str],
    /// The property of the response that contains the entities.
    pub response: &'static str,
}

/// Whether a request must have the filter of its operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum FilterRule {
    /// It may have no filter at all, which returns all entities.
    Optional,
    /// It must have this filter or another one.
    RequiredWithoutOthers,
    /// It must have this filter.
    Required,
}

pub(super) static RESERVATIONS: Operation = Operation {
    name: "reservations/getAll/2023-06-06",
    entity: "reservation",
    filter: "ReservationIds",
    filter_rule: FilterRule::Optional,
    takes_entity_ids: true,
    takes_enterprise_ids: true,
    included: &[],
    activity_states: &[],
    response: "Reservations",
};

pub(super) static RESOURCES: Operation = Operation {
    name: "resources/getAll",
    entity: "resource",
    filter: "ResourceIds",
    filter_rule: FilterRule::Optional,
    takes_entity_ids: true,
    takes_enterprise_ids: true,
    included: &["Resources", "Inactive"],
    activity_states: &[],
    response: "Resources",
};

/// Takes the ids of threads, so it can't fetch a message by its own id.
pub(super) static MESSAGES: Operation = Operation {
    name: "messages/getAll",
    entity: "message",
    filter: "MessageThreadIds",
    filter_rule: FilterRule::Required,
    takes_entity_ids: false,
    takes_enterprise_ids: true,
    included: &[],
    activity_states: &[],
    response: "Messages",
};

pub(super) static RESOURCE_BLOCKS: Operation = Operation {
    name: "resourceBlocks/getAll",
    entity: "resource block",
    filter: "ResourceBlockIds",
    filter_rule: FilterRule::Optional,
    takes_entity_ids: true,
    takes_enterprise_ids: true,
    included: &[],
    activity_states: WITH_DELETED,
    response: "ResourceBlocks",
};

pub(super) static CUSTOMERS: Operation = Operation {
    name: "customers/getAll",
    entity: "customer",
    filter: "CustomerIds",
    filter_rule: FilterRule::RequiredWithoutOthers,
    takes_entity_ids: true,
    takes_enterprise_ids: false,
    included: &["Customers"],
    activity_states: &[],
    response: "Customers",
};

pub(super) static PAYMENTS: Operation = Operation {
    name: "payments/getAll",
    entity: "payment",
    filter: "PaymentIds",
    filter_rule: FilterRule::RequiredWithoutOthers,
    takes_entity_ids: true,
    takes_enterprise_ids: true,
    included: &[],
    activity_states: &[],
    response: "Payments",
};

/// Returns threads, whose ids `messages/getAll` takes. No event names a thread. The other filters of a
/// request are the intervals `CreatedUtc` and `UpdatedUtc`, of at most three months.
pub static MESSAGE_THREADS: Operation = Operation {
    name: "messageThreads/getAll",
    entity: "message thread",
    filter: "MessageThreadIds",
    filter_rule: FilterRule::RequiredWithoutOthers,
    takes_entity_ids: true,
    takes_enterprise_ids: true,
    included: &[],
    activity_states: &[],
    response: "MessageThreads",
};

/// All operations, in the order of the events whose entities they fetch.
static ALL: [&Operation; 7] = [
    &RESERVATIONS,
    &RESOURCES,
    &MESSAGES,
    &RESOURCE_BLOCKS,
    &CUSTOMERS,
    &PAYMENTS,
    &MESSAGE_THREADS,
];

impl Operation {
    /// Returns all operations, in the order of the events whose entities they fetch; the one that only
    /// helps to fetch messages comes last.
    pub fn all() -> impl Iterator<Item = &'static Self> {
        ALL.into_iter()
    }

    /// Returns the operation with a name, such as `customers/getAll`, if there is one.
    pub fn by_name(name: &str) -> Option<&'static Self> {
        Self::all().find(|operation| operation.name == name)
    }

    /// Returns the path of the operation: `/api/connector/v1/customers/getAll`.
    pub fn path(&self) -> String {
        format!("{CONNECTOR_PATH}{}", self.name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract::Kind;

    #[test]
    fn operations_are_in_the_order_of_events() {
        let events = Kind::General.events();
        let mut used: Vec<_> = events
            .filter_map(|event| Some(event.fetch?.operation.name))
            .collect();
        used.dedup();
        used.push(MESSAGE_THREADS.name);
        let all: Vec<_> = Operation::all().map(|operation| operation.name).collect();
        assert_eq!(all, used);
    }

    #[test]
    fn operations_are_found_by_their_exact_names() {
        for operation in Operation::all() {
            assert_eq!(Operation::by_name(operation.name), Some(operation));
            assert_eq!(Operation::by_name(&operation.name.to_uppercase()), None);
        }
        assert_eq!(Operation::by_name("reservations/getAll"), None);
        assert_eq!(
            MESSAGE_THREADS.path(),
            "/api/connector/v1/messageThreads/getAll"
        );
    }

    /// What the tables of request properties in the documentation say, spelled out: name, filter,
    /// "required", the flags in `Extent`, and the array of the response.
    #[test]
    fn properties_are_those_of_the_documentation() {
        use FilterRule::{Optional, Required, RequiredWithoutOthers};
        let documented = [
            (
                "reservations/getAll/2023-06-06",
                "ReservationIds",
                Optional,
                "",
                "Reservations",
            ),
            (
                "resources/getAll",
                "ResourceIds",
                Optional,
                "Resources Inactive",
                "Resources",
            ),
            (
                "messages/getAll",
                "MessageThreadIds",
                Required,
                "",
                "Messages",
            ),
            (
                "resourceBlocks/getAll",
                "ResourceBlockIds",
                Optional,
                "",
                "ResourceBlocks",
            ),
            (
                "customers/getAll",
                "CustomerIds",
                RequiredWithoutOthers,
                "Customers",
                "Customers",
            ),
            (
                "payments/getAll",
                "PaymentIds",
                RequiredWithoutOthers,
                "",
                "Payments",
            ),
            (
                "messageThreads/getAll",
                "MessageThreadIds",
                RequiredWithoutOthers,
                "",
                "MessageThreads",
            ),
        ];
        let flags: Vec<_> = Operation::all().map(|it| it.included.join(" ")).collect();
        let properties = Operation::all().zip(&flags).map(|(it, flags)| {
            let flags = flags.as_str();
            (it.name, it.filter, it.filter_rule, flags, it.response)
        });
        assert!(properties.eq(documented));
        for it in Operation::all() {
            assert_eq!(it.takes_enterprise_ids, it.name != "customers/getAll");
            assert_eq!(it.takes_entity_ids, it.name != "messages/getAll");
            let has_states = it.name == "resourceBlocks/getAll";
            let states: &[&str] = if has_states {
                &["Active", "Deleted"]
            } else {
                &[]
            };
            assert_eq!(it.activity_states, states);
        }
    }
}
