//! Summarizes a payload for `inspect` and for JSON reports.
//!
//! The summary is read from the document, not from the model, so that an invalid payload has one too.
//! Of tokens and keys it says only that they are present.

use std::borrow::Cow;

use serde::Serialize;

use crate::contract::Kind;
use crate::document::{Document, Node};
use crate::secrets;

use super::events::{Events, pos_name};

/// The properties of a payload that reports show. One that is missing or of another type is `None`.
#[derive(Debug, Clone, Default, Serialize)]
#[non_exhaustive]
pub struct Summary<'d> {
    /// The action of an integration event, or the type of a POS event.
    pub action: Option<Cow<'d, str>>,
    /// The enterprise.
    pub enterprise: Option<EntitySummary<'d>>,
    /// The integration.
    pub integration: Option<EntitySummary<'d>>,
    /// The service.
    pub service: Option<EntitySummary<'d>>,
    /// The person who requested it.
    pub requestor: Option<RequestorSummary<'d>>,
    /// When the integration was created, as written.
    pub created_utc: Option<Cow<'d, str>>,
    /// When the integration was deleted, as written.
    pub deleted_utc: Option<Cow<'d, str>>,
    /// Whether the integration is enabled.
    pub enabled: Option<bool>,
    /// The access token, or [`HIDDEN`] instead of it.
    pub access_token: Option<Cow<'d, str>>,
    /// The API key, or [`HIDDEN`] instead of it.
    pub api_key: Option<Cow<'d, str>>,
    /// The events of a message, in order.
    pub events: Events<'d>,
}

/// Replaces a token or key that must not be shown. Hides its length as well.
pub const HIDDEN: &str = "hidden";

/// An entity with an id and a name.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct EntitySummary<'d> {
    /// The id.
    pub id: Option<Cow<'d, str>>,
    /// The name.
    pub name: Option<Cow<'d, str>>,
}

/// A person.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct RequestorSummary<'d> {
    /// The name.
    pub name: Option<Cow<'d, str>>,
    /// The email address.
    pub email: Option<Cow<'d, str>>,
}

impl<'d> Summary<'d> {
    /// Returns the name of the event: the action or type, or the name that all events share.
    pub fn event(&self) -> Option<Cow<'d, str>> {
        self.action.clone().or_else(|| self.events.shared_name())
    }

    /// Summarizes a payload of the given kind.
    pub fn of(kind: Kind, document: &'d Document<'d>) -> Self {
        let root = document.root();
        let summary = match kind {
            Kind::Integration | Kind::Integration2019 => integration(root),
            Kind::General => Self {
                enterprise: id_alone(root.get("EnterpriseId")),
                integration: id_alone(root.get("IntegrationId")),
                ..Self::default()
            },
            Kind::Websocket => Self::default(),
            Kind::Pos => Self {
                action: text(pos_name(root)),
                ..Self::default()
            },
        };
        Self {
            events: Events::of(kind, root),
            ..summary
        }
    }
}

fn integration(root: Node<'_>) -> Summary<'_> {
    let data = root.get("Data");
    let inside = |name| data?.get(name);
    // These are in `Data` in the current layout, and at the root in the 2019 layout.
    let either = |name| inside(name).or_else(|| root.get(name));
    let enabled = either("IsEnabled");
    Summary {
        action: text(root.get("Action")),
        enterprise: named(inside("Enterprise")),
        integration: named(inside("Integration")),
        service: named(inside("Service")),
        requestor: inside("Requestor")
            .filter(|node| node.as_object().is_some())
            .map(|person| RequestorSummary {
                name: text(person.get("Name")),
                email: text(person.get("Email")),
            }),
        created_utc: text(either("CreatedUtc")),
        deleted_utc: text(inside("DeletedUtc")),
        enabled: enabled.and_then(|flag| {
            flag.as_bool()
                .or_else(|| flag.as_str().and_then(|text| text.parse().ok()))
        }),
        access_token: secret(inside("AccessToken")),
        api_key: secret(inside("ApiKey")),
        ..Summary::default()
    }
}

/// Returns a token or key, or [`HIDDEN`] unless secrets are shown.
fn secret(node: Option<Node<'_>>) -> Option<Cow<'_, str>> {
    let secret = node?.as_str()?;
    Some(if secrets::are_shown() {
        secret
    } else {
        Cow::Borrowed(HIDDEN)
    })
}

/// Returns a text with everything masked in it that looks like a secret.
pub(super) fn text(node: Option<Node<'_>>) -> Option<Cow<'_, str>> {
    Some(match node?.as_str()? {
        Cow::Borrowed(text) => secrets::mask(text),
        Cow::Owned(text) => Cow::Owned(secrets::mask(&text).into_owned()),
    })
}

fn named(node: Option<Node<'_>>) -> Option<EntitySummary<'_>> {
    let object = node?;
    object.as_object()?;
    Some(EntitySummary {
        id: text(object.get("Id")),
        name: text(object.get("Name")),
    })
}

fn id_alone(node: Option<Node<'_>>) -> Option<EntitySummary<'_>> {
    let id = text(node)?;
    Some(EntitySummary {
        id: Some(id),
        name: None,
    })
}
