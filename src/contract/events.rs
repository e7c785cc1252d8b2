//! The events that Mews documents, each with its sample: the catalog that `sample --list` shows.

use std::fmt;

use super::Kind;

/// One documented event of one kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Event {
    /// The kind of payload that carries it.
    pub kind: Kind,
    /// The action, discriminator or type.
    pub name: &'static str,
    /// When the documentation first listed it.
    pub since: &'static str,
    /// What happened.
    pub what: &'static str,
    /// A valid payload with this one event.
    pub sample: &'static str,
    /// For a general event: how the entity is fetched.
    pub fetch: Option<Fetch>,
}

/// What to call to see the entity that an event names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fetch {
    /// The entity.
    pub entity: &'static str,
    /// The Connector API operation, below `/api/connector/v1/`.
    pub operation: &'static str,
    /// The property of the request that takes the ids.
    pub filter: &'static str,
    /// What else to know; empty where there is nothing.
    pub note: &'static str,
}

impl fmt::Display for Fetch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            operation,
            filter,
            note,
            ..
        } = self;
        write!(f, "{operation} by {filter}")?;
        if note.is_empty() {
            Ok(())
        } else {
            write!(f, " ({note})")
        }
    }
}

macro_rules! events {
    ($(
        $kind:ident $folder:literal {
            $($name:literal since $since:literal, $what:literal $(, $entity:literal from $operation:literal by $filter:literal $(note $note:literal)?)?;)*
        }
    )*) => {
        /// Every event that has a sample, by kind.
        pub(super) static ALL: &[Event] = &[$($(Event {
            kind: Kind::$kind,
            name: $name,
            since: $since,
            what: $what,
            sample: include_str!(concat!("../../samples/", $folder, "/", $name, ".json")),
            fetch: fetch!($($entity, $operation, $filter $(, $note)?)?),
        },)*)*];
    };
}

macro_rules! fetch {
    () => {
        None
    };
    ($entity:literal, $operation:literal, $filter:literal) => {
        fetch!($entity, $operation, $filter, "")
    };
    ($entity:literal, $operation:literal, $filter:literal, $note:literal) => {
        Some(Fetch {
            entity: $entity,
            operation: $operation,
            filter: $filter,
            note: $note,
        })
    };
}

// How entities are fetched: `operations/` of the Connector API, 2026-08-07. Sources and dates of
// the events: the `$comment`s of the schemas. Events that were withdrawn (websocket
// `Space`) have no sample, since one could not be free of warnings.
events! {
    Integration "integration" {
        "IntegrationCreated" since "2020-02-27", "an integration was created; brings its access token";
        "IntegrationEnabled" since "2020-02-27", "an integration was enabled";
        "IntegrationDisabled" since "2020-02-27", "an integration was disabled";
        "IntegrationCanceled" since "2020-02-27", "an integration was canceled";
        "IntegrationReinstated" since "2020-02-27", "a canceled integration was reinstated";
        "IntegrationDeleted" since "2020-02-27", "an integration was deleted";
        "IntegrationApiKeyCreated" since "2025-08-13", "an integration got a new API key";
    }
    Integration2019 "integration-2019" {
        "IntegrationCreated" since "2019-11-05", "an integration was created, in the layout of 2019";
        "IntegrationEnabled" since "2019-11-05", "an integration was enabled, in the layout of 2019";
        "IntegrationDisabled" since "2019-11-05", "an integration was disabled, in the layout of 2019";
    }
    General "general" {
        "ServiceOrderUpdated" since "2021-02-09", "a service order (a reservation) changed",
            "service order" from "reservations/getAll/2023-06-06" by "ReservationIds";
        "ResourceUpdated" since "2021-05-20", "a resource changed",
            "resource" from "resources/getAll" by "ResourceIds" note "inactive ones with `Inactive` in `Extent`";
        "MessageAdded" since "2022-05-10", "a message was added",
            "message" from "messages/getAll" by "MessageThreadIds" note "it has no filter for message ids: get the threads from messageThreads/getAll, and look for the id in the answer";
        "ResourceBlockUpdated" since "2022-08-11", "a resource block changed",
            "resource block" from "resourceBlocks/getAll" by "ResourceBlockIds" note "deleted ones with Deleted in `ActivityStates`";
        "CustomerAdded" since "2022-08-23", "a customer was added",
            "customer" from "customers/getAll" by "CustomerIds";
        "CustomerUpdated" since "2022-08-23", "a customer was added or changed",
            "customer" from "customers/getAll" by "CustomerIds";
        "PaymentUpdated" since "2025-01-09", "a payment was added or changed",
            "payment" from "payments/getAll" by "PaymentIds";
    }
    Websocket "websocket" {
        "DeviceCommand" since "2018-05-01", "a command to a device changed its state";
        "Reservation" since "2018-05-01", "a reservation changed";
        "Resource" since "2020-09-21", "a resource changed its state";
        "PriceUpdate" since "2019-09-06", "prices of a rate changed";
    }
    Pos "pos" {
        "booking.status.updated" since "2025-02-20", "a booking got another status";
        "order.state.updated" since "2025-12-04", "an order got into another state";
        "order.status.updated" since "2025-10-07", "an order got another fulfillment status";
        "order.total.updated" since "2025-11-25", "an order's total changed by a tip or a correction";
        "orders.payments.added" since "2025-11-25", "a payment was added to an order";
        "product.availability.updated" since "2025-10-07", "a product became available or unavailable";
    }
}

/// Returns how the entity of a general event is fetched.
pub fn fetch(discriminator: &str) -> Option<Fetch> {
    let mut general = Kind::General.events();
    general.find(|event| event.name == discriminator)?.fetch
}

/// General events that texts of others list (2026-09 and 2026-10, citing the live page), and the
/// documentation of 2026-08-07 does not. No payload of theirs has been seen.
#[cfg(feature = "check")]
const UNCONFIRMED: [&str; 3] = ["ResourceDeleted", "ProductUpdated", "ProductDeleted"];

/// Returns whether only texts of others list a general event.
#[cfg(feature = "check")]
pub(crate) fn is_unconfirmed(discriminator: &str) -> bool {
    UNCONFIRMED.contains(&discriminator)
}
