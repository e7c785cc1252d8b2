//! Reads the events of a payload and their properties, for summaries.
//!
//! Nothing is copied: an event is read when a report reaches it, so a message
//! with a million events takes no more memory than one with two.

use std::borrow::Cow;
use std::collections::HashMap;
use std::fmt;

use foldhash::fast::RandomState;
use serde::ser::{Serialize, SerializeMap, Serializer};

use crate::contract::Kind;
use crate::document::{Array, Node};
use crate::secrets::Masking;

use super::summary_text::SummaryText;

/// The events of a message, in order.
#[derive(Clone, Copy, Default)]
pub struct Events<'d> {
    layout: Layout,
    /// The name of all events, in messages that state it only once.
    name: Option<Node<'d>>,
    /// The array of events, or a single event.
    source: Option<Node<'d>>,
    masking: Masking,
}

/// One event.
#[derive(Clone, Copy)]
pub struct EventSummary<'d> {
    layout: Layout,
    name: Option<Node<'d>>,
    id: Option<Node<'d>>,
    /// The value that has the other properties; `None` if a general event has no `Value`.
    node: Option<Node<'d>>,
    masking: Masking,
}

/// A property of an event, with its name in JSON reports.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Detail<'d> {
    /// The name.
    pub name: &'static str,
    /// The value.
    pub value: DetailValue<'d>,
}

/// The value of a [`Detail`].
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum DetailValue<'d> {
    /// Text, such as an id or a state.
    Text(SummaryText<'d>),
    /// A time, as written.
    Time(SummaryText<'d>),
    /// Yes or no.
    Flag(bool),
}

/// The events that have the same name.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct EventGroup<'d> {
    /// The discriminator or type; `None` for events without one.
    pub name: Option<SummaryText<'d>>,
    /// The number of events.
    pub count: usize,
    /// The first events, in order.
    pub first: Vec<EventSummary<'d>>,
}

/// The properties that events have, and where they are.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
enum Layout {
    #[default]
    General,
    Websocket,
    Pos,
}

/// Looks up a property in an event.
type Lookup = for<'d> fn(Node<'d>) -> Option<Node<'d>>;

#[derive(Clone, Copy)]
enum ValueType {
    Text,
    Time,
    Flag,
}

struct Property {
    name: &'static str,
    value_type: ValueType,
    lookup: Lookup,
}

const fn property(name: &'static str, value_type: ValueType, lookup: Lookup) -> Property {
    Property {
        name,
        value_type,
        lookup,
    }
}

static GENERAL: &[Property] = &[property("thread_id", ValueType::Text, |value| {
    // `MessageAdded` may carry it, but the documentation does not say under which name.
    let mut members = value.as_object()?.members();
    members.find_map(|(name, value)| name.text().contains("Thread").then_some(value))
})];

// The second name of a property is its older spelling.
static WEBSOCKET: &[Property] = &[
    property("state", ValueType::Text, |event| event.get("State")),
    property("start_utc", ValueType::Time, |event| event.get("StartUtc")),
    property("end_utc", ValueType::Time, |event| event.get("EndUtc")),
    property("resource_id", ValueType::Text, |event| {
        (event.get("AssignedResourceId")).or_else(|| event.get("AssignedSpaceId"))
    }),
    property("rate_id", ValueType::Text, |event| event.get("RateId")),
    property("resource_category_id", ValueType::Text, |event| {
        (event.get("ResourceCategoryId")).or_else(|| event.get("SpaceCategoryId"))
    }),
];

static POS: &[Property] = &[
    property("type", ValueType::Text, |event| event.get("type")),
    property("state", ValueType::Text, |event| attribute(event, "state")),
    property("status", ValueType::Text, |event| {
        attribute(event, "status")
    }),
    property("total", ValueType::Text, |event| attribute(event, "total")),
    property("tip_amount", ValueType::Text, |event| {
        attribute(event, "tipAmount")
    }),
    property("correction_amount", ValueType::Text, |event| {
        attribute(event, "correctionAmount")
    }),
    property("available", ValueType::Flag, |event| {
        attribute(event, "isAvailable")
    }),
    property("order_id", ValueType::Text, |event| {
        attribute(event, "orderId")
    }),
    property("payment_id", ValueType::Text, |event| {
        attribute(event, "paymentId")
    }),
    property("updated_utc", ValueType::Time, |event| {
        attribute(event, "updatedAt").or_else(|| attribute(event, "updated_at"))
    }),
];

/// Returns the items of the root's `Events`, if it is an array.
pub(crate) fn event_nodes(root: Node<'_>) -> impl Iterator<Item = Node<'_>> {
    let array = root.get("Events").and_then(Node::as_array);
    array.into_iter().flat_map(Array::items)
}

fn attribute<'d>(event: Node<'d>, name: &str) -> Option<Node<'d>> {
    event.get("attributes")?.get(name)
}

impl<'d> Events<'d> {
    pub(super) fn of(kind: Kind, root: Node<'d>, masking: Masking) -> Self {
        let message = |layout| Self {
            layout,
            name: None,
            source: root.get("Events").filter(|node| node.as_array().is_some()),
            masking,
        };
        match kind {
            Kind::Integration | Kind::Integration2019 => Self::default(),
            Kind::General => message(Layout::General),
            Kind::Websocket => message(Layout::Websocket),
            Kind::Pos => Self {
                layout: Layout::Pos,
                name: pos_name(root),
                source: root.get("data"),
                masking,
            },
        }
    }

