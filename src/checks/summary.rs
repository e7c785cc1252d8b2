//! Summarizes a payload for `inspect` and for JSON reports.
//!
//! The summary is read from the document, not from the model, so that an invalid payload has one too.
//! Of tokens and keys it says only that they are present.

use std::borrow::Cow;

use serde::Serialize;

use crate::contract::Kind;
use crate::document::{Document, Node};
use crate::secrets::Masking;

use super::events::{Events, pos_name};
use super::summary_text::SummaryText;

/// The properties of a payload that reports show. One that is missing or of another type is `None`, and
/// absent in JSON.
#[derive(Debug, Clone, Default, Serialize)]
#[non_exhaustive]
pub struct Summary<'d> {
    /// The action of an integration event, or the type of a POS event.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub action: Option<SummaryText<'d>>,
    /// The enterprise.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub enterprise: Option<EntitySummary<'d>>,
    /// The integration.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub integration: Option<EntitySummary<'d>>,
    /// The service.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub service: Option<EntitySummary<'d>>,
    /// The person who requested it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub requestor: Option<RequestorSummary<'d>>,
    /// When the integration was created, as written.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub created_utc: Option<SummaryText<'d>>,
    /// When the integration was deleted, as written.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub deleted_utc: Option<SummaryText<'d>>,
    /// `true` if the integration is enabled.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub enabled: Option<bool>,
    /// The access token, or [`HIDDEN`] instead of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub access_token: Option<SummaryText<'d>>,
    /// The API key, or [`HIDDEN`] instead of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub api_key: Option<SummaryText<'d>>,
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
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<SummaryText<'d>>,
    /// The name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<SummaryText<'d>>,
}

/// A person.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct RequestorSummary<'d> {
    /// The name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<SummaryText<'d>>,
    /// The email address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub email: Option<SummaryText<'d>>,
}

impl<'d> Summary<'d> {
    /// Returns the name of the event: the action or type, or the name that all events share.
    pub fn event(&self) -> Option<SummaryText<'d>> {
        self.action.clone().or_else(|| self.events.shared_name())
    }

    /// Summarizes a payload of the given kind.
    pub fn of(kind: Kind, document: &'d Document<'d>, masking: Masking) -> Self {
        let root = document.root();
        let reader = Reader { masking };
        let events = Events::of(kind, root, masking);
        match kind {
            Kind::Integration | Kind::Integration2019 => reader.integration(root),
            Kind::General => {
                let [enterprise, integration] =
                    properties(Some(root), ["EnterpriseId", "IntegrationId"]);
                Self {
                    enterprise: reader.entity_of_id(enterprise),
                    integration: reader.entity_of_id(integration),
                    events,
                    ..Self::default()
                }
            }
            Kind::Websocket => Self {
                events,
                ..Self::default()
            },
            Kind::Pos => Self {
                action: reader.text(pos_name(root)),
                events,
                ..Self::default()
            },
        }
    }
}

/// Returns the values of several properties, if the value is an object.
fn properties<'d, const N: usize>(
    value: Option<Node<'d>>,
    names: [&str; N],
) -> [Option<Node<'d>>; N] {
    let object = value.and_then(Node::as_object);
    object.map_or([None; N], |object| object.get_each(names))
}

/// Reads the properties of summaries.
#[derive(Clone, Copy)]
struct Reader {
    masking: Masking,
}

impl Reader {
    fn integration(self, root: Node<'_>) -> Summary<'_> {
        let [action, data, root_created, root_enabled] =
            properties(Some(root), ["Action", "Data", "CreatedUtc", "IsEnabled"]);
        let [
            enterprise,
            service,
            requestor,
            access_token,
            created,
            enabled,
            integration,
            deleted,
            api_key,
        ] = properties(
            data,
            [
                "Enterprise",
                "Service",
                "Requestor",
                "AccessToken",
                "CreatedUtc",
                "IsEnabled",
                "Integration",
                "DeletedUtc",
                "ApiKey",
            ],
        );
        // These are in `Data` in the current layout, and at the root in the 2019 layout.
        let (created, enabled) = (created.or(root_created), enabled.or(root_enabled));
        Summary {
            action: self.text(action),
            enterprise: self.entity(enterprise),
            integration: self.entity(integration),
            service: self.entity(service),
            requestor: requestor.and_then(Node::as_object).map(|person| {
                let [name, email] = person.get_each(["Name", "Email"]);
                RequestorSummary {
                    name: self.text(name),
                    email: self.text(email),
                }
            }),
            created_utc: self.text(created),
            deleted_utc: self.text(deleted),
            enabled: enabled.and_then(|flag| {
                flag.as_bool()
                    .or_else(|| flag.as_str().and_then(|text| text.parse().ok()))
            }),
            access_token: self.secret(access_token),
            api_key: self.secret(api_key),
            ..Summary::default()
        }
    }

    fn text(self, node: Option<Node<'_>>) -> Option<SummaryText<'_>> {
        SummaryText::masked(node, self.masking)
    }

    /// Returns a token or key, or [`HIDDEN`] if secrets are masked.
    fn secret(self, node: Option<Node<'_>>) -> Option<SummaryText<'_>> {
        let secret = node?.as_str()?;
        let shown = match self.masking {
            Masking::On => Cow::Borrowed(HIDDEN),
            Masking::Off => secret,
        };
        Some(shown.into())
    }

    fn entity(self, node: Option<Node<'_>>) -> Option<EntitySummary<'_>> {
        let [id, name] = node?.as_object()?.get_each(["Id", "Name"]);
        Some(EntitySummary {
            id: self.text(id),
            name: self.text(name),
        })
    }

    fn entity_of_id(self, node: Option<Node<'_>>) -> Option<EntitySummary<'_>> {
        Some(EntitySummary {
            id: Some(self.text(node)?),
            name: None,
        })
    }
}
