//! The events of a payload and what each one says, for summaries.
//!
//! Nothing is copied and nothing kept: an event's properties are looked up when a report asks for
//! them, so a message of a million events costs no more memory than one of two.

use std::borrow::Cow;
use std::collections::HashMap;
use std::fmt;

use foldhash::fast::RandomState;
use serde::ser::{Serialize, SerializeMap, Serializer};

use crate::contract::Kind;
use crate::document::Node;

use super::summary::text;

/// The events of a message in order; the one event of a POS message.
#[derive(Clone, Copy, Default)]
pub struct Events<'d> {
    shape: Shape,
    /// The name of all events, in messages that state it once.
    name: Option<Node<'d>>,
    /// The array of events, or the only event.
    source: Option<Node<'d>>,
}

/// One event.
#[derive(Clone, Copy)]
pub struct Event<'d> {
    shape: Shape,
    name: Option<Node<'d>>,
    node: Node<'d>,
}

/// A property of an event, under its name in JSON reports.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Detail<'d> {
    /// The name.
    pub name: &'static str,
    /// The value.
    pub value: DetailValue<'d>,
}

/// The value of a [`Detail`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DetailValue<'d> {
    /// Text, such as an id or a state.
    Text(Cow<'d, str>),
    /// A time, as written.
    Time(Cow<'d, str>),
    /// Whether something is so.
    Flag(bool),
}

/// The events of one name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EventGroup<'d> {
    /// The discriminator or type; none where an event has none.
    pub name: Option<Cow<'d, str>>,
    /// How many there are.
    pub count: usize,
    /// The first of them, in order.
    pub first: Vec<Event<'d>>,
}

/// Which properties events have, and where.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
enum Shape {
    #[default]
    General,
    Websocket,
    Pos,
}

/// Where a property stands in an event.
type Place = for<'d> fn(Node<'d>) -> Option<Node<'d>>;

#[derive(Clone, Copy)]
enum Form {
    Text,
    Time,
    Flag,
}

struct Property {
    name: &'static str,
    form: Form,
    place: Place,
}

const fn property(name: &'static str, form: Form, place: Place) -> Property {
    Property { name, form, place }
}

static GENERAL: &[Property] = &[property("thread_id", Form::Text, |event| {
    // `MessageAdded` carries it under a name that the documentation does not give.
    let mut members = event.get("Value")?.as_object()?.members();
    members.find_map(|(name, value)| name.text().contains("Thread").then_some(value))
})];

// The second name of a property is what it was called earlier.
static WEBSOCKET: &[Property] = &[
    property("state", Form::Text, |event| event.get("State")),
    property("start_utc", Form::Time, |event| event.get("StartUtc")),
    property("end_utc", Form::Time, |event| event.get("EndUtc")),
    property("resource_id", Form::Text, |event| {
        (event.get("AssignedResourceId")).or_else(|| event.get("AssignedSpaceId"))
    }),
    property("rate_id", Form::Text, |event| event.get("RateId")),
    property("resource_category_id", Form::Text, |event| {
        (event.get("ResourceCategoryId")).or_else(|| event.get("SpaceCategoryId"))
    }),
];

static POS: &[Property] = &[
    property("type", Form::Text, |event| event.get("type")),
    property("state", Form::Text, |event| attribute(event, "state")),
    property("status", Form::Text, |event| attribute(event, "status")),
    property("total", Form::Text, |event| attribute(event, "total")),
    property("tip_amount", Form::Text, |event| {
        attribute(event, "tipAmount")
    }),
    property("correction_amount", Form::Text, |event| {
        attribute(event, "correctionAmount")
    }),
    property("available", Form::Flag, |event| {
        attribute(event, "isAvailable")
    }),
    property("order_id", Form::Text, |event| attribute(event, "orderId")),
    property("payment_id", Form::Text, |event| {
        attribute(event, "paymentId")
    }),
    property("updated_utc", Form::Time, |event| {
        attribute(event, "updatedAt").or_else(|| attribute(event, "updated_at"))
    }),
];

fn attribute<'d>(event: Node<'d>, name: &str) -> Option<Node<'d>> {
    event.get("attributes")?.get(name)
}

impl<'d> Events<'d> {
    pub(super) fn of(kind: Kind, root: Node<'d>) -> Self {
        let message = |shape| Self {
            shape,
            name: None,
            source: root.get("Events").filter(|node| node.as_array().is_some()),
        };
        match kind {
            Kind::Integration | Kind::Integration2019 => Self::default(),
            Kind::General => message(Shape::General),
            Kind::Websocket => message(Shape::Websocket),
            Kind::Pos => Self {
                shape: Shape::Pos,
                name: pos_name(root),
                source: root.get("data"),
            },
        }
    }

    /// Returns the events in order.
    pub fn iter(&self) -> impl Iterator<Item = Event<'d>> + use<'d> {
        let Self {
            shape,
            name,
            source,
        } = *self;
        let array = source.and_then(Node::as_array);
        let alone = source.filter(|_| array.is_none());
        let items = array.into_iter().flat_map(crate::document::Array::items);
        alone
            .into_iter()
            .chain(items)
            .map(move |node| Event { shape, name, node })
    }

