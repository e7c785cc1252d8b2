//! The Mews POS webhook.
//! Source: <https://docs.mews.com/pos-api/events/webhooks>, 2025-02-20 to 2026-08-07.

use serde::de::Error;
use serde::{Deserialize, Deserializer};
use serde_json::{Map, Value};

use super::object::{from_object, object};
use super::{Id, Text, Utc};

/// Something happened in a POS outlet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PosMessage<S = String> {
    /// The type of the event: `meta.eventType`, or `meta.event_type` where that is missing.
    pub event_type: S,
    /// The event; several in one message are spoken of, but never shown.
    pub data: OneOrMany<PosEvent<S>>,
}

/// One, or an array of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum OneOrMany<T> {
    /// One, as in the published sample.
    One(T),
    /// An array.
    Many(Vec<T>),
}

/// One event: what happened to which entity.
#[derive(Debug, Clone, PartialEq, Eq)]
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

/// What happened to an entity, by the type of the event.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
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
    /// Those of an event type that the documentation does not list (yet).
    Other(Map<String, Value>),
}

/// A new status. The list of them is open.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(remote = "Self")]
pub struct Status<S = String> {
    /// The status.
    pub status: S,
}

/// A new state. The list of them is open.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(remote = "Self")]
pub struct State<S = String> {
    /// The state.
    pub state: S,
}

/// A new total.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(remote = "Self", rename_all = "camelCase")]
pub struct OrderTotal<S = String> {
    /// The total, a decimal number as text.
    pub total: S,
    /// The tip in it.
    pub tip_amount: Option<S>,
    /// The correction in it.
    pub correction_amount: Option<S>,
}

/// A new payment.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(remote = "Self", rename_all = "camelCase")]
pub struct OrderPayment {
    /// The order.
    pub order_id: Id,
    /// The payment.
    pub payment_id: Id,
}

/// A product's availability.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(remote = "Self", rename_all = "camelCase")]
pub struct ProductAvailability {
    /// Whether it is available now.
    pub is_available: bool,
}

/// A message before its event type has said how to read its data.
#[derive(Deserialize)]
#[serde(remote = "Self")]
struct Envelope<S> {
    data: Value,
    meta: Meta<S>,
}

#[derive(Deserialize)]
#[serde(remote = "Self", bound(deserialize = "S: Deserialize<'de>"))]
struct Meta<S> {
    #[serde(default, rename = "eventType", deserialize_with = "present")]
    event_type: Option<S>,
    /// The spelling until 2025-11-25.
    #[serde(default, rename = "event_type", deserialize_with = "present")]
    older_event_type: Option<S>,
}

/// An event before its type has said how to read its attributes.
#[derive(Deserialize)]
#[serde(remote = "Self")]
struct Draft<S> {
    id: S,
    #[serde(rename = "type")]
    entity_type: S,
    #[serde(deserialize_with = "object")]
    attributes: Map<String, Value>,
}

from_object! {
    Status<S> "an object with `status`",
    State<S> "an object with `state`",
    OrderTotal<S> "the total of an order",
    OrderPayment "the payment of an order",
    ProductAvailability "the availability of a product",
    Envelope<S> "a POS message",
    Meta<S> "the data about a POS message",
    Draft<S> "a POS event",
}

/// A property that may be absent, but not null.
fn present<'de, T: Deserialize<'de>, D: Deserializer<'de>>(
    value: D,
) -> Result<Option<T>, D::Error> {
    T::deserialize(value).map(Some)
}

impl<'de, S: Deserialize<'de>> Deserialize<'de> for PosMessage<S> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let Envelope { data, meta }: Envelope<Text<'de>> = object(deserializer)?;
        let event_type = meta
            .event_type
            .or(meta.older_event_type)
            .ok_or_else(|| D::Error::missing_field("eventType"))?;
        let data = match data {
            Value::Array(events) => events
                .into_iter()
                .map(|event| PosEvent::read(&event_type, event))
                .collect::<Result<_, _>>()
                .map(OneOrMany::Many),
            event => PosEvent::read(&event_type, event).map(OneOrMany::One),
        };
        let data = data.map_err(D::Error::custom)?;
        Ok(Self {
            event_type: event_type.keep()?,
            data,
        })
    }
}

impl<S> PosEvent<S> {
    fn read<'de>(event_type: &str, event: Value) -> Result<Self, serde_json::Error>
    where
        S: Deserialize<'de>,
    {
        let draft: Draft<S> = object(event)?;
        let updated_at = updated_at(&draft.attributes);
        let attributes = draft.attributes;
        let (updated_at, attributes) = match event_type {
            "booking.status.updated" => (
                Some(updated_at?),
                PosAttributes::BookingStatus(object(attributes)?),
            ),
            "order.state.updated" => (
                Some(updated_at?),
                PosAttributes::OrderState(object(attributes)?),
            ),
            "order.status.updated" => (
                Some(updated_at?),
                PosAttributes::OrderStatus(object(attributes)?),
            ),
            "order.total.updated" => (
                Some(updated_at?),
                PosAttributes::OrderTotal(object(attributes)?),
            ),
            "orders.payments.added" => (
                Some(updated_at?),
                PosAttributes::OrderPayment(object(attributes)?),
            ),
            "product.availability.updated" => (
                Some(updated_at?),
                PosAttributes::ProductAvailability(object(attributes)?),
            ),
            _ => (None, PosAttributes::Other(attributes)),
        };
        Ok(Self {
            id: draft.id,
            entity_type: draft.entity_type,
            updated_at,
            attributes,
        })
    }
}

/// When an event happened, in either spelling; both must be right where both are there.
fn updated_at(attributes: &Map<String, Value>) -> Result<Utc, serde_json::Error> {
    let read = |name| attributes.get(name).map(Utc::deserialize).transpose();
    let (newer, older) = (read("updatedAt")?, read("updated_at")?);
    newer
        .or(older)
        .ok_or_else(|| serde_json::Error::missing_field("updatedAt"))
}
