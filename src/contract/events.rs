//! The events that Mews documents, each with its sample: the catalog that `sample --list` shows.

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
    /// The Connector API operation.
    pub operation: &'static str,
}

macro_rules! events {
    ($(
        $kind:ident $folder:literal {
            $($name:literal since $since:literal, $what:literal $(, $entity:literal from $operation:literal)?;)*
        }
    )*) => {
        /// Every event that has a sample, by kind.
        pub(super) static ALL: &[Event] = &[$($(Event {
            kind: Kind::$kind,
            name: $name,
            since: $since,
            what: $what,
            sample: include_str!(concat!("../../samples/", $folder, "/", $name, ".json")),
            fetch: fetch!($($entity, $operation)?),
        },)*)*];
    };
}

macro_rules! fetch {
    () => {
        None
    };
    ($entity:literal, $operation:literal) => {
        Some(Fetch {
            entity: $entity,
            operation: $operation,
        })
    };
}

// Sources and dates: the `$comment`s of the schemas. Events that were withdrawn (websocket
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
            "service order" from "reservations/getAll/2023-06-06";
        "ResourceUpdated" since "2021-05-20", "a resource changed",
            "resource" from "resources/getAll";
        "MessageAdded" since "2022-05-10", "a message was added",
            "message" from "messages/getAll";
        "ResourceBlockUpdated" since "2022-08-11", "a resource block changed",
            "resource block" from "resourceBlocks/getAll";
        "CustomerAdded" since "2022-08-23", "a customer was added",
            "customer" from "customers/getAll";
        "CustomerUpdated" since "2022-08-23", "a customer was added or changed",
            "customer" from "customers/getAll";
        "PaymentUpdated" since "2025-01-09", "a payment was added or changed",
            "payment" from "payments/getAll";
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

/// The Connector operation that fetches the entity of a general event.
pub fn fetch_operation(discriminator: &str) -> Option<&'static str> {
    let mut general = Kind::General.events();
    let event = general.find(|event| event.name == discriminator)?;
    Some(event.fetch?.operation)
}
