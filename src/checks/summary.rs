//! What a payload says, for those who want to see what came.
//!
//! Read from the document and not from the model, so that an invalid payload still says what it
//! can. Tokens and keys are never part of it.

use std::borrow::Cow;
use std::collections::HashMap;

use foldhash::fast::RandomState;
use serde::Serialize;

use crate::contract::Kind;
use crate::document::{Document, Node};
use crate::secrets;

use super::parts::events;

/// What a payload says; what it does not say, or not as text, is absent.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Summary<'d> {
    /// The action of an integration event, or the type of a POS event.
    pub action: Option<Cow<'d, str>>,
    /// The enterprise.
    pub enterprise: Option<Named<'d>>,
    /// The integration.
    pub integration: Option<Named<'d>>,
    /// The service.
    pub service: Option<Named<'d>>,
    /// Who asked for it.
    pub requestor: Option<Requestor<'d>>,
    /// When the integration was created, as written.
    pub created_utc: Option<Cow<'d, str>>,
    /// When the integration was deleted, as written.
    pub deleted_utc: Option<Cow<'d, str>>,
    /// When the entity of a POS event changed, as written.
    pub updated_utc: Option<Cow<'d, str>>,
    /// Whether the integration is enabled.
    pub enabled: Option<bool>,
    /// The events of a message, counted by name, in order of first appearance.
    pub events: Vec<EventCount<'d>>,
}

/// Something with an id and a name.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Named<'d> {
    /// The id.
    pub id: Option<Cow<'d, str>>,
    /// The name.
    pub name: Option<Cow<'d, str>>,
}

/// A person.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Requestor<'d> {
    /// The name.
    pub name: Option<Cow<'d, str>>,
    /// The email address.
    pub email: Option<Cow<'d, str>>,
}

/// The events of one name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct EventCount<'d> {
    /// The discriminator or type; none where an event has none.
    pub name: Option<Cow<'d, str>>,
    /// How many there are.
    pub count: usize,
    /// The ids of their entities, in order.
    pub ids: Vec<Cow<'d, str>>,
}

/// How many names are compared one by one.
const FEW: usize = 16;

impl<'d> Summary<'d> {
    /// The one name of what happened: the action or type, or the one that all events share.
    pub fn event(&self) -> Option<&str> {
        match (&self.action, self.events.as_slice()) {
            (Some(action), _) => Some(action),
            (None, [one]) => one.name.as_deref(),
            _ => None,
        }
    }

    /// What a payload of a kind says.
    pub fn of(kind: Kind, document: &'d Document<'d>) -> Self {
        let root = document.root();
        match kind {
            Kind::Integration | Kind::Integration2019 => integration(root),
            Kind::General => Self {
                enterprise: id_alone(root.get("EnterpriseId")),
                integration: id_alone(root.get("IntegrationId")),
                events: count(events(root), |event| {
                    (event.get("Discriminator"), event.at(&["Value", "Id"]))
                }),
                ..Self::default()
            },
            Kind::Websocket => Self {
                events: count(events(root), |event| (event.get("Type"), event.get("Id"))),
                ..Self::default()
            },
            Kind::Pos => pos(root),
        }
    }
}

fn integration(root: Node<'_>) -> Summary<'_> {
    let data = root.get("Data");
    let inside = |name| data?.get(name);
    // The layouts differ in where these two stand.
    let either = |name| inside(name).or_else(|| root.get(name));
    let enabled = either("IsEnabled");
    Summary {
        action: text(root.get("Action")),
        enterprise: named(inside("Enterprise")),
        integration: named(inside("Integration")),
        service: named(inside("Service")),
        requestor: inside("Requestor")
            .filter(|node| node.as_object().is_some())
            .map(|person| Requestor {
                name: text(person.get("Name")),
                email: text(person.get("Email")),
            }),
        created_utc: text(either("CreatedUtc")),
        deleted_utc: text(inside("DeletedUtc")),
        enabled: enabled.and_then(|flag| {
            flag.as_bool()
                .or_else(|| flag.as_str().and_then(|text| text.parse().ok()))
        }),
        ..Summary::default()
    }
}

fn pos(root: Node<'_>) -> Summary<'_> {
    let name = root
        .at(&["meta", "eventType"])
        .or_else(|| root.at(&["meta", "event_type"]));
    let data = root.get("data");
    let several = data.and_then(Node::as_array);
    let events: Vec<_> = match several {
        Some(array) => array.items().collect(),
        None => data.into_iter().collect(),
    };
    let updated = events.first().and_then(|event| {
        event
            .at(&["attributes", "updatedAt"])
            .or_else(|| event.at(&["attributes", "updated_at"]))
    });
    Summary {
        action: text(name),
        updated_utc: text(updated),
        events: count(events.into_iter(), |event| (name, event.get("id"))),
        ..Summary::default()
    }
}

fn count<'d>(
    events: impl Iterator<Item = Node<'d>>,
    parts: impl Fn(Node<'d>) -> (Option<Node<'d>>, Option<Node<'d>>),
) -> Vec<EventCount<'d>> {
    let mut counts: Vec<EventCount<'d>> = Vec::new();
    // Where names are counted that stand behind the first few.
    let mut places = HashMap::with_hasher(RandomState::default());
    for event in events {
        let (name, id) = parts(event);
        let name = text(name);
        let mut first = counts.iter().take(FEW);
        let known = first.position(|count| count.name == name);
        let known = known.or_else(|| places.get(&name).copied());
        let at = known.unwrap_or_else(|| {
            if counts.len() >= FEW {
                places.insert(name.clone(), counts.len());
            }
            counts.push(EventCount {
                name,
                count: 0,
                ids: Vec::new(),
            });
            counts.len() - 1
        });
        counts[at].count += 1;
        counts[at].ids.extend(text(id));
    }
    counts
}

/// A text without what looks like a secret, wherever that was put.
fn text(node: Option<Node<'_>>) -> Option<Cow<'_, str>> {
    Some(match node?.as_str()? {
        Cow::Borrowed(text) => secrets::mask(text),
        Cow::Owned(text) => Cow::Owned(secrets::mask(&text).into_owned()),
    })
}

fn named(node: Option<Node<'_>>) -> Option<Named<'_>> {
    let object = node?;
    object.as_object()?;
    Some(Named {
        id: text(object.get("Id")),
        name: text(object.get("Name")),
    })
}

fn id_alone(node: Option<Node<'_>>) -> Option<Named<'_>> {
    let id = text(node)?;
    Some(Named {
        id: Some(id),
        name: None,
    })
}
