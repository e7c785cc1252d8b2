//! The websocket message: no webhook, but captured beside them.
//! Source: <https://docs.mews.com/connector-api/events/websockets>, 2018-05-01 to 2026-08-07.

use std::fmt;
use std::marker::PhantomData;

use serde::de::value::MapAccessDeserializer;
use serde::de::{Error, MapAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::{Map, Value};

use super::object::{object, objects};
use super::read::ValueReader;
use super::tagged::Name;
use super::{Id, Text, Utc};

/// A websocket message: events that were sent over a connection.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
#[non_exhaustive]
#[serde(remote = "Self", rename_all = "PascalCase")]
pub struct WebsocketMessage<S = String> {
    /// The events.
    pub events: Vec<WebsocketEvent<S>>,
}

/// An event. The lists of states are open, since Mews has renamed a state before.
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
        /// The complete event, including its type.
        event: Map<String, Value>,
    },
}

/// A command to a device.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
#[non_exhaustive]
#[serde(remote = "Self", rename_all = "PascalCase")]
pub struct DeviceCommand<S = String> {
    /// The command.
    pub id: Id,
    /// `Pending`, `Received`, `Processing`, `Processed`, `Cancelled`, `Error`.
    pub state: S,
}

/// A reservation.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
#[non_exhaustive]
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
    #[serde(skip_serializing_if = "Option::is_none")]
    pub assigned_resource_id: Option<Id>,
    /// The former name of `AssignedResourceId`, until 2020-09-21.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub assigned_space_id: Option<Id>,
}

/// A resource.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
#[non_exhaustive]
#[serde(remote = "Self", rename_all = "PascalCase")]
pub struct Resource<S = String> {
    /// The resource.
    pub id: Id,
    /// `Dirty`, `Clean`, `Inspected`, `OutOfService`, `OutOfOrder`.
    pub state: S,
}

/// A change of prices.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
#[non_exhaustive]
#[serde(remote = "Self", rename_all = "PascalCase")]
pub struct PriceUpdate {
    /// The change.
    pub id: Id,
    /// The start of the period for which the prices changed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub start_utc: Option<Utc>,
    /// The end of the period for which the prices changed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub end_utc: Option<Utc>,
    /// The rate.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rate_id: Option<Id>,
    /// The resource category.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub resource_category_id: Option<Id>,
    /// The former name of `ResourceCategoryId`, until 2020-09-21.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub space_category_id: Option<Id>,
}

objects! {
    WebsocketMessage<S>,
    DeviceCommand<S>,
    Reservation<S>,
    Resource<S>,
    PriceUpdate,
}

/// The type is one of the event's own properties. Mews writes it first. Properties before it are
/// stored as [`Value`]s until it was read.
impl<'de, S: Deserialize<'de>> Deserialize<'de> for WebsocketEvent<S> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct EventVisitor<S>(PhantomData<S>);

        impl<'de, S: Deserialize<'de>> Visitor<'de> for EventVisitor<S> {
            type Value = WebsocketEvent<S>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut early = Map::new();
                while let Some(name) = map.next_key::<Text<'de>>()? {
                    if *name != *TYPE {
                        early.insert(name.0.into_owned(), map.next_value()?);
                        continue;
                    }
                    let name = map.next_value()?;
                    if early.is_empty() {
                        return WebsocketEvent::read(name, MapAccessDeserializer::new(map));
                    }
                    while let Some((name, value)) = map.next_entry()? {
                        early.insert(name, value);
                    }
                    let event = WebsocketEvent::read(name, ValueReader(&early.into()));
                    return event.map_err(A::Error::custom);
                }
                Err(A::Error::missing_field(TYPE))
            }
        }

        deserializer.deserialize_map(EventVisitor(PhantomData))
    }
}

const TYPE: &str = "Type";

impl<S> WebsocketEvent<S> {
    /// Reads the other properties, once the type is known.
    fn read<'de, D: Deserializer<'de>>(name: Text<'de>, rest: D) -> Result<Self, D::Error>
    where
        S: Deserialize<'de>,
    {
        match &*name {
            "DeviceCommand" => object(rest).map(Self::DeviceCommand),
            "Reservation" => object(rest).map(Self::Reservation),
            "Resource" => object(rest).map(Self::Resource),
            "Space" => object(rest).map(Self::Space),
            "PriceUpdate" => object(rest).map(Self::PriceUpdate),
            _ => {
                let mut event = Map::new();
                event.insert(TYPE.to_owned(), (*name).into());
                event.extend(object::<Map<String, Value>, D>(rest)?);
                let name = name.keep()?;
                Ok(Self::Other { name, event })
            }
        }
    }

    /// Returns the name of the event's type: `Ok` if the documentation lists it, otherwise `Err`.
    pub(super) fn name(&self) -> Result<&'static str, &S> {
        Ok(match self {
            Self::DeviceCommand(_) => "DeviceCommand",
            Self::Reservation(_) => "Reservation",
            Self::Resource(_) => "Resource",
            Self::Space(_) => "Space",
            Self::PriceUpdate(_) => "PriceUpdate",
            Self::Other { name, .. } => return Err(name),
        })
    }
}

impl<S: Serialize> Serialize for WebsocketEvent<S> {
    fn serialize<W: Serializer>(&self, writer: W) -> Result<W::Ok, W::Error> {
        #[derive(Serialize)]
        struct Typed<'a, S, T> {
            #[serde(rename = "Type")]
            name: Name<'a, S>,
            #[serde(flatten)]
            rest: &'a T,
        }

        let name = Name(self.name());
        match self {
            Self::DeviceCommand(rest) => Typed { name, rest }.serialize(writer),
            Self::Reservation(rest) => Typed { name, rest }.serialize(writer),
            Self::Resource(rest) | Self::Space(rest) => Typed { name, rest }.serialize(writer),
            Self::PriceUpdate(rest) => Typed { name, rest }.serialize(writer),
            Self::Other { event, .. } => event.serialize(writer),
        }
    }
}
