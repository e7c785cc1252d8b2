//! The Mews POS webhook.
//! Source: <https://docs.mews.com/pos-api/events/webhooks>, 2025-02-20 to 2026-08-07.

use std::fmt;
use std::marker::PhantomData;

use serde::de::value::MapAccessDeserializer;
use serde::de::{
    DeserializeSeed, Error, IgnoredAny, IntoDeserializer, MapAccess, SeqAccess, Visitor,
};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::{Map, Value};

use super::object::{object, objects, read_objects};
use super::tagged::{Tagged, tagged, write};
use super::{Id, Text, Utc};

/// A POS message: an event in an outlet.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct PosMessage<S = String> {
    /// The type of the event: `meta.eventType`, or `meta.event_type` where that is missing.
    pub event_type: S,
    /// The event. The documentation mentions several events in one message, but has no example.
    pub data: OneOrMany<PosEvent<S>>,
}

/// One value, or an array of values.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum OneOrMany<T> {
    /// One value, as in the published sample.
    One(T),
    /// An array.
    Many(Vec<T>),
}

/// An event: an entity, and what happened to it.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct PosEvent<S = String> {
    /// The entity.
    pub id: S,
    /// The entity's type: `bookings`, `orders`, `products`.
    pub entity_type: S,
    /// When it happened: `updatedAt`, or `updated_at` where that is missing. None for an event
    /// type that the documentation does not list.
    pub updated_at: Option<Utc>,
    /// What happened.
    pub attributes: PosAttributes<S>,
}

/// The attributes of an event, which depend on its type.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
#[serde(untagged)]
pub enum PosAttributes<S = String> {
    /// `booking.status.updated`.
    BookingStatus(Status<S>),
    /// `order.state.updated`.
    OrderState(State<S>),
    /// `order.status.updated`.
    OrderStatus(Status<S>),
    /// `order.total.updated`.
    OrderTotal(OrderTotal<S>),
    /// `orders.payments.added`.
    OrderPayment(OrderPayment),
    /// `product.availability.updated`.
    ProductAvailability(ProductAvailability),
    /// The attributes of an event type that the documentation does not list (yet).
    Other(Map<String, Value>),
}

/// A new status. The list of statuses is open.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
#[non_exhaustive]
#[serde(remote = "Self")]
pub struct Status<S = String> {
    /// The status.
    pub status: S,
}

/// A new state. The list of states is open.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
#[non_exhaustive]
#[serde(remote = "Self")]
pub struct State<S = String> {
    /// The state.
    pub state: S,
}

/// A new total.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
#[non_exhaustive]
#[serde(remote = "Self", rename_all = "camelCase")]
pub struct OrderTotal<S = String> {
    /// The total, a decimal number as text.
    pub total: S,
    /// The tip that the total includes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tip_amount: Option<S>,
    /// The correction that the total includes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub correction_amount: Option<S>,
}

/// A new payment.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
#[non_exhaustive]
#[serde(remote = "Self", rename_all = "camelCase")]
pub struct OrderPayment {
    /// The order.
    pub order_id: Id,
    /// The payment.
    pub payment_id: Id,
}

/// A product's availability.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
#[non_exhaustive]
#[serde(remote = "Self", rename_all = "camelCase")]
pub struct ProductAvailability {
    /// Whether the product is available now.
    pub is_available: bool,
}

objects! {
    Status<S>,
    State<S>,
    OrderTotal<S>,
    OrderPayment,
    ProductAvailability,
}

/// The type of a message's event, in either spelling. If both are present, both must be valid.
pub(super) struct EventType<'a>(Text<'a>);

impl<'de> Deserialize<'de> for EventType<'de> {
    fn deserialize<D: Deserializer<'de>>(meta: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(remote = "Self", bound(deserialize = "S: Deserialize<'de>"))]
        struct Meta<S> {
            #[serde(default, rename = "eventType", deserialize_with = "present")]
            event_type: Option<S>,
            /// The spelling until 2025-11-25.
            #[serde(default, rename = "event_type", deserialize_with = "present")]
            older_event_type: Option<S>,
        }

        read_objects! { Meta<S> }

        let meta: Meta<Text<'de>> = object(meta)?;
        let event_type = meta.event_type.or(meta.older_event_type);
        let missing = || D::Error::missing_field("eventType");
        event_type.map(Self).ok_or_else(missing)
    }
}

/// Reads a property that may be absent, but not null.
fn present<'de, T: Deserialize<'de>, D: Deserializer<'de>>(
    value: D,
) -> Result<Option<T>, D::Error> {
    T::deserialize(value).map(Some)
}

impl<'de, S: Deserialize<'de>> Tagged<'de> for PosMessage<S> {
    const TAG: &'static str = "meta";
    const CONTENT: &'static str = "data";
    type Tag = EventType<'de>;

    fn read<D: Deserializer<'de>>(tag: EventType<'de>, data: D) -> Result<Self, D::Error> {
        let EventType(event_type) = tag;
        let data = data.deserialize_any(DataReader(&event_type, PhantomData))?;
        Ok(Self {
            event_type: event_type.keep()?,
            data,
        })
    }
}

impl<'de, S: Deserialize<'de>> Deserialize<'de> for PosMessage<S> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        tagged(deserializer)
    }
}

/// Reads one event or an array of events of a type.
struct DataReader<'a, S>(&'a str, PhantomData<S>);

