//! The table of the events that Mews documents, each with its sample. `sample --list` prints it.

use std::fmt;

use super::Kind;
use super::operations::{
    CUSTOMERS, MESSAGES, Operation, PAYMENTS, RESERVATIONS, RESOURCE_BLOCKS, RESOURCES,
};

/// One documented event of one kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Event {
    /// The kind of payload that contains the event.
    pub kind: Kind,
    /// The action, discriminator or event type.
    pub name: &'static str,
    /// When the documentation first listed it.
    pub since: &'static str,
    /// What happened, in a few words.
    pub summary: &'static str,
    /// A valid payload with only this event.
    pub sample: &'static str,
    /// How to fetch the entity of a general event; `None` for other kinds.
    pub fetch: Option<Fetch>,
}

/// How the entity of an event is fetched.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Fetch {
    /// The type of the entity.
    pub entity: &'static str,
    /// The Connector API operation.
    pub operation: &'static Operation,
    /// Restrictions of the operation; may be empty.
    pub note: &'static str,
}

impl fmt::Display for Fetch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            operation, note, ..
        } = self;
        write!(f, "{} by {}", operation.name, operation.filter)?;
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
            $($name:literal since $since:literal, $summary:literal $(, $entity:literal from $operation:ident $(note $note:literal)?)?;)*
        }
    )*) => {
        /// All events that have a sample, by kind.
        pub(super) static ALL: &[Event] = &[$($(Event {
            kind: Kind::$kind,
            name: $name,
            since: $since,
            summary: $summary,
            sample: include_str!(concat!("../../samples/", $folder, "/", $name, ".json")),
            fetch: fetch!($($entity, $operation $(, $note)?)?),
        },)*)*];
    };
}

macro_rules! fetch {
    () => {
        None
    };
    ($entity:literal, $operation:ident) => {
        fetch!($entity, $operation, "")
    };
    ($entity:literal, $operation:ident, $note:literal) => {
        Some(Fetch {
            entity: $entity,
            operation: &$operation,
            note: $note,
        })
    };
}

// The sources of the operations are in `operations.rs`. The sources and dates of the events are in the
// `$comment`s of the schemas. Withdrawn events (websocket `Space`) have
// no sample, since it could not be free of warnings.
events! {
    Integration "integration" {
        "IntegrationCreated" since "2020-02-27", "an integration was created; contains its access token";
        "IntegrationEnabled" since "2020-02-27", "an integration was enabled";
        "IntegrationDisabled" since "2020-02-27", "an integration was disabled";
        "IntegrationCanceled" since "2020-02-27", "an integration was canceled";
        "IntegrationReinstated" since "2020-02-27", "a canceled integration was reinstated";
        "IntegrationDeleted" since "2020-02-27", "an integration was deleted";
        "IntegrationApiKeyCreated" since "2025-08-13", "a new API key was created for an integration";
    }
    Integration2019 "integration-2019" {
        "IntegrationCreated" since "2019-11-05", "an integration was created (2019 layout)";
        "IntegrationEnabled" since "2019-11-05", "an integration was enabled (2019 layout)";
        "IntegrationDisabled" since "2019-11-05", "an integration was disabled (2019 layout)";
    }
    General "general" {
        "ServiceOrderUpdated" since "2021-02-09", "a service order (a reservation) changed",
            "service order" from RESERVATIONS note "every service order is a reservation today";
        "ResourceUpdated" since "2021-05-20", "a resource changed",
            "resource" from RESOURCES note "to include inactive ones, set `Inactive` in `Extent`";
        "MessageAdded" since "2022-05-10", "a message was added",
            "message" from MESSAGES note "there is no filter for message ids: get the threads with messageThreads/getAll, then their messages, and search these for the id";
        "ResourceBlockUpdated" since "2022-08-11", "a resource block changed",
            "resource block" from RESOURCE_BLOCKS note "to include deleted ones, add `Deleted` to `ActivityStates`";
        "CustomerAdded" since "2022-08-23", "a customer was added",
            "customer" from CUSTOMERS;
        "CustomerUpdated" since "2022-08-23", "a customer was added or changed",
            "customer" from CUSTOMERS;
        "PaymentUpdated" since "2025-01-09", "a payment was added or changed",
            "payment" from PAYMENTS;
    }
    Websocket "websocket" {
        "DeviceCommand" since "2018-05-01", "the state of a device command changed";
        "Reservation" since "2018-05-01", "a reservation changed";
        "Resource" since "2020-09-21", "the state of a resource changed";
        "PriceUpdate" since "2019-09-06", "prices of a rate changed";
    }
    Pos "pos" {
        "booking.status.updated" since "2025-02-20", "the status of a booking changed";
        "order.state.updated" since "2025-12-04", "the state of an order changed";
        "order.status.updated" since "2025-10-07", "the fulfillment status of an order changed";
        "order.total.updated" since "2025-11-25", "the total of an order changed because of a tip or a correction";
        "orders.payments.added" since "2025-11-25", "a payment was added to an order";
        "product.availability.updated" since "2025-10-07", "a product became available or unavailable";
    }
}

/// Returns how the entity of a general event is fetched.
pub fn fetch(discriminator: &str) -> Option<Fetch> {
    let mut general = Kind::General.events();
    general.find(|event| event.name == discriminator)?.fetch
}

/// General events that third-party texts of 2026-09 and 2026-10 list, citing the live page, but the
/// documentation of 2026-08-07 does not. No payload with these events is known.
#[cfg(feature = "check")]
const UNCONFIRMED: [&str; 3] = ["ResourceDeleted", "ProductUpdated", "ProductDeleted"];

/// Returns `true` if only third-party texts list a general event.
#[cfg(feature = "check")]
pub(crate) fn is_unconfirmed(discriminator: &str) -> bool {
    UNCONFIRMED.contains(&discriminator)
}
