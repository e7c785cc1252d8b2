//! The typed payloads: the contract once more, as Rust types.
//!
//! They state the rules independently of the schemas, and every payload is checked by both. For
//! your own handlers they read with plain serde:
//!
//! ```
//! use mewshook::models::{GeneralEvent, GeneralMessage, Payload};
//!
//! let body = r#"{
//!     "EnterpriseId": "851df8c8-90f2-4c4a-8e01-a4fc46b25178",
//!     "IntegrationId": "c8bee838-7fb1-4f4e-8fac-ac87008b2f90",
//!     "Events": [{
//!         "Discriminator": "CustomerAdded",
//!         "Value": {"Id": "c2f1d888-232e-49eb-87ac-5f75363af13b"}
//!     }]
//! }"#;
//! let message: GeneralMessage = serde_json::from_str(body)?;
//! assert!(matches!(&message.events[0], GeneralEvent::CustomerAdded(customer)
//!     if customer.id.to_string().starts_with("c2f1d888")));
//!
//! // Where a URL receives several kinds of payload:
//! let payload: Payload = serde_json::from_str(body)?;
//! assert!(matches!(payload, Payload::General(_)));
//! # Ok::<(), serde_json::Error>(())
//! ```
//!
//! `S` is how text is kept: `String`, or [`Text`] to borrow from what is read.

mod accessors;
mod general;
mod integration;
mod integration_2019;
mod object;
mod payload;
mod pos;
mod scalars;
mod secret;
mod tagged;
mod websocket;

pub use accessors::PayloadEvent;
pub use general::{Entities, Entity, GeneralEvent, GeneralMessage};
pub use integration::{
    ApiKeyCreated, Created, Deleted, Enterprise, Integration, IntegrationEvent, OnlyIntegration,
    Requestor, Service,
};
pub use integration_2019::{Data2019, IntegrationEvent2019};
pub use payload::Payload;
pub use pos::{
    OneOrMany, OrderPayment, OrderTotal, PosAttributes, PosEvent, PosMessage, ProductAvailability,
    State, Status,
};
pub use scalars::{Email, Flag, Id, Text, Utc};
pub use secret::Secret;
pub use websocket::{
    DeviceCommand, PriceUpdate, Reservation, Resource, WebsocketEvent, WebsocketMessage,
};
