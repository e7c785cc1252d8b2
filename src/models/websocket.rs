//! The websocket message: no webhook, but captured beside them.
//! Source: <https://docs.mews.com/connector-api/events/websockets>, 2018-05-01 to 2026-08-07.

use serde::de::{Error, IntoDeserializer};
use serde::{Deserialize, Deserializer};
use serde_json::{Map, Value};

use super::object::{from_object, object};
use super::{Id, Utc};

/// What happened during a connection.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(remote = "Self", rename_all = "PascalCase")]
pub struct WebsocketMessage<S = String> {
    /// The events.
    pub events: Vec<WebsocketEvent<S>>,
}

/// One event. Lists of states are open: Mews has renamed one before.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum WebsocketEvent<S = String> {
    /// `DeviceCommand`, since 2018-05-01.
    DeviceCommand(DeviceCommand<S>),
    /// `Reservation`, since 2018-05-01.
    Reservation(Reservation<S>),
    /// `Resource`, since 2020-09-21.
    Resource(Resource<S>),
    /// `Space`: what `Resource` was called from 2018-05-01 to 2020-09-21.
    Space(Resource<S>),
    /// `PriceUpdate`, since 2019-09-06.
    PriceUpdate(PriceUpdate),
    /// An event that the documentation does not list (yet).
    Other {
        /// Its type.
        name: S,
        /// The whole event, its type included.
        event: Map<String, Value>,
    },
}

/// A command to a device.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(remote = "Self", rename_all = "PascalCase")]
pub struct DeviceCommand<S = String> {
    /// The command.
    pub id: Id,
    /// `Pending`, `Received`, `Processing`, `Processed`, `Cancelled`, `Error`.
    pub state: S,
}

/// A reservation.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(remote = "Self", rename_all = "PascalCase")]
pub struct Reservation<S = String> {
    /// The reservation.
    pub id: Id,
    /// `Enquired`, `Inquired`, `Requested`, `Optional`, `Confirmed`, `Started`, `Processed`,
    /// `Canceled`.
    pub state: S,
    /// Arrival.
    pub start_utc: Utc,
    /// Departure.
    pub end_utc: Utc,
    /// The resource that is assigned.
    pub assigned_resource_id: Option<Id>,
    /// The same, as it was called until 2020-09-21.
    pub assigned_space_id: Option<Id>,
}

/// A resource.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(remote = "Self", rename_all = "PascalCase")]
pub struct Resource<S = String> {
    /// The resource.
    pub id: Id,
    /// `Dirty`, `Clean`, `Inspected`, `OutOfService`, `OutOfOrder`.
    pub state: S,
}

/// A change of prices.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(remote = "Self", rename_all = "PascalCase")]
pub struct PriceUpdate {
    /// The change.
    pub id: Id,
    /// From when the prices hold.
    pub start_utc: Option<Utc>,
    /// Until when the prices hold.
    pub end_utc: Option<Utc>,
    /// The rate.
    pub rate_id: Option<Id>,
    /// The resource category.
    pub resource_category_id: Option<Id>,
    /// The same, as it was called until 2020-09-21.
    pub space_category_id: Option<Id>,
}

from_object! {
    WebsocketMessage<S> "a websocket message",
    DeviceCommand<S> "a device command",
    Reservation<S> "a reservation",
    Resource<S> "a resource",
    PriceUpdate "a price update",
}

/// The type stands among the event's own properties, so an event is read once for its type and
/// then again.
impl<'de, S: Deserialize<'de>> Deserialize<'de> for WebsocketEvent<S> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let event: Map<String, Value> = object(deserializer)?;
        let name = event
            .get("Type")
            .ok_or_else(|| D::Error::missing_field("Type"))?;
        let name = String::deserialize(name).map_err(D::Error::custom)?;
        let read = match &*name {
            "DeviceCommand" => object(event).map(Self::DeviceCommand),
            "Reservation" => object(event).map(Self::Reservation),
            "Resource" => object(event).map(Self::Resource),
            "Space" => object(event).map(Self::Space),
            "PriceUpdate" => object(event).map(Self::PriceUpdate),
            _ => S::deserialize(name.into_deserializer()).map(|name| Self::Other { name, event }),
        };
        read.map_err(D::Error::custom)
    }
}