    /// Returns the name that all events share.
    pub fn shared_name(&self) -> Option<Cow<'d, str>> {
        let mut events = self.iter();
        let name = events.next()?.name()?;
        events.all(|event| event.is_named(&name)).then_some(name)
    }

    /// Returns the events by name, in order of first appearance, and of each name `most` events.
    pub fn by_name(&self, most: usize) -> Vec<EventGroup<'d>> {
        /// How many names are compared one by one.
        const FEW: usize = 16;
        let mut groups: Vec<EventGroup<'d>> = Vec::new();
        // Where names are found that stand behind the first few.
        let mut places = HashMap::with_hasher(RandomState::default());
        for event in self.iter() {
            let name = event.name();
            let mut first = groups.iter().take(FEW);
            let known = first.position(|group| group.name == name);
            let known = known.or_else(|| places.get(&name).copied());
            let at = known.unwrap_or_else(|| {
                if groups.len() >= FEW {
                    places.insert(name.clone(), groups.len());
                }
                groups.push(EventGroup {
                    name,
                    count: 0,
                    first: Vec::new(),
                });
                groups.len() - 1
            });
            let group = &mut groups[at];
            group.count += 1;
            if group.first.len() < most {
                group.first.push(event);
            }
        }
        groups
    }
}

/// The type of a POS message's events.
pub(super) fn pos_name(root: Node<'_>) -> Option<Node<'_>> {
    let meta = root.get("meta")?;
    meta.get("eventType").or_else(|| meta.get("event_type"))
}

impl<'d> Event<'d> {
    fn name_node(&self) -> Option<Node<'d>> {
        match self.shape {
            Shape::General => self.node.get("Discriminator"),
            Shape::Websocket => self.node.get("Type"),
            Shape::Pos => self.name,
        }
    }

    fn is_named(&self, name: &str) -> bool {
        let node = self.name_node();
        // Masked names differ from what is written.
        node.is_some_and(|node| node.is_str(name)) || self.name().is_some_and(|own| own == name)
    }

    /// Returns the discriminator or type.
    pub fn name(&self) -> Option<Cow<'d, str>> {
        text(self.name_node())
    }

    /// Returns the id of the entity.
    pub fn id(&self) -> Option<Cow<'d, str>> {
        text(match self.shape {
            Shape::General => self.node.at(&["Value", "Id"]),
            Shape::Websocket => self.node.get("Id"),
            Shape::Pos => self.node.get("id"),
        })
    }

    /// Returns what else is known of the event.
    pub fn details(&self) -> impl Iterator<Item = Detail<'d>> + use<'d> {
        let properties = match self.shape {
            Shape::General => GENERAL,
            Shape::Websocket => WEBSOCKET,
            Shape::Pos => POS,
        };
        let node = self.node;
        properties.iter().filter_map(move |property| {
            let value = (property.place)(node)?;
            Some(Detail {
                name: property.name,
                value: match property.form {
                    Form::Text => DetailValue::Text(text(Some(value))?),
                    Form::Time => DetailValue::Time(time(value)?),
                    Form::Flag => DetailValue::Flag(value.as_bool()?),
                },
            })
        })
    }
}

/// A time as written. What consists of digits and signs is no secret, so most need no search for
/// one.
fn time(node: Node<'_>) -> Option<Cow<'_, str>> {
    const LONGEST: usize = 40;
    match node.as_str()? {
        Cow::Borrowed(time) if time.len() <= LONGEST && time.bytes().all(is_of_time) => {
            Some(Cow::Borrowed(time))
        }
        _ => text(Some(node)),
    }
}

fn is_of_time(byte: u8) -> bool {
    byte.is_ascii_digit() || matches!(byte, b'-' | b':' | b'.' | b'+' | b'T' | b'Z')
}

impl PartialEq for Event<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.name() == other.name() && self.id() == other.id() && self.details().eq(other.details())
    }
}

impl Eq for Event<'_> {}

// Derived, they would show the text of the payload, secrets and all.
impl fmt::Debug for Event<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = self.name();
        let mut event = f.debug_struct(name.as_deref().unwrap_or("Event"));
        event.field("id", &self.id());
        for Detail { name, value } in self.details() {
            event.field(name, &value);
        }
        event.finish()
    }
}

impl fmt::Debug for Events<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.iter()).finish()
    }
}

impl fmt::Display for DetailValue<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(text) | Self::Time(text) => f.write_str(text),
            Self::Flag(flag) => f.write_str(if *flag { "yes" } else { "no" }),
        }
    }
}

impl Serialize for DetailValue<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Text(text) | Self::Time(text) => serializer.serialize_str(text),
            Self::Flag(flag) => serializer.serialize_bool(*flag),
        }
    }
}

impl Serialize for Event<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("name", &self.name())?;
        map.serialize_entry("id", &self.id())?;
        for Detail { name, value } in self.details() {
            map.serialize_entry(name, &value)?;
        }
        map.end()
    }
}

impl Serialize for Events<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.iter())
    }
}
