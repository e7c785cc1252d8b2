//! What a payload says, for those who want to see what came.
//!
//! Read from the document and not from the model, so that an invalid payload still says what it
//! can. Of tokens and keys it says that they came, and no more.

use std::borrow::Cow;

use serde::Serialize;

use crate::contract::Kind;
use crate::document::{Document, Node};
use crate::secrets;

use super::events::{Events, pos_name};

/// What a payload says; what it does not say, or not as text, is absent.
#[derive(Debug, Clone, Default, Serialize)]
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
    /// Whether the integration is enabled.
    pub enabled: Option<bool>,
    /// The access token, or [`HIDDEN`] in its place.
    pub access_token: Option<Cow<'d, str>>,
    /// The API key, or [`HIDDEN`] in its place.
    pub api_key: Option<Cow<'d, str>>,
    /// The events of a message, in order.
    pub events: Events<'d>,
}

/// What stands for a token or key that must not be shown. Not even its length is.
pub const HIDDEN: &str = "hidden";

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

impl<'d> Summary<'d> {
    /// Returns the one name of what happened: the action or type, or the one that all events share.
    pub fn event(&self) -> Option<Cow<'d, str>> {
        self.action.clone().or_else(|| self.events.shared_name())
    }

    /// Returns what a payload of a kind says.
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
        access_token: secret(inside("AccessToken")),
        api_key: secret(inside("ApiKey")),
        ..Summary::default()
    }
}

/// Says that a token or key came; which one, only where secrets are shown.
fn secret(node: Option<Node<'_>>) -> Option<Cow<'_, str>> {
    let secret = node?.as_str()?;
    Some(if secrets::are_shown() {
        secret
    } else {
        Cow::Borrowed(HIDDEN)
    })
}

/// A text without what looks like a secret, wherever that was put.
pub(super) fn text(node: Option<Node<'_>>) -> Option<Cow<'_, str>> {
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