    /// Returns the events in order.
    pub fn iter(&self) -> impl Iterator<Item = EventSummary<'d>> + use<'d> {
        let Self {
            layout,
            name,
            source,
            masking,
        } = *self;
        let array = source.and_then(Node::as_array);
        let single = source.filter(|_| array.is_none());
        let items = array.into_iter().flat_map(Array::items);
        single
            .into_iter()
            .chain(items)
            .map(move |node| EventSummary::of(layout, name, node, masking))
    }

    /// Returns the events with secrets as written, for counting what is not shown.
    #[cfg(feature = "cli")]
    pub(crate) fn unmasked(self) -> Self {
        Self {
            masking: Masking::Off,
            ..self
        }
    }

    /// Returns the name that all events share.
    pub fn shared_name(&self) -> Option<SummaryText<'d>> {
        let mut events = self.iter();
        let name = events.next()?.name()?;
        events.all(|event| event.is_named(&name)).then_some(name)
    }

    /// Groups the events by name, in order of first appearance. Each group has at most `limit` events.
    pub fn by_name(&self, limit: usize) -> Vec<EventGroup<'d>> {
        /// The number of names that are compared one by one.
        const FEW: usize = 16;
        let mut groups: Vec<EventGroup<'d>> = Vec::new();
        // The indices of the groups after the first few.
        let mut indices = HashMap::with_hasher(RandomState::default());
        for event in self.iter() {
            let name = event.name();
            let mut first = groups.iter().take(FEW);
            let known = first.position(|group| group.name == name);
            let known = known.or_else(|| indices.get(&name).copied());
            let at = known.unwrap_or_else(|| {
                if groups.len() >= FEW {
                    indices.insert(name.clone(), groups.len());
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
            if group.first.len() < limit {
                group.first.push(event);
            }
        }
        groups
    }
}

/// Returns the type of a POS message's events.
pub(super) fn pos_name(root: Node<'_>) -> Option<Node<'_>> {
    let meta = root.get("meta")?;
    meta.get("eventType").or_else(|| meta.get("event_type"))
}

impl<'d> EventSummary<'d> {
    /// Summarizes an event. `shared_name` is the name of all events, in messages that state it only once.
    fn of(layout: Layout, shared_name: Option<Node<'d>>, node: Node<'d>, masking: Masking) -> Self {
        let object = node.as_object();
        let (name, id, node) = match layout {
            Layout::General => {
                let names = ["Discriminator", "Value"];
                let [name, value] = object.map_or([None; 2], |event| event.get_each(names));
                (name, value.and_then(|value| value.get("Id")), value)
            }
            Layout::Websocket => {
                let [name, id] = object.map_or([None; 2], |event| event.get_each(["Type", "Id"]));
                (name, id, Some(node))
            }
            Layout::Pos => (shared_name, node.get("id"), Some(node)),
        };
        Self {
            layout,
            name,
            id,
            node,
            masking,
        }
    }

    fn is_named(&self, name: &str) -> bool {
        // The argument may be a masked name, which differs from the text.
        self.name.is_some_and(|node| node.is_str(name))
            || self.name().is_some_and(|own| *own == *name)
    }

    /// Returns the discriminator or type.
    pub fn name(&self) -> Option<SummaryText<'d>> {
        SummaryText::masked(self.name, self.masking)
    }

    /// Returns the id of the entity.
    pub fn id(&self) -> Option<SummaryText<'d>> {
        SummaryText::masked(self.id, self.masking)
    }

    /// Returns the other properties of the event.
    pub fn details(&self) -> impl Iterator<Item = Detail<'d>> + use<'d> {
        let properties = match self.layout {
            Layout::General => GENERAL,
            Layout::Websocket => WEBSOCKET,
            Layout::Pos => POS,
        };
        let (node, masking) = (self.node, self.masking);
        properties.iter().filter_map(move |property| {
            let value = (property.lookup)(node?)?;
            Some(Detail {
                name: property.name,
                value: match property.value_type {
                    ValueType::Text => {
                        DetailValue::Text(SummaryText::masked(Some(value), masking)?)
                    }
                    ValueType::Time => DetailValue::Time(time(value, masking)?),
                    ValueType::Flag => DetailValue::Flag(value.as_bool()?),
                },
            })
        })
    }
}

/// Returns a time as written. A short text of digits and signs can't be a secret, so most times need
/// no masking.
fn time(node: Node<'_>, masking: Masking) -> Option<SummaryText<'_>> {
    const LONGEST: usize = 40;
    match node.as_str()? {
        Cow::Borrowed(time) if time.len() <= LONGEST && time.bytes().all(is_in_times) => {
            Some(Cow::Borrowed(time).into())
        }
        _ => SummaryText::masked(Some(node), masking),
    }
}

fn is_in_times(byte: u8) -> bool {
    byte.is_ascii_digit() || matches!(byte, b'-' | b':' | b'.' | b'+' | b'T' | b'Z')
}

impl PartialEq for EventSummary<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.name() == other.name() && self.id() == other.id() && self.details().eq(other.details())
    }
}

impl Eq for EventSummary<'_> {}

// Not derived: that would show the text of the payload with its secrets.
impl fmt::Debug for EventSummary<'_> {
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

impl Serialize for EventSummary<'_> {
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