impl<'de, S: Deserialize<'de>> Visitor<'de> for DataReader<'_, S> {
    type Value = OneOrMany<PosEvent<S>>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object or an array of objects")
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Self::Value, A::Error> {
        EventReader(self.0, PhantomData)
            .visit_map(map)
            .map(OneOrMany::One)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Self::Value, A::Error> {
        let mut events = Vec::new();
        while let Some(event) = items.next_element_seed(EventReader(self.0, PhantomData))? {
            events.push(event);
        }
        Ok(OneOrMany::Many(events))
    }
}

/// Reads one event of a type.
struct EventReader<'a, S>(&'a str, PhantomData<S>);

impl<'de, S: Deserialize<'de>> DeserializeSeed<'de> for EventReader<'_, S> {
    type Value = PosEvent<S>;

    fn deserialize<D: Deserializer<'de>>(self, event: D) -> Result<PosEvent<S>, D::Error> {
        event.deserialize_map(self)
    }
}

impl<'de, S: Deserialize<'de>> Visitor<'de> for EventReader<'_, S> {
    type Value = PosEvent<S>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<PosEvent<S>, A::Error> {
        let (mut id, mut entity_type, mut attributes) = (None, None, None);
        while let Some(name) = map.next_key::<Text<'de>>()? {
            match &*name {
                "id" => id = Some(map.next_value()?),
                "type" => entity_type = Some(map.next_value()?),
                "attributes" => {
                    let reader = AttributesReader(self.0, PhantomData);
                    attributes = Some(map.next_value_seed(reader)?);
                }
                _ => {
                    map.next_value::<IgnoredAny>()?;
                }
            }
        }
        let missing = A::Error::missing_field;
        let (updated_at, attributes) = attributes.ok_or_else(|| missing("attributes"))?;
        Ok(PosEvent {
            id: id.ok_or_else(|| missing("id"))?,
            entity_type: entity_type.ok_or_else(|| missing("type"))?,
            updated_at,
            attributes,
        })
    }
}

/// Reads the attributes of an event of a type, and when it happened.
struct AttributesReader<'a, S>(&'a str, PhantomData<S>);

impl<'de, S: Deserialize<'de>> DeserializeSeed<'de> for AttributesReader<'_, S> {
    type Value = (Option<Utc>, PosAttributes<S>);

    fn deserialize<D: Deserializer<'de>>(self, attributes: D) -> Result<Self::Value, D::Error> {
        attributes.deserialize_map(self)
    }
}

impl<'de, S: Deserialize<'de>> Visitor<'de> for AttributesReader<'_, S> {
    type Value = (Option<Utc>, PosAttributes<S>);

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Self::Value, A::Error> {
        let mut times = Times {
            map,
            newer: None,
            older: None,
        };
        let rest = MapAccessDeserializer::new(&mut times);
        let attributes = match self.0 {
            "booking.status.updated" => PosAttributes::BookingStatus(object(rest)?),
            "order.state.updated" => PosAttributes::OrderState(object(rest)?),
            "order.status.updated" => PosAttributes::OrderStatus(object(rest)?),
            "order.total.updated" => PosAttributes::OrderTotal(object(rest)?),
            "orders.payments.added" => PosAttributes::OrderPayment(object(rest)?),
            "product.availability.updated" => PosAttributes::ProductAvailability(object(rest)?),
            _ => {
                let all = object(MapAccessDeserializer::new(times.map))?;
                return Ok((None, PosAttributes::Other(all)));
            }
        };
        match times.newer.or(times.older) {
            Some(time) => Ok((Some(time), attributes)),
            None => Err(A::Error::missing_field("updatedAt")),
        }
    }
}

/// A map of an event's attributes that leaves out the time of the event and stores it. The time may
/// have either spelling. If both are present, both must be valid.
struct Times<A> {
    map: A,
    newer: Option<Utc>,
    older: Option<Utc>,
}

impl<'de, A: MapAccess<'de>> MapAccess<'de> for Times<A> {
    type Error = A::Error;

    fn next_key_seed<K: DeserializeSeed<'de>>(
        &mut self,
        seed: K,
    ) -> Result<Option<K::Value>, A::Error> {
        while let Some(name) = self.map.next_key::<Text<'de>>()? {
            match &*name {
                "updatedAt" => self.newer = Some(self.map.next_value()?),
                "updated_at" => self.older = Some(self.map.next_value()?),
                _ => return seed.deserialize(name.0.into_deserializer()).map(Some),
            }
        }
        Ok(None)
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, A::Error> {
        self.map.next_value_seed(seed)
    }
}

impl<S: Serialize> Serialize for PosMessage<S> {
    fn serialize<W: Serializer>(&self, writer: W) -> Result<W::Ok, W::Error> {
        #[derive(Serialize)]
        #[serde(rename_all = "camelCase")]
        struct Meta<'a, S> {
            event_type: &'a S,
        }

        let event_type = &self.event_type;
        write(writer, ["data", "meta"], &self.data, &Meta { event_type })
    }
}

impl<S: Serialize> Serialize for PosEvent<S> {
    fn serialize<W: Serializer>(&self, writer: W) -> Result<W::Ok, W::Error> {
        #[derive(Serialize)]
        struct Event<'a, S> {
            id: &'a S,
            #[serde(rename = "type")]
            entity_type: &'a S,
            attributes: Attributes<'a, S>,
        }

        #[derive(Serialize)]
        struct Attributes<'a, S> {
            #[serde(flatten, bound(serialize = "S: Serialize"))]
            rest: &'a PosAttributes<S>,
            #[serde(rename = "updatedAt", skip_serializing_if = "Option::is_none")]
            updated_at: Option<&'a Utc>,
        }

        let attributes = Attributes {
            rest: &self.attributes,
            updated_at: self.updated_at.as_ref(),
        };
        Event {
            id: &self.id,
            entity_type: &self.entity_type,
            attributes,
        }
        .serialize(writer)
    }
}
