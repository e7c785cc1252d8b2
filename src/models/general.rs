//! The general webhook: events that name entities to fetch.
//! Source: <https://docs.mews.com/connector-api/events/wh-general>, 2021-02-09 to 2026-08-07.

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::{Map, Value};

use super::object::{object, objects};
use super::tagged::{Tagged, tagged, write};
use super::{Id, Text};

/// A general message: events that happened at the same time in one enterprise.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
#[non_exhaustive]
#[serde(remote = "Self", rename_all = "PascalCase")]
pub struct GeneralMessage<S = String> {
    /// The enterprise.
    pub enterprise_id: Id,
    /// The integration.
    pub integration_id: Id,
    /// The events, at most a few hundred.
    pub events: Vec<GeneralEvent<S>>,
    /// The entities, which were documented until 2022-08-23.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub entities: Option<Entities>,
}

/// An event, which names the entity to fetch.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum GeneralEvent<S = String> {
    /// `ServiceOrderUpdated`, since 2021-02-09. The entity is currently always a reservation.
    ServiceOrderUpdated(Entity),
    /// `ResourceUpdated`, since 2021-05-20.
    ResourceUpdated(Entity),
    /// `MessageAdded`, since 2022-05-10.
    MessageAdded(Entity),
    /// `ResourceBlockUpdated`, since 2022-08-11.
    ResourceBlockUpdated(Entity),
    /// `CustomerAdded`, since 2022-08-23.
    CustomerAdded(Entity),
    /// `CustomerUpdated`, since 2022-08-23.
    CustomerUpdated(Entity),
    /// `PaymentUpdated`, since 2025-01-09.
    PaymentUpdated(Entity),
    /// An event that the documentation does not list (yet).
    Other {
        /// Its name.
        discriminator: S,
        /// Its value, which is not documented.
        value: Map<String, Value>,
    },
}

/// An entity by its id.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
#[non_exhaustive]
#[serde(remote = "Self", rename_all = "PascalCase")]
pub struct Entity {
    /// The id, with which the entity is fetched.
    pub id: Id,
}

/// The entities of a message, with the properties that the operation which fetches them returns.
/// Only their ids are read.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
#[non_exhaustive]
#[serde(remote = "Self", rename_all = "PascalCase")]
pub struct Entities {
    /// Service orders.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub service_orders: Option<Vec<Entity>>,
    /// Resources.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub resources: Option<Vec<Entity>>,
    /// Messages.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub messages: Option<Vec<Entity>>,
    /// Resource blocks.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub resource_blocks: Option<Vec<Entity>>,
}

objects! {
    GeneralMessage<S>,
    Entity,
    Entities,
}

impl<'de, S: Deserialize<'de>> Tagged<'de> for GeneralEvent<S> {
    const TAG: &'static str = "Discriminator";
    const CONTENT: &'static str = "Value";
    type Tag = Text<'de>;

    fn read<D: Deserializer<'de>>(discriminator: Text<'de>, value: D) -> Result<Self, D::Error> {
        let variant = match &*discriminator {
            "ServiceOrderUpdated" => Self::ServiceOrderUpdated,
            "ResourceUpdated" => Self::ResourceUpdated,
            "MessageAdded" => Self::MessageAdded,
            "ResourceBlockUpdated" => Self::ResourceBlockUpdated,
            "CustomerAdded" => Self::CustomerAdded,
            "CustomerUpdated" => Self::CustomerUpdated,
            "PaymentUpdated" => Self::PaymentUpdated,
            _ => {
                return Ok(Self::Other {
                    discriminator: discriminator.keep()?,
                    value: object(value)?,
                });
            }
        };
        object(value).map(variant)
    }
}

impl<'de, S: Deserialize<'de>> Deserialize<'de> for GeneralEvent<S> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        tagged(deserializer)
    }
}

/// The name and the entity of a listed event, or the name and the value of an unlisted one.
type Parts<'e, S> = Result<(&'static str, &'e Entity), (&'e S, &'e Map<String, Value>)>;

impl<S> GeneralEvent<S> {
    /// Returns the name of the event, and its entity or value.
    pub(super) fn parts(&self) -> Parts<'_, S> {
        Ok(match self {
            Self::ServiceOrderUpdated(entity) => ("ServiceOrderUpdated", entity),
            Self::ResourceUpdated(entity) => ("ResourceUpdated", entity),
            Self::MessageAdded(entity) => ("MessageAdded", entity),
            Self::ResourceBlockUpdated(entity) => ("ResourceBlockUpdated", entity),
            Self::CustomerAdded(entity) => ("CustomerAdded", entity),
            Self::CustomerUpdated(entity) => ("CustomerUpdated", entity),
            Self::PaymentUpdated(entity) => ("PaymentUpdated", entity),
            Self::Other {
                discriminator,
                value,
            } => return Err((discriminator, value)),
        })
    }
}

impl<S: Serialize> Serialize for GeneralEvent<S> {
    fn serialize<W: Serializer>(&self, writer: W) -> Result<W::Ok, W::Error> {
        const NAMES: [&str; 2] = ["Discriminator", "Value"];
        match self.parts() {
            Ok((name, entity)) => write(writer, NAMES, name, entity),
            Err((name, value)) => write(writer, NAMES, name, value),
        }
    }
}
