//! The typed payloads, which state the contract as Rust types.
//!
//! The models do not depend on the schemas, and every payload is checked by both. A handler reads
//! the body of a request of any kind:
//!
//! ```
//! use mewshook::models::{GeneralEvent, Payload};
//!
//! let body = br#"{
//!     "EnterpriseId": "851df8c8-90f2-4c4a-8e01-a4fc46b25178",
//!     "IntegrationId": "c8bee838-7fb1-4f4e-8fac-ac87008b2f90",
//!     "Events": [{
//!         "Discriminator": "CustomerAdded",
//!         "Value": {"Id": "c2f1d888-232e-49eb-87ac-5f75363af13b"}
//!     }]
//! }"#;
//! let Payload::General(message) = Payload::from_slice(body)? else {
//!     panic!("it is a general message")
//! };
//! assert!(matches!(&message.events[0], GeneralEvent::CustomerAdded(customer)
//!     if customer.id.to_string().starts_with("c2f1d888")));
//! # Ok::<(), mewshook::models::ReadError>(())
//! ```
//!
//! All models implement `Deserialize`, for a URL that receives only one kind. `S` is the type of
//! texts: `String`, or [`Text`], which borrows from the input.
//!
//! # Writing
//! All models are `Serialize`, with the names that Mews uses. What is written reads as the same model
//! again. It is what Mews sends today, and need not be the text that was read:
//!
//! - Properties that the documentation does not list are not kept, except in events that it does not
//!   list.
//! - Optional properties that are absent or null are not written.
//! - Ids are in lower case. Times keep their offset, and their fraction to the nanosecond.
//! - The older spellings `event_type` and `updated_at` become `eventType` and `updatedAt`, and the
//!   strings `"true"` and `"false"` become booleans.
//! - The value of a [`Secret`] is written, and not masked.

mod accessors;
mod general;
mod integration;
mod integration_2019;
mod object;
mod payload;
mod pos;
mod read;
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
pub use read::ReadError;
pub use scalars::{Email, Flag, Id, Text, Utc};
pub use secret::Secret;
pub use websocket::{
    DeviceCommand, PriceUpdate, Reservation, Resource, WebsocketEvent, WebsocketMessage,
};
